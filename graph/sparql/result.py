"""A query on its way through the pool, and its result as the asker reads it."""

import os
import threading
import time
from collections.abc import Iterator
from typing import BinaryIO, Self

from graph.errors import ParleyError
from graph.sparql.job import Job

__all__ = ["Result", "Run"]

_CHUNK = 262_144


class Result:
    """The result of a query, complete or still growing. Close it, or read it to its end.

    :param size: bytes, if the result is complete; None while it still grows.
    """

    def __init__(self, run: "Run") -> None:
        self._run = run
        self.size = run.available if run.finished else None

    @property
    def rows(self) -> int | None:
        """Rows of a table, triples of a graph, 1 for a truth value; None while it still grows."""
        return self._run.rows if self._run.finished else None

    @property
    def written(self) -> int:
        """Bytes so far."""
        return self._run.available

    def chunks(self) -> Iterator[bytes]:
        """Go through the bytes.

        :raises QueryLimitError: after some bytes, if the query ran past a limit while they were read.
        """
        position = 0
        try:
            while True:
                self._run.wait_beyond(position)
                if self._run.error is not None:
                    raise self._run.error
                if self._run.finished and position >= self._run.available:
                    return
                if self._run.file is None:
                    part = (self._run.body or b"")[position:]
                else:
                    part = os.pread(self._run.file.fileno(), _CHUNK, position)
                position += len(part)
                yield part
        finally:
            self.close()

    def read(self) -> bytes:
        """Return all bytes."""
        return b"".join(self.chunks())

    def close(self) -> None:
        """Let go of the result; a query that still runs for it is stopped."""
        self._run.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Run:
    """One query on its way through the pool. Its fields are guarded by the pool's condition.

    :param job: what to run.
    :param client: who asks.
    """

    def __init__(self, job: Job, client: str, condition: threading.Condition) -> None:
        self.job = job
        self.client = client
        #: The result: a short one as it is, a longer one in a file, from its first report on.
        self.body: bytes | None = None
        self.file: BinaryIO | None = None
        self.available = 0
        self.rows = 0
        self.error: ParleyError | None = None
        self.finished = False
        self.running = False
        self.sent = False
        self.slow = False
        self.cancelled = False
        self.queued = time.monotonic()
        self.started = 0.0
        self._condition = condition

    def wait_beyond(self, position: int) -> None:
        """Wait until there are bytes after a position, or the end."""
        with self._condition:
            self._condition.wait_for(lambda: self.finished or self.available > position)

    def restart(self) -> None:
        """Forget what there is of the result: the query waits once more."""
        self.running, self.sent, self.available, self.queued = False, False, 0, time.monotonic()
        if self.file is not None:
            self.file.close()
            self.file = None

    def finish(self, error: ParleyError | None = None) -> None:
        """Say that this is over."""
        with self._condition:
            self.error, self.finished, self.running = error, True, False
            self._condition.notify_all()

    def close(self) -> None:
        """Nobody wants the result any more."""
        with self._condition:
            self.cancelled = True
            # A keeper whose worker still writes closes the file when it has stopped.
            if not self.running and self.file is not None:
                self.file.close()
            if not self.finished:
                self._condition.notify_all()
