"""Where an event stands among the meetings of the same people: how many there are, which come before and after."""

from graph.index.columns import Column
from web.timeline.filters import Filters
from web.timeline.timeline import Entry
from web.views.shared import Json, View

__all__ = ["MEETINGS", "meetings_in", "series_of"]

#: Types of events at which people are together.
MEETINGS = frozenset({"Summit", "Meeting", "Call", "Negotiation", "Visit"})
#: Which of more meetings it is tells a reader nothing.
_LONGEST = 2000


def meetings_in(view: View, positions: Column) -> Column:
    """Return the positions, of some events, of those at which people met: of `MEETINGS`, if they took place."""
    facets = view.timeline.index.facets
    met = facets["type"].holding(positions, MEETINGS) & facets["status"].holding(positions, ("occurred",))
    return positions[met]


def series_of(view: View, entry: Entry) -> Json | None:
    """Return the meetings of all people of a meeting, those with others included; None if it is the only one.

    Where fewer than two people are known, organizations count as well. Meetings that did not take place don't count.
    """
    people = tuple(key.partition("/")[2] for key in entry.actors if key.startswith("person/"))
    organizations = tuple(key.partition("/")[2] for key in entry.actors if key.startswith("organization/"))
    if entry.type not in MEETINGS or entry.status != "occurred" or not entry.dated:
        return None
    facets = (("person", people),) if len(people) > 1 else (("person", people), ("organization", organizations))
    chosen = tuple((facet, values) for facet, values in facets if values)
    if sum(len(values) for _, values in chosen) < 2:
        return None
    found = view.timeline.find(Filters(facets=chosen, confidence=view.minimum)).in_time
    if not 1 < len(found) <= _LONGEST:
        return None
    met, position = meetings_in(view, found).tolist(), view.timeline.index.position(entry.key)
    if position not in met or len(met) < 2:
        return None
    place = met.index(position)
    return {
        "number": place + 1,
        "total": len(met),
        "people": [view.link(f"{facet}/{value}") for facet, values in chosen for value in values],
        "previous": view.event(view.timeline.entries[met[place - 1]]) if place else None,
        "next": view.event(view.timeline.entries[met[place + 1]]) if place + 1 < len(met) else None,
        "timeline": view.urls.timeline([(facet, value) for facet, values in chosen for value in values]),
    }
