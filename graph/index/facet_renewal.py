"""A facet of the index, made of the one before."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from graph.index.columns import Column, read_column, read_texts, write_column
from graph.index.moves import GONE, Moves, owners, regrouped
from graph.index.row import kinds_of, label_of, labelled
from graph.index.words import in_words

__all__ = ["FacetRenewal"]


class FacetRenewal:
    """Writes a facet as events come and go, and values with them or by other names.

    :param before: folder of the index before.
    :param events: how many events that has.
    """

    def __init__(self, before: Path, name: str, events: int) -> None:
        self._name, self._count = name, events
        self._starts, self._values, self._marks, self._events, self._ends, self._numbers, self._ranks = (
            read_column(before, f"{name}.{part}")
            for part in ("starts", "values", "marks", "events", "ends", "numbers", "ranks")
        )
        self._slugs, self._labels, self._words = (
            read_texts(before, f"{name}.{part}") for part in ("slugs", "labels", "words")
        )

    def events(self, slug: str) -> list[int]:
        """Return the positions that the events with a value had."""
        number = self._number(slug)
        found = [] if number is None else self._events[int(self._ends[number]) : int(self._ends[number + 1])].tolist()
        return [int(at) for at in found]

    def write(
        self,
        folder: Path,
        moves: Moves,
        values: Sequence[Sequence[str]],
        marks: Sequence[Sequence[bool] | None],
        renamed: Mapping[str, str | None],
        name_of: Callable[[str], str | None],
    ) -> bool:
        """Write the facet; return whether each event has exactly one value.

        :param moves: of the events.
        :param values: what each event has that comes.
        :param marks: which of these are marked; None where no value of the facet ever is.
        :param renamed: the keys of things that have another name than before.
        :param name_of: returns the name of a thing by its key.
        :raises OSError: if it cannot be written.
        """
        of = owners(self._ends)
        rows = moves.rows[self._events]
        left = np.bincount(of[rows != GONE], minlength=len(self._ranks))
        come = {slug for some in values for slug in some}
        lost = {int(n) for n in np.flatnonzero(left == 0) if self._slug(int(n)) not in come}
        relabelled = self._relabelled(renamed, name_of) - lost
        by_label, numbers, added = self._write_labels(folder, lost, relabelled, come, name_of)
        self._write_slugs(folder, lost, by_label.count, numbers, added)

        def number(slug: str) -> int:
            known = added.get(slug)
            return int(numbers[self._number(slug) or 0]) if known is None else known

        new = [[number(slug) for slug in some] for some in values]
        lengths = moves.column(np.diff(self._starts.astype(np.int64)), [len(some) for some in new])
        write_column(folder, f"{self._name}.starts", np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32))
        parts = moves.parts(self._starts, [len(some) for some in new])
        flat = parts.column(numbers[self._values], [one for some in new for one in some])
        write_column(folder, f"{self._name}.values", flat.astype(np.uint32))
        marked = [mark for some in marks if some is not None for mark in some]
        # Only places are marked; of other facets the column is empty.
        write_column(
            folder, f"{self._name}.marks", parts.column(self._marks, marked) if self._name == "place" else self._marks
        )
        pairs = [(one, int(row)) for row, some in zip(moves.new, new, strict=True) for one in some]
        grouped, ends = regrouped(rows, numbers[of], by_label.count, pairs, sort=bool(relabelled))
        write_column(folder, f"{self._name}.events", grouped)
        write_column(folder, f"{self._name}.ends", ends)
        return len(flat) == moves.count and bool(np.all(lengths == 1))

    def _write_labels(
        self, folder: Path, lost: set[int], relabelled: set[int], come: set[str], name_of: Callable[[str], str | None]
    ) -> tuple[Moves, Column, dict[str, int]]:
        """Write the labels; return how they move, the new number of each value, and those of the new values."""
        slugs = {slug for slug in come if self._number(slug) is None}
        again = {self._slug(number): number for number in relabelled}
        labels = {slug: label_of(self._name, slug, name_of) for slug in (*slugs, *again)}
        ordered = sorted(labels, key=lambda slug: labelled(labels[slug], slug))

        def order(number: int) -> tuple[str, str]:
            return labelled(self._labels[number].decode(), self._slug(number))

        places = [bisect_left(range(len(self._ranks)), labelled(labels[slug], slug), key=order) for slug in ordered]
        moves = Moves(len(self._ranks), sorted(lost | relabelled), places)
        moves.write_texts(folder, f"{self._name}.labels", self._labels, [labels[slug].encode() for slug in ordered])
        moves.write_texts(folder, f"{self._name}.words", self._words, [in_words(labels[slug]) for slug in ordered])
        numbers, added = moves.rows, dict[str, int]()
        for slug, number in zip(ordered, moves.new.tolist(), strict=True):
            if slug in again:
                numbers[again[slug]] = number
            else:
                added[slug] = number
        return moves, numbers, added

    def _write_slugs(self, folder: Path, lost: set[int], count: int, numbers: Column, added: Mapping[str, int]) -> None:
        """Write the values in order, with the number of each, and the other way round."""
        slugs = sorted(added)
        gone = sorted(int(self._ranks[number]) for number in lost)
        moves = Moves(len(self._slugs), gone, [self._slugs.place(slug.encode()) for slug in slugs])
        moves.write_texts(folder, f"{self._name}.slugs", self._slugs, [slug.encode() for slug in slugs])
        by_slug = moves.column(numbers[self._numbers], [added[slug] for slug in slugs]).astype(np.uint32)
        write_column(folder, f"{self._name}.numbers", by_slug)
        ranks = np.empty(count, dtype=np.uint32)
        ranks[by_slug] = np.arange(count, dtype=np.uint32)
        write_column(folder, f"{self._name}.ranks", ranks)

    def _relabelled(self, renamed: Mapping[str, str | None], name_of: Callable[[str], str | None]) -> set[int]:
        """Return the numbers of the values that are called otherwise than they were."""
        found = set[int]()
        kinds = kinds_of(self._name)
        for key in renamed:
            kind, _, slug = key.partition("/")
            number = self._number(slug) if kind in kinds else None
            if number is not None and label_of(self._name, slug, name_of) != self._labels[number].decode():
                found.add(number)
        return found

    def _number(self, slug: str) -> int | None:
        rank = self._slugs.find(slug.encode())
        return None if rank is None else int(self._numbers[rank])

    def _slug(self, number: int) -> str:
        return self._slugs[int(self._ranks[number])].decode()
