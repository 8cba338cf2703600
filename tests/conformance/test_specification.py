"""What the specifications ask for and no manifest tries: negotiation, HEAD, CORS, datasets, caching, generations."""

import gzip
import zlib
from email.utils import parsedate_to_datetime

import pytest

from graph.store import Dataset
from tests.conformance.conftest import NAME, ONE, THREE, TWO, Server

NAMES = f"SELECT ?name {{ ?person <{NAME}> ?name }} ORDER BY ?name"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


def rows(text: str) -> list[str]:
    return text.split("\r\n")[1:-1]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/*", "application/sparql-results+json"),
        ("text/csv;q=0.3, application/sparql-results+xml;q=0.5", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*;q=0.5", "application/sparql-results+xml"),
        ("image/png, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        ("application/json", "application/json"),
        ("text/turtle, */*;q=0.1", "application/sparql-results+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
        ("", "application/sparql-results+json"),
    ],
)
def test_accept_with_weights_and_wildcards(server: Server, accept: str, media_type: str) -> None:
    """`Accept` with weights, wildcards, exclusions and what browsers send: the best format there is"""
    answer = server.query(NAMES, accept)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    assert "Accept" in [name.strip() for name in answer.headers["Vary"].split(",")]


@pytest.mark.parametrize(
    ("query", "accept"),
    [(NAMES, "text/turtle"), (NAMES, "image/*"), (GRAPH, "text/csv"), (GRAPH, "*/*;q=0"), ("ASK {}", "text/n3")],
)
def test_no_format_that_is_accepted(server: Server, query: str, accept: str) -> None:
    """No format that the client accepts: 406, with those there are"""
    answer = server.query(query, accept)
    assert answer.status_code == 406
    assert "text/csv" in answer.text or "text/turtle" in answer.text


def test_a_graph_that_is_named_twice_counts_once(server: Server) -> None:
    """`default-graph-uri` and `named-graph-uri` that come twice, and statements in two default graphs, count once"""
    answer = server.query(NAMES, "text/csv", **{"default-graph-uri": [ONE, TWO, ONE, TWO]})
    assert rows(answer.text) == ["Ana Petrova", "Tom Harding"]
    query = f"SELECT ?name {{ GRAPH ?g {{ ?person <{NAME}> ?name }} }} ORDER BY ?name"
    answer = server.query(query, "text/csv", **{"named-graph-uri": [ONE, ONE, THREE]})
    assert rows(answer.text) == ["Ana Petrova", "Ngozi Okoro"]


def test_a_graph_of_the_protocol_that_there_is_not(server: Server) -> None:
    """A graph that is not there is empty, and only named graphs leave the default graph empty"""
    for parameter in ("default-graph-uri", "named-graph-uri"):
        answer = server.query(NAMES, "text/csv", **{parameter: "https://zubrowka.example/nothing"})
        assert answer.status_code == 200
        assert rows(answer.text) == []
    assert rows(server.query(NAMES, "text/csv", **{"named-graph-uri": ONE}).text) == []


def test_the_dataset_of_the_query_itself(server: Server) -> None:
    """`FROM` and `FROM NAMED` without graphs in the request; several `FROM` count each statement once"""
    assert rows(server.query(NAMES.replace("{", f"FROM <{THREE}> {{", 1), "text/csv").text) == ["Ngozi Okoro"]
    two = NAMES.replace("{", f"FROM <{ONE}> FROM <{TWO}> {{", 1)
    assert rows(server.query(two, "text/csv").text) == ["Ana Petrova", "Tom Harding"]


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json", "text/html"])
def test_head_is_get_without_the_body(server: Server, accept: str) -> None:
    """HEAD of a query: the headers of GET, and no body"""
    options = {"params": {"query": NAMES}, "headers": {"Accept": accept}}
    head, whole = server.ask("HEAD", "/sparql", **options), server.ask("GET", "/sparql", **options)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control", "Parley-Generation"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("path", ["/sparql", "/graph-store?default", "/graph/article/one", "/events.json"])
def test_preflight(server: Server, path: str) -> None:
    """OPTIONS as a browser asks before a script of another site may ask: 2xx, and who may ask how"""
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = server.ask("OPTIONS", path, headers={**asked, "Access-Control-Request-Headers": "if-none-match"})
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "if-none-match" in answer.headers["Access-Control-Allow-Headers"].lower()


