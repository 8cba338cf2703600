"""What the index is made of: the events of a store, with who, where, by whom told and in which words."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

import pyoxigraph as ox

from graph.files import read_query
from graph.index.event import Event
from graph.iris import Iris

__all__ = ["RECORDS", "Quote", "Source", "encoded_quotes", "read_source", "readable"]

# Made once: json.dumps makes one for each text.
_QUOTES = json.JSONEncoder(ensure_ascii=False)

#: Value of the facet ``source`` for official records.
RECORDS = "official-records"


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """Words that a report or a claim about an event rests on.

    :param thing: key of the report or claim.
    :param article: key of the article; empty where there is none.
    """

    article: str
    thing: str
    words: str


@dataclass(slots=True)
class Source:
    """All of it.

    :param events: in order.
    :param names: names of people, organizations, places and articles by key.
    :param quotes: the words about each event, by its key, in order.
    """

    events: list[Event]
    names: dict[str, str]
    quotes: dict[str, list[Quote]] = field(default_factory=dict)


def encoded_quotes(quotes: Sequence[Quote]) -> bytes:
    """Return the words about an event as the index keeps them."""
    return _QUOTES.encode([(q.article, q.thing, q.words) for q in quotes]).encode() if quotes else b""


def read_source(store: ox.Store, iris: Iris) -> Source:
    """Read the events of a store."""
    prefix = f"{iris.base}id/"
    length = len(prefix)

    def key(term: object) -> str | None:
        value = term.value if isinstance(term, ox.NamedNode) else ""
        return value[length:] or None if value.startswith(prefix) else None

    actors, places = _grouped(store, "actors", key, key), _grouped(store, "places", key, key)
    outcomes = _grouped(store, "outcomes", key, lambda term: _local(_text(term)) or "")
    sources, quotes = _reports(store, key)
    speakers: dict[str, set[str]] = defaultdict(set)
    for event, thing, speaker, article, words, said in _rows(store, "claims"):
        about, who, text = key(event), key(speaker), _text(words) or _text(said)
        if about and who:
            speakers[about].add(who)
        if about and text:
            quotes[about].add(Quote(key(article) or "", key(thing) or "", text))
    # A damaged event with two labels or times must not be two events: the first in order stands.
    rows: dict[str, tuple[str, ...]] = {}
    for event, *values in _rows(store, "events"):
        about = key(event)
        if about:
            row = tuple(_text(value) or "" for value in values)
            rows[about] = min(row, rows[about]) if about in rows else row
    events = [
        Event(
            key=about,
            label=label or readable(about),
            type=_local(type_) or "Event",
            status=_local(status) or "occurred",
            edtf=time or None,
            earliest=_day(earliest),
            latest=_day(latest),
            actors=tuple(sorted(actors.get(about, ()))),
            places=tuple(sorted(places.get(about, ()))),
            sources=tuple(sorted(sources.get(about, ()))),
            confidence=_number(confidence),
            outcomes=tuple(sorted(outcomes.get(about, ()))),
            speakers=tuple(sorted(speakers.get(about, ()))),
        )
        for about, (type_, label, time, earliest, latest, status, confidence) in rows.items()
    ]
    events.sort(key=lambda event: event.order)
    names: dict[str, str] = {}
    for thing, name in _rows(store, "names"):
        about = key(thing)
        if about:
            text = _text(name) or ""
            names[about] = min(names.get(about, text), text)
    return Source(events, names, {about: sorted(some) for about, some in quotes.items()})


def readable(slug: str) -> str:
    """Return words for what has no name.

    >>> readable("event/visit-of-petrova")
    'visit of petrova'
    """
    return slug.rpartition("/")[2].replace("-", " ")


def _rows(store: ox.Store, name: str) -> Iterator[tuple[object, ...]]:
    """Run a query; yield its rows, each with all variables in the order of the query."""
    solutions = cast("ox.QuerySolutions", store.query(read_query("index", name)))
    for solution in solutions:
        yield tuple(solution)


def _grouped(
    store: ox.Store, name: str, key: Callable[[object], str | None], read: Callable[[object], str | None]
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for event, value in _rows(store, name):
        about, text = key(event), read(value)
        if about is not None and text is not None:
            found[about].add(text)
    return found


def _reports(store: ox.Store, key: Callable[[object], str | None]) -> tuple[dict[str, set[str]], dict[str, set[Quote]]]:
    """Return who tells of each event, and the words that this rests on."""
    sources: dict[str, set[str]] = defaultdict(set)
    quotes: dict[str, set[Quote]] = defaultdict(set)
    for event, report, record, article, publisher, words in _rows(store, "reports"):
        about = key(event)
        if about is None:
            continue
        told = key(article)
        if record is not None:
            sources[about].add(RECORDS)
        sources[about].update(k for k in (told, key(publisher)) if k)
        if words is not None:
            quotes[about].add(Quote(told or "", key(report) or "", _text(words) or ""))
    return sources, quotes


def _text(term: object) -> str | None:
    return None if term is None else cast("ox.Literal | ox.NamedNode | ox.BlankNode", term).value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _local(iri: str | None) -> str | None:
    return iri.rpartition("#")[2] if iri else None
