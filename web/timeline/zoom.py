"""Zooming and panning: the same filters on fewer, more or other days, as plain addresses."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from web.timeline.filters import Filters

__all__ = ["Years", "Zoom", "years_of", "zoom_of"]

#: From so many days on, a range is written in years, and in months.
_YEARS, _MONTHS = 3 * 365, 120
#: Years of a part of the strip, and most parts of it.
_STEPS, _PARTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000), 20


@dataclass(frozen=True, slots=True)
class Zoom:
    """Where a reader can go from here; None where there is nothing to see."""

    closer: Filters | None
    wider: Filters | None
    earlier: Filters | None
    later: Filters | None


class Years(NamedTuple):
    """A part of the strip of all years.

    :param label: its years, as ``1980–89``.
    :param to: the filters with these years.
    :param chosen: whether the days that the filters name are, or are partly, in it.
    """

    label: str
    to: Filters
    chosen: bool


def years_of(filters: Filters, span: tuple[date, date] | None) -> list[Years]:
    """Return the strip of all years that have events, in parts of the same length; empty where there is one year only.

    :param span: the first day of all events and the last.
    """
    if span is None or span[0].year == span[1].year:
        return []
    first, last = span[0].year, span[1].year
    step = next((s for s in _STEPS if last // s - first // s < _PARTS), _STEPS[-1])
    limited = filters.start is not None or filters.end is not None
    start = filters.start.year if filters.start else first
    end = filters.end.year if filters.end else last
    return [
        Years(
            _part(max(1, year), year + step - 1),
            filters.between(f"{max(1, year):04}", f"{min(year + step - 1, date.max.year):04}"),
            limited and start < year + step and year <= end,
        )
        for year in range(first - first % step, last + 1, step)
    ]


def _part(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first}–{last % 100:02}" if first // 100 == last // 100 else f"{first}–{last}"


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
