"""The events of one generation in order of time, with an index of who, where, what and by whom told.

Each value of each facet is a set of events, kept as the bits of one integer: filtering and counting thousands of events
under any combination of filters is a few operations on integers. The index is computed once per generation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from web.confidence import Minimum
from web.filters import FACETS, Filters
from web.published import Snapshot
from web.queries import Row, number, select, text
from web.words import STATUSES, certain, day

__all__ = ["ALL_OF", "RECORDS", "Entry", "FacetValue", "Found", "Timeline", "timeline"]

#: Facets whose chosen values must all hold: "Kim and Trump". In the others one of the values is enough.
ALL_OF = frozenset({"person", "organization"})
#: Value of the facet ``source`` for official records.
RECORDS = "official-records"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event on the timeline. People, organizations and places are keys.

    :param confidence: from 0 to 1; None where the data has none.
    :param outcomes: how it came out, as local names of the ontology.
    """

    key: str
    label: str
    type: str
    status: str
    edtf: str | None
    earliest: date | None
    latest: date | None
    actors: tuple[str, ...]
    places: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: float | None = None
    outcomes: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether anything is known of its time."""
        return self.earliest is not None or self.latest is not None

    @property
    def certain(self) -> bool:
        """Whether its time is known to the day."""
        return self.dated and certain(self.edtf)


class FacetValue(NamedTuple):
    """A value of a facet and how many events it would leave under the other filters."""

    value: str
    label: str
    events: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What the filters leave: positions in :attr:`Timeline.entries`, dated events in order, then undated ones."""

    dated: Sequence[int]
    undated: Sequence[int]
    facets: Mapping[str, Sequence[FacetValue]]

    @property
    def total(self) -> int:
        """How many events there are."""
        return len(self.dated) + len(self.undated)


class Timeline:
    """All events of one generation.

    :param entries: in any order.
    :param names: names of people, organizations, places and articles by key.
    """

    def __init__(self, entries: Iterable[Entry], names: Mapping[str, str]) -> None:
        self.entries = sorted(entries, key=_order)
        self.names = names
        self._by_key = {entry.key: position for position, entry in enumerate(self.entries)}
        self.everything = (1 << len(self.entries)) - 1
        days = [day for entry in self.entries for day in (entry.earliest, entry.latest) if day is not None]
        #: The first day of all and the last; None if there is none.
        self.span = (min(days), max(days)) if days else None
        self._dated = (1 << sum(e.dated for e in self.entries)) - 1
        sets: dict[str, dict[str, bytearray]] = {facet: {} for facet in FACETS}
        size = len(self.entries) // 8 + 1
        for position, entry in enumerate(self.entries):
            for facet, value in _values(entry):
                bits = sets[facet].get(value)
                if bits is None:
                    bits = sets[facet][value] = bytearray(size)
                bits[position >> 3] |= 1 << (position & 7)
        self._sets = {
            facet: {value: int.from_bytes(bits, "little") for value, bits in values.items()}
            for facet, values in sets.items()
        }
        self._texts = [
            " ".join([e.label, *(names.get(k, "") for k in (*e.actors, *e.places))]).casefold() for e in self.entries
        ]

    def label(self, facet: str, value: str) -> str:
        """Return the name of a facet's value."""
        if facet == "source":
            return "Official records" if value == RECORDS else self.names.get(f"organization/{value}", _readable(value))
        if facet in ("type", "status"):
            return STATUSES.get(value, value)
        return self.names.get(f"{facet}/{value}", _readable(value))

    def entry(self, key: str) -> Entry | None:
        """Return the event with this key."""
        position = self._by_key.get(key)
        return None if position is None else self.entries[position]

    def with_keys(self, keys: Iterable[str]) -> list[Entry]:
        """Return the events with these keys, in order; what is no event is passed over."""
        return [self.entries[position] for position in sorted({self._by_key[k] for k in keys if k in self._by_key})]

    def neighbour(self, key: str, step: int) -> Entry | None:
        """Return the dated event next to a dated one: before it (-1) or after it (1)."""
        position = self._by_key[key] + step
        if not self.entries[position - step].dated or not 0 <= position < len(self.entries):
            return None
        entry = self.entries[position]
        return entry if entry.dated else None

    def of(self, facet: str, value: str) -> list[Entry]:
        """Return the events with this value of a facet, in order."""
        return [self.entries[position] for position in _positions(self._sets.get(facet, {}).get(value, 0))]

    def counts(self, facet: str) -> dict[str, int]:
        """Return how many events there are by value of a facet."""
        return {value: bits.bit_count() for value, bits in self._sets[facet].items()}

    def find(self, filters: Filters) -> Found:
        """Apply filters."""
        common = self._in_range(filters.start, filters.end) & self._with_words(filters.words)
        common &= self._with_confidence(filters.confidence)
        by_facet = {facet: self._chosen(facet, filters.chosen(facet)) for facet in FACETS}
        matching = common
        for bits in by_facet.values():
            matching &= bits
        facets: dict[str, Sequence[FacetValue]] = {}
        for facet in FACETS:
            others = matching
            if facet not in ALL_OF:
                others = common
                for other, bits in by_facet.items():
                    if other != facet:
                        others &= bits
            facets[facet] = self._counts(facet, others, filters.chosen(facet))
        dated, undated = _positions(matching & self._dated), _positions(matching & ~self._dated)
        return Found(dated[::-1] if filters.descending else dated, undated, facets)

    def _chosen(self, facet: str, values: Sequence[str]) -> int:
        if not values:
            return self.everything
        sets = [self._sets[facet].get(value, 0) for value in values]
        bits = sets[0]
        for other in sets[1:]:
            bits = bits & other if facet in ALL_OF else bits | other
        return bits

    def _counts(self, facet: str, others: int, chosen: Sequence[str]) -> list[FacetValue]:
        values = [
            FacetValue(value, self.label(facet, value), count, value in chosen)
            for value, bits in self._sets[facet].items()
            if (count := (bits & others).bit_count()) or value in chosen
        ]
        known = self._sets[facet]
        values += [FacetValue(value, self.label(facet, value), 0, True) for value in chosen if value not in known]
        return sorted(values, key=lambda v: (not v.chosen, -v.events, v.label.casefold(), v.value))

    def _in_range(self, start: date | None, end: date | None) -> int:
        """Return the events whose time may lie in a range: an uncertain one counts where any of its days does."""
        if start is None and end is None:
            return self.everything
        return _bits(
            e.dated
            and (start is None or e.latest is None or e.latest >= start)
            and (end is None or e.earliest is None or e.earliest <= end)
            for e in self.entries
        )

    def _with_words(self, words: Sequence[str]) -> int:
        if not words:
            return self.everything
        return _bits(all(word in text for word in words) for text in self._texts)

    def _with_confidence(self, minimum: Minimum) -> int:
        return self.everything if minimum.value is None else _bits(minimum.admits(e.confidence) for e in self.entries)


