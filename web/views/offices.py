"""The offices that people hold: each at the time of an event, and all of one person over time."""

import pyoxigraph as ox

from web.queries import select, text
from web.views.shared import Json, View, local_name
from web.words import OFFICES, day

__all__ = ["offices_at", "offices_of"]


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


def offices_of(view: View, node: ox.NamedNode) -> list[Json]:
    """Return the offices in which a person takes part in events, in order of time, with how many events."""
    held: dict[str, Json] = {}
    for row in sorted(select(view.store, "offices_of", person=node), key=str):
        office = row["office"].value
        known = held.setdefault(office.casefold(), {"name": office, "events": set(), "days": set()})
        known["events"].add(row["event"].value)
        known["days"] |= {day_ for name in ("earliest", "latest") if (day_ := day(text(row, name)))}
    found = [
        {
            "name": one["name"],
            "events": len(one["events"]),
            "days": sorted(day_.isoformat() for day_ in one["days"]),
            "first": min(one["days"]).isoformat() if one["days"] else None,
            "last": max(one["days"]).isoformat() if one["days"] else None,
        }
        for one in held.values()
    ]
    return sorted(found, key=lambda o: (o["first"] or "9999", o["name"]))
