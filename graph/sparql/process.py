"""The parent's end of one worker process: start it, hand it a job, hear its reports, end it."""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from graph.errors import DatasetError, ParleyError, QueryError
from graph.negotiation import NotAcceptableError
from graph.sparql.errors import AwayError, CrashError, MemoryLimitError, ResultLimitError, TimeLimitError
from graph.sparql.guard import position, undeclared

__all__ = ["Job", "WorkerProcess", "as_error", "failure", "reason", "too_slow"]

_START_LIMIT = 20.0
# Bytes that are read at once: more than a report with its result.
_PART = 131_072
# So many things that can stand somewhere tell more than they hide.
_MANY = 8
# Kind of a failure that comes with its words, on two lines -> the error.
_TOLD: dict[str | None, type[ParleyError]] = {
    "refused": QueryError, "time": TimeLimitError, "limit": ResultLimitError, "away": AwayError,
}  # fmt: skip
_SENTENCE = re.compile(r"[A-Z][\w*]*(?: [\w*]+){2,}")


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is asked to do.

    :param path: folder of the generation.
    :param query: the query; None only opens the generation, so that the first query need not wait for it.
    :param media_type: of the result: one of a table's for SELECT and ASK, one of a graph's for the others.
    :param timeout: seconds; the parent keeps it, the worker knows it for the case that the parent is gone.
    :param limit: largest result in bytes; None for any size.
    :param default_graphs: IRIs of the default graph's parts; None for the store's own default graph.
    :param named_graphs: IRIs of the named graphs; None for all.
    :param prefixes: that need not be declared, and that Turtle is written with.
    :param rows: most rows of a table, or triples of a graph; None for any number.
    :param graph: IRI that the triples of a graph are written with, for a media type that has room for it.
    """

    path: Path
    query: str | None
    media_type: str
    timeout: float
    limit: int | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    prefixes: dict[str, str]
    rows: int | None = None
    graph: str | None = None

    @property
    def key(self) -> int:
        """The same for what asks the same of the same generation, whatever the format."""
        return hash((self.path, self.query, self.default_graphs, self.named_graphs))

    def to_json(self, *, short: bool) -> bytes:
        """Return the job as the worker reads it.

        :param short: whether a short result may come with the report.
        """
        values: dict[str, Any] = {"path": str(self.path), "timeout": self.timeout}
        if self.query is not None:
            values |= {
                "query": self.query, "format": self.media_type, "limit": self.limit, "default": self.default_graphs,
                "named": self.named_graphs, "prefixes": self.prefixes, "rows": self.rows, "graph": self.graph,
                "short": short,
            }  # fmt: skip
        return json.dumps(values).encode()


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
                    f"a query worker did not start ({said or 'no reason given'})", "see the server's memory"
                )
            self._ready = True

    def warm(self, path: Path) -> None:
        """Open a generation, so that the first query need not wait for that.

        :raises DatasetError: if it cannot be opened.
        """
        self.send(Job(path, None, "", _START_LIMIT, None, None, None, {}))
        report = self.report(_START_LIMIT)
        if report is None or report["state"] == "dead":
            raise DatasetError(f"{path}: the generation cannot be opened", "publish the dataset anew")

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
            return _memory(self._memory)
        return CrashError("the query brought the query engine down", "write it in a simpler way, with less nesting")

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


def as_error(trouble: ParleyError | OSError) -> ParleyError:
    """Return the error that tells why a worker could not be started or reached."""
    if isinstance(trouble, ParleyError):
        return trouble
    return DatasetError(f"the query service lacks a resource: {trouble.strerror or trouble}", "see the server's limits")


def reason(error: ParleyError | None, *, again: bool, cancelled: bool) -> str:
    """Return why a worker was ended before its time: ``time``, ``memory``, ``crash``, ``yield`` or ``abandoned``.

    It is ``yield`` where its query made way for others, ``abandoned`` where nobody waits for it any more.

    :param again: whether its query runs again.
    :param cancelled: whether nobody waits for the result any more.
    """
    if again:
        return "yield"
    if isinstance(error, TimeLimitError):
        return "time"
    if cancelled:
        return "abandoned"
    return "memory" if isinstance(error, MemoryLimitError | ResultLimitError) else "crash"


def too_slow(timeout: float) -> TimeLimitError:
    """Return the error of a query that ran for longer than so many seconds."""
    return TimeLimitError(
        f"the query ran for longer than {timeout:g} s",
        "make it more selective, add LIMIT, or run it with `parley query --timeout` on your own copy",
    )


def failure(report: dict[str, Any], job: Job, memory: int) -> ParleyError:
    """Return the error that a worker's report of failure stands for."""
    kind, message = report.get("kind"), str(report.get("message", ""))
    if kind == "syntax":
        found = undeclared(job.query or "", job.prefixes)
        if found is not None:  # the parser's own words for this lead elsewhere
            prefix, where = found
            return QueryError(
                f"{where}: the prefix {prefix}: is not declared", "declare it with PREFIX at the head of the query"
            )
        return QueryError(*_explain_syntax(job.query or "", report))
    if kind == "result":
        return ResultLimitError(
            f"the result is larger than {job.limit:,} bytes", "ask for less with LIMIT, or take the dataset's dump"
        )
    if kind == "rows":
        return ResultLimitError(
            f"the result has more than {job.rows:,} rows", "ask for less with LIMIT, or take the dataset's dump"
        )
    if kind == "merge":
        return ResultLimitError(
            "the default graphs that are asked for are too large to merge",
            "name fewer graphs, or none: the default graph is already the merge of all",
        )
    if kind == "memory":
        return _memory(memory)
    if kind == "dataset":
        return DatasetError(f"{job.path}: the generation cannot be opened ({message})", "publish the dataset anew")
    if kind in _TOLD:
        cause, _, remedy = message.partition("\n")
        return _TOLD[kind](cause, remedy)
    if kind == "disk":
        return DatasetError(f"the result cannot be kept: {message}", "free some space in the temporary folder")
    if "does not support RDF 1.2" in message:
        return NotAcceptableError(
            f"the result has triple terms or base directions, and {message}", "take another format, such as Turtle"
        )
    return QueryError(f"the query failed: {message}", "mend the query")


