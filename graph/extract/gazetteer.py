"""The places of the lexicons and of GeoNames, keyed by the words that name them."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache

from graph.extract.lexicon import capitalised_stop_words, given_names, public_figures, read_table, read_words
from graph.extract.model import PlaceKind
from graph.extract.tokens import Phrases, Token, words_of
from graph.files import data_path
from graph.iris import slugify

__all__ = ["GEONAMES", "SMALL", "Entry", "cities", "city_in", "demonyms", "every_place", "name_of", "places"]

#: Cities of at least this many people are taken by name alone; smaller ones need words around them that say so.
_LARGE = 500_000
#: Cities of fewer people are not known.
SMALL = 15_000
#: The table of GeoNames in ``data/model``: kind (``country``, ``state`` of the U.S., ``city``), name, latitude,
#: longitude, number in GeoNames, country (ISO code), people. Of cities of one name the largest; the largest first.
GEONAMES = "geonames.tsv"


_KINDS = {"country": PlaceKind.COUNTRY, "state": PlaceKind.REGION, "city": PlaceKind.CITY}


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the gazetteer. ``country`` is its ISO code, where known."""

    name: str
    kind: PlaceKind
    latitude: float | None = None
    longitude: float | None = None
    geonames: int | None = None
    country: str = ""

    @property
    def key(self) -> str:
        """Key of the place."""
        return f"place/{slugify(self.name)}"

    @property
    def same_as(self) -> tuple[str, ...]:
        """Its IRI in GeoNames, where known."""
        return (f"https://sws.geonames.org/{self.geonames}/",) if self.geonames else ()


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]


@cache
def _geonames() -> dict[str, dict[str, str]]:
    """Rows by kind and by name (of countries by code); a row is parted only when it is asked for."""
    found: dict[str, dict[str, str]] = {"country": {}, "state": {}, "city": {}}
    for row in data_path("model", GEONAMES).read_text(encoding="utf-8").splitlines():
        kind, name, _ = row.split("\t", 2)
        found[kind][name if kind != "country" else row.split("\t")[5]] = row
    return found


@cache
def _entry(row: str) -> Entry:
    kind, name, latitude, longitude, number, country, _ = row.split("\t")
    return Entry(name, _KINDS[kind], _number(latitude), _number(longitude), int(number), country)


def _countries() -> Iterator[tuple[Entry, list[str], list[str]]]:
    """Yield the countries, present and past, each with its other names and its seats of government."""
    known = _geonames()["country"]
    for code, name, latitude, longitude, _, aliases, capitals in read_table("countries.tsv", 7):
        number = _entry(known[code]).geonames if code in known else None
        entry = Entry(name, PlaceKind.COUNTRY, _number(latitude), _number(longitude), number, code.strip("-"))
        yield entry, _split(aliases), _split(capitals)


@cache
def places() -> Phrases[Entry]:
    """Return the places whose name is evidence enough: countries, capitals, regions, sites, very large cities."""
    phrases: Phrases[Entry] = Phrases()
    seats: list[tuple[str, str]] = []
    for entry, others, capitals in _countries():
        for alias in (entry.name, *others):
            phrases.add(words_of(alias), entry)
        seats += [(capital, entry.country) for capital in capitals]
    for kind, name, aliases, _, latitude, longitude, geonames in read_table("places.tsv", 7):
        entry = Entry(name, PlaceKind(kind), _number(latitude), _number(longitude), int(geonames) if geonames else None)
        for alias in (name, *_split(aliases)):
            phrases.add(words_of(alias), entry)
    for name, row in _geonames()["state"].items():
        if name != "Washington":  # the capital, unless more is said
            phrases.add(words_of(name), _entry(row))
    by_name = _geonames()["city"]
    washington = phrases.get(words_of("Washington, D.C."))
    for capital, code in seats:
        city = _entry(by_name[capital]) if capital in by_name else None
        if capital.startswith("Washington") and washington:
            city = washington
        phrases.add(words_of(capital), city or _spelled_otherwise(capital, code))
    vague = given_names() | capitalised_stop_words() | public_figures().keys() | read_words("ambiguous_names.txt")
    for name, row in by_name.items():
        if int(row.rpartition("\t")[2]) < _LARGE:
            break
        if name not in vague and len(name) > 3:
            phrases.add(words_of(name), _entry(row))
    return phrases


def _spelled_otherwise(capital: str, country: str) -> Entry:
    """Return a capital that GeoNames writes otherwise: its name stays, its position is that of the city."""
    found = _city(capital, {country}) or next((city for city in _renamed().get(capital, ()) if not country), None)
    return replace(found, country=country) if found else Entry(capital, PlaceKind.CITY, country=country)


