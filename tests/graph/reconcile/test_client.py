"""What a service is asked, and what is made of all that it may do."""

import re
import socket
import time
from typing import Any

import pytest

from graph import __version__
from graph.errors import InputError, ServiceError
from graph.reconcile.client import Client
from tests import loopback
from tests.graph.reconcile import service as s

ANA, TOM, IVO = ({"query": name, "limit": 5} for name in ("Ana Petrova", "Tom Harding", "Ivo Novak"))


def client(server: s.Register, **options: Any) -> Client:
    return Client(server.url, **{"pause": 0.0, "backoff": 0.01, "timeout": 5.0, **options})


def test_questions_go_in_one_form_and_come_back_in_their_order() -> None:
    with s.serving() as server:
        tom, ana, ivo = client(server).ask([TOM, ANA, IVO])
    assert ana == s.REGISTER["Ana Petrova"]
    assert tom == s.REGISTER["Tom Harding"]
    assert ivo == []
    ((method, path, headers, questions),) = server.log
    assert (method, path) == ("POST", "/reconcile")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["User-Agent"].startswith(f"Parley/{__version__}")
    assert list(questions.values()) == [TOM, ANA, IVO]


def test_the_manifest_is_what_the_address_itself_says() -> None:
    with s.serving() as server:
        assert client(server, user_agent="Courier/1").manifest() == s.MANIFEST
    ((method, _, headers, _),) = server.log
    assert method == "GET"
    assert headers["User-Agent"] == "Courier/1"


def test_no_question_makes_no_request() -> None:
    with s.serving() as server:
        assert client(server).ask([]) == []
        assert server.log == []


@pytest.mark.parametrize("failure", [s.fails(500), s.fails(503), s.fails(429, Retry_After="0"), loopback.hang_up])
def test_a_passing_trouble_is_waited_out(failure: s.Route) -> None:
    with s.serving(failure, failure) as server:
        assert client(server).ask([ANA]) == [s.REGISTER["Ana Petrova"]]
        assert len(server.log) == 3


def test_the_time_that_a_busy_service_names_is_waited() -> None:
    with s.serving(s.fails(429, Retry_After="1")) as server:
        client(server).ask([ANA])
    assert server.times[1] - server.times[0] >= 1.0


def test_a_service_that_wants_to_be_left_alone_for_long_is() -> None:
    with s.serving(s.fails(429, Retry_After="3600")) as server:
        with pytest.raises(ServiceError, match=r"it is busy \(HTTP 429\); try again in 3600 seconds"):
            client(server).ask([ANA])
        assert len(server.log) == 1


def test_requests_keep_their_distance() -> None:
    with s.serving() as server:
        polite = client(server, pause=0.4)
        for _ in range(3):
            polite.ask([ANA])
    assert all(b - a >= 0.4 for a, b in zip(server.times, server.times[1:], strict=False))


def test_a_service_that_takes_fewer_questions_gets_fewer() -> None:
    with s.serving(*[s.at_most(2)] * 8) as server:
        answers = client(server).ask([ANA, TOM, IVO, ANA, TOM])
    assert [len(a) for a in answers if isinstance(a, list)] == [2, 2, 0, 2, 2]
    with s.serving(s.at_most(0)) as server, pytest.raises(ServiceError, match="not take even one question"):
        client(server).ask([ANA])


FAILURES: dict[str, tuple[list[s.Route], str, int]] = {
    "server error": ([s.fails(500)] * 4, r"it failed \(HTTP 500\); try again later", 4),
    "unavailable": ([s.fails(503)] * 4, r"it is busy \(HTTP 503\); try again later", 4),
    "not there": ([s.fails(404)], r"there is nothing \(HTTP 404\); check PARLEY_RECONCILIATION_SERVICE", 1),
    "moved": ([s.fails(301, Location="https://new.example/api")], r"it has moved to https://new.example/api", 1),
    "broken JSON": ([s.raw(b'{"q0": {"result": [')], "its answer is no JSON;", 1),
    "deep JSON": ([s.raw(b"[" * 100_000)], "its answer is no JSON;", 1),
    "a page": ([s.raw(b"<html></html>")], "its answer is no JSON;", 1),
    "a list": ([s.says([])], "its answer is no JSON object;", 1),
    "an error": ([s.says({"status": "error", "message": "no\nluck"})], "its answer is an error: no luck;", 1),
    "other questions": ([s.says({"q7": {"result": []}})], "its answer has no result for a question;", 1),
    "no result": ([s.says({"q0": {"candidates": []}})], "its answer has no result for a question;", 1),
    "endless": ([loopback.endless], r"its answer is larger than 1,000,000 bytes;", 1),
}


@pytest.mark.parametrize("name", FAILURES)
def test_what_goes_wrong_is_said_in_one_line(name: str) -> None:
    routes, words, requests = FAILURES[name]
    with s.serving(*routes) as server:
        with pytest.raises(ServiceError, match=words) as caught:
            client(server, limit=1_000_000).ask([ANA])
        assert len(server.log) == requests
    assert str(caught.value).startswith(server.url)
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("slow", [loopback.hang, loopback.drip])
def test_a_slow_service_is_not_waited_for(slow: s.Route) -> None:
    with s.serving(slow, slow) as server:
        start = time.monotonic()
        with pytest.raises(ServiceError, match=r"does not answer within 0.3 seconds; .*PARLEY_RECONCILIATION_TIMEOUT"):
            client(server, timeout=0.3, attempts=2).ask([ANA])
        assert time.monotonic() - start < 5
        assert len(server.log) == 2


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(ServiceError, match="refuses the connection; check PARLEY_RECONCILIATION_SERVICE"):
        Client(url, pause=0.0).ask([ANA])


def test_a_public_name_reaches_no_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with s.serving() as server:
        real = socket.getaddrinfo

        def resolve(host: str, *rest: Any, **options: Any) -> Any:
            return real("127.0.0.1" if host == "register.example" else host, *rest, **options)

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        url = server.url.replace("127.0.0.1", "register.example")
        with pytest.raises(ServiceError, match=r"private address 127\.0\.0\.1; name the address itself"):
            Client(url, pause=0.0).ask([ANA])
        assert server.log == []
        assert Client(server.url.replace("127.0.0.1", "localhost"), pause=0.0).ask([ANA])


def test_what_may_be_a_key_is_not_shown() -> None:
    with s.serving(s.fails(404)) as server, pytest.raises(ServiceError) as caught:
        Client(f"{server.url}?key=zubrowka", pause=0.0).ask([ANA])
    assert server.log[0][1] == "/reconcile?key=zubrowka"
    assert "zubrowka" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "  ", "register.example", "ftp://register.example/", "https://ana:x@register.example/"]
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(InputError, match="PARLEY_RECONCILIATION_SERVICE") as caught:
        Client(url)
    assert re.fullmatch("[^\n]+; [^\n]+", str(caught.value))
