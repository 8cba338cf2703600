"""What fetching refuses and heeds: addresses that are not public, robots.txt, and pages that have not changed."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from graph.errors import FetchError, LaterError
from graph.settings import Settings
from graph.sources import Collection, Form, Item, read, read_collection, read_item
from graph.sources.addresses import is_public
from graph.sources.ahead import read_ahead
from graph.sources.exchange import Exchange
from graph.sources.pages import Fetcher
from tests.graph.sources import server as web
from tests.graph.sources.server import ARTICLE, Server, serving

FETCHER = Fetcher(timeout=8, wait=1, pause=0, backoff=0.01, private=True)
GUARDED = Fetcher(timeout=8, wait=1, pause=0, backoff=0.01)
LOCAL = Settings(fetch_private=1, fetch_pause=0)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/a": web.page(), "/secret": web.page()}) as running:
        yield running


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Have names mean other addresses at each look-up, as a hostile name server does; return what is looked up."""
    real, asked = socket.getaddrinfo, []

    def look_up(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if not str(host).endswith(".example"):
            return real(host, port, *args, **options)
        asked.append(str(host))
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
     "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"]
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0"]
)
def test_private_addresses_are_refused_however_they_are_written(server: Server, host: str) -> None:
    with pytest.raises(FetchError, match=r"is not public; set PARLEY_FETCH_PRIVATE=1|there is no host"):
        GUARDED.fetch(f"http://{host}:{server.server_port}/secret")
    assert server.log == []


