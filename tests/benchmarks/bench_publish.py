"""What it costs to publish one more article, by how many events there are.

::

    python -m tests.benchmarks.bench_publish --folder FOLDER [--events N ...] [--rounds N]

The datasets are made from a seed (``timeline/dataset.py``) and stay in the folder for the next run; each round adds an
article to each of them in turn, with a new event, a claim about it and a report on an event that there is, and
publishes. What is printed is processor time: of all, of the index, and of the history. The first publication, which
writes the history of all things, is not counted. The memory is the most that the process ever had.
"""

import argparse
import random
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

import graph.publish as publishing
from graph.history import History
from graph.settings import Settings
from graph.store import Change, Dataset, Triple
from tests.benchmarks.stages import Stage, measuring
from tests.benchmarks.timeline.dataset import BASE, make_dataset, word

__all__ = ["main"]

_STAGES: list[Stage] = [
    (publishing, "publish", "all"),
    (publishing, "build", "index"),
    (History, "record", "history"),
]
_SIZES = (10_000, 100_000)
_PREFIXES = f"""\
@prefix : <{BASE}id/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix oa: <http://www.w3.org/ns/oa#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ply: <https://parley.example/ontology#> . @prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> .
@prefix schema: <https://schema.org/> .
"""


def _article(name: str, known: int, chance: random.Random) -> Iterator[Triple]:
    """Yield the statements of an article that tells of a new event and of one that there is."""

    def said(count: int) -> str:
        return " ".join(word(int(20_000 * chance.random() ** 3)) for _ in range(count))

    article = f"<{BASE}id/article/{name}"
    day = f"{chance.randrange(1950, 2020)}-0{chance.randrange(1, 10)}-1{chance.randrange(10)}"
    text = f"""
{article}> a schema:NewsArticle ; schema:headline "{said(6)}" ; schema:publisher <{BASE}id/organization/1> .
<{BASE}id/event/{name}> a sem:Event, ply:Visit ; rdfs:label "{said(4)}"@en ; ply:confidence 0.5 ; ply:time "{day}" ;
  sem:hasEarliestBeginTimeStamp "{day}" ; sem:hasLatestEndTimeStamp "{day}" ; sem:hasPlace <{BASE}id/place/2> ;
  sem:hasActor <{BASE}id/person/{chance.randrange(200)}> ; ply:report {article}/report/0> .
<{BASE}id/event/{known}> ply:report {article}/report/1> .
{article}/claim/0> a schema:Claim ; schema:about <{BASE}id/event/{name}> ; schema:text "{said(18)}" ;
  schema:author <{BASE}id/person/{chance.randrange(200)}> ; prov:wasQuotedFrom {article}> .
"""
    for number, event in enumerate((name, known)):
        report = f"{article}/report/{number}"
        text += f"""
{report}> ply:reportsOn <{BASE}id/event/{event}> ; prov:wasDerivedFrom {article}> ; ply:evidence {report}/evidence> .
{report}/evidence> oa:hasSelector {report}/quote> .
{report}/quote> oa:exact "{said(18)}" .
"""
    for quad in ox.parse(_PREFIXES + text, format=ox.RdfFormat.TURTLE):
        yield quad.triple


def _add(dataset: Dataset, events: int, seed: str) -> None:
    chance = random.Random(seed)
    name = f"added-{chance.getrandbits(60):x}"
    triples = frozenset(_article(name, chance.randrange(events), chance))
    with dataset.writer() as writer:
        writer.commit(Change(add={f"{BASE}id/article/{name}/graph": triples}))


def main() -> None:
    """Print what publications cost."""
    parser = argparse.ArgumentParser(description="What it costs to publish one more article.")
    parser.add_argument("--folder", type=Path, required=True, help="where the datasets stay; they grow")
    parser.add_argument("--events", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    datasets = {events: make_dataset(given.folder / str(events), events) for events in given.events}
    spent: dict[int, list[dict[str, float]]] = {events: [] for events in datasets}
    for turn in range(given.rounds + 1):
        for events, dataset in datasets.items():
            _add(dataset, events, f"{time.time_ns()}")
            took: dict[str, float] = {}
            with measuring(took, _STAGES, time.process_time):
                publishing.publish(dataset, Settings(dataset=dataset.path))
            if turn:
                spent[events].append(took)
                print(f"{events:>9,} events  " + "  ".join(f"{name} {took[name]:6.2f} s" for *_, name in _STAGES))
    for events, rounds in spent.items():
        middle = {name: statistics.median(took[name] for took in rounds) for *_, name in _STAGES}
        print(f"{events:>9,} events, median: " + ", ".join(f"{name} {took:.2f} s" for name, took in middle.items()))
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
