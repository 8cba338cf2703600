"""Linked data documents: the triples that describe a thing, and a few that describe the document."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pyoxigraph as ox

from graph.negotiation import Format
from graph.vocabulary import PREFIXES
from web.published import Snapshot
from web.queries import construct

__all__ = ["describe", "serialize"]

_FOAF = "http://xmlns.com/foaf/0.1/"
_VOID = "http://rdfs.org/ns/void#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

_RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


def describe(snapshot: Snapshot, key: str) -> list[ox.Triple] | None:
    """Return what is known of a thing, sorted; None if nothing is.

    For an event its reports with their evidence and the claims about it, for an article all that it says, for people,
    organizations and places the events, roles and claims that lead to them.
    """
    node = snapshot.node(key)
    if node is None:
        return None
    store = snapshot.store
    triples = set(construct(store, "document", thing=node))
    if not triples:
        return None
    kind, _, rest = key.partition("/")
    if kind == "event":
        triples |= set(construct(store, "document_event", thing=node))
    elif kind in ("person", "organization", "place"):
        triples |= set(construct(store, "document_entity", thing=node))
    elif kind == "article" and "/" not in rest:
        graph = ox.NamedNode(snapshot.iris.article_graph(key))
        triples |= {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    document = ox.NamedNode(f"{snapshot.iris.base}{key}")
    triples |= {
        ox.Triple(document, _TYPE, ox.NamedNode(f"{_FOAF}Document")),
        ox.Triple(document, ox.NamedNode(f"{_FOAF}primaryTopic"), node),
        ox.Triple(document, ox.NamedNode(f"{_VOID}inDataset"), ox.NamedNode(snapshot.iris.base)),
    }
    return sorted(triples, key=str)


def serialize(
    triples: Iterable[ox.Triple], form: Format, more_prefixes: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """Write triples out in one of the formats of a graph.

    :param form: one of :data:`graph.negotiation.GRAPHS`.
    :param more_prefixes: prefix -> namespace, besides the usual ones.
    """
    rdf_format = _RDF_FORMATS[form.name]
    prefixes = None if rdf_format == ox.RdfFormat.N_TRIPLES else {**PREFIXES, "foaf": _FOAF, **more_prefixes}
    return ox.serialize(triples, format=rdf_format, prefixes=prefixes) or b""
