"""How the rows of a table move when some go and some come: all that stays is copied as it is, in long pieces."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from graph.index.columns import Column, Texts, write_pieces

__all__ = ["GONE", "Moves", "owners", "ranges", "regrouped"]

#: Stands for the new row of what is gone.
GONE = -1


class Moves:
    """What goes from a table and what comes into it; the other rows stay in their order.

    :param count: how many rows there were.
    :param gone: the rows that go, in order, each once.
    :param come: for each row that comes, the row that there was before which it stands, in order.
    """

    def __init__(self, count: int, gone: Sequence[int] | Column, come: Sequence[int] | Column) -> None:
        self._before = count
        self._gone, self._come = np.asarray(gone, dtype=np.int64), np.asarray(come, dtype=np.int64)
        # Where the new rows are put once the others have gone.
        self._at = self._come - np.searchsorted(self._gone, self._come)

    @property
    def count(self) -> int:
        """How many rows there are now."""
        return self._before - len(self._gone) + len(self._come)

    @cached_property
    def rows(self) -> Column:
        """The new row of each that there was; :data:`GONE` for what is gone."""
        stays = np.ones(self._before, dtype=bool)
        stays[self._gone] = False
        rows = np.cumsum(stays) - 1 + np.searchsorted(self._come, np.arange(self._before), side="right")
        rows[self._gone] = GONE
        return rows

    @cached_property
    def new(self) -> Column:
        """The rows of those that came."""
        return self._at + np.arange(len(self._at))

    def column(self, old: Column, new: Sequence[float] | Column) -> Column:
        """Return a column after the moves.

        :param new: what is in the rows that come.
        """
        stayed = np.delete(old, self._gone) if len(self._gone) else old
        return np.insert(stayed, self._at, new) if len(self._at) else stayed

    def write_texts(self, folder: Path, name: str, old: Texts, new: Sequence[bytes]) -> None:
        """Write texts after the moves.

        :param new: those of the rows that come.
        :raises OSError: if they cannot be written.
        """
        lengths = self.column(np.diff(old.at), np.fromiter(map(len, new), dtype=np.uint64, count=len(new)))
        pieces = (new[piece] if isinstance(piece, int) else old.between(*piece) for piece in self._pieces())
        write_pieces(folder, name, pieces, lengths)

    def parts(self, starts: Column, lengths: Sequence[int]) -> "Moves":
        """Return how the parts of the rows move, where each row has some of them, one after the other.

        :param starts: where the parts of each row began, and where they ended.
        :param lengths: how many parts each row has that comes.
        """
        return Moves(
            int(starts[-1]), ranges(starts, self._gone), np.repeat(starts[self._come].astype(np.int64), lengths)
        )

    def _pieces(self) -> Iterator[tuple[int, int] | int]:
        """Yield what the table is made of: rows from one to another that there were, or the number of a new one."""
        steps = [(int(row), 0, number) for number, row in enumerate(self._come)]
        steps += [(int(row), 1, 0) for row in self._gone]
        at = 0
        for row, goes, number in sorted(steps):
            if row > at:
                yield at, row
                at = row
            if goes:
                at = row + 1
            else:
                yield number
        if self._before > at:
            yield at, self._before


def ranges(starts: Column, rows: Column) -> Column:
    """Return the numbers of the parts of some rows, one after the other.

    :param starts: where the parts of each row begin, and where they end.
    """
    first = starts[rows].astype(np.int64)
    lengths = starts[rows + 1].astype(np.int64) - first
    return np.repeat(first - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))


def owners(ends: Column) -> Column:
    """Return the number of the row that each part is of.

    :param ends: where the parts of each row begin, and where the last ones end.
    """
    lengths: Column = np.diff(ends.astype(np.int64))
    return np.repeat(np.arange(len(lengths)), lengths)


def regrouped(
    rows: Column, values: Column, count: int, new: Iterable[tuple[int, int]], *, sort: bool
) -> tuple[Column, Column]:
    """Return rows by value, and where those of each value end, after the moves.

    :param rows: the rows of each value, those of one after those of another, in order; :data:`GONE` for what is gone.
    :param values: the value of each of these.
    :param count: how many values there are.
    :param new: values with rows that come.
    :param sort: whether values stand in another order than they did.
    """
    stays = rows != GONE
    rows, values = rows[stays], values[stays]
    if sort:
        order = np.argsort(values, kind="stable")
        rows, values = rows[order], values[order]
    totals = np.bincount(values, minlength=count)
    ends = np.concatenate([[0], np.cumsum(totals)])
    pairs = sorted(new)
    at = [int(ends[v] + np.searchsorted(rows[ends[v] : ends[v + 1]], row)) for v, row in pairs]
    if pairs:
        rows = np.insert(rows, at, [row for _, row in pairs])
        ends[1:] += np.cumsum(np.bincount([v for v, _ in pairs], minlength=count))
    return rows.astype(np.uint32), ends.astype(np.uint32)
