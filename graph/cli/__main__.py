"""``python -m graph.cli`` is ``parley``."""

from graph.cli import main

main()
