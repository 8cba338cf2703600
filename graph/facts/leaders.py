"""Makes ``data/facts/leaders.csv`` from the official records: ``python -m graph.facts.leaders``.

It says who led or spoke for a country, and from when to when the records know of it, so that an article that gives a
surname alone can be understood ("President Nixon").
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from graph.extract.customary import known_people
from graph.facts.records import Record, load_records
from graph.files import data_path

__all__ = ["COLUMNS", "leaders", "main"]

COLUMNS = ("name", "from", "to", "chief")
#: Offices whose holders are known by their surname alone.
_CHIEF = re.compile(
    r"\b(?:President|Prime Minister|Premier|Chancellor|Chairman|General Secretary|King|Queen|Emperor|Shah|Emir|Sultan"
    r"|Pope|Taoiseach|Chief Executive)\b"
)
_NOT_CHIEF = re.compile(r"\b(?:Vice|Deputy|Acting|Former|Elect|Wife|Son)\b|-elect", re.IGNORECASE)


def leaders(records: Iterable[Record]) -> Iterator[tuple[str, date, date, bool]]:
    """Yield the name, first and last day on record, and whether it was as head of a state or government, by name."""
    spans: dict[str, tuple[date, date, bool]] = {}
    for record in records:
        people = [(t.name, t.office) for t in record.travellers] + [(m.name, m.office) for m in record.met if m.key]
        for name, office in people:
            if len(name.split()) < 2:
                continue
            chief = bool(_CHIEF.search(office)) and not _NOT_CHIEF.search(office)
            start, end, was = spans.get(name, (record.start, record.end, False))
            spans[name] = (min(start, record.start), max(end, record.end), was or chief)
    for person in known_people():
        if person.source and person.start != date.min:  # presidents of the United States: their terms are known
            spans[person.name] = (person.start, person.end, True)
    yield from ((name, *spans[name]) for name in sorted(spans))


def main(path: Path) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((n, a, b, int(chief)) for n, a, b, chief in leaders(load_records()))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else data_path("facts", "leaders.csv"))
