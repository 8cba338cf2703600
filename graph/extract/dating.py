"""When an event is, and whether it happened: read from the sentence of its mention."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from graph.extract.model import Span, Status, TimeExpression, TimexType
from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["JOINTS", "Moment", "find_moment", "find_status", "is_date"]

#: Farthest, in words, that a time belongs to a mention; how far a time is at most that begins the sentence.
_NEAR, _HEAD = 20, 10
_BREAKS = frozenset({";", ":", "(", ")", '"'})
_CLAUSE = frozenset(
    {"and", "but", "which", "who", "that", "when", "while", "after", "before", "because", "as", "since"}
)
#: Words before a mention that make it the backdrop of what is dated; words before a date that only bound it.
_BACKDROP = frozenset({"during", "after", "before", "following", "since", "amid", "until"})
_BOUND = frozenset({"by", "until", "since", "before", "after"})
_BACKDROP_NEAR, _BOUND_FAR = 6, 2
#: How far behind a mention that is called off its own date stands at most ("cancelled the meeting on 3 May").
_OBJECT = 3
#: Words between two dates that make them one stretch.
JOINTS = frozenset({"to", "-", "until", "till", "through", "and"})


@dataclass(frozen=True, slots=True)
class Moment:
    """The date or interval of an event, and how many words from the mention it stands."""

    edtf: str
    earliest: date | None
    latest: date | None
    spans: tuple[Span, ...]
    distance: int


def find_moment(tagged: Tagged, trigger: Trigger, *, alone: bool = False) -> Moment | None:
    """Return the date nearest to a mention in its sentence, if it belongs to it.

    :param alone: no other event is told of in the sentence.
    """
    first, end = tagged.bounds[trigger.sentence]
    head = tagged.times_between(tagged.words[first].start, tagged.words[min(first + 2, end - 1)].end)
    lo, hi = max(first, trigger.first - 2 * _NEAR), min(end, trigger.last + 2 * _NEAR)
    near = tagged.times_between(tagged.words[lo].start, tagged.words[hi - 1].end)
    times = list(dict.fromkeys(t for t in (*head, *near) if is_date(t)))
    best: tuple[int, int] | None = None
    found = None
    backdrop = not trigger.verb and any(tagged.low(k) in _BACKDROP for k in range(trigger.first - 3, trigger.first))
    reach = _BACKDROP_NEAR if backdrop else 2 * _NEAR if alone and trigger.verb else _NEAR
    off = any(tagged.low(k) in word_class("cancelled") for k in range(max(first, trigger.first - 3), trigger.first))
    for time in times:
        i, j = tagged.cover(time.span)
        if off and (i < trigger.first or i > trigger.last + _OBJECT):
            continue  # when it was called off
        distance = _distance(tagged, trigger, i, j)
        if i == first or (i == first + 1 and tagged.low(first) in word_class("preposition")):
            distance = min(distance, _HEAD)  # a date at the head of a sentence is for all of it
        if tagged.low(i - 1) in _BOUND:
            distance += _BOUND_FAR
        if distance <= reach and (best is None or (distance, i) < best):
            best, found = (distance, i), time
    if found is None or best is None:
        return None
    return _interval(tagged, found, times, best[0]) or Moment(
        str(found.edtf), found.earliest, found.latest, (found.span,), best[0]
    )


def is_date(time: TimeExpression) -> bool:
    """Tell whether an event can be on a time: it has a place on the calendar, and is no length or repetition."""
    return time.edtf is not None and time.type in (TimexType.DATE, TimexType.TIME)


def _interval(tagged: Tagged, time: TimeExpression, times: list[TimeExpression], distance: int) -> Moment | None:
    """Return the interval that a date begins or ends: "from July 17 to August 2, 1945"."""
    for start, end in pairwise(times):
        if time not in (start, end) or "/" in f"{start.edtf}{end.edtf}":
            continue
        i, j = tagged.cover(start.span)[1], tagged.cover(end.span)[0]
        before = tagged.low(tagged.cover(start.span)[0] - 1)
        if i + 1 != j or tagged.low(i) not in JOINTS or (tagged.low(i) == "and" and before != "between"):
            continue
        if start.earliest and end.latest and start.earliest < end.latest:
            return Moment(f"{start.edtf}/{end.edtf}", start.earliest, end.latest, (start.span, end.span), distance)
    return None


def _distance(tagged: Tagged, trigger: Trigger, i: int, j: int) -> int:
    if trigger.first <= i < trigger.last:
        return 0
    lo, hi = (j, trigger.first) if j <= trigger.first else (trigger.last, i)
    distance = hi - lo
    distance += sum(6 for k in range(lo, hi) if tagged.low(k) in ("while", "whereas"))
    for k in range(lo, hi):
        low = tagged.low(k)
        if low in (",", "and") and tagged.name_at(k - 1) is not None and tagged.name_at(k + 1) is not None:
            continue  # a list of names
        if low == "," and tagged.low(k + 1) in ("and", "but"):
            distance += 4
        distance += 6 if low in _CLAUSE else 12 if low in _BREAKS else 2 if low == "," else 0
    return distance + (1 if j <= trigger.first else 0)


def find_status(tagged: Tagged, trigger: Trigger, time: Moment | None, published: date | None) -> Status:
    """Tell whether an event happened, by the words around its mention and by its date."""
    first, end = tagged.bounds[trigger.sentence]
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
    if not trigger.verb and after[:1] and after[0] in ("would", "could", "might"):
        return Status.UNREAL
    if (near & word_class("unreal") and not past) or (
        past and set(before[:3]) & {"would", "could", "might", "if", "not", "never"}
    ):
        return Status.UNREAL
    if not past and (near | set(after[:2])) & word_class("planned"):
        settled = time is not None and published is not None and time.latest is not None and time.latest < published
        return Status.OCCURRED if settled else Status.PLANNED
    return Status.OCCURRED
