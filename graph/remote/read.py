"""Reads what a remote store holds of a dataset into a store of our own, so that the two can be compared."""

import json
from collections.abc import Iterator
from string import Template

import pyoxigraph as ox

from graph.errors import ServiceError
from graph.files import read_query
from graph.iris import Iris
from graph.remote.client import Client
from graph.remote.markers import Markers

__all__ = ["graphs", "is_empty", "read_into"]


def graphs(client: Client, iris: Iris) -> Iterator[tuple[str, int]]:
    """Yield the named graphs of a dataset with the number of their statements, but for those of merge and markers.

    :raises ServiceError: if the store cannot be asked.
    """
    ours = {Markers(client, iris).graph, client.address.merge}
    after = ""
    while True:
        query = Template(read_query("remote", "graphs")).substitute(
            prefix=json.dumps(f"{iris.base}graph/"), after=json.dumps(after), limit=client.address.page // 2
        )
        rows = list(client.select(query))
        for row in rows:
            after, count = (str(row[name].value) for name in ("name", "n"))
            if after not in ours:
                yield after, int(count)
        if not rows:
            return


def is_empty(client: Client, iris: Iris) -> bool:
    """Tell whether there is nothing in the merge's graph, and no named graph of the dataset.

    :raises ServiceError: if the store cannot be asked.
    """
    return _count(client, client.address.merge) == 0 and next(graphs(client, iris), None) is None


def read_into(store: ox.Store, client: Client, iris: Iris) -> None:
    """Read the dataset's named graphs and the merge, page by page.

    :raises ServiceError: if the store cannot be asked, or changes meanwhile.
    """
    for iri, _ in graphs(client, iris):
        store.bulk_extend(_quads(client, iri, ox.NamedNode(iri)))
    store.bulk_extend(_quads(client, client.address.merge, ox.DefaultGraph()))


def _quads(client: Client, iri: str, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    """Yield what is in a graph; ``iri`` is empty for the default graph.

    Pages have no order, which stores cannot give to much: they fit together as long as nobody writes. It is checked.
    """
    wanted, seen, page = _count(client, iri), 0, client.address.page
    while seen < wanted:
        query = Template(read_query("remote", "content")).substitute(where=_where(iri), limit=page, offset=seen)
        rows = list(client.select(query))
        if not rows:
            break
        for row in rows:
            subject, predicate, value = row["s"], row["p"], row["o"]
            if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode):
                yield ox.Quad(subject, predicate, value, graph)
        seen += len(rows)
    if seen != wanted:
        cause = f"{client.address.query}: {iri or 'its default graph'} changed while it was read"
        raise ServiceError(cause, "see that nothing else writes to it, and run the command again")


def _count(client: Client, iri: str) -> int:
    query = Template(read_query("remote", "count")).substitute(where=_where(iri))
    return sum(int(row["n"].value) for row in client.select(query) if isinstance(row["n"], ox.Literal))


def _where(iri: str) -> str:
    return f"GRAPH <{iri}>" if iri else ""
