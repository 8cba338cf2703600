"""Linked data documents: the triples that describe a thing, and a few that describe the document.

What is linked to a thing comes in pages, so that the description of a leader with thousands of events stays one that a
client can take (Hydra Core Vocabulary, https://www.w3.org/ns/hydra/core, section on paged collections).
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pyoxigraph as ox

from graph.negotiation import Format
from graph.vocabulary import DCT, PREFIXES, RDF, RDFS, VOID, XSD
from web.linked_data.atom import xml_text
from web.paging import count_pages
from web.published import Snapshot
from web.queries import construct, select
from web.views.shared import kind_of, readable

__all__ = ["HYDRA", "PAGE_SIZE", "Linked", "describe", "linked", "say", "serialize"]

#: Things linked to the one described, on one page of its description.
PAGE_SIZE = 100
_FOAF = "http://xmlns.com/foaf/0.1/"
#: Namespace of what describes pages of collections.
HYDRA = "http://www.w3.org/ns/hydra/core#"
_TYPE, _LABEL = str(RDF.type), str(RDFS.label)
#: Any of these names a thing.
_NAMES = frozenset(
    {_LABEL, "http://www.w3.org/2004/02/skos/core#prefLabel", "https://schema.org/headline", "https://schema.org/name"}
)
#: Kinds of what is told whole in the description of an event.
_WHOLE = frozenset({"Report", "Official record", "Claim", "Disagreement", "Participation"})

_RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


class Linked(NamedTuple):
    """One page of what is linked to a thing.

    :param keys: of the things on this page.
    :param page: its number, from 1.
    :param pages: how many there are; 1 where nothing is linked to the thing.
    :param total: things on all pages.
    """

    keys: tuple[str, ...]
    page: int
    pages: int
    total: int


def linked(snapshot: Snapshot, key: str, page: int) -> Linked:
    """Return a page of what is linked to a thing: events first, then the rest, each in order of their keys.

    The order is the same for as long as the generation is.

    :raises NotFoundError: if there is no such page.
    """
    # Kept for who reads the next page: of the few things that fill many.
    kept: dict[str, list[str]] = snapshot.keep("linked", lambda _: {})
    ordered = kept.get(key) or _ordered(snapshot, key)
    if len(ordered) > 5 * PAGE_SIZE:
        kept[key] = ordered
    pages = count_pages(len(ordered), PAGE_SIZE, page)
    return Linked(tuple(ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]), page, pages, len(ordered))


def _ordered(snapshot: Snapshot, key: str) -> list[str]:
    """Return the keys of all that is linked to a thing, in order."""
    node = snapshot.node(key)
    rows = select(snapshot.store, "linked", thing=node) if node is not None else []
    keys = {found for row in rows if (found := snapshot.iris.key(row["other"].value)) and found != key}
    if key.startswith("article/") and key.count("/") == 1:
        # What an article says is in its own graph, which its description has whole.
        keys = {other for other in keys if not other.startswith(f"{key}/")}
    return sorted(keys, key=lambda other: (not other.startswith("event/"), other))


def describe(snapshot: Snapshot, key: str, page: Linked, license_iri: str) -> list[ox.Triple] | None:
    """Return what is known of a thing, sorted; None if nothing is.

    The first page has all that is said of the thing; each page has what is linked to it: of an event the reports with
    their evidence and the claims about it, of people, organizations and places the events, roles and claims.

    :param page: the page of what is linked to it.
    :param license_iri: licence of the description.
    """
    node = snapshot.node(key)
    if node is None:
        return None
    own = set(construct(snapshot.store, "document", thing=node))
    if not own:
        return None
    names = {t for t in own if t.subject == node and t.predicate.value in _NAMES}
    label = min((t.object.value for t in names if isinstance(t.object, ox.Literal)), default=readable(key))
    if not names:
        names = {say(node.value, _LABEL, ox.Literal(label, language="en"))}
    if page.page == 1:
        triples = own | names
        if key.startswith("article/") and key.count("/") == 1:
            graph = ox.NamedNode(snapshot.iris.article_graph(key))
            triples |= {quad.triple for quad in snapshot.store.quads_for_pattern(None, None, None, graph)}
    else:
        triples = names | {t for t in own if t.subject == node and t.predicate.value == _TYPE}
    for other in page.keys:
        triples |= _linked(snapshot, node, key, other)
    triples |= set(_document(snapshot, key, label, page, license_iri))
    return sorted(triples, key=str)


def _linked(snapshot: Snapshot, node: ox.NamedNode, key: str, other: str) -> set[ox.Triple]:
    there = snapshot.node(other)
    if there is None:
        return set()
    triples = set(construct(snapshot.store, "document_linked", thing=node, other=there))
    kind = kind_of(other)
    if (key.startswith("event/") and kind in _WHOLE) or kind == "Role as stated":
        triples |= set(construct(snapshot.store, "document_part", other=there))
    return triples


def _document(snapshot: Snapshot, key: str, label: str, page: Linked, license_iri: str) -> Iterator[ox.Triple]:
    """Yield what is said of the document: its thing, licence and age, and where its other pages are."""
    base = snapshot.iris.base
    first = f"{base}{key}"
    itself = _page_iri(first, page.page)
    moment = ox.Literal(snapshot.published_at.isoformat(), datatype=ox.NamedNode(str(XSD.dateTime)))
    yield say(itself, _TYPE, ox.NamedNode(f"{_FOAF}Document"))
    suffix = f", page {page.page}" if page.page > 1 else ""
    yield say(itself, _LABEL, ox.Literal(f"Description of {label}{suffix}", language="en"))
    yield say(itself, f"{_FOAF}primaryTopic", ox.NamedNode(snapshot.iris.thing(key)))
    yield say(itself, str(VOID.inDataset), ox.NamedNode(base))
    yield say(itself, str(DCT.modified), moment)
    if license_iri:
        yield say(itself, str(DCT.license), ox.NamedNode(license_iri))
    if page.total:
        collection = f"{first}#linked"
        yield say(collection, _TYPE, ox.NamedNode(f"{HYDRA}Collection"))
        yield say(collection, _LABEL, ox.Literal(f"What is linked to {label}", language="en"))
        yield say(collection, f"{HYDRA}totalItems", ox.Literal(page.total))
        for other in page.keys:
            yield say(collection, f"{HYDRA}member", ox.NamedNode(snapshot.iris.thing(other)))
    if page.pages > 1:
        yield say(collection, f"{HYDRA}view", ox.NamedNode(itself))
        yield say(itself, _TYPE, ox.NamedNode(f"{HYDRA}PartialCollectionView"))
        for name, number in (("first", 1), ("previous", page.page - 1), ("next", page.page + 1), ("last", page.pages)):
            if 1 <= number <= page.pages:
                yield say(itself, f"{HYDRA}{name}", ox.NamedNode(_page_iri(first, number)))


def _page_iri(document: str, page: int) -> str:
    return f"{document}?page={page}" if page > 1 else document


def say(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    """Return a triple of two IRIs and a value."""
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def serialize(
    triples: Iterable[ox.Triple], form: Format, more_prefixes: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """Write triples out in one of the formats of a graph.

    :param form: one of :data:`graph.negotiation.GRAPHS`.
    :param more_prefixes: prefix -> namespace, besides the usual ones.
    """
    rdf_format = _RDF_FORMATS[form.name]
    prefixes = (
        None if rdf_format == ox.RdfFormat.N_TRIPLES else {**PREFIXES, "foaf": _FOAF, "hydra": HYDRA, **more_prefixes}
    )
    body = ox.serialize(triples, format=rdf_format, prefixes=prefixes) or b""
    # The engine writes control characters as they are, and no reader of XML takes them.
    return xml_text(body.decode()).encode() if rdf_format == ox.RdfFormat.RDF_XML else body
