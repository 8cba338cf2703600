"""Clients that take their time, or say too much: they keep nobody waiting, and are told so or cut off in the end."""

import contextlib
import resource
import threading
import time

import pytest
import requests

from tests.abuse.conftest import ATTACKER, BUDGET, MEMORY, PATIENCE, THREADS, Server, assert_shape
from tests.abuse.machine import Memory, Probe
from tests.abuse.raw import connect, read_all

pytestmark = [pytest.mark.alone, pytest.mark.slow]

MANY = 3 * THREADS
FROM = f"Host: zubrowka.example\r\nX-Forwarded-For: {ATTACKER}\r\n".encode()
HEAD = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n" + FROM
POST = b"POST /sparql HTTP/1.1\r\n" + FROM + b"Content-Type: application/sparql-query\r\n"
BODY = POST + b"Content-Length: 6\r\n\r\nASK"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n"
EXPECTING = POST + b"Content-Length: 6\r\nExpect: 100-continue\r\n\r\n"
CLOSE = b"Connection: close\r\n"
#: A result of 30 MB, quickly made: more than any buffer on the way holds.
TEN = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }} "
LARGE = f"SELECT (CONCAT('{'Zubrowka, ' * 3000}', STR(?a)) AS ?x) {{ {''.join(map(TEN.format, 'abc'))} }}".encode()


def large(accept: bytes = b"text/csv") -> bytes:
    return POST + b"Accept: %b\r\nContent-Length: %d\r\n\r\n%b" % (accept, len(LARGE), LARGE)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", b""),
        (HEAD, b"HTTP/1.1 408 "),
        (BODY, b"HTTP/1.1 408 "),
        (CHUNKED, b"HTTP/1.1 408 "),
        (EXPECTING, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408 "),
    ],
    ids=["nothing", "half a head", "half a body", "some chunks", "a body not begun"],
)
def test_a_request_that_does_not_come(server: Server, sent: bytes, told: bytes) -> None:
    with Probe.run(server.base, server.pid) as probes:
        connections = [connect(server.base, sent) for _ in range(MANY)]
        started = time.monotonic()
        answers = {read_all(connection) for connection in connections}
        took = time.monotonic() - started
        for connection in connections:
            connection.close()
    assert took < PATIENCE + 3
    assert all(answer.startswith(told) if told else answer == b"" for answer in answers)
    assert not told or all(b'{"error": {"status": 408, ' in answer for answer in answers)
    probes[0].assert_prompt()


@pytest.mark.parametrize(
    "whole",
    [
        HEAD + CLOSE + b"\r\n",
        BODY.replace(b"\r\n\r\n", b"\r\n" + CLOSE + b"\r\n") + b" {}",
        CHUNKED.replace(b"\r\n\r\n", b"\r\n" + CLOSE + b"\r\n") + b"3\r\n {}\r\n0\r\n\r\n",
    ],
    ids=["head", "body", "chunks"],
)
def test_a_request_in_pieces_is_answered(server: Server, whole: bytes) -> None:
    with connect(server.base) as connection:
        for start in range(0, len(whole), 20):
            connection.sendall(whole[start : start + 20])
            time.sleep(0.02)  # so that each piece arrives by itself
        told = read_all(connection)
    assert told.startswith(b"HTTP/1.1 200 ")
    assert told.endswith(b'"boolean":true}')


def test_several_requests_on_one_connection(server: Server) -> None:
    with requests.Session() as session:
        for size in (0, 10, 60_000, 10):
            data = {"query": "ASK {}" + " " * size}
            assert session.post(f"{server.base}/sparql", data=data, timeout=30).json()["boolean"] is True
    # Two at once, one behind the other; of the last one only a part at first.
    with connect(server.base, HEAD + b"\r\n" + HEAD + b"\r\n" + HEAD) as connection:
        time.sleep(0.3)  # the server has answered those that are whole, and waits for the rest
        connection.sendall(CLOSE + b"\r\n")
        assert read_all(connection).count(b'"boolean":true') == 3


def test_the_beginning_of_a_next_request_holds_nobody_up(server: Server) -> None:
    with Probe.run(server.base, server.pid) as probes:
        connections = [connect(server.base, HEAD + b"\r\n" + HEAD) for _ in range(MANY)]
        for connection in connections:
            assert b"HTTP/1.1 408 " in read_all(connection)
            connection.close()
    probes[0].assert_prompt()


def test_a_body_that_is_awaited_is_asked_for(server: Server) -> None:
    with connect(server.base, EXPECTING.replace(b"\r\n\r\n", b"\r\n" + CLOSE + b"\r\n")) as connection:
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK {}")
        told = read_all(connection)
    assert told.startswith(b"HTTP/1.1 200 ")


