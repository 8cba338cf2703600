"""Verification: whether all parts of a dataset are whole and fit each other. It says what is wrong and mends nothing.

What it looks at: the published generations and what names them, the default graph (which must be the set union of the
named ones: RDF 1.1 Datasets, section 5.2, "Union default graph"), each article's graph against the shapes and against
the archived text that it quotes, the archive against its digests, the history, the quarantine and the curations.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from graph.archive.archive import Archive
from graph.curation import check as check_curations
from graph.errors import DatasetError, InUseError, ParleyError
from graph.gate.gate import Gate
from graph.gate.quarantine import Quarantine
from graph.history import History
from graph.index import FOLDER, Index, is_index_of
from graph.iris import Iris
from graph.publish import curation_folder
from graph.rdf import to_graph
from graph.settings import Settings
from graph.store import Dataset, Generation, Triple
from graph.store.generations import PUBLISHED
from graph.store.journal import JOURNAL
from graph.store.snapshot import snapshot
from graph.store.trouble import STORE_ERRORS, trouble
from graph.vocabulary import DCT, PLY

__all__ = ["Depth", "Finding", "verify"]

_Node = ox.NamedNode | ox.DefaultGraph
_IDENTIFIER = ox.NamedNode(str(DCT.identifier))
_REPORTS_ON = ox.NamedNode(str(PLY.reportsOn))
#: What hangs on an event and is described with it.
_PARTS = frozenset({ox.NamedNode(str(PLY.disagreement)), ox.NamedNode(str(PLY.participation))})
#: Statements named in one finding; of the rest only how many there are.
_NAMED = 3


class Depth(IntEnum):
    """How much is looked at."""

    QUICK = 0  # all but the shapes
    USUAL = 1
    DEEP = 2  # the older generations and readings, too, and whether index and history fit what is published


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    :param where: the file, folder or thing.
    :param cause: what is wrong with it; no full stop.
    :param remedy: what to do about it; no full stop.
    :param wrong: whether it is wrong; if not, it is work that waits, as after a crash, and the next command does it.
    """

    where: str
    cause: str
    remedy: str
    wrong: bool = True

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{'wrong' if self.wrong else 'note'}: {self.where}: {self.cause}; {self.remedy}"


