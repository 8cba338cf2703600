"""Reads what resolution knows back from a store: reports and records with their events, and claims that quote.

There may be more of all that than the memory holds, so it comes row by row and is put together on shelves. Where an
earlier run has left its shelves, nothing is read but the official records.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Protocol

import pyoxigraph as ox

from graph.extract.model import EventType, Manner, Office, Outcome, Report, Status
from graph.facts.records import load_records, record_events
from graph.files import read_query
from graph.iris import Iris
from graph.resolve.claims import ClaimIndex, ClaimLink, Quotation, Relation, quotation_of
from graph.resolve.index import EventIndex
from graph.resolve.shelf import Room, Shelf, put_under
from graph.vocabulary import PLY

__all__ = ["Selects", "load_claims", "load_index"]


class Selects(Protocol):
    """What is needed of a store."""

    def select(self, query: str, /, **bindings: ox.NamedNode | ox.Literal) -> Iterable[ox.QuerySolution]:
        """Run a trusted query."""

    def each(self, query: str, /, **bindings: ox.NamedNode | ox.Literal) -> Iterator[ox.QuerySolution]:
        """Run a trusted query and yield its solutions one by one."""


def load_index(store: Selects, iris: Iris, room: Room | None = None) -> EventIndex:
    """Read all reports and records from a store, and which event each is on.

    :param room: where the index keeps them; what an earlier run has left there is not read anew.
    :raises RoomError: if the room cannot be used.
    """
    index = EventIndex(look_up=partial(_names, store, iris), room=room or Room())
    records = load_records()
    official = record_events(records)
    if index.room.is_left:
        index.know(records, {key: event for key, event in official.items() if key in index.reports})
        return index
    room = Room()
    actors, places = (_multiple(store, name, iris, room) for name in ("actors", "places"))
    outcomes: Shelf[str, frozenset[Outcome]] = Shelf(room)
    for row in store.each(read_query("resolve", "outcomes")):
        if (key := iris.key(_text(row["report"]) or "")) is not None:
            put_under(outcomes, key, Outcome((_text(row["value"]) or "").removeprefix(str(PLY))))
    offices = _offices(store, iris, room)
    reports: Shelf[str, Report] = Shelf(room)
    event_of: Shelf[str, str] = Shelf(room)
    published: Shelf[str, date] = Shelf(room)
    for row in store.each(read_query("resolve", "reports")):
        key, event = iris.key(_text(row["report"]) or ""), iris.key(_text(row["event"]) or "")
        if key is None or event is None:
            continue
        status, confidence, day = _text(row["status"]), _text(row["confidence"]), _date(row["published"])
        reports[key] = Report(
            key=key,
            type=EventType((_text(row["type"]) or "").removeprefix(str(PLY))),
            label=_text(row["label"]) or "",
            mentions=(),
            participants=tuple(actors.get(key, ())),
            places=tuple(places.get(key, ())),
            time=_text(row["time"]),
            earliest=_date(row["earliest"]),
            latest=_date(row["latest"]),
            status=Status(status.removeprefix(str(PLY))) if status else Status.OCCURRED,
            confidence=float(confidence) if confidence else 1.0,
            within=iris.key(_text(row["within"]) or ""),
            ordinal=int(ordinal) if (ordinal := _text(row["ordinal"])) else None,
            outcomes=tuple(outcomes.get(key, ())),
            offices=tuple(offices.get(key, ())),
        )
        # A record is on the event that it describes; that it bears out others is found anew.
        event_of[key] = official.get(key, event)
        if day is not None:
            published[key.partition("/report/")[0]] = day
    index.know(records, {key: event for key, event in official.items() if key in reports})
    index.published.update(published)
    index.fill(reports.values(), event_of)
    return index


def _offices(store: Selects, iris: Iris, room: Room) -> Mapping[str, frozenset[Office]]:
    """Return the offices that reports state of those who take part, by report."""
    found: Shelf[str, frozenset[Office]] = Shelf(room)
    for row in store.each(read_query("resolve", "offices")):
        report, person, role = (iris.key(_text(row[name]) or "") for name in ("report", "person", "role"))
        if report is not None and person is not None and role is not None:
            put_under(found, report, Office(person, _text(row["words"]) or "", role))
    return found


def load_claims(store: Selects, iris: Iris, room: Room | None = None) -> ClaimIndex:
    """Read all claims that quote from a store, and how they are linked.

    :param room: as for :func:`load_index`.
    :raises RoomError: if the room cannot be used.
    """
    index = ClaimIndex(room=room or Room())
    if index.room.is_left:
        return index
    room = Room()
    told: Shelf[str, tuple[Manner, str, str | None]] = Shelf(room)
    speakers: Shelf[str, frozenset[str]] = Shelf(room)
    published: Shelf[str, date] = Shelf(room)
    for row in store.each(read_query("resolve", "claims")):
        key = iris.key(_text(row["claim"]) or "")
        if key is None:
            continue
        manner = Manner((_text(row["manner"]) or "").removeprefix(str(PLY)))
        told[key] = (manner, _text(row["text"]) or "", _text(row["words"]))
        # The unknown speaker is a term of the ontology and no thing of the dataset.
        if (speaker := iris.key(_text(row["speaker"]) or "")) is not None:
            put_under(speakers, key, speaker)
        if (day := _date(row["published"])) is not None:
            published[key.partition("/claim/")[0]] = day
    compared: Shelf[str, Quotation] = Shelf(room)
    for key, (manner, text, words) in told.items():
        quotation = quotation_of(manner, text, speakers.get(key, ()), words)
        if quotation is not None:
            compared[key] = quotation
    index.published.update(published)
    index.fill(compared, _claim_links(store, iris))
    return index


def _claim_links(store: Selects, iris: Iris) -> Iterator[ClaimLink]:
    for row in store.each(read_query("resolve", "claim_links"), graph=ox.NamedNode(iris.events_graph)):
        claim, other = iris.key(_text(row["claim"]) or ""), iris.key(_text(row["other"]) or "")
        # What an office is derived from is told in the same way, and is nothing that a claim quotes.
        if claim is not None and other is not None and "/claim/" in claim:
            yield ClaimLink(claim, Relation(_text(row["relation"]) or ""), other)


def _names(store: Selects, iris: Iris, article: str) -> dict[str, str]:
    graph = ox.NamedNode(iris.article_graph(article))
    rows = store.select(read_query("resolve", "names"), graph=graph)
    return {key: _text(row["name"]) or key for row in rows if (key := iris.key(_text(row["thing"]) or "")) is not None}


def _multiple(store: Selects, name: str, iris: Iris, room: Room) -> Mapping[str, frozenset[str]]:
    found: Shelf[str, frozenset[str]] = Shelf(room)
    for row in store.each(read_query("resolve", name)):
        report, value = iris.key(_text(row["report"]) or ""), iris.key(_text(row["value"]) or "")
        if report is not None and value is not None:
            put_under(found, report, value)
    return found


def _text(term: object) -> str | None:
    return None if term is None else str(getattr(term, "value", term))


def _date(term: object) -> date | None:
    text = _text(term)
    return None if text is None else date.fromisoformat(text[:10])
