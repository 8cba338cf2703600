"""One server for all attacks, with limits that a test can wait for, on a dataset that makes the bombs real."""

import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO

import pytest
import requests

from tests.abuse.dataset import make
from tests.web.serving import served

#: Longest time of a query, in seconds.
DEADLINE = 1.5
#: What an answer may take beyond it: the promise of the endpoint.
GRACE = 1.0
#: Longest time that a client may take to send something or to take something in.
PATIENCE = 2.0
WORKERS = 2
MEMORY = 400_000_000
CACHE = 20_000_000
THREADS = 8
#: The most memory of all processes together, by the formula of docs/operation.md.
BUDGET = 250_000_000 + CACHE + THREADS * 25_000_000 + (WORKERS + 1) * MEMORY
#: Address of who attacks. The server trusts one proxy, so that attackers and others are told apart.
ATTACKER = "203.0.113.66"
_SHAPE = re.compile(r"\d{3} [^;]+: .+; .+\n", re.DOTALL)


@dataclass(frozen=True)
class Server:
    """A server that runs.

    :param base: its address.
    :param pid: its first process.
    :param log: lines that it wrote.
    """

    base: str
    pid: int
    log: list[str] = field(default_factory=list)

    def ask(self, query: str, accept: str = "text/csv", **options: str) -> requests.Response:
        """Send a query as the attacker does."""
        headers = {"Accept": accept, "X-Forwarded-For": ATTACKER}
        data = {"query": query, **options}
        return requests.post(f"{self.base}/sparql", data=data, headers=headers, timeout=60)

    def attack(self, *arguments: str) -> tuple[int, requests.Response | None]:
        """Do what :meth:`status` does, after everybody else: an attacker has a machine of their own in real life."""
        with ThreadPoolExecutor(1, initializer=lambda: os.setpriority(os.PRIO_PROCESS, 0, 10)) as pool:
            return pool.submit(self.status, *arguments).result()

    def status(self, query: str, accept: str) -> tuple[int, requests.Response | None]:
        """Send a query as the attacker does; return the status, 0 if the answer was cut off, and what came."""
        try:
            answer = self.ask(query, accept)
        except requests.exceptions.ChunkedEncodingError:
            return 0, None
        return answer.status_code, answer

    def is_well(self) -> bool:
        """Whether a simple query is answered."""
        return self.ask("ASK { ?s ?p ?o }", "application/sparql-results+json").json()["boolean"] is True


def assert_shape(answer: requests.Response) -> None:
    """Assert that an error has the one shape, in the form that it was asked in."""
    if answer.headers["Content-Type"].startswith("application/json"):
        told = answer.json()["error"]
        assert {"status", "title", "cause", "remedy"} <= set(told) <= {
            "status", "title", "cause", "remedy", "line", "column",
        }  # fmt: skip
        assert told["status"] == answer.status_code
        assert told["cause"]
        assert told["remedy"]
    elif answer.headers["Content-Type"].startswith("text/plain"):
        assert _SHAPE.fullmatch(answer.text), answer.text
    else:
        assert answer.headers["Content-Type"].startswith("text/html")
        assert re.search(r"<h1[^>]*>" + HTTPStatus(answer.status_code).phrase, answer.text) or "<form" in answer.text
    assert "Traceback" not in answer.text


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    dataset = make(tmp_path_factory.mktemp("abuse") / "dataset")
    settings = {
        "PARLEY_SPARQL_TIMEOUT": DEADLINE, "PARLEY_SPARQL_WORKERS": WORKERS, "PARLEY_SPARQL_MEMORY": MEMORY,
        "PARLEY_SPARQL_CACHE": CACHE, "PARLEY_THREADS": THREADS, "PARLEY_CLIENT_TIMEOUT": PATIENCE,
        "PARLEY_TRUSTED_PROXIES": 1, "PARLEY_ACCESS_LOG": "-",
    }  # fmt: skip
    with served(dataset.path, **{name: str(value) for name, value in settings.items()}) as (base, process):
        running = Server(base, process.pid)
        assert process.stdout is not None
        threading.Thread(target=_keep, args=(process.stdout, running.log), daemon=True).start()
        while requests.get(f"{base}/readyz", timeout=30).status_code != 200:
            assert process.poll() is None
        assert running.is_well()
        yield running
        assert process.poll() is None, "the server is gone"
        assert not [line for line in running.log if "Traceback" in line], "".join(running.log)


def _keep(output: IO[str], lines: list[str]) -> None:
    lines.extend(output)
