"""A real HTTP server that speaks the Reconciliation Service API 0.2 about Zubrowka, and misbehaves as told."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from tests.loopback import LoopbackHandler, LoopbackServer, running

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


class Handler(LoopbackHandler):
    server: "Register"

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


Route = Callable[[Handler, dict[str, Any]], None]


class Register(LoopbackServer):
    """The server: first the routes that a test gives, then the register, for ever."""

    def __init__(self, routes: list[Route], manifests: list[Route]) -> None:
        self.routes, self.manifests = routes, manifests
        self.log: list[tuple[str, str, dict[str, str], dict[str, Any]]] = []
        self.times: list[float] = []
        super().__init__(Handler, "/reconcile")

    @property
    def questions(self) -> list[dict[str, Any]]:
        """All questions that were put, in their order."""
        return [question for _, _, _, batch in self.log for question in batch.values()]


@contextmanager
def serving(*routes: Route, manifests: tuple[Route, ...] = ()) -> Iterator[Register]:
    server = Register(list(routes), list(manifests))
    with running(server):
        yield server


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
