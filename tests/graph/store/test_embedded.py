"""The writer's commits, flushes and queries."""

import shutil
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import DatasetError
from graph.store import Change, Dataset, Triple, embedded
from graph.store.embedded import BULK
from tests.graph.store.sample import (
    BASE,
    EVENTS,
    assert_merged,
    change,
    contents,
    iri,
    number,
    state,
    triple,
    version_of,
)

A, B = f"{BASE}graph/article/a", f"{BASE}graph/article/b"


def test_what_two_articles_say_stays_until_both_are_gone(dataset: Dataset) -> None:
    shared, own = triple("x", "p", "y"), triple("x", "p", "z")
    ask = "SELECT ?s ?p ?o { ?s ?p ?o }"
    with dataset.writer() as writer:
        base = len(writer.select(ask))
        writer.commit(Change(replace={A: frozenset({shared, own}), B: frozenset({shared})}))
        assert len(writer.select(ask)) == base + 2
        writer.commit(Change(replace={A: frozenset()}))
        assert [row["o"] for row in writer.select(ask, s=iri("x"))] == [iri("y")]
        assert A not in set(writer.graphs())
        writer.commit(Change(remove={B: frozenset({shared})}))
        assert writer.select(ask, s=iri("x")) == []
        assert B not in set(writer.graphs())


def test_a_statement_that_moves_between_graphs_stays(dataset: Dataset) -> None:
    moved = frozenset({triple("x", "p", "y")})
    with dataset.writer() as writer:
        writer.commit(Change(replace={A: moved}))
        writer.commit(Change(remove={A: moved}, add={B: moved}))
        assert contents(writer) == {B: moved}
        assert_merged(writer)


def test_replaced_then_removed_then_added(dataset: Dataset) -> None:
    x, y, z = (frozenset({triple(name, "p", "q")}) for name in "xyz")
    with dataset.writer() as writer:
        writer.commit(Change(replace={A: x | y}, remove={A: y | z}, add={A: z}))
        assert writer.graph(A) == x | z
        assert_merged(writer)


def test_one_spelling_of_a_value(dataset: Dataset) -> None:
    with dataset.writer() as writer:
        writer.commit(Change(replace={A: frozenset({triple("x", "p", number("01"))})}))
        assert writer.graph(A) == {triple("x", "p", number("1"))}
        writer.commit(Change(remove={A: frozenset({triple("x", "p", number("+1"))})}))
        assert contents(writer) == {}


_STAR = Triple(iri("x"), iri("p"), triple("x", "p", "y"))


@pytest.mark.parametrize(
    "bad",
    [
        Change(add={A: frozenset({Triple(ox.BlankNode(), iri("p"), iri("y"))})}),
        Change(replace={A: frozenset({Triple(iri("x"), iri("p"), ox.BlankNode())})}),
        Change(replace={A: frozenset({_STAR})}),
        Change(add={"not an IRI": frozenset({triple("x", "p", "y")})}),
        Change(replace={B: frozenset({triple("x", "p", "y")}), A: frozenset({_STAR})}),
    ],
    ids=["subject", "object", "quoted", "graph", "one graph of two"],
)  # fmt: skip
def test_what_cannot_be_stored_changes_nothing(dataset: Dataset, bad: Change) -> None:
    with dataset.writer() as writer:
        writer.commit(change(1))
        with pytest.raises(ValueError, match=r"stored|IRI"):
            writer.commit(bad)
        assert contents(writer) == state(1)
        writer.commit(change(2))
        assert contents(writer) == state(2)


def _after_a_crash(dataset: Dataset, copy: Path) -> dict[str, frozenset[Triple]]:
    """Return what is in the store if the machine crashes now: what is not flushed is in logs only."""
    for _ in range(50):  # the engine may be tidying up while we copy
        shutil.rmtree(copy, ignore_errors=True)
        try:
            shutil.copytree(dataset.path / "store", copy, ignore=shutil.ignore_patterns("*.log"))
            return contents(ox.Store.read_only(str(copy)))
        except (shutil.Error, OSError, RuntimeError):
            continue
    raise AssertionError("the store cannot be copied")


def _survives(dataset: Dataset, copy: Path) -> int:
    """Return the commit that the store is after if the machine crashes now."""
    graphs = _after_a_crash(dataset, copy)
    assert graphs == state(version_of(graphs))
    return version_of(graphs)


def test_flushed_every_so_many_commits(dataset: Dataset, tmp_path: Path) -> None:
    with dataset.writer(flush_every=4) as writer:
        survives = []
        for n in range(1, 13):
            writer.commit(change(n))
            survives.append(_survives(dataset, tmp_path / "copy"))
        assert survives == [0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12]
        writer.commit(change(13))
        writer.flush()
        assert _survives(dataset, tmp_path / "copy") == 13
        writer.commit(change(14))
    assert _survives(dataset, tmp_path / "copy") == 14, "closing flushes"


