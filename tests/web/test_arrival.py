"""A request on its way in: when all of it is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.serving.arrival import HEAD, LINE, Arrival

GET = b"GET / HTTP/1.1\r\nHost: zubrowka.example\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nContent-Length: 6\r\nAccept: text/csv\r\n\r\nASK {}"
CHUNKED = (
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;name=value\r\nASK\r\n003\r\n {}\r\n0\r\nDigest: x\r\n\r\n"
)
EXPECTING = b"POST / HTTP/1.1\r\nexpect: 100-continue\r\nContent-Length: 6\r\n\r\n"


def fed(data: bytes, size: int = 1, body: int = 100) -> Arrival:
    arrival = Arrival(body)
    for start in range(0, len(data), size):
        arrival.feed(data[start : start + size])
    return arrival


@pytest.mark.parametrize("request_", [GET, POST, CHUNKED, b"\r\n\r\n" + GET], ids=["get", "post", "chunked", "lines"])
@given(size=st.integers(1, 200))
def test_it_is_whole_with_its_last_byte_and_not_before(request_: bytes, size: int) -> None:
    assert fed(request_, size).is_whole
    before = fed(request_[:-1], size)
    assert not before.is_whole
    assert before.refusal is None


def test_what_came_is_kept() -> None:
    assert fed(POST).received == POST
    assert fed(b"\r\n" + POST).received == POST
    assert fed(POST + GET, 1000).received == POST + GET
    assert fed(POST).accept == "text/csv"
    assert fed(GET).accept == ""


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n" + b"x" * 50 + b"\r\n32\r\n",
    ],
)
def test_a_body_that_is_too_large_is_refused(head: bytes) -> None:
    assert fed(head).refusal == 413


@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
    ],
)
def test_what_the_parser_refuses_is_not_awaited(request_: bytes) -> None:
    assert fed(request_, 100).is_whole


@pytest.mark.parametrize("body", [b"nonsense\r\n", b"0" * 5000, b"0\r\n" + b"x" * 5000])
def test_chunks_that_are_none_are_refused(body: bytes) -> None:
    assert fed(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body, 100).refusal == 400


def test_a_head_without_end_is_refused() -> None:
    assert fed(b"GET /" + b"x" * LINE, 1000).refusal == 414
    assert fed(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * HEAD, HEAD).refusal == 431


def test_the_word_that_a_client_waits_for_is_said_once() -> None:
    arrival = fed(EXPECTING)
    assert not arrival.is_whole
    assert arrival.take_expectation()
    assert not arrival.take_expectation()
    assert b"expect" not in arrival.received
    assert not fed(EXPECTING + b"ASK {}").take_expectation()
    assert not fed(EXPECTING.replace(b"HTTP/1.1", b"HTTP/1.0")).take_expectation()
    assert not fed(POST[:-1]).take_expectation()


@given(st.binary(max_size=300), st.integers(1, 50))
def test_it_takes_whatever_comes(data: bytes, size: int) -> None:
    arrival = fed(data, size)
    assert len(arrival.received) <= len(data)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.integers(1, 30))
def test_chunks_of_any_size(parts: list[bytes], size: int) -> None:
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    request = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    assert fed(request, size, 1000).is_whole
    assert not fed(request[:-1], size, 1000).is_whole
