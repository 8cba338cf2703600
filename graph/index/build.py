"""Writing the index of a store."""

import contextlib
import shutil
from array import array
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from graph.index.claims import read_claims, write_claims
from graph.index.claims_renewal import renew_claims
from graph.index.columns import write_column, write_texts
from graph.index.event import encoded
from graph.index.layout import FACETS, VERSION, write_description
from graph.index.renewal import renew_events
from graph.index.row import COLUMNS, label_of, labelled, values_of_facets, wording
from graph.index.source import Source, encoded_quotes, read_source
from graph.index.text import TextWriter
from graph.index.words import in_words
from graph.iris import Iris
from graph.store.generations import sync
from graph.store.trouble import STORE_ERRORS

__all__ = ["Known", "build"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a store before it is read.

    :param index: folder of the index of another store.
    :param store: that store.
    :param touched: IRIs of the things of which the two may say different things.
    """

    index: Path
    store: ox.Store
    touched: Set[str]


def build(store: ox.Store, iris: Iris, folder: Path, known: Known | None = None) -> None:
    """Write the index of a store; it is on disk on return.

    :param folder: made by this; must not be there.
    :param known: saves reading and writing all of it; it answers the same.
    :raises OSError: if it cannot be written.
    """
    if known is None or not _renewed(store, iris, folder, known):
        folder.mkdir()
        try:
            write_claims(read_claims(store, iris), folder)
            _write(read_source(store, iris), folder)
        except ValueError as error:  # so the engine of the full text tells of trouble with files
            raise OSError(f"{folder}: the index cannot be written: {error}") from None
    for path in (*folder.iterdir(), *(folder / "text").iterdir(), folder):
        sync(path)


def _renewed(store: ox.Store, iris: Iris, folder: Path, known: Known) -> bool:
    # An index of another version, or a damaged one, is of no use: all is read then.
    with contextlib.suppress(*STORE_ERRORS, ValueError, TypeError, LookupError):
        folder.mkdir()
        renew_claims(known.index, known.store, store, iris, known.touched, folder)
        renew_events(known.index, store, iris, known.touched, folder)
        return True
    shutil.rmtree(folder, ignore_errors=True)
    return False


def _write(source: Source, folder: Path) -> None:
    facets = {name: _Facet(name) for name in FACETS}
    text, name_of = TextWriter(folder / "text"), source.names.get
    for event in source.events:
        values = values_of_facets(event)
        for name, some in values:
            facets[name].add(some)
        facets["place"].mark(f"place/{value}" in event.places for value in dict(values)["place"])
        text.add(wording(event, values, source.quotes.get(event.key, ()), name_of))
    text.close()
    single = [name for name, facet in facets.items() if facet.write(folder, source.names)]
    for name, (value_of, kind) in COLUMNS.items():
        write_column(folder, name, np.fromiter(map(value_of, source.events), dtype=kind, count=len(source.events)))
    _write_records(source, folder)
    dated = sum(not event.order[0] for event in source.events)
    write_description(folder, VERSION, len(source.events), dated, single)


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
        labels = [label_of(self._name, slug, names.get) for slug in slugs]
        order = sorted(range(len(slugs)), key=lambda n: labelled(labels[n], slugs[n]))
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


def _write_records(source: Source, folder: Path) -> None:
    events = source.events
    write_texts(folder, "records", map(encoded, events))
    write_texts(folder, "quotes", (encoded_quotes(source.quotes.get(event.key, ())) for event in events))
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
