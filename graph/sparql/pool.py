"""A pool of worker processes that answers queries side by side, and stays fair and alive whatever it is asked.

- Each worker has a *keeper*, a thread that hands it one query at a time, keeps the deadline, and replaces the worker
  when it dies or must be killed. A spare worker is always started ahead.
- A query that has run for longer than a *quantum* is slow. Slow queries may use all workers but one: when others wait,
  the latest slow one is stopped and put into a queue of its own, to start again when there is room. So a quick query
  waits for a few quanta at most, however many slow ones there are. A query that was slow once is known as slow.
- The result goes into a temporary file. It is handed over when it is complete, or when it is larger than the *spool*;
  then the reader follows the file as it grows, and gets an exception, not an end, if the query fails later.
"""

import contextlib
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Self

from graph.errors import DatasetError, ParleyError
from graph.sparql.errors import (
    AbandonedError,
    BusyError,
    MemoryLimitError,
    ResultLimitError,
    ShareError,
    TimeLimitError,
)  # fmt: skip
from graph.sparql.process import Job, WorkerProcess, as_error, failure
from graph.sparql.result import Result, Run

__all__ = ["QueryPool"]

_TICK = 0.05
_REMEMBERED = 1000
# How often it is looked whether an asker is still there.
_LOOK = 0.2


