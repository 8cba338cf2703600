"""Workers take turns at the processors: the quick are never paused, the slow all get on, nobody stays paused."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import ParleyError
from graph.sparql import QueryPool, check, make_job
from graph.sparql.errors import TimeLimitError
from tests.graph.sparql.sample import COUNT, FOREVER, worker_pids, worker_states

SLOW = 3


def _paused() -> set[int]:
    return {pid for pid, state in worker_states().items() if state == "T"}


def _ask(pool: QueryPool, generation: Path, text: str) -> bytes:
    with pool.run(make_job(generation, check(text), "text/csv", timeout=60)) as result:
        return result.read()


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not until():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def _run_forever(pool: QueryPool, generation: Path) -> tuple[list[threading.Thread], list[ParleyError]]:
    errors = []

    def ask(number: int) -> None:
        with pytest.raises(ParleyError) as caught:
            _ask(pool, generation, f"{FOREVER} # {number}")
        errors.append(caught.value)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(SLOW)]
    for thread in threads:
        thread.start()
    return threads, errors


def test_the_slow_take_turns_and_the_quick_do_not_wait_for_theirs(generation: Path) -> None:
    with QueryPool(lambda: (1, generation), workers=SLOW + 1, timeout=6, processors=1) as pool:
        _wait(lambda: len(worker_pids()) > SLOW + 1)
        threads, errors = _run_forever(pool, generation)
        _wait(lambda: len(_paused()) == SLOW - 1)
        seen: set[int] = set()

        def all_had_a_turn() -> bool:
            seen.update(_paused())
            return len(seen) == SLOW

        _wait(all_had_a_turn)
        assert _ask(pool, generation, COUNT) == b"n\r\n3000\r\n"
        assert any(thread.is_alive() for thread in threads)
        for thread in threads:
            thread.join()
        assert all(isinstance(error, TimeLimitError) for error in errors)
        assert len(errors) == SLOW
        assert not _paused()
        assert _ask(pool, generation, COUNT) == b"n\r\n3000\r\n"


@pytest.mark.parametrize("processors", [SLOW, 0], ids=["one for each", "elsewhere"])
def test_nobody_is_paused_where_there_is_room(generation: Path, processors: int) -> None:
    with QueryPool(lambda: (1, generation), workers=SLOW + 1, timeout=1, processors=processors) as pool:
        _wait(lambda: len(worker_pids()) > SLOW + 1)
        threads, _ = _run_forever(pool, generation)
        while any(thread.is_alive() for thread in threads):
            assert not _paused()
            time.sleep(0.01)


def test_what_pauses_ends_with_its_pool(generation: Path) -> None:
    with QueryPool(lambda: (1, generation), workers=SLOW + 1, timeout=60, processors=1) as pool:
        _wait(lambda: len(worker_pids()) > SLOW + 1)
        threads, _ = _run_forever(pool, generation)
        _wait(lambda: len(_paused()) == SLOW - 1)
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    assert not worker_pids()


# Pauses workers, names them, and waits to be killed.
_SERVER = """
import sys, threading, time
from pathlib import Path
from graph.sparql import QueryPool, check, make_job
from tests.graph.sparql.sample import FOREVER, worker_states

path = Path(sys.argv[1])
pool = QueryPool(lambda: (1, path), workers=4, timeout=300, processors=1)
for number in range(3):
    job = make_job(path, check(f"{FOREVER} # {number}"), "text/csv", timeout=300)
    threading.Thread(target=pool.run, args=(job,), daemon=True).start()
while list(worker_states().values()).count("T") < 2 or len(worker_states()) < 5:
    time.sleep(0.01)
print(*worker_states(), flush=True)
time.sleep(300)
"""


def test_what_pauses_ends_with_a_server_that_is_killed(generation: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(generation)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        pids = server.stdout.readline().split()
        server.kill()
    assert len(pids) == SLOW + 2
    _wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
