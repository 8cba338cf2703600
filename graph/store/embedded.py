"""The embedded store, opened for writing: named graphs on disk, and a default graph that is always their merge.

A query that names no graph sees each statement once, whatever number of articles make it: the default graph is the set
union of all named graphs, kept in the same transaction that changes one of them.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import pyoxigraph as ox

from graph.errors import DatasetError
from graph.store.change import Change, Triple, canonical
from graph.store.seal import Seal
from graph.store.trouble import STORE_ERRORS, trouble

__all__ = ["BULK", "EmbeddedStore", "Term"]

#: What can stand in the place of a query's variable.
Term = ox.NamedNode | ox.Literal

_T = TypeVar("_T")
#: Graph IRI -> triples.
_Delta = dict[str, frozenset[Triple]]
_DEFAULT = ox.DefaultGraph()
#: From so many triples on, a commit that only adds goes into table files that the engine takes in as one: half the time
#: and half the memory of a transaction. Below, the cost of the files is greater.
BULK = 20_000


def _nothing() -> None:
    pass


def _unnoted(things: Iterable[str] | None) -> None:
    pass


class EmbeddedStore:
    """The one writer of a store on disk. A context manager: leaving it flushes and closes.

    Threads may share it. Trouble on disk closes it, because the engine then refuses every later write, even when the
    disk has space again; what was flushed stays, and the store can be opened anew.

    :param path: folder of the store; it must exist.
    :param flush_every: commits between two flushes; a crash of the machine loses at most so many.
    :param on_change: called before each commit that changes something, with the IRIs of the things that change: the
        subjects of the statements that come or go, and what those that go lead to; None if they are too many to tell.
    :param on_close: called once, when the store is closed.
    :param restore: folder of the last good copy, named in the error if the store is damaged.
    :ivar seal: which files beside the store follow from what is in it.
    :raises DatasetError: if it is missing, damaged, locked or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        *,
        flush_every: int = 20,
        on_change: Callable[[Iterable[str] | None], None] = _unnoted,
        on_close: Callable[[], None] = _nothing,
        restore: Path | None = None,
    ) -> None:
        self.path = path
        self._flush_every = max(1, flush_every)
        self._on_change = on_change
        self._on_close = on_close
        self._restore = restore
        self._unflushed = 0
        self._lock = threading.RLock()
        self._store: ox.Store | None = None
        _clear(path)
        # Without this file the engine would make an empty store in the place of a damaged one.
        if not (path / "CURRENT").is_file():
            raise trouble(path, FileNotFoundError("its file CURRENT is missing"), restore=restore)
        self.seal = Seal(path)
        try:
            self._store = ox.Store(str(path))
        except STORE_ERRORS as error:
            raise trouble(path, error, restore=restore) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """Return the number of quads, those of the default graph included."""
        with self._lock:
            return self._reading(lambda store: len(store))

    @property
    def closed(self) -> bool:
        """Whether it is closed, by :meth:`close` or by trouble on disk."""
        return self._store is None

    def commit(self, change: Change) -> None:
        """Apply a change in one transaction: readers, and whoever opens the store after a crash, see all or nothing.

        It survives a crash of this process at once, and one of the machine after :meth:`flush`.

        :raises ValueError: if there is a blank node or something that is no IRI; nothing is changed then.
        :raises DatasetError: if it cannot be written; nothing is changed then, and the store is closed.
        """
        with self._lock:
            removed, added = self._reading(lambda store: _deltas(store, change))
            if not removed and not added:
                return
            if not removed and sum(map(len, added.values())) >= BULK:
                self.flush()  # what is taken in from files is on disk at once: what came before it must be there too
                self._changing(_touched(removed, added))
                self._writing(lambda store: store.bulk_extend(_quads(store, added)))
                return
            text = self._reading(lambda store: _update(store, removed, added))
            self._changing(_touched(removed, added))
            self._writing(lambda store: store.update(text))
            self._unflushed += 1
            if self._unflushed >= self._flush_every:
                self.flush()

    def load(self, quads: IO[bytes]) -> None:
        """Take in N-Quads by the engine's bulk loader: all of them or none, and on disk on return.

        :param quads: with the statements of all named graphs in the default graph, too.
        :raises ValueError: if they are malformed; nothing is changed then.
        :raises DatasetError: if it cannot be written; nothing is changed then, and the store is closed.
        """
        with self._lock:
            self.flush()  # as for a large commit
            self._changing(None)
            try:
                self._writing(lambda store: store.bulk_load(quads, ox.RdfFormat.N_QUADS))
            except SyntaxError as error:
                raise ValueError(f"the quads are malformed: {error}") from None

    def mend(self) -> None:
        """Make the default graph the merge of the named graphs, where it is not: a generation with curations is none.

        :raises DatasetError: if it cannot be written; the store is closed then.
        """
        with self._lock:
            missing, extra = self._reading(_unmerged)
            if not missing and not extra:
                return
            self._changing(_touched({"": extra}, {"": missing}))
            text = " ;\n".join(filter(None, (_data("DELETE DATA", extra, {}), _data("INSERT DATA", missing, {}))))
            self._writing(lambda store: store.update(text))
            self.flush()

    def flush(self) -> None:
        """Put every commit on disk. Success may be reported only after this.

        :raises DatasetError: if it cannot be written; the store is closed then.
        """
        with self._lock:
            self._writing(lambda store: store.flush())
            self._unflushed = 0

    def backup(self, path: Path) -> None:
        """Copy the store, as it is now, to a folder that does not exist; on the same file system by hard links.

        :raises DatasetError: if it cannot be written; the store is closed then.
        """
        with self._lock:
            self.flush()
            self._writing(lambda store: store.backup(str(path)))

    def graph(self, iri: str) -> frozenset[Triple]:
        """Return the content of a named graph; empty if there is none."""
        with self._lock:
            return self._reading(lambda store: _content(store, ox.NamedNode(iri)))

    def has_graph(self, iri: str) -> bool:
        """Tell whether there is a named graph, without reading it."""
        with self._lock:
            return self._reading(lambda store: store.contains_named_graph(ox.NamedNode(iri)))

    def graphs(self) -> Iterator[str]:
        """Return the IRIs of the named graphs."""
        with self._lock:
            found = self._reading(lambda store: [g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode)])
        return iter(found)

    def select(self, query: str, /, **bindings: Term) -> list[ox.QuerySolution]:
        """Run a trusted SELECT query and return its solutions.

        :param query: its text, from a ``.rq`` file.
        :param bindings: variable -> term that stands in its place. The engine wants each of them in the projection.
        :raises ValueError: if the query is malformed, no SELECT, or does not project a variable that is bound.
        """
        with self._lock:
            return self._reading(lambda store: list(_solutions(store, query, bindings)))

    def each(self, query: str, /, **bindings: Term) -> Iterator[ox.QuerySolution]:
        """Run a trusted SELECT query as :meth:`select` does, yielding one solution after the other.

        They are of the store as it was at the first: what is written meanwhile does not show.
        """
        with self._lock:
            found = self._reading(lambda store: _solutions(store, query, bindings))
        while True:
            with self._lock:
                row = self._reading(lambda _: next(found, None))
            if row is None:
                return
            yield row

    def close(self) -> None:
        """Flush, close the store and let the next writer in; does nothing the second time.

        :raises DatasetError: if what was committed cannot be put on disk; the store is closed all the same.
        """
        with self._lock:
            if self._store is None:
                return
            try:
                self.flush()
            except BaseException:
                self._let_go()
                raise
            self._let_go(whole=True)

    def _let_go(self, *, whole: bool = False) -> None:
        if self._store is not None:
            self._store = None  # the engine closes its files with the last reference
            try:
                if whole:
                    self.seal.close()
            finally:
                self._on_close()

    def _changing(self, things: Iterable[str] | None) -> None:
        self.seal.changing()
        self._on_change(things)

    def _opened(self) -> ox.Store:
        if self._store is None:
            raise DatasetError(f"{self.path}: the store is closed", "open the dataset again")
        return self._store

    def _reading(self, work: Callable[[ox.Store], _T]) -> _T:
        store = self._opened()
        try:
            return work(store)
        except STORE_ERRORS as error:
            raise trouble(self.path, error, restore=self._restore) from None

    def _writing(self, work: Callable[[ox.Store], None]) -> None:
        try:
            work(self._opened())
            return
        except STORE_ERRORS as error:
            failed = trouble(self.path, error, restore=self._restore)
        # Raised here and not above: the engine's error has frames that refer to the store, and would keep it open as
        # long as somebody holds ours.
        self._let_go()
        raise failed


