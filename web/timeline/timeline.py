"""The events of one generation in order of time, filtered, counted and searched by its index.

What the index does not hold in memory is looked up when it is asked for, so a timeline costs next to nothing to make.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import overload

import numpy as np

from graph.index import Entry, Index, Question, marked
from graph.index.columns import Column
from graph.index.source import RECORDS, readable
from web.published import Snapshot
from web.timeline.filters import Filters
from web.timeline.found import ALL_OF, FacetValue, Found
from web.words import STATUSES

__all__ = ["ALL_OF", "RECORDS", "Entries", "Entry", "FacetValue", "Found", "Highlight", "Timeline", "timeline"]

#: Quotations shown with one event that a search found.
_QUOTES = 3
_ALL = slice(None)
_NONE: Column = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Highlight:
    """Quoted words in which a search found what it looked for.

    :param article: key of the article; empty where there is none.
    :param thing: key of the report or claim.
    :param pieces: the words, each piece with whether it was looked for.
    """

    article: str
    thing: str
    pieces: tuple[tuple[str, bool], ...]


class Entries(Sequence[Entry]):
    """Events by position, each looked up when it is asked for.

    :param positions: of those that are meant; all of them by default.
    """

    def __init__(self, index: Index, positions: Sequence[int] | None = None) -> None:
        self._index = index
        self._positions: Sequence[int] = range(index.count) if positions is None else positions

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, number: int) -> Entry: ...

    @overload
    def __getitem__(self, number: slice) -> list[Entry]: ...

    def __getitem__(self, number: int | slice) -> Entry | list[Entry]:
        if isinstance(number, slice):
            return [self._index.entry(position) for position in self._positions[number]]
        return self._index.entry(self._positions[number])

    def __iter__(self) -> Iterator[Entry]:
        return map(self._index.entry, self._positions)


class Timeline:
    """All events of one generation.

    :param index: of the generation.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self._every: dict[str, Found] = {}
        #: All events: dated ones in order of time, then undated ones.
        self.entries = Entries(index)
        #: Names of people, organizations, places and articles by key.
        self.names: Mapping[str, str] = index.names
        #: The name of a key, or None. The same people and places are on page after page.
        self.name: Callable[[str], str | None] = lru_cache(maxsize=16_384)(self.names.get)
        #: The first day of all and the last; None if there is none.
        self.span = _span(index)

    def label(self, facet: str, value: str) -> str:
        """Return the name of a facet's value."""
        if facet == "source" and value == RECORDS:
            return "Official records"
        if facet == "status":
            return STATUSES.get(value, value)
        known = self.index.facets[facet]
        number = known.number(value)
        if number is not None:
            return known.label(number)
        return value if facet == "type" else self.names.get(f"{facet}/{value}", readable(value))

    def entry(self, key: str) -> Entry | None:
        """Return the event with this key."""
        position = self.index.position(key)
        return None if position is None else self.entries[position]

    def with_keys(self, keys: Iterable[str]) -> list[Entry]:
        """Return the events with these keys, in order; what is no event is passed over."""
        positions = {position for key in keys if (position := self.index.position(key)) is not None}
        return [self.entries[position] for position in sorted(positions)]

    def neighbour(self, key: str, step: int) -> Entry | None:
        """Return the dated event next to a dated one: before it (-1) or after it (1)."""
        position = self.index.position(key)
        if position is None or position >= self.index.dated or not 0 <= position + step < self.index.dated:
            return None
        return self.entries[position + step]

    def at(self, positions: Column) -> Entries:
        """Return the events at some positions."""
        return Entries(self.index, positions.tolist())

    def positions(self, facet: str, value: str) -> Column:
        """Return the positions of the events with this value of a facet, in order."""
        known = self.index.facets.get(facet)
        number = None if known is None else known.number(value)
        return _NONE if known is None or number is None else known.events(number)

    def years(self, positions: Column | slice = _ALL) -> dict[int, int]:
        """Return how many of some events begin in each year, the first year first; undated ones in none.

        :param positions: in order.
        """
        days = self.index.first[positions]
        days = days[: np.searchsorted(days, days.dtype.type(date.max.toordinal()), side="right")]
        if not len(days):
            return {}
        # They are in order: where each year begins among them says how many it has.
        years = range(*(date.fromordinal(int(day)).year for day in (days[0], days[-1])))
        starts = np.array([date(year + 1, 1, 1).toordinal() for year in years], dtype=days.dtype)
        counts = np.diff([0, *np.searchsorted(days, starts).tolist(), len(days)]).tolist()
        return {year: count for year, count in enumerate(counts, years.start) if count}

    def labelled(self, words: Sequence[str], most: int) -> list[Entry]:
        """Return some events whose labels have words that begin with each of these, as the search knows words."""
        return [self.entries[position] for position in self.index.labelled(words, most)]

    def counts(self, facet: str) -> dict[str, int]:
        """Return how many events there are by value of a facet."""
        known = self.index.facets[facet]
        return {known.slug(number): int(count) for number, count in enumerate(known.totals)}

    def find(self, filters: Filters) -> Found:
        """Apply filters."""
        bare = replace(filters, page=1, group="", problems={})
        if bare not in (Filters(), Filters(order="desc")):
            return Found(self.index, self.label, bare)
        # All events are asked for most often; what is counted of them is counted once.
        return self._every.setdefault(bare.order, Found(self.index, self.label, bare))

    def on_day(self, month: int, day: int) -> Sequence[int]:
        """Return the positions of the events known to be on, or to begin on, this day of any year, in order."""
        found: Sequence[int] = np.flatnonzero(self.index.monthday == month * 100 + day).tolist()
        return found

    def highlights(self, key: str, question: Question) -> list[Highlight]:
        """Return the quoted words of an event with something of what is looked for, those with most of it first."""
        position = self.index.position(key)
        if position is None or not question.parts:
            return []
        found: list[tuple[int, int, Highlight]] = []
        for article, thing, words in self.index.quotes(position):
            pieces = tuple(marked(words, question))
            hits = sum(hit for _, hit in pieces)
            if hits:
                found.append((-hits, len(found), Highlight(article, thing, pieces)))
        return [highlight for _, _, highlight in sorted(found, key=lambda one: one[:2])[:_QUOTES]]


def timeline(snapshot: Snapshot) -> Timeline:
    """Return the timeline of a generation; its index is opened at the first call."""
    return snapshot.keep("timeline", _open)


def _open(snapshot: Snapshot) -> Timeline:
    return Timeline(Index.of(snapshot.generation.path, snapshot.store, snapshot.iris))


def _span(index: Index) -> tuple[date, date] | None:
    days = np.concatenate([index.earliest[: index.dated], index.latest[: index.dated]])
    days = days[(days > 0) & (days <= date.max.toordinal())]
    return (date.fromordinal(int(days.min())), date.fromordinal(int(days.max()))) if len(days) else None