def verify(
    dataset: Dataset, settings: Settings, depth: Depth = Depth.USUAL, advance: Callable[[int], None] = lambda _: None
) -> Iterator[Finding]:
    """Go through a dataset and yield what is not as it should be.

    A writer may be at work; then the published generation is looked at, and not the live store.

    :param advance: told after each article, and each file of the archive.
    """
    yield from _guarded(lambda: _archive(Archive(dataset.archive_path), depth, advance))
    yield from _guarded(lambda: _history(dataset))
    yield from _guarded(lambda: _quarantine(dataset))
    yield from _guarded(lambda: _curations(dataset, settings))
    yield from _guarded(lambda: _generations(dataset, depth))
    if depth is Depth.DEEP:
        yield from _guarded(lambda: _made_of(dataset))
    yield from _guarded(lambda: _stored(dataset, depth, advance))
    if (dataset.path / "rebuild").is_dir():
        yield Finding(
            "rebuild", "a rebuild was begun and not finished", "`parley rebuild` goes on with it", wrong=False
        )


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield findings, and as the last one what made going on impossible."""
    try:
        yield from check()
    except ParleyError as error:
        yield _from_error(error)


def _from_error(error: ParleyError) -> Finding:
    where, _, cause = error.cause.partition(": ")
    return Finding(where, cause or where, error.remedy)


def _archive(archive: Archive, depth: Depth, advance: Callable[[int], None]) -> Iterator[Finding]:
    for key in archive.keys():  # noqa: SIM118 - no mapping
        try:
            archive.check(key, versions=depth is Depth.DEEP)
        except DatasetError as error:
            yield _from_error(error)
        advance(1)
    for path in archive.sources():
        try:
            archive.check_source(path)
        except DatasetError as error:
            yield _from_error(error)


def _history(dataset: Dataset) -> Iterator[Finding]:
    history = History(dataset.history_path)
    last = 0
    for number in range(1, history.pages + 1):
        for version in history.page(number):
            if version.generation < last:
                where = f"{dataset.history_path} page {number}"
                yield Finding(where, f"generation {version.generation} comes after {last}", _anew(dataset))
                return
            last = version.generation
    current = dataset.current()
    if last > (current.number if current else 0):
        cause = f"it tells of generation {last}, and the published one is {current.number if current else 'none'}"
        yield Finding(str(dataset.history_path), cause, _anew(dataset))
    elif current is not None and (last and not history.complete()):
        cause = "recording the last generation was cut off"
        yield Finding(str(dataset.history_path), cause, "`parley publish` makes up for it", wrong=False)


def _anew(dataset: Dataset) -> str:
    return f"restore the folder from a backup, or remove {dataset.history_path} so that it begins anew"


def _quarantine(dataset: Dataset) -> Iterator[Finding]:
    Quarantine(dataset.quarantine_path).items()
    return iter(())


def _curations(dataset: Dataset, settings: Settings) -> Iterator[Finding]:
    for problem in check_curations(curation_folder(dataset, settings), dataset.iris):
        yield Finding(str(problem.file), problem.cause, "mend or remove the file")


def _generations(dataset: Dataset, depth: Depth) -> Iterator[Finding]:
    current = dataset.current()
    if current is None:
        yield Finding(str(dataset.path), "nothing is published yet", "run `parley publish`", wrong=False)
        return
    for generation in dataset.generations() if depth is Depth.DEEP else [current]:
        yield from _guarded(lambda generation=generation: _generation(generation, dataset.iris))  # type: ignore[misc]


def _made_of(dataset: Dataset) -> Iterator[Finding]:
    """Compare the index and the history, which are made of what changes, with all that is published."""
    current, history, store = dataset.current(), History(dataset.history_path), dataset.path / "store"
    if current is None:
        return
    remedy = f"remove {store / JOURNAL} and {store / PUBLISHED}, and run `parley publish`"
    with suppress(OSError, ValueError):  # that it cannot be read is said elsewhere
        if not is_index_of(current.path / FOLDER, current.open(), dataset.iris):
            yield Finding(str(current.path / FOLDER), "the index is not that of what is published", remedy)
    if history.pages and history.complete() and not history.tells_of(current, dataset.iris):
        yield Finding(str(dataset.history_path), "the history does not say what is published", remedy)


def _generation(generation: Generation, iris: Iris) -> Iterator[Finding]:
    store = generation.open()
    # What curations reject is in the graphs of articles all the same: such a merge lacks it on purpose.
    curated = store.contains_named_graph(ox.NamedNode(iris.curation_graph))
    yield from _union(generation.path, store, "run `parley publish` to make a new generation", curated=curated)
    try:
        Index(generation.path / FOLDER)
    except (OSError, ValueError, KeyError) as error:
        where = str(generation.path / FOLDER)
        remedy = "each server makes one for itself; the next publication has one"
        yield Finding(where, f"the index cannot be used ({str(error)[:200]})", remedy, wrong=False)


def _union(path: Path, store: ox.Store, remedy: str, *, curated: bool = False) -> Iterator[Finding]:
    """Compare the default graph with the union of the named ones, statement by statement: nothing is kept in memory."""
    try:
        extra = (
            quad.triple
            for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
            if not _named(store, quad.triple)
        )
        yield from _listed(path, extra, "is in the merge, but in no named graph", remedy)
        if curated:
            return
        missing = (
            quad.triple
            for quad in store
            if isinstance(quad.graph_name, ox.NamedNode)
            and ox.Quad(quad.subject, quad.predicate, quad.object) not in store
        )
        yield from _listed(path, missing, "is in a named graph, but not in the merge", remedy)
    except STORE_ERRORS as error:
        raise trouble(path, error) from None


def _named(store: ox.Store, triple: Triple) -> bool:
    quads = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(isinstance(quad.graph_name, ox.NamedNode) for quad in quads)


def _listed(path: Path, triples: Iterator[Triple], cause: str, remedy: str) -> Iterator[Finding]:
    for triple in islice(triples, _NAMED):
        yield Finding(str(path), f"{triple} {cause}", remedy)
    more = sum(1 for _ in triples)
    if more:
        yield Finding(str(path), f"as much is wrong with {more:,} more statements", remedy)


def _stored(dataset: Dataset, depth: Depth, advance: Callable[[int], None]) -> Iterator[Finding]:
    """Look at the live store, and at each article's graph in it."""
    try:
        taken = snapshot(dataset)
        with taken as found:
            if found.store is None and found.generation is not None:
                cause = "a writer is at work: the published generation was looked at, and not the live store"
                yield Finding(str(dataset.path), cause, "verify again when the writer is done", wrong=False)
                yield from _articles(found.generation.open(), dataset, depth, advance)
            elif found.store is not None:
                yield from _live(found.store, dataset, depth, advance)
    except InUseError as error:
        yield Finding(str(dataset.path), error.cause, error.remedy, wrong=False)


