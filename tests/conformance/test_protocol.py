"""SPARQL 1.1 Protocol: the cases of the W3C's manifest."""

import json

import pytest
import requests

from tests.conformance.conftest import HARDING, ONE, PETROVA, THREE, TWO, Server

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
# Each is known by one graph alone.
BOTH = f"ASK {{ <{HARDING}> a ?type . <{PETROVA}> a ?type }}"
EACH = f"ASK {{ GRAPH ?g1 {{ <{PETROVA}> a ?type }} GRAPH ?g2 {{ <{HARDING}> a ?type }} }}"


def told(answer: requests.Response) -> bool:
    """Return the truth value of an answer."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/sparql-results+json"
    return bool(json.loads(answer.text)["boolean"])


def test_query_get(server: Server) -> None:
    """GET with `query=`"""
    assert told(server.query("ASK {}"))


def test_query_post_form(server: Server) -> None:
    """POST of a form with `query=`, the graph named in the address"""
    answer = server.ask("POST", "/sparql", params={"default-graph-uri": ONE}, data="query=ASK%20%7B%7D", headers=FORM)
    assert told(answer)


def test_query_post_direct(server: Server) -> None:
    """POST of the query itself"""
    assert told(server.ask("POST", "/sparql", data="ASK {}", headers=DIRECT))


def test_query_dataset_default_graphs_get(server: Server) -> None:
    """GET with two `default-graph-uri`: the query sees both, and no other graph"""
    assert told(server.query(BOTH, **{"default-graph-uri": [ONE, TWO]}))
    assert not told(server.query(BOTH, **{"default-graph-uri": [ONE, THREE]}))


def test_query_dataset_default_graphs_post(server: Server) -> None:
    """POST of the query itself with two `default-graph-uri`, and of a form that has them in its body"""
    graphs = [("default-graph-uri", ONE), ("default-graph-uri", TWO)]
    assert told(server.ask("POST", "/sparql", params=graphs, data=BOTH, headers=DIRECT))
    assert told(server.ask("POST", "/sparql", data=[("query", BOTH), *graphs]))
    assert not told(server.ask("POST", "/sparql", data=[("query", BOTH), graphs[0]]))


def test_query_dataset_named_graphs_get(server: Server) -> None:
    """GET with two `named-graph-uri`: `GRAPH` reaches both, and no other graph"""
    assert told(server.query(EACH, **{"named-graph-uri": [ONE, TWO]}))
    assert not told(server.query(EACH, **{"named-graph-uri": [ONE, THREE]}))


def test_query_dataset_named_graphs_post(server: Server) -> None:
    """POST of the query itself with two `named-graph-uri`"""
    for graphs, truth in (([ONE, TWO], True), ([ONE], False)):
        params = {"named-graph-uri": graphs}
        assert told(server.ask("POST", "/sparql", params=params, data=EACH, headers=DIRECT)) is truth


def test_query_dataset_full(server: Server) -> None:
    """`default-graph-uri` and `named-graph-uri` at once: each graph is where it was put"""
    query = f"ASK {{ ?s ?p 'Ngozi Okoro' GRAPH <{ONE}> {{ <{PETROVA}> a ?t }} GRAPH <{TWO}> {{ <{HARDING}> a ?t }} }}"
    params = {"default-graph-uri": THREE, "named-graph-uri": [ONE, TWO]}
    assert told(server.ask("POST", "/sparql", params=params, data=query, headers=DIRECT))
    params["default-graph-uri"] = ONE
    assert not told(server.ask("POST", "/sparql", params=params, data=query, headers=DIRECT))


def test_query_multiple_dataset(server: Server) -> None:
    """`FROM` in the query and other graphs in the request: those of the request count"""
    query = f"ASK FROM <{THREE}> {{ <{HARDING}> a ?type }}"
    assert told(server.query(query, **{"default-graph-uri": TWO}))
    assert not told(server.query(query))


@pytest.mark.parametrize(
    ("accept", "beginning"),
    [
        (None, '{"head"'),
        ("application/sparql-results+json", '{"head"'),
        ("application/sparql-results+xml", "<?xml"),
        ("text/csv", "s\r\n"),
        ("text/tab-separated-values", "?s\n"),
    ],
)
def test_query_content_type_select(server: Server, accept: str | None, beginning: str) -> None:
    """SELECT in JSON, XML, CSV and TSV"""
    answer = server.query("SELECT (1 AS ?s) {}", accept)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == (accept or "application/sparql-results+json")
    assert answer.text.startswith(beginning)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_query_content_type_ask(server: Server, accept: str) -> None:
    """ASK in JSON and XML"""
    answer = server.query("ASK {}", accept)
    assert answer.headers["Content-Type"] == accept
    assert "true" in answer.text


GRAPH_TYPES = [
    "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/trig",
    "application/n-quads",
]  # fmt: skip


@pytest.mark.parametrize("accept", GRAPH_TYPES)
def test_query_content_type_describe(server: Server, accept: str) -> None:
    """DESCRIBE in Turtle, N-Triples, RDF/XML, JSON-LD, TriG and N-Quads"""
    answer = server.query(f"DESCRIBE <{PETROVA}>", accept)
    assert answer.headers["Content-Type"].partition(";")[0] == accept
    assert "Ana Petrova" in answer.text


@pytest.mark.parametrize("accept", GRAPH_TYPES)
def test_query_content_type_construct(server: Server, accept: str) -> None:
    """CONSTRUCT in the same six"""
    answer = server.query("CONSTRUCT { <urn:a> <urn:b> 'Zubrowka' } WHERE {}", accept)
    assert answer.headers["Content-Type"].partition(";")[0] == accept
    assert "Zubrowka" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_query_method(server: Server, method: str) -> None:
    """PUT, DELETE and PATCH: 405, with the methods there are in `Allow`"""
    answer = server.ask(method, "/sparql", params={"query": "ASK {}"})
    assert answer.status_code == 405
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))


def test_bad_multiple_queries(server: Server) -> None:
    """Two queries in one request, in the address, in the form, or one in each: 400"""
    two = [("query", "ASK {}"), ("query", "SELECT * {}")]
    for answer in (
        server.ask("GET", "/sparql", params=two),
        server.ask("POST", "/sparql", data=two),
        server.ask("POST", "/sparql", params=two[:1], data=two[1:]),
        server.ask("POST", "/sparql", params=two[:1], data="ASK {}", headers=DIRECT),
    ):
        assert answer.status_code == 400


def test_bad_query_wrong_media_type(server: Server) -> None:
    """POST of a query as `text/plain`: 415"""
    answer = server.ask("POST", "/sparql", data="ASK {}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_bad_query_missing_form_type(server: Server) -> None:
    """POST of a form that is not said to be one: 415"""
    assert server.ask("POST", "/sparql", data=b"query=ASK%20%7B%7D").status_code == 415


def test_bad_query_missing_direct_type(server: Server) -> None:
    """POST of a query that is not said to be one: 415"""
    assert server.ask("POST", "/sparql", data=b"ASK {}").status_code == 415


def test_bad_query_non_utf8(server: Server) -> None:
    """POST of a query in UTF-16: 400"""
    assert server.ask("POST", "/sparql", data="ASK {}".encode("utf-16"), headers=DIRECT).status_code == 400


def test_bad_query_syntax(server: Server) -> None:
    """A query that is malformed: 400, with line and column"""
    answer = server.query("ASK {")
    assert answer.status_code == 400
    assert "line 1, column" in answer.json()["error"]["cause"]


def test_bad_update_get(server: Server) -> None:
    """An update by GET: refused, 403"""
    assert server.ask("GET", "/sparql", params={"update": "CLEAR NAMED"}).status_code == 403


def test_bad_multiple_updates(server: Server) -> None:
    """Two updates in one form: refused, 403"""
    data = [("update", "CLEAR NAMED"), ("update", "CLEAR DEFAULT")]
    assert server.ask("POST", "/sparql", data=data).status_code == 403


def test_bad_update_wrong_media_type(server: Server) -> None:
    """POST of an update as `text/plain`: 415"""
    answer = server.ask("POST", "/sparql", data="CLEAR NAMED", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_bad_update_missing_form_type(server: Server) -> None:
    """POST of a form with an update that is not said to be a form: 415"""
    assert server.ask("POST", "/sparql", data=b"update=CLEAR%20NAMED").status_code == 415


def test_bad_update_non_utf8(server: Server) -> None:
    """POST of an update in UTF-16: refused, 403"""
    assert server.ask("POST", "/sparql", data="CLEAR NAMED".encode("utf-16"), headers=UPDATE).status_code == 403


def test_bad_update_syntax(server: Server) -> None:
    """POST of an update that is malformed: refused, 403"""
    assert server.ask("POST", "/sparql", data={"update": "CLEAR XYZ"}).status_code == 403


def test_bad_update_dataset_conflict(server: Server) -> None:
    """An update with `USING` in it and `using-named-graph-uri` beside it: refused, 403"""
    update = "DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }"
    data = {"update": update, "using-named-graph-uri": ONE}
    assert server.ask("POST", "/sparql", data=data).status_code == 403


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:a> <urn:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", f"DROP GRAPH <{ONE}>",
        f"CREATE GRAPH <{ONE}x>", "LOAD <http://127.0.0.1:9/>", f"MOVE <{ONE}> TO <{TWO}>",
        f"WITH <{ONE}> DELETE {{ ?s ?p ?o }} INSERT {{ ?s ?p 1 }} WHERE {{ ?s ?p ?o }}",
    ],
)  # fmt: skip
def test_every_update_is_refused_with_the_way_that_there_is(server: Server, update: str) -> None:
    """Updates of each kind, as a form, as they are, and in the place of a query: 403, and nothing has changed"""
    before = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text
    for answer in (
        server.ask("POST", "/sparql", data={"update": update}),
        server.ask("POST", "/sparql", data=update, headers=UPDATE),
        server.query(update),
    ):
        assert answer.status_code == 403
        assert "parley ingest" in answer.json()["error"]["remedy"]
    assert server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text == before
