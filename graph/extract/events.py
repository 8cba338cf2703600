"""Reports: what an article tells of diplomatic events, with participants, places, time, status and all mentions."""

from collections import Counter
from collections.abc import Sequence

from graph.extract.happenings import Happening, group
from graph.extract.labels import report_label
from graph.extract.model import EventType, Person, Report, Status
from graph.extract.participants import circumstances, leaders_of
from graph.extract.tagging import Tagged
from graph.extract.triggers import find_triggers

__all__ = ["find_reports"]

_MEETINGS = (EventType.MEETING, EventType.SUMMIT, EventType.CALL)
#: Types that take place in the country that takes part, where nothing else is said.
_SOMEWHERE = (EventType.MILITARY, EventType.TRANSITION, EventType.SANCTION)


def find_reports(tagged: Tagged, people: Sequence[Person] = ()) -> tuple[Report, ...]:
    """Find the events that an article tells of; one happening is one report, in order of first mention.

    Found by words that name events (``data/lexicons/triggers.tsv``), joined by what they share (:mod:`happenings`).

    :param people: to know who leads a state or government, which makes a meeting a summit.
    """
    document = tagged.document
    leaders = leaders_of(people)
    mentions = [
        (trigger, circumstances(tagged, trigger, document.section_at(trigger.span.start).published))
        for trigger in find_triggers(tagged)
    ]
    happenings = group(tagged, mentions)
    return tuple(_report(tagged, n, h, leaders) for n, h in enumerate(happenings, 1))


def _report(tagged: Tagged, number: int, happening: Happening, leaders: frozenset[str]) -> Report:
    places = happening.places
    participants = [k for k in happening.participants if k not in places or happening.type == EventType.MILITARY]
    kind = _type(happening, participants, leaders)
    if kind == EventType.SUMMIT and sum(k in leaders for k in participants) >= 2:
        participants = [k for k in participants if not k.startswith("place/")] or participants
    if not places and happening.type in _SOMEWHERE:
        lands = [k for k in participants if k.startswith("place/")]
        places = lands[-1:] if happening.type == EventType.MILITARY else lands[:1]
    timed = [c for _, c in happening.mentions if c.time is not None]
    nearest = min(timed, key=lambda c: c.time_distance, default=None)
    time = nearest.time if nearest else None
    statuses = [c.status for _, c in happening.mentions]
    spans = tuple(dict.fromkeys(t.span for t, _ in happening.mentions))
    triggers = [t for t, _ in happening.mentions]
    # The mention that names the event best: by a name of its own, else by a noun with most words, else the first.
    main = max(triggers, key=lambda t: (t.named, not t.verb, min(len(t.modifiers), 3)))
    return Report(
        key=f"{tagged.document.article.key}/report/{number}",
        type=kind,
        label=report_label(tagged, main, bool(participants)),
        mentions=spans,
        participants=tuple(participants),
        places=tuple(places),
        time=time.edtf if time else None,
        earliest=time.earliest if time else None,
        latest=time.latest if time else None,
        time_spans=(time.span,) if time else (),
        status=_status(statuses),
        confidence=_confidence(happening, bool(participants), time is not None),
    )


def _type(happening: Happening, participants: Sequence[str], leaders: frozenset[str]) -> EventType:
    counts = Counter(t.type for t, _ in happening.mentions)
    kind = EventType.SUMMIT if EventType.SUMMIT in counts else counts.most_common(1)[0][0]
    if kind == EventType.MEETING and sum(k in leaders for k in participants) >= 2:
        return EventType.SUMMIT
    return kind


def _status(statuses: Sequence[Status]) -> Status:
    if Status.CANCELLED in statuses:
        return Status.CANCELLED
    if statuses.count(Status.OCCURRED) * 2 >= len(statuses):
        return Status.OCCURRED
    return Counter(statuses).most_common(1)[0][0]


def _confidence(happening: Happening, peopled: bool, timed: bool) -> float:
    sure = max(t.sure for t, _ in happening.mentions)
    value = 0.7 * sure + 0.1 * peopled + 0.1 * timed + min(0.08, 0.04 * (len(happening.mentions) - 1))
    return round(min(0.95, value), 2)
