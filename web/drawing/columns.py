"""Columns of the band: how many events begin in each day, month, year or decade, by how they are drawn.

Counting works on arrays, which suits a million events; what is sent is never more than a hundred columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from graph.index import CERTAINTIES, STATUSES
from graph.index.columns import Column

__all__ = ["KINDS", "YEAR_STEPS", "Columns", "columns_of", "count_columns"]

#: How events are drawn, the lowest in a column first. What did not take place stands above what did.
KINDS = ("certain", "uncertain", "open", "planned", "cancelled", "unreal")
#: Code of the index -> number of the kind.
_KIND_OF = np.array(
    [KINDS.index(known if status == "occurred" else status) for status in STATUSES for known in CERTAINTIES]
)
_MOST = 100
YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000)
_LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Columns:
    """Where columns begin, and the unit that they stand for.

    :param edges: first day of each column, as ordinals, and the day after the last.
    """

    unit: str
    edges: Sequence[int]

    def days(self, number: int) -> tuple[date, date]:
        """Return the first and the last day of a column."""
        last = min(max(self.edges[number], self.edges[number + 1] - 1), _LAST)
        return date.fromordinal(self.edges[number]), date.fromordinal(last)


def columns_of(left: int, right: int, most: int = _MOST) -> Columns:
    """Return the finest columns, not more than so many, from one day to the day before another."""
    if right - left <= most:
        return Columns("day", range(left, right + 1))
    first, last = date.fromordinal(max(1, left)), date.fromordinal(min(right - 1, _LAST))
    years = last.year - first.year + 1
    if years * 12 <= most:
        starts = [(year, month) for year in range(first.year, last.year + 2) for month in range(1, 13)]
        edges = [_ordinal(year, month) for year, month in starts]
        kept = [n for n in range(len(edges) - 1) if edges[n + 1] > left and edges[n] < right]
        return Columns("month", edges[kept[0] : kept[-1] + 2])
    step = next((s for s in YEAR_STEPS if years / s <= most - 1), YEAR_STEPS[-1])
    begun = range(first.year - first.year % step, last.year + step + 1, step)
    edges = [_ordinal(max(1, year), 1) for year in begun]
    while len(edges) > 2 and edges[-2] >= right:
        edges.pop()
    return Columns("year" if step == 1 else "decade" if step == 10 else f"{step} years", edges)


def count_columns(columns: Columns, first: Column, drawn: Column) -> Column:
    """Return how many events there are by column and kind.

    :param first: the day that each event stands at, in order.
    :param drawn: how each is drawn, by the index.
    """
    # What began before the first column, and lasts into it, counts in it. Days of another type would all be copied.
    borders = np.searchsorted(first, np.array(columns.edges[1:-1], dtype=first.dtype)).tolist()
    parts = (drawn[start:end] for start, end in pairwise([0, *borders, len(first)]))
    by_code = np.array([np.bincount(part, minlength=len(_KIND_OF)) for part in parts])
    counts = np.zeros((len(by_code), len(KINDS)), dtype=np.int64)
    for code, kind in enumerate(_KIND_OF):
        counts[:, kind] += by_code[:, code]
    return counts


def _ordinal(year: int, month: int) -> int:
    return date(year, month, 1).toordinal() if year <= date.max.year else _LAST + 1
