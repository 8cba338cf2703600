"""What the start of a run costs: with the shelves that the last run left, and reading back what resolution knows.

::

    python -m tests.benchmarks.bench_load DATASET

Prints the processor time until the writer of a dataset knows what articles tell, twice each in turns, and how much is
kept on disk. Reading the official records is the same for all datasets and is done before. Nothing in the store is
changed.
"""

import shutil
import sys
import time
from pathlib import Path

from graph.facts.records import load_records
from graph.ingest.resolver import Resolver
from graph.resolve.onrecord import on_record
from graph.store import Dataset
from graph.store.seal import RESOLUTION

__all__ = ["main"]


def _start(dataset: Dataset) -> float:
    """Return how many seconds of a processor a run takes to know what it needs."""
    with dataset.writer() as store:
        resolver, started = Resolver(store, dataset.iris), time.process_time()
        assert resolver.events is not None
        assert resolver.claims is not None
        assert resolver.people is not None
        took = time.process_time() - started
        resolver.close()
    return took


def main(path: str) -> None:
    """Run the benchmark and print it."""
    dataset = Dataset.open(Path(path))
    kept = dataset.path / "store" / RESOLUTION
    load_records()
    on_record()
    for _ in range(2):
        shutil.rmtree(kept, ignore_errors=True)
        print(f"reading back   {_start(dataset):>9.2f} s")
        print(f"going on       {_start(dataset):>9.2f} s")
    print(f"kept           {sum(file.stat().st_size for file in kept.iterdir()) / 1e6:>9.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1])
