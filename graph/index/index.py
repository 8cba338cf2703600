"""Reading the index of a generation: events by position, facets counted, columns of days, and search."""

import json
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from graph.index.build import build
from graph.index.claims import Claims
from graph.index.columns import Column, read_column, read_texts
from graph.index.event import Entry, decoded
from graph.index.facet import Facet
from graph.index.layout import FACETS, FOLDER, read_description
from graph.index.text import Limits, TextIndex
from graph.index.words import Question
from graph.iris import Iris

__all__ = ["Index", "Names"]


class Names(Mapping[str, str]):
    """Names of people, organizations, places and articles by key; nothing of it is in memory."""

    def __init__(self, folder: Path) -> None:
        self._keys, self._names = read_texts(folder, "named"), read_texts(folder, "names")
        self._called, self._named = read_texts(folder, "called"), read_column(folder, "called.named")

    def __getitem__(self, key: str) -> str:
        number = self._keys.find(key.encode())
        if number is None:
            raise KeyError(key)
        return self._names[number].decode()

    def __iter__(self) -> Iterator[str]:
        return (self._keys[number].decode() for number in range(len(self._keys)))

    def __len__(self) -> int:
        return len(self._keys)

    def called(self, words: Sequence[str], most: int) -> list[str]:
        """Return the keys of what has a name with words that begin with each of these, the likeliest first.

        Likelier is a name that begins with the first of the words, and of these a shorter one.

        :param words: as the search knows them, at least one.
        :param most: how many at most.
        """
        first, others = list[int](), list[int]()
        begin, parts = f" {words[0]}".encode(), [f" {word}".encode() for word in words]
        # What begins with the longest word has the fewest of these names.
        for number in self._called.sweep(max(parts, key=len)):
            text = self._called[number]
            if all(part in text for part in parts):
                (first if text.startswith(begin) else others).append(number)
                if len(first) == most:
                    break
        return [self._keys[int(self._named[number])].decode() for number in (*first, *others)[:most]]


class Index:
    """The index in a folder. Threads may share it.

    :param folder: where it is.
    :raises OSError: if it is not there, or not of this version.
    :raises ValueError: if it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: How many events there are, and how many of them are dated: these stand first, in order of time.
        self.count, self.dated, single = read_description(folder)
        self.facets = {name: Facet(folder, name, self.count, name in single) for name in FACETS}
        self.names = Names(folder)
        #: Columns by position. An open beginning is 0, an open end 2**31 - 1; ``first`` is the day to stand at.
        self.earliest, self.latest = read_column(folder, "earliest"), read_column(folder, "latest")
        self.first = read_column(folder, "first")
        #: From 0 to 1; -1 where there is none.
        self.confidence = read_column(folder, "confidence")
        #: How an event is drawn: see :mod:`graph.index.layout`.
        self.drawn = read_column(folder, "drawn")
        #: Month by 100 and day of what is known to the day; else 0.
        self.monthday = read_column(folder, "monthday")
        self._records, self._quotes = read_texts(folder, "records"), read_texts(folder, "quotes")
        self._keys, self._positions = read_texts(folder, "keys"), read_column(folder, "positions")
        #: What is said, by number.
        self.claims = Claims(folder)
        self._text = TextIndex(folder / "text", self.count)

    @classmethod
    def of(cls, generation: Path, store: ox.Store, iris: Iris) -> "Index":
        """Return the index of a generation; where it has none, make one for this process.

        Generations of older versions have none.

        :param generation: folder of the generation.
        :param store: the generation, opened.
        :raises OSError: if it cannot be made.
        """
        try:
            return cls(generation / FOLDER)
        except (OSError, ValueError, KeyError):
            folder = tempfile.TemporaryDirectory(prefix="parley-index-")  # goes with the index
            build(store, iris, Path(folder.name) / FOLDER)
            index = cls(Path(folder.name) / FOLDER)
            weakref.finalize(index, folder.cleanup)
            return index

    def entry(self, position: int) -> Entry:
        """Return the event at a position."""
        return decoded(self._records[position])

    def quotes(self, position: int) -> list[list[str]]:
        """Return the words that speak of an event, each with the keys of its article and of its report or claim."""
        found: list[list[str]] = json.loads(self._quotes[position] or b"[]")
        return found

    def position(self, key: str) -> int | None:
        """Return the position of the event with this key."""
        number = self._keys.find(key.encode("utf-8", "surrogatepass"))
        return None if number is None else int(self._positions[number])

    def in_range(self, first: int | None, last: int | None) -> Column:
        """Return, for each event, whether its time may lie between two days.

        An uncertain time may where any of its days does.
        """
        mask = np.zeros(self.count, dtype=bool)
        dated = mask[: self.dated]
        dated[:] = True
        if first is not None:
            dated &= self.latest[: self.dated] >= first
        if last is not None:
            dated &= self.earliest[: self.dated] <= last
        return mask

    def matching(self, question: Question) -> Column:
        """Return, for each event, whether its label, names or quoted words have all that is asked for."""
        return self._text.matching(question)

    def finds_as(self, other: "Index") -> bool:
        """Tell whether words are found where another index of as many events finds them; looks at some of them."""
        return self._text.finds_as(other._text)

    def labelled(self, words: Sequence[str], most: int) -> Sequence[int]:
        """Return the positions of up to so many events whose labels have words that begin with each of these."""
        return self._text.labelled(words, most)

    def best(self, question: Question, limits: Limits) -> Sequence[int]:
        """Return the positions of the events that answer a question best, the best first."""
        return self._text.best(question, limits)
