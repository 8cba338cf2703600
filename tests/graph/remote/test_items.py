"""What differs between two states, and how it is cut into updates."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.remote.items import Item, batches, data, items
from graph.store import Triple
from tests.graph.store.sample import iri, triple

_TRIPLES = [triple("a", "b", f"c/{n}") for n in range(6)]
_GRAPHS = st.dictionaries(st.sampled_from(["urn:g1", "urn:g2", "urn:g3"]), st.sets(st.sampled_from(_TRIPLES)))


def _store(graphs: dict[str, set[Triple]], rejected: set[Triple]) -> ox.Store:
    store = ox.Store()
    for name, triples in graphs.items():
        for t in triples:
            store.add(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name)))
            if t not in rejected:
                store.add(ox.Quad(t.subject, t.predicate, t.object))
    return store


def _apply(store: ox.Store, found: list[Item]) -> None:
    for sign, change in ((-1, store.remove), (1, store.add)):
        for item in found:
            t = item.triple
            if item.named == sign:
                change(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(item.graph)))
            if item.merged == sign:
                change(ox.Quad(t.subject, t.predicate, t.object))


@given(_GRAPHS, _GRAPHS, st.sets(st.sampled_from(_TRIPLES)), st.sets(st.sampled_from(_TRIPLES)), st.integers(1, 9))
def test_what_differs_makes_the_new_state_of_the_old(
    old: dict[str, set[Triple]], new: dict[str, set[Triple]], out: set[Triple], later: set[Triple], size: int
) -> None:
    before, after = _store(old, out), _store(new, later)
    found = list(items(before, after))
    assert found == list(items(before, after)), "the order is always the same, or a run could not be taken up"
    cut = list(batches(found, size, size))
    assert [item for batch in cut for item in batch] == found
    assert all(sum(item.weight for item in batch) <= max(size, 2) for batch in cut)
    for batch in cut:
        _apply(before, batch)
    assert set(before) == set(after)


def test_foreign_statements_of_the_merge_go() -> None:
    old = _store({"urn:g1": {_TRIPLES[0]}}, set())
    old.add(ox.Quad(_TRIPLES[1].subject, _TRIPLES[1].predicate, _TRIPLES[1].object))
    new = _store({"urn:g1": {_TRIPLES[0]}}, set())
    assert list(items(old, new)) == []
    assert list(items(old, new, foreign=True)) == [Item("", _TRIPLES[1], 0, -1)]


def _articles(*sizes: int) -> list[Item]:
    return [Item(f"urn:g{n}", triple("a", "b", f"c/{i}"), 1, 1) for n, size in enumerate(sizes) for i in range(size)]


@pytest.mark.parametrize(
    ("sizes", "batch", "most", "cut"),
    [
        ((2, 2, 2), 8, 100, [4, 2]),  # small graphs share an update
        ((3, 3), 8, 100, [3, 3]),  # and are not torn for it
        ((2, 20, 2), 8, 100, [2, 20, 2]),  # a large one is an update of its own
        ((1, 12), 8, 10, [1, 5, 5, 2]),  # one that is too large is cut
    ],
)
def test_graphs_stay_whole_as_long_as_they_may(sizes: tuple[int, ...], batch: int, most: int, cut: list[int]) -> None:
    assert [len(each) for each in batches(_articles(*sizes), batch, most)] == cut


def test_quads_are_written_for_each_graph_and_no_statement_twice() -> None:
    same = triple("a", "b", "c")
    found = [Item("urn:g1", same, 1, 1), Item("urn:g2", same, 1, 1), Item("urn:g2", triple("a", "b", "d"), -1, 0)]
    assert data(found, 1, "urn:merge") == [
        f"GRAPH <urn:g1> {{\n{same} .\n}}",
        f"GRAPH <urn:merge> {{\n{same} .\n}}",
        f"GRAPH <urn:g2> {{\n{same} .\n}}",
    ]
    assert data(found, 1, "")[1] == f"{same} ."
    assert data(found, -1, "") == [f"GRAPH <urn:g2> {{\n{iri('a')} {iri('b')} {iri('d')} .\n}}"]
