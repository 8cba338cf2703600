"""What a page shows of a result in SPARQL JSON: a table with links to things, and a timeline where rows have dates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from graph.edtf import bounds
from graph.vocabulary import EDTF, PLY, PREFIXES, XSD
from web.answers import urls
from web.drawing.band import Band, draw
from web.timeline.timeline import Entry
from web.urls import outside
from web.words import certain, time_in_words

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["ROWS", "Cell", "Event", "Line", "Table", "plain_value", "read_table"]

#: A page shows so many rows; the rest is one link away.
ROWS = 1000
_DAYS = frozenset({str(XSD.date), str(XSD.dateTime), str(XSD.dateTimeStamp)})
_DATES = _DAYS | {str(EDTF), str(XSD.gYear), str(XSD.gYearMonth)}
_NUMBERS = {str(XSD.integer): int, str(XSD.decimal): float, str(XSD.double): float, str(XSD.float): float}
# Columns that are the two ends of one time, in the words of those who write queries.
_ENDS = {"earliest": "latest", "first": "last", "from": "to", "start": "end", "begin": "end"}


class Cell(NamedTuple):
    """A cell: its text, where it leads, and what the pointer tells of it; ``when`` is its EDTF if it is a time."""

    text: str
    href: str | None = None
    note: str = ""
    when: str | None = None


class Event(NamedTuple):
    """A row on the timeline.

    :param number: of the row, from 1.
    :param words: its time in words.
    :param certain: whether the time is known to the day.
    :param head: what stands for the row.
    :param rest: the other columns that say something, with their names.
    """

    number: int
    words: str
    certain: bool
    head: Cell
    rest: Sequence[tuple[str, Cell]]


class Line(NamedTuple):
    """The rows in order of time.

    :param column: where the times are.
    :param undated: how many rows of those shown have none.
    :param targets: where each bar of the band leads.
    """

    column: str
    events: Sequence[Event]
    undated: int
    band: Band | None
    targets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A result: a truth value, or columns and the first rows with how many there are."""

    boolean: bool | None
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: int
    limit: int = ROWS

    @property
    def time_column(self) -> int | None:
        """The first column with times; None if there is none."""
        return next((n for n in range(len(self.columns)) if any(row[n].when for row in self.rows)), None)

    def timeline(self) -> Line | None:
        """Return the rows in order of time; None if none has one."""
        start = self.time_column
        if start is None:
            return None
        partner = _ENDS.get(self.columns[start])
        end = self.columns.index(partner) if partner in self.columns else None
        found = []
        for number, row in enumerate(self.rows, 1):
            time = _join(row[start].when, row[end].when if end is not None else None)
            days = _bounds(time)
            if time and days:
                found.append((days, number, _event(number, time, days, self.columns, row, {start, end}), time))
        found.sort(key=lambda item: (item[0][0] or item[0][1], item[1]))
        entries = [
            Entry(f"row-{number}", event.head.text, "", "occurred", time, *days, (), (), ())
            for days, number, event, time in found
        ]
        band = draw(entries)
        return Line(
            self.columns[start], [item[2] for item in found], len(self.rows) - len(found), band, _targets(band, entries)
        )


def read_table(body: bytes, current: "Snapshot") -> Table:
    """Read a result in SPARQL JSON."""
    values = json.loads(body)
    if "boolean" in values:
        return Table(values["boolean"], (), (), 1)
    columns: list[str] = values["head"]["vars"]
    bindings = values["results"]["bindings"]
    rows = [[_cell(row.get(column), current) for column in columns] for row in bindings[:ROWS]]
    return Table(None, columns, rows, len(bindings))


def plain_value(term: Mapping[str, Any] | None) -> str | int | float | bool | None:
    """Return a term of SPARQL JSON as a value of plain JSON.

    >>> plain_value({"type": "literal", "value": "3", "datatype": "http://www.w3.org/2001/XMLSchema#integer"})
    3
    """
    if term is None:
        return None
    value, kind = term["value"], term.get("datatype")
    if kind == str(XSD.boolean):
        return bool(value in ("true", "1"))
    if kind in _NUMBERS:
        try:
            number = _NUMBERS[kind](value)
        except (ValueError, OverflowError):
            return str(value)
        return number if abs(number) < float("inf") else str(value)  # JSON has no infinity, and no NaN
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _cell(term: Mapping[str, Any] | None, current: "Snapshot") -> Cell:
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "uri":
        key = current.iris.key(value)
        if key is not None:
            # A path leads to the thing wherever this is served, which need not be at its base IRI.
            return Cell(key, urls().thing(key), value)
        if value.startswith(str(PLY)):  # the namespace resolves nowhere by itself: every server answers for it
            return Cell(_shorten(value), urls().ontology(term=value.removeprefix(str(PLY))), value)
        return Cell(_shorten(value), outside(value), value)
    if term["type"] == "literal":
        kind = term.get("datatype", "")
        when = (value[:10] if kind in _DAYS else value) if kind in _DATES else None
        return Cell(value, None, term.get("xml:lang") or _shorten(kind), when if _bounds(when) else None)
    return Cell(json.dumps(value) if term["type"] == "triple" else f"_:{value}")


def _shorten(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _bounds(edtf: str | None) -> tuple[date | None, date | None] | None:
    """Return the first and the last day of a time; None if it is none that can be drawn."""
    try:
        days = bounds(edtf) if edtf else (None, None)
    except ValueError:
        return None
    return None if days == (None, None) else days


def _join(start: str | None, end: str | None) -> str | None:
    """Return the time between two others, if they are two different days or months in order; else the first."""
    if not start or not end or "/" in start + end or start == end:
        return start or end
    both = f"{start}/{end}"
    return both if _bounds(both) else start


def _event(
    number: int, time: str, days: tuple[date | None, date | None], columns: Sequence[str], row: Sequence[Cell],
    times: set[int | None],
) -> Event:  # fmt: skip
    link = next((cell.href for n, cell in enumerate(row) if n not in times and cell.href), None)
    told = [
        (column, cell)
        for n, (column, cell) in enumerate(zip(columns, row, strict=True))
        if n not in times and cell.text
    ]
    # Words, rather than an IRI, stand for the row: a label if there is one.
    named = sorted(told, key=lambda item: (item[1].href is not None, "label" not in item[0].casefold()))
    name, cell = named[0] if named else ("", Cell(f"row {number}"))
    rest = [(column, other) for column, other in told if column != name and (cell.href or other.href != link)]
    return Event(number, time_in_words(time, *days), certain(time), cell._replace(href=cell.href or link), rest)


def _targets(band: Band | None, entries: Sequence[Entry]) -> list[str]:
    """Return where bars lead: to the row that one stands for, or to the first row in a column's days."""
    found = []
    for bar in band.bars if band else ():
        first = bar.first or date.min
        # Entries are in order, and so the first that is not before the column's first day is in it.
        entry = bar.entry or next((e for e in entries if (e.earliest or e.latest or date.min) >= first), entries[-1])
        found.append(f"#{entry.key}")
    return found