def timeline(snapshot: Snapshot) -> Timeline:
    """Return the timeline of a generation, read at the first call."""
    return snapshot.keep("timeline", _read)


def _read(snapshot: Snapshot) -> Timeline:
    store, iris = snapshot.store, snapshot.iris

    def grouped(query: str) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for row in select(store, query):
            key = iris.key(row["value"].value)
            if key:
                found.setdefault(row["event"].value, set()).add(key)
        return {event: sorted(keys) for event, keys in found.items()}

    actors, places = grouped("timeline_actors"), grouped("timeline_places")
    outcomes: dict[str, set[str]] = {}
    for row in select(store, "timeline_outcomes"):
        outcomes.setdefault(row["event"].value, set()).add(_local(row["outcome"].value) or "")
    sources: dict[str, set[str]] = {}
    for row in select(store, "timeline_sources"):
        known = sources.setdefault(row["event"].value, set())
        if "record" in row:
            known.add(RECORDS)
        known |= {key for v in ("article", "publisher") if (key := iris.key(text(row, v) or ""))}
    # A damaged event with two labels or times must not be two events: the first in order stands.
    events: dict[str, Row] = {}
    for row in sorted(select(store, "timeline_events"), key=str):
        events.setdefault(row["event"].value, row)
    entries = []
    for iri, row in events.items():
        key = iris.key(iri)
        if key is not None:
            entries.append(
                Entry(
                    key=key,
                    label=text(row, "label") or _readable(key),
                    type=_local(text(row, "type")) or "Event",
                    status=_local(text(row, "status")) or "occurred",
                    edtf=text(row, "time"),
                    earliest=day(text(row, "earliest")),
                    latest=day(text(row, "latest")),
                    actors=tuple(actors.get(iri, ())),
                    places=tuple(places.get(iri, ())),
                    sources=tuple(sorted(sources.get(iri, ()))),
                    confidence=number(row, "confidence"),
                    outcomes=tuple(sorted(outcomes.get(iri, ()))),
                )
            )
    names: dict[str, str] = {}
    for row in select(store, "names"):
        key = iris.key(row["thing"].value)
        if key is not None:
            names[key] = min(names.get(key, row["name"].value), row["name"].value)
    return Timeline(entries, names)


def _values(entry: Entry) -> set[tuple[str, str]]:
    values = {("type", entry.type), ("status", entry.status)}
    for key in (*entry.actors, *entry.places):
        kind, _, slug = key.partition("/")
        if kind in ("person", "organization", "place"):
            values.add((kind, slug))
    for source in entry.sources:
        kind, _, slug = source.partition("/")
        if kind == "article":
            values.add(("article", slug))
        else:
            values.add(("source", slug or source))
    return values


def _order(entry: Entry) -> tuple[bool, date, date, str]:
    first = entry.earliest or entry.latest or date.max
    return (not entry.dated, first, entry.latest or date.max, entry.key)


def _bits(tests: Iterable[bool]) -> int:
    digits = "".join("1" if test else "0" for test in tests)
    return int(digits[::-1], 2) if digits else 0


def _positions(bits: int) -> list[int]:
    return [position for position, digit in enumerate(bin(bits)[:1:-1]) if digit == "1"]


def _local(iri: str | None) -> str | None:
    return iri.rpartition("#")[2] if iri else None


def _readable(slug: str) -> str:
    return slug.rpartition("/")[2].replace("-", " ")
