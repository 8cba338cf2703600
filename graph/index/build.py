"""Writing the index of a store."""

import contextlib
import json
from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from graph.edtf import certain
from graph.index.claims import Claim, read_claims, renewed_claims, stored_claims, write_claims
from graph.index.columns import write_column, write_texts
from graph.index.event import Event, encoded
from graph.index.layout import CERTAINTIES, FACETS, STATUSES, VERSION
from graph.index.renew import renewed, stored_source
from graph.index.source import Source, read_source, readable
from graph.index.text import TextWriter
from graph.index.words import in_words
from graph.iris import Iris
from graph.store.generations import sync

__all__ = ["Known", "build"]

#: What stands for an open end in the columns of days.
_FIRST, _LAST = 0, 2**31 - 1
# Made once: json.dumps makes one for each text.
_QUOTES = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a store before it is read.

    :param index: folder of the index of another store.
    :param touched: IRIs of the things of which the two may say different things.
    """

    index: Path
    touched: Set[str]


def build(store: ox.Store, iris: Iris, folder: Path, known: Known | None = None) -> None:
    """Write the index of a store; it is on disk on return.

    :param folder: made by this; must not be there.
    :param known: saves reading all of the store; the index is the same.
    :raises OSError: if it cannot be written.
    """
    folder.mkdir()
    source, claims = _read(store, iris, known)
    try:
        write_claims(claims, folder)
        _write(source, folder)
    except ValueError as error:  # so the engine of the full text tells of trouble with files
        raise OSError(f"{folder}: the index cannot be written: {error}") from None
    for path in (*folder.iterdir(), *(folder / "text").iterdir(), folder):
        sync(path)


def _read(store: ox.Store, iris: Iris, known: Known | None) -> tuple[Source, list[Claim]]:
    if known is not None:
        # An index of another version, or a damaged one, is of no use: all is read then.
        with contextlib.suppress(OSError, ValueError, TypeError):
            return (
                renewed(stored_source(known.index), store, iris, known.touched),
                renewed_claims(stored_claims(known.index), store, iris, known.touched),
            )
    return read_source(store, iris), read_claims(store, iris)


def _write(source: Source, folder: Path) -> None:
    facets = {name: _Facet(name) for name in FACETS}
    text = TextWriter(folder / "text")
    for event in source.events:
        values = [(name, list(dict.fromkeys(some))) for name, some in _values(event)]
        for name, some in values:
            facets[name].add(some)
        facets["place"].mark(f"place/{value}" in event.places for value in dict(values)["place"])
        text.add(
            {
                "label": [event.label],
                "names": [source.names.get(key, "") for key in (*event.actors, *event.places)],
                "quotes": [quote.words for quote in source.quotes.get(event.key, ())],
            },
            [f"{name}={value}" for name, some in values for value in some],
            (_ordinal(event.earliest), _ordinal(event.latest)),
            event.confidence,
        )
    text.close()
    single = [name for name, facet in facets.items() if facet.write(folder, source.names)]
    _write_columns(source.events, folder)
    _write_records(source, folder)
    dated = sum(not event.order[0] for event in source.events)
    description = {"version": VERSION, "events": len(source.events), "dated": dated, "single": single}
    # The last file: an index without it is none.
    (folder / "index.json").write_text(json.dumps(description) + "\n", "utf-8")


def _values(event: Event) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what an event has of each facet, in the order of the facets."""
    keys = [*event.actors, *event.places]
    for kind in ("person", "place", "organization"):
        yield kind, [key.partition("/")[2] for key in keys if key.startswith(f"{kind}/")]
    yield "type", [event.type]
    yield "status", [event.status]
    articles = [key for key in event.sources if key.startswith("article/")]
    yield "article", [key.partition("/")[2] for key in articles]
    yield "source", [key.partition("/")[2] or key for key in event.sources if not key.startswith("article/")]
    yield "speaker", [key.partition("/")[2] for key in event.speakers]


