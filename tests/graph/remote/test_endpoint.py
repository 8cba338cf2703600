"""``/sparql`` where the remote store answers it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from graph.store import Change, Dataset
from tests.graph.remote.target import Remote
from tests.graph.store.sample import BASE, triple
from web.app import create_app
from web.sparql.remote import close_remote

MET = f"SELECT ?o {{ ?s <{BASE}id/met> ?o }}"
FOUND = f"o\r\n{BASE}id/person/tom-harding\r\n".encode()


def fill(remote: Remote, *others: str) -> None:
    """Put what Ana Petrova did, and who else was met, into two articles; publish."""
    both = triple("person/ana-petrova", "met", "person/tom-harding")
    more = {triple("person/ivo-novak", "met", other) for other in others}
    graphs = {f"{BASE}graph/article/{n}": frozenset({both, triple(f"article/{n}", "is", "x"), *more}) for n in (1, 2)}
    with remote.dataset.writer() as writer:
        writer.commit(Change(replace=graphs))
    remote.publish()


@pytest.fixture
def serve() -> Iterator[Callable[..., FlaskClient]]:
    """Makes a client of an application on a dataset, which the remote store answers for."""
    made: list[Flask] = []

    def make(remote: Remote, **settings: object) -> FlaskClient:
        given: dict[str, Any] = {
            "sparql_remote": 1,
            "sparql_workers": 1,
            "access_log": "",
            "sparql_timeout": 20.0,
            **settings,
        }
        app = create_app(replace(remote.settings, **given))
        made.append(app)
        return app.test_client()

    yield make
    for app in made:
        close_remote(app)


def ask(
    client: FlaskClient, query: str, accept: str = "text/csv, application/json;q=0.5", **headers: str
) -> TestResponse:
    return client.post("/sparql", data={"query": query}, headers={"Accept": accept, **headers})


def error_of(answer: TestResponse) -> dict[str, str]:
    assert answer.json is not None
    found: dict[str, str] = answer.json["error"]
    return found


def test_the_store_answers_and_not_the_generation_that_is_here(
    remote: Remote, serve: Callable[..., FlaskClient]
) -> None:
    fill(remote)
    client = serve(remote)
    assert ask(client, MET).data == FOUND
    # Published here, and not carried over.
    with remote.dataset.writer() as writer:
        writer.commit(Change(replace={f"{BASE}graph/article/1": frozenset()}))
        writer.commit(Change(replace={f"{BASE}graph/article/2": frozenset()}))
    remote.dataset.publish()
    answer = ask(client, MET)
    assert (answer.data, answer.headers["Parley-Generation"]) == (FOUND, "1")
    here = client.get("/sparql", query_string={"query": MET, "generation": "2"}, headers={"Accept": "text/csv"})
    assert (here.data, here.headers["Parley-Generation"]) == (b"o\r\n", "2")


def test_each_format_is_as_ours(remote: Remote, serve: Callable[..., FlaskClient]) -> None:
    fill(remote)
    client = serve(remote)
    table = json.loads(ask(client, MET, "application/sparql-results+json").data)
    assert table["results"]["bindings"] == [{"o": {"type": "uri", "value": f"{BASE}id/person/tom-harding"}}]
    assert b"<result>" in ask(client, MET, "application/sparql-results+xml").data
    assert json.loads(ask(client, "ASK { ?s ?p ?o }", "application/sparql-results+json").data).get("boolean") is True
    graph = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?p = <{BASE}id/met>) }}"
    assert b"@prefix sem:" in ask(client, graph, "text/turtle").data
    assert b"person/tom-harding" in ask(client, graph, "application/ld+json").data
    assert b"person/tom-harding" in ask(client, MET, "text/html").data


def test_graphs_that_the_protocol_names(remote: Remote, serve: Callable[..., FlaskClient]) -> None:
    fill(remote)
    client = serve(remote)
    query = f"SELECT DISTINCT ?s {{ ?s <{BASE}id/is> ?o }}"
    data = {"query": query, "default-graph-uri": f"{BASE}graph/article/1"}
    answer = client.post("/sparql", data=data, headers={"Accept": "text/csv"})
    assert answer.data == f"s\r\n{BASE}id/article/1\r\n".encode()


def test_an_answer_is_kept_until_another_generation_is_there(one: Remote, serve: Callable[..., FlaskClient]) -> None:
    fill(one)
    client = serve(one)
    get = {"query_string": {"query": MET}}
    first = client.get("/sparql", **get, headers={"Accept": "text/csv"})
    tag = first.headers["ETag"]
    assert client.get("/sparql", **get, headers={"Accept": "text/csv", "If-None-Match": tag}).status_code == 304
    fill(one, "person/ngozi-okoro")
    later = serve(one).get("/sparql", **get, headers={"Accept": "text/csv", "If-None-Match": tag})
    assert (later.status_code, later.headers["Parley-Generation"]) == (200, "2")
    assert b"ngozi-okoro" in later.data


def test_while_a_generation_arrives_no_answer_is_kept(one: Remote, serve: Callable[..., FlaskClient]) -> None:
    fill(one)
    marker = f"{BASE}generation/000002-20260101T000000000000"
    dct, prov = "http://purl.org/dc/terms/", "http://www.w3.org/ns/prov#"
    whole = one.state().whole
    one.update(
        f"INSERT DATA {{ GRAPH <{BASE}graph/generations> {{ <{marker}> <{dct}extent> 0 ;"
        f" <{prov}wasRevisionOf> <{BASE}generation/{whole}> }} }}"
    )
    answer = ask(serve(one), MET)
    assert (answer.status_code, answer.data) == (200, FOUND)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert "Parley-Generation" not in answer.headers


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT ?s { ?s ?p }", 400, "line 1, column 19"),
        ("DEFINE get:soft 'replace' SELECT * { ?s ?p ?o }", 400, "line 1"),
        ("SELECT (bif:rand(1) AS ?x) { }", 400, "the prefix bif: is not declared"),
        ("DROP ALL", 403, "read-only"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 400, "SERVICE is not allowed"),
    ],
)
def test_what_may_not_run_never_reaches_the_store(
    one: Remote, serve: Callable[..., FlaskClient], query: str, status: int, words: str
) -> None:
    fill(one)
    answer = ask(serve(one), query)
    assert answer.status_code == status
    assert words in error_of(answer)["cause"]


def test_calls_of_the_stores_own_code_are_refused(
    dataset: Dataset, one: Remote, serve: Callable[..., FlaskClient]
) -> None:
    fill(one)
    # Told that it may be any store, as it is not known what that one calls.
    url = one.settings.remote_store.partition("+")[2]
    client = serve(one, remote_store=f"sparql+{url}/query {url}/update")
    assert ask(client, MET).data == FOUND
    for query in (r"PREFIX b: <b\u0069f:> SELECT (b:rand(1) AS ?x) {}", "SELECT (<java:a.B>(1) AS ?x) {}"):
        assert "calls code of the remote store" in error_of(ask(client, query))["cause"]


def test_limits_of_rows_bytes_and_time(one: Remote, serve: Callable[..., FlaskClient]) -> None:
    fill(one)
    rows = "SELECT * { VALUES ?a { 1 2 3 4 5 6 } VALUES ?b { 1 2 3 4 5 6 } }"
    assert "more than 20 rows" in error_of(ask(serve(one, sparql_row_limit=20), rows))["cause"]
    assert "larger than 50 bytes" in error_of(ask(serve(one, sparql_result_limit=50), rows))["cause"]
    many = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(5))
    answer = ask(serve(one, sparql_timeout=1.0), f"SELECT (COUNT(*) AS ?n) {{ {many} }}")
    assert (answer.status_code, error_of(answer)["cause"]) == (504, "the query ran for longer than 1 s")


def test_a_store_that_is_away_or_empty_is_said(
    dataset: Dataset, one: Remote, serve: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    with dataset.writer() as writer:
        writer.commit(Change(replace={f"{BASE}graph/article/1": frozenset({triple("a", "b", "c")})}))
    dataset.publish()
    answer = ask(serve(one), MET)
    assert (answer.status_code, "no generation of this dataset yet" in error_of(answer)["cause"]) == (503, True)
    away = ask(serve(one, remote_store="oxigraph+http://127.0.0.1:9"), MET)
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert "refuses the connection" in error_of(away)["cause"]
    assert serve(one, remote_store="oxigraph+http://127.0.0.1:9").get("/").status_code == 200


@contextmanager
def speaking(one: Remote, answer: bytes) -> Iterator[str]:
    """Serve what the store says of its markers, and this to any other query, with an end that does not come."""

    class Cut(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            marker = b"generations" in body
            if marker:
                found = requests.post(f"{one.settings.remote_store.partition('+')[2]}/query", data=body,
                                      headers={name: self.headers[name] for name in ("Content-Type", "Accept")},
                                      timeout=60).content  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Length", str(len(found) if marker else len(answer) + 10))
            self.end_headers()
            self.wfile.write(found if marker else answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Cut) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("answer", [b'{"head": {"vars": ["o"]}, "results": {"bindings": [', b"Timeout!          "])
def test_an_answer_that_is_cut_is_no_answer(one: Remote, serve: Callable[..., FlaskClient], answer: bytes) -> None:
    fill(one)
    with speaking(one, answer) as url:
        found = ask(serve(one, remote_store=f"oxigraph+{url}"), MET)
    assert found.status_code == 503
    assert "broke off" in error_of(found)["cause"] or "is no result" in error_of(found)["cause"]
