"""Resolution as the one writer uses it: people, events and quotations, as the last run left them, or as stored.

What they tell is committed by the writer, who then says so (:meth:`Resolver.settled`). Only what is known to be what
the store has is left to the next run.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from graph.extract.model import Extraction
from graph.iris import Iris
from graph.resolve import (
    ClaimChange,
    ClaimIndex,
    ClaimLink,
    EventIndex,
    PersonChange,
    PersonIndex,
    Resolution,
    load_claims,
    load_index,
    load_people,
    quotations_in,
    rename_people,
    standings_in,
)
from graph.resolve.kept import KeptRooms
from graph.resolve.shelf import Room, RoomError
from graph.store import EmbeddedStore

__all__ = ["Resolved", "Resolver"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Resolved:
    """What becomes of events, claims and people when an article comes or goes.

    :param links: of the claims of the article.
    """

    resolution: Resolution
    claims: ClaimChange
    people: PersonChange
    links: frozenset[ClaimLink] = frozenset()


class Resolver:
    """The three indexes of a dataset, kept in step. What they tell is to be committed, or they are to be forgotten."""

    def __init__(self, store: EmbeddedStore, iris: Iris) -> None:
        self._store, self._iris = store, iris
        self._rooms = KeptRooms(store)
        self._events: EventIndex | None = None
        self._claims: ClaimIndex | None = None
        self._people: PersonIndex | None = None
        #: Whether something is resolved that is not committed, and how often the store had changed when nothing was.
        self._ahead, self._changes = False, 0

    @property
    def events(self) -> EventIndex:
        """The events as they are stored; read when first needed, since there may be many."""
        if self._events is None:
            self._events = self._loaded("events", load_index)
        return self._events

    @property
    def claims(self) -> ClaimIndex:
        """The quotations as they are stored; read when first needed, too."""
        if self._claims is None:
            self._claims = self._loaded("claims", load_claims)
        return self._claims

    @property
    def people(self) -> PersonIndex:
        """Who is meant by which name, as it is stored; read when first needed, too."""
        if self._people is None:
            self._people = self._loaded("people", load_people)
        return self._people

    def forget(self, *, only_events: bool = False) -> None:
        """Have all of it, or the events, read anew when next needed: the store is not what was resolved last."""
        for index in (self._events,) if only_events else (self._events, self._claims, self._people):
            if index is not None:
                index.room.close()
        self._events = None
        if not only_events:
            self._claims = self._people = None
            self._ahead = False

    def put(self, extraction: Extraction, *, held: bool = False) -> Resolved:
        """Resolve what an article tells, in the place of what it told before.

        :param held: it is committed together with others.
        """
        return self._resolved(lambda: self._put(extraction), held)

    def withdraw(self, key: str, *, held: bool = False) -> Resolved:
        """Take back what an article told.

        :param held: as for :meth:`put`.
        """
        return self._resolved(lambda: self._withdrawn(key), held)

    def undo(self, key: str) -> None:
        """Take back what an article told that is not stored and was not before: the store has what is left."""
        try:
            self._withdrawn(key)
            self._ahead = False
        except RoomError:
            self.forget()

    def again(self) -> Resolution:
        """Resolve all reports anew, as when official records have come or gone."""
        return self._resolved(lambda: self.events.again(), held=False)

    def settled(self) -> None:
        """Note that all that was resolved is committed, and nothing else was."""
        self._ahead, self._changes = False, self._store.seal.changes

    def close(self) -> None:
        """Leave all of it to the next run, if it is what the store has. It is read anew when needed again."""
        if not self._ahead and self._changes == self._store.seal.changes and not self._store.closed:
            with contextlib.suppress(RoomError):
                self._leave()
        self.forget()

    def _leave(self) -> None:
        if self._people is not None and not self._people.is_stored:
            return
        if self._events is not None:
            self._events.part()
        for name, index in (("events", self._events), ("claims", self._claims), ("people", self._people)):
            if index is not None:
                self._rooms.leave(name, index.room)

    def _loaded(self, name: str, load: Callable[[EmbeddedStore, Iris, Room], _T]) -> _T:
        if self._events is None and self._claims is None and self._people is None:
            self._changes = self._store.seal.changes
        try:
            return load(self._store, self._iris, self._rooms.room(name))
        except RoomError:
            if not self._rooms.give_up():
                raise
            return load(self._store, self._iris, self._rooms.room(name))

    def _resolved(self, resolve: Callable[[], _T], held: bool) -> _T:
        """Resolve something, once more if the files that are kept cannot be used: then all is read from the store."""
        if self._ahead and not held:
            self.forget()  # something came between what was resolved last and its commit
        self._ahead = True
        try:
            return resolve()
        except RoomError:
            if held or not self._rooms.give_up():
                raise
            self.forget()
            self._ahead = True
            return resolve()

    def _put(self, extraction: Extraction) -> Resolved:
        article = extraction.article
        people = self.people.put(article.key, article.published, standings_in(extraction))
        named = rename_people(extraction, people.names)
        resolution = self.events.resolve(named, people.others)
        claims = self.claims.put(article.key, article.published, quotations_in(named))
        return Resolved(resolution, self._renamed(claims, people), people, self.claims.links(article.key))

    def _withdrawn(self, key: str) -> Resolved:
        people = self.people.withdraw(key)
        resolution = self.events.withdraw(key, people.others)
        return Resolved(resolution, self._renamed(self.claims.withdraw(key), people), people)

    def _renamed(self, change: ClaimChange, people: PersonChange) -> ClaimChange:
        """Return a change of claims with what becomes of those of other articles whose people have other keys now."""
        for article, names in people.others.items():
            change = change.then(self.claims.rename(article, names))
        return change
