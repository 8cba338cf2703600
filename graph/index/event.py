"""An event as the timeline shows it, and its record in the index."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from graph.edtf import certain

__all__ = ["RECORD", "Entry", "Event", "decoded", "encoded"]

#: Writes records. Made once: json.dumps makes one for each text.
RECORD = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An event on the timeline. People, organizations and places are keys.

    :param confidence: from 0 to 1; None where the data has none.
    :param outcomes: how it came out, as local names of the ontology.
    """

    key: str
    label: str
    type: str
    status: str
    edtf: str | None
    earliest: date | None
    latest: date | None
    actors: tuple[str, ...]
    places: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: float | None = None
    outcomes: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether anything is known of its time."""
        return self.earliest is not None or self.latest is not None

    @property
    def certain(self) -> bool:
        """Whether its time is known to the day."""
        return self.dated and certain(self.edtf)

    @property
    def order(self) -> tuple[bool, date, date, str]:
        """Where it stands: dated events in order of time, then undated ones."""
        first = self.earliest or self.latest or date.max
        return (not self.dated, first, self.latest or date.max, self.key)


@dataclass(frozen=True, slots=True)
class Event(Entry):
    """An event with what the index is made of besides.

    :param speakers: who said something about it.
    """

    speakers: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: Entry, speakers: Iterable[str]) -> Self:
        """Return an event of which the record is known."""
        return cls(**{one.name: getattr(entry, one.name) for one in fields(Entry)}, speakers=tuple(speakers))


def encoded(entry: Entry) -> bytes:
    """Return the record of an event.

    >>> decoded(encoded(Entry("event/1", "", "Call", "occurred", None, None, date(2019, 2, 28), (), (), ()))).latest
    datetime.date(2019, 2, 28)
    """
    days = [day.isoformat() if day else None for day in (entry.earliest, entry.latest)]
    record = (
        entry.key, entry.label, entry.type, entry.status, entry.edtf, *days, entry.actors, entry.places, entry.sources,
        entry.confidence, entry.outcomes,
    )  # fmt: skip
    return RECORD.encode(record).encode()


def decoded(record: bytes) -> Entry:
    """Return the event of a record.

    :raises ValueError: if it is damaged.
    """
    key, label, kind, status, edtf, earliest, latest, actors, places, sources, confidence, outcomes = json.loads(record)
    return Entry(
        key, label, kind, status, edtf, _day(earliest), _day(latest), tuple(actors), tuple(places), tuple(sources),
        confidence, tuple(outcomes),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
