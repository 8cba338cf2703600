"""An event: what, who, where and when, all reports of it, where they differ, and what has been said about it."""

from collections.abc import Mapping

import pyoxigraph as ox

from web.queries import select
from web.views.disagreement import disagreements_of
from web.views.offices import offices_at
from web.views.paged import FIRST, claims_part, part_of
from web.views.reports import complete, reports_of
from web.views.series import series_of
from web.views.shared import Json, View

__all__ = ["event_view"]

#: Official records that stand among the facts of an event; all are among its reports.
_RECORDS = 20


def event_view(view: View, key: str, pages: Mapping[str, int] = FIRST) -> Json | None:
    """Return what the page of an event shows; None if there is no such event.

    :param pages: which page of its ``reports`` and of its ``claims``.
    :raises NotFoundError: if there is no such page.
    """
    entry = view.timeline.entry(key)
    if entry is None:
        return None
    event = view.event(entry)
    node = ox.NamedNode(view.iris.thing(key))
    reports = reports_of(view, key)
    shown = part_of(reports, pages.get("reports", 1))
    claims = claims_part(view, select(view.store, "claims_about", event=node), pages.get("claims", 1))
    offices = offices_at(view, key)
    return {
        **event,
        "actors": [{**actor, "office": offices.get(actor["key"])} for actor in event["actors"]],
        "kind": "Event",
        "reports": [complete(view, report) for report in shown.items],
        **shown.described("reports"),
        "records": [report for report in reports if report["record"]][:_RECORDS],
        "disagreements": disagreements_of(view, event, reports),
        **_parts(view, node),
        "speakers": view.by_speaker(list(claims.items)),
        **claims.described("claims"),
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