def test_flushed_every_twenty_commits_by_default(dataset: Dataset, tmp_path: Path) -> None:
    with dataset.writer() as writer:
        for n in range(1, 20):
            writer.commit(change(n))
        assert _survives(dataset, tmp_path / "copy") == 0
        writer.commit(change(20))
        assert _survives(dataset, tmp_path / "copy") == 20


def test_a_commit_that_changes_nothing_does_not_count(dataset: Dataset, tmp_path: Path) -> None:
    with dataset.writer(flush_every=2) as writer:
        writer.commit(change(1))
        writer.commit(Change(replace=state(1)))
        writer.commit(Change(add=state(1), remove={B: frozenset({triple("x", "p", "y")})}))
        assert _survives(dataset, tmp_path / "copy") == 0


def test_select_binds_values(dataset: Dataset) -> None:
    with dataset.writer() as writer:
        writer.commit(Change(replace={A: frozenset({triple("x", "p", ox.Literal('"} DROP ALL'))})}))
        query = "SELECT ?g ?s ?o { GRAPH ?g { ?s ?p ?o } }"
        (row,) = writer.select(query, g=ox.NamedNode(A), o=ox.Literal('"} DROP ALL'))
        assert row["s"] == iri("x")
        assert writer.select(query, g=ox.NamedNode(B)) == []
        for bad in ("SELECT {", "ASK {}", "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"):
            with pytest.raises(ValueError, match=r"query|SELECT"):
                writer.select(bad, g=ox.NamedNode(A))
        assert not writer.closed


def test_a_closed_writer_says_so(dataset: Dataset) -> None:
    writer = dataset.writer()
    writer.close()
    writer.close()
    works = (
        lambda: writer.commit(change(1)),
        writer.flush,
        lambda: writer.graph(A),
        lambda: len(writer),
        writer.graphs,
    )
    for work in works:
        with pytest.raises(DatasetError, match="the store is closed; open the dataset again"):
            work()


def test_threads_may_share_a_writer(dataset: Dataset) -> None:
    def write(name: str) -> None:
        for n in range(15):
            own = {triple(name, "n", number(str(n)))} | {triple("shared", "n", number(str(n)))}
            writer.commit(Change(replace={f"{BASE}graph/article/{name}": frozenset(own)}))

    with dataset.writer() as writer:
        threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(contents(writer)) == 4
        assert_merged(writer)


def test_a_large_graph(dataset: Dataset) -> None:
    def version(k: int) -> frozenset[Triple]:
        return frozenset(triple(f"x/{i}", f"p/{i % 7}", number(str(i * k))) for i in range(BULK))

    with dataset.writer() as writer:
        for k in (1, 2):
            writer.commit(Change(replace={A: version(k)}))
            assert writer.graph(A) == version(k)
            assert len(writer) == 2 * len(version(k)) + 4


def test_much_is_added_beside_what_is_there(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "BULK", 3)
    shared = {triple("x", "p", name) for name in "abcd"}
    with dataset.writer(flush_every=1000) as writer:
        writer.commit(change(1))
        writer.commit(Change(replace={A: frozenset(shared)}))
        writer.commit(Change(replace={B: frozenset(shared | {triple("y", "p", number("007"))})}))
        assert writer.graph(B) == shared | {triple("y", "p", number("7"))}
        assert_merged(writer)
        before = contents(writer)
        writer.commit(Change(add={A: frozenset(shared)}))
        assert contents(writer) == before, "nothing new"
        writer.commit(Change(remove={A: frozenset(shared)}))
        assert_merged(writer)
        writer.commit(Change(replace={A: frozenset(shared)}))
        assert contents(writer) == before
        assert_merged(writer)
        assert not list((dataset.path / "store").glob("bulk-*"))
    assert dataset.publish().number == 1


def test_what_is_added_much_is_on_disk_with_what_came_before(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedded, "BULK", 20)
    with dataset.writer(flush_every=1000) as writer:
        writer.commit(change(1))  # adds more than 20 triples and removes none
        assert _survives(dataset, tmp_path / "copy") == 1
        for n in range(2, 8):
            writer.commit(change(n))
        assert _survives(dataset, tmp_path / "copy") == 5, "the sixth replaces what the first wrote"
        monkeypatch.setattr(embedded, "BULK", 2)
        writer.commit(Change(add={EVENTS: frozenset(triple("x", "p", name) for name in "abc")}))
        assert _after_a_crash(dataset, tmp_path / "copy") == contents(writer)


def test_files_that_a_killed_writer_left_are_removed(dataset: Dataset) -> None:
    leftover = dataset.path / "store" / "bulk-123.sst"
    leftover.write_bytes(b"cut off")
    dataset.writer().close()
    assert not leftover.exists()
