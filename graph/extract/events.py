"""Reports: what an article tells of diplomatic events, with participants, places, time, status and all mentions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from graph.extract.circumstances import circumstances
from graph.extract.dating import Moment
from graph.extract.happenings import Happening, group
from graph.extract.labels import report_label
from graph.extract.model import EventType, Person, Report, Status
from graph.extract.participants import leaders_of, meeting_ground
from graph.extract.tagging import Tagged
from graph.extract.triggers import find_triggers

__all__ = ["find_reports"]

_MEETINGS = (EventType.MEETING, EventType.SUMMIT, EventType.CALL)
#: Fewest people of a meeting; how many sentences around its mentions are read for its place.
_PAIR, _AROUND = 2, 40
#: Share of the countries named in an article from which on one of them is where it plays.
_HOME = 0.5


def find_reports(tagged: Tagged, people: Sequence[Person] = ()) -> tuple[Report, ...]:
    """Find the events that an article tells of; one happening is one report, in order of first mention.

    Found by words that name events (``data/lexicons/triggers.tsv``), joined by what they share (:mod:`happenings`).

    :param people: to know who leads a state or government, which makes a meeting a summit.
    """
    document = tagged.document
    leaders = leaders_of(people)
    triggers = find_triggers(tagged)
    mentions = []
    for n, trigger in enumerate(triggers):
        low = triggers[n - 1].last if n else 0
        high = triggers[n + 1].first if n + 1 < len(triggers) else len(tagged.words)
        published = document.section_at(trigger.span.start).published
        mentions.append((trigger, circumstances(tagged, trigger, published, (low, high))))
    happenings = group(tagged, mentions)
    setting = _Setting(tagged, leaders, _home(tagged), frozenset(t.sentence for t in triggers))
    return tuple(_report(setting, n, h) for n, h in enumerate(happenings, 1))


@dataclass(frozen=True)
class _Setting:
    """What all reports of an article are read against.

    :param home: the country that the article is about, if it is one.
    :param told: numbers of the sentences that mention an event.
    """

    tagged: Tagged
    leaders: frozenset[str]
    home: list[str]
    told: frozenset[int]

    def ground(self, happening: Happening, people: Sequence[str]) -> list[str]:
        """Return where a gathering was, by a sentence that names all who were there and a place."""
        if happening.type not in _MEETINGS or len(people) < _PAIR:
            return []
        first = happening.mentions[0][0].sentence
        near = range(max(0, first - _AROUND), min(len(self.tagged.bounds), first + _AROUND))
        return meeting_ground(self.tagged, people, (n for n in near if n not in self.told))


def _home(tagged: Tagged) -> list[str]:
    """Return the country that an article is about, if it is one: elections and the like are there."""
    counts = Counter(n.key for n in tagged.named if n.key in tagged.countries)
    return [k for k, n in counts.most_common(1) if n >= _HOME * counts.total()]


def _report(setting: _Setting, number: int, happening: Happening) -> Report:
    tagged, leaders = setting.tagged, setting.leaders
    places = list(happening.places)
    participants = [k for k in happening.actors() if k not in places or happening.type == EventType.MILITARY]
    kind = _type(happening, participants, leaders)
    if kind == EventType.SUMMIT and sum(k in leaders for k in participants) >= 2:
        participants = [k for k in participants if not k.startswith("place/")] or participants
    if not places and happening.type == EventType.TRANSITION:
        places = list(happening.lands) if len(happening.lands) == 1 else setting.home
    places = places or setting.ground(happening, [k for k in participants if k.startswith("person/")])
    time = _time(happening, participants)
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
        time_spans=time.spans if time else (),
        status=_status(happening),
        confidence=_confidence(happening, bool(participants), time is not None),
    )


def _time(happening: Happening, participants: Sequence[str]) -> Moment | None:
    """Return the date that stands with those who take part, else the one that stands nearest to a mention."""
    people = {k for k in participants if k.startswith("person/")}
    pair = _PAIR if len(people) >= _PAIR else 0
    return min(
        ((len(people.intersection(c.participants)) < pair, c.time.distance, n, c.time)
         for n, (_, c) in enumerate(happening.mentions) if c.time),
        default=(False, 0, 0, None),
    )[-1]  # fmt: skip


def _type(happening: Happening, participants: Sequence[str], leaders: frozenset[str]) -> EventType:
    nouns = [t.type for t, _ in happening.mentions if not t.verb]
    counts = Counter(nouns or [t.type for t, _ in happening.mentions])
    kind = EventType.SUMMIT if EventType.SUMMIT in counts else counts.most_common(1)[0][0]
    if kind == EventType.MEETING and sum(k in leaders for k in participants) >= 2:
        return EventType.SUMMIT
    return kind


def _status(happening: Happening) -> Status:
    statuses = [c.status for _, c in happening.mentions]
    told = any(t.verb and c.time and c.status == Status.OCCURRED for t, c in happening.mentions)
    if Status.CANCELLED in statuses and not told:
        return Status.CANCELLED
    if statuses.count(Status.OCCURRED) * 2 >= len(statuses):
        return Status.OCCURRED
    return Counter(statuses).most_common(1)[0][0]


def _confidence(happening: Happening, peopled: bool, timed: bool) -> float:
    sure = max(t.sure for t, _ in happening.mentions)
    value = 0.7 * sure + 0.1 * peopled + 0.1 * timed + min(0.08, 0.04 * (len(happening.mentions) - 1))
    return round(min(0.95, value), 2)
