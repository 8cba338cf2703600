"""Fetching from real servers: what comes back, and what is said when nothing does."""

import gzip
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from graph.errors import FetchError, InputError
from graph.sources.pages import Fetcher
from tests import loopback
from tests.graph.sources import server as web
from tests.graph.sources.server import Route, Server, serving

FETCHER = Fetcher(private=True, timeout=8, wait=1, pause=0, backoff=0.01)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/a": web.page()}) as running:
        yield running


def test_a_page_is_fetched_with_all_that_is_worth_keeping(server: Server) -> None:
    server.routes["/a"] = web.page(Set_Cookie="id=1", ETag='"x"')
    page = FETCHER.fetch(f"{server.url}/a")
    assert page.raw == web.ARTICLE.encode()
    assert (page.url, page.media_type, page.charset) == (f"{server.url}/a", "text/html", "utf-8")
    assert page.headers["etag"] == '"x"'
    assert "set-cookie" not in page.headers
    assert page.fetched_at.utcoffset() is not None


def test_parley_says_who_it_is(server: Server) -> None:
    FETCHER.fetch(f"{server.url}/a")
    Fetcher(private=True, user_agent="Courier/2", pause=0).fetch(f"{server.url}/a")
    agents = [headers["User-Agent"] for _, headers in server.log]
    assert agents[0].startswith("Parley/")
    assert agents[1] == "Courier/2"


def test_redirects_are_followed_to_the_last_address(server: Server) -> None:
    server.routes |= {"/1": web.redirect("/2", 301), "/2": web.redirect("a#top", 307)}
    assert FETCHER.fetch(f"{server.url}/1").url == f"{server.url}/a"


@pytest.mark.parametrize("route", [web.gzipped(), web.deflated(), web.deflated(raw=True)])
def test_compressed_pages_are_unpacked(server: Server, route: Route) -> None:
    server.routes["/c"] = route
    assert FETCHER.fetch(f"{server.url}/c").raw == web.ARTICLE.encode()


@pytest.mark.parametrize(("body", "media_type"), [(b"<p>Hi", "text/html"), (b"They met.", "text/plain")])
def test_a_page_without_a_type_is_looked_at(server: Server, body: bytes, media_type: str) -> None:
    server.routes["/n"] = web.page(body, None)
    assert FETCHER.fetch(f"{server.url}/n").media_type == media_type


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(server: Server, code: int) -> None:
    server.routes["/b"] = web.busy(2, code)
    assert FETCHER.fetch(f"{server.url}/b").raw
    assert server.asked("/b") == 3


def test_retry_after_is_waited_for(server: Server) -> None:
    server.routes["/b"] = web.busy(1, 429, Retry_After="1")
    start = time.monotonic()
    assert FETCHER.fetch(f"{server.url}/b").raw
    assert web.elapsed(start) >= 1


