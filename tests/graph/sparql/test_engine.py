"""The engine under the queries: long ones do not end its process, and if it ends all the same, only the query does."""

import io
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from graph.errors import QueryLimitError
from graph.sparql import QueryPool, check, make_job, run_query
from graph.sparql.errors import CrashError, MemoryLimitError, TimeLimitError
from tests.graph.sparql.sample import COUNT, FOREVER, worker_pids

# Each nests in the engine's parser or planner without a bracket; with the usual stack each ends a process.
_LONG = {
    "unions": f"ASK {{ {'UNION'.join(['{}'] * 9_000)} }}",
    "optionals": f"ASK {{ {'OPTIONAL{}' * 9_900} }}",
    "minuses": f"ASK {{ {'MINUS{}' * 14_000} }}",
    "filters": f"ASK {{ {'FILTER(1)' * 10_000} }}",
    "steps": f"PREFIX : <urn:> ASK {{ ?s :p{'/:p' * 33_000} ?o }}",
    "a list": f"ASK {{ ?s ?p ({'1 ' * 49_000}) }}",
    "sums": f"SELECT ({'+'.join(['1'] * 45_000)} AS ?x) {{ }}",
    "ors": f"ASK {{ FILTER({'||'.join(['?a'] * 24_000)}) }}",
    "sort keys": f"SELECT * {{ ?s ?p ?o }} ORDER BY {'(1)' * 33_000}",
}


@pytest.mark.parametrize("name", _LONG)
def test_a_query_that_is_long_brings_no_worker_down(pool: QueryPool, generation: Path, name: str) -> None:
    pids = set()
    with suppress(TimeLimitError), pool.run(make_job(generation, check(_LONG[name]), "text/csv", timeout=2)) as result:
        pids = {*worker_pids()}
        assert result.read()
    with pool.run(make_job(generation, check(COUNT), "text/csv", timeout=60)) as result:
        assert result.read() == b"n\r\n3000\r\n"
    assert pids <= {*worker_pids()}


def test_a_query_longer_than_memory_has_room_for_is_told_so(generation: Path) -> None:
    with (
        QueryPool(lambda: (1, generation), workers=1, memory=300_000_000) as pool,
        pytest.raises(MemoryLimitError),
        pool.run(make_job(generation, check(_LONG["sums"]), "text/csv", timeout=60)),
    ):
        pass


@contextmanager
def fall(seconds: float = 1.0) -> Iterator[None]:
    """End all workers after a while, as a fault of the engine does."""

    def end() -> None:
        for pid in worker_pids():
            os.kill(pid, signal.SIGSEGV)

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def test_an_engine_that_falls_fails_only_the_query(pool: QueryPool, generation: Path) -> None:
    query = make_job(generation, check(FOREVER), "text/csv", timeout=60)
    with fall(), pytest.raises(CrashError, match="down") as caught, pool.run(query):
        pass
    assert isinstance(caught.value, QueryLimitError)
    assert caught.value.remedy
    # The other worker fell, too, and may be noticed only now.
    for _ in range(3):
        with suppress(CrashError), pool.run(make_job(generation, check(COUNT), "text/csv", timeout=60)) as result:
            assert result.read() == b"n\r\n3000\r\n"
            break
    else:
        pytest.fail("no worker was started anew")


def test_an_engine_that_falls_leaves_nothing_half_written(generation: Path) -> None:
    out = io.BytesIO()
    with fall(2), pytest.raises(CrashError):
        run_query(generation, FOREVER, None, out, timeout=30, memory=600_000_000)
    assert out.getvalue() == b""
