"""What the reference data say of people: the countries that those whom official records name spoke for."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache

from graph.extract.customary import known_people
from graph.facts.records import load_records
from graph.iris import slugify
from graph.resolve.standing import STATE, Standing, standing_of

__all__ = ["on_record"]

#: Whose travellers the records are of.
_HOME = "place/united-states"


@cache
def on_record() -> Mapping[str, Standing]:
    """Return the standing of the people of ``data/facts``, by key.

    The office of a visitor names the country. Whom a traveller met may be of another country than that of the
    meeting: only who was met in one country, more than once, and visited from none is taken to be of it.
    """
    countries: dict[str, set[str]] = defaultdict(set)
    met: dict[str, Counter[str]] = defaultdict(Counter)
    for person in known_people():
        if person.country:
            countries[f"person/{slugify(person.name)}"].add(f"place/{slugify(person.country)}")
    for record in load_records():
        for traveller in record.travellers:
            visits = record.source == "visit"
            countries[traveller.key] |= standing_of([traveller.office], None).countries if visits else {_HOME}
        for other in record.met:
            if other.key is not None:
                met[other.key][record.country_key] += 1
    for key, where in met.items():
        if not countries[key] and len(where) == 1 and min(where.values()) > 1 and _HOME not in where:
            countries[key] |= where.keys()
    return {key: Standing(frozenset(found), frozenset({STATE})) for key, found in countries.items()}
