"""What the filters of the timeline leave: which events, and how many by value of each facet.

Counts are made when they are asked for: an export needs none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from graph.index import FACETS, Facet, Index, Limits, top
from graph.index.columns import Column
from web.timeline.confidence import Minimum
from web.timeline.filters import Filters

__all__ = ["ALL_OF", "LISTED", "FacetValue", "Found"]

#: Facets whose chosen values must all hold: "Kim and Trump". In the others one of the values is enough.
ALL_OF = frozenset({"person", "organization"})
#: Values of a facet that are listed at once; a search within the facet finds the others.
LISTED = 100
#: Where less than one of so many events is left, those that are left are looked at one by one.
_FEW = 8


class FacetValue(NamedTuple):
    """A value of a facet and how many events it would leave under the other filters."""

    value: str
    label: str
    events: int
    chosen: bool


class Found:
    """What filters leave.

    :param label: names a facet's value.
    """

    def __init__(self, index: Index, label: Callable[[str, str], str], filters: Filters) -> None:
        self._index, self._label, self._filters = index, label, filters
        self._at_least: dict[float | None, int] = {}

    @cached_property
    def mask(self) -> Column:
        """For each event, whether it is left."""
        return self._without(None)

    @cached_property
    def _positions(self) -> Column:
        return np.flatnonzero(self.mask)

    @property
    def in_time(self) -> Column:
        """The positions of the dated events, the earliest first."""
        return self._positions[: self.total - self.undated_count]

    @property
    def dated(self) -> Column:
        """The positions of the dated events, in the order asked for."""
        return self.in_time[::-1] if self._filters.descending else self.in_time

    @cached_property
    def undated(self) -> Column:
        """The positions of the undated events."""
        return self._positions[self.total - self.undated_count :]

    @property
    def total(self) -> int:
        """How many events there are."""
        return len(self._positions)

    @cached_property
    def undated_count(self) -> int:
        """How many of them are undated."""
        return self.total - int(np.searchsorted(self._positions, self._index.dated))

    @cached_property
    def _best(self) -> Sequence[int] | None:
        """The best answers to the search, the best first; None where events are in order of time."""
        filters = self._filters
        if not filters.by_relevance:
            return None
        facets = [
            (facet, [value])
            for facet, values in filters.facets
            if facet in ALL_OF
            for value in values
        ] + [(facet, values) for facet, values in filters.facets if facet not in ALL_OF]  # fmt: skip
        first, last = (None if day is None else day.toordinal() for day in (filters.start, filters.end))
        return self._index.best(filters.question, Limits(facets, first, last, filters.confidence.value))

    @property
    def listed(self) -> int:
        """How many of them pages list: all in order of time, only the best by relevance."""
        return self.total if self._best is None else len(self._best)

    def page(self, start: int, stop: int) -> Sequence[int]:
        """Return the positions of the events from one place of the list to another."""
        if self._best is not None:
            return self._best[start:stop]
        border = len(self.dated)
        found: list[int] = self.dated[start:stop].tolist()
        if stop > border:
            found += self.undated[max(0, start - border) : stop - border].tolist()
        return found

    @cached_property
    def facets(self) -> Mapping[str, Sequence[FacetValue]]:
        """The values of each facet: all chosen ones, then up to :data:`LISTED` of those with most events."""
        return {facet: self.values(facet) for facet in FACETS}

    def counts(self, facet: str) -> Column:
        """Return how many events each value of a facet would leave under the other filters."""
        return self._counts[facet]

    @cached_property
    def _counts(self) -> Mapping[str, Column]:
        count, counts = self._counter(self.mask), {}
        for facet in FACETS:
            others = facet not in ALL_OF and self._filters.chosen(facet)
            counts[facet] = (self._counter(self._without(facet)) if others else count)(self._index.facets[facet])
        return counts

    def _counter(self, mask: Column) -> Callable[[Facet], Column]:
        """Return what counts how many of some events each value of a facet has.

        :param mask: for each event, whether it counts.
        """
        left = int(np.count_nonzero(mask))
        if left == len(mask):
            return lambda facet: facet.totals
        if left > len(mask) // 2:
            # The fewer ones are counted and taken away.
            rest = np.flatnonzero(~mask)
            return lambda facet: facet.totals - facet.among(rest)
        positions = self._positions if mask is self.mask else np.flatnonzero(mask)
        return lambda facet: facet.among(positions)

    def more(self, facet: str, shown: int) -> int:
        """Return how many values of a facet there are besides those that are shown."""
        return max(0, int(np.count_nonzero(self._counts[facet])) - shown)

    def values(self, facet: str, most: int = LISTED) -> list[FacetValue]:
        """Return the chosen values of a facet, and those with most events.

        :param most: how many besides the chosen ones.
        """
        known, counts, chosen = self._index.facets[facet], self._counts[facet], self._filters.chosen(facet)
        values = []
        for value in chosen:
            number = known.number(value)
            events = 0 if number is None else int(counts[number])
            values.append(FacetValue(value, self._label(facet, value), events, True))
        for number in top(counts, most + len(chosen)):
            value = known.slug(number)
            if value not in chosen:
                values.append(FacetValue(value, self._label(facet, value), int(counts[number]), False))
        values.sort(key=lambda v: (not v.chosen, -v.events, v.label.casefold(), v.value))
        return values[: most + len(chosen)]

    def at_least(self, minimum: Minimum) -> int:
        """Return how many events another least confidence would leave."""
        if minimum.value not in self._at_least:
            some, known = self._but_confidence
            left = some if minimum.value is None else some & (known >= minimum.value)
            self._at_least[minimum.value] = int(np.count_nonzero(left))
        return self._at_least[minimum.value]

    @cached_property
    def _but_confidence(self) -> tuple[Column, Column]:
        """For each event, whether another least confidence may leave it, and its own; of few events only theirs."""
        mask = self._common.copy()
        for of in self._chosen.values():
            mask &= of
        some = np.flatnonzero(mask)
        return (mask, self._index.confidence) if len(some) * _FEW > len(mask) else (
            np.ones(len(some), dtype=bool), self._index.confidence[some]
        )  # fmt: skip

    @cached_property
    def _common(self) -> Column:
        """For each event, whether it has the words and may lie in the range."""
        filters, index = self._filters, self._index
        if filters.start is None and filters.end is None:
            mask = np.ones(index.count, dtype=bool)
        else:
            first, last = (None if day is None else day.toordinal() for day in (filters.start, filters.end))
            mask = index.in_range(first, last)
        if filters.question.parts:
            mask &= index.matching(filters.question)
        return mask

    @cached_property
    def _chosen(self) -> Mapping[str, Column]:
        return {
            facet: self._index.facets[facet].having(values, every=facet in ALL_OF)
            for facet, values in self._filters.facets
        }

    def _without(self, facet: str | None) -> Column:
        """Return, for each event, whether it is left by all filters but those of one facet."""
        mask = self._common.copy()
        if self._filters.confidence.value is not None:
            mask &= self._index.confidence >= self._filters.confidence.value
        for other, of in self._chosen.items():
            if other != facet:
                mask &= of
        return mask
