"""Worker processes: limits hold, a dead worker is replaced, the quick are not held up by the slow."""

import contextlib
import gc
import io
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.errors import DatasetError, ParleyError, QueryError, QueryLimitError
from graph.negotiation import NotAcceptableError
from graph.sparql import QueryPool, check, make_job, run_query
from graph.sparql.errors import BusyError, MemoryLimitError, ResultLimitError, TimeLimitError
from graph.sparql.job import Job
from graph.sparql.process import WorkerProcess
from graph.vocabulary import PREFIXES
from graph.worker import __main__ as worker
from graph.worker.messages import Failure
from tests.graph.sparql.sample import BASE, COUNT, FOREVER, HUGE, MEMORY, PEOPLE, make_generation, worker_pids

A, B = f"{BASE}graph/article/aaaaaaaaaaaa", f"{BASE}graph/article/bbbbbbbbbbbb"


def ask(pool: QueryPool, path: Path, text: str, media_type: str = "text/csv", **options: object) -> bytes:
    query = check(text, prefixes=dict(PREFIXES))
    job = make_job(path, query, media_type, **{"timeout": 60.0, **options})  # type: ignore[arg-type]
    with pool.run(job) as result:
        return result.read()


def test_a_table_a_truth_value_and_a_graph(pool: QueryPool, generation: Path) -> None:
    assert ask(pool, generation, PEOPLE) == b"name\r\nAna Petrova\r\nBo Lindqvist\r\n"
    told = json.loads(ask(pool, generation, "ASK { ?p schema:name 'Ana Petrova' }", "application/sparql-results+json"))
    assert told["boolean"] is True
    turtle = ask(pool, generation, "CONSTRUCT WHERE { ?p a schema:Person }", "text/turtle").decode()
    assert "@prefix schema: <https://schema.org/> ." in turtle
    assert turtle.count("a schema:Person") == 2


def test_a_statement_of_two_graphs_is_one_in_their_merge(pool: QueryPool, generation: Path) -> None:
    both = f"SELECT ?name FROM <{A}> FROM <{B}> {{ ?p schema:name ?name . FILTER(STRSTARTS(?name, 'Ana')) }}"
    assert ask(pool, generation, both) == b"name\r\nAna Petrova\r\n"
    one = "SELECT ?name { ?p schema:name ?name . FILTER(STRSTARTS(?name, 'Ana')) }"
    assert ask(pool, generation, one, default_graphs=(A, B)) == b"name\r\nAna Petrova\r\n"


