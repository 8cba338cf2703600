"""Plain queries that are answered without the framework: each as the framework would."""

import http.client
import re
import socket
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.settings import Settings
from graph.store import Dataset
from tests.web.conftest import ARTICLES, make
from tests.web.serving import application, served
from web.app import create_app
from web.serving.pace import PacedSocket
from web.sparql.direct import Direct

PEOPLE = "SELECT ?p ?name { ?p a schema:Person ; schema:name ?name } ORDER BY ?p"
EVERYTHING = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
JSON = "application/sparql-results+json"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
#: A header that says nothing, and that is not among those of a plain request: the framework answers.
ODD = {"X-Odd": "1"}


def plain(query: str, *, accept: str = JSON, headers: str = "") -> bytes:
    return (
        f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nContent-Type: {DIRECT}\r\n{headers}"
        f"Content-Length: {len(query.encode())}\r\n\r\n{query}"
    ).encode()


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make(tmp_path_factory.mktemp("direct"), {"geneva": ARTICLES["geneva"]})


@pytest.fixture(scope="module")
def app(dataset: Dataset) -> Iterator[Flask]:
    with application(dataset) as app:
        yield app


@pytest.fixture
def connection() -> Iterator[PacedSocket]:
    ours, theirs = socket.socketpair()
    with theirs, PacedSocket(fileno=ours.detach()) as connection:
        yield connection
        connection.forget()


@pytest.fixture(scope="module")
def base(dataset: Dataset) -> Iterator[str]:
    with served(dataset.path, PARLEY_SPARQL_ROW_LIMIT="2000") as (base, _):
        yield base


def ask(
    base: str, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    # As written: the client adds no header but Host and the length.
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body.encode())))
    connection.endheaders(body.encode() if body else None)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    return response.status, sorted((k, v) for k, v in response.getheaders() if k != "Date"), answer


@pytest.mark.parametrize("encoding", [{}, {"Accept-Encoding": "gzip, br;q=0.5"}, {"Accept-Encoding": "identity"}])
@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", f"/sparql?{urlencode({'query': PEOPLE})}", None, {"Accept": JSON}),
        ("GET", f"/sparql?query={quote(PEOPLE)}&format=csv", None, {}),
        ("GET", f"/sparql?query={quote(EVERYTHING)}", None, {"Accept": "text/csv"}),
        ("POST", "/sparql", PEOPLE, {"Content-Type": DIRECT, "Accept": "application/sparql-results+xml"}),
        ("POST", "/sparql", PEOPLE, {"Content-Type": f"{DIRECT}; charset=utf-8"}),
        ("POST", "/sparql", urlencode({"query": PEOPLE}), {"Content-Type": FORM, "Accept": "*/*"}),
        ("POST", "/sparql?format=tsv", urlencode({"query": "ASK {}", "timeout": "5"}), {"Content-Type": FORM}),
        ("POST", "/sparql", "SELECT ('é' AS ?x) {}", {"Content-Type": DIRECT, "Origin": "https://a.example"}),
        ("POST", "/sparql", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }", {"Content-Type": DIRECT}),
        ("POST", "/sparql", "ASK { FILTER(RAND() < 2) }", {"Content-Type": DIRECT}),
        # What is wrong is told by the framework.
        ("GET", f"/sparql?query={quote('SELECT * { ?s')}", None, {"Accept": JSON}),
        ("GET", f"/sparql?query={quote('SELECT * { ?s')}", None, {"Accept": "text/html"}),
        ("GET", f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f }')}", None, {"Accept": JSON}),
        ("GET", "/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", None, {}),
        ("GET", "/sparql?query=%ff", None, {}),
        ("GET", "/sparql", None, {"Accept": "text/turtle"}),
        ("POST", "/sparql", PEOPLE, {"Content-Type": DIRECT, "Accept": "image/png"}),
        ("POST", "/sparql", PEOPLE, {"Content-Type": "text/plain"}),
        ("POST", "/sparql", "INSERT DATA {}", {"Content-Type": DIRECT}),
    ],
)
def test_the_answer_is_the_same_either_way(
    base: str, method: str, path: str, body: str | None, headers: dict[str, str], encoding: dict[str, str]
) -> None:
    directly = ask(base, method, path, body, {**headers, **encoding})
    # Asked twice: once as it is found, once as it is kept.
    for _ in range(2):
        assert ask(base, method, path, body, {**headers, **encoding, **ODD}) == directly


def test_a_plain_query_needs_no_framework(app: Flask, connection: PacedSocket) -> None:
    answer = Direct(app).answer(plain(PEOPLE), connection, "127.0.0.1")
    assert answer is not None
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Ana Petrova" in body


