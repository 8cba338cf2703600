"""What ingest costs, stage by stage, against loading the same triples by the engine alone.

::

    python -m tests.benchmarks.bench_ingest [FOLDER]

Ingests a folder of articles (default: the samples) into a new dataset, in one process, and prints for each stage its
seconds and its share; then loads the same quads from N-Quads with the engine's own loader into an empty store: the
peer, what the triples cost by themselves. Last, ingests again with a process per core.
"""

import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyoxigraph as ox

import graph.ingest.ingester as stages
import graph.ingest.prepare as prepare
from graph.archive.archive import Archive
from graph.article import Article
from graph.extract.runner import Extracted, extract_here
from graph.files import data_path
from graph.gate.gate import Gate
from graph.resolve import EventIndex
from graph.settings import Settings
from graph.sources import discover
from graph.store import Dataset, EmbeddedStore
from tests.benchmarks.stages import Stage, measuring

__all__ = ["main"]


_STAGES: list[Stage] = [
    (prepare, "describe_article", "describe"),
    (Gate, "is_sound", "validate beforehand"),
    (EventIndex, "resolve", "resolve"),
    (Gate, "check_resolved", "validate"),
    (Archive, "put", "archive"),
    (EmbeddedStore, "commit", "commit"),
]


def _extracting(seconds: dict[str, float], articles: Iterator[Article]) -> Iterator[Extracted]:
    for article in articles:
        started = time.perf_counter()
        found = next(extract_here(iter([article])))
        seconds["extract"] += time.perf_counter() - started
        yield found


def main(folder: Path) -> None:
    """Run the benchmark on a folder of articles and print it."""
    sources = list(discover([str(folder)]))
    spent: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory() as where:
        settings = Settings(dataset=Path(where) / "one", jobs=1)
        dataset = Dataset.create(settings.dataset)
        started = time.perf_counter()
        with stages.Ingester(dataset, settings) as ingester, measuring(spent, _STAGES):
            outcomes = list(ingester.ingest(sources, runner=partial(_extracting, spent)))
        alone = time.perf_counter() - started
        generation = dataset.publish()
        store = generation.open()
        quads = [quad for quad in store if quad.graph_name != ox.DefaultGraph()]
        print(f"articles            {len(outcomes):>9,}")
        for result in stages.Result:
            if count := sum(outcome.result is result for outcome in outcomes):
                print(f"  {result:<18}{count:>9,}")
        print(f"quads               {len(quads):>9,}")
        print(f"one process         {alone:>9.1f} s   {len(outcomes) / alone:.1f} articles/s")
        for stage, seconds in sorted(spent.items(), key=lambda item: -item[1]):
            print(f"  {stage:<18}{seconds:>9.1f} s   {seconds / alone:4.0%}")
        file = Path(where) / "all.nq"
        with file.open("wb") as out:
            ox.serialize(quads, out, format=ox.RdfFormat.N_QUADS)
        started = time.perf_counter()
        peer = ox.Store(str(Path(where) / "peer"))
        peer.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
        peer.flush()
        loaded = time.perf_counter() - started
        print(f"peer: bulk load     {loaded:>9.2f} s   ingest takes {alone / loaded:,.0f} times as long")
        started = time.perf_counter()
        several = Settings(dataset=Path(where) / "several")
        with (
            stages.Ingester(Dataset.create(several.dataset), several) as ingester,
            prepare.preparing_runner(several, ingester.iris) as runner,
        ):
            list(ingester.ingest(sources, runner=runner))
        side_by_side = time.perf_counter() - started
        print(f"a process per core  {side_by_side:>9.1f} s   {len(outcomes) / side_by_side:.1f} articles/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory         {peak:>9,.0f} MB  and {worker:,.0f} MB in the largest extracting process")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else data_path("articles"))
