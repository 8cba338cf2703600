"""A dataset large enough to make a bomb of a query: 100,000 statements on invented people, the same each time."""

import random
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from graph.store import Dataset
from graph.store.change import Change

__all__ = ["BASE", "KNOWS", "NAME", "PEOPLE", "make"]

BASE = "https://zubrowka.example/"
NAME = "https://schema.org/name"
KNOWS = "https://schema.org/knows"
PEOPLE = 20_000
_NAMES = ("Ana Petrova", "Tom Harding", "Ngozi Okoro", "Ivo Novak")
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PERSON = NamedNode("https://schema.org/Person")
# Graphs are committed one by one, as articles are.
_GRAPHS = 10


def make(path: Path, seed: int = 20) -> Dataset:
    """Make and publish it: each person has a type, a name, and three whom they know."""
    chance = random.Random(seed)
    people = [NamedNode(f"{BASE}id/person/p{n}") for n in range(PEOPLE)]
    dataset = Dataset.create(path, BASE)
    with dataset.writer() as store:
        for graph in range(_GRAPHS):
            said: set[Triple] = set()
            for person in people[graph::_GRAPHS]:
                name = Literal(f"{chance.choice(_NAMES)} {person.value.rpartition('/')[2]}")
                said |= {Triple(person, _TYPE, _PERSON), Triple(person, NamedNode(NAME), name)}
                said |= {Triple(person, NamedNode(KNOWS), other) for other in chance.sample(people, 3)}
            store.commit(Change(replace={f"{BASE}graph/article/a{graph}": frozenset(said)}))
        dataset.publish()
    return dataset
