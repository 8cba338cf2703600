"""The SPARQL 1.1 Protocol, as clients speak it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import Graph, URIRef
from werkzeug.test import TestResponse

from tests.graph.sparql.sample import BASE, COUNT, FOREVER, HUGE, PEOPLE, make_generation
from tests.web.sparql_app import create_app
from web.sparql.answerers import query_pool

A, B = f"{BASE}graph/article/aaaaaaaaaaaa", f"{BASE}graph/article/bbbbbbbbbbbb"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GRAPH = "CONSTRUCT WHERE { ?s a schema:Person ; schema:name ?name }"
CSV = b"name\r\nAna Petrova\r\nBo Lindqvist\r\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(make_generation(tmp_path_factory.mktemp("generations") / "1"), sparql_timeout=5.0)
    yield app
    query_pool(app).close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def get(client: FlaskClient, query: str, accept: str | None = None, **parameters: str) -> TestResponse:
    return client.get(
        "/sparql", query_string={"query": query, **parameters}, headers={"Accept": accept} if accept else {}
    )


def read_graph(data: bytes, name: str) -> Graph:
    """Read a graph as the engine's parser does: rdflib's own for JSON-LD warns of itself."""
    form = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
    triples = (quad.triple for quad in parse(data, format=form.get(name, RdfFormat.RDF_XML)))
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES) or b"", format="nt")


def error_of(answer: TestResponse) -> dict[str, str]:
    assert answer.json is not None
    error: dict[str, str] = answer.json["error"]
    return error


def test_three_ways_to_send_a_query(client: FlaskClient) -> None:
    headers = {"Accept": "text/csv"}
    assert client.get("/sparql", query_string={"query": PEOPLE}, headers=headers).data == CSV
    assert client.post("/sparql", data={"query": PEOPLE}, headers=headers).data == CSV
    for content_type in ("application/sparql-query", "application/sparql-query; charset=utf-8"):
        assert client.post("/sparql", data=PEOPLE, content_type=content_type, headers=headers).data == CSV


@pytest.mark.parametrize(
    ("accept", "content_type", "beginning"),
    [
        (None, "application/sparql-results+json", b'{"head"'),
        ("application/sparql-results+json", "application/sparql-results+json", b'{"head"'),
        ("application/json", "application/json", b'{"head"'),
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"name\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?name\n"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8", b"name\r\n"),
    ],
)
def test_a_table_in_each_format(client: FlaskClient, accept: str | None, content_type: str, beginning: bytes) -> None:
    answer = get(client, PEOPLE, accept)
    assert answer.status_code == 200
    assert answer.content_type == content_type
    assert answer.data.startswith(beginning)
    assert answer.content_length == len(answer.data)
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["Parley-Generation"] == "1"


@pytest.mark.parametrize(
    ("accept", "content_type", "parser"),
    [
        (None, "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "ntriples"),
        ("application/ld+json", "application/ld+json", "jsonld"),
        ("application/rdf+xml", "application/rdf+xml", "rdfxml"),
    ],
)
@pytest.mark.parametrize("query", [GRAPH, f"DESCRIBE <{BASE}id/person/ana-petrova>"])
def test_a_graph_in_each_format(
    client: FlaskClient, query: str, accept: str | None, content_type: str, parser: str
) -> None:
    answer = get(client, query, accept)
    assert answer.content_type == content_type
    graph = read_graph(answer.data, parser)
    assert (URIRef(f"{BASE}id/person/ana-petrova"), URIRef("https://schema.org/name"), None) in graph


def test_a_truth_value(client: FlaskClient) -> None:
    assert get(client, "ASK { ?s schema:name 'Ana Petrova' }").json == {"head": {}, "boolean": True}


@pytest.mark.parametrize("name", ["format", "output"])
def test_the_format_by_parameter(client: FlaskClient, name: str) -> None:
    assert get(client, PEOPLE, BROWSER, **{name: "csv"}).data == CSV
    assert get(client, GRAPH, BROWSER, **{name: "ttl"}).content_type == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(("query", "accept"), [(PEOPLE, "text/turtle"), (GRAPH, "text/csv"), (PEOPLE, "image/png")])
def test_a_result_that_has_no_such_format(client: FlaskClient, query: str, accept: str) -> None:
    answer = get(client, query, accept)
    assert answer.status_code == 406
    assert ("text/csv" if query == PEOPLE else "text/turtle") in answer.text


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        ({"method": "POST", "data": "a=b", "content_type": "application/x-www-form-urlencoded"}, 400, "no query"),
        ({"method": "POST", "data": {"query": PEOPLE}, "query_string": {"query": COUNT}}, 400, "2 queries"),
        ({"method": "GET", "query_string": "query=ASK+%7B%7D&query=ASK+%7B%7D"}, 400, "2 queries"),
        ({"method": "GET", "query_string": "query="}, 400, "empty"),
        ({"method": "GET", "query_string": "query=ASK%7B%3Fs%20%3Fp%20%22%FF%22%7D"}, 400, "UTF-8"),
        ({"method": "POST", "data": b"ASK {} # \xff", "content_type": "application/sparql-query"}, 400, "UTF-8"),
        ({"method": "POST", "data": "x", "content_type": "text/plain"}, 415, "application/sparql-query"),
        ({"method": "POST"}, 415, "unknown"),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403, "read-only"),
        ({"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"}, 403, "read-only"),
        ({"method": "GET", "query_string": {"query": "INSERT DATA { <urn:a> <urn:b> 1 }"}}, 403, "read-only"),
        ({"method": "GET", "query_string": {"query": PEOPLE, "timeout": "soon"}}, 400, "timeout"),
        ({"method": "GET", "query_string": {"query": PEOPLE, "timeout": "-1"}}, 400, "timeout"),
        ({"method": "GET", "query_string": {"query": PEOPLE, "default-graph-uri": "a b"}}, 400, "IRI"),
        ({"method": "GET", "query_string": {"query": PEOPLE, "format": "turtle"}}, 406, "csv"),
        ({"method": "GET", "query_string": {"query": "SELECT ?s { ?s"}}, 400, "line 1, column"),
        ({"method": "GET", "query_string": {"query": "ASK { SERVICE <http://x.example/> { } }"}}, 400, "SERVICE"),
        (
            {"method": "POST", "data": "ASK {} #" + "x" * 200_000, "content_type": "application/sparql-query"},
            413,
            "bytes",
        ),
        (
            {"method": "POST", "data": "ASK {} #" + "x" * 600_000, "content_type": "application/sparql-query"},
            413,
            "large",
        ),
        ({"method": "PUT", "data": PEOPLE}, 405, "method"),
    ],
)
def test_requests_that_are_refused(client: FlaskClient, request_: dict[str, object], status: int, words: str) -> None:
    answer = client.open("/sparql", **request_)  # type: ignore[arg-type]
    assert answer.status_code == status
    error = error_of(answer)
    assert words in f"{error['cause']}; {error['remedy']}"


def test_graphs_by_the_protocol(client: FlaskClient) -> None:
    query = "SELECT ?h { ?a schema:headline ?h } ORDER BY ?h"
    both = urlencode([("query", query), ("default-graph-uri", A), ("default-graph-uri", B), ("format", "csv")])
    assert client.get(f"/sparql?{both}").data == b"h\r\nLutz again\r\nTalks in Lutz\r\n"
    posted = client.post("/sparql", data=both, content_type="application/x-www-form-urlencoded")
    assert posted.data == b"h\r\nLutz again\r\nTalks in Lutz\r\n"
    one = client.post(
        f"/sparql?default-graph-uri={quote(B)}", data=query, content_type="application/sparql-query",
        headers={"Accept": "text/csv"},
    )  # fmt: skip
    assert one.data == b"h\r\nLutz again\r\n"
    named = get(client, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv", **{"named-graph-uri": A})
    assert named.data == f"g\r\n{A}\r\n".encode()


def test_an_answer_is_known_again_until_the_next_generation(tmp_path: Path) -> None:
    app = create_app(make_generation(tmp_path / "1", numbers=3))
    client = app.test_client()
    first = get(client, COUNT, "text/csv")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"

    def again(**headers: str) -> TestResponse:
        return client.get(
            "/sparql", query_string={"query": COUNT}, headers={"Accept": "text/csv", **headers}, buffered=True
        )

    known = again(**{"If-None-Match": tag})
    assert known.status_code == 304
    assert known.data == b""
    assert known.headers["ETag"] == tag
    assert "Accept" in known.headers["Vary"]
    # Another format or another query is another answer.
    assert again(**{"If-None-Match": tag, "Accept": "application/json"}).status_code == 200
    assert get(client, PEOPLE, "text/csv").headers["ETag"] != tag
    app.extensions["parley"].publish(2, make_generation(tmp_path / "2", numbers=4))
    newer = again(**{"If-None-Match": tag})
    assert newer.status_code == 200
    assert newer.data == b"n\r\n4\r\n"
    assert newer.headers["Parley-Generation"] == "2"
    query_pool(app).close()


def test_what_may_change_is_not_kept(client: FlaskClient) -> None:
    answer = get(client, "SELECT (NOW() AS ?now) { }")
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_query_that_is_too_slow(client: FlaskClient) -> None:
    answer = get(client, FOREVER, timeout="0.5")
    assert answer.status_code == 504
    assert "0.5 s" in error_of(answer)["cause"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_head(client: FlaskClient) -> None:
    answer = client.head("/sparql", query_string={"query": PEOPLE}, headers={"Accept": "text/csv"}, buffered=True)
    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.content_length == len(CSV)


def test_scripts_of_other_sites_may_ask(client: FlaskClient) -> None:
    asked = client.options("/sparql", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 204
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]
    for answer in (asked, get(client, COUNT), get(client, "nonsense")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Parley-Generation" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("accept", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "rdfxml"),
        ("application/ld+json", "jsonld"),
        ("text/plain", "ntriples"),
        ("*/*", "turtle"),
    ],
)
def test_the_service_describes_itself(client: FlaskClient, accept: str, parser: str) -> None:
    answer = client.get("/sparql", headers={"Accept": accept})
    graph = read_graph(answer.data, parser)
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert list(graph.objects(None, URIRef(f"{sd}endpoint"))) == [URIRef("http://localhost/sparql")]
    assert URIRef(A) in set(graph.objects(None, URIRef(f"{sd}name")))
    assert (None, URIRef(f"{sd}supportedLanguage"), URIRef(f"{sd}SPARQL11Query")) in graph
    assert len(set(graph.objects(None, URIRef(f"{sd}resultFormat")))) == 10
    assert client.get("/sparql", headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_browser_gets_the_form_with_examples(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": BROWSER})
    assert answer.content_type == "text/html; charset=utf-8"
    assert '<textarea id="query" name="query"' in answer.text
    assert "Who met whom" in answer.text
    assert answer.text.count("<dt>") >= 8


def test_a_browser_gets_a_table(client: FlaskClient) -> None:
    query = "SELECT ?p ?name ?none { ?p a schema:Person ; schema:name ?name } ORDER BY ?name"
    text = get(client, query, BROWSER).text
    assert "2 rows" in text
    assert f'<a href="/id/person/ana-petrova" title="{BASE}id/person/ana-petrova"' in text
    assert "Ana Petrova" in text
    assert "format=csv" in text
    assert "schema:Person ; schema:name" in text


def test_a_page_tells_when_it_does_not_show_all(client: FlaskClient) -> None:
    text = get(client, "SELECT ?o { ?s <urn:number> ?o }", BROWSER).text
    assert "3000 rows" in text
    assert "shows the first 1000" in text
    assert text.count("<td") == 1000


def test_a_browser_sees_a_graph_and_a_truth_value(client: FlaskClient) -> None:
    assert "schema:name" in get(client, GRAPH, BROWSER).text
    assert "<strong>No</strong>" in get(client, "ASK { ?s <urn:nothing> ?o }", BROWSER).text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT ?s { ?s nope:b 1 }", 400, "prefix nope: is not declared"),
        ("INSERT DATA { }", 403, "read-only"),
        ("SELEC <script>", 400, "&lt;script&gt;"),
        (HUGE, 503, "8,000,000 bytes"),
    ],
)
def test_a_browser_gets_its_query_back_with_what_is_wrong(
    client: FlaskClient, query: str, status: int, words: str
) -> None:
    answer = get(client, query, BROWSER)
    assert answer.status_code == status
    assert words in answer.text
    assert "<script>" not in answer.text
    assert 'role="alert"' in answer.text
    assert query.split()[0] in answer.text.partition("<textarea")[2].partition("</textarea>")[0]


def test_values_cannot_write_into_the_page(client: FlaskClient) -> None:
    text = get(
        client, 'SELECT ("<script>alert(1)</script>" AS ?x) (IRI("javascript:alert(1)") AS ?y) { }', BROWSER
    ).text
    assert "<script>" not in text
    assert 'href="javascript' not in text


def test_the_example_links_run(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": BROWSER}).text
    links = [part.partition('"')[0].replace("&amp;", "&") for part in page.split('<dt><a href="')[1:]]
    assert len(links) >= 8
    for link in links:
        answer = client.get(link, headers={"Accept": BROWSER})
        assert answer.status_code == 200
        assert 'id="result-title"' in answer.text


def test_json_is_what_it_says(client: FlaskClient) -> None:
    answer = get(client, PEOPLE, "application/sparql-results+json")
    data = answer.data if answer.content_encoding is None else gzip.decompress(answer.data)
    values = json.loads(data)
    assert values["head"] == {"vars": ["name"]}
    assert values["results"]["bindings"][0]["name"] == {"type": "literal", "value": "Ana Petrova"}
