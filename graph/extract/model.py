"""The values that extraction makes of an article: spans, entities, times, reports, claims.

All are frozen. Things are named by *keys* (see :mod:`graph.iris`), never by full IRIs: extraction knows no dataset.
Spans count Unicode code points of ``Article.text``; ``span.text`` is exactly that slice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from graph.article import Article

__all__ = [
    "Claim",
    "EventType",
    "Extraction",
    "Manner",
    "Office",
    "Organization",
    "Outcome",
    "Person",
    "Place",
    "PlaceKind",
    "Report",
    "Role",
    "Section",
    "Service",
    "Span",
    "Status",
    "TimeExpression",
    "TimexType",
]


class EventType(StrEnum):
    """The ten types of diplomatic events (``gold/GUIDELINES.md``); each is a class of the ontology."""

    SUMMIT = "Summit"
    MEETING = "Meeting"
    CALL = "Call"
    NEGOTIATION = "Negotiation"
    CONFERENCE = "Conference"
    VISIT = "Visit"
    AGREEMENT = "Agreement"
    MILITARY = "Military"
    SANCTION = "Sanction"
    TRANSITION = "Transition"


class Status(StrEnum):
    """Whether a reported event happened."""

    OCCURRED = "occurred"
    PLANNED = "planned"
    CANCELLED = "cancelled"
    UNREAL = "unreal"


class Outcome(StrEnum):
    """How an event came out; each is a term of the ontology, which says which of them contradict each other."""

    AGREEMENT = "agreementReached"
    NO_AGREEMENT = "noAgreement"
    SIGNED = "signed"
    STATEMENT = "statementIssued"
    NO_STATEMENT = "noStatement"
    APPROVED = "approved"
    REJECTED = "rejected"
    IN_FORCE = "inForce"
    HELD = "held"
    BROKEN_DOWN = "brokenDown"


class Manner(StrEnum):
    """How a claim is given in the article."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    INTERVIEW = "interview"


class PlaceKind(StrEnum):
    """What sort of place."""

    COUNTRY = "country"
    CITY = "city"
    REGION = "region"
    SITE = "site"


class TimexType(StrEnum):
    """TIMEX3 types (ISO 24617-1)."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``text`` is the slice ``[start, end)`` of the article's text, in code points.

    >>> Span.of("Trump and Kim met", 10, 13)
    Span(start=10, end=13, text='Kim')
    """

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Span":
        """Return the span ``[start, end)`` of a text."""
        return cls(start, end, text[start:end])

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Tell whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the article with a date of its own: the body, or one related item printed below it.

    :param kind: ``body`` or ``related``.
    :param published: the date against which relative dates inside are resolved.
    """

    kind: str
    span: Span
    title: str | None = None
    published: date | None = None
    genre: str | None = None
    keywords: tuple[str, ...] = ()
    abstract: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A title or apposition that states a role of a person; ``span`` is without the name."""

    span: Span
    #: Key of the organization or place that the role is in, where the words name one.
    organization: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Office:
    """An office that somebody who takes part in an event holds at its time, as an article states it.

    :param words: the label of the role.
    :param source: key of the role as stated.
    """

    person: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Person:
    """A named human; ``name`` is the fullest form in the article, without titles.

    :param customary: the name that articles and records share, where it is known and is another one; the key follows
        from it.
    """

    key: str
    name: str
    mentions: tuple[Span, ...]
    roles: tuple[Role, ...] = ()
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    customary: str | None = None

    @property
    def label(self) -> str:
        """The name that the graph gives it, the same in all articles."""
        return self.customary or self.name


@dataclass(frozen=True, slots=True)
class Organization:
    """A named government body, party, company, international organization or medium.

    :param name: the fullest form in the article.
    :param customary: the name that articles share, where it is known and is another one; the key follows from it.
    """

    key: str
    name: str
    mentions: tuple[Span, ...]
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    customary: str | None = None

    @property
    def label(self) -> str:
        """The name that the graph gives it, the same in all articles."""
        return self.customary or self.name


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. Coordinates are WGS 84 decimal degrees."""

    key: str
    name: str
    kind: PlaceKind
    mentions: tuple[Span, ...]
    aliases: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    same_as: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name that the graph gives it, the same in all articles."""
        return self.name


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A TIMEX3 expression. ``edtf`` and both bounds are set together, or none of the three is.

    :param value: TIMEX3 value (``2019-06-30``, ``2018-W24``, ``P9M``, ``FUTURE_REF``).
    :param edtf: EDTF (level 0 to 2) of a DATE or TIME that can be placed on the calendar.
    :param earliest: first day it can mean; None with ``edtf`` set means open (unknown start).
    :param latest: last day it can mean; None with ``edtf`` set means open (unknown end).
    """

    span: Span
    type: TimexType
    value: str
    edtf: str | None = None
    earliest: date | None = None
    latest: date | None = None
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Report:
    """This article's telling of one event. The first mention is the main one.

    :param participants: keys of people, organizations and places (countries) that take part.
    :param places: keys of places, most specific first.
    :param time: EDTF at the granularity that the article supports, or None.
    :param time_spans: the time expressions that ``time`` was read from.
    :param within: key of the report on the event that this one is a part of, if the article says so.
    :param ordinal: which of its kind it is ("third meeting": 3), if the article says so.
    :param outcomes: how it came out, as far as the article says so.
    :param outcome_spans: the words that ``outcomes`` were read from.
    :param offices: in which offices people take part, as the article states it of that time.
    """

    key: str
    type: EventType
    label: str
    mentions: tuple[Span, ...]
    participants: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    time: str | None = None
    earliest: date | None = None
    latest: date | None = None
    time_spans: tuple[Span, ...] = ()
    status: Status = Status.OCCURRED
    confidence: float = 0.5
    within: str | None = None
    ordinal: int | None = None
    outcomes: tuple[Outcome, ...] = ()
    outcome_spans: tuple[Span, ...] = ()
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that the article attributes to a source.

    :param speakers: keys of the people, organizations or places that make it; empty if unnamed or unknown.
    :param speaker_span: the words that name the speaker nearest the cue, pronouns included.
    :param content: the span or spans of what is said, in order, without quotation marks around a whole quote.
    :param about: keys of the reports that the content is on.
    """

    key: str
    content: tuple[Span, ...]
    manner: Manner
    speakers: tuple[str, ...] = ()
    speaker_span: Span | None = None
    cue: Span | None = None
    about: tuple[str, ...] = ()
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Service:
    """The service over the network that an extraction was made by.

    :param model: the name of the model that was asked for.
    :param url: the base URL, without user name, password and query.
    :param tokens: what questions and answers cost; None if that cannot be told of this part of an article.
    :param unverified: how many quotations of the service are not in the text and were left out; None likewise.
    """

    model: str
    url: str
    tokens: int | None = None
    unverified: int | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was found in one article."""

    article: Article
    people: tuple[Person, ...] = ()
    organizations: tuple[Organization, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    reports: tuple[Report, ...] = ()
    claims: tuple[Claim, ...] = ()
    sections: tuple[Section, ...] = ()
    #: Name and version of what extracted it, as recorded in PROV.
    extractor: str = field(default="parley-embedded")
    #: What it asked, where it asked a service.
    service: Service | None = None

    def entities(self) -> Iterator[Person | Organization | Place]:
        """Yield people, organizations and places."""
        yield from self.people
        yield from self.organizations
        yield from self.places
