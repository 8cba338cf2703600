"""What those who run the server see of it: health, figures, the access log, kept results, headers for a proxy."""

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from graph.store import Dataset
from graph.store.change import Change
from tests.conformance.conftest import NGOZI, THREE, make
from tests.web.serving import served

pytestmark = pytest.mark.slow

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TEN = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }} "
ROWS = "SELECT ?a { " + "".join(TEN.format(name) for name in "abcdef") + "}"
#: Runs for hours.
FOREVER = "SELECT (SUM(?a + ?b) AS ?n) { " + "".join(TEN.format(name) for name in "abcdefghijkl") + "}"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make(tmp_path_factory.mktemp("operated") / "dataset")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.jsonl"


@pytest.fixture(scope="module")
def server(dataset: Dataset, log: Path) -> Iterator[str]:
    settings = {
        "ACCESS_LOG": str(log), "SPARQL_TIMEOUT": "2", "SPARQL_ROW_LIMIT": "1000", "SPARQL_RESULT_LIMIT": "400000",
        "SHARED_MAX_AGE": "60", "SPARQL_CLIENT_RUNNING": "1", "SPARQL_CLIENT_WAITING": "1", "TRUSTED_PROXIES": "1",
        "SPARQL_WORKERS": "2", "THREADS": "12",
    }  # fmt: skip
    with served(dataset.path, **{f"PARLEY_{name}": value for name, value in settings.items()}) as (base, _):
        yield base


def ask(base: str, query: str, accept: str = "text/csv", client: str = "", **parameters: str) -> requests.Response:
    headers = {"Accept": accept} | ({"X-Forwarded-For": client} if client else {})
    return requests.get(f"{base}/sparql", params={"query": query, **parameters}, headers=headers, timeout=60)


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []


def figure(base: str, name: str) -> float:
    text = requests.get(f"{base}/metrics", timeout=30).text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, flags=re.MULTILINE)
    return float(found[1]) if found else 0.0


def until(condition: object, seconds: float = 20) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_says_when_it_is_ready(server: str) -> None:
    until(lambda: requests.get(f"{server}/readyz", timeout=30).status_code == 200)
    told = requests.get(f"{server}/readyz", timeout=30)
    assert told.json() == {"status": "ready", "generation": 2}
    assert told.headers["Cache-Control"] == "no-store"


def test_nothing_published_is_not_ready(tmp_path: Path) -> None:
    # Published when it started, deleted while it runs.
    dataset = make(tmp_path / "dataset")
    with served(dataset.path) as (base, _):
        (dataset.path / "generations" / "current").unlink()
        for path in ("/readyz", "/healthz"):
            told = requests.get(base + path, timeout=30)
            assert told.status_code == 503
            assert "nothing is published" in told.text


def test_a_query_with_blanks_is_counted_kept_and_logged(server: str, log: Path) -> None:
    address = f"{server}/queries/claims-of-a-person"
    before = len(lines(log))
    first = requests.get(f"{address}.csv?person=ana-petrova", timeout=30)
    assert first.status_code == 200
    again = requests.get(f"{address}.csv?person=ana-petrova", timeout=30)
    assert again.content == first.content
    tagged = {"If-None-Match": first.headers["ETag"]}
    assert requests.get(f"{address}.csv?person=ana-petrova", headers=tagged, timeout=30).status_code == 304
    assert requests.get(f"{address}?person=ana-petrova", headers={"Accept": "text/html"}, timeout=30).status_code == 200
    assert requests.get(f"{address}.json?person=ana-petrova", timeout=30).status_code == 200
    # The page and the JSON are made of the same result.
    assert [line["outcome"] for line in lines(log)[before:]] == ["ok", "cached", "not_modified", "ok", "cached"]
    assert len({line["query"] for line in lines(log)[before:]}) == 1


