"""Triples and states to store, and how a store is compared with what it should hold."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from graph.store import Change, EmbeddedStore, Triple

__all__ = [
    "ARTICLES", "BASE", "EVENTS", "assert_merged", "change", "contents", "iri", "large", "large_graph", "number",
    "state", "triple", "version_of",
]  # fmt: skip

BASE = "https://zubrowka.example/"
EVENTS = f"{BASE}graph/events"
ARTICLES = 5
_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = ox.NamedNode(f"{_XSD}integer")


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{name}")


def number(value: str) -> ox.Literal:
    return ox.Literal(value, datatype=_INTEGER)


def triple(subject: str, predicate: str, value: str | ox.Literal) -> Triple:
    return Triple(iri(subject), iri(predicate), iri(value) if isinstance(value, str) else value)


# A history of commits that is known beforehand: commit n writes the article n modulo ARTICLES anew, and the events
# graph says which version of each article there is. So any moment of it can be told from any other, and from a mixture.


def _article(n: int) -> frozenset[Triple]:
    name = f"article/{n % ARTICLES}"
    if n % 13 == 0:
        return frozenset()
    own = {triple(name, f"part/{i}", number(str(n))) for i in range(30)}
    # What several articles say: it must stay in the merge as long as one of them does.
    shared = {triple("person/ana-petrova", "met", f"person/{i % 4}") for i in range(n % 7)}
    return frozenset(own | shared)


def _graph(n: int) -> str:
    return f"{BASE}graph/article/{n % ARTICLES}"


def _version(n: int) -> Triple:
    return triple(f"article/{n % ARTICLES}", "version", number(str(n)))


def change(n: int) -> Change:
    """Return what commit ``n``, counted from 1, does."""
    old = frozenset({_version(n - ARTICLES)}) if n > ARTICLES else frozenset[Triple]()
    return Change(replace={_graph(n): _article(n)}, add={EVENTS: frozenset({_version(n)})}, remove={EVENTS: old})


def state(n: int) -> dict[str, frozenset[Triple]]:
    """Return the named graphs after commit ``n``, without that of the dataset."""
    last = range(max(1, n - ARTICLES + 1), n + 1)
    graphs = {_graph(k): _article(k) for k in last} | {EVENTS: frozenset(map(_version, last))}
    return {name: content for name, content in graphs.items() if content}


def large_graph(n: int) -> str:
    """Return the name of the n-th large graph."""
    return f"{BASE}graph/large/{n}"


def large(n: int) -> frozenset[Triple]:
    """Return the content of the n-th large graph; a part of it is in all of them."""
    own = {triple(f"large/{n}", f"part/{i}", number(str(i))) for i in range(1500)}
    return frozenset(own | {triple("large", f"part/{i}", number(str(i))) for i in range(500)})


def version_of(graphs: Mapping[str, frozenset[Triple]]) -> int:
    """Return the commit that these graphs are after, as the events graph says."""
    versions = [int(t.object.value) for t in graphs.get(EVENTS, ()) if isinstance(t.object, ox.Literal)]
    return max(versions, default=0)


def contents(store: ox.Store | EmbeddedStore) -> dict[str, frozenset[Triple]]:
    """Return the named graphs of a store, without that of the dataset."""
    if isinstance(store, EmbeddedStore):
        found = {name: store.graph(name) for name in store.graphs()}
    else:
        found = {
            name.value: frozenset(quad.triple for quad in store.quads_for_pattern(None, None, None, name))
            for name in store.named_graphs()
            if isinstance(name, ox.NamedNode)
        }
    return {name: content for name, content in found.items() if name != f"{BASE}graph/dataset"}


def assert_merged(store: ox.Store | EmbeddedStore) -> None:
    """The default graph is the set union of the named graphs, the dataset's own one included."""
    if isinstance(store, EmbeddedStore):
        union = _union(store.graph(name) for name in store.graphs())
        rows = store.select("SELECT ?s ?p ?o { ?s ?p ?o }")
        merge = [(row["s"], row["p"], row["o"]) for row in rows]
    else:
        union = _union(
            {quad.triple for quad in store.quads_for_pattern(None, None, None, name)} for name in store.named_graphs()
        )
        quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        merge = [(quad.subject, quad.predicate, quad.object) for quad in quads]
    assert len(merge) == len(set(merge))
    assert set(merge) == {(t.subject, t.predicate, t.object) for t in union}


def _union(graphs: Iterable[Iterable[Triple]]) -> set[Triple]:
    return {t for graph in graphs for t in graph}
