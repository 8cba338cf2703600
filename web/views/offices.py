"""The offices that people hold: each at the time of an event, and all of one person over time."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pyoxigraph as ox

from web.queries import select
from web.views.shared import Json, View, local_name
from web.words import OFFICES

__all__ = ["offices_at", "offices_of"]

#: Offices of a person on a page.
_MOST = 30


def offices_at(view: View, event: str) -> dict[str, Json]:
    """Return in which offices people take part in an event, by their keys, each with why and with its sources.

    :param event: the event's key.
    """
    found: dict[str, Json] = {}
    rows = select(view.store, "participations", event=ox.NamedNode(view.iris.thing(event)))
    for row in sorted(rows, key=lambda r: (r["office"].value, r["source"].value)):
        key = view.iris.key(row["person"].value)
        if key is None:
            continue
        rule = local_name(row["rule"].value) or ""
        office = found.setdefault(
            key,
            {
                "name": row["office"].value,
                "rule": view.link_iri(row["rule"].value, OFFICES.get(rule, rule)),
                "sources": [],
            },
        )
        source = view.link_iri(row["source"].value)
        if office["name"] == row["office"].value and source not in office["sources"]:
            office["sources"].append(source)
    return found


def offices_of(view: View, node: ox.NamedNode) -> Json:
    """Return the offices in which a person takes part in events, in order of time, with how many events.

    Of more than a page has room for, those with most events.
    """
    held: dict[str, tuple[str, set[str]]] = {}
    rows = select(view.store, "offices_of", person=node)
    # Of several ways to write one the first stands, whatever order the store has.
    for office, event in sorted((row["office"].value, row["event"].value) for row in rows):
        held.setdefault(office.casefold(), (office, set()))[1].add(event)
    most = sorted(held.values(), key=lambda one: (-len(one[1]), one[0]))[:_MOST]
    found = []
    for name, events in most:
        days = _days(view, events)
        found.append(
            {
                "name": name,
                "events": len(events),
                "days": days,
                "first": days[0] if days else None,
                "last": days[-1] if days else None,
            }
        )
    return {"offices": sorted(found, key=lambda o: (o["first"] or "9999", o["name"])), "office_count": len(held)}


def _days(view: View, events: Iterable[str]) -> list[str]:
    """Return the first and last days of events, in order."""
    index = view.timeline.index
    positions = [
        position
        for iri in events
        if (key := view.iris.key(iri)) is not None and (position := index.position(key)) is not None
    ]
    days = np.unique(np.concatenate([index.earliest[positions], index.latest[positions]])).tolist()
    # Open ends are no days.
    return [date.fromordinal(day).isoformat() for day in days if 0 < day <= date.max.toordinal()]