def test_each_query_has_a_line_in_the_log(server: str, log: Path) -> None:
    query = f"{COUNT} # one line"
    statuses = [ask(server, query, client="192.0.2.7").status_code for _ in range(2)]
    statuses += [ask(server, text).status_code for text in ("nonsense", "CLEAR ALL", FOREVER)]
    statuses.append(ask(server, "ASK {}", "image/png").status_code)
    assert statuses == [200, 200, 400, 403, 504, 406]
    until(lambda: lines(log) and lines(log)[-1]["outcome"] == "unacceptable")
    found = lines(log)[-6:]
    assert [line["outcome"] for line in found] == [
        "ok", "cached", "malformed", "refused", "timeout", "unacceptable"
    ]  # fmt: skip
    assert [line["status"] for line in found] == statuses
    first = found[0]
    assert set(first) == {
        "time", "query", "outcome", "status", "milliseconds", "rows", "bytes", "client", "generation"
    }  # fmt: skip
    assert (first["rows"], first["bytes"], first["client"], first["generation"]) == (
        1,
        len("n\r\n8\r\n"),
        "192.0.2.7",
        2,
    )
    assert first["query"] == found[1]["query"] != found[2]["query"]
    assert COUNT not in log.read_text("utf-8")
    timeout = found[4]["milliseconds"]
    assert isinstance(timeout, float)
    assert timeout >= 2000


def test_figures_count_what_happened(server: str) -> None:
    names = [f'parley_queries_total{{outcome="{name}"}}' for name in ("ok", "malformed", "timeout")]
    kills = 'parley_worker_kills_total{reason="time"}'
    before = [figure(server, name) for name in (*names, kills, "parley_query_seconds_count")]
    ask(server, f"{COUNT} # figures")
    ask(server, "more nonsense")
    ask(server, f"{FOREVER} # figures")
    after = [figure(server, name) for name in (*names, kills, "parley_query_seconds_count")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1, 1, 3]
    assert figure(server, 'parley_query_seconds_bucket{le="+Inf"}') == after[-1]
    assert figure(server, "parley_generation") == 2
    assert figure(server, 'parley_things{kind="people"}') == 3
    text = requests.get(f"{server}/metrics", timeout=30)
    assert text.headers["Content-Type"].startswith("text/plain; version=")
    assert text.headers["Cache-Control"] == "no-store"


def test_several_processes_add_up_their_figures(dataset: Dataset) -> None:
    with served(dataset.path, PARLEY_PROCESSES="2", PARLEY_SPARQL_WORKERS="1") as (base, _):
        for n in range(12):
            assert ask(base, f"ASK {{}} # {n}").status_code == 200
        total = [figure(base, 'parley_queries_total{outcome="ok"}') for _ in range(6)]
        assert set(total) == {12.0}


def test_results_are_kept_until_the_next_generation(server: str, dataset: Dataset) -> None:
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } # kept"
    hits = 'parley_queries_total{outcome="cached"}'
    before = figure(server, hits)
    first = ask(server, query)
    assert ask(server, query).content == first.content
    assert figure(server, hits) == before + 1
    # Another format is another result; what may change is not kept.
    assert ask(server, query, "application/json").json()
    for _ in range(2):
        ask(server, "SELECT (RAND() AS ?x) {}")
    assert figure(server, hits) == before + 1
    with dataset.writer() as store:
        store.commit(Change(add={THREE: frozenset({next(iter(NGOZI))}), f"{THREE}x": NGOZI}))
        number = dataset.publish().number
    again = ask(server, query)
    assert again.headers["Parley-Generation"] == str(number)
    assert again.content != first.content
    assert figure(server, hits) == before + 1


def test_a_proxy_may_answer_for_a_while(server: str) -> None:
    for answer in (ask(server, COUNT), requests.get(f"{server}/events.json", timeout=30)):
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert ask(server, "SELECT (NOW() AS ?x) {}").headers["Cache-Control"] == "no-store"
    assert ask(server, "nonsense").headers["Cache-Control"] == "no-store"


