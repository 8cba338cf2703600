"""Reads the reference facts and describes them as RDF: one record and one ``Visit`` event per row."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from graph.errors import InputError
from graph.extract.gazetteer import Entry, cities, city_in, places
from graph.extract.model import EventType, PlaceKind
from graph.extract.tokens import words_of
from graph.files import data_path
from graph.iris import Iris, slugify
from graph.vocabulary import DCT, EDTF, OWL, PLY, PROV, RDF, RDFS, SCHEMA, SEM, XSD

__all__ = ["COLUMNS", "Met", "Record", "Spot", "Traveller", "load_records", "record_events", "record_triples"]

COLUMNS = ("source", "number", "file", "start", "end", "country", "places", "travellers", "met")
_REPOSITORIES = {
    "president-travel": "https://github.com/HistoryAtState/travels",
    "secretary-travel": "https://github.com/HistoryAtState/travels",
    "visit": "https://github.com/HistoryAtState/visits",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place within the country of a record."""

    key: str
    name: str
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who travelled, and in which office; ``written`` is the name as the source gives it."""

    key: str
    office: str
    name: str
    written: str


@dataclass(frozen=True, slots=True)
class Met:
    """Whom the traveller met, and in which office; ``key`` is None where the source gives a surname alone."""

    key: str | None
    office: str
    name: str

    def __str__(self) -> str:
        return f"{self.office} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Record:
    """One official record of a journey to one country.

    :param source: ``president-travel``, ``secretary-travel`` or ``visit`` (of a foreign leader to the United States).
    :param number: its number in the source; :attr:`key` follows from both.
    :param start: first day; ``end`` is the last one.
    :param spots: places within the country, in the source's order; empty if it names none.
    """

    source: str
    number: int
    file: str
    start: date
    end: date
    country: str
    spots: tuple[Spot, ...]
    travellers: tuple[Traveller, ...]
    met: tuple[Met, ...]

    @property
    def key(self) -> str:
        """Key of the record: ``record/president-travel/3730``."""
        return f"record/{self.source}/{self.number}"

    @property
    def country_key(self) -> str:
        """Key of the country."""
        return f"place/{slugify(self.country)}"

    @property
    def edtf(self) -> str:
        """The time as EDTF: a day, or an interval of days."""
        return str(self.start) if self.start == self.end else f"{self.start}/{self.end}"


def load_records(path: Path | None = None) -> list[Record]:
    """Read the reference facts.

    :param path: a file as :mod:`graph.facts.compile` writes it; the project's own by default.
    :raises InputError: if it cannot be read, or a row of it is broken.
    """
    path = path or data_path("facts", "travel.csv")
    number = 1
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ValueError("its columns are not " + ", ".join(COLUMNS))
            records = []
            for number, row in enumerate(reader, 2):  # noqa: B007  # the line of an error
                records.append(_record(row))
            return records
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", "check that the file is there") from None
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        raise InputError(f"{path}, line {number}: {error}", "compile the file again from its source") from None


def _record(row: dict[str, str]) -> Record:
    record = Record(
        source=row["source"],
        number=int(row["number"]),
        file=row["file"],
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        country=row["country"],
        spots=tuple(Spot(f"place/{key}", name, PlaceKind(kind)) for key, name, kind in _cells(row["places"], 3)),
        travellers=tuple(
            Traveller(f"person/{key}", office, name, written)
            for key, office, name, written in _cells(row["travellers"], 4)
        ),
        met=tuple(Met(f"person/{key}" if key else None, office, name) for key, office, name in _cells(row["met"], 3)),
    )
    if record.source not in _REPOSITORIES:
        raise ValueError(f"unknown source {record.source!r}")
    if record.end < record.start or not record.travellers or not record.country:
        raise ValueError("a record needs a traveller, a country and an end that is not before its start")
    return record


def _cells(cell: str, width: int) -> Iterator[list[str]]:
    for part in filter(None, cell.split(";")):
        values = part.split("|")
        if len(values) > width or not any(values) or "" in values[2:3]:
            raise ValueError(f"broken cell {part!r}")
        yield values + [""] * (width - len(values))


def record_triples(records: Iterable[Record], iris: Iris) -> Iterator[ox.Triple]:
    """Describe records, each with its event, its people and its places, as ``docs/model.md`` says under "Records".

    Each event has a key of its own, ``event/{start}-{place}-{person}-visit``; records that would share one are numbered
    in the order of source and number.
    """
    writer = _Writer(iris)
    records = list(records)
    events = record_events(records)
    for record in sorted(records, key=lambda r: (r.source, r.number)):
        yield from writer.record(record, events[record.key])


def record_events(records: Iterable[Record]) -> dict[str, str]:
    """Return the key of the event that each record describes, by the record's key."""
    taken: set[str] = set()
    return {r.key: _event_key(r, taken) for r in sorted(records, key=lambda r: (r.source, r.number))}


def _event_key(record: Record, taken: set[str]) -> str:
    place = (record.spots[0].key if record.spots else record.country_key).partition("/")[2]
    person = record.travellers[0].key.partition("/")[2]
    base, number = f"event/{record.start}-{place}-{person}-visit", 2
    key = base
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    taken.add(key)
    return key


_TYPE, _LABEL = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(RDFS.label))