def _memory(limit: int) -> MemoryLimitError:
    return MemoryLimitError(
        f"the query needs more memory than the {limit // 1_000_000:,} MB that it may have",
        "make it more selective, or take ORDER BY, DISTINCT or GROUP BY from large sets",
    )


def _explain_syntax(query: str, report: Mapping[str, Any]) -> tuple[str, str]:
    r"""Put into words where a query is malformed and what is expected there.

    >>> _explain_syntax("{\n ?s }", {"offset": 6, "wanted": 'error at 9:1: expected one of "?", "<", [_]'})
    ('line 2, column 5: expected one of "?", "<", not "}"', 'mend the query there')
    >>> _explain_syntax("ASK", {"offset": 3, "message": "error at 1:4: expected one of [_]"})
    ('line 1, column 4: the query ends too early', 'mend the query there')
    """
    message = str(report.get("message", ""))
    offset = report.get("offset")
    if not isinstance(offset, int):
        return f"the query is malformed: {message}", "mend the query"
    where = position(query, offset)
    # What is well formed but makes no sense is told in a sentence: "Duplicated variable name in SELECT".
    told = next((word for word in _wanted(message) if _SENTENCE.fullmatch(word)), None)
    if told:
        return f"{where}: {told[:1].lower() + told[1:] if told[1:2].islower() else told}", "mend the query there"
    # The parser also lists classes of characters, [...], which tell a person nothing.
    words = [w for w in _wanted(str(report.get("wanted") or "")) if w and "[" not in w and "..=" not in w]
    rest = query[offset:].split(maxsplit=1)
    if not words or len(words) > _MANY:
        return (
            f"{where}: {f'“{rest[0][:40]}” cannot stand here' if rest else 'the query ends too early'}",
            "mend the query there",
        )
    one = "one of " if len(words) > 1 else ""
    instead = f', not "{rest[0][:40]}"' if rest else ""
    return f"{where}: expected {one}{', '.join(words)}{instead}", "mend the query there"


def _wanted(message: str) -> list[str]:
    """Return what the parser expected, of its message ``error at 1:22: expected one of ",", ".", [_]``."""
    expected = message.partition(": ")[2].removeprefix("expected one of ").removeprefix("expected ")
    return [word.strip() for word in expected.split(", ")]