def _live(path: Path, dataset: Dataset, depth: Depth, advance: Callable[[int], None]) -> Iterator[Finding]:
    live = dataset.path / "store"
    try:
        store = ox.Store.read_only(str(path))
    except STORE_ERRORS as error:
        raise trouble(live, error) from None
    iris = dataset.iris
    if store.contains_named_graph(ox.NamedNode(iris.curation_graph)):
        cause = "it was made of a published generation and has the curations of that in it"
        yield Finding(str(live), cause, "run `parley rebuild`", wrong=False)
        yield from _union(live, store, "run `parley rebuild`", curated=True)
    else:
        yield from _union(live, store, "restore it from a backup, or move it away and copy the last generation there")
    if dataset.current() is not None and not (path / PUBLISHED).exists():
        yield Finding(str(live), "something was stored since the last publication", "run `parley publish`", wrong=False)
    yield from _articles(store, dataset, depth, advance)


def _articles(store: ox.Store, dataset: Dataset, depth: Depth, advance: Callable[[int], None]) -> Iterator[Finding]:
    """Check each article's graph against the shapes and the text that it quotes."""
    gate, iris, archive = Gate(), dataset.iris, Archive(dataset.archive_path)
    prefix = iris.article_graph("article/")
    graphs = [g for g in store.named_graphs() if isinstance(g, ox.NamedNode) and g.value.startswith(prefix)]
    behind, seen = 0, 0
    known = set(archive.keys())
    for graph in sorted(graphs, key=lambda node: node.value):
        key = f"article/{graph.value.removeprefix(prefix)}"
        triples = [quad.triple for quad in store.quads_for_pattern(None, None, None, graph)]
        known.discard(key)
        stated = {str(getattr(t.object, "value", "")) for t in triples if t.predicate == _IDENTIFIER}
        try:
            item = archive.item(key)
        except DatasetError:
            continue  # said already
        if item is not None and item.removed is not None:
            cause = "it was removed, and is still stored"
            yield Finding(key, cause, f"run `parley remove {key.removeprefix('article/')}` again")
        # Related items have no text of their own in the archive, and what was read anew is not yet extracted.
        seen += item is not None
        fits = item is not None and item.article.digest in stated
        behind += item is not None and not fits
        text = item.article.text if item is not None and fits else None
        remedy = f"ingest its source again, or run `parley rebuild`; {key} stays as it is"
        if depth is not Depth.QUICK:
            described = to_graph(chain(triples, _context(store, iris, triples)))
            verdict = gate.check(described, text)
        elif text is not None:
            verdict = gate.check_quotes(to_graph(triples), text)
        else:
            continue
        yield from (Finding(key, str(violation), remedy) for violation in verdict.violations)
        advance(1)
    if waiting := behind + archive.count() - _removed(archive, known) - seen:
        cause = f"{waiting:,} of {archive.count():,} articles are not in the graph as they were read last"
        remedy = "nothing is to be done if they are in quarantine; else `parley rebuild` extracts them"
        yield Finding(str(dataset.archive_path), cause, remedy, wrong=False)


def _removed(archive: Archive, keys: Iterable[str]) -> int:
    """Return how many of these articles were taken out of the graph."""
    count = 0
    for key in keys:
        with suppress(DatasetError):  # said already
            item = archive.item(key)
            count += item is not None and item.removed is not None
    return count


def _context(store: ox.Store, iris: Iris, triples: list[Triple]) -> Iterator[Triple]:
    """Yield what is said of an article's reports and claims, and of the events that they are on, in other graphs."""
    events, records = (ox.NamedNode(name) for name in (iris.events_graph, iris.records_graph))

    def about(thing: object, graph: ox.NamedNode) -> Iterator[Triple]:
        if isinstance(thing, ox.NamedNode):
            yield from (quad.triple for quad in store.quads_for_pattern(thing, None, None, graph))

    for subject in {triple.subject for triple in triples}:
        for link in about(subject, events):
            yield link
            if link.predicate != _REPORTS_ON:
                continue
            for told in chain(about(link.object, events), about(link.object, records)):
                yield told
                if told.predicate in _PARTS:
                    yield from about(told.object, events)
