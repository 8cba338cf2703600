"""A pool of worker processes that answers queries side by side, and stays fair and alive whatever it is asked.

- A query goes to an idle worker at once, and its asker attends to it: no other thread has to wake up for a quick one.
  What has to wait, or runs for longer than a *quantum*, is attended to by a *keeper*, a thread for each worker, which
  keeps the deadline. A worker that dies or must be killed is replaced by the *starter*, which keeps one more than are
  needed, so that no query waits for a process to start.
- The processors are shared by :mod:`graph.sparql.turns`: what is quick is not slowed down by what is not.
- A query that has run for longer than a quantum is slow. Slow queries may use all workers but one: when others wait,
  the latest slow one is stopped and put into a queue of its own, to start again when there is room. So a quick query
  waits for a few quanta at most, however many slow ones there are. A query that was slow once is known as slow.
- A short result comes from its worker as it is, a longer one goes into a temporary file. It is handed over when it is
  complete, or when it is larger than the *spool*; then the reader follows the file as it grows, and gets an exception,
  not an end, if the query fails later.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from graph.errors import ParleyError
from graph.sparql.errors import AbandonedError, BusyError
from graph.sparql.failures import as_error, failure, reason, too_slow
from graph.sparql.job import Job
from graph.sparql.process import WorkerProcess
from graph.sparql.result import Result, Run
from graph.sparql.turns import Turns
from graph.sparql.waiting import WaitingRoom

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
    :param start: starts a worker; by default one with ``memory``, on this machine's generation.
    :param processors: at which workers take turns; those of this machine if None, 0 if they compute elsewhere.
    :param ended: told of each worker that was ended before its time, with :func:`~graph.sparql.failures.reason`.
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
        start: Callable[[], WorkerProcess] | None = None,
        processors: int | None = None,
        ended: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.timeout = timeout
        self.result_limit = result_limit
        self._generation = generation
        self._memory = memory
        self._start = start or partial(WorkerProcess, memory, network=bool(services))
        self._max_wait = max_wait
        self._quantum, self.spool = quantum, spool
        self._row_limit = row_limit or None
        self._ended = ended
        self._turns = Turns(processors)
        # One lock, and who waits for what: askers and readers, keepers, and the thread that starts spares.
        lock = threading.RLock()
        self._condition, self._work, self._short = (threading.Condition(lock) for _ in range(3))
        self._size = max(1, workers)
        self._room = WaitingRoom(
            self._size, max(1, max_waiting), client_running, client_waiting, self._is_known_as_slow, quantum
        )
        self._running: set[Run] = set()
        # Queries whose askers have attended to them for a quantum; workers that can take a query; how many there are.
        self._handed: deque[tuple[Run, WorkerProcess]] = deque()
        self._idle: list[WorkerProcess] = []
        self._alive = 0
        self._known_slow: dict[int, None] = {}
        self._closed = False
        tasks = {f"sparql-{n}": self._keep for n in range(self._size)} | {"sparql-starter": self._start_workers}
        self._threads = [threading.Thread(target=task, name=name, daemon=True) for name, task in tasks.items()]
        for thread in self._threads:
            thread.start()

    @property
    def ready(self) -> bool:
        """Whether a worker is there that can take a query, or is at work on one."""
        with self._condition:
            return not self._closed and bool(self._idle or self._running)

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
            worker = self._admit(run)
            if worker is not None:
                self._serve(run, worker, self._quantum)
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
            self._room.fail(BusyError())
            for condition in (self._condition, self._work, self._short):
                condition.notify_all()
        for thread in self._threads:
            thread.join(10)
        self._turns.close()
        for worker in self._idle:
            worker.close()
        self._idle.clear()

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
                    self._room.remove(run)
                    raise BusyError(self._room.retry_after)
                if gone is not None:
                    if gone():
                        self._room.remove(run)
                        raise AbandonedError
                    left = _LOOK if left is None else min(left, _LOOK)
                self._condition.wait(left)

    def _admit(self, run: Run) -> WorkerProcess | None:
        """Let a query in: give it an idle worker, or have it wait."""
        with self._condition:
            if self._closed:
                raise BusyError
            self._room.admit(run, self._running)
            # What was slow in this generation is slow again: it never holds up the quick ones.
            run.slow = self._is_known_as_slow(run)
            if not run.slow and not self._room.fresh and self._is_free() and self._room.may_run(run, self._running):
                self._begin(run)
                return self._idle.pop()
            self._room.add(run)
            self._work.notify_all()
            return None

    def _is_free(self) -> bool:
        """Tell whether a worker can take a query."""
        return bool(self._idle) and len(self._running) < self._size

    def _is_known_as_slow(self, run: Run) -> bool:
        return run.job.key in self._known_slow

    def _begin(self, run: Run) -> None:
        run.running, run.started = True, time.monotonic()
        self._running.add(run)

    def _next(self) -> tuple[Run, WorkerProcess] | None:
        """Wait for a query that has to be attended to and take it, with a worker; None at the end."""
        with self._condition:
            while not self._closed or self._handed:
                if self._handed:
                    return self._handed.popleft()
                run = self._room.pick(self._running) if self._is_free() else None
                if run is not None:
                    if run.cancelled:
                        run.close()
                        continue
                    self._begin(run)
                    self._condition.notify_all()
                    return run, self._idle.pop()
                self._work.wait()
            return None

    def _keep(self) -> None:
        while (taken := self._next()) is not None:
            self._serve(*taken)

    def _serve(self, run: Run, worker: WorkerProcess, patience: float | None = None) -> None:
        """Have a worker run a query until it ends, or for so many seconds; then a keeper goes on with it."""
        again = alive = False
        error: ParleyError | None
        try:
            if not run.sent:
                run.sent, run.started = True, time.monotonic()
                worker.send(run.job)
                self._turns.begin(worker, slow=run.slow)
            end = self._attend(run, worker, None if patience is None else run.started + patience)
            if end is None:
                with self._condition:
                    self._handed.append((run, worker))
                    self._work.notify_all()
                return
            error, again, alive = end
            if not alive:
                self._ended(reason(error, again=again, cancelled=run.cancelled))
        except (ParleyError, OSError) as trouble:
            error = as_error(trouble)
        self._turns.end(worker)
        if not alive:
            worker.close()
        self._settle(run, worker if alive else None, error, again)

    def _settle(self, run: Run, worker: WorkerProcess | None, error: ParleyError | None, again: bool) -> None:
        with self._condition:
            self._running.discard(run)
            if worker is None:
                self._alive -= 1
                self._short.notify_all()
            elif self._closed:
                worker.close()
            else:
                self._idle.append(worker)
            if again and not self._closed:
                run.restart()
                self._room.slow.append(run)
            else:
                run.finish(error if error or not again else BusyError())
            if self._room:
                self._work.notify_all()
            if run.cancelled:
                run.close()

    def _attend(
        self, run: Run, worker: WorkerProcess, until: float | None
    ) -> tuple[ParleyError | None, bool, bool] | None:
        """Watch a worker until its query ends: the error, whether to run it again, whether the worker can go on.

        :param until: when to give up watching, with None, if it has not ended; that is so too when the spool is full.
        """
        deadline = run.started + run.job.timeout
        while True:
            now = time.monotonic()
            if until is not None and (now >= until or run.available >= self.spool):
                return None
            left = deadline - now
            report = worker.report(max(0.0, min(_TICK, left, _TICK if until is None else until - now)))
            if report is None:
                if run.cancelled or self._closed:
                    return BusyError(), False, False
                if left <= 0:
                    return too_slow(run.job.timeout), False, False
                if self._must_yield(run) and worker.restarts:
                    return None, True, False
            elif report["state"] == "more":
                with self._condition:
                    run.file = run.file or worker.take_file()
                    run.available = report["bytes"]
                    self._condition.notify_all()
            elif report["state"] == "done":
                run.available, run.rows, run.body = report["bytes"], report["rows"], report.get("body")
                run.file = run.file or (worker.take_file() if run.body is None else None)
                return None, False, True
            elif report["state"] == "error":
                return failure(report, run.job, self._memory), False, report["kind"] not in ("memory", "merge")
            else:
                return BusyError() if self._closed else worker.death(), False, False

    def _must_yield(self, run: Run) -> bool:
        with self._condition:
            if time.monotonic() - run.started < self._quantum:
                return False
            if not run.slow:
                run.slow = True
                self._known_slow[run.job.key] = None
                if len(self._known_slow) > _REMEMBERED:
                    del self._known_slow[next(iter(self._known_slow))]
            slow = [other for other in self._running if other.slow]
            if not self._room.fresh or self._size == 1 or len(slow) <= self._room.slow_room:
                return False
            # The latest to start has the least to lose; one whose result is on its way cannot start again.
            able = [other for other in slow if other.available < self.spool]
            return bool(able) and max(able, key=lambda other: other.started) is run

    def _start_workers(self) -> None:
        """Start workers as long as there are not as many as there should be, one of them to spare."""
        while True:
            with self._condition:
                self._short.wait_for(lambda: self._closed or self._alive <= self._size)
                if self._closed:
                    return
            worker: WorkerProcess | None = None
            try:
                worker = self._start()
                worker.wait_ready()
                current = self._generation()
                if current is not None:
                    worker.warm(current[1])
            except (ParleyError, OSError) as trouble:
                if worker is not None:
                    worker.close()
                with self._condition:
                    if not self._alive:
                        self._room.fail(as_error(trouble))
                    self._short.wait_for(lambda: self._closed, 1.0)
                continue
            with self._condition:
                self._alive += 1
                self._idle.append(worker)
                self._work.notify_all()