class _Facet:
    """Collects the values of a facet, event by event."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._numbers: dict[str, int] = {}
        self._values, self._starts = array("I"), array("I", [0])
        self._marks = array("B")

    def add(self, values: Sequence[str]) -> None:
        """Add what the next event has."""
        numbers = self._numbers
        for value in values:
            self._values.append(numbers.setdefault(value, len(numbers)))
        self._starts.append(len(self._values))

    def mark(self, marks: Iterable[bool]) -> None:
        """Mark some of the values of the event that was added."""
        self._marks.extend(marks)

    def write(self, folder: Path, names: dict[str, str]) -> bool:
        """Write the facet; return whether each event has exactly one value."""
        slugs = list(self._numbers)
        labels = [_label(self._name, slug, names) for slug in slugs]
        # Numbered in order of their labels: values of one count stand in this order.
        order = sorted(range(len(slugs)), key=lambda n: (labels[n].casefold(), slugs[n]))
        renumbered = np.empty(len(slugs), dtype=np.uint32)
        renumbered[order] = np.arange(len(slugs), dtype=np.uint32)
        starts = np.frombuffer(self._starts, dtype=np.uint32)
        values = renumbered[np.frombuffer(self._values, dtype=np.uint32)] if slugs else np.zeros(0, np.uint32)
        events = np.repeat(np.arange(len(starts) - 1, dtype=np.uint32), np.diff(starts))
        by_value = np.argsort(values, kind="stable")
        totals = np.bincount(values, minlength=len(slugs))
        write_column(folder, f"{self._name}.starts", starts)
        write_column(folder, f"{self._name}.values", values)
        write_column(folder, f"{self._name}.marks", np.frombuffer(self._marks, dtype=np.uint8).astype(bool))
        write_column(folder, f"{self._name}.events", events[by_value])
        write_column(folder, f"{self._name}.ends", np.concatenate([[0], np.cumsum(totals)]).astype(np.uint32))
        ordered = [slugs[n] for n in order]
        write_texts(folder, f"{self._name}.slugs", (slug.encode() for slug in sorted(ordered)))
        by_slug = sorted(range(len(ordered)), key=ordered.__getitem__)
        write_column(folder, f"{self._name}.numbers", np.array(by_slug, dtype=np.uint32))
        ranks = np.empty(len(ordered), dtype=np.uint32)
        ranks[by_slug] = np.arange(len(ordered), dtype=np.uint32)
        write_column(folder, f"{self._name}.ranks", ranks)
        write_texts(folder, f"{self._name}.labels", (labels[n].encode() for n in order))
        write_texts(folder, f"{self._name}.words", (in_words(labels[n]) for n in order))
        return len(values) == len(starts) - 1 and bool(np.all(np.diff(starts) == 1))


def _label(facet: str, slug: str, names: dict[str, str]) -> str:
    kinds = {"source": ("organization",), "speaker": ("person", "organization", "place")}.get(facet, (facet,))
    found = (names.get(f"{kind}/{slug}") for kind in kinds)
    return next((name for name in found if name), slug if facet in ("type", "status") else readable(slug))


def _write_columns(events: Sequence[Event], folder: Path) -> None:
    def column(name: str, values: Iterator[int] | Iterator[float], kind: type[np.generic]) -> None:
        write_column(folder, name, np.fromiter(values, dtype=kind, count=len(events)))

    column("earliest", (_ordinal(e.earliest) or _FIRST for e in events), np.int32)
    column("latest", (_ordinal(e.latest) or _LAST for e in events), np.int32)
    column("first", (_ordinal(e.earliest or e.latest) or _LAST for e in events), np.int32)
    column("confidence", (-1.0 if e.confidence is None else e.confidence for e in events), np.float64)
    column("drawn", (_drawn(e) for e in events), np.uint8)
    column("monthday", (_monthday(e) for e in events), np.uint16)


def _drawn(event: Event) -> int:
    """Return how an event is drawn: its status, and how well its time is known."""
    status = STATUSES.index(event.status) if event.status in STATUSES else 0
    known = 0 if certain(event.edtf) else 2 if event.earliest is None or event.latest is None else 1
    return status * len(CERTAINTIES) + known


def _monthday(event: Event) -> int:
    first = event.earliest
    return first.month * 100 + first.day if first is not None and certain(event.edtf) else 0


def _write_records(source: Source, folder: Path) -> None:
    events = source.events
    write_texts(folder, "records", map(encoded, events))
    write_texts(folder, "quotes", (_quotes(source, event) for event in events))
    # Which of them are people is not to be seen in the facet; the next index is made of it.
    write_texts(folder, "speakers", (" ".join(event.speakers).encode() for event in events))
    by_key = sorted(range(len(events)), key=lambda position: events[position].key.encode())
    write_texts(folder, "keys", (events[position].key.encode() for position in by_key))
    write_column(folder, "positions", np.array(by_key, dtype=np.uint32))
    named = sorted((key.encode(), name.encode()) for key, name in source.names.items())
    write_texts(folder, "named", (key for key, _ in named))
    write_texts(folder, "names", (name for _, name in named))
    # Whoever types a name means the shortest most often: these stand first.
    names = [name.decode() for _, name in named]
    likeliest = sorted(range(len(named)), key=lambda number: (len(names[number]), names[number], number))
    write_texts(folder, "called", (in_words(names[number]) for number in likeliest))
    write_column(folder, "called.named", np.array(likeliest, dtype=np.uint32))


def _quotes(source: Source, event: Event) -> bytes:
    quotes = source.quotes.get(event.key, ())
    if not quotes:
        return b""
    return _QUOTES.encode([(q.article, q.thing, q.words) for q in quotes]).encode()


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
