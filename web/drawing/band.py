"""The band above the timeline: events drawn along the time, exact times solid, uncertain ones hatched.

A few events are drawn one by one, many as columns of days, months, years or decades. Positions are percentages of the
width, so the drawing fits any screen without its words shrinking.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import NamedTuple

import numpy as np

from graph.index import CERTAINTIES, STATUSES
from graph.index.columns import Column
from web.drawing.columns import KINDS, YEAR_STEPS, Columns, columns_of, count_columns
from web.timeline.filters import Filters
from web.timeline.found import Found
from web.timeline.timeline import Entry, Timeline
from web.words import date_in_words, day_of_year_in_words, month_in_words

__all__ = ["Band", "Bar", "Row", "Tick", "draw", "draw_found", "draw_positions", "stack"]

#: Up to so many events are drawn one by one; more are counted by day, month, year or more.
_SINGLE = 60
_LANES = 10
_LANE_HEIGHT = 14
_HEIGHT = 96
_LAST = date.max.toordinal()
#: Behind a mark up to here there is room for its label, in percent.
_LABELLED = 92
#: So far apart are two labels that stand on both sides of the space between their marks.
_APART = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: one event (``entry``), or the events between two days (``first``, ``last``). x, width in percent.

    :param kind: how it is drawn, see :data:`web.drawing.columns.KINDS`.
    :param open: which end of it is not known: ``start``, ``end`` or neither.
    """

    x: float
    width: float
    y: float
    height: float
    certain: bool
    entry: Entry | None = None
    first: date | None = None
    last: date | None = None
    count: int = 1
    kind: str = "certain"
    open: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis; x in percent. Minor ones are left out on small screens."""

    x: float
    label: str
    minor: bool

    @property
    def end(self) -> bool:
        """Whether the label stands before the mark, as the edge would cut it off behind."""
        return self.x > _LABELLED


class Row(NamedTuple):
    """A column: its days, kind -> how many events, and the bars of the kinds, the lowest first."""

    first: date
    last: date
    counts: dict[str, int]
    bars: Sequence[Bar] = ()

    @property
    def total(self) -> int:
        """How many events there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Band:
    """The drawing; heights in pixels.

    :param first: day of the first event that is drawn.
    :param left: first day of the axis.
    :param right: last day of the axis.
    :param kinds: how events are drawn here.
    :param unit: what a column stands for; empty where each event is drawn.
    :param rows: the columns in figures.
    """

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    height: float
    first: date
    last: date
    left: date
    right: date
    uncertain: int
    total: int
    kinds: Sequence[str]
    unit: str = ""
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class _Events:
    """Dated events in order of their first days, as columns. The last day of an open end is that of its beginning.

    :param last: makes the column of last days, which only few events need.
    :param end: the last day of all.
    """

    first: Column
    last: Callable[[], Column]
    end: int
    drawn: Column
    entry: Callable[[int], Entry]


def draw(entries: Sequence[Entry]) -> Band | None:
    """Draw dated events; None if there are none."""
    spans = sorted(((*_span(entry), entry) for entry in entries if entry.dated), key=lambda s: s[0])
    last = np.array([last for _, last, _ in spans], dtype=np.int64)
    return _draw(
        _Events(
            np.array([first for first, _, _ in spans], dtype=np.int64),
            lambda: last,
            int(last.max(initial=0)),
            np.array([_drawn(entry) for _, _, entry in spans], dtype=np.int64),
            lambda number: spans[number][2],
        )
    )


def draw_found(timeline: Timeline, found: Found, filters: Filters) -> Band | None:
    """Draw the dated events that filters leave, on the days that the filters name; None if there are none."""
    return draw_positions(timeline, found.in_time, filters.start, filters.end)


def draw_positions(
    timeline: Timeline, positions: Column, start: date | None = None, end: date | None = None
) -> Band | None:
    """Draw the events at some positions; None if there are none.

    :param positions: of dated events, in order of time.
    :param start: first day of the axis; by default, somewhat before the first event.
    :param end: its last day.
    """
    index = timeline.index
    # Dated events are the first of all: where none is left out, no column need be copied.
    some = slice(index.dated) if len(positions) == index.dated else positions
    first, last = index.first[some], index.latest[some]
    # What begins last ends no earlier than it begins, and an open end counts as a beginning.
    end_of_all = max(int(first[-1]), int(last.max(where=last <= _LAST, initial=0))) if len(first) else 0
    events = _Events(
        first,
        lambda: np.where(last > _LAST, first, last),
        end_of_all,
        index.drawn[some],
        lambda number: timeline.entries[int(positions[number])],
    )
    return _draw(events, start, end)


def stack(
    columns: Columns, counts: Column, left: int, right: int, height: float, tallest: float, *, root: bool = False
) -> list[Bar]:
    """Return the bars of columns, the kinds one above the other.

    :param root: whether a column is as high as the square root of its events says: so few are seen beside many.
    """
    scale, bars = 100 / (right - left), []
    for number, by_kind in enumerate(counts.tolist()):
        if not any(by_kind):
            continue
        x = max(0.0, (columns.edges[number] - left) * scale)
        end = min(100.0, (columns.edges[number + 1] - left) * scale)
        width, y = max(end - x - 0.12, 0.3), height
        first, last = columns.days(number)
        total = sum(by_kind)
        share = (math.sqrt(total / tallest) / total if root else 1 / tallest) * (height - 4)
        for kind, count in zip(KINDS, by_kind, strict=True):
            if count:
                tall = max(2.0, count * share)
                y -= tall
                bars.append(
                    Bar(round(min(x, 99.7), 3), round(width, 3), round(max(y, 0.0), 2), round(tall, 2),
                        kind == "certain", first=first, last=last, count=count, kind=kind)
                )  # fmt: skip
    return bars


