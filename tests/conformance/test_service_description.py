"""SPARQL 1.1 Service Description: the cases of the W3C's manifest."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from tests.conformance.conftest import GRAPHS, Server

SD = "http://www.w3.org/ns/sparql-service-description#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
#: Property -> class of its values, as the vocabulary has it (section 3).
RANGES = {
    "supportedLanguage": "Language", "feature": "Feature", "defaultDataset": "Dataset", "defaultGraph": "Graph",
    "namedGraph": "NamedGraph",
}  # fmt: skip


def described(server: Server) -> Store:
    store = Store()
    store.load(server.ask("GET", "/sparql", headers={"Accept": "text/turtle"}).content, format=RdfFormat.TURTLE)
    return store


def values(store: Store, name: str) -> list[NamedNode]:
    return [quad.object for quad in store.quads_for_pattern(None, NamedNode(SD + name), None)]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml;q=0.2, text/turtle;q=0.8, */*;q=0.1", RdfFormat.TURTLE),
        (None, RdfFormat.TURTLE),
    ],
)
def test_returns_rdf(server: Server, accept: str | None, form: RdfFormat) -> None:
    """GET without a query answers with RDF, in the format that `Accept` likes best"""
    answer = server.ask("GET", "/sparql", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == form.media_type
    assert "Accept" in answer.headers["Vary"]
    store = Store()
    store.load(answer.content, format=form)
    assert len(store) > 10


def test_has_endpoint_triple(server: Server) -> None:
    """There is one `sd:Service`, whose `sd:endpoint` is the address that was asked"""
    store = described(server)
    services = [q.subject for q in store.quads_for_pattern(None, TYPE, NamedNode(f"{SD}Service"))]
    assert len(services) == 1
    assert values(store, "endpoint") == [NamedNode(server.sparql)]


def test_conforms_to_schema(server: Server) -> None:
    """Values have the classes of the vocabulary, one default dataset has the graphs that there are"""
    store = described(server)
    assert values(store, "supportedLanguage") == [NamedNode(f"{SD}SPARQL11Query")]
    assert values(store, "feature") == [NamedNode(f"{SD}UnionDefaultGraph")]
    for name, kind in RANGES.items():
        for value in values(store, name):
            # The vocabulary's own individuals have their class there.
            if not (isinstance(value, NamedNode) and value.value.startswith(SD)):
                assert list(store.quads_for_pattern(value, TYPE, NamedNode(SD + kind))), name
    assert len(values(store, "defaultDataset")) == 1
    assert len(values(store, "defaultGraph")) == 1
    names = {value.value for value in values(store, "name")}
    assert set(GRAPHS) <= names
    formats = {value.value.rpartition("/")[2] for value in values(store, "resultFormat")}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"} <= formats


def test_a_browser_gets_the_form_instead(server: Server) -> None:
    """Who prefers HTML gets the form at the same address"""
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = server.ask("GET", "/sparql", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<form" in answer.text
