"""The full-text index, made of the one before: its files are linked, and only what has changed is written.

The engine never writes into a file that is there: it writes others, and names of those that count stand in a file of
its own, which is copied. So the index before stays as it is. A document that is out of date is marked as deleted; what
took its place comes last, with a number of its own, and a column tells which event is at which number.

The engine weighs words by how many documents have them and how long these are (BM25), those that are deleted included.
Once more than one in :data:`MOST` documents is deleted or was written late, all of it is to be written anew.
"""

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tantivy

from graph.index.columns import Column, read_column, read_texts, write_column
from graph.index.moves import GONE, Moves
from graph.index.text import (
    FIELDS,
    NUMBER,
    ROWS,
    WRITTEN,
    Wording,
    documents_of,
    frequent_above,
    having_any,
    split_by_spaces,
    write_frequent,
)

__all__ = ["MOST", "Renewal", "renew_text"]

#: One in so many documents may be out of date, or be written late.
MOST = 20
_HEAP = 32_000_000
_SEGMENT = re.compile(r"[0-9a-f]{32}\..+")
_OWN = ("meta.json", ".managed.json")


class Renewal(NamedTuple):
    """What is written.

    :param moves: of the events.
    :param again: the positions, as they were, of events that stay and have other words.
    :param wordings: what there is to be written of each event that came and each of ``again``, by its position now.
    """

    moves: Moves
    again: Sequence[int]
    wordings: Mapping[int, Wording]


def renew_text(before: Path, folder: Path, renewal: Renewal) -> bool:
    """Write the index if little enough of it has changed; return whether it is written.

    :param before: the index before.
    :param folder: made by this; must not be there.
    :raises OSError: if it cannot be read or written.
    :raises ValueError: if the index before is damaged, or the engine cannot write.
    """
    moves, count = renewal.moves, renewal.moves.count
    rows, written = _numbered(before, len(moves.rows))
    stays = moves.rows.copy()
    stays[list(renewal.again)] = GONE
    was = np.asarray(rows, dtype=np.int64)
    now = np.where(was == GONE, GONE, stays[was])
    deleted = np.flatnonzero((was != GONE) & (now == GONE))
    late = len(rows) - written + len(renewal.wordings)
    if (late + int(np.count_nonzero(now[:written] == GONE))) * MOST > count:
        return False
    folder.mkdir()
    _link(before, folder)
    words = _write(folder, deleted, len(rows), renewal.wordings)
    positions = [*renewal.wordings]
    write_column(folder, ROWS, np.concatenate([now, np.array(positions, dtype=np.int64)]).astype(np.int32))
    write_column(folder, WRITTEN, np.array([written], dtype=np.int64))
    _Frequent(before, folder, renewal).write(words)
    return True


def _numbered(folder: Path, count: int) -> tuple[Column, int]:
    """Return the position of the event of each document, and how many documents were written at first."""
    if not (folder / f"{ROWS}.npy").exists():
        return np.arange(count), count
    return read_column(folder, ROWS), int(read_column(folder, WRITTEN)[0])


def _link(before: Path, folder: Path) -> None:
    for path in before.iterdir():
        if _SEGMENT.fullmatch(path.name):
            os.link(path, folder / path.name)
        elif path.name in _OWN:
            shutil.copyfile(path, folder / path.name)


def _write(folder: Path, deleted: Iterable[int], number: int, wordings: Mapping[int, Wording]) -> dict[int, set[str]]:
    """Delete documents and add others; return the words of each event that is added."""
    engine = split_by_spaces(tantivy.Index.open(str(folder)))
    whole = tantivy.FieldType.Unsigned
    words: dict[int, set[str]] = {}
    writer = engine.writer(heap_size=_HEAP, num_threads=1)
    for first, last in _runs(deleted):
        writer.delete_documents_by_query(tantivy.Query.range_query(engine.schema, NUMBER, whole, first, last))
    for at, (position, wording) in enumerate(wordings.items(), number):
        document, words[position] = wording.document(at)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return words


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in map(int, numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


class _Frequent:
    """The bits of frequent words, made of those before."""

    def __init__(self, before: Path, folder: Path, renewal: Renewal) -> None:
        self._folder, self._renewal, self._count = folder, renewal, renewal.moves.count
        self._words, self._bits = read_texts(before, "frequent"), read_column(before, "frequent.bits")
        self._before = len(renewal.moves.rows)
        engine = split_by_spaces(tantivy.Index.open(str(folder)))
        engine.config_reader("manual")
        self._schema, self._searcher = engine.schema, engine.searcher()
        self._rows = read_column(folder, ROWS)

    def write(self, written: Mapping[int, set[str]]) -> None:
        """Write them.

        :param written: the words of each event that is written anew, by position.
        """
        least, moves = frequent_above(self._count), self._renewal.moves
        again = moves.rows[list(self._renewal.again)]
        having: dict[str, list[int]] = {}
        for position, words in written.items():
            for word in words:
                having.setdefault(word, []).append(position)
        found: dict[str, Column] = {}
        for number in range(len(self._words)):
            word = self._words[number].decode()
            events = np.unpackbits(self._bits[number], count=self._before).view(bool)
            events = moves.column(events, np.zeros(len(moves.new), dtype=bool)).copy()
            events[again] = False
            events[having.pop(word, [])] = True
            found[word] = events
        others: Iterable[str] = having
        if least < frequent_above(self._before):  # with fewer events a word is frequent sooner
            others = {word for name in FIELDS for word, _ in self._searcher.terms_with_prefix(name, "")}
        for word in others:
            if word not in found and sum(self._searcher.doc_freq(name, word) for name in FIELDS) > least:
                found[word] = self._having(word)
        frequent = sorted(word for word, events in found.items() if int(np.count_nonzero(events)) > least)
        write_frequent(self._folder, self._count, frequent, found.__getitem__)

    def _having(self, word: str) -> Column:
        """Return, for each event, whether it has a word in any field."""
        events = np.zeros(self._count, dtype=bool)
        events[self._rows[documents_of(self._searcher, having_any(self._schema, [word]), self._count)]] = True
        return events
