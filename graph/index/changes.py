"""What has changed since an index was made, read without reading all.

An event is read anew if one of the things that its part of the index is made of is touched: itself, its reports and the
claims about it, their evidence with its selectors, and the articles that the reports are from. These are found by
following the properties of the queries in ``data/queries/index`` backwards from what is touched. All that is said of
them is put into a store in memory, which the same queries read: so what is read is the same as from the whole store.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph.index.columns import read_column, read_texts
from graph.index.event import Event, decoded
from graph.index.follow import leading_to, resting_on, said_of, values_of
from graph.index.layout import read_description
from graph.index.source import Quote, read_source
from graph.iris import Iris
from graph.vocabulary import OA, PLY, PROV, RDF, SCHEMA, SEM

__all__ = ["Changes", "Stored", "changes"]

_REPORT, _ON, _ABOUT, _ABOUT_REPORT = (
    ox.NamedNode(str(p)) for p in (PLY.report, PLY.reportsOn, SCHEMA.about, PLY.aboutReport)
)
_TYPE, _EVENT = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(SEM.Event))
_DERIVED, _PUBLISHER, _EVIDENCE, _SELECTOR = (
    ox.NamedNode(str(p)) for p in (PROV.wasDerivedFrom, SCHEMA.publisher, PLY.evidence, OA.hasSelector)
)


class Stored:
    """What an index was made of, looked up event by event.

    :param folder: of the index.
    :raises OSError: if there is none, or it lacks something, or is of another version.
    :raises ValueError: if it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count, self.dated, _ = read_description(folder)
        self.records, self.quotes, self.speakers = (
            read_texts(folder, name) for name in ("records", "quotes", "speakers")
        )
        self.keys, self.positions = read_texts(folder, "keys"), read_column(folder, "positions")
        self.named, self.names = read_texts(folder, "named"), read_texts(folder, "names")

    def event(self, position: int) -> Event:
        """Return the event at a position."""
        return Event.of(decoded(self.records[position]), self.speakers[position].decode().split())

    def quoted(self, position: int) -> list[Quote]:
        """Return the words about the event at a position."""
        words = self.quotes[position]
        return [Quote(*quote) for quote in json.loads(words)] if words else []

    def position(self, key: str) -> int | None:
        """Return the position of an event."""
        number = self.keys.find(key.encode())
        return None if number is None else int(self.positions[number])

    def place(self, event: Event) -> int:
        """Return the position before which an event stands, or at which it is."""
        return bisect_left(range(self.count), event.order, key=lambda at: decoded(self.records[at]).order)

    def name(self, key: str) -> str | None:
        """Return the name of a thing."""
        number = self.named.find(key.encode())
        return None if number is None else self.names[number].decode()


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed. An event that has is gone, and comes as it is now.

    :param gone: the positions of events that are gone, in order.
    :param events: those that come, in order.
    :param come: for each of them the position before which it stands.
    :param quotes: the words about each of them, by key.
    :param names: what things are called now, by key; None for what has no name any more.
    """

    gone: Sequence[int]
    events: Sequence[Event]
    come: Sequence[int]
    quotes: dict[str, list[Quote]]
    names: dict[str, str | None]


def changes(stored: Stored, store: ox.Store, iris: Iris, touched: Set[str]) -> Changes:
    """Return how what :func:`graph.index.source.read_source` returns differs from what an index was made of.

    :param stored: that index, of another store.
    :param store: to be read.
    :param touched: IRIs of the things of which the two stores may say different things.
    """
    nodes = {ox.NamedNode(iri) for iri in touched}
    events = _events(store, nodes) | nodes
    keys = {key for node in events if (key := iris.key(node.value)) is not None}
    fresh = read_source(_about(store, events, nodes), iris)
    now = {event.key: event for event in fresh.events if event.key in keys}
    gone: list[int] = []
    for key in keys:
        position = stored.position(key)
        if position is None:
            continue
        if stored.event(position) == now.get(key) and stored.quoted(position) == fresh.quotes.get(key, []):
            del now[key]
        else:
            gone.append(position)
    come = sorted(now.values(), key=lambda event: event.order)
    named = {key: fresh.names.get(key) for node in nodes if (key := iris.key(node.value)) is not None}
    return Changes(
        sorted(gone),
        come,
        [stored.place(event) for event in come],
        fresh.quotes,
        {key: name for key, name in named.items() if name != stored.name(key)},
    )


def _events(store: ox.Store, touched: Iterable[ox.NamedNode]) -> set[ox.NamedNode]:
    """Return the events whose part of the index is made of what is touched, among other things."""
    findings = set(touched)
    for node in touched:
        findings |= leading_to(store, _DERIVED, node) | resting_on(store, _EVIDENCE, _SELECTOR, node)
    events: set[ox.NamedNode] = set()
    for node in findings:
        events |= leading_to(store, _REPORT, node) | values_of(store, node, _ABOUT)
        for report in {node, *values_of(store, node, _ABOUT_REPORT)}:
            events |= values_of(store, report, _ON)
    return events


def _about(store: ox.Store, events: Iterable[ox.NamedNode], named: Iterable[ox.NamedNode]) -> ox.Store:
    """Return a store in memory with all that the index needs of some events, and of things that may have names."""
    whole, publishing = {*events, *named}, set[ox.NamedNode]()
    findings: set[ox.NamedNode] = set()
    # Of a person, about whom there may be thousands of claims, only the name is needed.
    for event in (node for node in whole if any(said_of(store, node, _TYPE, _EVENT))):
        findings |= values_of(store, event, _REPORT) | leading_to(store, _ABOUT, event)
        for report in leading_to(store, _ON, event):
            findings |= {report} | leading_to(store, _ABOUT_REPORT, report)
    for finding in findings:
        publishing |= values_of(store, finding, _DERIVED)
        for evidence in values_of(store, finding, _EVIDENCE):
            whole |= {evidence} | values_of(store, evidence, _SELECTOR)
    found = ox.Store()
    for node in whole | findings:
        found.extend(said_of(store, node))
    for node in publishing:
        found.extend(said_of(store, node, _PUBLISHER))
    return found
