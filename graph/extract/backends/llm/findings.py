"""What a model's answers give: names, events and claims, each held by words of the text, made into an extraction."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graph.extract.backends.llm.quotations import Quotations, overlapping, unquoted
from graph.extract.backends.recognised import Recognised, entities_of
from graph.extract.model import (
    Claim,
    EventType,
    Extraction,
    Manner,
    Organization,
    Person,
    Place,
    PlaceKind,
    Report,
    Role,
    Span,
    Status,
    TimeExpression,
    TimexType,
)
from graph.extract.text import Document
from graph.extract.times import find_times

__all__ = ["Findings"]

_KINDS = {"people": "person", "organizations": "organization", "places": "place"}
#: Order of places of an event: the most specific first.
_SPECIFIC = (PlaceKind.SITE, PlaceKind.CITY, PlaceKind.REGION, PlaceKind.COUNTRY)
_DATED = (TimexType.DATE, TimexType.TIME)


@dataclass(slots=True)
class _Event:
    """An event while answers come in; people and places by the spans of their names."""

    type: EventType
    status: Status
    label: Span
    mentions: list[Span]
    participants: list[Span] = field(default_factory=list)
    places: list[Span] = field(default_factory=list)
    time: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Claim:
    content: tuple[Span, ...]
    manner: Manner
    speakers: tuple[Span, ...]
    speaker: Span | None
    cue: Span | None


class Findings:
    """Gathers the answers about an article.

    :ivar events: the events so far, as further answers may refer to them, by number from 1.
    :ivar names: the names so far, each with the first span that it was found at.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._quotations = Quotations(document)
        self._recognised: dict[Span, Recognised] = {}
        self._roles: list[tuple[Span, list[Span]]] = []
        self._claims: list[_Claim] = []
        #: Where the contents of claims begin: the overlap of two pieces tells them twice.
        self._told: set[int] = set()
        self._by_mention: dict[Span, _Event] = {}
        self.events: list[_Event] = []
        self.names: dict[str, Span] = {}

    @property
    def unverified(self) -> int:
        """How many quotations and names were not in the text and were left out."""
        return self._quotations.unverified

    def add(self, answer: Mapping[str, Any], start: int, end: int) -> None:
        """Add the answer about the piece ``[start, end)`` of the text."""
        find = self._quotations
        for list_name, kind in _KINDS.items():
            for item in answer[list_name]:
                spans = find.all(item["mentions"], start, end)
                if not spans:
                    continue
                place = PlaceKind(item["kind"]) if kind == "place" else PlaceKind.CITY
                for span in spans:
                    self._recognised.setdefault(span, Recognised(span, kind, f"{kind} {item['name'].strip()}", place))
                self.names.setdefault(" ".join(item["name"].split()), spans[0])
                if kind == "person" and (roles := find.all(item["roles"], start, end)):
                    self._roles.append((spans[0], roles))
        before = dict(self._by_mention)
        so_far = self.events[:]
        for item in answer["events"]:
            self._event(item, start, end, so_far, before)
        for item in answer["claims"]:
            self._claim(item, start, end)
        self._told |= {claim.content[0].start for claim in self._claims}

    def _named(self, names: Iterable[str]) -> list[Span]:
        found = []
        for name in names:
            span = self.names.get(" ".join(name.split()))
            if span is None:
                self._quotations.unverified += 1
            else:
                found.append(span)
        return found

    def _event(
        self, item: Mapping[str, Any], start: int, end: int, so_far: Sequence[_Event], before: Mapping[Span, _Event]
    ) -> None:
        """Add an event, or what is new of one that a piece before told.

        :param so_far: what the answer's numbers refer to.
        :param before: those events by their mentions.
        """
        find = self._quotations
        mentions = find.all(item["mentions"], start, end)
        if not mentions:
            return
        label = find.first([item["label"]], start, end) or mentions[0]
        event = _Event(EventType(item["type"]), Status(item["status"]), label, mentions)
        event.participants = self._named(item["participants"])
        event.places = self._named(item["places"])
        event.time = find.all(item["time"], start, end)
        number = item["same_as"]
        known = (
            so_far[number - 1]
            if 1 <= number <= len(so_far)
            else next((before[m] for m in mentions if m in before), None)
        )
        for mention in mentions:
            self._by_mention.setdefault(mention, known or event)
        if known is None:
            self.events.append(event)
            return
        known.mentions += [m for m in mentions if m not in known.mentions]
        known.participants += event.participants
        known.places += event.places
        known.time += event.time

    def _claim(self, item: Mapping[str, Any], start: int, end: int) -> None:
        find, text = self._quotations, self._document.text
        found = sorted(unquoted(text, s) for s in find.all(item["content"], start, end))
        content: list[Span] = []
        for span in found:
            if span.text and not (content and span.overlaps(content[-1])):
                content.append(span)
        if not content:
            return
        cue = find.nearest(item["cue"], start, end, content[0], content[0])
        speaker = find.nearest(item["speaker_words"], start, end, cue or content[0], content[0])
        if content[0].start not in self._told:
            speakers = tuple(self._named(item["speakers"]))
            self._claims.append(_Claim(tuple(content), Manner(item["manner"]), speakers, speaker, cue))

    def extraction(self, extractor: str) -> Extraction:
        """Make an extraction of what was found.

        Times are read by the rules of :mod:`graph.extract.times`: when an event was is what the expressions mean that
        the quoted words hold.
        """
        document = self._document
        entities = entities_of(document, self._recognised.values())
        times = find_times(document)
        keys = _Keys([*entities.people, *entities.organizations, *entities.places])
        people = tuple(self._with_roles(person, keys) for person in entities.people)
        kinds = {place.key: place.kind for place in entities.places}
        reports = tuple(
            self._report(n, event, keys, kinds, times)
            for n, event in enumerate(sorted(self.events, key=lambda e: min(e.mentions)), 1)
        )
        mentions = sorted((m, r.key) for r in reports for m in r.mentions)
        claims = tuple(
            self._made_claim(n, claim, keys, mentions)
            for n, claim in enumerate(sorted(self._claims, key=lambda c: c.content[0]), 1)
        )
        return Extraction(
            document.article, people, entities.organizations, entities.places, times, reports, claims,
            document.sections, extractor,
        )  # fmt: skip

    def _with_roles(self, person: Person, keys: "_Keys") -> Person:
        """Add the roles that the answers state to those that stand beside the name."""
        roles = list(person.roles)
        for at, spans in self._roles:
            if person.key in keys.at(at):
                for span in spans:
                    held = (*(r.span for r in roles), *person.mentions)
                    if not any(span.overlaps(other) for other in held):
                        body = (key for key in keys.at(span) if not key.startswith("person/"))
                        roles.append(Role(span, next(body, None)))
        return replace(person, roles=tuple(sorted(roles, key=lambda r: r.span)))

    def _report(
        self, number: int, event: _Event, keys: "_Keys", kinds: Mapping[str, PlaceKind], times: Sequence[TimeExpression]
    ) -> Report:
        participants = dict.fromkeys(key for span in event.participants for key in keys.at(span))
        places = dict.fromkeys(key for span in event.places for key in keys.at(span) if key in kinds)
        held = [t for t in times if t.edtf and t.type in _DATED and any(t.span.overlaps(q) for q in event.time)]
        when = _When.of(held)
        return Report(
            key=f"{self._document.article.key}/report/{number}",
            type=event.type,
            label=" ".join(event.label.text.split()),
            mentions=tuple(dict.fromkeys(event.mentions)),
            participants=tuple(participants),
            places=tuple(sorted(places, key=lambda key: _SPECIFIC.index(kinds[key]))),
            time=when.edtf,
            earliest=when.first.earliest if when.first else None,
            latest=when.last.latest if when.last else None,
            time_spans=tuple(dict.fromkeys(t.span for t in (when.first, when.last) if t)),
            status=event.status,
        )

    def _made_claim(self, number: int, claim: _Claim, keys: "_Keys", mentions: Sequence[tuple[Span, str]]) -> Claim:
        about = {
            key: None for span in claim.content for mention, key in _between(mentions, span) if span.contains(mention)
        }
        return Claim(
            f"{self._document.article.key}/claim/{number}", claim.content, claim.manner,
            tuple(dict.fromkeys(key for span in claim.speakers for key in keys.at(span))),
            claim.speaker, claim.cue, tuple(about),
        )  # fmt: skip


