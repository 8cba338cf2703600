"""The history: which events, people, organizations, places and articles each generation made, changed or took away.

::

    history/000001.jsonl.gz   250 versions of things, one a line, in order of publication; never changed when full
    history/000002.jsonl.gz   the last one, which grows
    history/state             how each thing was left, so that the pages need not be read again
    history/lock              locked while a generation is recorded

It is append-only, and the pages are all there is to it: each line names a thing, the generation, and what was then said
of the thing, so that whoever reads them from the first knows how all things stand. Generations go, the history stays.
It is written after a generation is published, page by page, and looks only at the things that may differ from the
generation before, where these are known (:mod:`graph.history.touched`); where that was cut off, the next publication
finds out what is missing by comparing with what the pages say, and writes that.
"""

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, MutableMapping, Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Literal, cast

import pyoxigraph as ox

from graph.errors import DatasetError
from graph.files import read_query, write_whole
from graph.history.state import State, read_head
from graph.history.touched import touched_in
from graph.iris import Iris
from graph.store import Generation
from graph.store.trouble import STORE_ERRORS, trouble
from graph.vocabulary import RDF, SCHEMA, SEM

__all__ = ["CLASSES", "PAGE_LENGTH", "Change", "History", "Version", "lines_of", "things"]

#: Versions on a full page.
PAGE_LENGTH = 250
#: Classes of the things whose versions are kept; articles, which are of several classes, have headlines.
CLASSES = (str(SEM.Event), str(SCHEMA.Person), str(SCHEMA.Organization), str(SCHEMA.Place))
Change = Literal["created", "changed", "deleted"]
_STATE = "state"
_TYPE, _HEADLINE = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(SCHEMA.headline))
_KINDS = frozenset(map(ox.NamedNode, CLASSES))
_Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Version:
    """How a thing stood from one generation on.

    :param key: of the thing.
    :param change: what this generation did to it.
    :param generation: number of the generation.
    :param published: when that was published.
    :param said: what is said of the thing, as sorted lines of N-Triples; of what was deleted, what took its place.
    """

    key: str
    change: Change
    generation: int
    published: datetime
    said: str

    def triples(self) -> list[ox.Triple]:
        """Return what is said of the thing."""
        return [quad.triple for quad in ox.parse(self.said, format=ox.RdfFormat.N_TRIPLES)]

    def line(self) -> str:
        """Return it as the history keeps it."""
        return json.dumps(
            [self.key, self.change, self.generation, self.published.isoformat(), self.said], ensure_ascii=False
        )

    @classmethod
    def read(cls, line: str) -> "Version":
        """Return what a line of the history says."""
        key, change, generation, published, said = json.loads(line)
        return cls(key, change, generation, datetime.fromisoformat(published), said)


class History:
    """The history of one dataset. One process records at a time, any number may read meanwhile.

    :param path: its folder; it is made when something is recorded.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def pages(self) -> int:
        """How many pages there are; they are numbered from 1."""
        # Pages are written in order, so the last is found by halving: a folder of thousands need not be listed.
        least, most = 0, 1
        while self._page(most).exists():
            least, most = most, most * 2
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (middle, most) if self._page(middle).exists() else (least, middle)
        return least

    def page(self, number: int) -> tuple[Version, ...]:
        """Return the versions on a page, in order; full pages never change.

        :raises DatasetError: if it is missing or damaged.
        """
        path = self._page(number)
        try:
            return _read_page(path, path.stat().st_mtime_ns)
        except (OSError, EOFError, ValueError) as error:
            raise DatasetError(
                f"{path}: the history is damaged ({str(error)[:200]})",
                f"restore the folder from a backup, or remove {path.parent} so that it begins anew",
            ) from None

    def latest(self) -> Iterator[Version]:
        """Yield the versions, the last first.

        :raises DatasetError: if a page is damaged.
        """
        for number in range(self.pages, 0, -1):
            yield from reversed(self.page(number))

    def complete(self) -> bool:
        """Tell whether the last recording came to its end; if not, the next one makes up for it.

        :raises DatasetError: if the last page is damaged.
        """
        # The state is written after the last version.
        return read_head(self.path / _STATE)[0] == self._length()

    def tells_of(self, generation: Generation, iris: Iris) -> bool:
        """Tell whether it says of all things what a generation does, which it does of the one that is recorded last.

        :raises DatasetError: if a page is damaged.
        """
        found = things(generation.open(), iris)
        return dict(self._replayed()[1]) == {key: _digest(said) for key, said in found.items()}

    def record(self, generation: Generation, iris: Iris) -> int:
        """Write down what a generation made of things, unless it, or a later one, is written down; return how much.

        :raises DatasetError: if it cannot be written, or is damaged.
        """
        try:
            self.path.mkdir(exist_ok=True)
            with self._locked():
                last = self._last()
                if last is not None and last.generation > generation.number:
                    # Numbers only begin again where the generations were removed: this is another history.
                    if last.published >= generation.published:
                        return 0
                    self._forget()
                    last = None
                if last is not None and last.generation == generation.number and self.complete():
                    return 0
                moment = max(generation.published, last.published) if last else generation.published
                since, state = self._replayed()
                touched = touched_in(generation)
                # What was left out of the history before is to be found among all things only.
                few = touched.things if touched is not None and touched.since == since else None
                new = _update(state, generation, iris, moment, few)
                self._append(new)
                state.write(self.path / _STATE, self._length(), generation.name)
                return len(new)
        except STORE_ERRORS as error:
            raise trouble(self.path, error) from None

    def _page(self, number: int) -> Path:
        return self.path / f"{number:06}.jsonl.gz"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _last(self) -> Version | None:
        return next(self.latest(), None)

    def _length(self) -> int:
        pages = self.pages
        return (pages - 1) * PAGE_LENGTH + len(self.page(pages)) if pages else 0

    def _forget(self) -> None:
        (self.path / _STATE).unlink(missing_ok=True)
        for number in range(self.pages, 0, -1):  # the last first, so that what is left is always whole
            self._page(number).unlink()

    def _append(self, versions: list[Version]) -> None:
        """Write versions after those that there are; what is on disk is whole after each page."""
        length = self._length()
        number = length // PAGE_LENGTH + 1
        begun = self.page(number) if length % PAGE_LENGTH else ()
        waiting = iter([*begun, *versions] if versions else ())
        while page := list(islice(waiting, PAGE_LENGTH)):
            text = "".join(version.line() + "\n" for version in page)
            write_whole(self._page(number), gzip.compress(text.encode(), 6, mtime=0))
            number += 1

    def _replayed(self) -> tuple[str, State]:
        """Return the name of the generation that was recorded last, and the digest of what was last said of each thing.

        That is by the state, and the pages after it.
        """
        length, since = read_head(self.path / _STATE)
        found = State.read(self.path / _STATE) if since else State()
        if length > self._length():  # of another history, or damaged
            length, since, found = 0, "", State()
        for number in range(length // PAGE_LENGTH + 1, self.pages + 1):
            for position, version in enumerate(self.page(number), (number - 1) * PAGE_LENGTH):
                if position < length:
                    continue
                if version.change == "deleted":
                    found.pop(version.key, None)
                else:
                    found[version.key] = _digest(version.said)
        return since, found


@lru_cache(maxsize=64)
def _read_page(path: Path, changed: int) -> tuple[Version, ...]:
    """Read a page; ``changed`` is when it was, so that it is read again after that."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return tuple(map(Version.read, lines))


