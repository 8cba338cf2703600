"""Two people, organizations or places beside each other: their events, and what each says of the same and the other."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import numpy as np

from graph.index.claims import Claim
from graph.index.columns import Column
from web.timeline.timeline import Entries
from web.views.said import Said
from web.views.series import meetings_in
from web.views.shared import Json, View

__all__ = ["COMPARED", "Comparison", "Row", "comparison", "draw_rows"]

#: Kinds that can be compared.
COMPARED = ("person", "organization", "place")
#: Most events and claims of a list on the page.
_CAP = 100


class Comparison(NamedTuple):
    """What a comparison has.

    :param values: what the page and its JSON show.
    :param both: the events of both.
    :param days: first days of the events of one alone, of both, and of the other alone, in order.
    """

    values: Json
    both: Entries
    days: tuple[Column, Column, Column]


class Row(NamedTuple):
    """A row of the drawing.

    :param total: how many events there are.
    :param dated: how many of them are drawn.
    :param marks: where, in percent; those that one could not tell apart are one.
    """

    name: str
    total: int
    dated: int
    marks: list[float]


def comparison(view: View, a: str, b: str) -> Comparison:
    """Compare two things.

    :param a: key of a person, organization or place.
    :param b: key of another.
    """
    found = [view.positions(*_facet(key)) for key in (a, b)]
    common = np.intersect1d(found[0], found[1], assume_unique=True)
    alone = [np.setdiff1d(found[i], common, assume_unique=True) for i in (0, 1)]
    both = view.timeline.at(common)
    claims = [Said(view, key) for key in (a, b)]
    sides = [
        {
            **view.link(key),
            "events": len(positions),
            "meetings": len(meetings_in(view, positions)),
            "claims": len(said),
            "timeline": view.timeline_of(*_facet(key)),
            **_span(_first_days(view, positions)),
        }
        for key, positions, said in zip((a, b), found, claims, strict=True)
    ]
    told = [_by_event(view, one, set(common.tolist())) for one in claims]
    same = sorted(told[0].keys() & told[1].keys())[:_CAP]
    about = [sorted({number for some in one.values() for number in some})[:_CAP] for one in told]
    shown = [
        _shown(claims[i], [*about[i], *(number for position in same for number in told[i][position])]) for i in (0, 1)
    ]
    values = {
        "a": sides[0],
        "b": sides[1],
        "both": {
            "events": len(both),
            "meetings": len(meetings_in(view, common)),
            "timeline": view.urls.timeline([_facet(a), _facet(b)]),
        },
        "events": [view.event(entry) for entry in both[:_CAP]],
        "same_event": [
            {
                "event": view.event(view.timeline.entries[position]),
                "said": [[shown[i][number] for number in told[i][position]] for i in (0, 1)],
            }
            for position in same
        ],
        "common_claims": [[shown[i][number] for number in about[i]] for i in (0, 1)],
        "of_each_other": [claims[i].shown(claims[i].having(_naming(sides[1 - i]["name"]))[:_CAP]) for i in (0, 1)],
    }
    days = [_first_days(view, positions) for positions in (alone[0], common, alone[1])]
    return Comparison(values, both, (days[0], days[1], days[2]))


def draw_rows(compared: Comparison) -> tuple[list[Row], list[tuple[float, int]]] | None:
    """Return three rows on one scale of time, and where its years stand; None if no event has a day."""
    names = (compared.values["a"]["name"], "Both", compared.values["b"]["name"])
    dated = [_dated(some) for some in compared.days]
    days = np.concatenate(dated)
    if not len(days):
        return None
    first, last = date.fromordinal(int(days.min())).year, date.fromordinal(int(days.max())).year + 1
    start, end = date(first, 1, 1).toordinal(), date(min(last, 9999), 1, 1).toordinal()
    length = max(1, end - start)
    rows = [
        # A screen has no more than some thousand columns.
        Row(name, len(every), len(some), np.unique(np.round(100 * (some - start) / length, 1)).tolist())
        for name, every, some in zip(names, compared.days, dated, strict=True)
    ]
    # On a phone there is room for six years beside each other.
    step = max(1, -(-(last - first) // 6))
    at = [(round(100 * (date(year, 1, 1).toordinal() - start) / length, 2), year) for year in range(first, last, step)]
    # What would stand at the right edge is drawn to the left of it: there the year before leaves no room.
    return rows, [(x, year) for x, year in at if x <= 86]


def _facet(key: str) -> tuple[str, str]:
    kind, _, slug = key.partition("/")
    return kind, slug


def _first_days(view: View, positions: Column) -> Column:
    return view.timeline.index.first[positions]


def _dated(days: Column) -> Column:
    return days[days <= date.max.toordinal()]


def _span(days: Column) -> dict[str, str | None]:
    some = _dated(days)
    ends = (int(some.min()), int(some.max())) if len(some) else (None, None)
    return {
        name: None if end is None else date.fromordinal(end).isoformat()
        for name, end in zip(("first", "last"), ends, strict=True)
    }


def _by_event(view: View, claims: Said, positions: set[int]) -> dict[int, list[int]]:
    """Return the numbers of the claims about each of some events."""
    found: dict[int, list[int]] = {}
    for number, about in claims.about() if positions else ():
        for event in about:
            position = view.timeline.index.position(event)
            if position is not None and position in positions:
                found.setdefault(position, []).append(number)
    return found


def _shown(claims: Said, numbers: Iterable[int]) -> dict[int, Json]:
    some = sorted(set(numbers))
    return dict(zip(some, claims.shown(some), strict=True))


def _naming(name: str) -> Callable[[Claim], bool]:
    """Return what tells whether the words of a claim have a name: whole, or the last word of one of two or more."""
    words = name.split()
    pattern = "|".join(re.escape(one) for one in {name, *(words[-1:] if len(words) > 1 and len(words[-1]) > 2 else ())})
    sought = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
    return lambda claim: sought.search(claim.words[0]) is not None
