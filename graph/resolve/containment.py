"""How two places stand to each other: the same, one within the other, near, or apart.

Countries contain their cities by the codes of GeoNames; sites and regions without one are compared by coordinates.
"""

from collections.abc import Iterable
from enum import IntEnum
from functools import cache
from math import asin, cos, radians, sin, sqrt

from graph.extract.gazetteer import Entry, every_place
from graph.extract.model import PlaceKind

__all__ = ["Nearness", "countries_of", "is_country", "nearness"]

#: So many kilometres apart, two places of one event may be two names for where it was.
_NEAR = 60.0
_EARTH = 6371.0


class Nearness(IntEnum):
    """How well two sets of places agree, from least to most."""

    APART = -1
    UNKNOWN = 0
    AROUND = 1
    SAME = 2


@cache
def _entries() -> dict[str, Entry]:
    return every_place()


@cache
def _countries() -> dict[str, str]:
    return {e.country: key for key, e in _entries().items() if e.kind is PlaceKind.COUNTRY and e.country}


def is_country(key: str) -> bool:
    """Tell whether a place is known to be a country.

    >>> is_country("place/vietnam"), is_country("place/hanoi")
    (True, False)
    """
    entry = _entries().get(key)
    return entry is not None and entry.kind is PlaceKind.COUNTRY


def countries_of(places: Iterable[str]) -> frozenset[str]:
    """Return the keys of the countries that places are or lie in, as far as known.

    >>> sorted(countries_of(["place/hanoi", "place/france", "place/zubrowka"]))
    ['place/france', 'place/vietnam']
    """
    found = set()
    for key in places:
        entry = _entries().get(key)
        if is_country(key):  # also one that is no more, and has no code
            found.add(key)
        elif entry is not None and entry.country in _countries():
            found.add(_countries()[entry.country])
    return frozenset(found)


def nearness(a: frozenset[str], b: frozenset[str]) -> Nearness:
    """Tell how well where two tellings place an event agrees: the closest of all pairs of their places.

    >>> hanoi, vietnam, lima = (frozenset({f"place/{name}"}) for name in ("hanoi", "vietnam", "lima"))
    >>> [nearness(hanoi, other).name for other in (hanoi, vietnam, lima, frozenset())]
    ['SAME', 'AROUND', 'APART', 'UNKNOWN']
    """
    if not a or not b:
        return Nearness.UNKNOWN
    if any(not is_country(key) for key in a & b):
        return Nearness.SAME
    if a & b:
        # Of two tellings that name one country each, neither says more; two cities of it are two places.
        fine_a, fine_b = (frozenset(k for k in keys if not is_country(k)) for keys in (a, b))
        if not fine_a or not fine_b:
            return Nearness.SAME if not fine_a and not fine_b else Nearness.AROUND
        return Nearness.AROUND if _near(fine_a, fine_b) else Nearness.APART
    within = (a & countries_of(b)) | (b & countries_of(a))
    return Nearness.AROUND if within or _near(a, b) else Nearness.APART


def _near(a: frozenset[str], b: frozenset[str]) -> bool:
    return any(_distance(x, y) <= _NEAR for x in a if not is_country(x) for y in b if not is_country(y))


@cache
def _distance(a: str, b: str) -> float:
    """Return the great-circle distance in kilometres (haversine); infinite where a place is not known."""
    one, other = _entries().get(a), _entries().get(b)
    if one is None or other is None or None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return float("inf")
    lat1, lon1, lat2, lon2 = (
        radians(float(x or 0)) for x in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(half))
