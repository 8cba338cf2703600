"""What the index is made of, taken from the index before wherever nothing has changed.

An event is read anew if one of the things that its part of the index is made of is touched: itself, its reports and the
claims about it, their evidence with its selectors, and the articles that the reports are from. These are found by
following the properties of the queries in ``data/queries/index`` backwards from what is touched. All that is said of
them is put into a store in memory, which the same queries read: so what is read is the same as from the whole store.
"""

import json
from collections.abc import Iterable, Set
from pathlib import Path

import pyoxigraph as ox

from graph.index.columns import read_texts
from graph.index.event import Event, decoded
from graph.index.follow import leading_to, said_of, values_of
from graph.index.source import Quote, Source, read_source
from graph.iris import Iris
from graph.vocabulary import OA, PLY, PROV, SCHEMA

__all__ = ["is_index_of", "renewed", "stored_source"]

_REPORT, _ON, _ABOUT, _ABOUT_REPORT = (
    ox.NamedNode(str(p)) for p in (PLY.report, PLY.reportsOn, SCHEMA.about, PLY.aboutReport)
)
_DERIVED, _PUBLISHER, _EVIDENCE, _SELECTOR = (
    ox.NamedNode(str(p)) for p in (PROV.wasDerivedFrom, SCHEMA.publisher, PLY.evidence, OA.hasSelector)
)


def stored_source(folder: Path) -> Source:
    """Return what an index was made of.

    :param folder: of the index.
    :raises OSError: if there is none, or it lacks something.
    :raises ValueError: if it is damaged.
    """
    records, quotes, speakers = (read_texts(folder, name) for name in ("records", "quotes", "speakers"))
    keys, names = read_texts(folder, "named"), read_texts(folder, "names")
    source = Source([], {keys[n].decode(): names[n].decode() for n in range(len(keys))})
    for position in range(len(records)):
        event = Event.of(decoded(records[position]), speakers[position].decode().split())
        source.events.append(event)
        if words := quotes[position]:
            source.quotes[event.key] = [Quote(*quote) for quote in json.loads(words)]
    return source


def is_index_of(folder: Path, store: ox.Store, iris: Iris) -> bool:
    """Tell whether an index was made of what is in a store, however it was made; all of the store is read.

    :raises OSError: if there is none, or it lacks something.
    :raises ValueError: if it is damaged.
    """
    return stored_source(folder) == read_source(store, iris)


def renewed(known: Source, store: ox.Store, iris: Iris, touched: Set[str]) -> Source:
    """Return what :func:`graph.index.source.read_source` would, reading only what may have changed.

    :param known: what it returned of another store; it is used up.
    :param store: to be read.
    :param touched: IRIs of the things of which the two stores may say different things.
    """
    nodes = {ox.NamedNode(iri) for iri in touched}
    events = _events(store, nodes) | nodes
    fresh = read_source(_about(store, events, nodes), iris)
    changed = {key for node in events if (key := iris.key(node.value)) is not None}
    kept = [event for event in known.events if event.key not in changed]
    kept += [event for event in fresh.events if event.key in changed]
    kept.sort(key=lambda event: event.order)
    for key in changed:
        known.quotes.pop(key, None)
        if key in fresh.quotes:
            known.quotes[key] = fresh.quotes[key]
    for node in nodes:
        if (key := iris.key(node.value)) is not None:
            known.names.pop(key, None)
            if key in fresh.names:
                known.names[key] = fresh.names[key]
    return Source(kept, known.names, known.quotes)


def _events(store: ox.Store, touched: Iterable[ox.NamedNode]) -> set[ox.NamedNode]:
    """Return the events whose part of the index is made of what is touched, among other things."""
    findings = set(touched)
    for node in touched:
        findings |= leading_to(store, _DERIVED, node)
        for evidence in {node, *leading_to(store, _SELECTOR, node)}:
            findings |= leading_to(store, _EVIDENCE, evidence)
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
    for event in events:
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
