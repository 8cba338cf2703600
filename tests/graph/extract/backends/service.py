"""A real HTTP server that speaks the chat completions of OpenAI's API, and misbehaves as told."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graph.article import Article
from graph.extract.backends import load_backend
from graph.extract.backends.meter import Meter
from graph.extract.model import Extraction
from graph.settings import Settings

KEY = "sk-zubrowka-0123456789"


class Handler(BaseHTTPRequestHandler):
    server: "Service"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        payload = json.loads(self.rfile.read(length))
        self.server.log.append((self.path, dict(self.headers.items()), payload))
        self.server.next()(self, payload)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Type", "application/json")
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""


Route = Callable[[Handler, dict[str, Any]], None]


@dataclass
class Service(ThreadingHTTPServer):
    """The server: answers with its routes one after the other, with the last one for ever."""

    routes: list[Route]
    log: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    daemon_threads = True

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)

    def __hash__(self) -> int:
        return id(self)

    def next(self) -> Route:
        with self._lock:
            return self.routes.pop(0) if len(self.routes) > 1 else self.routes[0]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: clients hang up on purpose."""


@contextmanager
def serving(*routes: Route) -> Iterator[Service]:
    service = Service(list(routes))
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.stopped.set()
        service.shutdown()
        service.server_close()
        thread.join()


def completion(
    content: object, *, finish: str = "stop", tokens: tuple[int, int] | None = (900, 100), **message: Any
) -> bytes:
    answer: dict[str, Any] = {
        "object": "chat.completion",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **message}}
        ],
    }
    if tokens is not None:
        answer["usage"] = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    return json.dumps(answer).encode()


def answers(content: object, **options: Any) -> Route:
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    return lambda handler, _: handler.reply(200, completion(text, **options))


def raw(body: bytes, status: int = 200, **headers: str) -> Route:
    return lambda handler, _: handler.reply(status, body, **headers)


def error(status: int, message: str = "", **headers: str) -> Route:
    return raw(json.dumps({"error": {"message": message}}).encode(), status, **headers)


def hang(handler: Handler, payload: dict[str, Any]) -> None:
    handler.server.stopped.wait(20)
    handler.close_connection = True


def drip(handler: Handler, payload: dict[str, Any]) -> None:
    """Send one byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    try:
        while not handler.server.stopped.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()
    except OSError:
        pass
    handler.close_connection = True


def endless(handler: Handler, payload: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.stopped.is_set():
            handler.wfile.write(b'{"choices": ' * 50_000)
    except OSError:
        pass
    handler.close_connection = True


def hang_up(handler: Handler, payload: dict[str, Any]) -> None:
    handler.close_connection = True


def quote(text: str, occurrence: int = 0) -> dict[str, Any]:
    return {"text": text, "occurrence": occurrence}


def answer(**lists: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {"people": [], "organizations": [], "places": [], "events": [], "claims": [], **lists}


def person(name: str, *forms: str, roles: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"name": name, "mentions": [quote(f) for f in forms or (name,)], "roles": [quote(r, 1) for r in roles]}


def place(name: str, kind: str = "city", *forms: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "mentions": [quote(f) for f in forms or (name,)]}


def event(kind: str, label: str, *mentions: str, **values: Any) -> dict[str, Any]:
    return {
        "same_as": 0, "type": kind, "label": quote(label, 1), "mentions": [quote(m, 1) for m in mentions],
        "participants": [], "places": [], "time": [], "status": "occurred", **values,
    }  # fmt: skip


def claim(content: str, cue: str, **values: Any) -> dict[str, Any]:
    return {
        "content": [quote(content, 1)], "cue": [quote(cue, 1)], "speaker_words": [], "speakers": [],
        "manner": "direct", **values,
    }  # fmt: skip


#: About ``tests.graph.cli.conftest.ARTICLE``.
GOOD = answer(
    people=[
        person("Ana Petrova", "Ana Petrova", "Petrova", roles=("President",)),
        person("Tom Harding", "Tom Harding", "Harding", roles=("Prime Minister",)),
    ],
    places=[place("Zubrowka", "country"), place("Geneva"), place("Vienna")],
    events=[
        event("Summit", "trade\nagreement at the summit", "met", "summit", "meeting",
              participants=["Ana Petrova", "Tom Harding"], places=["Geneva"], time=[quote("on May 2, 2025", 1)]),
        event("Agreement", "trade agreement", "trade agreement", participants=["Ana Petrova", "Tom Harding"],
              places=["Geneva"]),
    ],
    claims=[
        claim("the meeting had opened a new chapter", "said", speakers=["Ana Petrova"],
              speaker_words=[quote("Petrova", 2)], manner="indirect"),
        claim('"We will meet again in Vienna next month,"', "told", speakers=["Tom Harding"],
              speaker_words=[quote("Harding", 2)]),
    ],
)  # fmt: skip


TEXT = (
    "President Ana Petrova of Zubrowka met Prime Minister Tom Harding in Geneva on May 2, 2025. The two leaders "
    "signed a trade agreement at the summit.\n\nPetrova said the meeting had opened a new chapter. “We will meet again "
    "in Vienna next month,” Harding told reporters."
)
ARTICLE = Article.create(TEXT, title="Talks in Geneva", published=date(2025, 5, 3), source="talks.txt")


def given_settings(service: Service, **values: Any) -> Settings:
    wanted = {"llm_url": service.url, "llm_model": "zubrowka-7b", "llm_key": KEY, "llm_timeout": 5.0, **values}
    return Settings(extractor="llm", **wanted)


def extract(service: Service, article: Article = ARTICLE, meter: Meter | None = None, **values: Any) -> Extraction:
    return load_backend(given_settings(service, **values), meter).extract(article)
