"""What the page of a thing draws: a map, whom somebody meets, and offices over time."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from web.map import Pin, draw_map, positions
from web.network import draw_network
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
    entries = view.entries(kind, slug) if kind in ("person", "organization") else []
    counts = Counter(place for entry in entries if entry.status == "occurred" for place in set(entry.places))
    if kind == "event":
        counts.update(link["key"] for link in values["places"] if link["key"])
    elif kind == "place":
        counts[key] += 1
    known = positions(view.snapshot)
    chosen = sorted((k for k in counts if k in known), key=lambda k: (-counts[k], k))[:_PLACES]
    pins = [Pin(k, view.link(k)["name"], *known[k], counts[k]) for k in chosen]
    missing = sorted(view.link(k)["name"] for k in counts if k not in known)
    together = values.get("together") or []
    return {
        "map": draw_map(pins, missing),
        "network": draw_network(values["name"], together, (e.actors for e in entries)) if together else None,
        "lanes": lanes_of(values.get("offices") or []),
    }


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
            [round(0.5 + 99 * (day - first).days / length, 2) for day in days],
            first.isoformat(),
            last.isoformat(),
        )
        for office, days in dated
    ]
