"""The full-text index: labels, names and quoted words of events, ranked by BM25 (Robertson and Zaragoza 2009).

The engine is tantivy. Words come folded and parted by spaces (:mod:`graph.index.words`), so all that it does to a text
is to split it. The facets of each event are in the index too: the best events under any filters are found by the
engine itself. Of words that stand in much of the news the events are kept as bits, one for each event: the engine
names its hits one by one, which takes long where there are hundreds of thousands.
"""

import tempfile
import threading
import weakref
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tantivy

from graph.index.columns import Column, read_column, read_texts, write_column, write_texts
from graph.index.words import GAP, Part, Question, folded

__all__ = [
    "BEST", "FIELDS", "NUMBER", "ROWS", "WRITTEN", "Limits", "TextIndex", "TextWriter", "Wording", "documents_of",
    "frequent_above", "having_any", "split_by_spaces", "write_frequent",
]  # fmt: skip

#: So many events are put in order of relevance.
BEST = 1000
#: Field -> how much a word in it counts (BM25F, by boosts).
FIELDS = {"label": 4.0, "names": 3.0, "quotes": 1.0}
#: Field of the number of a document.
NUMBER = "position"
#: Columns of an index that was renewed: the position of the event of each document, and how many there were before.
ROWS, WRITTEN = "rows", "written"
_SPACES = "spaces"
_HEAP = 256_000_000
# A word of more events than this share, and than this number, is kept as bits.
_SHARE, _LEAST = 50, 2000
_MOST_PREFIXED = 500
_KEPT = 32
# So many words of each field are looked up to compare two indexes.
_LOOKED_AT = 100
# What stands for an open beginning or end among days counted from the year 1.
_NEVER, _ALWAYS = 10**7, -(10**7)

_Query = tantivy.Query
_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


class Limits(NamedTuple):
    """What events must have besides words: facets (each with the values of which one is enough), days, confidence."""

    facets: Sequence[tuple[str, Sequence[str]]] = ()
    first: int | None = None
    last: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """What the full-text index has of an event.

    :param texts: field -> its texts.
    :param facets: ``facet=value``.
    :param days: first and last, as ordinals.
    :param confidence: from 0 to 1; None where the data has none.
    """

    texts: Mapping[str, Sequence[str]]
    facets: Sequence[str]
    days: tuple[int | None, int | None]
    confidence: float | None

    def document(self, number: int) -> tuple[tantivy.Document, set[str]]:
        """Return it as the engine takes it, and its words.

        :param number: of the document.
        """
        document, words = tantivy.Document(), set[str]()
        for name, some in self.texts.items():
            found = [folded(text) for text in some]
            document.add_text(name, f" {GAP} ".join(map(" ".join, found)))
            words.update(*found)
        document.add_text("facets", " ".join(self.facets))
        document.add_unsigned(NUMBER, number)
        first, last = self.days
        if first is not None or last is not None:
            document.add_integer("earliest", _ALWAYS if first is None else first)
            document.add_integer("latest", _NEVER if last is None else last)
        if self.confidence is not None:
            document.add_float("confidence", self.confidence)
        return document, words


