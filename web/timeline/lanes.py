"""Lanes: the events of each of a few people or places along one axis, so that they can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from web.drawing.band import Band, Bar, stack
from web.drawing.columns import columns_of, count_columns
from web.timeline.filters import Filters
from web.timeline.found import FacetValue, Found
from web.timeline.timeline import Timeline

__all__ = ["Lane", "draw_lanes"]

_MOST = 12
_HEIGHT = 30
# Coarser than the drawing above: there are many lanes.
_COLUMNS = 50


@dataclass(frozen=True, slots=True)
class Lane:
    """The events of one person or place. Height in pixels.

    :param dated: how many of its events are drawn.
    :param first: day of the first one; None if none has a date.
    """

    value: FacetValue
    bars: Sequence[Bar]
    height: float
    dated: int
    first: date | None
    last: date | None


def draw_lanes(timeline: Timeline, found: Found, filters: Filters, band: Band | None) -> list[Lane]:
    """Draw a lane for each value of the facet that filters group by: chosen ones, and those with most events.

    :param band: what stands above the lanes; they have its axis.
    """
    if not filters.group or band is None:
        return []
    index, facet = timeline.index, timeline.index.facets[filters.group]
    left, right = band.left.toordinal(), band.right.toordinal() + 1
    columns = columns_of(left, right, _COLUMNS)
    lanes = []
    for value in found.values(filters.group, _MOST)[:_MOST]:
        number = facet.number(value.value)
        if number is None:
            continue
        positions = facet.events(number)
        positions = positions[found.mask[positions] & (positions < index.dated)]
        first = index.first[positions]
        lanes.append((value, count_columns(columns, first, index.drawn[positions]), first))
    tallest = max((int(counts.sum(axis=1).max()) for _, counts, _ in lanes), default=1) or 1
    return [
        Lane(
            value,
            stack(columns, counts, left, right, _HEIGHT, tallest, root=True),
            _HEIGHT,
            len(first),
            date.fromordinal(int(first[0])) if len(first) else None,
            date.fromordinal(int(first[-1])) if len(first) else None,
        )
        for value, counts, first in lanes
    ]
