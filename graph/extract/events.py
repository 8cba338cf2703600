"""Reports: what an article tells of diplomatic events, with participants, places, time, status and all mentions."""

from collections import Counter
from collections.abc import Sequence

from graph.extract.happenings import Happening, group
from graph.extract.model import EventType, Person, Report, Status
from graph.extract.participants import circumstances, leaders_of
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger, find_triggers

__all__ = ["find_reports"]

_MEETINGS = (EventType.MEETING, EventType.SUMMIT, EventType.CALL)
#: Types that take place in the country that takes part, where nothing else is said.
_SOMEWHERE = (EventType.MILITARY, EventType.TRANSITION, EventType.SANCTION)
_LONGEST_LABEL = 90


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
    names = {n.key: n.span.text for n in reversed(tagged.named) if n.kind != "demonym"}
    happenings = group(tagged, mentions)
    return tuple(_report(tagged, n, h, leaders, names) for n, h in enumerate(happenings, 1))


def _report(
    tagged: Tagged, number: int, happening: Happening, leaders: frozenset[str], names: dict[str, str]
) -> Report:
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
    main = happening.mentions[0][0]
    return Report(
        key=f"{tagged.document.article.key}/report/{number}",
        type=kind,
        label=_label(tagged, main, participants, names),
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


def _label(tagged: Tagged, trigger: Trigger, participants: Sequence[str], names: dict[str, str]) -> str:
    """Return a label in words of the text: who, and the phrase."""
    phrase = " ".join(trigger.span.text.split())
    who = [names[k] for k in participants if k in names and names[k] not in phrase][:3]
    if trigger.verb:
        following = _object(tagged, trigger)
        subject = ", ".join(who[:2])
        label = " ".join(part for part in (subject, phrase, following if following not in who else "") if part)
    else:
        label = f"{phrase}: {', '.join(who)}" if who else phrase
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rsplit(" ", 1)[0] + "…"


def _object(tagged: Tagged, trigger: Trigger) -> str:
    _, end = tagged.bounds[trigger.sentence]
    name = tagged.name_at(trigger.last) if trigger.last < end else None
    return name.span.text if name else ""


def _confidence(happening: Happening, peopled: bool, timed: bool) -> float:
    sure = max(t.sure for t, _ in happening.mentions)
    value = 0.7 * sure + 0.1 * peopled + 0.1 * timed + min(0.08, 0.04 * (len(happening.mentions) - 1))
    return round(min(0.95, value), 2)