def test_a_generation_that_is_no_longer_kept(server: str, dataset: Dataset) -> None:
    for n in range(4):
        with dataset.writer() as store:
            store.commit(Change(replace={f"{THREE}{n}": NGOZI}))
            dataset.publish()
    answer = ask(server, COUNT, "application/json", generation="1")
    assert answer.status_code == 410
    error = answer.json()["error"]
    assert "generation 1 is no longer kept" in error["cause"]
    kept = [generation.number for generation in dataset.generations()]
    assert str(kept[0]) in error["remedy"]
    assert ask(server, COUNT, generation=str(kept[0])).status_code == 200


def test_a_result_of_too_many_rows_is_an_error(server: str) -> None:
    for accept in ("text/csv", "application/sparql-results+json", "application/sparql-results+xml"):
        answer = ask(server, f"{ROWS} LIMIT 1001", accept)
        assert answer.status_code == 503
        assert "1,000 rows" in answer.text
        assert ask(server, f"{ROWS} LIMIT 1000", accept).status_code == 200
    graph = ROWS.replace("SELECT ?a", "CONSTRUCT { [] <urn:a> ?a }")
    assert ask(server, f"{graph} LIMIT 1000", "text/turtle").status_code == 200
    answer = ask(server, f"{graph} LIMIT 1001", "text/turtle")
    assert answer.status_code == 503
    assert "1,000 rows" in answer.text


def test_a_result_of_too_many_bytes_is_an_error(server: str) -> None:
    long = "SELECT (CONCAT(" + ", ".join(["'Zubrowka'"] * 100) + ") AS ?x) { " + ROWS[12:] + " LIMIT 600"
    answer = ask(server, long)
    assert answer.status_code == 503
    assert "400,000 bytes" in answer.text


def test_a_client_has_a_share_and_others_have_theirs(server: str) -> None:
    statuses: list[int] = []

    def hog(n: int) -> None:
        statuses.append(ask(server, f"{FOREVER} # hog {n}", client="192.0.2.1").status_code)

    threads = [threading.Thread(target=hog, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    # The hog has one worker of two, whatever it sends.
    started = time.monotonic()
    assert ask(server, f"{COUNT} # modest", client="192.0.2.2").status_code == 200
    assert time.monotonic() - started < 1.5
    for thread in threads:
        thread.join()
    assert statuses.count(429) >= 1
    assert set(statuses) <= {429, 504}


def test_too_many_queries_are_told_when_to_come_back(server: str) -> None:
    answers: list[requests.Response] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(ask(server, f"{FOREVER} # crowd {n}", "application/json")))
        for n in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    throttled = [answer for answer in answers if answer.status_code == 429]
    assert throttled
    for answer in throttled:
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.json()["error"]["title"] == "Too Many Requests"


def test_who_hangs_up_before_the_answer_frees_the_worker(dataset: Dataset) -> None:
    kills = 'parley_worker_kills_total{reason="abandoned"}'
    with served(dataset.path, PARLEY_SPARQL_TIMEOUT="50", PARLEY_SPARQL_WORKERS="1") as (base, _):
        until(lambda: requests.get(f"{base}/readyz", timeout=30).status_code == 200)
        with pytest.raises(requests.Timeout):
            requests.post(f"{base}/sparql", data={"query": FOREVER}, timeout=1)
        until(lambda: figure(base, kills) == 1, 5)
        assert figure(base, 'parley_queries_total{outcome="abandoned"}') == 1
        started = time.monotonic()
        assert ask(base, COUNT).status_code == 200
        assert time.monotonic() - started < 5


def test_the_description_of_the_dataset_counts_what_there_is(server: str) -> None:
    void = requests.get(f"{server}/.well-known/void", headers={"Accept": "application/json"}, timeout=30).json()
    counted = ask(server, COUNT, "application/json").json()["results"]["bindings"][0]["n"]["value"]
    assert void["triples"] == int(counted)
    people = ask(server, "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p a schema:Person }", "application/json").json()
    assert void["classes"]["https://schema.org/Person"] == int(people["results"]["bindings"][0]["n"]["value"])
    turtle = requests.get(f"{server}/.well-known/void", headers={"Accept": "text/turtle"}, timeout=30).text
    assert f"void:triples {counted} " in turtle
