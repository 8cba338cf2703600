"""Two people, organizations or places beside each other: their events, and what each says of the same and the other."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pyoxigraph as ox

from web.queries import select
from web.timeline import Entry
from web.views.series import MEETINGS
from web.views.shared import Json, View

__all__ = ["COMPARED", "Comparison", "Mark", "Row", "comparison", "draw_rows"]

#: Kinds that can be compared.
COMPARED = ("person", "organization", "place")
#: Most events and claims of a list on the page.
_CAP = 100


class Comparison(NamedTuple):
    """What a comparison has.

    :param values: what the page and its JSON show.
    :param both: the events of both.
    :param alone: for each of the two, the events without the other.
    """

    values: Json
    both: list[Entry]
    alone: tuple[list[Entry], list[Entry]]


class Mark(NamedTuple):
    """An event on a row: where, in percent."""

    entry: Entry
    x: float


class Row(NamedTuple):
    """A row of the drawing."""

    name: str
    total: int
    marks: list[Mark]


def comparison(view: View, a: str, b: str) -> Comparison:
    """Compare two things.

    :param a: key of a person, organization or place.
    :param b: key of another.
    """
    found = [_entries(view, key) for key in (a, b)]
    keys = [{entry.key for entry in entries} for entries in found]
    both = [entry for entry in found[0] if entry.key in keys[1]]
    alone = tuple([entry for entry in found[i] if entry.key not in keys[1 - i]] for i in (0, 1))
    claims = [view.claims(select(view.store, "claims_by", by=ox.NamedNode(view.iris.thing(key)))) for key in (a, b)]
    sides = [
        {
            **view.link(key),
            "events": len(entries),
            "meetings": sum(_is_meeting(entry) for entry in entries),
            "claims": len(said),
            "timeline": view.timeline_of(*_facet(key)),
            "first": _days(entries)[0],
            "last": _days(entries)[1],
        }
        for key, entries, said in zip((a, b), found, claims, strict=True)
    ]
    common = {entry.key for entry in both}
    same = [
        {"event": view.event(entry), "said": said}
        for entry in both
        if all(said := [[c for c in one if any(e["key"] == entry.key for e in c["about"])] for one in claims])
    ]
    values = {
        "a": sides[0],
        "b": sides[1],
        "both": {
            "events": len(both),
            "meetings": sum(_is_meeting(entry) for entry in both),
            "timeline": view.urls.timeline([_facet(a), _facet(b)]),
        },
        "events": [view.event(entry) for entry in both[:_CAP]],
        "same_event": same[:_CAP],
        "common_claims": [[c for c in one if any(e["key"] in common for e in c["about"])][:_CAP] for one in claims],
        "of_each_other": [_naming(claims[i], sides[1 - i]["name"])[:_CAP] for i in (0, 1)],
    }
    return Comparison(values, both, (alone[0], alone[1]))


def draw_rows(compared: Comparison) -> tuple[list[Row], list[tuple[float, int]]] | None:
    """Return three rows on one scale of time, and where its years stand; None if no event has a day."""
    groups = [
        (compared.values["a"]["name"], compared.alone[0]),
        ("Both", compared.both),
        (compared.values["b"]["name"], compared.alone[1]),
    ]
    days = [day for _, entries in groups for entry in entries if (day := _day(entry))]
    if not days:
        return None
    first, last = min(days).year, max(days).year + 1
    start, end = date(first, 1, 1).toordinal(), date(min(last, 9999), 1, 1).toordinal()
    length = max(1, end - start)
    rows = [
        Row(
            name,
            len(entries),
            [Mark(e, round(100 * (day.toordinal() - start) / length, 2)) for e in entries if (day := _day(e))],
        )
        for name, entries in groups
    ]
    step = max(1, -(-(last - first) // 8))
    years = range(first, last, step)
    return rows, [(round(100 * (date(year, 1, 1).toordinal() - start) / length, 2), year) for year in years]


def _entries(view: View, key: str) -> list[Entry]:
    return view.entries(*_facet(key))


def _facet(key: str) -> tuple[str, str]:
    kind, _, slug = key.partition("/")
    return kind, slug


def _is_meeting(entry: Entry) -> bool:
    return entry.status == "occurred" and entry.type in MEETINGS


def _day(entry: Entry) -> date | None:
    return entry.earliest or entry.latest


def _days(entries: Sequence[Entry]) -> tuple[str | None, str | None]:
    days = [day for entry in entries if (day := _day(entry))]
    return (min(days).isoformat(), max(days).isoformat()) if days else (None, None)


def _naming(claims: Sequence[Json], name: str) -> list[Json]:
    """Return the claims whose words have a name, whole, or the last word of the name of two or more."""
    words = name.split()
    pattern = "|".join(re.escape(one) for one in {name, *(words[-1:] if len(words) > 1 and len(words[-1]) > 2 else ())})
    sought = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
    return [claim for claim in claims if sought.search(claim["text"])]