def _city(name: str, countries: Set[str]) -> Entry | None:
    """Return the city that GeoNames has with other accents, or under another name; its name is the one given."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    rows = (*_by_slug().get(slugify(name), ()), *filter(None, [_geonames()["city"].get(plain)]))
    known = (*map(_entry, rows), *_renamed().get(name, ()))
    found = next((city for city in known if city.country in countries), None)
    return replace(found, name=name) if found else None


@cache
def _renamed() -> dict[str, list[Entry]]:
    """Return the cities of ``city_names.tsv`` by name."""
    found: dict[str, list[Entry]] = {}
    for country, name, _, latitude, longitude, geonames in read_table("city_names.tsv", 6):
        entry = Entry(name, PlaceKind.CITY, _number(latitude), _number(longitude), int(geonames), country)
        found.setdefault(name, []).append(entry)
    return found


def city_in(name: str, country: str) -> Entry | None:
    """Return the city that somebody calls so in a country: under a former name, without accents, or one of several.

    :param country: its name, of today or of former times: then the city may be in any of the states that followed.

    >>> city_in("Kiev", "Soviet Union").same_as
    ('https://sws.geonames.org/703448/',)
    """
    return _city(name, _codes().get(country, frozenset()))


@cache
def _codes() -> dict[str, frozenset[str]]:
    """Return the ISO codes of a country; of a former one, those of the states that have its land today."""
    codes = {row[1]: row[0].strip("-") for row in read_table("countries.tsv", 7)}
    others = [(state, other) for state, row in read_table("successor_states.tsv", 2) for other in _split(row)]
    return {
        name: frozenset(
            {code} if code else {codes.get(b if a == name else a, "") for a, b in others if name in (a, b)} - {""}
        )
        for name, code in codes.items()
    }


@cache
def _by_slug() -> dict[str, list[str]]:
    """Return the cities whose names have accents."""
    found: dict[str, list[str]] = {}
    for name, row in _geonames()["city"].items():
        if not name.isascii():
            found.setdefault(slugify(name), []).append(row)
    return found


class _Cities(Phrases[Entry]):
    """Names of cities, by their first word; those of a first word are taken apart when it is met."""

    def __init__(self, rows: Mapping[str, str]) -> None:
        super().__init__()
        self._rows = rows
        self._names: dict[str, list[str]] = {}
        for name in rows:
            self._names.setdefault(name if name.isalpha() else words_of(name)[0], []).append(name)
        self._met: dict[str, Phrases[Entry]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, words: object) -> bool:
        return isinstance(words, tuple) and self.get(words) is not None

    def get(self, words: tuple[str, ...]) -> Entry | None:
        return self._beginning_with(words[0]).get(words) if words else None

    def match(self, tokens: Sequence[Token], i: int) -> tuple[int, Entry] | None:
        word = tokens[i].text
        return self._beginning_with(word if word in self._names else word.capitalize()).match(tokens, i)

    def _beginning_with(self, word: str) -> Phrases[Entry]:
        if word not in self._names:
            return _NONE
        if word not in self._met:
            self._met[word] = Phrases((name, _entry(self._rows[name])) for name in self._names[word])
        return self._met[word]


_NONE: Phrases[Entry] = Phrases()


@cache
def cities() -> Phrases[Entry]:
    """Return all cities from 15,000 people on: the words around a name must say that it is a place."""
    stop = capitalised_stop_words()
    return _Cities({name: row for name, row in _geonames()["city"].items() if name not in stop and len(name) > 2})


@cache
def every_place() -> dict[str, Entry]:
    """Return all places by key; of several with one key the country, else one of the lists, else the largest city."""
    found: dict[str, Entry] = {}
    seats: dict[str, str] = {}
    for entry, _, capitals in _countries():
        found.setdefault(entry.key, entry)
        seats |= dict.fromkeys(capitals, entry.country)
    for kind, name, _, _, latitude, longitude, geonames in read_table("places.tsv", 7):
        number, country = int(geonames) if geonames else None, seats.get(name, "")
        entry = Entry(name, PlaceKind(kind), _number(latitude), _number(longitude), number, country)
        found.setdefault(entry.key, entry)
    for row in (*_geonames()["state"].values(), *_geonames()["city"].values()):
        entry = _entry(row)
        found.setdefault(entry.key, entry)
    return found


@cache
def _names() -> dict[str, str]:
    rows = [r[1] for table, columns in (("countries.tsv", 7), ("places.tsv", 7)) for r in read_table(table, columns)]
    return {f"place/{slugify(name)}": name for name in rows}


def name_of(key: str) -> str:
    """Return the name of the country or region with this key.

    >>> name_of("place/united-states")
    'United States'
    """
    return _names()[key]


@cache
def demonyms() -> Phrases[str]:
    """Return adjectives and names of peoples (``Israeli``, ``North Koreans``), with the key of their place."""
    phrases: Phrases[str] = Phrases()
    rows = [(r[1], r[4]) for r in read_table("countries.tsv", 7)] + [(r[1], r[3]) for r in read_table("places.tsv", 7)]
    for name, words in rows:
        for word in _split(words):
            phrases.add(words_of(word), f"place/{slugify(name)}")
            if not word.endswith(("ese", "ish", "ch", "sh", "s", "men", "man")):
                phrases.add(words_of(f"{word}s"), f"place/{slugify(name)}")
    return phrases
