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
    """An office, and from where to where its bar goes, in percent of the time that all of them fill."""

    office: Json
    x: float
    width: float


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
    """Return a lane for each office whose days are known; None if that is fewer than two."""
    dated = [(o, date.fromisoformat(o["first"]), date.fromisoformat(o["last"])) for o in offices if o["first"]]
    if len(dated) < 2:
        return None
    first, last = min(start for _, start, _ in dated), max(end for _, _, end in dated)
    days = max(1, (last - first).days)
    return [
        Lane(office, round(99 * (start - first).days / days, 2), round(max(1.0, 99 * (end - start).days / days), 2))
        for office, start, end in dated
    ]