def test_a_name_that_means_a_private_address_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, ["127.0.0.1"])
    with pytest.raises(FetchError, match=r"evil\.example: its address 127\.0\.0\.1 is not public"):
        GUARDED.fetch(f"http://evil.example:{server.server_port}/secret")
    resolve_to(monkeypatch, ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(FetchError, match="is not public"):
        GUARDED.fetch(f"http://evil.example:{server.server_port}/secret")
    assert server.log == []


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: the first look-up gives a public address, each later one that of this machine."""
    asked = resolve_to(monkeypatch, ["203.0.113.1"], ["127.0.0.1"])
    connected: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("graph.sources.addresses.is_public", lambda address: address != "127.0.0.1")
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(LaterError, match="refuses the connection"):
        GUARDED.fetch(f"http://evil.example:{server.server_port}/secret")
    assert asked == ["evil.example"]
    assert {address[0] for address in connected} == {"203.0.113.1"}


def test_the_name_is_told_to_the_server_that_is_connected_to_by_address(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.sources.addresses.is_public", lambda address: True)
    resolve_to(monkeypatch, ["127.0.0.1"])
    assert GUARDED.fetch(f"http://news.example:{server.server_port}/a").raw == ARTICLE.encode()
    assert server.log[0][1]["Host"] == f"news.example:{server.server_port}"


def test_where_a_redirect_leads_is_checked_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.routes["/r"] = web.redirect(f"http://inner.example:{server.server_port}/secret")
    monkeypatch.setattr("graph.sources.addresses.is_public", lambda address: address == "127.0.0.1")
    resolve_to(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    with pytest.raises(FetchError, match=r"inner\.example: its address 10\.0\.0\.1 is not public"):
        GUARDED.fetch(f"http://outer.example:{server.server_port}/r")
    assert server.asked("/secret") == 0


def test_a_private_address_is_not_asked_for_through_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(FetchError, match="is not public"):
        GUARDED.fetch("http://169.254.169.254/latest/")
    assert server.log == []


def test_robots_are_heeded_for_each_host_once(server: Server) -> None:
    rules = b"User-agent: *\nDisallow: /secret\n\nUser-agent: Courier\nDisallow: /\n"
    server.routes["/robots.txt"] = web.page(rules, "text/plain")
    polite = Fetcher(private=True, pause=0, robots=True)
    for _ in range(2):
        assert polite.fetch(f"{server.url}/a").raw
        with pytest.raises(FetchError, match=r"robots\.txt of 127\.0\.0\.1 does not let programs read it"):
            polite.fetch(f"{server.url}/secret")
    assert server.asked("/robots.txt") == 1
    assert server.asked("/secret") == 0
    with pytest.raises(FetchError, match=r"robots\.txt"):
        Fetcher(private=True, pause=0, robots=True, user_agent="Courier/2").fetch(f"{server.url}/a")


def test_a_redirect_into_what_robots_forbid_is_not_followed(server: Server) -> None:
    server.routes["/robots.txt"] = web.page(b"User-agent: *\nDisallow: /secret", "text/plain")
    server.routes["/r"] = web.redirect("/secret")
    with pytest.raises(FetchError, match=r"robots\.txt"):
        Fetcher(private=True, pause=0, robots=True).fetch(f"{server.url}/r")
    assert server.asked("/secret") == 0


def test_without_robots_there_are_no_rules_and_with_broken_ones_there_is_no_page(server: Server) -> None:
    assert Fetcher(private=True, pause=0, robots=True).fetch(f"{server.url}/a").raw
    server.routes["/robots.txt"] = web.status(500)
    with pytest.raises(LaterError, match=r"robots\.txt: the server failed"):
        Fetcher(private=True, pause=0, robots=True, backoff=0.01).fetch(f"{server.url}/a")


def test_the_delay_that_robots_ask_for_is_kept(server: Server) -> None:
    server.routes["/robots.txt"] = web.page(b"User-agent: *\nCrawl-delay: 0.4", "text/plain")
    polite = Fetcher(private=True, pause=0, robots=True)
    start = time.monotonic()
    for _ in range(3):
        polite.fetch(f"{server.url}/a")
    assert web.elapsed(start) >= 0.8


def test_a_page_that_has_not_changed_is_not_sent_again(server: Server) -> None:
    def route(handler: web.Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"' or handler.headers.get("If-Modified-Since")
        handler.reply(304 if same else 200, b"" if same else ARTICLE.encode(), ETag='"1"')

    server.routes["/c"] = route
    page = FETCHER.fetch(f"{server.url}/c")
    assert FETCHER.fetch_changed(f"{server.url}/c", page.headers) is None
    assert FETCHER.fetch_changed(f"{server.url}/c", {"last-modified": "Mon, 06 May 2024 10:00:00 GMT"}) is None
    assert FETCHER.fetch_changed(f"{server.url}/c", {"etag": '"0"'}) is not None


def test_an_exchange_is_kept_as_it_was_sent(server: Server) -> None:
    server.routes["/g"] = web.gzipped()
    kept: list[Exchange] = []
    page = FETCHER.fetch(f"{server.url}/g", keep=kept.append)
    (exchange,) = kept
    assert (exchange.url, exchange.status) == (f"{server.url}/g", 200)
    assert exchange.body != page.raw
    assert ("Content-Encoding", "gzip") in exchange.headers
    assert any(name == "User-Agent" for name, _ in exchange.request)
    with pytest.raises(FetchError):
        FETCHER.fetch(f"{server.url}/none", keep=kept.append)
    assert len(kept) == 1


def test_a_busy_host_says_when_to_come_back(server: Server) -> None:
    server.routes["/b"] = web.busy(99, 503, Retry_After="3600")
    with pytest.raises(LaterError) as caught:
        FETCHER.fetch(f"{server.url}/b")
    assert caught.value.wait == 3600


def test_an_address_may_turn_out_to_be_a_feed(server: Server) -> None:
    feed = b"<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>"
    server.routes["/f"] = web.page(feed, "application/octet-stream", ETag='"1"')
    found = read_item(Item(f"{server.url}/f"), settings=LOCAL)
    assert isinstance(found, Collection)
    assert [item.source for item in found.items] == [f"{server.url}/a"]
    again = read_collection(f"{server.url}/f", {}, LOCAL)
    assert again is not None
    assert again.form is Form.FEED
    with pytest.raises(FetchError, match="is application/octet-stream, not a web page"):
        read(f"{server.url}/f", settings=LOCAL)


def test_pages_are_read_ahead_in_order_and_once(server: Server) -> None:
    server.routes |= {f"/{n}": web.page() for n in range(5)}
    urls = [f"{server.url}/{n}" for n in (0, 1, 2, 1, 3, 4)]
    with serving({"/x": web.page()}) as other:
        urls.insert(2, f"{other.url}/x?utm_source=mail")
        urls.append(f"{other.url}/x")
        found = list(
            read_ahead(map(Item, urls), lambda item: FETCHER.fetch(item.source.partition("?")[0]).url, 2, set())
        )
    assert [item.source for item, _ in found] == [urls[0], urls[1], urls[2], urls[3], urls[5], urls[6]]
    assert len(server.log) == 5