def things(store: ox.Store, iris: Iris) -> dict[str, str]:
    """Return what a generation says of each thing whose versions are kept: sorted lines of N-Triples, by key."""
    found: dict[str, str] = {}
    wanted = [("things", {ox.Variable("class"): cast("_Node", ox.NamedNode(name))}) for name in CLASSES]
    for query, values in (*wanted, ("articles", {})):
        answer = cast("ox.QueryTriples", store.query(read_query("publish", query), substitutions=values))
        # Written by the engine and parted here: ten times as fast as a look-up for each thing. By way of a file, since
        # as lines it would all take several times the memory.
        with TemporaryFile() as file:
            answer.serialize(cast("IO[bytes]", file), ox.RdfFormat.N_TRIPLES)
            file.seek(0)
            for subject, lines in groupby(file, key=lambda line: line.partition(b" ")[0]):
                key = iris.key(subject[1:-1].decode())
                if key is not None:
                    said = {line.decode() for line in lines}
                    if key in found:  # it is of two classes, or the engine came back to it
                        said |= lines_of(found[key])
                    found[key] = "".join(sorted(said))
    return found


def lines_of(said: str) -> set[str]:
    """Return what is said of a thing line by line."""
    # No splitlines: IRIs and literals may have characters that end lines elsewhere.
    return {f"{line}\n" for line in said.split("\n")[:-1]}


def _few(store: ox.Store, iris: Iris, touched: Iterable[str]) -> dict[str, str]:
    """Return what :func:`things` does, of these things only."""
    found: dict[str, str] = {}
    for iri in touched:
        triples = _about(store, iri)
        kept = any(t.predicate == _HEADLINE or (t.predicate == _TYPE and t.object in _KINDS) for t in triples)
        if kept and (key := iris.key(iri)) is not None:
            found[key] = _said(triples)
    return found


def _about(store: ox.Store, iri: str) -> list[ox.Triple]:
    return [quad.triple for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())]


def _said(triples: Iterable[ox.Triple]) -> str:
    """Return triples as :func:`things` has them."""
    return "".join(sorted(f"{triple} .\n" for triple in triples))


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _update(
    state: MutableMapping[str, str], generation: Generation, iris: Iris, moment: datetime, touched: Set[str] | None
) -> list[Version]:
    """Bring the digest of what is said of each thing up to a generation; return the versions that are new.

    :param touched: IRIs of the only things that can be new; None if that is not known.
    """
    store = generation.open()
    if touched is None:
        now, looked_at = things(store, iris), set(state)
    else:
        now = _few(store, iris, touched)
        looked_at = {key for iri in touched if (key := iris.key(iri)) is not None and key in state}
    new: list[Version] = []
    for key in sorted(looked_at - now.keys()):
        del state[key]
        new.append(Version(key, "deleted", generation.number, moment, _said(_about(store, iris.thing(key)))))
    for key, said in sorted(now.items()):
        digest = _digest(said)
        if state.get(key) != digest:
            change: Change = "changed" if key in state else "created"
            new.append(Version(key, change, generation.number, moment, said))
            state[key] = digest
    return new
