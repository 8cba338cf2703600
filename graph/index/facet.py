"""A facet of the index: which values each event has, which events each value has, and how many."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from graph.index.columns import Column, read_column, read_texts
from graph.index.words import folded

__all__ = ["Facet", "top"]

#: Counting looks at all that has any value, and not at the events that count, where there are fewer than so many of it
#: for each event that counts: where events have one value at most, and where they have several. Measured.
_SOME, _MANY = 2, 5


class Facet:
    """The values of a facet, numbered in order of their labels.

    :param folder: of the index.
    :param events: how many events there are.
    :param single: whether each event has exactly one value.
    """

    def __init__(self, folder: Path, name: str, events: int, single: bool) -> None:
        self._count, self._single = events, single
        self._starts, self._values = read_column(folder, f"{name}.starts"), read_column(folder, f"{name}.values")
        self._marks = read_column(folder, f"{name}.marks")
        self._events, self._ends = read_column(folder, f"{name}.events"), read_column(folder, f"{name}.ends")
        self._slugs, self._labels = read_texts(folder, f"{name}.slugs"), read_texts(folder, f"{name}.labels")
        self._numbers, self._ranks = read_column(folder, f"{name}.numbers"), read_column(folder, f"{name}.ranks")
        self._words = read_texts(folder, f"{name}.words")
        self._totals: Column | None = None

    def __len__(self) -> int:
        return len(self._ranks)

    @property
    def totals(self) -> Column:
        """How many events each value has."""
        if self._totals is None:
            self._totals = np.diff(self._ends.astype(np.int64))
        return self._totals

    def number(self, slug: str) -> int | None:
        """Return the number of a value."""
        found = self._slugs.find(slug.encode("utf-8", "surrogatepass"))
        return None if found is None else int(self._numbers[found])

    def slug(self, number: int) -> str:
        """Return the value with a number."""
        return self._slugs[int(self._ranks[number])].decode()

    def label(self, number: int) -> str:
        """Return the name of a value."""
        return self._labels[number].decode()

    def events(self, number: int) -> Column:
        """Return the positions of the events with a value, in order."""
        return self._events[int(self._ends[number]) : int(self._ends[number + 1])]

    def having(self, slugs: Sequence[str], *, every: bool) -> Column:
        """Return, for each event, whether it has one of these values, or every one of them."""
        mask = np.zeros(self._count, dtype=bool)
        found = [None if (number := self.number(slug)) is None else self.events(number) for slug in slugs]
        if not every:
            for events in found:
                if events is not None:
                    mask[events] = True
        elif all(events is not None for events in found):
            first, *others = sorted((events for events in found if events is not None), key=len)
            common = first
            for events in others:
                common = common[np.isin(common, events, assume_unique=True)]
            mask[common] = True
        return mask

    def among(self, positions: Column) -> Column:
        """Return how many of the events at some positions each value has; work for these events only."""
        if self._single:
            return np.bincount(self._values[positions], minlength=len(self))
        # Where most events have several values, to look at the first of each, the second and so on takes longer.
        most = _MANY if len(self._events) > self._count else _SOME
        if len(self) and len(self._events) < most * len(positions):
            # These are asked, value by value. Each value has some.
            chosen = np.zeros(self._count, dtype=np.uint8)
            chosen[positions] = 1
            return np.add.reduceat(chosen[self._events], self._ends[:-1].astype(np.int64), dtype=np.int64)
        # The first value of each event that has one, then the second of each that has two, and so on.
        counts, number = np.zeros(len(self), dtype=np.int64), np.uint32(0)
        starts, ends = self._starts[positions], self._starts[1:][positions]
        while len(some := np.flatnonzero(starts + number < ends)):
            if len(some) < len(starts):
                starts, ends = starts[some], ends[some]
            counts += np.bincount(self._values[starts + number], minlength=len(self))
            number += np.uint32(1)
        return counts

    def marked(self, positions: Column) -> Column:
        """Return of how many of these events each value is marked: places, where an event was there.

        Countries are places that take part in events, too.
        """
        some = self._of(positions)[0]
        return np.bincount(self._values[some[self._marks[some]]], minlength=len(self))

    def holding(self, positions: Column, slugs: Iterable[str]) -> Column:
        """Return, for each of the events at some positions, whether it has one of these values."""
        wanted = np.zeros(len(self), dtype=bool)
        wanted[[number for slug in slugs if (number := self.number(slug)) is not None]] = True
        some, lengths = self._of(positions)
        found = wanted[self._values[some]]
        if self._single:
            return found
        events = np.repeat(np.arange(len(positions)), lengths)[found]
        return np.bincount(events, minlength=len(positions)) > 0

    def _of(self, positions: Column) -> tuple[Column, Column | int]:
        """Return where the values of some events are, one after the other, and how many each has."""
        if self._single:
            return positions, 1
        starts = self._starts[positions]
        lengths = self._starts[positions + 1] - starts
        offsets = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64), lengths)
        return offsets + np.arange(len(offsets)), lengths

    def find(self, text: str) -> Column:
        """Return the numbers of the values whose names have words that begin with each word of a text."""
        found: Column | None = None
        for word in folded(text):
            some = self._words.having(f" {word}".encode())
            found = some if found is None else np.intersect1d(found, some, assume_unique=True)
        return np.arange(len(self)) if found is None else found


def top(counts: Column, most: int) -> Column:
    """Return the numbers with the greatest counts above 0, the greatest first; of equal ones the first in number."""
    numbers = np.flatnonzero(counts)
    if len(numbers) > most:
        # Count and number in one: no two are equal, so that which ones are taken is certain.
        rank = counts[numbers].astype(np.int64) * len(counts) + (len(counts) - 1 - numbers)
        numbers = numbers[np.argpartition(-rank, most)[:most]]
    return numbers[np.lexsort((numbers, -counts[numbers]))]
