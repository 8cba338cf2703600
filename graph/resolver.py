"""Resolution as the one writer uses it: people, events and quotations, read from the store when first needed."""

from dataclasses import dataclass

from graph.extract.model import Extraction
from graph.iris import Iris
from graph.resolve import (
    ClaimChange,
    ClaimIndex,
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
from graph.store import EmbeddedStore

__all__ = ["Resolved", "Resolver"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What becomes of events, claims and people when an article comes or goes."""

    resolution: Resolution
    claims: ClaimChange
    people: PersonChange


class Resolver:
    """The three indexes of a dataset, kept in step. What they tell is to be committed, or they are to be forgotten."""

    def __init__(self, store: EmbeddedStore, iris: Iris) -> None:
        self._store, self._iris = store, iris
        self._events: EventIndex | None = None
        self._claims: ClaimIndex | None = None
        self._people: PersonIndex | None = None

    @property
    def events(self) -> EventIndex:
        """The events as they are stored; read when first needed, since there may be many."""
        if self._events is None:
            self._events = load_index(self._store, self._iris)
        return self._events

    @property
    def claims(self) -> ClaimIndex:
        """The quotations as they are stored; read when first needed, too."""
        if self._claims is None:
            self._claims = load_claims(self._store, self._iris)
        return self._claims

    @property
    def people(self) -> PersonIndex:
        """Who is meant by which name, as it is stored; read when first needed, too."""
        if self._people is None:
            self._people = load_people(self._store, self._iris)
        return self._people

    def forget(self, *, only_events: bool = False) -> None:
        """Have all of it, or the events, read anew when next needed: the store is not what was resolved last."""
        self._events = None
        if not only_events:
            self._claims = self._people = None

    def put(self, extraction: Extraction) -> Resolved:
        """Resolve what an article tells, in the place of what it told before."""
        article = extraction.article
        people = self.people.put(article.key, article.published, standings_in(extraction))
        named = rename_people(extraction, people.names)
        resolution = self.events.resolve(named, people.others)
        claims = self.claims.put(article.key, article.published, quotations_in(named))
        return Resolved(resolution, self._renamed(claims, people), people)

    def withdraw(self, key: str) -> Resolved:
        """Take back what an article told."""
        people = self.people.withdraw(key)
        resolution = self.events.withdraw(key, people.others)
        return Resolved(resolution, self._renamed(self.claims.withdraw(key), people), people)

    def _renamed(self, change: ClaimChange, people: PersonChange) -> ClaimChange:
        """Return a change of claims with what becomes of those of other articles whose people have other keys now."""
        for article, names in people.others.items():
            change = change.then(self.claims.rename(article, names))
        return change
