"""A process that writes until it is killed, and says on standard output what it has put on disk.

``python -m tests.graph.store.child DATASET commit`` flushes after every third commit and then prints its number;
``... publish`` publishes after every second one and then prints its number; ``... bulk`` adds large graphs.
"""

import sys
from pathlib import Path

from graph.store import Change, Dataset, embedded
from tests.graph.store.sample import change, contents, large, large_graph, version_of

__all__ = ["main"]


def _say(what: str, n: int) -> None:
    sys.stdout.write(f"{what} {n}\n")
    sys.stdout.flush()


def main(path: str, mode: str, last: int = 1_000_000) -> None:
    dataset = Dataset.open(Path(path))
    if mode == "bulk":
        _add_large_graphs(dataset)
    with dataset.writer(flush_every=1000) as writer:
        n = version_of(contents(writer))
        _say("open", n)
        while n < last:
            n += 1
            writer.commit(change(n))
            if mode == "commit" and n % 3 == 0:
                writer.flush()
                _say("done", n)
            elif mode == "publish" and n % 2 == 0:
                dataset.publish()
                _say("done", n)


def _add_large_graphs(dataset: Dataset) -> None:
    embedded.BULK = 1000
    with dataset.writer() as writer:
        n = sum(1 for _ in writer.graphs()) - 1
        _say("open", n)
        while True:
            n += 1
            writer.commit(Change(replace={large_graph(n): large(n)}))
            _say("done", n)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