class _Writer:
    """Makes triples; people and places are described once each."""

    def __init__(self, iris: Iris) -> None:
        self._iris = iris
        self._described: set[str] = set()
        self._written: set[tuple[str, str]] = set()

    def record(self, record: Record, event_key: str) -> Iterator[ox.Triple]:
        node, event = self._node(record.key), self._node(event_key)
        spots = [s.key for s in record.spots] + [record.country_key]
        where = ", ".join(dict.fromkeys([*(s.name for s in record.spots), record.country]))
        who = " and ".join(t.name for t in record.travellers)
        earliest, latest = _day(record.start), _day(record.end)
        time = ox.Literal(record.edtf, datatype=ox.NamedNode(str(EDTF)))
        yield ox.Triple(node, _TYPE, _ply("Record"))
        yield ox.Triple(node, _TYPE, _term(PROV, "Entity"))
        yield ox.Triple(node, _LABEL, _english(f"{who} in {where}, {record.edtf.replace('/', ' to ')}"))
        yield ox.Triple(node, _ply("reportedType"), _ply(EventType.VISIT))
        yield ox.Triple(node, _ply("reportedTime"), time)
        yield ox.Triple(node, _ply("reportedEarliest"), earliest)
        yield ox.Triple(node, _ply("reportedLatest"), latest)
        yield ox.Triple(node, _ply("reportsOn"), event)
        yield ox.Triple(node, _term(DCT, "identifier"), ox.Literal(f"{record.source} {record.number}"))
        yield ox.Triple(node, _term(PROV, "wasDerivedFrom"), ox.NamedNode(_REPOSITORIES[record.source]))
        for office in dict.fromkeys(t.office for t in record.travellers if t.office):
            yield ox.Triple(node, _ply("officeHeld"), _english(office))
        for met in dict.fromkeys(map(str, record.met)):
            yield ox.Triple(node, _ply("met"), _english(met))
        yield ox.Triple(event, _TYPE, _term(SEM, "Event"))
        yield ox.Triple(event, _TYPE, _ply(EventType.VISIT))
        yield ox.Triple(event, _LABEL, _english(f"Visit of {who} to {where}"))
        yield ox.Triple(event, _ply("time"), time)
        yield ox.Triple(event, _term(SEM, "hasEarliestBeginTimeStamp"), earliest)
        yield ox.Triple(event, _term(SEM, "hasLatestEndTimeStamp"), latest)
        yield ox.Triple(event, _ply("status"), _ply("occurred"))
        yield ox.Triple(event, _ply("confidence"), ox.Literal("1.0", datatype=ox.NamedNode(str(XSD.decimal))))
        yield ox.Triple(event, _ply("report"), node)
        for traveller in record.travellers:
            person = self._node(traveller.key)
            yield ox.Triple(node, _ply("reportedActor"), person)
            yield ox.Triple(event, _term(SEM, "hasActor"), person)
            yield from self._person(traveller)
        for key in dict.fromkeys(spots):
            yield ox.Triple(node, _ply("reportedPlace"), self._node(key))
            yield ox.Triple(event, _term(SEM, "hasPlace"), self._node(key))
        for spot in (*record.spots, Spot(record.country_key, record.country, PlaceKind.COUNTRY)):
            yield from self._place(spot, record.country)

    def _person(self, traveller: Traveller) -> Iterator[ox.Triple]:
        node = self._node(traveller.key)
        if traveller.key not in self._described:
            self._described.add(traveller.key)
            self._written.add((traveller.key, traveller.name))
            yield ox.Triple(node, _TYPE, _term(SCHEMA, "Person"))
            yield ox.Triple(node, _LABEL, _english(traveller.name))
            yield ox.Triple(node, _term(SCHEMA, "name"), ox.Literal(traveller.name))
        # The records spell some names in several ways; the first is the name.
        for name in filter(None, (traveller.name, traveller.written)):
            if (traveller.key, name) not in self._written:
                self._written.add((traveller.key, name))
                yield ox.Triple(node, _term(SCHEMA, "alternateName"), ox.Literal(name))

    def _place(self, spot: Spot, country: str) -> Iterator[ox.Triple]:
        if spot.key in self._described:
            return
        self._described.add(spot.key)
        node, entry = self._node(spot.key), _entry_of(spot, country)
        yield ox.Triple(node, _TYPE, _term(SCHEMA, "Place"))
        yield ox.Triple(node, _LABEL, _english(spot.name))
        yield ox.Triple(node, _term(SCHEMA, "name"), ox.Literal(spot.name))
        yield ox.Triple(node, _ply("placeKind"), _ply(entry.kind if entry else spot.kind))
        if entry is None:
            return
        if entry.latitude is not None and entry.longitude is not None:
            decimal = ox.NamedNode(str(XSD.decimal))
            yield ox.Triple(node, _term(SCHEMA, "latitude"), ox.Literal(_plain(entry.latitude), datatype=decimal))
            yield ox.Triple(node, _term(SCHEMA, "longitude"), ox.Literal(_plain(entry.longitude), datatype=decimal))
        for same in entry.same_as:
            yield ox.Triple(node, _term(OWL, "sameAs"), ox.NamedNode(same))

    def _node(self, key: str) -> ox.NamedNode:
        return ox.NamedNode(self._iris.thing(key))


@cache
def _entry(name: str) -> Entry | None:
    """Return what the gazetteer knows of a place, so that records and articles describe it alike."""
    words = words_of(name)
    return places().get(words) or cities().get(words)


def _entry_of(spot: Spot, country: str) -> Entry | None:
    """Return what the gazetteer knows of a place of a record; what it knows by that name may be another place."""
    entry = _entry(spot.name)
    if entry is not None and entry.key == spot.key and entry.latitude is not None:
        return entry
    found = city_in(spot.name, country) if spot.kind is PlaceKind.CITY else None
    return found or (entry if entry is not None and entry.key == spot.key else None)


@cache
def _ply(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(PLY[name]))


@cache
def _term(vocabulary: object, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{vocabulary}{name}")


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _day(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=ox.NamedNode(str(XSD.date)))


def _plain(number: float) -> str:
    return f"{number:.5f}".rstrip("0") + ("0" if float(number).is_integer() else "")
