"""Who takes part in an event, where and when, and whether it happened: read from the words around its mention."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from graph.extract.model import EventType, Person, Status, TimeExpression, TimexType
from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["Circumstances", "circumstances", "leaders_of"]

#: Farthest, in words, that a participant or a time belongs to a mention without an attachment.
_NEAR, _TIME_NEAR = 14, 20
_PLACE_WORDS = frozenset({"in", "at", "near", "to", "from", "outside", "on", "off", "into", "across"})
_BREAKS = frozenset({";", ":", "(", ")", '"'})
_CLAUSE = frozenset(
    {"and", "but", "which", "who", "that", "when", "while", "after", "before", "because", "as", "since"}
)


@dataclass(slots=True)
class Circumstances:
    """What the words around one mention say of its event."""

    participants: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    time: TimeExpression | None = None
    time_distance: int = 99
    status: Status = Status.OCCURRED


def leaders_of(people: Sequence[Person]) -> frozenset[str]:
    """Return the keys of people whose roles say that they head a state or government."""
    found = set()
    for person in people:
        for role in person.roles:
            words = [w.strip(".,").lower() for w in role.span.text.split()]
            if any(w in word_class("leader") for w in words) and not any(w in word_class("not leader") for w in words):
                found.add(person.key)
    return frozenset(found)


def circumstances(tagged: Tagged, trigger: Trigger, published: date | None) -> Circumstances:
    """Read who, where, when and whether from the sentence of a mention."""
    found = Circumstances()
    first, end = tagged.bounds[trigger.sentence]
    _actors_and_places(tagged, trigger, found, first, end)
    _time(tagged, trigger, found, first, end)
    found.status = _status(tagged, trigger, found.time, published, first, end)
    return found


def _actors_and_places(tagged: Tagged, trigger: Trigger, found: Circumstances, first: int, end: int) -> None:
    lo, hi = _window(tagged, trigger, first, end)
    names = tagged.names_between(tagged.words[lo].start, tagged.words[hi - 1].end) if hi > lo else ()
    seen_until = -1
    for name in names:
        if name.span.end <= seen_until:
            continue  # a name inside a longer one
        seen_until = name.span.end
        i, j = tagged.cover(name.span)
        within = trigger.first <= i < trigger.last
        if name.kind == "place" and _is_place(tagged, i, j, trigger):
            _add(found.places, name.key)
            if trigger.type in (EventType.MILITARY, EventType.VISIT) and not within:
                _add(found.participants, name.key)
            continue
        if name.kind == "organization" and not within and tagged.low(i - 1) in ("in", "at"):
            continue
        if (
            name.kind != "person"
            or not within
            or trigger.type != EventType.AGREEMENT
            or "-" in (tagged.low(i - 1), tagged.low(j))
        ):
            _add(found.participants, name.key)


def _window(tagged: Tagged, trigger: Trigger, first: int, end: int) -> tuple[int, int]:
    """Return the stretch of the sentence that belongs to a mention: its clause, at most some words each way."""
    lo = trigger.first
    while lo > first and trigger.first - lo < _NEAR and tagged.low(lo - 1) not in _BREAKS:
        lo -= 1
        if tagged.low(lo) in ("but", "while", "although", "because") and trigger.first - lo > 1:
            break
    hi = trigger.last
    while hi < end and hi - trigger.last < _NEAR and tagged.low(hi) not in _BREAKS:
        if tagged.low(hi) in ("but", "while", "although", "because", "which"):
            break
        hi += 1
    return lo, hi


def _is_place(tagged: Tagged, i: int, j: int, trigger: Trigger) -> bool:
    """Tell whether a named place is where the event is, not who takes part."""
    if trigger.first <= i < trigger.last:
        hyphened = "-" in (tagged.low(i - 1), tagged.low(j))
        return not hyphened and trigger.type in (
            EventType.SUMMIT,
            EventType.CONFERENCE,
            EventType.MEETING,
            EventType.MILITARY,
        )
    k = i - 1
    while tagged.low(k) in (
        "the",
        "northern",
        "southern",
        "eastern",
        "western",
        "nearby",
        "city",
        "of",
        "central",
        "u.s.",
        ",",
    ):
        if tagged.low(k) in ("of", ","):
            break
        k -= 1
    before = tagged.low(k)
    if before in ("in", "at", "near", "outside", "into", "across"):
        return True
    if before == "to" and trigger.type in (EventType.VISIT, EventType.MILITARY):
        return True
    if trigger.type == EventType.VISIT and trigger.verb and k == trigger.last - 1:
        return True
    if before == "," and tagged.name_at(k - 1) is not None:
        named = tagged.name_at(k - 1)
        return (
            named is not None and named.kind == "place" and _is_place(tagged, tagged.cover(named.span)[0], k, trigger)
        )
    if before == "of":
        return trigger.type == EventType.MILITARY and k == trigger.last
    return trigger.type == EventType.MILITARY and trigger.verb and k == trigger.last - 1


def _add(keys: list[str], key: str) -> None:
    if key not in keys:
        keys.append(key)


def _time(tagged: Tagged, trigger: Trigger, found: Circumstances, first: int, end: int) -> None:
    head = tagged.times_between(tagged.words[first].start, tagged.words[min(first + 2, end - 1)].end)
    lo, hi = max(first, trigger.first - 2 * _TIME_NEAR), min(end, trigger.last + 2 * _TIME_NEAR)
    times = [*head, *tagged.times_between(tagged.words[lo].start, tagged.words[hi - 1].end)]
    best: tuple[int, int] | None = None
    for time in times:
        if time.edtf is None or time.type not in (TimexType.DATE, TimexType.TIME):
            continue
        i, j = tagged.cover(time.span)
        distance = _distance(tagged, trigger, i, j)
        if i == first or (i == first + 1 and tagged.low(first) in word_class("preposition")):
            distance = min(distance, 10)  # a date at the head of a sentence is for all of it
        if distance <= _TIME_NEAR and (best is None or (distance, i) < best):
            best = (distance, i)
            found.time, found.time_distance = time, distance


def _distance(tagged: Tagged, trigger: Trigger, i: int, j: int) -> int:
    if trigger.first <= i < trigger.last:
        return 0
    lo, hi = (j, trigger.first) if j <= trigger.first else (trigger.last, i)
    distance = hi - lo
    for k in range(lo, hi):
        low = tagged.low(k)
        distance += 6 if low in _CLAUSE else 12 if low in _BREAKS else 2 if low == "," else 0
    return distance + (1 if j <= trigger.first else 0)


def _status(
    tagged: Tagged, trigger: Trigger, time: TimeExpression | None, published: date | None, first: int, end: int
) -> Status:
    lo, crossed = trigger.first, 0
    before: list[str] = []
    while lo > first and trigger.first - lo < 9 and tagged.low(lo - 1) not in _BREAKS:
        lo -= 1
        low = tagged.low(lo)
        if low in (",", "and", "but", "after", "before", "during", "since", "which", "who"):
            crossed += 1
            if crossed > (1 if trigger.verb else 0):
                break
        before.append(low)
    inside = {tagged.low(k) for k in range(trigger.first, trigger.head)}
    after = [tagged.low(k) for k in range(trigger.last, min(end, trigger.last + 4))]
    near = set(before[:6] if trigger.verb else before) | inside
    if (near & word_class("cancelled") and not trigger.verb) or set(after) & {"cancelled", "canceled", "postponed"}:
        return Status.CANCELLED
    ahead = published is not None and time is not None and time.earliest is not None and time.earliest > published
    if ahead:
        return Status.PLANNED
    past = trigger.verb and trigger.span.text.endswith(("ed", "met", "won")) and before[:1] not in (["be"], ["been"])
    if (near & word_class("unreal") and not past) or (
        past and set(before[:3]) & {"would", "could", "might", "if", "not", "never"}
    ):
        return Status.UNREAL
    if not past and (near | set(after[:2])) & word_class("planned"):
        settled = time is not None and published is not None and time.latest is not None and time.latest < published
        return Status.OCCURRED if settled else Status.PLANNED
    return Status.OCCURRED
