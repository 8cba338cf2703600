"""Real HTTP servers on loopback that misbehave as told: what the stand-ins of services have in common."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["LoopbackHandler", "LoopbackServer", "drip", "endless", "hang", "hang_up", "running", "with_pauses"]


class LoopbackHandler(BaseHTTPRequestHandler):
    """Replies with what it is given, and says nothing of its own."""

    server: "LoopbackServer"
    protocol_version = "HTTP/1.1"
    #: Of a reply that names none.
    usual_type = "application/json"

    def reply(self, status: int, body: bytes = b"", content_type: str | None = "", **headers: str) -> None:
        """Send a reply.

        :param content_type: None to send none.
        :param headers: names with _ for -.
        """
        self.send_response(status)
        if content_type == "":
            content_type = self.usual_type
        named = {"Content_Type": content_type, "Content_Length": str(len(body)), **headers}
        for name, value in named.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server gives it
        """Stay silent."""


class LoopbackServer(ThreadingHTTPServer):
    """A server at a free port; ``stopped`` tells those who answer slowly that nobody waits any more."""

    daemon_threads = True

    def __init__(self, handler: type[LoopbackHandler], path: str = "") -> None:
        self.stopped = threading.Event()
        self._path = path
        super().__init__(("127.0.0.1", 0), handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{self._path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: clients hang up on purpose."""


@contextmanager
def running(server: LoopbackServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def hang(handler: LoopbackHandler, *_: object) -> None:
    """Answer nothing."""
    handler.server.stopped.wait(20)
    handler.close_connection = True


def hang_up(handler: LoopbackHandler, *_: object) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


def drip(handler: LoopbackHandler, *_: object) -> None:
    """Send headers, then one byte now and then, for ever."""
    _begin(handler)
    with_pauses(handler, b" ", 0.05)


def endless(handler: LoopbackHandler, *_: object) -> None:
    """Send without an end and without a length."""
    _begin(handler)
    with_pauses(handler, b'[{"<p>": ' * 5000, 0.0)


def with_pauses(handler: LoopbackHandler, part: bytes, pause: float) -> None:
    """Send the same bytes again and again until the client or the test has enough."""
    try:
        while not handler.server.stopped.wait(pause):
            handler.wfile.write(part)
            handler.wfile.flush()
    except OSError:
        pass
    handler.close_connection = True


def _begin(handler: LoopbackHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
