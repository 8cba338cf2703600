"""What the page of a thing draws: a map, whom somebody meets, and offices over time."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from graph.index.columns import Column
from web.drawing.map import Map, Pin, draw_map, positions
from web.drawing.network import MOST, draw_network
from web.views.shared import Json, View

__all__ = ["Lane", "drawings", "lanes_of"]

#: Most places on a map.
_PLACES = 60


class Lane(NamedTuple):
    """An office, and where the days of its events are, in percent of the time that all offices fill.

    :param first: the first day of that time.
    :param last: its last day.
    """

    office: Json
    days: list[float]
    first: str
    last: str


def drawings(view: View, key: str, values: Json) -> dict[str, Any]:
    """Return the drawings of a page by name; None for what there is not enough for.

    :param values: what the page shows.
    """
    kind, _, slug = key.partition("/")
    if "/" in slug or kind not in ("event", "person", "organization", "place"):
        return {"map": None, "network": None, "lanes": None}
    if kind == "event":
        counts = {link["key"]: 1 for link in values["places"] if link["key"]}
    else:
        counts = {key: 1} if kind == "place" else _places(view, view.positions(kind, slug))
    together = values.get("together") or []
    pairs = _pairs(view, view.positions(kind, slug), [link["key"] for link in together[:MOST]])
    return {
        "map": _map(view, counts),
        "network": draw_network(values["name"], together, pairs) if together else None,
        "lanes": lanes_of(values.get("offices") or []),
    }


def _places(view: View, some: Column) -> dict[str, int]:
    """Return how many of some events took place at each place."""
    facets = view.timeline.index.facets
    counts = facets["place"].marked(some[facets["status"].holding(some, ("occurred",))])
    return {f"place/{facets['place'].slug(n)}": int(counts[n]) for n in np.flatnonzero(counts).tolist()}


def _map(view: View, counts: Mapping[str, int]) -> Map | None:
    known = positions(view.snapshot)
    chosen = sorted((k for k in counts if k in known), key=lambda k: (-counts[k], k))[:_PLACES]
    if not chosen:
        return None
    pins = [Pin(k, view.link(k)["name"], *known[k], counts[k]) for k in chosen]
    return draw_map(pins, sorted(view.link(k)["name"] for k in counts if k not in known))


def _pairs(view: View, some: Column, keys: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return how many of some events each two of those with these keys have in common."""
    index = view.timeline.index
    asked = [(index.facets[kind], slug) for kind, _, slug in (key.partition("/") for key in sorted(keys))]
    # As numbers that the machine multiplies fastest; they count to more than there are events.
    took_part = np.array([facet.having([slug], every=True)[some] for facet, slug in asked], dtype=np.float64)
    shared = took_part @ took_part.T if len(asked) else took_part
    return {
        (one, other): int(shared[a, b]) for (a, one), (b, other) in combinations(enumerate(sorted(keys)), 2)
    }  # fmt: skip


def lanes_of(offices: Sequence[Json]) -> list[Lane] | None:
    """Return a lane for each office with days; None if that is fewer than two.

    Days, and no bar from the first to the last: somebody may have left an office and come back.
    """
    dated = [(office, [date.fromisoformat(day) for day in office["days"]]) for office in offices if office["days"]]
    if len(dated) < 2:
        return None
    first, last = min(min(days) for _, days in dated), max(max(days) for _, days in dated)
    length = max(1, (last - first).days)
    return [
        Lane(
            office,
            # A screen has no more than some thousand columns.
            sorted({round(0.5 + 99 * (day - first).days / length, 1) for day in days}),
            first.isoformat(),
            last.isoformat(),
        )
        for office, days in dated
    ]