def test_scripts_may_read_answers_and_errors(server: Server) -> None:
    """Answers and errors alike may be read by scripts of other sites, with the headers that matter"""
    for answer in (server.query(NAMES), server.query("nonsense"), server.ask("GET", "/graph-store?graph=urn:none")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


def test_one_shape_for_every_error(server: Server) -> None:
    """400, 403, 404, 405, 406, 413 and 415 have one shape, with cause and remedy, and are not kept"""
    direct = {"Content-Type": "application/sparql-query"}
    answers = [
        server.query("SELECT"),
        server.ask("POST", "/sparql", data={"update": "CLEAR ALL"}),
        server.ask("GET", "/graph-store?graph=urn:none"),
        server.ask("PUT", "/sparql"),
        server.ask("GET", "/sparql", params={"query": NAMES, "format": "turtle"}),
        server.ask("POST", "/sparql", data="ASK {} # " + "x" * 20_000, headers=direct),
        server.ask("POST", "/sparql", data="ASK {}", headers={"Content-Type": "text/plain"}),
    ]
    assert [answer.status_code for answer in answers] == [400, 403, 404, 405, 406, 413, 415]
    for answer in answers:
        error = answer.json()["error"]
        assert set(error) - {"line", "column"} == {"status", "title", "cause", "remedy"}
        assert error["status"] == answer.status_code
        assert error["remedy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_tag_of_an_answer_names_its_format(server: Server) -> None:
    """`ETag` differs by format and by query; it is answered with 304 and the same headers"""
    tags = {server.query(NAMES, accept).headers["ETag"] for accept in ("text/csv", "application/json", "text/html")}
    tags.add(server.query("ASK {}", "text/csv").headers["ETag"])
    assert len(tags) == 4
    first = server.query(NAMES, "text/csv")
    options = {"params": {"query": NAMES}, "headers": {"Accept": "text/csv", "If-None-Match": first.headers["ETag"]}}
    for method in ("GET", "HEAD"):
        again = server.ask(method, "/sparql", **options)
        assert again.status_code == 304
        assert again.content == b""
        for name in ("ETag", "Vary", "Cache-Control"):
            assert again.headers[name] == first.headers[name]


def test_compression_on_request(server: Server) -> None:
    """`Accept-Encoding: gzip`: the same bytes, compressed; short answers and who does not ask get them as they are"""
    query = "SELECT * { VALUES ?x { " + "'Zubrowka' " * 300 + "} }"
    plain = server.ask("POST", "/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert "Content-Encoding" not in plain.headers
    options = {"data": {"query": query}, "headers": {"Accept": "text/csv", "Accept-Encoding": "gzip"}, "stream": True}
    packed = server.ask("POST", "/sparql", **options)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    raw = packed.raw.read(decode_content=False)
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content)


def test_a_long_answer_is_compressed_as_it_comes(server: Server) -> None:
    """A result of more than is held back comes in pieces, compressed, and whole"""
    ten = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }} "
    query = "SELECT * { " + "".join(ten.format(name) for name in "abcdef") + "} LIMIT 800000"
    options = {"headers": {"Accept": "text/csv", "Accept-Encoding": "gzip"}, "stream": True}
    answer = server.ask("POST", "/sparql", data={"query": query}, **options)
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in answer.headers
    assert zlib.decompress(answer.raw.read(decode_content=False), wbits=31).count(b"\r\n") == 800_001


def test_an_older_generation(server: Server, dataset: Dataset) -> None:
    """`generation=N` answers from that one, with `Memento-Datetime` and a link to the current one (RFC 7089)"""
    older = dataset.generations()[0]
    answer = server.ask("GET", "/sparql", params={"query": NAMES, "generation": "1"}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.headers["Parley-Generation"] == "1"
    published = parsedate_to_datetime(answer.headers["Memento-Datetime"])
    assert published == older.published.replace(microsecond=0)
    link = answer.headers["Link"]
    assert 'rel="original latest-version"' in link
    current = server.ask("GET", link.partition(">")[0].lstrip("<"), headers={"Accept": "text/csv"})
    assert current.headers["Parley-Generation"] == "2"
    assert "Memento-Datetime" not in current.headers
    assert current.headers["ETag"] != answer.headers["ETag"]
    # What was taken out of the second is still in the first.
    assert server.ask("GET", "/graph/article/gone?generation=1").status_code == 200
    assert server.ask("GET", "/graph/article/gone?generation=2").status_code == 404
    body = {"query": "SELECT (COUNT(*) AS ?n) { GRAPH <https://zubrowka.example/graph/article/gone> { ?s ?p ?o } }"}
    posted = server.ask("POST", "/sparql?generation=1", data=body, headers={"Accept": "text/csv"})
    assert rows(posted.text) == ["2"]


@pytest.mark.parametrize(("number", "status"), [("99", 404), ("0", 404), ("x", 400), ("-1", 400), ("1" * 40, 400)])
def test_a_generation_that_there_is_not(server: Server, number: str, status: int) -> None:
    """A generation that was not yet, or what is no number: 404 and 400, in words"""
    for path in ("/sparql?query=ASK%7B%7D&", "/graph-store?default&", "/?"):
        answer = server.ask("GET", f"{path}generation={number}", headers={"Accept": "application/json"})
        assert answer.status_code == status
        assert "generation" in answer.json()["error"]["cause"]
