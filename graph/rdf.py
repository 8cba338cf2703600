"""Between rdflib, which describes and validates one article, and pyoxigraph, which stores all of them."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox
import rdflib
from rdflib.term import Node

from graph.store.change import Triple, canonical

__all__ = ["renamed", "to_graph", "to_rdflib", "to_triples"]


def to_triples(graph: rdflib.Graph) -> frozenset[Triple]:
    """Return an rdflib graph as triples, with their literals as the store gives them back.

    :raises ValueError: if there is a blank node, or an IRI or language tag that is none.

    >>> g = rdflib.Graph()
    >>> _ = g.add((rdflib.URIRef("urn:a"), rdflib.URIRef("urn:b"), rdflib.Literal("Treffen", lang="de-AT")))
    >>> [str(t) for t in to_triples(g)]
    ['<urn:a> <urn:b> "Treffen"@de-at']
    """
    return canonical(Triple(_iri(s), _iri(p), _term(o)) for s, p, o in graph)


def renamed(triples: Iterable[Triple], names: Mapping[str, str]) -> frozenset[Triple]:
    """Return triples with other things in the place of some.

    :param names: IRI -> the one that takes its place.
    """
    nodes = {ox.NamedNode(iri): ox.NamedNode(other) for iri, other in names.items()}
    return frozenset(
        Triple(
            nodes.get(t.subject, t.subject) if isinstance(t.subject, ox.NamedNode) else t.subject,
            t.predicate,
            nodes.get(t.object, t.object) if isinstance(t.object, ox.NamedNode) else t.object,
        )
        for t in triples
    )


def to_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return triples as an rdflib graph.

    :raises ValueError: if there is a blank node or a quoted triple.
    """
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(to_rdflib(triple))
    return graph


def to_rdflib(triple: Triple) -> tuple[rdflib.URIRef, rdflib.URIRef, rdflib.URIRef | rdflib.Literal]:
    """Return a triple in rdflib's terms.

    :raises ValueError: if there is a blank node or a quoted triple.
    """
    subject, value = triple.subject, triple.object
    if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode | ox.Literal):
        raise ValueError(f"a thing without an IRI is not stored: {triple}")
    return rdflib.URIRef(subject.value), rdflib.URIRef(triple.predicate.value), _to_rdflib_object(value)


def _to_rdflib_object(value: ox.NamedNode | ox.Literal) -> rdflib.URIRef | rdflib.Literal:
    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if value.language is not None:
        return rdflib.Literal(value.value, lang=value.language)
    # Plain literals have no datatype in rdflib's terms, where "a" and "a"^^xsd:string are two.
    if value.datatype.value == str(rdflib.XSD.string):
        return rdflib.Literal(value.value)
    return rdflib.Literal(value.value, datatype=rdflib.URIRef(value.datatype.value), normalize=False)


def _iri(node: Node) -> ox.NamedNode:
    if isinstance(node, rdflib.URIRef):
        return ox.NamedNode(str(node))
    raise ValueError(f"blank nodes are not stored: {node!r}; give the thing an IRI")


def _term(node: Node) -> ox.NamedNode | ox.Literal:
    if not isinstance(node, rdflib.Literal):
        return _iri(node)
    if node.language is not None:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=None if node.datatype is None else ox.NamedNode(str(node.datatype)))
