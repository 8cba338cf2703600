"""Events as a table (CSV) and as a calendar (iCalendar)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from web.views.shared import Json

__all__ = ["calendar_of", "table_of", "write_table"]

_COLUMNS = (
    "iri", "url", "label", "type", "status", "when", "edtf", "earliest", "latest", "actors", "places", "sources",
    "confidence", "outcomes",
)  # fmt: skip
_STATUS = {"occurred": "CONFIRMED", "cancelled": "CANCELLED", "unreal": "CANCELLED"}


def table_of(events: Sequence[Json], origin: str) -> str:
    """Write events as CSV (RFC 4180), one a line.

    :param origin: scheme and host of the addresses.
    """
    rows = []
    for e in events:
        when, names = e["when"], [[link["name"] for link in e[links]] for links in ("actors", "places", "outcomes")]
        row = [e["iri"], origin + e["url"], e["name"], e["type"], e["status"]]
        row += [when["words"], when["edtf"], when["earliest"], when["latest"]]
        row += ["; ".join(names[0]), "; ".join(names[1]), e["sources"], e["confidence"], "; ".join(names[2])]
        rows.append(row)
    return write_table(_COLUMNS, rows)


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV (RFC 4180) that a spreadsheet can open without harm."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: object) -> object:
    """Keep a spreadsheet from running a cell as a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def calendar_of(events: Sequence[Json], origin: str, stamp: datetime) -> str:
    """Write events as a calendar (RFC 5545): those whose days are known; others would claim days that nobody stated.

    :param origin: scheme and host of the addresses.
    :param stamp: when the events were published.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Timeline//EN", "CALSCALE:GREGORIAN"]
    for e in events:
        when = e["when"]
        if not when["certain"] or not when["earliest"] or not when["latest"]:
            continue
        first, last = date.fromisoformat(when["earliest"]), date.fromisoformat(when["latest"])
        # The end of an all-day event is the day after.
        end = last + timedelta(days=1) if last < date.max else last
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(e['iri'])}",
            f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{first.isoformat().replace('-', '')}",
            f"DTEND;VALUE=DATE:{end.isoformat().replace('-', '')}",
            f"SUMMARY:{_escaped(e['name'])}",
            f"CATEGORIES:{_escaped(e['type'])}",
            f"URL:{origin}{e['url']}",
            f"STATUS:{_STATUS.get(e['status'], 'TENTATIVE')}",
            *([f"LOCATION:{_escaped(', '.join(p['name'] for p in e['places']))}"] if e["places"] else []),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _fold(line: str) -> str:
    """Fold a line at 75 octets, never within a character (RFC 5545, section 3.1)."""
    parts, current, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 74:
            parts.append(current)
            current, size = "", 0
        current += character
        size += width
    return "\r\n ".join([*parts, current])
