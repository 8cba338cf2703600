"""An event: what, who, where and when, all reports of it, where they differ, and what has been said about it."""

import pyoxigraph as ox

from web.queries import select
from web.views.disagreement import disagreements_of
from web.views.offices import offices_at
from web.views.reports import reports_of
from web.views.series import series_of
from web.views.shared import Json, View

__all__ = ["event_view"]


def event_view(view: View, key: str) -> Json | None:
    """Return what the page of an event shows; None if there is no such event."""
    entry = view.timeline.entry(key)
    if entry is None:
        return None
    event = view.event(entry)
    node = ox.NamedNode(view.iris.thing(key))
    reports = reports_of(view, key)
    claims = view.claims(select(view.store, "claims_about", event=node))
    offices = offices_at(view, key)
    return {
        **event,
        "actors": [{**actor, "office": offices.get(actor["key"])} for actor in event["actors"]],
        "kind": "Event",
        "reports": reports,
        "records": [report for report in reports if report["record"]],
        "disagreements": disagreements_of(view, event, reports),
        **_parts(view, node),
        "speakers": view.by_speaker(claims),
        "series": series_of(view, entry),
        "before": _neighbour(view, key, -1),
        "after": _neighbour(view, key, 1),
    }


def _neighbour(view: View, key: str, step: int) -> Json | None:
    entry = view.timeline.neighbour(key, step)
    return view.event(entry) if entry else None


def _parts(view: View, node: ox.NamedNode) -> Json:
    """Return the events that one is a part of, and its parts, each in order of time."""
    keys: dict[str, set[str]] = {"whole": set(), "part": set()}
    for row in select(view.store, "event_parts", event=node):
        keys[row["what"].value].add(view.iris.key(row["other"].value) or "")
    found = {
        what: [view.event(e) for e in view.timeline.with_keys(some) if view.minimum.admits(e.confidence)]
        for what, some in keys.items()
    }
    return {"part_of": found["whole"], "parts": found["part"]}
