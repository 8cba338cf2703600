"""How long one article's replacement and a publication take in small and large stores.

::

    python -m tests.benchmarks.bench_store [SIZE...]

The same replacements run in the same process against two peers, at each size in turn:

- rdflib's ``Dataset`` in memory, which keeps the same default graph, the merge of all articles, but is not on disk;
- pyoxigraph on disk with ``remove_graph`` and ``extend``: no merge, and a reader or a crash can fall between the two.

Sizes are quads of the store, the merge included; other ones may be given as arguments.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import rdflib

from graph.rdf import to_rdflib
from graph.store import Change, Dataset, Triple

__all__ = ["main"]

BASE = "https://zubrowka.example/"
SIZES = (10_000, 100_000, 1_000_000)
#: Triples that an article alone makes, and that it shares with others: people, places, organizations.
OWN, SHARED = 360, 40
ROUNDS = 15
_DEFAULT = ox.DefaultGraph()


def article(n: int, version: int) -> frozenset[Triple]:
    """Return what an article says; a new version has a tenth of its own triples anew."""

    def node(name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{BASE}id/{name}")

    chance = random.Random(n)
    own = (
        Triple(
            node(f"article/{n}/part/{i // 8}"), node(f"p/{i % 8}"), ox.Literal(f"{i} {version if i % 10 == 0 else 0}")
        )
        for i in range(OWN)
    )
    people = (chance.randrange(400) for _ in range(SHARED // 2))
    shared = (Triple(node(f"person/{k}"), node(f"p/{i}"), ox.Literal(f"name {k}")) for k in people for i in range(2))
    return frozenset([*own, *shared])


def graph_name(n: int) -> str:
    return f"{BASE}graph/article/{n}"


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class Ours:
    """The project's store: a dataset's folder, and its writer."""

    def __init__(self, folder: Path, articles: int) -> None:
        self.dataset = Dataset.create(folder / "dataset", BASE)
        self.writer = self.dataset.writer(flush_every=10**9)
        for first in range(0, articles, 200):
            numbers = range(first, min(first + 200, articles))
            self.writer.commit(Change(replace={graph_name(n): article(n, 0) for n in numbers}))
        self.writer.flush()

    def replace(self, n: int, content: frozenset[Triple]) -> None:
        self.writer.commit(Change(replace={graph_name(n): content}))


class Rdflib:
    """An rdflib Dataset in memory; its default graph is kept as the merge."""

    def __init__(self, articles: int) -> None:
        self._dataset = rdflib.Dataset()
        for n in range(articles):
            self._add(n, article(n, 0))

    def _add(self, n: int, content: frozenset[Triple]) -> None:
        graph, merge = self._dataset.graph(rdflib.URIRef(graph_name(n))), self._dataset.default_graph
        for triple in map(to_rdflib, content):
            graph.add(triple)
            merge.add(triple)

    def replace(self, n: int, content: frozenset[Triple]) -> None:
        graph, merge = self._dataset.graph(rdflib.URIRef(graph_name(n))), self._dataset.default_graph
        old = set(graph)
        graph.remove((None, None, None))
        for triple in old:
            # Contexts of a triple, whoever states it: only the merge itself is left if nobody else does.
            if len(list(self._dataset.store.contexts(triple))) <= 1:
                merge.remove(triple)
        self._add(n, content)


class Bare:
    """Pyoxigraph on disk, without a merge and without one transaction."""

    def __init__(self, folder: Path, articles: int) -> None:
        self._store = ox.Store(str(folder / "bare"))
        # As many quads as the others have, though half of them are of no use here.
        self._store.bulk_extend(quad for n in range(articles) for quad in self._quads(n, article(n, 0), merge=True))

    @staticmethod
    def _quads(n: int, content: frozenset[Triple], *, merge: bool = False) -> Iterator[ox.Quad]:
        for triple in content:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph_name(n)))
            if merge:
                yield ox.Quad(triple.subject, triple.predicate, triple.object, _DEFAULT)

    def replace(self, n: int, content: frozenset[Triple]) -> None:
        self._store.remove_graph(ox.NamedNode(graph_name(n)))
        self._store.extend(self._quads(n, content))


@dataclass(frozen=True)
class Result:
    """Median seconds at one size of the store."""

    quads: int
    ours: float
    bare: float
    rdflib: float
    flush: float
    publish: float


def measure(size: int) -> Result:
    """Run the same replacements against each store of this size."""
    articles = max(ROUNDS, size // (2 * (OWN + SHARED)))
    chance = random.Random(size)
    work = [(n, article(n, version)) for version, n in enumerate(chance.choices(range(articles), k=ROUNDS), 1)]

    with tempfile.TemporaryDirectory() as name:
        ours = Ours(Path(name), articles)
        quads = len(ours.writer)
        stores: list[Ours | Bare | Rdflib] = [ours, Bare(Path(name), articles), Rdflib(articles)]
        # In turn, so that whatever else the machine does is borne by all.
        rounds = [[seconds(partial(store.replace, n, content)) for store in stores] for n, content in work]
        own, bare, rdf = (statistics.median(column) for column in zip(*rounds, strict=True))
        flushes, publications = [], []
        for version in range(5):
            ours.replace(0, article(0, -1 - version))
            flushes.append(seconds(ours.writer.flush))
            publications.append(seconds(ours.dataset.publish))
        ours.writer.close()
        del stores
    return Result(quads, own, bare, rdf, statistics.median(flushes), statistics.median(publications))


def main(sizes: list[int]) -> None:
    """Print one line for each size."""
    print(f"One article of {OWN + SHARED} triples replaced, a tenth of them new. Ratios: the peer's time by ours.")
    print("| quads | ours | remove_graph + extend | ratio | rdflib in memory | ratio | flush | publish |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in sizes or SIZES:
        r = measure(size)
        cells = [f"{r.quads:,}", _ms(r.ours), _ms(r.bare), f"{r.bare / r.ours:.1f}", _ms(r.rdflib),
                 f"{r.rdflib / r.ours:.1f}", _ms(r.flush), _ms(r.publish)]  # fmt: skip
        print("|", " | ".join(cells), "|", flush=True)


def _ms(value: float) -> str:
    return f"{value * 1000:.1f} ms"


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
