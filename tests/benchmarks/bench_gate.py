"""What the gate costs: rules in SPARQL asked of a store in memory, against pyshacl asking them.

Run ``python -m tests.benchmarks.bench_gate``. Both check the same graphs with the same shapes, in turn, and their best
processor times of several runs are compared, so that the ratio holds on a machine that is busy with other things.
"""

import time
from collections.abc import Callable
from functools import partial

import pyshacl
import rdflib
from rdflib import URIRef

from graph.gate.gate import Gate
from graph.gate.shapes import load_shapes
from tests.shapes.valid import TEXT, evidence, valid_graph

__all__ = ["article_of"]

#: With more triples, pyshacl takes minutes (52 s for 1,500).
_LARGEST_FOR_PYSHACL = 500


def article_of(triples: int) -> rdflib.Graph:
    """Return a graph that conforms and has at least this many triples: the small one, with more and more evidence."""
    graph = valid_graph()
    report = URIRef("https://parley.example/id/article/0123456789ab/report/1")
    spans = ((start, end) for start in range(60) for end in range(start + 1, len(TEXT)) if TEXT[start:end].strip())
    while len(graph) < triples:
        start, end = next(spans)
        graph += evidence(start, end, TEXT)
        graph.add((report, URIRef("https://parley.example/ontology#evidence"), _words(start, end)))
    return graph


def _words(start: int, end: int) -> URIRef:
    return URIRef(f"https://parley.example/id/article/0123456789ab/evidence/{start}-{end}")


def _best(check: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        begun = time.process_time()
        check()
        times.append(time.process_time() - begun)
    return min(times) * 1000


def main() -> None:
    """Print a table: triples, gate, pyshacl with all of the shapes, ratio."""
    gate, source = Gate(), load_shapes().source
    print(f"{'triples':>8} {'gate ms':>9} {'pyshacl ms':>11} {'ratio':>6}")
    for size in (400, 1500, 5000):
        graph = article_of(size)
        ours = _best(partial(gate.check, graph, TEXT), 7)
        if size > _LARGEST_FOR_PYSHACL:
            print(f"{len(graph):>8} {ours:>9.0f} {'-':>11} {'-':>6}")
            continue
        theirs = _best(partial(pyshacl.validate, graph, shacl_graph=source, inplace=True, allow_warnings=True), 2)
        print(f"{len(graph):>8} {ours:>9.0f} {theirs:>11.0f} {theirs / ours:>6.1f}")


if __name__ == "__main__":
    main()
