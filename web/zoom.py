"""Zooming and panning: the same filters on fewer, more or other days, as plain addresses."""

import calendar
from dataclasses import dataclass
from datetime import date

from web.filters import Filters

__all__ = ["Zoom", "zoom_of"]

#: From so many days on, a range is written in years, and in months.
_YEARS, _MONTHS = 3 * 365, 120


@dataclass(frozen=True, slots=True)
class Zoom:
    """Where a reader can go from here; None where there is nothing to see."""

    closer: Filters | None
    wider: Filters | None
    earlier: Filters | None
    later: Filters | None


def zoom_of(filters: Filters, span: tuple[date, date] | None) -> Zoom:
    """Return where a reader can go from the days that filters name.

    :param span: the first day of all events and the last.
    """
    if span is None:
        return Zoom(None, None, None, None)
    begin, end = span[0].toordinal(), span[1].toordinal()
    first = filters.start.toordinal() if filters.start else begin
    last = max(first, filters.end.toordinal() if filters.end else end)
    days = last - first + 1
    half, quarter = max(1, days // 2), days // 4
    limited = filters.start is not None or filters.end is not None
    return Zoom(
        closer=_within(filters, first + quarter, first + quarter + half - 1) if days > 1 else None,
        wider=_wider(filters, first - half, last + half, begin, end) if limited else None,
        earlier=_within(filters, first - half, last - half) if limited and first > begin else None,
        later=_within(filters, first + half, last + half) if limited and last < end else None,
    )


def _wider(filters: Filters, first: int, last: int, begin: int, end: int) -> Filters:
    if first <= begin and last >= end:
        return filters.between("", "")
    return _within(filters, first, last)


def _within(filters: Filters, first: int, last: int) -> Filters:
    """Return the filters on other days, written in years or months where the days are many."""
    days = last - first + 1
    start, end = (date.fromordinal(min(max(1, day), date.max.toordinal())) for day in (first, last))
    if days > _YEARS:
        return filters.between(f"{start.year:04}", f"{end.year:04}")
    if days > _MONTHS:
        # Whole months: the nearest ones, so that a range keeps its length however often it is moved.
        if start.day > 15:
            start = date(start.year, start.month, calendar.monthrange(start.year, start.month)[1])
            start = date.fromordinal(min(start.toordinal() + 1, date.max.toordinal()))
        if end.day < 15:
            end = date.fromordinal(max(1, end.replace(day=1).toordinal() - 1))
        return filters.between(f"{start.year:04}-{start.month:02}", f"{end.year:04}-{end.month:02}")
    return filters.between(start.isoformat(), end.isoformat())
