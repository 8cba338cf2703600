"""The parent's end of one worker process: start it, hand it a job, hear its reports, end it."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from graph.errors import ParleyError
from graph.phrase import Phrase
from graph.sparql.errors import CrashError
from graph.sparql.failures import out_of_memory, unopened
from graph.sparql.job import Job

__all__ = ["WorkerProcess"]

_START_LIMIT = 20.0
# Bytes that are read at once: more than a report with its result.
_PART = 131_072


class WorkerProcess:
    """A worker process. Used by one thread at a time; only :meth:`kill` may be called from another.

    :param memory: largest address space in bytes.
    :param network: whether it may use the network, for SERVICE clauses that are allowed.
    :param program: the module that runs in it; it talks as :mod:`graph.worker.messages` says.
    :param environment: further variables of its environment.
    :param restarts: whether a query of it may be stopped to make way for others, and run again later.
    """

    def __init__(
        self,
        memory: int,
        *,
        network: bool = False,
        program: str = "graph.worker",
        environment: Mapping[str, str] | None = None,
        restarts: bool = True,
    ) -> None:
        self.restarts = restarts
        self._connection, theirs = socket.socketpair()
        self._memory = memory
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._buffer = b""
        # For a result that is long. Nothing was written to it yet, and the worker has it, too.
        self._file: BinaryIO | None = None
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", program, str(theirs.fileno()), str(memory), "network" if network else "-"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=(theirs.fileno(),),
                # One heap for all threads: each heap reserves 64 MB of the address space that is limited.
                env={**os.environ, **(environment or {}), "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"},
                start_new_session=True,
            )
        finally:
            theirs.close()
        self._ready = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until the process has started.

        :raises CrashError: if it did not start.
        """
        if not self._ready:
            report = self.report(_START_LIMIT)
            if report is None or report.get("state") != "ready":
                said = self._last_words()
                self.close()
                raise CrashError(
                    Phrase("a query worker did not start: %(words)s", words=said or "no reason given"),
                    Phrase("see the server's memory"),
                )
            self._ready = True

    def warm(self, path: Path) -> None:
        """Open a generation, so that the first query need not wait for that.

        :raises DatasetError: if it cannot be opened.
        """
        self.send(Job(path, None, "", _START_LIMIT, None, None, None, {}))
        report = self.report(_START_LIMIT)
        if report is None or report["state"] == "dead":
            raise unopened(path)

    def send(self, job: Job, out: int | None = None) -> None:
        """Hand over a job. A process that is dead is noticed by :meth:`report`.

        :param out: file for the whole result; without it, a short result comes with the report, and a longer one is in
            the file that :meth:`take_file` returns.
        """
        passed = out
        if out is None and self._file is None and job.query is not None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # lives until a result is in it
            passed = self._file.fileno()
        body = job.to_json(short=out is None)
        with contextlib.suppress(OSError):
            message = len(body).to_bytes(4, "big") + body
            # In one call, as far as there is room: a worker that wakes for a part of it would have to wait again.
            sent = socket.send_fds(self._connection, [message], [] if passed is None else [passed])
            self._connection.sendall(message[sent:])

    def take_file(self) -> BinaryIO:
        """Return the file with the result of the job that was sent, or with what there is of it: now the caller's."""
        file, self._file = self._file, None
        if file is None:
            raise RuntimeError("the file of a job is taken once")
        return file

    def report(self, timeout: float) -> dict[str, Any] | None:
        """Return the next report, or None if there is none within so many seconds. Death is ``{"state": "dead"}``.

        A result that came with it is under ``body``.
        """
        until = time.monotonic() + timeout
        while True:
            report = self._next_report()
            if report is not None:
                if report["state"] == "error" and self._file is not None:
                    # There may be something in it, so the worker has closed it.
                    self.take_file().close()
                return report
            poll = select.poll()
            poll.register(self._connection, select.POLLIN)
            if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                return None
            try:
                part = self._connection.recv(_PART)
            except OSError:
                part = b""
            if not part:
                return {"state": "dead"}
            self._buffer += part

    def _next_report(self) -> dict[str, Any] | None:
        """Take the next report that is there, whole."""
        if len(self._buffer) < 4:
            return None
        size = 4 + int.from_bytes(self._buffer[:4], "big")
        if len(self._buffer) < size:
            return None
        report: dict[str, Any] = json.loads(self._buffer[4:size])
        short = report.get("short")
        if short is not None:
            if len(self._buffer) < size + short:
                return None
            report["body"] = self._buffer[size : size + short]
            size += short
        self._buffer = self._buffer[size:]
        return report

    def death(self) -> ParleyError:
        """Return the error that tells why the process died."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        said = self._last_words()
        if "memory" in said.lower() or self._process.returncode == -signal.SIGKILL:
            return out_of_memory(self._memory)
        return CrashError(
            Phrase("the query brought the query engine down"), Phrase("write it in a simpler way, with less nesting")
        )

    def pause(self) -> None:
        """Take the processor from the process until :meth:`resume`."""
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a process go on that pauses."""
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the process now."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process and let go of what it held."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._connection.close()
        self._said.close()
        if self._file is not None:
            self._file.close()

    def _last_words(self) -> str:
        try:
            self._said.seek(0)
            return " ".join(self._said.read(4000).decode("utf-8", "replace").split())[-300:]
        except (OSError, ValueError):
            return ""
