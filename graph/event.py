"""An event: the one happening in the world that reports tell of."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graph.extract.model import EventType, Outcome, Status

__all__ = ["Aspect", "Disagreement", "Event", "Participation", "Rule"]


class Aspect(StrEnum):
    """What reports differ on."""

    TIME = "time"
    PLACE = "place"
    ACTOR = "actor"
    STATUS = "status"
    OUTCOME = "outcome"


class Rule(StrEnum):
    """Why a value was taken: the local name of the rule in the ontology (``docs/resolution.md``)."""

    RECORD = "officialRecord"
    SUPPORTED = "bestSupported"
    ALL = "allNamed"
    HAPPENED = "happened"
    TERM = "termOfOffice"
    STATED = "nearestStated"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Reports on one event that differ on one aspect.

    :param taken: keys of the reports that say what the event takes.
    :param other: keys of the reports that say something else.
    """

    aspect: Aspect
    rule: Rule
    taken: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Participation:
    """That a person takes part in an event, in the office held at its time.

    :param office: in the words of its source.
    :param rule: why it is this office.
    :param sources: keys of the records, or of the role as an article states it, that say so.
    """

    person: str
    office: str
    rule: Rule
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What is known of one happening, resolved from all reports on it.

    :param actors: keys of people, organizations and places (countries) that take part.
    :param places: keys of places, most specific first.
    :param time: EDTF, or None; ``earliest`` and ``latest`` are its bounds, None where it is open.
    :param reports: keys of the reports and records that tell of it; at least one.
    :param disagreements: where these differ.
    :param within: keys of the events that it is a part of.
    :param ordinal: which it is of the meetings of those who take part, counted from 1, if a report says so.
    :param outcomes: how it came out, as far as a report says so.
    :param participations: in which offices people take part, of whom a source says so.
    """

    key: str
    type: EventType
    label: str
    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    time: str | None = None
    earliest: date | None = None
    latest: date | None = None
    status: Status = Status.OCCURRED
    confidence: float = 0.5
    reports: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    within: tuple[str, ...] = ()
    ordinal: int | None = None
    outcomes: tuple[Outcome, ...] = ()
    participations: tuple[Participation, ...] = ()
