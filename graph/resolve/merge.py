"""One event out of the reports that tell of it: the best-supported value of each property, its label and its key."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from graph.event import Event
from graph.extract.lexicon import read_table
from graph.extract.model import EventType, Report, Status
from graph.resolve.disagreement import disagreements
from graph.resolve.labels import name_key
from graph.resolve.match import lasting
from graph.resolve.outcomes import outcomes_of
from graph.resolve.profile import profile_of

__all__ = ["merge"]

_T = TypeVar("_T")
#: So many reports of articles does an official record outweigh.
_OFFICIAL = 10
#: Of so many reports one that names somebody alone is doubtful. A war is told by no less than about so many days.
_MANY, _YEAR = 4, 300
#: Words of a report that need no list of actors beside them.
_TELLING = 5


def merge(key: str, reports: Sequence[Report], names: Mapping[str, str]) -> Event:
    """Make the event with this key from its reports (at least one).

    The time is the most exact one among those that the most reports leave possible; actors and places are all that
    any report names, of many reports all that two name; the type is the commonest; it occurred if any report says so;
    it came out as reports say, of contradicting outcomes as the most of them do.
    An official record that bears out a meeting is of the journey to it, so only its days count. ``docs/resolution.md``
    has the rules in words.

    :param names: names of people, organizations and places by key.
    """
    reports = sorted(reports, key=lambda r: r.key)
    telling = [r for r in reports if not r.key.startswith("record/")] or reports
    best = max(telling, key=lambda r: (r.confidence, len(r.participants), r.key))
    time = _time(reports)
    kind = _commonest((r.type for r in telling), best.type)
    actors, places = _named([r.participants for r in telling]), _named([r.places for r in telling])
    statuses = [r.status for r in telling]
    outcomes = outcomes_of(telling)
    status = Status.OCCURRED if Status.OCCURRED in statuses else _commonest(statuses, best.status)
    return Event(
        key=key,
        type=kind,
        label=_label(key, kind, best, actors, places, names),
        actors=actors,
        places=places,
        time=time.time if time else None,
        earliest=time.earliest if time else None,
        latest=time.latest if time else None,
        status=status,
        confidence=max(r.confidence for r in telling),
        reports=tuple(r.key for r in reports),
        disagreements=tuple(disagreements(reports, time, status, outcomes)),
        ordinal=_ordinal(telling),
        outcomes=outcomes,
    )


def _named(told: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return what reports name: all of it, but of many reports what two of them name, if anything."""
    counts = Counter(key for keys in told for key in dict.fromkeys(keys))
    twice = tuple(key for key, count in counts.items() if count > 1)
    return twice if twice and len(told) >= _MANY else tuple(counts)


def _time(reports: Sequence[Report]) -> Report | None:
    """Return the report whose time an event takes."""
    timed = [r for r in reports if r.time is not None]
    if any(lasting(profile_of(r)) for r in reports):
        # Of a war articles tell in passing, each of another month of it: the years that several say, else none.
        timed = [r for r in timed if _days(r) >= _YEAR]
        counts = Counter(r.time for r in timed)
        timed = [r for r in timed if counts[r.time] > 1 or len(reports) < _MANY]
        return min(timed, key=lambda r: (-counts[r.time], -_days(r), r.time or "", r.key), default=None)
    if len(timed) >= _MANY:
        # Of many reports a day that one alone has is doubtful.
        timed = [r for r in timed if _said(r, timed) > 1] or timed
    return min(timed, key=lambda r: (-_support(r, timed), _days(r), r.time or "", r.key), default=None)


def _said(report: Report, reports: Iterable[Report]) -> int:
    """Return how many of the reports say this one's time, or a more exact one within it; a record for many."""
    return sum(_OFFICIAL if r.key.startswith("record/") else 1 for r in reports if _support(r, [report]))


def _ordinal(reports: Sequence[Report]) -> int | None:
    """Return which of its kind most reports that number the event say it is, of several the least."""
    counts = Counter(r.ordinal for r in reports if r.ordinal)
    return min(counts, key=lambda n: (-counts[n], n), default=None)


def _days(report: Report) -> float:
    if report.earliest is None or report.latest is None:
        return float("inf")
    return (report.latest - report.earliest).days


def _support(report: Report, reports: Iterable[Report]) -> int:
    """Return how many of the reports leave this one's time possible; an official record counts for many."""
    return sum(
        _OFFICIAL if other.key.startswith("record/") else 1
        for other in reports
        if (other.earliest is None or report.earliest is None or other.earliest <= report.earliest)
        and (other.latest is None or report.latest is None or report.latest <= other.latest)
    )


def _commonest(values: Iterable[_T], preferred: _T) -> _T:
    counts = Counter(values)
    top = max(counts.values())
    return preferred if counts[preferred] == top else min((v for v, n in counts.items() if n == top), key=str)


@cache
def _templates() -> dict[EventType, tuple[int, str, str]]:
    """Return, by type, how many actors a template wants, the one with a place, and the one without."""
    rows = read_table("event_labels.tsv", 4)
    return {EventType(kind): (int(least), with_place, without) for kind, least, with_place, without in rows}


def _label(
    event_key: str,
    kind: EventType,
    best: Report,
    actors: Sequence[str],
    places: Sequence[str],
    names: Mapping[str, str],
) -> str:
    """Return a label that tells an event from others: who, where and, where no template fits, the report's words."""
    words = best.label[:1].upper() + best.label[1:]
    people = [key for key in actors if key.startswith("person/")] or list(actors)
    listed = _listed([names.get(key, key.partition("/")[2].replace("-", " ")) for key in people])
    # The key was minted with the most specific place, so that place is the one to show.
    ordered = sorted((p for p in places if p in names), key=lambda p: p.partition("/")[2] not in event_key)
    place = names[ordered[0]] if ordered else None
    least, with_place, without = _templates()[kind]
    if name_key(best.label) is None and len(people) >= least:
        template = with_place if place else without
        return template.format(actors=listed, place=place)
    if len(words.split()) >= _TELLING or (kind is EventType.MILITARY and lasting(profile_of(best))):
        return words
    if place and place in listed:
        place = None
    more = [part for part in (listed, place) if part and part.casefold() not in words.casefold()]
    return f"{words}: {', '.join(more)}" if more else words


def _listed(shown: Sequence[str]) -> str:
    if len(shown) > 3:
        return f"{', '.join(shown[:3])} and {len(shown) - 3} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)
