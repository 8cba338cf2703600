"""The description of the SPARQL service (SPARQL 1.1 Service Description)."""

from collections.abc import Iterable

from rdflib import BNode, Graph, Literal, Namespace, URIRef

from graph.negotiation import Format
from graph.vocabulary import DCT, PREFIXES, RDF, VOID

__all__ = ["describe_service"]

_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
            "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")  # fmt: skip
_SERIALIZERS = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "pretty-xml"}


def describe_service(
    endpoint: str, dataset: str, graphs: Iterable[str], form: Format, *, services: bool = False
) -> bytes:
    """Describe the service (SPARQL 1.1 Service Description): language, formats, and the graphs of its dataset.

    :param endpoint: URL of the service.
    :param dataset: IRI of the dataset.
    :param graphs: IRIs of its named graphs.
    :param form: one of :data:`graph.negotiation.GRAPHS`.
    :param services: whether ``SERVICE`` may call any other service.
    """
    g = Graph()
    for prefix, namespace in PREFIXES.items():
        g.bind(prefix, namespace)
    g.bind("sd", _SD)
    g.bind("formats", _FORMATS)
    service, default = BNode(), BNode()
    g.add((service, RDF.type, _SD.Service))
    g.add((service, _SD.endpoint, URIRef(endpoint)))
    g.add((service, _SD.supportedLanguage, _SD.SPARQL11Query))
    # The default graph is the merge of the named ones.
    g.add((service, _SD.feature, _SD.UnionDefaultGraph))
    if services:
        g.add((service, _SD.feature, _SD.BasicFederatedQuery))
    for name in _RESULTS:
        g.add((service, _SD.resultFormat, _FORMATS[name]))
    g.add((service, _SD.defaultDataset, URIRef(dataset)))
    g.add((URIRef(dataset), RDF.type, _SD.Dataset))
    g.add((URIRef(dataset), RDF.type, VOID.Dataset))
    g.add((URIRef(dataset), VOID.sparqlEndpoint, URIRef(endpoint)))
    g.add((URIRef(dataset), _SD.defaultGraph, default))
    g.add((default, RDF.type, _SD.Graph))
    g.add((default, DCT.description, Literal("The merge of all named graphs, without repetition.", lang="en")))
    for iri in graphs:
        named = BNode()
        g.add((URIRef(dataset), _SD.namedGraph, named))
        g.add((named, RDF.type, _SD.NamedGraph))
        g.add((named, _SD.name, URIRef(iri)))
    return g.serialize(format=_SERIALIZERS[form.name], encoding="utf-8")
