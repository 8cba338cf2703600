"""Makes ``data/facts/travel.csv`` from its source: ``python -m graph.facts.compile SOURCE_DIR OUT.csv``.

SOURCE_DIR holds check-outs of https://github.com/HistoryAtState/travels and https://github.com/HistoryAtState/visits,
as ``travels/`` and ``visits/``. Only facts are taken: who, in which office, where, from when to when, whom they met; no
sentence of the source. A row that cannot be read, or whose dates are impossible, is named on standard error and left
out.
"""

import csv
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from graph.errors import InputError, ParleyError
from graph.extract.customary import known_people, plain_name
from graph.extract.gazetteer import Entry, cities, places
from graph.extract.model import PlaceKind
from graph.extract.tokens import words_of
from graph.facts.names import Named, People, find_people, split_office
from graph.facts.records import COLUMNS
from graph.files import data_path
from graph.iris import slugify

__all__ = ["compile_records", "main"]

_SOURCES = (
    ("president-travel", "travels/president-travels"),
    ("secretary-travel", "travels/secretary-travels"),
    ("visit", "visits"),
)
_OFFICES = {"president": "President", "secretary": "Secretary of State"}
_HOST = "United States"
#: What countries are called with an article for.
_WITH_ARTICLE = re.compile(
    r"United|Kingdom|Netherlands|Philippines|Bahamas|Gambia|Maldives|Seychelles|Comoros|Soviet|Republic|Islands"
)
#: ISO codes of the countries where the cities of a former one, or of a part of one, are now.
_HISTORIC = {
    "Soviet Union": "RU UA BY KZ GE AM AZ UZ TM TJ KG MD EE LV LT",
    "West Germany": "DE",
    "East Germany": "DE",
    "Yugoslavia": "RS HR SI BA MK ME XK",
    "Czechoslovakia": "CZ SK",
    "West Bank": "PS",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the source, with names as the source gives them."""

    source: str
    number: int
    file: str
    start: date
    end: date
    country: str
    locales: tuple[str, ...]
    travellers: tuple[Named, ...]
    met: tuple[Named, ...]
    written: tuple[str, ...]


def compile_records(folder: Path) -> tuple[list[list[str]], list[str]]:
    """Read the source and return the rows of the CSV, in order of source and number, and what was left out and why.

    :raises InputError: if the folder does not hold the source.
    """
    rows: list[_Row] = []
    troubles: list[str] = []
    for source, part in _SOURCES:
        files = sorted((folder / part).glob("*.xml"))
        if not files:
            raise InputError(
                f"{folder / part}: no records there", "give a folder with check-outs named travels and visits"
            )
        for path in files:
            for element in _elements(path):
                try:
                    rows.append(_read(source, f"{part}/{path.name}", element))
                except ValueError as error:
                    troubles.append(f"{part}/{path.name} {element.findtext('id')}: {error}")
    people = People()
    for row in rows:
        for person in row.travellers:
            people.note(person, row.start, sure=True)
        for person in row.met:
            people.note(person, row.start)
    rows.sort(key=lambda r: (r.source, r.number))
    return [_cells(row, people) for row in rows], troubles


def _elements(path: Path) -> Iterator[ET.Element]:
    try:
        # Files of a known source; expat itself limits how far entities may expand.
        yield from ET.parse(path).getroot()  # noqa: S314
    except ET.ParseError as error:
        raise InputError(f"{path}: not well-formed XML ({error})", "check out the source again") from None


def _read(source: str, file: str, element: ET.Element) -> _Row:
    def text(tag: str) -> str:
        found = element.find(tag)
        return " ".join("".join(found.itertext()).split()) if found is not None else ""

    number = int(text("id"))
    start, end = _day(text("start-date")), _day(text("end-date") or text("start-date"))
    if end < start:
        raise ValueError(f"ends on {end}, before it starts on {start}")
    if source == "visit":
        country = _country(element.find("from"))
        visitors = _visitors(text("visitor"), country)
        description = text("description")
        met = tuple(p for p in find_people(description, _HOST) if p not in visitors)
        return _Row(
            source, number, file, start, end, _HOST, _where_received(description), visitors, met, _written(visitors)
        )
    country = _country(element.find("country"))
    office = _OFFICES.get(element.get("role", ""), "")
    if not office:
        raise ValueError(f"unknown role {element.get('role')!r}")
    if re.search(r"as President-elect", text("remarks")):
        office = "President-elect"
    formal = text("name")
    known = next((p for p in known_people() if p.source == element.get("who")), None)
    traveller = Named(office, known.name if known else plain_name(formal), "United States")
    parts = re.split(r"\s*[,;]\s*", text("locale").replace("’", "'"))
    locales = tuple(dict.fromkeys(filter(None, (_customary_place(part, country) for part in parts))))
    met = tuple(p for p in find_people(text("remarks"), country) if p.name != traveller.name)
    return _Row(source, number, file, start, end, country, locales, (traveller,), met, (formal,))


def _day(value: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError(f"no date: {value!r}")
    return date.fromisoformat(value)


@cache
def _countries() -> dict[tuple[str, str], str]:
    with data_path("facts", "countries.csv").open(encoding="utf-8", newline="") as file:
        return {(row["id"], row["label"]): row["name"] for row in csv.DictReader(file)}


@cache
def _customary_places() -> dict[tuple[str, str], str]:
    """Return names of places by what the source calls them and the country, if it matters; an empty one is no place."""
    with data_path("facts", "places.csv").open(encoding="utf-8", newline="") as file:
        return {(row["label"], row["country"]): row["name"] for row in csv.DictReader(file)}


def _customary_place(label: str, country: str) -> str:
    names = _customary_places()
    return names.get((label, country), names.get((label, ""), label))


def _country(element: ET.Element | None) -> str:
    if element is None:
        raise ValueError("no country")
    key = (element.get("id", ""), " ".join((element.text or "").split()))
    if key not in _countries():
        raise ValueError(f"country {key} is not in data/facts/countries.csv")
    return _countries()[key]


def _visitors(words: str, country: str) -> tuple[Named, ...]:
    """Part "President X and Prime Minister Y"."""
    parts = re.split(r"\s+and\s+(?=Crown|President|Prime|King|Queen)|,\s+(?=President|Prime|King)", words)
    found = []
    for part in parts:
        office, name = split_office(part)
        if name:
            found.append(Named(office, name, country))
    if not found:
        raise ValueError(f"no visitor in {words!r}")
    return tuple(found)


def _written(people: tuple[Named, ...]) -> tuple[str, ...]:
    return tuple(p.name.replace("’", "'") for p in people)


@cache
def _american_places() -> tuple[str, ...]:
    lines = data_path("facts", "us_places.txt").read_text(encoding="utf-8").splitlines()
    return tuple(sorted((x for x in lines if x and not x.startswith("#")), key=len, reverse=True))


#: What a visitor did before or after the visit itself.
_ASIDE = re.compile(
    r"(?:[Pp]rivate visit (?:to|afterward)|[Vv]isited|[Aa]fterwards?|[Aa]lso|In U\.S\.|[Aa]rrived|[Dd]eparted|"
    r"[Ss]tops? )"
)
_RECEIVED = re.compile(r"visit\b|Met with President|White House|Congress|Washington|luncheon|Discussed", re.IGNORECASE)


def _where_received(description: str) -> tuple[str, ...]:
    """Return the places of a visit: those where the visitor met or attended, else Washington for an official visit.

    Empty if the description does not say: then only the country is known.
    """
    text = " ".join(description.replace("’", "'").split())
    main = " ".join(s for s in re.split(r"(?<=[.;])(?<!U\.S\.)(?<!\bSt\.)\s+(?=[A-Z])", text) if not _ASIDE.match(s))
    main = _ASIDE.split(main)[0] if _ASIDE.search(main) and not _ASIDE.match(main) else main
    names = "|".join(map(re.escape, _american_places()))
    found = [m[1] for m in re.finditer(rf"\b(?:in|at|to|and)\s(?:the\s)?({names})\b", main)]
    if re.search(r"\bU\.?N\.? General Assembly\b", main) and "New York City" not in found and not found:
        found.append("New York City")
    if re.search(r"\bWashington\b", main) or (not found and _RECEIVED.search(text)):
        found.append("Washington, D.C.")
    return tuple(dict.fromkeys(found))


def _place(name: str, country: str) -> tuple[str, str, str]:
    """Return key, name and kind of a locale; a key says the country where a better known place has the name."""
    region = re.search(r"\(([^)]*)\)?", name)
    name = re.sub(r"\s*\([^)]*\)?", "", name).strip()
    if not re.search(r"\.[A-Z]\.$", name):  # "Washington, D.C."
        name = name.rstrip(".")
    entry: Entry | None = places().get(words_of(name)) or cities().get(words_of(name))
    if entry and region and (within := places().get(words_of(region[1]))) and within.country == entry.country:
        return entry.key, entry.name, str(entry.kind)  # "Kingston (Jamaica)", then of the United Kingdom
    if entry and entry.kind is PlaceKind.COUNTRY:
        return entry.key, entry.name, str(entry.kind)
    home = places().get(words_of(country))
    code = home.country if home else ""
    if entry and (entry.country in ("", code) or entry.country in _HISTORIC.get(country, "").split()):
        return entry.key, entry.name, str(entry.kind)
    if entry:
        return f"place/{slugify(name)}-{slugify(country)}", name, "city"
    kind = (
        "site"
        if re.search(r"\b(?:Base|Camp|Castle|Ranch|Airport|Field|Palace|Plantation|Island|Islands)\b", name)
        else "city"
    )
    return f"place/{slugify(name)}", name, kind


def _cells(row: _Row, people: People) -> list[str]:
    found = [_place(name, row.country) for name in row.locales]
    spots = [f"{key.partition('/')[2]}|{name}|{kind}" for key, name, kind in found if name != row.country]
    travellers, met = [], []
    for person, written in zip(row.travellers, row.written, strict=True):
        key, name, _ = people.resolve(person, row.start)
        also = written if written != name else ""
        office = person.office
        if row.source == "visit" and office not in ("", "Pope"):  # else nothing would say whose president it was
            article = "the " if _WITH_ARTICLE.search(person.country) else ""
            office = f"{office} of {article}{person.country}"
        travellers.append("|".join((key.partition("/")[2], office, name, also)).rstrip("|"))
    for person in row.met:
        key, name, full = people.resolve(person, row.start)
        # Whose country is only that of the place met at has no key by a surname alone.
        met.append("|".join((key.partition("/")[2] if full else "", person.office, name)))
    return [row.source, str(row.number), row.file.rpartition("/")[2], str(row.start), str(row.end), row.country,
            ";".join(dict.fromkeys(spots)), ";".join(travellers), ";".join(dict.fromkeys(met))]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    if len(arguments) != 2:
        print("usage: python -m graph.facts.compile SOURCE_DIR OUT.csv", file=sys.stderr)  # noqa: T201
        return 2
    try:
        rows, troubles = compile_records(Path(arguments[0]))
        out = Path(arguments[1])
        temporary = out.with_name(out.name + ".tmp")
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        temporary.replace(out)
    except ParleyError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    except OSError as error:
        print(f"{arguments[1]}: cannot be written ({error.strerror}); check the folder", file=sys.stderr)  # noqa: T201
        return 1
    for trouble in troubles:
        print(f"left out: {trouble}", file=sys.stderr)  # noqa: T201
    print(f"{len(rows):,} records", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
