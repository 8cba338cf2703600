"""Writing the index anew where something has changed: what has not is copied as it is."""

from bisect import bisect_left
from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from graph.index.changes import Changes, Stored, changes
from graph.index.columns import read_column, read_texts, write_column
from graph.index.event import encoded
from graph.index.facet_renewal import FacetRenewal
from graph.index.layout import FACETS, RENEWED, VERSION, write_description
from graph.index.moves import Moves
from graph.index.row import COLUMNS, values_of_facets, wording
from graph.index.source import encoded_quotes
from graph.index.text import TextWriter, Wording
from graph.index.text_renewal import Renewal, renew_text
from graph.index.words import in_words
from graph.iris import Iris

__all__ = ["renew_events"]

#: Kinds of things whose names are words of the events that they have to do with.
_KINDS = ("person", "place", "organization")


def renew_events(before: Path, store: ox.Store, iris: Iris, touched: Set[str], folder: Path) -> None:
    """Write all of an index but the claims.

    :param before: folder of the index of another store.
    :param store: what the index is of.
    :param touched: IRIs of the things of which the two stores may say different things.
    :param folder: must be there, and have nothing of this.
    :raises OSError: if the index before is not there or of another version, or this one cannot be written.
    :raises ValueError: if the index before is damaged, or the engine of the full text cannot write.
    """
    stored = Stored(before)
    _Renewal(stored, changes(stored, store, iris, touched), folder).write()


class _Renewal:
    def __init__(self, stored: Stored, changed: Changes, folder: Path) -> None:
        self._stored, self._changed, self._folder = stored, changed, folder
        self._moves = Moves(stored.count, changed.gone, changed.come)
        self._values = [dict(values_of_facets(event)) for event in changed.events]

    def write(self) -> None:
        stored, changed, moves = self._stored, self._changed, self._moves
        facets = {name: FacetRenewal(stored.folder, name, stored.count) for name in FACETS}
        again = self._renamed(facets)
        single = []
        for name, facet in facets.items():
            values = [some[name] for some in self._values]
            marks = [
                [f"place/{slug}" in event.places for slug in some] if name == "place" else None
                for event, some in zip(changed.events, values, strict=True)
            ]
            if facet.write(self._folder, moves, values, marks, changed.names, self._name):
                single.append(name)
        for name, (value_of, _) in COLUMNS.items():
            old = read_column(stored.folder, name)
            write_column(self._folder, name, moves.column(old, [value_of(event) for event in changed.events]))
        self._write_records()
        self._write_names()
        text = self._write_text(again)
        dated = stored.dated - sum(at < stored.dated for at in changed.gone)
        dated += sum(event.dated for event in changed.events)
        # The last file: an index without it is none.
        write_description(self._folder, text, moves.count, dated, single)

    def _name(self, key: str) -> str | None:
        return self._changed.names[key] if key in self._changed.names else self._stored.name(key)

    def _renamed(self, facets: dict[str, FacetRenewal]) -> list[int]:
        """Return the positions of the events that stay and have to do with what has another name."""
        found: set[int] = set()
        for key in self._changed.names:
            kind, _, slug = key.partition("/")
            if kind in _KINDS:
                found.update(facets[kind].events(slug))
        return sorted(found.difference(self._changed.gone))

    def _write_records(self) -> None:
        stored, changed, moves, folder = self._stored, self._changed, self._moves, self._folder
        events = changed.events
        moves.write_texts(folder, "records", stored.records, [encoded(event) for event in events])
        quotes = [encoded_quotes(changed.quotes.get(event.key, ())) for event in events]
        moves.write_texts(folder, "quotes", stored.quotes, quotes)
        moves.write_texts(folder, "speakers", stored.speakers, [" ".join(event.speakers).encode() for event in events])
        gone = {int(at) for at in changed.gone}
        came = sorted((event.key.encode(), int(at)) for event, at in zip(events, moves.new, strict=True))
        lost = sorted(n for at in gone if (n := stored.keys.find(_key(stored, at))) is not None)
        by_key = Moves(len(stored.keys), lost, [stored.keys.place(key) for key, _ in came])
        by_key.write_texts(folder, "keys", stored.keys, [key for key, _ in came])
        positions = by_key.column(moves.rows[stored.positions], [at for _, at in came])
        write_column(folder, "positions", positions.astype(np.uint32))

    def _write_names(self) -> None:
        """Write the names of things by key, and their words, the shortest names first."""
        stored, folder, names = self._stored, self._folder, self._changed.names
        called, named = read_texts(stored.folder, "called"), read_column(stored.folder, "called.named")
        lost = sorted(n for key in names if (n := stored.named.find(key.encode())) is not None)
        came = sorted((key.encode(), name.encode()) for key, name in names.items() if name is not None)
        places = [stored.named.place(key) for key, _ in came]
        by_key = Moves(len(stored.named), lost, places)
        by_key.write_texts(folder, "named", stored.named, [key for key, _ in came])
        by_key.write_texts(folder, "names", stored.names, [name for _, name in came])

        def likelihood(number: int) -> tuple[int, str, float]:
            name = stored.names[number].decode()
            return len(name), name, number

        def place(wanted: tuple[int, str, float]) -> int:
            return bisect_left(range(len(named)), wanted, key=lambda at: likelihood(int(named[at])))

        # Where two have one name, the one with the lesser key stands first: it came before the place of its key.
        new = sorted(
            ((len(text), text, at - 0.5), int(number), name)
            for at, number, name in zip(places, by_key.new, (name for _, name in came), strict=True)
            for text in (name.decode(),)
        )
        by_length = Moves(len(named), sorted(place(likelihood(n)) for n in lost), [place(one) for one, _, _ in new])
        by_length.write_texts(folder, "called", called, [in_words(name.decode()) for _, _, name in new])
        numbers = by_length.column(by_key.rows[named], [number for _, number, _ in new])
        write_column(folder, "called.named", numbers.astype(np.uint32))

    def _write_text(self, again: Sequence[int]) -> int:
        """Write the full-text index; return the version of the form that it has."""
        stored, changed, moves, folder = self._stored, self._changed, self._moves, self._folder
        wordings: dict[int, Wording] = {}
        for event, at, values in zip(changed.events, moves.new, self._values, strict=True):
            quotes = changed.quotes.get(event.key, ())
            wordings[int(at)] = wording(event, [*values.items()], quotes, self._name)
        for at in again:
            event = stored.event(at)
            wordings[int(moves.rows[at])] = wording(event, values_of_facets(event), stored.quoted(at), self._name)
        if renew_text(stored.folder / "text", folder / "text", Renewal(moves, again, dict(sorted(wordings.items())))):
            return RENEWED
        _write_whole(folder, moves.count)
        return VERSION


def _write_whole(folder: Path, events: int) -> None:
    """Write the full-text index of an index that is written so far."""
    write_description(folder, VERSION, events, 0, ())
    stored, text = Stored(folder), TextWriter(folder / "text")
    for position in range(events):
        event = stored.event(position)
        text.add(wording(event, values_of_facets(event), stored.quoted(position), stored.name))
    text.close()


def _key(stored: Stored, position: int) -> bytes:
    return stored.event(position).key.encode()
