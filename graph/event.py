"""An event: the one happening in the world that reports tell of."""

from dataclasses import dataclass
from datetime import date

from graph.extract.model import EventType, Status

__all__ = ["Event"]


@dataclass(frozen=True, slots=True)
class Event:
    """What is known of one happening, resolved from all reports on it.

    :param actors: keys of people, organizations and places (countries) that take part.
    :param places: keys of places, most specific first.
    :param time: EDTF, or None; ``earliest`` and ``latest`` are its bounds, None where it is open.
    :param reports: keys of the reports and records that tell of it; at least one.
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
