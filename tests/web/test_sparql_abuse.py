"""A real server under hostile queries: every answer is honest, and the next simple query is answered."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.graph.sparql.sample import COUNT, FOREVER, HUGE, MEMORY, make_generation

ROOT = Path(__file__).parents[2]
TIMEOUT = 3.0
PATIENCE = 20.0
PATHS = (
    "SELECT (COUNT(*) AS ?n) { ?a ((<urn:number>|^<urn:number>|!<urn:x>)*)* ?b . "
    "?c (!<urn:x>|^!<urn:y>)+ ?d . ?e (!<urn:z>)* ?f }"
)
# Each repetition of a group makes the automaton larger: megabytes from a few bytes.
REGEX = 'SELECT * { ?s <urn:number> ?o FILTER(REGEX(STR(?s), "(((((((x{50}){50}){50}){50}){50}){50}){50})")) }'
LIST = "ASK { ?s ?p " + "(" * 2500 + "1" + ")" * 2500 + " }"
UNARY = "SELECT (" + "!" * 90_000 + "true AS ?x) { }"
UNION = "SELECT * { " + " UNION ".join("{ ?s ?p ?o }" for _ in range(4000)) + " }"
JOIN = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(3000)) + " }"
# Ten times as long at each step: ten letters, then a hundred, then a terabyte.
CONCAT = (
    "SELECT (STRLEN(?l) AS ?n) { BIND('xxxxxxxxxx' AS ?a) "
    + " ".join(
        f"BIND(CONCAT({', '.join([f'?{x}'] * 10)}) AS ?{y})" for x, y in zip("abcdefghijk", "bcdefghijkl", strict=True)
    )
    + " }"
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, timeout: float) -> Iterator[str]:
    generation = make_generation(folder / "1")
    port = _free_port()
    log = (folder / "log").open("wb")
    app = f"tests.web.sparql_app:create({str(generation)!r}, {timeout}, 700_000_000, 12)"
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "12", "--timeout", "60"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", app]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 20
        while True:
            try:
                requests.get(f"{base}/page", timeout=5)
                break
            except requests.ConnectionError:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until
                time.sleep(0.05)
        yield base
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("generations"), TIMEOUT) as base:
        yield base


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that gives a large result the time that it takes on a busy machine."""
    with serving(tmp_path_factory.mktemp("generations"), PATIENCE) as base:
        yield base


def ask(server: str, query: str, **options: str) -> requests.Response:
    headers = {"Accept": "text/csv"}
    return requests.post(f"{server}/sparql", data={"query": query, **options}, headers=headers, timeout=60)


def assert_well(server: str) -> None:
    answer = ask(server, COUNT)
    assert answer.status_code == 200, answer.text
    assert answer.content == b"n\r\n3000\r\n"


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        (FOREVER, {504}),
        (MEMORY, {503, 504}),
        (PATHS, {503, 504}),
        (REGEX, {200, 400, 503, 504}),
        (CONCAT, {503, 504}),
        (JOIN, {503, 504}),
        (UNARY, {503}),
        (LIST, {400}),
        ("ASK { " + "{" * 5000 + "}" * 5000 + " }", {400}),
        ("ASK { ?s ?p " + "[ <urn:p> " * 200 + "1" + " ]" * 200 + " }", {400}),
        ("ASK { " + "{" * 60 + "}" * 60 + " }", {200}),
    ],
    ids=[
        "product",
        "memory",
        "paths",
        "regex",
        "concat",
        "join",
        "unary",
        "lists",
        "braces",
        "blanks",
        "deep",
    ],
)
def test_a_hostile_query_harms_nobody_else(server: str, query: str, statuses: set[int]) -> None:
    started = time.monotonic()
    answer = ask(server, query)
    assert answer.status_code in statuses, answer.text
    assert time.monotonic() - started < TIMEOUT + 3
    if answer.status_code >= 400:
        # CSV alone was accepted: one line, that says what to do.
        assert re.fullmatch(r"\d{3} [^;]+: .+; .+\n", answer.text)
    assert_well(server)


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_service_gets_no_connection(server: str, silent: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.3)
        port = listening.getsockname()[1]
        answer = ask(server, f"SELECT * {{ SERVICE {silent} <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
        assert answer.status_code == 400
        assert ask(server, f"SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}").text == "o,p,s\r\n"
        assert ask(server, f"LOAD <http://127.0.0.1:{port}/>").status_code == 403
        with pytest.raises(TimeoutError):
            listening.accept()


def test_twenty_hostile_clients_and_a_simple_query(server: str) -> None:
    statuses: list[int] = []
    stop = threading.Event()

    def attack(query: str) -> None:
        while not stop.is_set():
            statuses.append(ask(server, query).status_code)

    threads = [threading.Thread(target=attack, args=((FOREVER, MEMORY)[n % 2],)) for n in range(20)]
    for thread in threads:
        thread.start()
    try:
        answered = 0
        until = time.monotonic() + 20
        while answered < 2:
            assert time.monotonic() < until, "no simple query was answered"
            answer = ask(server, COUNT)
            # A full house says so at once, and when to come back.
            if answer.status_code in {429, 503}:
                assert int(answer.headers["Retry-After"]) >= 1
                continue
            assert answer.content == b"n\r\n3000\r\n"
            answered += 1
        assert requests.get(f"{server}/page", timeout=10).text == "a page"
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert set(statuses) <= {429, 503, 504}
    assert_well(server)


def test_a_large_result_is_whole(patient: str) -> None:
    answer = ask(patient, f"{HUGE} LIMIT 500000")
    assert answer.status_code == 200
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert len(answer.content) > 8_000_000
    assert answer.content.count(b"\n") == 500_001
    assert_well(patient)


def test_a_large_result_that_fails_is_seen_to_be_incomplete(patient: str) -> None:
    # It fills the spool at once, and runs into a limit while it is being sent.
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(patient, UNION)
    assert_well(patient)


def test_a_client_that_hangs_up_frees_its_worker(patient: str) -> None:
    for _ in range(4):
        data = {"query": HUGE}
        with requests.post(
            f"{patient}/sparql", data=data, headers={"Accept": "text/csv"}, stream=True, timeout=30
        ) as answer:
            assert answer.status_code in {200, 503}
    assert_well(patient)