@pytest.mark.parametrize("when", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_a_wait_that_is_too_long_is_told_at_once(server: Server, when: str) -> None:
    server.routes["/b"] = web.busy(1, 503, Retry_After=when)
    start = time.monotonic()
    with pytest.raises(FetchError, match=r"busy \(HTTP 503\); try again in \d+ seconds"):
        FETCHER.fetch(f"{server.url}/b")
    assert web.elapsed(start) < 2


@pytest.mark.parametrize("when", ["soon", "-5", "Fri, 31 Feb 2100 99:99:99 GMT"])
def test_a_retry_after_that_says_nothing_is_ignored(server: Server, when: str) -> None:
    server.routes["/b"] = web.busy(1, 503, Retry_After=when)
    assert FETCHER.fetch(f"{server.url}/b").raw


def test_one_host_is_not_hurried(server: Server) -> None:
    patient = Fetcher(private=True, pause=0.3)
    start = time.monotonic()
    for _ in range(3):
        patient.fetch(f"{server.url}/a")
    assert web.elapsed(start) >= 0.6


FAILURES: dict[str, tuple[Route, str]] = {
    "missing": (web.status(404), "there is no such page"),
    "gone": (web.status(410), "gone"),
    "forbidden": (web.status(403), "refuses to give it"),
    "password": (web.status(401), "asks for a password"),
    "teapot": (web.status(418), r"did not give the page \(HTTP 418\)"),
    "failed": (web.status(500), "the server failed"),
    "not modified": (web.status(304), "HTTP 304"),
    "busy for ever": (web.busy(99), r"busy \(HTTP 503\)"),
    "pdf": (web.page(b"%PDF-1.7", "application/pdf"), "is application/pdf, not a web page"),
    "picture": (web.page(b"\x89PNG", "image/png"), "is image/png"),
    "empty": (web.page(b"  \n"), "the page is empty"),
    "no content": (web.status(204), "HTTP 204"),
    "circle": (web.redirect("/route"), "redirects in a circle"),
    "nowhere": (web.status(302), "without saying where"),
    "file": (web.redirect("file:///etc/hostname"), "redirects to 'file:///etc/hostname', which is no web page"),
    "script": (web.redirect("javascript:alert(1)"), "which is no web page"),
    "secret": (web.redirect("http://user:secret@127.0.0.1/"), "which is no web page"),
    "half": (web.break_off, "broke off"),
    "hang": (loopback.hang, "does not answer within 1 seconds"),
    "unasked": (web.page(b"xx", Content_Encoding="br"), "sent as 'br'"),
    "broken gzip": (web.page(b"no gzip", Content_Encoding="gzip"), "its compression is broken"),
    "half gzip": (web.page(gzip.compress(web.ARTICLE.encode())[:200], Content_Encoding="gzip"), "breaks off"),
    "declared too large": (web.page(b"", Content_Length="999999999"), "larger than 20000000 bytes"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failures_are_told_in_one_line(server: Server, name: str) -> None:
    route, words = FAILURES[name]
    server.routes["/route"] = route
    with pytest.raises(FetchError, match=words) as caught:
        FETCHER.fetch(f"{server.url}/route")
    assert "\n" not in str(caught.value)
    assert server.url in str(caught.value)


def test_a_long_way_of_redirects_ends(server: Server) -> None:
    server.routes |= {f"/{n}": web.redirect(f"/{n + 1}") for n in range(30)}
    with pytest.raises(FetchError, match="more than 10 redirects"):
        FETCHER.fetch(f"{server.url}/0")
    assert len(server.log) == 11


@pytest.mark.parametrize("route", [loopback.drip, web.drip_headers, loopback.hang])
def test_the_deadline_holds_against_a_server_that_holds_us(server: Server, route: Route) -> None:
    server.routes["/slow"] = route
    threads = threading.active_count()
    start = time.monotonic()
    with pytest.raises(FetchError, match=r"took longer than 0\.6 seconds"):
        Fetcher(private=True, timeout=0.6, wait=5, pause=0).fetch(f"{server.url}/slow")
    assert web.elapsed(start) < 3
    assert threading.active_count() <= threads + 1  # the server's own


def test_an_endless_page_is_cut_at_the_limit(server: Server) -> None:
    server.routes["/endless"] = loopback.endless
    with pytest.raises(FetchError, match="larger than 1000000 bytes"):
        Fetcher(private=True, limit=1_000_000, pause=0).fetch(f"{server.url}/endless")


def test_a_bomb_is_cut_at_the_limit(server: Server) -> None:
    server.routes["/bomb"] = web.gzipped(b"a" * 200_000_000)
    with pytest.raises(FetchError, match="larger than 20000000 bytes"):
        FETCHER.fetch(f"{server.url}/bomb")


@pytest.mark.parametrize(
    "url", ["ftp://x.example/a", "http://", "http:///a", "http://a b/", "http://x:port/", "//x/a", "http://[::1/a", "x"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="no web address"):
        FETCHER.fetch(url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError, match="user name or password") as caught:
        FETCHER.fetch("http://ana:hunter2@x.example/")
    assert "hunter2" not in str(caught.value)


def test_netrc_is_not_sent(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ana password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    FETCHER.fetch(f"{server.url}/a")
    assert "Authorization" not in server.log[0][1]


def test_no_host() -> None:
    with pytest.raises(FetchError, match=r"there is no host nowhere\.invalid"):
        FETCHER.fetch("http://nowhere.invalid/a")


def test_nobody_listens() -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 refuses the connection"):
        FETCHER.fetch(f"http://127.0.0.1:{web.closed_port()}/")


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 100])
def test_a_server_of_another_kind(answer: bytes) -> None:
    with web.raw_server(answer) as port, pytest.raises(FetchError, match=r"broke off|could not be fetched"):
        FETCHER.fetch(f"http://127.0.0.1:{port}/")


def test_a_server_without_tls() -> None:
    with web.raw_server(b"HTTP/1.1 200 OK\r\n\r\n") as port, pytest.raises(FetchError, match="no secure connection"):
        FETCHER.fetch(f"https://127.0.0.1:{port}/")


def test_a_proxy_that_is_not_there(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{web.closed_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(FetchError, match="proxy"):
        FETCHER.fetch("http://parley.example/")


def test_a_proxy_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.routes |= {"http://parley.example/a": web.page(), "http://parley.example/slow": loopback.drip}
    assert FETCHER.fetch("http://parley.example/a").raw == web.ARTICLE.encode()
    with pytest.raises(FetchError, match="took longer"):
        Fetcher(timeout=0.4, pause=0).fetch("http://parley.example/slow")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_certificate_that_nobody_signed(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key", "-out", tmp_path / "cert"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")

    class Quiet(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Stay silent."""

    secure = Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    thread = threading.Thread(target=secure.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with pytest.raises(FetchError, match=r"certificate of localhost is not valid \(.*self.signed"):
            FETCHER.fetch(f"https://localhost:{secure.server_port}/")
    finally:
        secure.shutdown()
        secure.server_close()
        thread.join()
