"""Clients that ask one server the same questions, one after another or several at once, and take the time."""

import http.client
import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.endpoint.peers import Server
from tests.benchmarks.endpoint.timeline_graph import PEOPLE, PLACES, event_iri, person_iri, place_iri

__all__ = ["TIMEOUT", "Asked", "ask", "load_queries", "questions"]

#: Seconds after which an answer is given up; it then counts as having taken that long.
TIMEOUT = 10.0
_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
_FOLDER = Path(__file__).parent / "queries"


@dataclass
class Asked:
    """What came back: seconds of each query by name, rows by the text of the query, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, int | None] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, other: "Asked") -> None:
        """Take in what came back later."""
        for name, seconds in other.seconds.items():
            self.seconds[name] += seconds
        self.rows |= other.rows
        self.failed += other.failed


def load_queries() -> dict[str, str]:
    """Return the queries of the benchmark by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.rq"))}


def questions(queries: Mapping[str, str], events: int, rounds: int, seed: int = 2) -> list[tuple[str, str]]:
    """Return name and text of each question: each query with other people, places and events in every round."""
    chance = random.Random(seed)
    asked = []
    for _ in range(rounds):
        first, second = sorted(chance.sample(range(PEOPLE // 10), 2))
        place, event = place_iri(chance.randrange(PLACES)), event_iri(chance.randrange(events))
        values = {"person": person_iri(first), "other": person_iri(second), "place": place, "event": event}
        batch = []
        for name, query in queries.items():
            text = query
            for key, iri in values.items():
                text = text.replace(f"urn:x-benchmark:{key}", iri)
            batch.append((name, text))
        chance.shuffle(batch)
        asked += batch
    return asked


def ask(server: Server, asked: Sequence[tuple[str, str]], clients: int, *, mark: str = "") -> Asked:
    """Put each question once, shared out among clients that ask at the same time.

    :param mark: ends each query as a comment, so that no cache knows it; empty to leave the text as it is.
    """
    result, lock, left = Asked(), threading.Lock(), iter(enumerate(asked))

    def work() -> None:
        parts = urlsplit(server.endpoint)
        connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
        while True:
            with lock:
                number, (name, text) = next(left, (-1, ("", "")))
            if number < 0:
                return
            body = f"{text}\n# {mark} {number}\n" if mark else text
            seconds, rows, problem = _put(connection, parts.path, body)
            with lock:
                result.seconds[name].append(seconds)
                result.rows[text] = rows
                if problem:
                    result.failed.append(f"{name}: {problem}")

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return result


def _put(connection: http.client.HTTPConnection, path: str, query: str) -> tuple[float, int | None, str]:
    """Ask one question; return its seconds, its rows (None for a graph), and what went wrong."""
    # As a form: Virtuoso 7 waits for ever for the rest of a query that is posted directly.
    body = urlencode({"query": query})
    headers = {"Accept": _ACCEPT, "Content-Type": "application/x-www-form-urlencoded"}
    for attempt in (1, 2):
        started = time.perf_counter()
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            answer = response.read()
        except TimeoutError:
            connection.close()
            return TIMEOUT, None, "gave no answer in time"
        except (http.client.HTTPException, OSError) as error:
            connection.close()
            # A server may close an idle connection at any time (RFC 9112, section 9.3.1).
            if attempt == 2:
                return TIMEOUT, None, repr(error)
            continue
        break
    seconds = time.perf_counter() - started
    if response.status != 200:
        return TIMEOUT, None, f"{response.status} {answer[:200]!r}"
    if "json" not in response.headers.get("Content-Type", ""):
        return seconds, None, ""
    return seconds, len(json.loads(answer)["results"]["bindings"]), ""