def _draw(events: _Events, start: date | None = None, end: date | None = None) -> Band | None:
    total = len(events.first)
    if not total:
        return None
    first, last = int(events.first[0]), events.end
    margin = max(1, (last - first) // 50)
    left = max(1, first - margin) if start is None else start.toordinal()
    right = min(_LAST, last + margin + 1) if end is None else min(_LAST, end.toordinal() + 1)
    right = max(right, left + 1)
    single = _single(events, left, right) if total <= _SINGLE else None
    unit, rows = "", list[Row]()
    if single:
        bars, height = single
    else:
        columns = columns_of(left, right)
        counts = count_columns(columns, events.first, events.drawn)
        bars, height = stack(columns, counts, left, right, _HEIGHT, int(counts.sum(axis=1).max())), _HEIGHT
        unit, rows = columns.unit, _rows(columns, counts, bars)
    present = {bar.kind for bar in bars}
    return Band(
        bars=bars,
        ticks=_ticks(left, right, 100 / (right - left)),
        height=height,
        first=date.fromordinal(first),
        last=date.fromordinal(last),
        left=date.fromordinal(left),
        right=date.fromordinal(max(left, right - 1)),
        uncertain=int(np.count_nonzero(events.drawn % len(CERTAINTIES))),
        total=total,
        kinds=[kind for kind in KINDS if kind in present],
        unit=unit,
        rows=rows,
    )


def _rows(columns: Columns, counts: Column, bars: Sequence[Bar]) -> list[Row]:
    rows, left = [], iter(bars)
    for number, by_kind in enumerate(counts.tolist()):
        if any(by_kind):
            found = {kind: count for kind, count in zip(KINDS, by_kind, strict=True) if count}
            rows.append(Row(*columns.days(number), found, tuple(islice(left, len(found)))))
    return rows


def _span(entry: Entry) -> tuple[int, int]:
    """Return the first and the last day to draw; an open end is drawn as one day."""
    days = [day.toordinal() for day in (entry.earliest, entry.latest) if day is not None]
    return min(days), max(days)


def _drawn(entry: Entry) -> int:
    status = STATUSES.index(entry.status) if entry.status in STATUSES else 0
    known = 0 if entry.certain else 2 if entry.earliest is None or entry.latest is None else 1
    return status * len(CERTAINTIES) + known


def _single(events: _Events, left: int, right: int) -> tuple[list[Bar], float] | None:
    """Lay events out in lanes without overlap; None if that takes too many."""
    scale = 100 / (right - left)
    ends: list[float] = []
    placed: list[tuple[int, Entry, float, float]] = []
    spans = [
        (int(a), int(b), events.entry(n)) for n, (a, b) in enumerate(zip(events.first, events.last(), strict=True))
    ]
    for first, last, entry in sorted(spans, key=lambda s: (s[0], -s[1], s[2].key)):
        x = min(99.1, max(0.0, (first - left) * scale))
        width = max(min(100.0, (last - left + 1) * scale) - x, 0.9)
        lane = next((n for n, lane_end in enumerate(ends) if lane_end + 0.3 <= x), len(ends))
        if lane == _LANES:
            return None
        ends[lane : lane + 1] = [x + width]
        placed.append((lane, entry, x, width))
    height = max(len(ends), 3) * _LANE_HEIGHT
    return [_bar(entry, x, width, height - (lane + 1) * _LANE_HEIGHT + 2) for lane, entry, x, width in placed], height


def _bar(entry: Entry, x: float, width: float, y: float) -> Bar:
    known = CERTAINTIES[_drawn(entry) % len(CERTAINTIES)]
    kind = entry.status if entry.status in KINDS else known
    unknown = "" if known != "open" else "start" if entry.earliest is None else "end"
    return Bar(
        round(x, 3), round(width, 3), y, _LANE_HEIGHT - 4, entry.certain, entry, kind=kind, open=unknown
    )  # fmt: skip


def _ticks(left: int, right: int, scale: float) -> list[Tick]:
    first, last = date.fromordinal(left), date.fromordinal(right - 1)
    years = last.year - first.year + 1
    marks: list[tuple[date, str]]
    if right - left <= 70:
        step = max(1, (right - left) // 8)
        days = [date.fromordinal(number) for number in range(left, right, step)]
        marks = [
            (day, day_of_year_in_words(day.month, day.day, short=True) + (f" {day.year}" if n == 0 else ""))
            for n, day in enumerate(days)
        ]
    elif years <= 2:
        step = 1 if (right - left) <= 200 else 3
        marks = [
            (date(year, month, 1), month_in_words(year, month, short=True))
            for year in range(first.year, last.year + 1)
            for month in range(1, 13, step)
        ]
    else:
        step = next((s for s in YEAR_STEPS if years / s <= 9), YEAR_STEPS[-1])
        marks = [
            (date(year, 1, 1), str(year)) for year in range(max(1, first.year - first.year % step), last.year + 1, step)
        ]
    shown = [(day, label) for day, label in marks if left <= day.toordinal() < right]
    ticks = [
        Tick(round((day.toordinal() - left) * scale, 3), label, minor=bool(n % 2))
        for n, (day, label) in enumerate(shown)
    ]
    # Before its mark a label meets the one before, unless that is far; on a phone even then, if it is long.
    ticks = [
        replace(tick, label=tick.label if tick.x - before.x >= _APART else "", minor=tick.minor or len(tick.label) > 4)
        if tick.end
        else tick
        for before, tick in zip([Tick(-100.0, "", minor=False), *ticks], ticks, strict=False)
    ]
    return ticks or [Tick(0.0, date_in_words(first), minor=False)]
