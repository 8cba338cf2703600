"""Writes made-up articles as JSON Lines: ``python -m tests.synthetic COUNT [SEED]``."""

import sys

from tests.synthetic.news import News

__all__: list[str] = []

if __name__ == "__main__":
    for line in News(int(sys.argv[2]) if len(sys.argv) > 2 else 0).lines(int(sys.argv[1])):
        sys.stdout.write(f"{line}\n")