def test_the_datasets_of_the_protocol(pool: QueryPool, generation: Path) -> None:
    graphs = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    headlines = "SELECT ?h { ?a schema:headline ?h }"
    assert ask(pool, generation, graphs).count(b"http") == 4
    assert ask(pool, generation, graphs, named_graphs=(A,)) == f"g\r\n{A}\r\n".encode()
    # Only named graphs are asked for: the default graph is empty. Only a default graph: there are no named ones.
    assert ask(pool, generation, headlines, named_graphs=(A,)) == b"h\r\n"
    assert ask(pool, generation, graphs, default_graphs=(A,)) == b"g\r\n"
    assert ask(pool, generation, graphs, default_graphs=(A, B)) == b"g\r\n"
    assert ask(pool, generation, graphs, default_graphs=(A, B), named_graphs=(B,)) == f"g\r\n{B}\r\n".encode()
    assert ask(pool, generation, headlines, default_graphs=(B,)) == b"h\r\nLutz again\r\n"
    # The protocol's dataset goes before the query's own.
    assert (
        ask(pool, generation, headlines.replace("{", f"FROM <{A}> {{", 1), default_graphs=(B,))
        == b"h\r\nLutz again\r\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT ?s {\n ?s ?p", "line 2, column 7: the query ends too early"),
        ("SELECT ?s { nope:a ?p ?s }", "the prefix nope: is not declared"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", "line 1"),
        ("ASK { <relative> ?p ?o }", "line 1"),
    ],
)
def test_a_malformed_query_is_told_where(pool: QueryPool, generation: Path, text: str, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(pool, generation, text)
    assert words in caught.value.cause
    assert "[" not in caught.value.cause


@pytest.mark.parametrize(
    ("text", "kind", "timeout"),
    # On a busy machine it takes its time to use up the memory.
    [(FOREVER, TimeLimitError, 2), (MEMORY, MemoryLimitError, 60)],
    ids=["time", "memory"],
)
def test_a_limit_ends_the_query_and_only_the_query(
    generation: Path, text: str, kind: type[ParleyError], timeout: int
) -> None:
    with QueryPool(lambda: (1, generation), workers=2, timeout=timeout, memory=700_000_000) as pool:
        started = time.monotonic()
        with pytest.raises(kind) as caught:
            ask(pool, generation, text)
        assert time.monotonic() - started < timeout + 8
        assert caught.value.remedy
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"


_BLANKS = "SELECT * { ?s ?p " + "[ ?p " * 60 + "?o" + " ]" * 60 + " }"
_LISTS = "ASK { ?s ?p " + "(" * 60 + "?o" + ")" * 60 + " }"
_REGEX = 'SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), "%s") }'


@pytest.mark.parametrize(
    "text",
    [
        _BLANKS,
        _LISTS,
        _REGEX % "((((((a{100}){100}){100}){100}){100}){100})",
        _REGEX % ("(x+x+)+y" * 3000),
        _REGEX % ("(" * 5000 + "a" + ")" * 5000),
        "SELECT * { " + "OPTIONAL { ?s ?p ?o . " * 60 + "}" * 60 + " }",
        "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 4000) + " } LIMIT 1",
        "SELECT * { ?s " + "/".join(["(<urn:number>|^<urn:number>)*"] * 60) + " ?o }",
        "SELECT (GROUP_CONCAT(?a) AS ?all) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }",
    ],
    ids=["blank nodes", "lists", "regex counts", "long regex", "deep regex", "optionals", "unions", "paths", "concat"],
)
def test_whatever_is_asked_there_is_an_answer_in_time(generation: Path, text: str) -> None:
    with QueryPool(lambda: (1, generation), workers=2, timeout=2, memory=700_000_000) as pool:
        started = time.monotonic()
        with contextlib.suppress(QueryError, QueryLimitError):
            ask(pool, generation, text)
        assert time.monotonic() - started < 10
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"


