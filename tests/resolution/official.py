"""The official travel records as truth for "who met where when": which of them the events of articles are joined with.

An event of articles *could be about* a record if it is an encounter that happened (or was planned), takes no longer
than a month, and shares a traveller, a day and a place with it. It *carries* the record if the record is on it or on an
event that it is part of (``sem:hasSubEvent``). An event can carry a record on wider grounds: a place within a place of
the record, a year in which there was one such journey. Whether it does so rightly is for the reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import pyoxigraph as ox

from graph.facts.records import Record
from graph.iris import Iris

__all__ = ["Joined", "Told", "compare", "events_of_articles"]

_PREFIXES = """
PREFIX ply: <https://parley.example/ontology#>
PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
"""
_EVENTS = """
SELECT ?event ?kind ?status ?earliest ?latest WHERE {
  { SELECT DISTINCT ?event WHERE { ?report a ply:Report ; ply:reportsOn ?event } }
  ?event a ?kind . FILTER (?kind != sem:Event)
  OPTIONAL { ?event ply:status ?status }
  OPTIONAL { ?event sem:hasEarliestBeginTimeStamp ?earliest }
  OPTIONAL { ?event sem:hasLatestEndTimeStamp ?latest }
}"""
_VALUES = "SELECT ?event ?value WHERE {{ ?event {} ?value }}"
_RECORDS = """
SELECT DISTINCT ?event ?record WHERE {
  { ?record a ply:Record ; ply:reportsOn ?event }
  UNION { ?record a ply:Record ; ply:reportsOn ?whole . ?whole sem:hasSubEvent ?event }
}"""
_ENCOUNTERS = frozenset({"Summit", "Meeting", "Negotiation", "Conference", "Visit"})
_LONGEST = 31


@dataclass
class Told:
    """An event that articles tell of. ``days`` is None where they do not say when within a month."""

    key: str
    kind: str = ""
    happened: bool = True
    days: tuple[date, date] | None = None
    actors: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    records: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Joined:
    """What came of the records that events of articles could be about.

    :param carried: record and event that could be about it and carries it.
    :param loose: record and event that could be about it but does not carry it.
    :param odd: record and event that carries it on wider grounds.
    :param pairs: record, traveller and person met, of the records of ``carried`` and ``loose``.
    :param named: those of ``pairs`` that an event of articles, of those days, names both of.
    :param found: those of ``named`` where such an event carries the record and shares a place with it.
    """

    carried: list[tuple[Record, Told]]
    loose: list[tuple[Record, Told]]
    odd: list[tuple[Record, Told]]
    pairs: set[tuple[str, str, str]]
    named: set[tuple[str, str, str]]
    found: set[tuple[str, str, str]]


def events_of_articles(store: ox.Store, iris: Iris) -> list[Told]:
    """Read the events that articles tell of, each with the records that it carries."""
    events: dict[str, Told] = {}
    for row in _select(store, _EVENTS):
        key = iris.key(row["event"].value) or ""
        first, last = row["earliest"], row["latest"]
        days = (date.fromisoformat(first.value), date.fromisoformat(last.value)) if first and last else None
        if days and (days[1] - days[0]).days >= _LONGEST:
            days = None
        status = row["status"].value.rpartition("#")[2] if row["status"] else "occurred"
        kind = row["kind"].value.rpartition("#")[2]
        events[key] = Told(key, kind, status in ("occurred", "planned"), days)
    for key, value in _pairs(store, iris, _VALUES.format("sem:hasActor")):
        if key in events:
            events[key].actors.add(value)
    for key, value in _pairs(store, iris, _VALUES.format("sem:hasPlace")):
        if key in events:
            events[key].places.add(value)
    for key, value in _pairs(store, iris, _RECORDS):
        if key in events:
            events[key].records.add(value)
    return list(events.values())


def _select(store: ox.Store, query: str) -> Iterator[ox.QuerySolution]:
    rows = store.query(_PREFIXES + query)
    assert isinstance(rows, ox.QuerySolutions)
    yield from rows


def _pairs(store: ox.Store, iris: Iris, query: str) -> Iterator[tuple[str, str]]:
    for row in _select(store, query):
        names = [iris.key(term.value) for term in row]
        if names[0] is not None and names[1] is not None:
            yield names[0], names[1]


def compare(events: Iterable[Told], records: Iterable[Record]) -> Joined:
    """Compare the events that articles tell of with the records."""
    by_traveller: dict[str, list[Record]] = defaultdict(list)
    by_key: dict[str, Record] = {}
    for record in records:
        by_key[record.key] = record
        for traveller in record.travellers:
            by_traveller[traveller.key].append(record)
    joined = Joined([], [], [], set(), set(), set())
    encounters = [e for e in events if e.kind in _ENCOUNTERS and e.happened]
    for event in encounters:
        near = {r.key: r for who in sorted(event.actors) for r in by_traveller[who] if _same_days(event, r)}
        for key, record in near.items():
            if event.places & _places(record):
                (joined.carried if key in event.records else joined.loose).append((record, event))
    could = {(record.key, event.key) for record, event in [*joined.carried, *joined.loose]}
    for event in events:
        joined.odd.extend((by_key[key], event) for key in sorted(event.records) if (key, event.key) not in could)
    _meetings(joined, encounters, {key: by_key[key] for key, _ in could})
    return joined


def _meetings(joined: Joined, encounters: list[Told], records: Mapping[str, Record]) -> None:
    for record in records.values():
        beside = [e for e in encounters if _same_days(e, record)]
        for traveller in record.travellers:
            for met in record.met:
                if met.key is None:
                    continue
                pair = (record.key, traveller.key, met.key)
                joined.pairs.add(pair)
                both = [e for e in beside if {traveller.key, met.key} <= e.actors]
                if both:
                    joined.named.add(pair)
                if any(record.key in e.records and e.places & _places(record) for e in both):
                    joined.found.add(pair)


def _same_days(event: Told, record: Record) -> bool:
    return event.days is not None and event.days[0] <= record.end and record.start <= event.days[1]


def _places(record: Record) -> set[str]:
    return {record.country_key, *(spot.key for spot in record.spots)}