def _between(mentions: Sequence[tuple[Span, str]], span: Span) -> Sequence[tuple[Span, str]]:
    low, high = (bisect_left(mentions, (Span(at, 0, ""), "")) for at in (span.start, span.end))
    return mentions[low:high]


@dataclass(frozen=True, slots=True)
class _When:
    """The time of an event: one expression, or the first and the last of an interval."""

    edtf: str | None = None
    first: TimeExpression | None = None
    last: TimeExpression | None = None

    @classmethod
    def of(cls, times: Sequence[TimeExpression]) -> "_When":
        """Choose: an interval of two days that stand side by side in the quoted words, else the first expression."""
        if not times:
            return cls()
        first, last = times[0], times[-1]
        whole = len(times) == 2 and "/" not in f"{first.edtf}{last.edtf}"
        if whole and first.earliest and last.latest and first.earliest < last.latest and first != last:
            return cls(f"{first.edtf}/{last.edtf}", first, last)
        return cls(first.edtf, first, first)


class _Keys:
    """The keys of entities, by where their mentions stand."""

    def __init__(self, entities: Iterable[Person | Organization | Place]) -> None:
        found: dict[Span, str] = {}
        for entity in entities:
            for mention in entity.mentions:
                found.setdefault(mention, entity.key)
        self._spans = sorted(found)
        self._keys = found

    def at(self, span: Span) -> list[str]:
        """Return the keys of what is named in a span, or by words that it is a part of."""
        return [self._keys[s] for s in overlapping(self._spans, span)]