def test_graphs_too_large_to_merge(generation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.read_only(str(generation))
    graphs, part = [A, B], len(list(store.quads_for_pattern(None, None, None, NamedNode(A))))
    monkeypatch.setattr(worker, "_MERGE_LIMIT", part)
    assert len(worker._merge(store, [A], [])) == part
    for default, named in ((graphs, []), ([A], [B])):
        with pytest.raises(Failure, match="merge"):
            worker._merge(store, default, named)


def test_a_client_may_wait_less_but_not_more(pool: QueryPool, generation: Path) -> None:
    with pytest.raises(TimeLimitError, match=r"0\.3 s"):
        ask(pool, generation, FOREVER, timeout=0.3)
    with pytest.raises(TimeLimitError, match="2 s"):
        ask(pool, generation, FOREVER, timeout=1e9)


def test_a_result_past_the_limit_is_no_result(generation: Path) -> None:
    with (
        QueryPool(lambda: (1, generation), result_limit=100_000) as pool,
        pytest.raises(ResultLimitError, match="100,000"),
    ):
        ask(pool, generation, HUGE)


def test_a_result_past_the_spool_is_followed_as_it_grows(generation: Path) -> None:
    with QueryPool(lambda: (1, generation), result_limit=20_000_000, spool=1_000_000) as pool:
        query = check("SELECT * { ?a <urn:number> ?b . ?c <urn:number> ?d } LIMIT 150000")
        with pool.run(make_job(generation, query, "text/csv", timeout=60)) as result:
            assert result.size is None
            assert result.read().count(b"\n") == 150_001
        # One that fails later ends with the error, never as if it were complete.
        huge = make_job(generation, check(HUGE), "text/csv", timeout=60)
        with pool.run(huge) as result, pytest.raises(ResultLimitError):
            result.read()
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"


def test_a_reader_who_leaves_stops_the_query(generation: Path) -> None:
    with QueryPool(lambda: (1, generation), workers=1, timeout=60, spool=1_000_000) as pool:
        pool.run(make_job(generation, check(HUGE), "text/csv", timeout=60)).close()
        started = time.monotonic()
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"
        assert time.monotonic() - started < 10


def _crowd(count: int, work: Callable[[int], object]) -> tuple[list[threading.Thread], list[object]]:
    outcomes: list[object] = []

    def one(n: int) -> None:
        try:
            outcomes.append(work(n))
        except ParleyError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    return threads, outcomes


def test_twenty_hostile_queries_do_not_keep_a_simple_one_from_its_answer(generation: Path) -> None:
    with QueryPool(lambda: (1, generation), timeout=4, memory=700_000_000, max_waiting=32, max_wait=10) as pool:
        threads, outcomes = _crowd(20, lambda n: ask(pool, generation, (FOREVER, MEMORY)[n % 2]))
        started = time.monotonic()
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"
        assert time.monotonic() - started < 10
        pool.close()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 20
        assert all(isinstance(outcome, TimeLimitError | MemoryLimitError | BusyError) for outcome in outcomes)


def test_a_slow_query_gets_its_whole_time_beside_quick_ones(generation: Path) -> None:
    # Many quanta of work.
    slow = "SELECT (COUNT(*) AS ?n) { ?a <urn:number> ?b . ?c <urn:number> ?d FILTER(?d < 1000) }"
    with QueryPool(lambda: (1, generation), timeout=30, quantum=0.05) as pool:
        threads, outcomes = _crowd(4, lambda n: ask(pool, generation, slow if n < 2 else COUNT, timeout=30))
        while any(thread.is_alive() for thread in threads):
            assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"
        assert sorted(map(str, outcomes)) == sorted(map(str, [b"n\r\n3000\r\n"] * 2 + [b"n\r\n3000000\r\n"] * 2))


def test_a_full_waiting_room_says_when_to_come_back(generation: Path) -> None:
    with QueryPool(lambda: (1, generation), workers=1, timeout=3, max_waiting=1, max_wait=0.3) as pool:
        threads, outcomes = _crowd(5, lambda n: ask(pool, generation, FOREVER))
        for thread in threads:
            thread.join()
    busy = [outcome for outcome in outcomes if isinstance(outcome, BusyError)]
    assert len(busy) == 4
    assert all(error.retry_after >= 1 and error.status == 503 for error in busy)


def test_a_client_who_asks_much_leaves_room_for_others(generation: Path) -> None:
    def hostile(n: int) -> bytes:
        # Each is another query, so that none is known as slow.
        query = check(FOREVER + f" # {n}")
        return pool.run(make_job(generation, query, "text/csv", timeout=60), "greedy").read()

    with QueryPool(lambda: (1, generation), workers=1, timeout=0.5, max_waiting=4, max_wait=20) as pool:
        threads, outcomes = _crowd(12, hostile)
        job = make_job(generation, check(COUNT), "text/csv", timeout=60)
        assert pool.run(job, "modest").read() == b"n\r\n3000\r\n"
        for thread in threads:
            thread.join()
    assert len(outcomes) == 12


def test_a_query_that_was_slow_does_not_hold_up_the_quick_again(generation: Path) -> None:
    with QueryPool(lambda: (1, generation), workers=2, timeout=1, quantum=0.2, max_waiting=40) as pool:
        with pytest.raises(TimeLimitError):
            ask(pool, generation, FOREVER)
        threads, _ = _crowd(20, lambda n: ask(pool, generation, FOREVER))
        started = time.monotonic()
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"
        # One worker is free of slow queries; without memory this would wait for a quantum of each, 4 s.
        assert time.monotonic() - started < 3
        pool.close()
        for thread in threads:
            thread.join()


def test_a_new_generation_is_answered_from_at_once(tmp_path: Path, generation: Path) -> None:
    newer = make_generation(tmp_path / "2", numbers=7)
    with QueryPool(lambda: (2, newer)) as pool:
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"
        assert ask(pool, newer, COUNT) == b"n\r\n7\r\n"
        assert ask(pool, generation, COUNT) == b"n\r\n3000\r\n"


def test_a_generation_that_is_gone_is_a_trouble_of_the_dataset(pool: QueryPool, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be opened"):
        ask(pool, tmp_path / "none", COUNT)


def test_a_worker_that_is_killed_from_outside_is_replaced(pool: QueryPool, generation: Path) -> None:
    ask(pool, generation, COUNT)
    for pid in worker_pids():
        os.kill(pid, signal.SIGKILL)
    answers = []
    for _ in range(4):
        try:
            answers.append(ask(pool, generation, COUNT))
        except ParleyError:
            continue
    assert answers[-1] == b"n\r\n3000\r\n"


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_a_worker_has_no_network_even_if_a_service_slips_through(generation: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, tempfile.TemporaryFile() as out:
        listening.settimeout(0.5)
        port = listening.getsockname()[1]
        # Past the guard, straight to the worker.
        text = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        worker = WorkerProcess(700_000_000)
        try:
            worker.wait_ready()
            worker.send(Job(generation, text, "text/csv", 5, None, None, None, {}), out.fileno())
            report = worker.report(5)
        finally:
            worker.close()
        if report is not None and "unreachable" not in report.get("message", ""):
            pytest.skip("this system lets no process give up its network")
        with pytest.raises(TimeoutError):
            listening.accept()


def test_no_worker_outlives_its_pool(generation: Path) -> None:
    with QueryPool(lambda: (1, generation)) as pool:
        ask(pool, generation, COUNT)
        assert worker_pids()
    assert not worker_pids()


def test_the_store_is_not_changed_by_queries(pool: QueryPool, generation: Path) -> None:
    ask(pool, generation, COUNT)
    gc.collect()
    store = Store.read_only(str(generation))
    assert Quad(NamedNode("urn:s1"), NamedNode("urn:number"), Literal(1)) in store


@pytest.mark.parametrize(
    ("text", "form", "beginning"),
    [
        (PEOPLE, None, b"name\r\n"),
        ("CONSTRUCT WHERE { ?s a schema:Person }", None, b"@prefix"),
        (PEOPLE, "application/sparql-results+xml", b"<?xml"),
        (PEOPLE, "tsv", b"?name\n"),
        ("DESCRIBE ?s { ?s a schema:Person }", "application/ld+json", b"["),
    ],
)
def test_one_query_by_itself(generation: Path, text: str, form: str | None, beginning: bytes) -> None:
    out = io.BytesIO()
    run_query(generation, text, form, out)
    assert out.getvalue().startswith(beginning)


@pytest.mark.parametrize(
    ("text", "form", "kind"),
    [
        ("SELECT", None, QueryError),
        (PEOPLE, "text/turtle", NotAcceptableError),
        (FOREVER, None, TimeLimitError),
        (HUGE, None, TimeLimitError),
        (MEMORY, None, MemoryLimitError),
    ],
)
def test_one_query_by_itself_writes_all_or_nothing(
    generation: Path, text: str, form: str | None, kind: type[ParleyError]
) -> None:
    out = io.BytesIO()
    with pytest.raises(kind):
        run_query(generation, text, form, out, timeout=0.8 if kind is TimeLimitError else 30, memory=600_000_000)
    assert out.getvalue() == b""