def test_a_connection_that_the_client_leaves_open_holds_nobody_up(server: Server) -> None:
    """The server closes its half; it does not wait for the other one."""
    with Probe.run(server.base, server.pid) as probes:
        connections = []
        for _ in range(20):
            connections.append(connect(server.base, HEAD + CLOSE + b"\r\n"))
            assert connections[-1].recv(12) == b"HTTP/1.1 200"
        for connection in connections:
            connection.close()
    probes[0].assert_prompt()


def test_more_connections_than_there_is_room_for(server: Server) -> None:
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit < 2000:
        pytest.skip(f"this process may open {limit} files only")
    with contextlib.ExitStack() as open_, Probe.run(server.base, server.pid) as probes:
        for _ in range(1500):
            open_.enter_context(connect(server.base, b"GET"))
        time.sleep(0.5)  # the probe asks meanwhile
    assert probes[0].statuses == {200}
    probes[0].assert_prompt()


def test_bodies_that_do_not_end_fill_no_memory(server: Server) -> None:
    half = POST + b"Content-Length: 490000\r\n\r\n" + b"x" * 480_000
    # Each is within what one may send; together they are more than is held.
    with Memory(server.pid) as memory, contextlib.ExitStack() as open_:
        connections = [open_.enter_context(connect(server.base)) for _ in range(300)]
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.sendall(half)
        time.sleep(0.3)  # the server reads what was sent, and its memory is watched
        assert server.is_well()
    assert memory.most < BUDGET - 2 * MEMORY


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (HEAD + b"a: b\r\n" * 300 + b"\r\n", 431),
        (HEAD + b"a: " + b"b" * 20_000 + b"\r\n\r\n", 431),
        (HEAD + b"a: b\r\n" * 60_000, 431),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n" + FROM + b"\r\n", 414),
        (b"GET /" + b"x" * 200_000, 414),
        (b"GET /sparql?query=" + b"x" * 9000, 414),
        (b"nonsense\r\n\r\n", 400),
        (HEAD + b"a\x00b: c\r\n\r\n", 400),
        (POST + b"Content-Length: x\r\n\r\n", 400),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: nonsense\r\n\r\n", 501),
        (POST + b"Content-Length: 99999999\r\n\r\nASK", 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\nASK", 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nx\r\n", 400),
    ],
)
@pytest.mark.parametrize("accept", [b"*/*", b"text/html", b"text/csv"])
def test_what_the_server_refuses_before_the_application_sees_it(
    server: Server, request_: bytes, status: int, accept: bytes
) -> None:
    line, _, rest = request_.partition(b"\r\n")
    with connect(server.base) as connection:
        with contextlib.suppress(OSError):  # it may be told before it has said all
            connection.sendall(line + b"\r\nAccept: " + accept + b"\r\n" + rest if rest else line)
        told = read_all(connection)
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), told[:300]
    answer = requests.Response()
    answer.status_code, answer.reason = status, head.split(b"\r\n")[0].split(b" ", 2)[2].decode()
    for field in head.split(b"\r\n")[1:]:
        name, _, value = field.decode().partition(": ")
        answer.headers[name] = value
    assert answer.headers["Connection"] == "close"
    assert int(answer.headers["Content-Length"]) == len(body)
    answer._content = body
    assert_shape(answer)


def test_an_answer_that_nobody_takes_in(server: Server) -> None:
    with Probe.run(server.base, server.pid) as probes:
        readers = [connect(server.base, large(), window=65536) for _ in range(2)]
        for reader in readers:
            assert reader.recv(12) == b"HTTP/1.1 200"
        # What the kernels' buffers take in counts at first, so it may be given up at the second look only.
        time.sleep(2 * PATIENCE + 2)
        for reader in readers:
            # It was cut off: what is left in the buffers has no last chunk.
            rest = read_all(reader)
            assert not rest.endswith(b"0\r\n\r\n")
            assert len(rest) < 30_000_000
            reader.close()
    probes[0].assert_prompt()


def test_answers_that_are_taken_in_byte_by_byte(server: Server) -> None:
    """As many as there are threads, and some more: each is given up for the next one, and for those who ask."""
    with contextlib.ExitStack() as open_:
        readers = [open_.enter_context(connect(server.base, large(), window=4096)) for _ in range(MANY)]
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(0.5):
                for reader in readers:
                    with contextlib.suppress(OSError):
                        reader.recv(1)

        thread = threading.Thread(target=trickle)
        thread.start()
        started = time.monotonic()
        try:
            while time.monotonic() - started < 4 * PATIENCE:
                assert server.is_well()
                time.sleep(0.1)  # ten times a second
        finally:
            stop.set()
            thread.join()


def test_a_reader_that_is_slow_but_steady_gets_all(server: Server) -> None:
    request = large().replace(b"\r\n\r\n", b"\r\n" + CLOSE + b"\r\n", 1)
    with connect(server.base, request, window=262_144) as reader:
        taken = 0
        last = b""
        while part := reader.recv(131_072):
            taken += len(part)
            last = (last + part)[-5:]
            time.sleep(0.02)  # slow, but steady
    assert last == b"0\r\n\r\n"
    assert taken > 5_000_000
