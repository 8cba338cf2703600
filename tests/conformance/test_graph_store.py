"""SPARQL 1.1 Graph Store HTTP Protocol, for reading: the cases of the W3C's manifest.

What its PUT, POST and DELETE bring about is brought about here by two publications, see ``conftest.py``.
"""

from urllib.parse import quote

import pytest
import requests
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from graph.store import Dataset
from tests.conformance.conftest import ANA, BASE, GONE, GRAPHS, NEW, NGOZI, ONE, THREE, TOM, TWO, Server

FORMATS = [
    ("text/turtle", RdfFormat.TURTLE),
    ("application/n-triples", RdfFormat.N_TRIPLES),
    ("application/rdf+xml", RdfFormat.RDF_XML),
    ("application/ld+json", RdfFormat.JSON_LD),
    ("application/trig", RdfFormat.TRIG),
    ("application/n-quads", RdfFormat.N_QUADS),
]


def indirect(graph: str) -> str:
    """Return the path that reads a graph by its name."""
    return f"/graph-store?graph={quote(graph, safe='')}"


def direct(graph: str) -> str:
    """Return the path of a graph's own IRI, where this server answers for it."""
    return graph.replace(BASE, "/")


def triples(answer: requests.Response, form: RdfFormat = RdfFormat.TURTLE) -> frozenset[Triple]:
    """Return what an answer says."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].partition(";")[0] == form.media_type
    return frozenset(quad.triple for quad in parse(answer.content, format=form))


@pytest.mark.parametrize(("accept", "form"), FORMATS)
def test_get_of_put__initial_state(server: Server, accept: str, form: RdfFormat) -> None:
    """GET `?graph=IRI` in each of six formats, and with an IRI relative to the dataset's base"""
    assert triples(server.ask("GET", indirect(TWO), headers={"Accept": accept}), form) == ANA | TOM
    assert triples(server.ask("GET", "/graph-store?graph=graph/article/two", headers={"Accept": accept}), form) == (
        ANA | TOM
    )


def test_get_of_put__graph_already_in_store(server: Server) -> None:
    """GET of a graph's own IRI after it was replaced: the new content, and none of the old"""
    assert triples(server.ask("GET", direct(ONE))) == ANA


def test_get_of_put__default_graph(server: Server) -> None:
    """GET `?default`: each statement once, though several graphs make it"""
    answer = server.ask("GET", "/graph-store?default", headers={"Accept": "application/n-triples"})
    found = [quad.triple for quad in parse(answer.content, format=RdfFormat.N_TRIPLES)]
    assert len(found) == len(set(found))
    assert set(found) >= ANA | TOM | NGOZI


def test_get_of_delete__existing_graph(server: Server) -> None:
    """GET of a graph that is no more: 404"""
    for path in (indirect(GONE), direct(GONE)):
        answer = server.ask("GET", path)
        assert answer.status_code == 404
        assert "no graph" in answer.json()["error"]["cause"]


def test_get_of_post__existing_graph(server: Server) -> None:
    """GET of a graph that something was added to: the old and the new"""
    assert triples(server.ask("GET", direct(TWO))) == ANA | TOM


def test_get_of_post__create__new_graph(server: Server) -> None:
    """GET of a graph that the latest publication has made"""
    for path in (indirect(NEW), direct(NEW)):
        assert triples(server.ask("GET", path)) == TOM


def test_get_of_post__after_noop(server: Server, dataset: Dataset) -> None:
    """GET after a publication without a change: the same, and 304 to who has it"""
    before = server.ask("GET", direct(NEW))
    dataset.publish()
    after = server.ask("GET", direct(NEW), headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 304
    assert triples(server.ask("GET", direct(NEW))) == TOM


def test_head_on_an_existing_graph(server: Server) -> None:
    """HEAD of a graph: type and length of what GET would answer, and no body"""
    for path in (direct(ONE), indirect(ONE), "/graph-store?default"):
        head, whole = server.ask("HEAD", path), server.ask("GET", path)
        assert head.status_code == 200
        assert head.content == b""
        for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
            assert head.headers[name] == whole.headers[name]


def test_head_on_a_nonexisting_graph(server: Server) -> None:
    """HEAD of a graph that is not there: 404"""
    assert server.ask("HEAD", indirect(f"{ONE}x")).status_code == 404
    assert server.ask("HEAD", direct(f"{ONE}x")).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path", [indirect(ONE), indirect(f"{ONE}x"), direct(ONE), "/graph-store?default", "/graph-store"]
)
def test_writes_are_refused(server: Server, method: str, path: str) -> None:
    """PUT, POST, DELETE and PATCH: 403, with the way that there is, and nothing has changed"""
    body = "<urn:a> <urn:b> <urn:c> ."
    answer = server.ask(method, path, data=body, headers={"Content-Type": "text/turtle"})
    assert answer.status_code == 403
    assert "parley ingest" in answer.json()["error"]["remedy"]
    assert triples(server.ask("GET", direct(ONE))) == ANA


@pytest.mark.parametrize("query", ["", "?default&graph=urn:a", "?graph=urn:a&graph=urn:b", "?graph=a%20b:c", "?graph="])
def test_a_request_that_names_no_graph_or_two(server: Server, query: str) -> None:
    """No graph, two graphs, or what is no IRI: 400"""
    assert server.ask("GET", f"/graph-store{query}").status_code == 400


def test_the_name_comes_with_the_statements_where_there_is_room(server: Server) -> None:
    """TriG and N-Quads have the graph's name, and none for the default graph"""
    for accept, form in FORMATS[-2:]:
        answer = server.ask("GET", indirect(THREE), headers={"Accept": accept})
        quads = set(parse(answer.content, format=form))
        assert quads == {Quad(t.subject, t.predicate, t.object, NamedNode(THREE)) for t in GRAPHS[THREE]}
        answer = server.ask("GET", "/graph-store?default", headers={"Accept": accept})
        assert {str(quad.graph_name) for quad in parse(answer.content, format=form)} == {"DEFAULT"}


def test_a_format_that_there_is_not(server: Server) -> None:
    """A graph as a table: 406, with the formats there are"""
    answer = server.ask("GET", direct(ONE), headers={"Accept": "text/csv"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text