def _clear(path: Path) -> None:
    """Remove table files that a killed process left before the engine took them in."""
    for leftover in path.glob("bulk-*.sst"):
        with contextlib.suppress(OSError):
            leftover.unlink()


def _solutions(store: ox.Store, query: str, bindings: Mapping[str, Term]) -> ox.QuerySolutions:
    substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable(name): value for name, value in bindings.items()
    }
    try:
        answer = store.query(query, substitutions=substitutions)
    except SyntaxError as error:
        raise ValueError(f"the query is malformed: {error}") from None
    except RuntimeError as error:
        if "SELECT projection" in str(error):
            raise ValueError(f"{error}; name every bound variable after SELECT") from None
        raise
    if not isinstance(answer, ox.QuerySolutions):
        raise ValueError("the query is no SELECT")
    return answer


def _content(store: ox.Store, graph: ox.NamedNode) -> frozenset[Triple]:
    return frozenset(quad.triple for quad in store.quads_for_pattern(None, None, None, graph))


def _deltas(store: ox.Store, change: Change) -> tuple[_Delta, _Delta]:
    """Return, per graph, the triples that leave it and those that enter it; only what differs from what is there."""
    removed: _Delta = {}
    added: _Delta = {}
    for iri in {*change.replace, *change.add, *change.remove}:
        graph = ox.NamedNode(iri)
        add, remove = canonical(change.add.get(iri, ())), canonical(change.remove.get(iri, ()))
        if iri in change.replace:
            old = _content(store, graph)
            new = (canonical(change.replace[iri]) - remove) | add
            leaving, entering = old - new, new - old
        else:
            leaving = frozenset(t for t in remove - add if _quad(t, graph) in store)
            entering = frozenset(t for t in add if _quad(t, graph) not in store)
        if leaving:
            removed[iri] = leaving
        if entering:
            added[iri] = entering
    return removed, added