def split_by_spaces(engine: tantivy.Index) -> tantivy.Index:
    """Return an index that splits its texts as it should; this is not kept with it."""
    engine.register_tokenizer(_SPACES, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return engine


def frequent_above(count: int) -> int:
    """Return of how many events a word must have more to be kept as bits, where there are so many."""
    return max(_LEAST, count // _SHARE)


def write_frequent(folder: Path, count: int, words: Sequence[str], having: Callable[[str], Column]) -> None:
    """Write the frequent words, and as bits which events have each.

    :param count: how many events there are.
    :param words: in order.
    :param having: returns, for each event, whether it has a word.
    :raises OSError: if they cannot be written.
    """
    bits = np.zeros((len(words), (count + 7) // 8), dtype=np.uint8)
    for row, word in zip(bits, words, strict=True):
        row[:] = np.packbits(having(word))
    write_column(folder, "frequent.bits", bits)
    write_texts(folder, "frequent", (word.encode() for word in words))


def having_any(schema: tantivy.Schema, words: Sequence[str]) -> tantivy.Query:
    """Return the query for what has one of some words in any field."""
    return _Query.boolean_query([(_SHOULD, _Query.term_set_query(schema, name, [*words])) for name in FIELDS])


def documents_of(searcher: tantivy.Searcher, query: tantivy.Query, most: int) -> Column:
    """Return the numbers of the documents that a query finds.

    :param most: how many documents there may be.
    """
    # In order of number: nothing is scored, and each hit comes with its number.
    hits = searcher.search(query, max(1, most), count=False, order_by_field=NUMBER, order=tantivy.Order.Asc).hits
    return _column((number for number, _ in hits), len(hits))


class TextWriter:
    """Writes the index. The number of an event among the documents is its position.

    :param folder: made by this; must not be there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        schema = tantivy.SchemaBuilder()
        for name in FIELDS:
            schema.add_text_field(name, tokenizer_name=_SPACES)
        schema.add_text_field("facets", tokenizer_name=_SPACES, index_option="basic")
        schema.add_unsigned_field(NUMBER, fast=True)
        schema.add_integer_field("earliest", fast=True)
        schema.add_integer_field("latest", fast=True)
        schema.add_float_field("confidence", fast=True)
        engine = split_by_spaces(tantivy.Index(schema.build(), path=str(folder)))
        # One thread: events then stay in order, and the same events make the same answers.
        self._writer = engine.writer(heap_size=_HEAP, num_threads=1)
        self._events: dict[str, array[int]] = {}
        self._count = 0

    def add(self, wording: Wording) -> None:
        """Add the next event."""
        position = self._count
        document, words = wording.document(position)
        self._writer.add_document(document)
        for word in words:
            events = self._events.get(word)
            if events is None:
                events = self._events[word] = array("I")
            events.append(position)
        self._count += 1

    def close(self) -> None:
        """Write all of it."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        least = frequent_above(self._count)
        frequent = sorted(word for word, events in self._events.items() if len(events) > least)
        write_frequent(self._folder, self._count, frequent, self._having)

    def _having(self, word: str) -> Column:
        events = np.zeros(self._count, dtype=bool)
        events[np.frombuffer(self._events[word], dtype=np.uint32)] = True
        return events


class TextIndex:
    """Reads the index. Threads may share it.

    :param folder: where it is.
    :param count: how many events there are.
    :raises OSError: if it is not there.
    :raises ValueError: if it is damaged.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._count = count
        self._frequent, self._bits = read_texts(folder, "frequent"), read_column(folder, "frequent.bits")
        # Of an index that was renewed the documents do not stand in the order of the events.
        renewed = (folder / f"{ROWS}.npy").exists()
        self._rows = read_column(folder, ROWS) if renewed else None
        self._written = int(read_column(folder, WRITTEN)[0]) if renewed else count
        engine = split_by_spaces(self._open(folder))
        engine.config_reader("manual")
        self._schema, self._searcher = engine.schema, engine.searcher()
        self._masks: OrderedDict[Part, Column] = OrderedDict()
        self._lock = threading.Lock()

    def _open(self, folder: Path) -> tantivy.Index:
        try:
            return tantivy.Index.open(str(folder))
        except ValueError:
            # The engine locks a file even to read. Where this process may not, the lock is held elsewhere.
            links = tempfile.TemporaryDirectory(prefix="parley-text-")
            for path in folder.iterdir():
                if not path.name.endswith(".lock"):
                    (Path(links.name) / path.name).symlink_to(path.resolve())
            weakref.finalize(self, links.cleanup)
            return tantivy.Index.open(links.name)

    def matching(self, question: Question) -> Column:
        """Return, for each event, whether it has all that is asked for."""
        mask = np.ones(self._count, dtype=bool)
        for part in question.parts:
            mask &= np.unpackbits(self._packed(part), count=self._count).view(bool)
        return mask

    def best(self, question: Question, limits: Limits) -> list[int]:
        """Return the positions of up to :data:`BEST` events, the most relevant first."""
        if not all(part.words for part in question.parts):
            return []
        wanted = [(_MUST, self._anywhere(part, ranked=True)) for part in question.parts]
        wanted += [(_MUST, _Query.const_score_query(query, 0.0)) for query in self._limiting(limits)]
        best: dict[int, float] = {}
        for query, most in self._ways(_Query.boolean_query(wanted), BEST):
            hits = self._searcher.search(query, most, count=False).hits
            numbers = self._searcher.fast_field_values(NUMBER, [address for _, address in hits])
            found = self._positions(_column((int(number or 0) for number in numbers), len(hits))).tolist()
            best.update(zip(found, (-round(score, 4) for score, _ in hits), strict=True))
        return [position for _, position in sorted((score, position) for position, score in best.items())[:BEST]]

    def labelled(self, words: Sequence[str], most: int) -> list[int]:
        """Return the positions of up to so many events whose labels have words that begin with each of these."""
        found = [self._beginning_with(word, ("label",)) for word in words]
        if not found or not all(found):
            return []
        wanted = [
            (_MUST, _Query.const_score_query(_Query.term_set_query(self._schema, "label", some), 1.0)) for some in found
        ]
        positions = set[int]()
        for query, some in self._ways(_Query.boolean_query(wanted), most):
            hits = self._searcher.search(query, some, count=False).hits
            numbers = self._searcher.fast_field_values(NUMBER, [address for _, address in hits])
            positions.update(self._positions(_column((int(number or 0) for number in numbers), len(hits))).tolist())
        return sorted(positions)[:most]

    def finds_as(self, other: "TextIndex") -> bool:
        """Tell whether there are the same words in as many events as in another index, and some in the same events."""
        for name in FIELDS:
            words = self._counted(name, "")
            if words != other._counted(name, ""):
                return False
            questions = [Question((Part((word,)),)) for word in sorted(words)[:: max(1, len(words) // _LOOKED_AT)]]
            if any(not np.array_equal(self.matching(one), other.matching(one)) for one in questions):
                return False
        frequent = [[index._frequent[n] for n in range(len(index._frequent))] for index in (self, other)]
        return frequent[0] == frequent[1] and np.array_equal(self._bits, other._bits)

    def _counted(self, name: str, prefix: str) -> dict[str, int]:
        """Return the words of a field that begin so, each with how many events have it there."""
        # Without a query the documents that are deleted count, too.
        every = None if self._rows is None else _Query.all_query()
        words = self._searcher.terms_with_prefix(name, prefix, filter_query=every)
        return {word: events for word, events in words if events}

    def _positions(self, numbers: Column) -> Column:
        """Return the positions of the events of documents."""
        return numbers if self._rows is None else self._rows[numbers]

    def _ways(self, query: tantivy.Query, most: int) -> Iterator[tuple[tantivy.Query, int]]:
        """Yield the searches that have the first of what is found, by relevance and position, and how many of each.

        Of equal ones the engine takes the first document. What was written last must not be left out for that.
        """
        late = 0 if self._rows is None else len(self._rows) - self._written
        yield query, most + min(late, most)
        if late:
            whole = tantivy.FieldType.Unsigned
            new = _Query.range_query(self._schema, NUMBER, whole, self._written, self._written + late)
            yield _Query.boolean_query([(_MUST, query), (_MUST, _Query.const_score_query(new, 0.0))]), late

    def _packed(self, part: Part) -> Column:
        with self._lock:
            if part in self._masks:
                self._masks.move_to_end(part)
                return self._masks[part]
        packed = self._look_up(part)
        with self._lock:
            self._masks[part] = packed
            while len(self._masks) > _KEPT:
                self._masks.popitem(last=False)
        return packed

    def _look_up(self, part: Part) -> Column:
        packed: Column = np.zeros((self._count + 7) // 8, dtype=np.uint8)
        if not part.words:
            return packed
        if len(part.words) > 1:
            return self._hits(self._anywhere(part, ranked=False))
        words = self._beginning_with(part.words[0]) if part.prefix else [part.words[0]]
        rare = []
        for word in words:
            number = self._frequent.find(word.encode())
            if number is None:
                rare.append(word)
            else:
                packed = packed | self._bits[number]
        if rare:
            packed = packed | self._hits(having_any(self._schema, rare))
        return packed

    def _hits(self, query: tantivy.Query) -> Column:
        events = np.zeros(self._count, dtype=bool)
        events[self._positions(documents_of(self._searcher, query, self._count))] = True
        return np.packbits(events)

    def _beginning_with(self, prefix: str, fields: Iterable[str] = tuple(FIELDS)) -> list[str]:
        """Return the words that begin so; of too many those that stand in most events."""
        found: dict[str, int] = {}
        for name in fields:
            for word, events in self._counted(name, prefix).items():
                found[word] = found.get(word, 0) + events
        return sorted(found, key=lambda word: (-found[word], word))[:_MOST_PREFIXED]

    def _anywhere(self, part: Part, *, ranked: bool) -> tantivy.Query:
        """Return the query for a part of a question in any field."""
        queries = []
        for name, boost in FIELDS.items():
            found = self._in(name, part)
            queries += [(_SHOULD, _Query.boost_query(query, boost) if ranked else query) for query in found]
        return _Query.boolean_query(queries) if queries else _Query.empty_query()

    def _in(self, name: str, part: Part) -> list[tantivy.Query]:
        words = list(part.words)
        if len(words) > 1:
            phrase = _Query.phrase_prefix_query if part.prefix else _Query.phrase_query
            return [phrase(self._schema, name, [*words])]
        if part.prefix:
            begun = self._beginning_with(words[0])
            return [_Query.const_score_query(_Query.term_set_query(self._schema, name, begun), 1.0)] if begun else []
        return [_Query.term_query(self._schema, name, words[0], "freq")]

    def _limiting(self, limits: Limits) -> list[tantivy.Query]:
        queries = [
            _Query.term_set_query(self._schema, "facets", [f"{facet}={value}" for value in values])
            for facet, values in limits.facets
        ]
        whole = tantivy.FieldType.Integer
        if limits.first is not None or limits.last is not None:
            queries.append(_Query.range_query(self._schema, "latest", whole, limits.first or _ALWAYS, _NEVER))
            queries.append(_Query.range_query(self._schema, "earliest", whole, _ALWAYS, limits.last or _NEVER))
        if limits.confidence is not None:
            queries.append(
                _Query.range_query(self._schema, "confidence", tantivy.FieldType.Float, limits.confidence, 2.0)
            )
        return queries


def _column(numbers: Iterable[int], count: int) -> Column:
    return np.fromiter(numbers, dtype=np.int64, count=count)
