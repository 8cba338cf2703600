"""Clients that take their time keep nobody else waiting, and are told so or cut off in the end."""

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.conformance.conftest import make
from tests.web.serving import served

pytestmark = pytest.mark.slow

PATIENCE = 2.0
MANY = 12
TEN = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }} "
#: A result of some 20 MB: more than any buffer on the way holds.
LARGE = "SELECT (CONCAT('Zubrowka, Zubrowka, ', STR(?a)) AS ?x) { " + "".join(TEN.format(n) for n in "abcdef") + "}"
HEAD = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: zubrowka.example\r\n"
BODY = (
    b"POST /sparql HTTP/1.1\r\nHost: zubrowka.example\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 6\r\n\r\nASK"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    dataset = make(tmp_path_factory.mktemp("slow") / "dataset")
    # Four threads, and thrice as many slow clients.
    with served(dataset.path, PARLEY_THREADS="4", PARLEY_CLIENT_TIMEOUT=str(PATIENCE)) as (base, _):
        deadline = time.monotonic() + 30
        while requests.get(f"{base}/readyz", timeout=30).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield base


def connect(base: str) -> socket.socket:
    address = urlsplit(base)
    assert address.hostname
    return socket.create_connection((address.hostname, address.port), timeout=30)


def assert_prompt(base: str) -> None:
    for _ in range(5):
        started = time.monotonic()
        assert requests.get(f"{base}/sparql", params={"query": "ASK {}"}, timeout=30).status_code == 200
        assert time.monotonic() - started < 1


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("sent", [b"", HEAD, BODY], ids=["nothing", "half a head", "half a body"])
def test_a_request_that_does_not_come(server: str, sent: bytes) -> None:
    connections = [connect(server) for _ in range(MANY)]
    for connection in connections:
        connection.sendall(sent)
    started = time.monotonic()
    assert_prompt(server)
    for connection in connections:
        told = read_all(connection)
        assert told.startswith(b"HTTP/1.1 408 ") if sent else told == b""
        connection.close()
    assert time.monotonic() - started < PATIENCE + 3


@pytest.mark.parametrize(
    "whole", [HEAD + b"Connection: close\r\n\r\n", BODY.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + b" {}"]
)
def test_a_request_in_pieces_is_answered(server: str, whole: bytes) -> None:
    with connect(server) as connection:
        for start in range(0, len(whole), 20):
            connection.sendall(whole[start : start + 20])
            time.sleep(0.02)
        told = read_all(connection)
    assert told.startswith(b"HTTP/1.1 200 ")
    assert told.endswith(b'"boolean":true}')


def test_several_requests_on_one_connection(server: str) -> None:
    with requests.Session() as session:
        for size in (0, 10, 60_000, 10):
            data = {"query": "ASK {}" + " " * size}
            assert session.post(f"{server}/sparql", data=data, timeout=30).json()["boolean"] is True
    # Two at once, one behind the other.
    with connect(server) as connection:
        connection.sendall(HEAD + b"\r\n" + HEAD + b"Connection: close\r\n\r\n")
        assert read_all(connection).count(b'"boolean":true') == 2


def test_an_answer_that_nobody_takes_in(server: str) -> None:
    request = b"POST /sparql HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nContent-Type: application/sparql-query\r\n"
    request += b"Content-Length: %d\r\n\r\n%b" % (len(LARGE), LARGE.encode())
    address = urlsplit(server)
    with socket.socket() as reader:
        # Before it connects: later, the window is as large as it is.
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        reader.settimeout(30)
        reader.connect((address.hostname, address.port))
        reader.sendall(request)
        assert reader.recv(12) == b"HTTP/1.1 200"
        assert_prompt(server)
        time.sleep(PATIENCE + 3)
        # It was cut off: what is left in the buffers has no last chunk.
        rest = b""
        with contextlib.suppress(ConnectionResetError):
            while part := reader.recv(65536):
                rest += part
        assert not rest.endswith(b"0\r\n\r\n")
        assert len(rest) < 20_000_000
    assert_prompt(server)