def _touched(removed: _Delta, added: _Delta) -> Iterator[str]:
    """Yield the IRIs of the things that these deltas change."""
    going, coming = frozenset[Triple]().union(*removed.values()), frozenset[Triple]().union(*added.values())
    nodes = {triple.subject for triple in going | coming} | {triple.object for triple in going}
    return (node.value for node in nodes if isinstance(node, ox.NamedNode))


def _quads(store: ox.Store, added: _Delta) -> Iterator[ox.Quad]:
    """Return the quads that make these additions in the named graphs and in the merge."""
    for iri, triples in added.items():
        graph = ox.NamedNode(iri)
        yield from (_quad(triple, graph) for triple in triples)
    entering = frozenset[Triple]().union(*added.values())
    # What is there already is left out: not for the result, but for the size of the files.
    yield from (_quad(triple, _DEFAULT) for triple in entering if _quad(triple, _DEFAULT) not in store)


def _update(store: ox.Store, removed: _Delta, added: _Delta) -> str:
    """Return the SPARQL update that makes these deltas in the named graphs and what follows from them in the merge."""
    entering = frozenset[Triple]().union(*added.values())
    leaving = frozenset[Triple]().union(*removed.values()) - entering
    leaving = frozenset(t for t in leaving if not _supported(store, t, removed))
    entering = frozenset(t for t in entering if _quad(t, _DEFAULT) not in store)
    empty = {iri for iri in removed if iri not in added and _emptied(store, iri, removed[iri])}
    parts = [
        _data("DELETE DATA", leaving, {iri: triples for iri, triples in removed.items() if iri not in empty}),
        # DELETE DATA would leave the name of an empty graph behind.
        *(f"DROP GRAPH {ox.NamedNode(iri)}" for iri in sorted(empty)),
        _data("INSERT DATA", entering, added),
    ]
    return " ;\n".join(filter(None, parts))


def _unmerged(store: ox.Store) -> tuple[frozenset[Triple], frozenset[Triple]]:
    """Return the triples that the merge lacks, and those that no named graph makes."""
    merged = {quad.triple for quad in store.quads_for_pattern(None, None, None, _DEFAULT)}
    named = {quad.triple for quad in store if isinstance(quad.graph_name, ox.NamedNode)}
    return frozenset(named - merged), frozenset(merged - named)


def _supported(store: ox.Store, triple: Triple, removed: _Delta) -> bool:
    """Tell whether a named graph still makes this statement when the removed ones are gone."""
    return any(
        isinstance(quad.graph_name, ox.NamedNode) and triple not in removed.get(quad.graph_name.value, ())
        for quad in store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    )


def _emptied(store: ox.Store, iri: str, removed: frozenset[Triple]) -> bool:
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
    return all(quad.triple in removed for quad in quads)


def _quad(triple: Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _data(verb: str, merged: frozenset[Triple], graphs: Mapping[str, frozenset[Triple]]) -> str:
    """Return an update with data; terms are written, and escaped, by the engine itself."""
    if not merged and not graphs:
        return ""
    lines = [f"{verb} {{"]
    lines += [f"{triple} ." for triple in merged]
    for iri, triples in graphs.items():
        lines.append(f"GRAPH {ox.NamedNode(iri)} {{")
        lines += [f"{triple} ." for triple in triples]
        lines.append("}")
    lines.append("}")
    return "\n".join(lines)
