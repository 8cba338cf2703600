"""The vocabularies of the graph, as rdflib namespaces, and the prefixes that every serialization uses."""

from types import MappingProxyType

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import OWL, PROV, RDF, RDFS, SKOS, VOID, XSD

__all__ = ["DCT", "EDTF", "OA", "ORG", "OWL", "PLY", "PREFIXES", "PROV", "RDF", "RDFS", "SCHEMA", "SEM", "SKOS",
           "VOID", "XSD", "bind_prefixes"]  # fmt: skip


#: Parley's own terms, defined in ``data/ontology/parley.ttl``. The namespace is the same in every dataset, so that a
#: query written for one runs on all.
PLY = Namespace("https://parley.example/ontology#")
SEM = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
SCHEMA = Namespace("https://schema.org/")
ORG = Namespace("http://www.w3.org/ns/org#")
OA = Namespace("http://www.w3.org/ns/oa#")
DCT = Namespace("http://purl.org/dc/terms/")

#: Datatype of Extended Date/Time Format literals (Library of Congress).
EDTF = URIRef("http://id.loc.gov/datatypes/edtf")

#: Prefix -> namespace IRI, as used in all Turtle that we write and offered in the query form.
PREFIXES: MappingProxyType[str, str] = MappingProxyType(
    {
        "ply": str(PLY),
        "schema": str(SCHEMA),
        "sem": str(SEM),
        "org": str(ORG),
        "prov": str(PROV),
        "oa": str(OA),
        "skos": str(SKOS),
        "dct": str(DCT),
        "owl": str(OWL),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "void": str(VOID),
        "xsd": str(XSD),
        "edtf": "http://id.loc.gov/datatypes/",
    }
)


def bind_prefixes(graph: Graph) -> Graph:
    """Give a graph our prefixes, for writing it out; return it."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph
