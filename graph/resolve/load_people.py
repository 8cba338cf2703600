"""Reads back from a store whom articles name, and what they say of these people."""

from collections.abc import Mapping
from datetime import date

from graph.files import read_query
from graph.iris import Iris
from graph.resolve.load import Selects
from graph.resolve.people import PersonIndex, is_full_name, plain_key
from graph.resolve.shelf import Room, Shelf, put_under
from graph.resolve.standing import Standing, standing_of

__all__ = ["load_people"]


def load_people(store: Selects, iris: Iris, room: Room | None = None) -> PersonIndex:
    """Read the people of all articles from a store, with what tells them apart and the keys that they have there.

    :param room: where the index keeps them; what an earlier run has left there is not read anew.
    :raises RoomError: if the room cannot be used.
    """
    index = PersonIndex(room=room or Room())
    if index.room.is_left:
        return index
    room = Room()
    keys: Shelf[str, frozenset[str]] = Shelf(room)
    published: Shelf[str, date] = Shelf(room)
    for row in store.each(read_query("resolve", "people")):
        article, person = iris.key(row["article"].value), iris.key(row["person"].value)
        if article is None or person is None or not is_full_name(plain_key(person)):
            continue
        put_under(keys, article, person)
        if row["published"] is not None:
            published[article] = date.fromisoformat(row["published"].value[:10])
    #: Article and person, with a space between them -> words for the roles.
    roles: Shelf[str, frozenset[str]] = Shelf(room)
    for row in store.each(read_query("resolve", "roles")):
        article, person = iris.key(row["article"].value), iris.key(row["person"].value)
        if article is not None and person is not None:
            put_under(roles, f"{article} {person}", row["words"].value)
    standings: Shelf[str, Mapping[str, Standing]] = Shelf(room)
    for article, people in keys.items():
        day = published.get(article)
        standings[article] = {
            plain_key(person): standing_of(roles.get(f"{article} {person}", ()), day) for person in people
        }
    index.fill(standings, published, keys)
    return index
