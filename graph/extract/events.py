"""Reports: what an article tells of diplomatic events, with participants, places, time, status and all mentions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from graph.extract.answers import Answers, Surroundings, answer
from graph.extract.circumstances import Circumstances, circumstances
from graph.extract.grouping import group
from graph.extract.happenings import LAST, Happening
from graph.extract.labels import report_label
from graph.extract.learned.events import find_mentions
from graph.extract.model import EventType, Person, Report, Status
from graph.extract.outcomes import find_outcomes
from graph.extract.participants import leaders_of
from graph.extract.parts import find_wholes
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger, find_triggers

__all__ = ["find_reports", "read_mentions"]

#: So many leaders who meet make a summit.
_PAIR = 2
#: A report that is less likely right is left out.
_LEAST = 0.15


def find_reports(tagged: Tagged, people: Sequence[Person] = ()) -> tuple[Report, ...]:
    """Find the events that an article tells of; one happening is one report, in order of first mention.

    Words that may name events (``data/lexicons/triggers.tsv``, :mod:`learned.events`) are joined by what they share
    (:mod:`grouping`); then each happening is asked when and where it is, and who takes part (:mod:`answers`).

    :param people: to know who leads a state or government, which makes a meeting a summit.
    """
    leaders = leaders_of(people)
    mentions = read_mentions(tagged, find_mentions(tagged, find_triggers(tagged)))
    happenings = group(tagged, mentions)
    around = Surroundings(tagged, happenings)
    answers = ((h, answer(around, h)) for h in happenings)
    kept = [(h, a) for h, a in answers if a.sure >= _LEAST]
    wholes = find_wholes(tagged, [h for h, _ in kept])
    reports = [_report(tagged, leaders, n, h, a) for n, (h, a) in enumerate(kept, 1)]
    return tuple(replace(r, within=reports[wholes[n]].key) if n in wholes else r for n, r in enumerate(reports))


def read_mentions(tagged: Tagged, triggers: Sequence[Trigger]) -> list[tuple[Trigger, Circumstances]]:
    """Read what the words around each mention say of its event."""
    found = []
    for n, trigger in enumerate(triggers):
        low = triggers[n - 1].last if n else 0
        high = triggers[n + 1].first if n + 1 < len(triggers) else len(tagged.words)
        published = tagged.document.section_at(trigger.span.start).published
        found.append((trigger, circumstances(tagged, trigger, published, (low, high))))
    return found


def _report(tagged: Tagged, leaders: frozenset[str], number: int, happening: Happening, answers: Answers) -> Report:
    participants = list(answers.participants)
    kind = _type(happening, participants, leaders)
    if kind == EventType.SUMMIT and sum(k in leaders for k in participants) >= _PAIR:
        participants = [k for k in participants if not k.startswith("place/")] or participants
    triggers = [t for t, _ in happening.mentions]
    # The mention that names the event best: by a name of its own, else by a noun with most words, else the first.
    main = max(triggers, key=lambda t: (t.named, not t.verb, min(len(t.modifiers), 3)))
    time, status = answers.moment, _status(happening)
    # What lies ahead, or was called off, has come to nothing yet.
    over = status not in (Status.PLANNED, Status.CANCELLED)
    outcomes, outcome_spans = find_outcomes(tagged, kind, triggers) if over else ((), ())
    return Report(
        key=f"{tagged.document.article.key}/report/{number}",
        type=kind,
        label=report_label(tagged, main, bool(participants)),
        mentions=tuple(dict.fromkeys(t.span for t in triggers)),
        participants=tuple(participants),
        places=answers.places,
        time=time.edtf if time else None,
        earliest=time.earliest if time else None,
        latest=time.latest if time else None,
        time_spans=time.spans if time else (),
        status=status,
        confidence=round(answers.sure, 2),
        ordinal=_ordinal(happening),
        outcomes=outcomes,
        outcome_spans=outcome_spans,
    )


def _type(happening: Happening, participants: Sequence[str], leaders: frozenset[str]) -> EventType:
    nouns = [t.type for t, _ in happening.mentions if not t.verb]
    counts = Counter(nouns or [t.type for t, _ in happening.mentions])
    kind = EventType.SUMMIT if EventType.SUMMIT in counts else counts.most_common(1)[0][0]
    if kind == EventType.MEETING and sum(k in leaders for k in participants) >= 2:
        return EventType.SUMMIT
    return kind


def _ordinal(happening: Happening) -> int | None:
    """Return which of its kind an event is, counted from 1, if its mentions agree on a number."""
    numbers = happening.ordinals - {LAST}
    return min(numbers) + 1 if len(numbers) == 1 else None


def _status(happening: Happening) -> Status:
    statuses = [c.status for _, c in happening.mentions]
    told = any(t.verb and c.time and c.status == Status.OCCURRED for t, c in happening.mentions)
    if Status.CANCELLED in statuses and not told:
        return Status.CANCELLED
    if statuses.count(Status.OCCURRED) * 2 >= len(statuses):
        return Status.OCCURRED
    return Counter(statuses).most_common(1)[0][0]
