"""Turns at the processors, so that quick queries are not slowed down by slow ones."""

import os
import sys
import threading
import time
from collections import deque

from graph.sparql.process import WorkerProcess

__all__ = ["SLICE", "Turns"]

#: Seconds for which a query counts as quick, and for which a slow one has its turn.
SLICE = 0.05


class Turns:
    """Has no more workers compute at once than there are processors, the quick ones first.

    Two levels of feedback (Kleinrock, Queueing Systems, volume 2, section 4.7): a query starts in the foreground, and
    is never paused there. After a slice it goes to the background, whose queries take turns on what the foreground
    leaves, on one processor at least. A worker is paused by a signal; while there is a processor for each, none is.
    Only Linux ends what is paused with its parent, so elsewhere nobody takes turns.

    :param processors: how many there are; those that this process may use if None, 0 if workers compute elsewhere.
    """

    def __init__(self, processors: int | None = None) -> None:
        apart = processors == 0 or sys.platform != "linux"
        # Where nobody takes turns there is room for all.
        self._processors = sys.maxsize if apart else processors or len(os.sched_getaffinity(0))
        self._changed = threading.Condition()
        # When a query in the foreground began; the background in the order of turns, and those in it that pause.
        self._quick: dict[WorkerProcess, float] = {}
        self._slow: deque[WorkerProcess] = deque()
        self._paused: set[WorkerProcess] = set()
        self._closed = False
        self._thread = threading.Thread(target=self._take_turns, name="sparql-turns", daemon=True)
        self._thread.start()

    def begin(self, worker: WorkerProcess, *, slow: bool = False) -> None:
        """Let in a worker that begins a query.

        :param slow: whether the query is known to be slow: it begins in the background.
        """
        with self._changed:
            if slow:
                self._slow.append(worker)
            else:
                self._quick[worker] = time.monotonic()
            if self._crowded:
                self._arrange()
                self._changed.notify_all()

    def end(self, worker: WorkerProcess) -> None:
        """Let go of a worker, whether it was let in or not; if it pauses, it goes on."""
        with self._changed:
            self._quick.pop(worker, None)
            if worker in self._slow:
                self._slow.remove(worker)
            if worker in self._paused:
                self._paused.remove(worker)
                worker.resume()
            if self._paused:
                self._arrange()

    def close(self) -> None:
        """End the turns; whoever pauses goes on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(10)

    @property
    def _crowded(self) -> bool:
        return len(self._quick) + len(self._slow) > self._processors

    def _arrange(self) -> None:
        """Pause and resume the background as there is room for it."""
        now = time.monotonic()
        for worker in [worker for worker, began in self._quick.items() if now - began >= SLICE]:
            del self._quick[worker]
            self._slow.append(worker)
        room = max(1, self._processors - len(self._quick))
        for place, worker in enumerate(self._slow):
            if place < room and worker in self._paused:
                self._paused.remove(worker)
                worker.resume()
            elif place >= room and worker not in self._paused:
                self._paused.add(worker)
                worker.pause()

    def _take_turns(self) -> None:
        with self._changed:
            while not self._closed:
                self._changed.wait(SLICE if self._crowded else None)
                self._slow.rotate(-min(len(self._slow), max(1, self._processors - len(self._quick))))
                self._arrange()
            for worker in self._paused:
                worker.resume()
            self._paused.clear()
