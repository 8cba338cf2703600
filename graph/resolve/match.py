"""Whether a report tells of an event that is known already.

Two tellings are of one happening when their types can be one, their times can be one, and enough of the people, places
or names agree. A wrong merge is worse than a missed one: what is doubtful stays apart.
"""

import re
from collections.abc import Iterable
from datetime import date

from graph.extract.model import EventType, Report, Status

__all__ = ["family", "name_key", "score"]

_ENCOUNTERS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.NEGOTIATION, EventType.CONFERENCE})

#: A time no wider than this many days can place a happening by itself; a wider one needs people and place to agree.
_NARROW = 31
#: A time wider than this many days says too little to compare by.
_WIDE = 366

_PROPER = re.compile(r"[^\W\d_]*[A-Z][\w'’.&-]*")


def family(kind: EventType) -> str:
    """Return the group of types that can be tellings of one happening.

    >>> family(EventType.SUMMIT) == family(EventType.MEETING), family(EventType.VISIT)
    (True, 'Visit')
    """
    return "Encounter" if kind in _ENCOUNTERS else str(kind)


def name_key(label: str) -> str | None:
    """Return what a label is compared by if it is a name of its own (two capitalised words or more), else None.

    >>> name_key("the Camp David Accords"), name_key("second meeting"), name_key("Paris talks")
    ('camp david accords', None, None)
    """
    words = re.findall(r"[\w'’.&-]+", label)
    while words and words[0].casefold() in {"the", "a", "an"}:
        words.pop(0)
    proper = [w for w in words if _PROPER.fullmatch(w)]
    return " ".join(words).casefold() if len(proper) >= 2 and len(words) - len(proper) <= 2 else None


def _width(report: Report) -> int | None:
    """Return how many days the report's time spans, None if it has no time or an open one."""
    if report.earliest is None or report.latest is None:
        return None
    return (report.latest - report.earliest).days + 1


def _times_meet(a: Report, b: Report) -> bool:
    return (a.earliest or date.min) <= (b.latest or date.max) and (b.earliest or date.min) <= (a.latest or date.max)


def _statuses_meet(a: Status, b: Status) -> bool:
    # What was planned may have happened; what is only imagined is not the real thing.
    return (a is Status.UNREAL) == (b is Status.UNREAL)


def score(new: Report, known: Iterable[Report]) -> float:
    """Return how well a report fits an event that the known reports tell of; 0 if it cannot be the same happening."""
    return max((_score(new, report) for report in known), default=0.0)


def _score(a: Report, b: Report) -> float:
    if family(a.type) != family(b.type) or not _statuses_meet(a.status, b.status) or not _times_meet(a, b):
        return 0.0
    people = {key for key in a.participants if key.startswith("person/")} & set(b.participants)
    shared = set(a.participants) & set(b.participants)
    same_place = bool(set(a.places) & set(b.places))
    named = name_key(a.label)
    same_name = named is not None and named == name_key(b.label)
    width_a, width_b = _width(a), _width(b)
    points = 2.0 * len(people) + len(shared) + 2.0 * same_place + (a.type == b.type) + 3.0 * same_name
    if same_name and (shared or same_place or not a.participants or not b.participants):
        return points
    if width_a is None or width_b is None or max(width_a, width_b) > _WIDE:
        return 0.0
    points += 1.0 / max(width_a, width_b)
    if max(width_a, width_b) > _NARROW:
        return points if len(people) >= 2 and same_place else 0.0
    smaller = min(len(set(a.participants)), len(set(b.participants)))
    enough = len(shared) >= 2 or (bool(shared) and same_place and (len(shared) == smaller or len(people) >= 1))
    if family(a.type) != "Encounter" and family(a.type) not in {"Visit", "Call"}:
        # Two treaties or two attacks of the same sides in one month are common: they must agree on the day or the name.
        enough = enough and (max(width_a, width_b) <= 3 or (same_place and max(width_a, width_b) <= _NARROW))
    if (
        a.type is EventType.TRANSITION
        and width_a == width_b == 1
        and shared == set(a.participants) | set(b.participants)
    ):
        enough = bool(people)
    if family(a.type) == "Visit":
        # One traveller, several stops on one journey: the place decides.
        enough = bool(people) and same_place
    return points if enough else 0.0