ODD_ONES = {
    "other method": plain(PEOPLE).replace(b"POST", b"PUT"),
    "other path": plain(PEOPLE).replace(b"/sparql ", b"/sparql/ "),
    "old version": plain(PEOPLE).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "no host": plain(PEOPLE).replace(b"Host: localhost\r\n", b""),
    "wrong length": plain(PEOPLE) + b"x",
    "two lengths": plain(PEOPLE, headers="Content-Length: 5\r\n"),
    "chunks": plain(PEOPLE, headers="Transfer-Encoding: chunked\r\n"),
    "two types": plain(PEOPLE, headers="Accept: text/csv\r\n"),
    "folded": plain(PEOPLE, headers=" more\r\n"),
    "space before the colon": plain(PEOPLE, headers="User-Agent : x\r\n"),
    "null": plain(PEOPLE, headers="User-Agent: a\x00b\r\n"),
    "bare line feed": plain(PEOPLE, headers="User-Agent: a\nX: b\r\n"),
    "other bytes": plain(PEOPLE, headers="User-Agent: é\r\n"),
    "closing": plain(PEOPLE, headers="Connection: close\r\n"),
    "expecting": plain(PEOPLE, headers="Expect: 100-continue\r\n"),
    "condition": plain(PEOPLE, headers='If-None-Match: "x"\r\n'),
    "address told by a proxy": plain(PEOPLE, headers="X-Forwarded-For: 10.0.0.1\r\n"),
    "version of RDF": plain("DESCRIBE <urn:x>", accept="text/turtle;version=1.2"),
    "page": plain(PEOPLE, accept="text/html"),
    "unacceptable": plain(PEOPLE, accept="image/png"),
    "malformed": plain("SELECT"),
    "update": plain("CLEAR ALL"),
    "older generation": b"GET /sparql?query=ASK%20%7B%7D&generation=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no query": b"GET /sparql HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "fragment": b"GET /sparql?query=ASK%20%7B%7D#x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "body of GET": b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx",
}


@pytest.mark.parametrize("request_", ODD_ONES.values(), ids=ODD_ONES)
def test_all_that_is_out_of_the_ordinary_is_left_to_the_framework(
    app: Flask, connection: PacedSocket, request_: bytes
) -> None:
    assert Direct(app).answer(request_, connection, "127.0.0.1") is None


def test_behind_a_proxy_everything_is_left_to_the_framework(dataset: Dataset, connection: PacedSocket) -> None:
    app = create_app(Settings(dataset=dataset.path, sparql_workers=1, trusted_proxies=1))
    assert Direct(app).answer(plain(PEOPLE), connection, "127.0.0.1") is None


@given(
    where=st.floats(0, 1), inserted=st.sampled_from([b"\r", b"\n", b"\r\n", b"\x00", b" ", b":", b"\xff", b"\t", b"a"])
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_byte_in_the_head_makes_two_readings(
    app: Flask, connection: PacedSocket, where: float, inserted: bytes
) -> None:
    request = plain("ASK {}", headers="User-Agent: a\r\n")
    head = request.index(b"\r\n\r\n")
    place = int(where * head)
    changed = request[:place] + inserted + request[place:]
    answer = Direct(app).answer(changed, connection, "127.0.0.1")
    connection.forget()
    if answer is not None:
        # It is still one request of the same length, every line of it well formed.
        lines = changed[: changed.index(b"\r\n\r\n")].split(b"\r\n")
        assert lines[0] == b"POST /sparql HTTP/1.1"
        assert all(re.fullmatch(rb"[A-Za-z-]+:[\t -~]*", line) for line in lines[1:])


def test_a_query_that_fails_runs_once(base: str) -> None:
    def counted() -> float:
        text = requests.get(f"{base}/metrics", timeout=30).text
        return sum(float(n) for n in re.findall(r"^parley_queries_total\{.*\} (\S+)$", text, re.MULTILINE))

    before = counted()
    status, _, _ = ask(base, "POST", "/sparql", "SELECT * { ?a ?b ?c . ?d ?e ?f }", {"Content-Type": DIRECT})
    assert status == 503
    assert counted() == before + 1


def test_requests_that_follow_each_other_are_answered_in_order(base: str) -> None:
    texts = [f"SELECT ({n} AS ?n) {{}}" for n in range(20)]
    with socket.create_connection((urlsplit(base).hostname or "", urlsplit(base).port or 0), timeout=30) as client:
        client.sendall(b"".join(plain(text, accept="text/csv") for text in texts))
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < len(texts) or not received.endswith(b"19\r\n"):
            part = client.recv(65536)
            assert part, received
            received += part
    assert re.findall(rb"\r\n(\d+)\r\n", received) == [str(n).encode() for n in range(20)]
