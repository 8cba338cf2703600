"""A real HTTP server that speaks the Reconciliation Service API 0.2 about Zubrowka, and misbehaves as told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

SPACE = "https://id.zubrowka.example/"
MANIFEST = {
    "versions": ["0.1", "0.2"],
    "name": "Register of Zubrowka",
    "identifierSpace": SPACE,
    "schemaSpace": "https://schema.zubrowka.example/",
    "view": {"url": "https://register.zubrowka.example/{{id}}"},
    "defaultTypes": [],
}


def candidate(name: str, label: str, score: float, match: bool = False, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": label, "score": score, "match": match, "type": [], **more}


#: Name -> what the register says of it.
REGISTER = {
    "Ana Petrova": [
        candidate("Z1", "Ana Petrova", 100, True, description="president"),
        candidate("Z9", "A. Petrov", 40),
    ],
    "Tom Harding": [candidate("Z2", "Tom Harding", 95), candidate("Z3", "Tom Harding", 95)],
}


class Handler(BaseHTTPRequestHandler):
    server: "Register"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.log.append(("GET", self.path, dict(self.headers.items()), {}))
        self.server.times.append(time.monotonic())
        (self.server.manifests.pop(0) if self.server.manifests else says(MANIFEST))(self, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        (batch,) = parse_qs(body, strict_parsing=True)["queries"]
        questions = json.loads(batch)
        self.server.log.append(("POST", self.path, dict(self.headers.items()), questions))
        self.server.times.append(time.monotonic())
        (self.server.routes.pop(0) if self.server.routes else register)(self, questions)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""


Route = Callable[[Handler, dict[str, Any]], None]


@dataclass
class Register(ThreadingHTTPServer):
    """The server: first the routes that a test gives, then the register, for ever."""

    routes: list[Route] = field(default_factory=list)
    manifests: list[Route] = field(default_factory=list)
    log: list[tuple[str, str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    daemon_threads = True

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)

    def __hash__(self) -> int:
        return id(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/reconcile"

    @property
    def questions(self) -> list[dict[str, Any]]:
        """All questions that were put, in their order."""
        return [question for _, _, _, batch in self.log for question in batch.values()]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: clients hang up on purpose."""


@contextmanager
def serving(*routes: Route, manifests: tuple[Route, ...] = ()) -> Iterator[Register]:
    server = Register(list(routes), list(manifests))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def register(handler: Handler, questions: dict[str, Any]) -> None:
    """Answer from the register."""
    found = {name: {"result": REGISTER.get(question["query"], [])} for name, question in questions.items()}
    handler.reply(200, json.dumps(found).encode())


def knows(**entries: list[dict[str, Any]]) -> Route:
    """Answer from other entries: names with _ for spaces."""
    known = {name.replace("_", " "): candidates for name, candidates in entries.items()}

    def route(handler: Handler, questions: dict[str, Any]) -> None:
        found = {name: {"result": known.get(question["query"], [])} for name, question in questions.items()}
        handler.reply(200, json.dumps(found).encode())

    return route


def raw(body: bytes, status: int = 200, **headers: str) -> Route:
    return lambda handler, _: handler.reply(status, body, **headers)


def says(value: object) -> Route:
    return raw(json.dumps(value).encode())


def fails(status: int, **headers: str) -> Route:
    return raw(b"<h1>no</h1>", status, **headers)


def at_most(number: int) -> Route:
    """Take no more questions than this at once."""

    def route(handler: Handler, questions: dict[str, Any]) -> None:
        if len(questions) > number:
            handler.reply(413, b"")
        else:
            register(handler, questions)

    return route


def hang(handler: Handler, questions: dict[str, Any]) -> None:
    handler.server.stopped.wait(20)
    handler.close_connection = True


def drip(handler: Handler, questions: dict[str, Any]) -> None:
    """Send one byte now and then, for ever."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.stopped.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()
    except OSError:
        pass
    handler.close_connection = True


def endless(handler: Handler, questions: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.stopped.is_set():
            handler.wfile.write(b'{"q0": {"result": [' * 50_000)
    except OSError:
        pass
    handler.close_connection = True


def hang_up(handler: Handler, questions: dict[str, Any]) -> None:
    handler.close_connection = True
