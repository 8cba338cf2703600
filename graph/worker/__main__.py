"""Answers queries from a generation: ``python -m graph.worker FD MEMORY NETWORK``.

``FD`` is the socket to the parent, which keeps the deadline and kills; a file for long results stays for the next job
as long as nothing was written to it.
"""

from collections.abc import Iterator
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from graph.worker.messages import Failure
from graph.worker.output import Output, write_graph, write_table
from graph.worker.program import serve

__all__: list[str] = []

# A merge of several graphs is built in memory, about 400 bytes for each quad.
_MERGE_LIMIT = 500_000


def _open(path: str) -> Store:
    try:
        return Store.read_only(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise Failure("dataset", str(error)) from None


def _run(store: Store, job: dict[str, Any], output: Output) -> None:
    default, named = job["default"], job["named"]
    # Without graphs named the whole dataset; else just the graphs named, an empty list for no graph at all.
    default_graph: Any = DefaultGraph() if default is None else [NamedNode(iri) for iri in default]
    named_graphs: Any = None if named is None else [NamedNode(iri) for iri in named]
    if default is not None and len(default) > 1:
        store = _merge(store, default, named or [])
        default_graph = DefaultGraph()
    result = store.query(job["query"], prefixes=job["prefixes"], default_graph=default_graph, named_graphs=named_graphs)
    if isinstance(result, QuerySolutions | QueryBoolean):
        write_table(result, job, output)
    else:
        write_graph(result, job, output)


def _merge(store: Store, default: list[str], named: list[str]) -> Store:
    """Copy graphs into a store of their own, several default ones as one: the engine's union repeats what both say."""
    left = _MERGE_LIMIT

    def quads() -> Iterator[Quad]:
        nonlocal left
        for iris, target in ((default, DefaultGraph()), (named, None)):
            for iri in iris:
                for quad in store.quads_for_pattern(None, None, None, NamedNode(iri)):
                    left -= 1
                    if left < 0:
                        raise Failure("merge")
                    yield quad if target is None else Quad(quad.subject, quad.predicate, quad.object, target)

    merged = Store()
    merged.bulk_extend(quads())
    return merged


if __name__ == "__main__":
    serve(_run, _open)
