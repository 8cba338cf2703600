"""A watcher in a process of its own, for the tests that end it: ``python -m``, this module, DATASET INBOX FEED...

It extracts nothing, so that a round takes a second or so.
"""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from graph.article import Article
from graph.extract.model import Extraction
from graph.extract.runner import Extracted
from graph.settings import Settings
from graph.store import Dataset
from graph.watch.watcher import Watcher


def nothing_found(articles: Iterator[Article]) -> Iterator[Extracted]:
    """Extract nothing."""
    for article in articles:
        yield article.key, Extraction(article)


def main() -> None:
    folder, inbox, *feeds = sys.argv[1:]
    settings = Settings(
        dataset=Path(folder),
        fetch_private=1,
        fetch_pause=0,
        watch_every=0.2,
        watch_publish_every=2.0,
        watch_backoff=0.2,
    )
    dataset = Dataset.open_or_create(Path(folder), "https://zubrowka.example/")
    watcher = Watcher(dataset, settings, feeds, Path(inbox), runner=nothing_found)
    signal.signal(signal.SIGTERM, lambda number, frame: watcher.stop())
    watcher.run()


if __name__ == "__main__":
    main()
