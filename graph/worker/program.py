"""What a worker process does: it enters its cage and serves jobs, whoever has the answers."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from graph.worker.cage import enter_cage
from graph.worker.faults import explain
from graph.worker.messages import receive, send
from graph.worker.output import Output

__all__ = ["serve"]

# The engine's parser and planner call themselves for each step of a path, each part of a group, each sum, and need more
# than 600 bytes of stack for a byte of the query. On the usual stack a long query would end the process.
_STACK_PER_BYTE = 2048
_USUAL_STACK = 8 << 20
_LARGEST_STACK = 1 << 30


class _Program:
    """What lasts from job to job: the generation that is open, and the file for long results."""

    def __init__(self, connection: socket.socket, run: Callable[[Any, dict[str, Any], Output], None],
                 opening: Callable[[str], Any]) -> None:  # fmt: skip
        self._connection = connection
        self._run, self._open = run, opening
        self._opened: tuple[str, Any] | None = None
        self._fd = -1

    def do(self, job: dict[str, Any]) -> None:
        """Do a job and report."""
        stack = min(_STACK_PER_BYTE * len(job.get("query", "").encode()), _LARGEST_STACK)
        if stack <= _USUAL_STACK:
            self._do(job)
            return
        # It is given back at the end of the thread.
        threading.stack_size(stack)
        thread = threading.Thread(target=self._do, args=(job,))
        try:
            thread.start()
        except RuntimeError:
            send(self._connection, {"state": "error", "kind": "memory", "message": ""})
        else:
            thread.join()

    def _do(self, job: dict[str, Any]) -> None:
        if (passed := job.pop("fd")) >= 0:
            self._fd = passed
        untouched = True
        # If the parent is gone, the kernel's timer ends this process: native code cannot be asked to stop.
        signal.setitimer(signal.ITIMER_REAL, job["timeout"] + 5)
        try:
            if self._opened is None or self._opened[0] != job["path"]:
                self._opened = None
                self._opened = (job["path"], self._open(job["path"]))
            if "query" in job:
                untouched = False
                output = Output(self._fd, job, self._connection)
                self._run(self._opened[1], job, output)
                body = output.end()
                untouched = body is not None
                send(self._connection, {"state": "done", "bytes": output.written, "rows": output.rows}, body)
            else:
                send(self._connection, {"state": "done", "bytes": 0, "rows": 0})
        except BaseException as error:
            untouched = False
            send(self._connection, {"state": "error", **explain(error, job)})
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if self._fd >= 0 and not untouched:
                os.close(self._fd)
                self._fd = -1


def serve(run: Callable[[Any, dict[str, Any], Output], None], opening: Callable[[str], Any]) -> None:
    """Enter the cage, then serve jobs until the parent closes the connection.

    :param run: writes the answer to a job from what ``opening`` has made of the job's path.
    """
    connection = socket.socket(fileno=int(sys.argv[1]))
    enter_cage(int(sys.argv[2]), network=sys.argv[3] == "network")
    program = _Program(connection, run, opening)
    send(connection, {"state": "ready"})
    while (job := receive(connection)) is not None:
        program.do(job)
