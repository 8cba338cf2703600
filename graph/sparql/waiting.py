"""Queries that wait for a worker: who goes first, and who is turned away."""

import contextlib
from collections import Counter, deque
from collections.abc import Callable, Collection
from itertools import chain

from graph.errors import ParleyError
from graph.sparql.errors import BusyError, ShareError
from graph.sparql.result import Run

__all__ = ["WaitingRoom"]


class WaitingRoom:
    """The queue of the quick queries and that of the slow ones. Whoever uses it holds the pool's lock.

    :param size: workers of the pool.
    :param places: queries that may wait.
    :param client_running: queries of one client that may run at once; 0 for any number.
    :param client_waiting: queries of one client that may wait besides; 0 for any number.
    :param is_slow: whether a query that comes is known as slow.
    :param pause: seconds that one has to wait for each quick query before it, at most.
    """

    def __init__(
        self,
        size: int,
        places: int,
        client_running: int,
        client_waiting: int,
        is_slow: Callable[[Run], bool],
        pause: float,
    ) -> None:
        self._size, self._places = size, places
        self._client_running, self._client_waiting = client_running, client_waiting
        self._is_slow, self._pause = is_slow, pause
        # Slow queries may use all workers but one.
        self.slow_room = max(1, size - 1)
        self.fresh: deque[Run] = deque()
        self.slow: deque[Run] = deque()

    def __bool__(self) -> bool:
        return bool(self.fresh or self.slow)

    @property
    def retry_after(self) -> int:
        """Seconds after which there may be room."""
        return max(1, round(len(self.fresh) * self._pause / self._size) + (2 if self.slow else 1))

    def may_run(self, run: Run, running: Collection[Run]) -> bool:
        """Tell whether a client has not as many queries running as one may have."""
        return not self._client_running or sum(it.client == run.client for it in running) < self._client_running

    def admit(self, newcomer: Run, running: Collection[Run]) -> None:
        """Make sure that there is room for a query, if need be by turning away another.

        :raises ShareError: if its client has as many queries here as one may have.
        :raises BusyError: if the room is full.
        """
        self._check_share(newcomer, running)
        if len(self.fresh) + len(self.slow) >= self._places + self._size - len(running):
            self._turn_away(newcomer)

    def add(self, run: Run) -> None:
        """Have a query wait behind those of its kind."""
        (self.slow if run.slow else self.fresh).append(run)

    def pick(self, running: Collection[Run]) -> Run | None:
        """Take the first query, quick ones first, whose client has not as many running as one may have."""
        slow = sum(run.slow for run in running)
        for queue in (self.fresh, self.slow) if slow < self.slow_room else (self.fresh,):
            for run in queue:
                if self.may_run(run, running):
                    queue.remove(run)
                    return run
        return None

    def remove(self, run: Run) -> None:
        """Let go of a query, whether it waits or not."""
        for queue in (self.fresh, self.slow):
            with contextlib.suppress(ValueError):
                queue.remove(run)

    def fail(self, error: ParleyError) -> None:
        """Say to all who wait that there will be no worker."""
        for run in chain(self.fresh, self.slow):
            run.finish(error)
        self.fresh.clear()
        self.slow.clear()

    def _check_share(self, newcomer: Run, running: Collection[Run]) -> None:
        """Keep a client to their share of the room: one of their slow queries goes, or the new one."""
        if not self._client_waiting:
            return
        here = sum(run.client == newcomer.client for run in chain(running, self.fresh, self.slow))
        share = (self._client_running or self._size) + self._client_waiting
        if here < share:
            return
        slow = [run for run in self.slow if run.client == newcomer.client]
        error = ShareError(share, self.retry_after)
        if not slow or self._is_slow(newcomer):
            raise error
        self.remove(slow[-1])
        slow[-1].finish(error)

    def _turn_away(self, newcomer: Run) -> None:
        """Make room for a newcomer: one of a client with more than their share goes, or a slow one, or itself."""
        counts = Counter(run.client for run in chain(self.fresh, self.slow))
        greedy, most = counts.most_common(1)[0]
        if most > counts[newcomer.client] + 1:
            loser = next(run for run in (*reversed(self.slow), *reversed(self.fresh)) if run.client == greedy)
        elif self.slow and not self._is_slow(newcomer):
            loser = self.slow[-1]
        else:
            raise BusyError(self.retry_after)
        self.remove(loser)
        loser.finish(BusyError(self.retry_after))
