"""Lists as RDF: what is said of their members, and where this page of them stands in the whole (Hydra)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from graph.vocabulary import DCT, RDF, VOID
from web.linked_data.documents import HYDRA, say
from web.published import Snapshot
from web.queries import construct

__all__ = ["ListPage", "list_triples"]

_TYPE = str(RDF.type)


class ListPage(NamedTuple):
    """A page of a list.

    :param iri: of the whole list.
    :param keys: the members on this page.
    :param total: how many members there are.
    :param url: makes the address of a page from its number.
    """

    iri: str
    keys: Sequence[str]
    total: int
    page: int
    pages: int
    url: Callable[[int], str]


def list_triples(snapshot: Snapshot, part: ListPage, license_iri: str) -> list[ox.Triple]:
    """Return the description of a page of a list, sorted: all that is said of its members, names of what these lead to.

    (Hydra Core Vocabulary: a collection, its members, and this view of it.)

    :param license_iri: licence of the description.
    """
    collection, itself, page, pages = part.iri, part.url(part.page), part.page, part.pages
    triples = {
        say(collection, _TYPE, ox.NamedNode(f"{HYDRA}Collection")),
        say(collection, f"{HYDRA}totalItems", ox.Literal(part.total)),
        say(collection, str(VOID.inDataset), ox.NamedNode(snapshot.iris.base)),
    }
    if license_iri:
        triples.add(say(collection, str(DCT.license), ox.NamedNode(license_iri)))
    if pages > 1:
        triples.add(say(collection, f"{HYDRA}view", ox.NamedNode(itself)))
        triples.add(say(itself, _TYPE, ox.NamedNode(f"{HYDRA}PartialCollectionView")))
        for name, number in (("first", 1), ("previous", page - 1), ("next", page + 1), ("last", pages)):
            if 1 <= number <= pages:
                triples.add(say(itself, f"{HYDRA}{name}", ox.NamedNode(part.url(number))))
    for key in part.keys:
        node = snapshot.node(key)
        if node is not None:
            triples.add(say(collection, f"{HYDRA}member", node))
            triples |= set(construct(snapshot.store, "listed", thing=node))
    return sorted(triples, key=str)
