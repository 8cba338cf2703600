"""A real HTTP server that speaks the chat completions of OpenAI's API, and misbehaves as told."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from graph.article import Article
from graph.extract.backends import load_backend
from graph.extract.backends.meter import Meter
from graph.extract.model import Extraction
from graph.settings import Settings
from tests.loopback import LoopbackHandler, LoopbackServer, running

KEY = "sk-zubrowka-0123456789"


class Handler(LoopbackHandler):
    server: "Service"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        payload = json.loads(self.rfile.read(length))
        self.server.log.append((self.path, dict(self.headers.items()), payload))
        self.server.next()(self, payload)


Route = Callable[[Handler, dict[str, Any]], None]


class Service(LoopbackServer):
    """The server: answers with its routes one after the other, with the last one for ever."""

    def __init__(self, routes: list[Route]) -> None:
        self.routes = routes
        self.log: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self._lock = threading.Lock()
        super().__init__(Handler, "/v1")

    def next(self) -> Route:
        with self._lock:
            return self.routes.pop(0) if len(self.routes) > 1 else self.routes[0]


@contextmanager
def serving(*routes: Route) -> Iterator[Service]:
    service = Service(list(routes))
    with running(service):
        yield service


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
