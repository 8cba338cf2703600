"""Whether two reports of different articles tell of one happening.

Their types must be of one family, their times and places must be able to be one, and enough of the people, places or
names must agree. A wrong merge is worse than a missed one: what is doubtful stays apart.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from graph.extract.model import EventType, Report
from graph.resolve.containment import Nearness, countries_of, is_country, nearness
from graph.resolve.profile import EXACT, NARROW, SLACK, YEAR, Profile, family

__all__ = ["GATHERINGS", "compatible", "heir_of", "lasting", "score", "times_meet"]

#: What people come together for.
GATHERINGS = frozenset({"Encounter", "Visit", "Call"})
_PAIR = 2
#: Of these there is one in a year for a person, or for a country.
_ONCE_A_PERSON = frozenset({"resignation", "inauguration", "impeachment"})
_ONCE_A_YEAR = frozenset({"invasion", "annexation", "coup", "independence", "boycott", "embargo"})
_LASTING = frozenset({"war"})
_OFTEN = frozenset({"attack", "primary", "election", "war", "sanction", "tariff", "nomination", "test"})
#: Of these a place does not see two at a time.
_SINGULAR = frozenset({EventType.SUMMIT, EventType.CONFERENCE})
_WARS = frozenset({"war", "revolution", "uprising", "conflict"})


def lasting(profile: Profile) -> bool:
    """Tell whether a report is on a war with a name: what articles say of it is of many times within it."""
    return profile.type is EventType.MILITARY and bool(_WARS.intersection((profile.name or "").split()))


def times_meet(a: Profile, b: Profile, slack: int = 0) -> bool:
    """Tell whether the times of two profiles can be one.

    :param slack: so many days of difference are passed over.
    """
    days = timedelta(days=slack)
    return _first(a) <= _plus(_last(b), days) and _first(b) <= _plus(_last(a), days)


def _first(profile: Profile) -> date:
    return profile.earliest or date.min


def _last(profile: Profile) -> date:
    return profile.latest or date.max


def _plus(day: date, days: timedelta) -> date:
    return day + days if day < date.max - days else date.max


def compatible(a: Profile, b: Profile) -> bool:
    """Tell whether two profiles can be of one happening at all: nothing that they say rules it out."""
    if family(a.type) != family(b.type) or a.unreal != b.unreal:
        return False
    if lasting(a) and lasting(b):
        return a.name == b.name
    if (a.years and b.years and a.years.isdisjoint(b.years)) or (a.sort and b.sort and a.sort != b.sort):
        return False
    exact = a.width is not None and b.width is not None and max(a.width, b.width) <= EXACT
    if not exact and a.ordinal and b.ordinal and a.ordinal != b.ordinal:
        return False  # a first and a second meeting
    if not times_meet(a, b, SLACK if exact else 0):
        return False
    return nearness(a.places, b.places) is not Nearness.APART


def score(a: Profile, b: Profile) -> float:
    """Return how well two profiles agree; 0 if they are not sure enough to be of one happening. Symmetric."""
    if not compatible(a, b):
        return 0.0
    people = a.people & b.people
    shared = a.participants & b.participants
    near = nearness(a.places, b.places)
    same_name = a.name is not None and a.name == b.name
    points = 2.0 * len(people) + len(shared) + max(near, 0) + (a.type == b.type) + 3.0 * same_name
    if same_name and (lasting(a) or shared or near > 0 or not a.participants or not b.participants):
        return points + _closeness(a, b)
    if a.sort is not None and a.sort == b.sort and _one_of_its_sort(a, b, near):
        return points + _closeness(a, b)
    if a.ordinal is not None and a.ordinal == b.ordinal and len(people) >= _PAIR:
        return points + _closeness(a, b)
    if a.width is None or b.width is None or max(a.width, b.width) > YEAR:
        return 0.0
    points += _closeness(a, b)
    if not (a.narrow and b.narrow):
        there = near is Nearness.SAME and not all(map(is_country, a.places & b.places))
        return (
            points
            if len(people) >= _PAIR and (there or near is Nearness.SAME) and family(a.type) == "Encounter"
            else 0.0
        )
    if not times_meet(a, b) and not (len(people) >= _PAIR and near is Nearness.SAME):
        return 0.0  # a slip of the date: all else must agree
    return points if _enough(a, b, people, shared, near) else 0.0


def _closeness(a: Profile, b: Profile) -> float:
    """Return the part of a point that sharp times add."""
    return 1.0 / max(a.width or NARROW * 12, b.width or NARROW * 12) if times_meet(a, b) else 0.0


def _enough(a: Profile, b: Profile, people: frozenset[str], shared: frozenset[str], near: Nearness) -> bool:
    kind, width = family(a.type), max(a.width or 0, b.width or 0)
    if kind == "Visit":
        # One traveller, several stops on one journey: the place decides.
        return bool(people) and near > 0
    smaller = min(len(a.participants), len(b.participants))
    enough = len(shared) >= 2 or (bool(shared) and near is Nearness.SAME and (len(shared) == smaller or bool(people)))
    if kind in GATHERINGS:
        return enough or (kind == "Encounter" and _only_one_there(a, b, near))
    # Two treaties or two attacks of the same sides in one month are common: they must agree on the day.
    if a.type is EventType.TRANSITION and width == 1 and shared == a.participants | b.participants:
        return bool(people)
    return enough and (width <= EXACT or (near is Nearness.SAME and width <= NARROW))


def _only_one_there(a: Profile, b: Profile, near: Nearness) -> bool:
    """Tell whether two meetings are one because a place sees one such at a time; one report names nobody."""
    there = near is Nearness.SAME and not all(map(is_country, a.places & b.places))
    exact = max(a.width or NARROW, b.width or NARROW) <= EXACT
    return there and exact and a.type == b.type and a.type in _SINGULAR and not (a.people and b.people)


def _one_of_its_sort(a: Profile, b: Profile, near: Nearness) -> bool:
    """Tell whether two reports are on one event because there is but one of that sort: a person dies but once."""
    people = a.people & b.people
    if a.sort == "death":
        # Of several who are named one is the dead.
        return len(people) == 1 and people in (a.people, b.people)
    if a.sort in _ONCE_A_PERSON and people:
        return True
    if a.narrow and b.narrow and a.sort not in _OFTEN and len(a.participants & b.participants) >= _PAIR:
        return True  # one sort, the same two, one month
    widths = [w for w in (a.width, b.width) if w is not None and w <= YEAR]
    parties = countries_of(a.participants) & countries_of(b.participants)
    if a.sort in _LASTING and len(parties) >= _PAIR and not widths:
        # "the conflict" of two sides, of which no report says when it was
        return countries_of(a.participants) == countries_of(b.participants)
    if a.sort == "election":
        national = all(is_country(key) for key in a.places | b.places)
        countries = countries_of(a.participants | a.places) & countries_of(b.participants | b.places)
        return len(widths) == _PAIR and national and bool(countries)
    if a.sort in _ONCE_A_YEAR:
        return (len(widths) == _PAIR and near > 0) or (bool(widths) and len(parties) >= _PAIR)
    return False


def heir_of(report: Report, reports: Iterable[Report]) -> str | None:
    """Return which report of an article that is read anew takes the place of an earlier one."""
    best, most = None, 0
    for other in reports:
        if family(other.type) == family(report.type):
            shared = len(set(other.participants) & set(report.participants))
            points = 4 * (other.label == report.label) + 2 * (other.time == report.time is not None) + shared
            if points > most:
                best, most = other.key, points
    return best
