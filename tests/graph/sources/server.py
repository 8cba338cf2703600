"""A real web server that misbehaves as told, for the tests of fetching."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.loopback import LoopbackHandler, LoopbackServer, running, with_pauses

ARTICLE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Ministers meet in Lutz | Zubrowka Times</title>
<meta property="og:title" content="Ministers meet in Lutz"><meta property="og:site_name" content="Zubrowka Times">
<meta name="author" content="Ana Petrova"><meta property="article:published_time" content="2024-05-06T10:00:00Z">
<meta name="description" content="Talks on the border."><link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
</head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Ministers meet in Lutz</h1>
<p>The foreign ministers of Zubrowka and Freedonia met in the town of Lutz on Monday for talks about their border.</p>
<p>Ana Ruritan, the foreign minister of Zubrowka, said the café talks had been useful and would go on in June.</p>
<p>A commission of both countries will prepare the next round, which is to take place in the capital of Freedonia.</p>
</article><footer>All about us. Cookies.</footer></body></html>"""


class Handler(LoopbackHandler):
    """Answers with the route of the path."""

    server: "Server"
    usual_type = "text/html"

    def do_GET(self) -> None:
        self.server.log.append((self.path, dict(self.headers.items())))
        route = self.server.routes.get(self.path)
        if route is None:
            self.reply(404, b"no such page")
        else:
            route(self)


Route = Callable[[Handler], None]


class Server(LoopbackServer):
    """The server; ``log`` holds path and headers of each request."""

    def __init__(self, routes: dict[str, Route]) -> None:
        self.routes = routes
        self.log: list[tuple[str, dict[str, str]]] = []
        super().__init__(Handler)

    def asked(self, path: str) -> int:
        return sum(1 for known, _ in self.log if known == path)


def page(
    body: bytes = ARTICLE.encode(), content_type: str | None = "text/html; charset=utf-8", **headers: str
) -> Route:
    return lambda handler: handler.reply(200, body, content_type, **headers)


def redirect(target: str, status: int = 302) -> Route:
    return lambda handler: handler.reply(status, b"", Location=target)


def status(code: int, **headers: str) -> Route:
    return lambda handler: handler.reply(code, b"", **headers)


def drip_headers(handler: Handler) -> None:
    """Send the header lines one byte at a time, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    with_pauses(handler, b"a", 0.05)


def break_off(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.reply(200, b"<html>", Content_Length="5000")
    handler.close_connection = True


def gzipped(body: bytes = ARTICLE.encode()) -> Route:
    return page(gzip.compress(body), Content_Encoding="gzip")


def deflated(body: bytes = ARTICLE.encode(), *, raw: bool = False) -> Route:
    engine = zlib.compressobj(wbits=-15 if raw else 15)
    return page(engine.compress(body) + engine.flush(), Content_Encoding="deflate")


def busy(times: int, code: int = 503, **headers: str) -> Route:
    """Refuse some times, then give the article."""
    left = [times]

    def route(handler: Handler) -> None:
        if left[0] > 0:
            left[0] -= 1
            handler.reply(code, b"", **headers)
        else:
            page()(handler)

    return route


@contextmanager
def serving(routes: dict[str, Route]) -> Iterator[Server]:
    server = Server(routes)
    with running(server):
        yield server


@contextmanager
def raw_server(answer: bytes) -> Iterator[int]:
    """Answer every connection with these bytes, whatever is asked; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                try:
                    connection.recv(65_536)
                    connection.sendall(answer)
                except OSError:
                    pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(2)


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def elapsed(since: float) -> float:
    return time.monotonic() - since
