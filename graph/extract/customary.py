"""The customary names of people: which of their spellings and short forms mean whom, and when.

``data/facts/people.csv`` says it. Records and articles may both ask, so that they mean the same person by one key.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from graph.files import data_path

__all__ = ["Known", "customary_name", "fold", "home", "known_people", "plain_name", "who"]

#: How long before taking office people of people.csv are known by their names: president-elect.
_BEFORE_OFFICE = timedelta(days=400)
_SUCCESSORS = {"Soviet Union": "Russia", "West Germany": "Germany", "East Germany": "Germany",
               "Czechoslovakia": "Czech Republic", "Yugoslavia": "Serbia"}  # fmt: skip
_AMERICAN = frozenset({"President", "President-elect", "Former President"})
_HONORIFIC = re.compile(r"(?:Sheikh|Sheik|Shaikh|Prince|Cardinal|Dr\.|Sir)\s+(?=\S+\s)")


@dataclass(frozen=True, slots=True)
class Known:
    """A row of ``data/facts/people.csv``."""

    source: str
    name: str
    aliases: tuple[str, ...]
    country: str
    start: date
    end: date


@cache
def known_people() -> tuple[Known, ...]:
    """Return the people whose customary name is not that of the records."""
    with data_path("facts", "people.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Known(
                row["source"], row["name"], tuple(a for a in row["aliases"].split(";") if a), row["country"],
                date.fromisoformat(row["from"]) if row["from"] else date.min,
                date.fromisoformat(row["to"]) if row["to"] else date.max,
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


def customary_name(name: str) -> str:
    """Return the customary form of a full name as an article prints it; the name itself if none is known.

    Only names of at least two words are looked up, and only those that mean one person at any time.

    >>> customary_name("Richard M. Nixon"), customary_name("Volodymyr Zelensky"), customary_name("Ana Petrova")
    ('Richard Nixon', 'Volodymyr Zelenskyy', 'Ana Petrova')
    """
    for form in (name, plain_name(name)):
        found = {person.name for person in _by_name().get(_match(form), ())}
        if len(found) == 1 and len(form.split()) > 1:
            return found.pop()
    return name


def who(name: str, office: str, country: str, day: date) -> str | None:
    """Return the customary name of a person whom a record names, or None if ``people.csv`` does not know who it is."""
    plain = plain_name(name)
    american = office in _AMERICAN
    for form in dict.fromkeys((plain, _HONORIFIC.sub("", plain))):
        for person in _by_name().get(_match(form), ()):
            if _held(person, american, country, day):
                return person.name
        if american:
            for person in _presidents().get(fold(form), ()):
                if _held(person, american, country, day) and person.start <= day:
                    return person.name
    return None


def _held(person: Known, american: bool, country: str, day: date) -> bool:
    """Tell whether a person had this name at this time, and can be meant where this country is named."""
    president = bool(person.source) and american and person.start != date.min
    if person.country and not president and home(person.country) != home(country):
        return False
    return day <= person.end and (person.start == date.min or person.start - _BEFORE_OFFICE <= day)


@cache
def _by_name() -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    for person in known_people():
        for name in dict.fromkeys(map(_match, (person.name, *person.aliases))):
            found[name].append(person)
    return dict(found)


@cache
def _presidents() -> dict[str, list[Known]]:
    """Return the presidents of the United States by surname."""
    found: dict[str, list[Known]] = defaultdict(list)
    for person in known_people():
        if person.source and person.start != date.min:
            found[fold(person.name).split()[-1]].append(person)
    return dict(found)


def plain_name(name: str) -> str:
    """Return the customary form of a full name: nickname for given names, no initials in the middle.

    >>> plain_name("Willem (Wim) Kok"), plain_name("Jacques R. Chirac"), plain_name("Tomás J. M. Varga, Jr.")
    ('Wim Kok', 'Jacques Chirac', 'Tomás Varga Jr.')
    """
    name = " ".join(name.replace("’", "'").replace("‘", "'").split()).strip(" ,;")
    if m := re.fullmatch(r"(.*?)\(([^()]+)\)\s*(.+)", name):
        name = f"{m[2]} {m[3]}"
    name = re.sub(r",?\s+(Jr|Sr)\.?$", r" \1.", name)
    words = name.split()
    kept = [w for i, w in enumerate(words) if not (0 < i < len(words) - 1 and re.fullmatch(r"(?:[A-Z]\.-?)+", w))]
    return " ".join(kept)


def fold(name: str) -> str:
    """Return a name for comparing: no accents, no case."""
    text = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).casefold().split())


def _match(name: str) -> str:
    """Return a name for looking it up: hyphens and commas in names are a matter of taste."""
    return fold(name).replace("-", " ").replace(",", "")


def home(country: str) -> str:
    """Return the country whose people a country's are counted with: those of the Soviet Union with Russia's."""
    return _SUCCESSORS.get(country, country)
