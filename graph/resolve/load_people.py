"""Reads back from a store whom articles name, and what they say of these people."""

from collections import defaultdict
from datetime import date

from graph.files import read_query
from graph.iris import Iris
from graph.resolve.load import Selects
from graph.resolve.people import PersonIndex, is_full_name, plain_key
from graph.resolve.standing import standing_of

__all__ = ["load_people"]


def load_people(store: Selects, iris: Iris) -> PersonIndex:
    """Read the people of all articles from a store, with what tells them apart and the keys that they have there."""
    keys: dict[str, set[str]] = defaultdict(set)
    published: dict[str, date] = {}
    for row in store.select(read_query("resolve", "people")):
        article, person = iris.key(row["article"].value), iris.key(row["person"].value)
        if article is None or person is None or not is_full_name(plain_key(person)):
            continue
        keys[article].add(person)
        if row["published"] is not None:
            published[article] = date.fromisoformat(row["published"].value[:10])
    roles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in store.select(read_query("resolve", "roles")):
        article, person = iris.key(row["article"].value), iris.key(row["person"].value)
        if article is not None and person is not None:
            roles[article, person].append(row["words"].value)
    index = PersonIndex()
    index.fill(
        {
            article: {
                plain_key(person): standing_of(roles.get((article, person), ()), published.get(article))
                for person in people
            }
            for article, people in keys.items()
        },
        published,
        keys,
    )
    return index