class QueryPool:
    """Answers queries on the current generation in worker processes.

    Start one in each process that serves, after any fork: it has threads.

    :param generation: returns number and folder of the current generation; None if nothing is published.
    :param workers: processes.
    :param timeout: longest time in seconds that one query may run.
    :param memory: largest address space of a worker, in bytes.
    :param result_limit: largest result in bytes.
    :param services: IRIs that SERVICE may call. If there are any, workers keep their network.
    :param max_waiting: queries that may wait; beyond, a slow one is turned away for a new one, or the new one.
    :param max_wait: longest time in seconds that a query may wait for a worker.
    :param row_limit: most rows of a table, or triples of a graph; 0 for any number.
    :param client_running: queries of one client that may run at once; 0 for any number.
    :param client_waiting: queries of one client that may wait besides; 0 for any number.
    :param ended: told of each worker that was ended before its time: ``time``, ``memory``, ``crash``, ``yield`` (its
        query made way for others) or ``abandoned`` (nobody waits for it any more).
    :param quantum: seconds after which a query counts as slow.
    :param spool: bytes of a result that are held back until it is known whether the query ends well.
    """

    def __init__(
        self,
        generation: Callable[[], tuple[int, Path] | None],
        *,
        workers: int = 2,
        timeout: float = 30.0,
        memory: int = 2_000_000_000,
        result_limit: int = 200_000_000,
        services: Collection[str] = (),
        max_waiting: int = 16,
        max_wait: float = 10.0,
        quantum: float = 0.25,
        spool: int = 8_000_000,
        row_limit: int = 0,
        client_running: int = 0,
        client_waiting: int = 0,
        ended: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.timeout = timeout
        self.result_limit = result_limit
        self.services = frozenset(services)
        self._generation = generation
        self._memory = memory
        self._max_waiting, self._max_wait = max(1, max_waiting), max_wait
        self._quantum, self.spool = quantum, spool
        self._row_limit = row_limit or None
        self._client_running, self._client_waiting = client_running, client_waiting
        self._ended = ended
        self._condition = threading.Condition()
        self._fresh: deque[Run] = deque()
        self._slow: deque[Run] = deque()
        self._running: set[Run] = set()
        self._known_slow: dict[int, None] = {}
        self._spares: list[WorkerProcess] = []
        self._closed = False
        self._size = max(1, workers)
        self._slow_room = max(1, self._size - 1)
        self._threads = [
            threading.Thread(target=self._keep, name=f"sparql-{n}", daemon=True) for n in range(self._size)
        ]
        self._threads.append(threading.Thread(target=self._keep_spare, name="sparql-spare", daemon=True))
        for thread in self._threads:
            thread.start()

    @property
    def ready(self) -> bool:
        """Whether a worker is there that can take a query, or is at work on one."""
        with self._condition:
            return not self._closed and bool(self._spares or self._running)

    def run(self, job: Job, client: str = "", gone: Callable[[], bool] | None = None) -> Result:
        """Run a query and return its result when that is complete or has filled the spool.

        :param job: what to run; its timeout and limit are lowered to the pool's.
        :param client: who asks, such as an address: when the waiting room is full, each client has its share.
        :param gone: tells whether the asker has hung up; asked now and then while there is no answer yet.
        :raises BusyError: if no worker was free in time.
        :raises ShareError: if this client has as many queries here as one may have.
        :raises AbandonedError: if the asker has hung up.
        :raises QueryError: if the query is malformed.
        :raises QueryLimitError: if it ran past a limit.
        :raises DatasetError: if the generation cannot be opened.
        """
        limit = self.result_limit if job.limit is None else min(job.limit, self.result_limit)
        job = replace(job, timeout=min(job.timeout, self.timeout), limit=limit, rows=self._row_limit)
        run = Run(job, client, self._condition)
        try:
            self._admit(run)
            self._wait(run, gone)
            if run.error is not None:
                raise run.error
            return Result(run)
        except BaseException:
            run.close()
            raise

    def close(self) -> None:
        """End all workers; queries that run or wait fail."""
        with self._condition:
            self._closed = True
            for run in (*self._fresh, *self._slow):
                run.finish(BusyError())
            self._fresh.clear()
            self._slow.clear()
            self._condition.notify_all()
        for thread in self._threads:
            thread.join(10)
        for worker in self._spares:
            worker.close()
        self._spares.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait(self, run: Run, gone: Callable[[], bool] | None) -> None:
        """Wait until there is something to hand over; a keeper sees to it that what runs comes to an end."""
        with self._condition:
            while not run.finished and run.available < self.spool:
                left = None if run.running else run.queued + self._max_wait - time.monotonic()
                if left is not None and left <= 0:
                    self._remove(run)
                    raise BusyError(self._retry_after())
                if gone is not None:
                    if gone():
                        self._remove(run)
                        raise AbandonedError
                    left = _LOOK if left is None else min(left, _LOOK)
                self._condition.wait(left)

    def _admit(self, run: Run) -> None:
        with self._condition:
            if self._closed:
                raise BusyError
            idle = self._size - len(self._running)
            self._check_share(run)
            if len(self._fresh) + len(self._slow) >= self._max_waiting + idle:
                self._turn_away(run)
            # What was slow in this generation is slow again: it never holds up the quick ones.
            run.slow = _key(run.job) in self._known_slow
            (self._slow if run.slow else self._fresh).append(run)
            self._condition.notify_all()

    def _check_share(self, newcomer: Run) -> None:
        """Keep a client to their share of the waiting room: one of their slow queries goes, or the new one."""
        if not self._client_waiting:
            return
        mine = [run for run in (*self._running, *self._fresh, *self._slow) if run.client == newcomer.client]
        share = (self._client_running or self._size) + self._client_waiting
        if len(mine) < share:
            return
        slow = [run for run in self._slow if run.client == newcomer.client]
        error = ShareError(share, self._retry_after())
        if not slow or _key(newcomer.job) in self._known_slow:
            raise error
        self._remove(slow[-1])
        slow[-1].finish(error)

    def _turn_away(self, newcomer: Run) -> None:
        """Make room for a newcomer: one of a client with more than their share goes, or a slow one, or itself."""
        counts = Counter(run.client for run in (*self._fresh, *self._slow))
        greedy, most = counts.most_common(1)[0]
        if most > counts[newcomer.client] + 1:
            loser = next(run for run in (*reversed(self._slow), *reversed(self._fresh)) if run.client == greedy)
        elif self._slow and _key(newcomer.job) not in self._known_slow:
            loser = self._slow[-1]
        else:
            raise BusyError(self._retry_after())
        self._remove(loser)
        loser.finish(BusyError(self._retry_after()))

    def _remove(self, run: Run) -> None:
        for queue in (self._fresh, self._slow):
            with contextlib.suppress(ValueError):
                queue.remove(run)

    def _retry_after(self) -> int:
        return max(1, round(len(self._fresh) * self._quantum / self._size) + (2 if self._slow else 1))

    def _next(self) -> Run | None:
        """Wait for a query that may run now and take it; None when the pool closes."""
        with self._condition:
            while not self._closed:
                run = self._pick()
                if run is not None:
                    if run.cancelled:
                        run.close()
                        continue
                    run.running, run.started = True, time.monotonic()
                    self._running.add(run)
                    self._condition.notify_all()
                    return run
                self._condition.wait()
            return None

    def _pick(self) -> Run | None:
        """Take the first query, quick ones first, whose client has not as many running as one may have."""
        busy = Counter(run.client for run in self._running)
        slow = sum(run.slow for run in self._running)
        for queue in (self._fresh, self._slow) if slow < self._slow_room else (self._fresh,):
            for place, run in enumerate(queue):
                if not self._client_running or busy[run.client] < self._client_running:
                    del queue[place]
                    return run
        return None

    def _keep(self) -> None:
        worker: WorkerProcess | None = None
        while True:
            # First the worker, then a query: none waits for a process to start while another worker is free.
            worker, error = self._ready_worker(worker)
            run = self._next()
            if run is None:
                break
            again = False
            if worker is not None:
                try:
                    run.started = time.monotonic()
                    worker.send(run.job, run.file.fileno())
                    error, again, alive = self._attend(run, worker)
                    if not alive:
                        self._ended(_reason(run, error, again))
                except (ParleyError, OSError) as trouble:
                    error, alive = as_error(trouble), False
                if not alive:
                    worker.close()
                    worker = None
            self._settle(run, error, again)
        if worker is not None:
            worker.close()

    def _ready_worker(self, worker: WorkerProcess | None) -> tuple[WorkerProcess | None, ParleyError | None]:
        """Return a worker that can take a query, or why there is none."""
        try:
            worker = worker or self._take_spare()
            worker.wait_ready()
        except (ParleyError, OSError) as trouble:
            if worker is not None:
                worker.close()
            return None, as_error(trouble)
        return worker, None

    def _settle(self, run: Run, error: ParleyError | None, again: bool) -> None:
        with self._condition:
            self._running.discard(run)
            if again and not self._closed:
                run.running, run.available, run.queued = False, 0, time.monotonic()
                run.file.truncate(0)
                self._slow.append(run)
                self._condition.notify_all()
            else:
                run.finish(error if error or not again else BusyError())
            if run.cancelled:
                run.close()

    def _attend(self, run: Run, worker: WorkerProcess) -> tuple[ParleyError | None, bool, bool]:
        """Watch a worker until its query ends: the error, whether to run it again, whether the worker can go on."""
        deadline = run.started + run.job.timeout
        while True:
            left = deadline - time.monotonic()
            report = worker.report(max(0.0, min(_TICK, left)))
            if report is None:
                if run.cancelled or self._closed:
                    return BusyError(), False, False
                if left <= 0:
                    return _too_slow(run.job.timeout), False, False
                if self._must_yield(run):
                    return None, True, False
            elif report["state"] == "more":
                with self._condition:
                    run.available = report["bytes"]
                    self._condition.notify_all()
            elif report["state"] == "done":
                run.available, run.rows = report["bytes"], report["rows"]
                return None, False, True
            elif report["state"] == "error":
                return failure(report, run.job, self._memory), False, report["kind"] not in ("memory", "merge")
            else:
                return worker.death(), False, False

    def _must_yield(self, run: Run) -> bool:
        with self._condition:
            if time.monotonic() - run.started < self._quantum:
                return False
            if not run.slow:
                run.slow = True
                self._known_slow[_key(run.job)] = None
                if len(self._known_slow) > _REMEMBERED:
                    del self._known_slow[next(iter(self._known_slow))]
            slow = [other for other in self._running if other.slow]
            if not self._fresh or self._size == 1 or len(slow) <= self._slow_room:
                return False
            # The latest to start has the least to lose; one whose result is on its way cannot start again.
            able = [other for other in slow if other.available < self.spool]
            return bool(able) and max(able, key=lambda other: other.started) is run

    def _take_spare(self) -> WorkerProcess:
        with self._condition:
            worker = self._spares.pop() if self._spares else None
            self._condition.notify_all()
        return worker or self._start()

    def _start(self) -> WorkerProcess:
        return WorkerProcess(self._memory, network=bool(self.services))

    def _keep_spare(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._closed or not self._spares)
                if self._closed:
                    return
            worker: WorkerProcess | None = None
            try:
                worker = self._start()
                worker.wait_ready()
                self._warm(worker)
            except (ParleyError, OSError):
                if worker is not None:
                    worker.close()
                with self._condition:
                    self._condition.wait_for(lambda: self._closed, 1.0)
                continue
            with self._condition:
                self._spares.append(worker)

    def _warm(self, worker: WorkerProcess) -> None:
        """Have a spare open the current generation, so that its first query need not wait for that."""
        current = self._generation()
        if current is not None:
            worker.send(Job(current[1], None, "", 20.0, None, None, None, {}), None)
            report = worker.report(20.0)
            if report is None or report["state"] == "dead":
                raise DatasetError(f"{current[1]}: the generation cannot be opened", "publish the dataset anew")


def _key(job: Job) -> int:
    return hash((job.path, job.query, job.default_graphs, job.named_graphs))


def _reason(run: Run, error: ParleyError | None, again: bool) -> str:
    if again:
        return "yield"
    if isinstance(error, TimeLimitError):
        return "time"
    if run.cancelled:
        return "abandoned"
    return "memory" if isinstance(error, MemoryLimitError | ResultLimitError) else "crash"


def _too_slow(timeout: float) -> TimeLimitError:
    return TimeLimitError(
        f"the query ran for longer than {timeout:g} s",
        "make it more selective, add LIMIT, or run it with `parley query --timeout` on your own copy",
    )
