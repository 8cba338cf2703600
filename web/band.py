"""The band above the timeline: events drawn along the years, exact times solid, uncertain ones hatched.

Positions are percentages of the width, so the drawing fits any screen without its words shrinking.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from web.timeline import Entry

__all__ = ["Band", "Bar", "Tick", "draw"]

#: Up to so many events are drawn one by one; more are counted by year or month.
_SINGLE = 60
_LANES = 10
_LANE_HEIGHT = 14
_HEIGHT = 96
_MAX_COLUMNS = 100
_YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: one event (``entry``), or the events between two days (``first``, ``last``). x, width in percent."""

    x: float
    width: float
    y: float
    height: float
    certain: bool
    entry: Entry | None = None
    first: date | None = None
    last: date | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis; x in percent. Minor ones are left out on small screens."""

    x: float
    label: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The drawing; heights in pixels."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    height: float
    first: date
    last: date
    uncertain: int
    total: int


def draw(entries: Sequence[Entry]) -> Band | None:
    """Draw dated events; None if there are none."""
    spans = [(entry, *_span(entry)) for entry in entries if entry.dated]
    if not spans:
        return None
    start, end = min(span[1] for span in spans), max(span[2] for span in spans)
    margin = max(1, (end - start) // 50)
    left, right = max(1, start - margin), min(date.max.toordinal(), end + margin + 1)
    scale = 100 / (right - left)
    lanes = _lanes(spans, left, scale) if len(spans) <= _SINGLE else None
    if lanes:
        bars, height = lanes
    else:
        bars, height = _columns(spans, left, right, scale), _HEIGHT
    return Band(
        bars=bars,
        ticks=_ticks(left, right, scale),
        height=height,
        first=date.fromordinal(start),
        last=date.fromordinal(end),
        uncertain=sum(not entry.certain for entry, _, _ in spans),
        total=len(spans),
    )


def _span(entry: Entry) -> tuple[int, int]:
    """Return the first and the last day to draw; an open end is drawn as one day."""
    days = [day.toordinal() for day in (entry.earliest, entry.latest) if day is not None]
    return min(days), max(days)


def _lanes(spans: Sequence[tuple[Entry, int, int]], left: int, scale: float) -> tuple[list[Bar], float] | None:
    """Lay events out in lanes without overlap; None if that takes too many."""
    ends: list[float] = []
    placed: list[tuple[int, Entry, float, float]] = []
    for entry, first, last in sorted(spans, key=lambda s: (s[1], -s[2], s[0].key)):
        x, width = (first - left) * scale, max((last - first + 1) * scale, 0.9)
        lane = next((n for n, lane_end in enumerate(ends) if lane_end + 0.3 <= x), len(ends))
        if lane == _LANES:
            return None
        ends[lane : lane + 1] = [x + width]
        placed.append((lane, entry, x, width))
    height = max(len(ends), 3) * _LANE_HEIGHT
    bars = [
        Bar(
            round(x, 3), round(width, 3), height - (lane + 1) * _LANE_HEIGHT + 2, _LANE_HEIGHT - 4, entry.certain, entry
        )
        for lane, entry, x, width in placed
    ]
    return bars, height


def _columns(spans: Sequence[tuple[Entry, int, int]], left: int, right: int, scale: float) -> list[Bar]:
    first_year, last_year = date.fromordinal(left).year, date.fromordinal(right - 1).year
    years = last_year - first_year + 1
    monthly = years * 12 <= _MAX_COLUMNS
    step = next((s for s in _YEAR_STEPS if years / s <= _MAX_COLUMNS), _YEAR_STEPS[-1])
    counts: dict[tuple[int, int], list[int]] = {}
    for entry, first, _ in spans:
        day = date.fromordinal(first)
        column = (day.year, day.month) if monthly else (day.year - day.year % step, 0)
        counts.setdefault(column, [0, 0])[entry.certain] += 1
    tallest = max(sum(pair) for pair in counts.values())
    bars = []
    for (year, month), (hatched, solid) in sorted(counts.items()):
        first_day = date(max(year, 1), month or 1, 1)
        following = _following(year, month, step)
        x = max(0.0, (first_day.toordinal() - left) * scale)
        width = max(min(100.0, (following.toordinal() - left) * scale) - x - 0.12, 0.3)
        y = float(_HEIGHT)
        last_day = date.fromordinal(following.toordinal() - 1)
        for certain, count in ((True, solid), (False, hatched)):
            if count:
                height = max(2.0, count / tallest * (_HEIGHT - 4))
                y -= height
                bars.append(
                    Bar(round(x, 3), round(width, 3), round(y, 2), round(height, 2), certain,
                        first=first_day, last=last_day, count=count)
                )  # fmt: skip
    return bars


def _following(year: int, month: int, step: int) -> date:
    if month:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        step = 0
    return date(year + step, month or 1, 1) if year + step <= date.max.year else date.max


def _ticks(left: int, right: int, scale: float) -> list[Tick]:
    first, last = date.fromordinal(left), date.fromordinal(right - 1)
    years = last.year - first.year + 1
    marks: list[tuple[date, str]]
    if years <= 2:
        step = 1 if (right - left) <= 200 else 3
        marks = [
            (date(year, month, 1), f"{date(year, month, 1):%b} {year}")
            for year in range(first.year, last.year + 1)
            for month in range(1, 13, step)
        ]
    else:
        step = next((s for s in _YEAR_STEPS if years / s <= 9), _YEAR_STEPS[-1])
        marks = [
            (date(year, 1, 1), str(year)) for year in range(max(1, first.year - first.year % step), last.year + 1, step)
        ]
    shown = [(day, label) for day, label in marks if left <= day.toordinal() < right]
    # No words that the edge would cut off.
    return [
        Tick(round(x, 3), label, minor=bool(n % 2))
        for n, (day, label) in enumerate(shown)
        if (x := (day.toordinal() - left) * scale) <= 94
    ] or [Tick(0.0, f"{first.day} {first:%B} {first.year}", minor=False)]
