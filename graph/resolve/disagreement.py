"""Where the reports on an event differ: what was taken, by which rule, and which reports say otherwise.

A coarser value is no other value: "2018" and "June 2018", "Vietnam" and "Hanoi" agree. Reports that differ stay as they
are; the event says which value it takes and why.
"""

from collections.abc import Iterator, Sequence

from graph.event import Aspect, Disagreement, Rule
from graph.extract.model import Outcome, Report, Status
from graph.resolve.containment import is_country, nearness
from graph.resolve.match import GATHERINGS, lasting
from graph.resolve.outcomes import outcome_disagreement
from graph.resolve.profile import family, profile_of

__all__ = ["disagreements"]

#: Two reports that each name so many people, of whom at most one is the same, name different people.
_PAIR = 2


def disagreements(
    reports: Sequence[Report], time: Report | None, status: Status, outcomes: Sequence[Outcome] = ()
) -> Iterator[Disagreement]:
    """Yield where the reports on an event differ, at most once for each aspect.

    :param time: the report whose time the event takes.
    :param status: the status that the event takes.
    :param outcomes: the outcomes that the event takes.
    """
    ordered = sorted(reports, key=lambda r: r.key)
    if not any(lasting(profile_of(r)) for r in ordered):  # a war is at many times and places, and of many
        yield from _on_time(ordered, time)
        yield from _on_place(ordered)
        yield from _on_actors(ordered)
    yield from _on_status(ordered, status)
    if (differing := outcome_disagreement(ordered, outcomes)) is not None:
        yield differing


def _on_time(reports: Sequence[Report], taken: Report | None) -> Iterator[Disagreement]:
    if taken is None:
        return
    same = tuple(r.key for r in reports if r.time == taken.time)
    other = tuple(r.key for r in reports if _other_time(r, taken))
    if other:
        official = any(key.startswith("record/") for key in same)
        yield Disagreement(Aspect.TIME, Rule.RECORD if official else Rule.SUPPORTED, same, other)


def _other_time(report: Report, taken: Report) -> bool:
    """Tell whether two times cannot both be right: neither lies within the other."""
    if report.earliest is None or report.latest is None or taken.earliest is None or taken.latest is None:
        return False
    around = report.earliest <= taken.earliest and taken.latest <= report.latest
    within = taken.earliest <= report.earliest and report.latest <= taken.latest
    return not around and not within


def _on_place(reports: Sequence[Report]) -> Iterator[Disagreement]:
    placed = [(r.key, frozenset(k for k in r.places if not is_country(k))) for r in reports if _is_telling(r, reports)]
    placed = [(key, places) for key, places in placed if places]
    if len(placed) < _PAIR:
        return
    support = {key: sum(nearness(places, q) > 0 for _, q in placed) for key, places in placed}
    best = max(placed, key=lambda row: (row[0].startswith("record/"), support[row[0]], row[0]))
    other = tuple(key for key, places in placed if nearness(places, best[1]) <= 0)
    if other:
        same = tuple(key for key, places in placed if key not in other)
        official = any(key.startswith("record/") for key in same)
        yield Disagreement(Aspect.PLACE, Rule.RECORD if official else Rule.ALL, same, other)


def _on_actors(reports: Sequence[Report]) -> Iterator[Disagreement]:
    named = [
        (r.key, {k for k in r.participants if k.startswith("person/")}) for r in reports if _is_telling(r, reports)
    ]
    named = [(key, people) for key, people in named if len(people) >= _PAIR]
    if len(named) < _PAIR or any(family(r.type) not in GATHERINGS for r in reports):
        return  # who has a part in a treaty or an election is told in part by each
    support = {key: sum(len(people & q) >= _PAIR for _, q in named) for key, people in named}
    best = max(named, key=lambda row: (support[row[0]], len(row[1]), row[0]))
    other = tuple(key for key, people in named if len(people & best[1]) < _PAIR)
    if other:
        yield Disagreement(Aspect.ACTOR, Rule.ALL, tuple(key for key, _ in named if key not in other), other)


def _on_status(reports: Sequence[Report], status: Status) -> Iterator[Disagreement]:
    # What was planned and then happened is no disagreement; what is said to be off and to have happened is.
    odd = {Status.OCCURRED: {Status.CANCELLED}, Status.CANCELLED: {Status.OCCURRED, Status.PLANNED}}.get(status, set())
    other = tuple(r.key for r in reports if r.status in odd)
    if other:
        rule = Rule.HAPPENED if status is Status.OCCURRED else Rule.SUPPORTED
        yield Disagreement(Aspect.STATUS, rule, tuple(r.key for r in reports if r.status is status), other)


def _is_telling(report: Report, reports: Sequence[Report]) -> bool:
    """Tell whether a report is of the event itself: the record that bears out a meeting is of the journey to it."""
    return not report.key.startswith("record/") or all(r.type is report.type for r in reports)
