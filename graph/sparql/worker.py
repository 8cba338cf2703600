"""The program of a worker process: runs queries of others in a cage.

Started by path (``python worker.py FD MEMORY NETWORK``), so that nothing but pyoxigraph is loaded. Over the Unix socket
``FD`` come jobs (four bytes of length, then JSON) and go reports (four bytes of length, then JSON; behind it a result
that is short). A longer result goes into a file, whose descriptor is passed with a job; it stays for the next job as
long as nothing was written to it. The parent keeps the deadline and kills; the cage limits memory, network and
priority.
"""

import contextlib
import ctypes
import json
import os
import resource
import runpy
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    serialize,
)  # fmt: skip

__all__ = ["GRAPHS", "RESULTS", "Failure", "Output", "Rows", "main", "write_graph", "write_table"]

RESULTS = {f.media_type.partition(";")[0]: f for f in (
    QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV, QueryResultsFormat.TSV)}  # fmt: skip
GRAPHS = {f.media_type: f for f in (
    RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.JSON_LD, RdfFormat.RDF_XML, RdfFormat.TRIG, RdfFormat.N_QUADS,
)}  # fmt: skip
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_PR_SET_NO_NEW_PRIVS = 38
# A merge of several graphs is built in memory, about 400 bytes for each quad.
_MERGE_LIMIT = 500_000
_STEP = 1_000_000
# A result of so many bytes at most goes with the report, if the parent takes it; they fit into a socket's buffer.
_SHORT = 65_536
# The engine's parser and planner call themselves for each step of a path, each part of a group, each sum, and need more
# than 600 bytes of stack for a byte of the query. On the usual stack a long query would end the process.
_STACK_PER_BYTE = 2048
_USUAL_STACK = 8 << 20
_LARGEST_STACK = 1 << 30


class Failure(Exception):  # noqa: N818 - the parent makes an error of it
    """Why there is no result; :func:`graph.sparql.process.failure` knows the kinds."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(kind)
        self.report = {"kind": kind, "message": message}


class Rows:
    """Counts the rows of a table as its bytes go by: the engine writes the whole table in one call.

    :param media_type: one of SPARQL's four; of another type nothing is counted.
    """

    def __init__(self, media_type: str) -> None:
        self._count = {
            "application/sparql-results+json": self._json,
            "application/sparql-results+xml": self._xml,
            "text/csv": self._csv,
            "text/tab-separated-values": self._tsv,
        }.get(media_type, self._nothing)
        # CSV and TSV begin with a line of names.
        self._lines = -1 if media_type.startswith("text/") else 0
        self._first = 0
        self._tail = b""
        self._held = b""
        self._quoted = 0

    @property
    def number(self) -> int:
        """Rows so far."""
        return max(0, self._lines + self._first)

    def feed(self, data: bytes) -> None:
        """Take in the next bytes, in pieces of any size."""
        self._count(data)

    def _nothing(self, data: bytes) -> None:
        pass

    def _tsv(self, data: bytes) -> None:
        self._lines += data.count(b"\n")  # in values it is escaped

    def _csv(self, data: bytes) -> None:
        pieces = data.split(b'"')
        self._lines += sum(piece.count(b"\n") for piece in pieces[self._quoted :: 2])
        self._quoted = (self._quoted + len(pieces) - 1) % 2

    def _xml(self, data: bytes) -> None:
        text = self._tail + data
        self._lines += text.count(b"<result>")  # in values < is escaped
        self._tail = text[-7:]

    def _json(self, data: bytes) -> None:
        text = self._held + data
        self._held = b"\\" if (len(text) - len(text.rstrip(b"\\"))) % 2 else b""
        text = text.removesuffix(self._held) if self._held else text
        # Without escapes each quote opens or closes a string; outside of strings only rows are objects in an array.
        pieces = text.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = self._tail + (b'"' if self._quoted else b"") + b'"'.join(pieces[self._quoted :: 2])
        self._quoted = (self._quoted + len(pieces) - 1) % 2
        self._lines += outside.count(b"},{")
        self._first = self._first or int(b"[{" in outside)
        self._tail = outside[-2:]


class Output:
    """A file that counts what is written, reports progress, and stops at a limit of bytes or rows."""

    def __init__(self, fd: int, job: dict[str, Any], connection: socket.socket) -> None:
        self._fd = fd
        self._limit: int | None = job["limit"]
        self._row_limit: int | None = job["rows"]
        self._short: bool = job["short"]
        self._table = Rows(job["format"])
        self._counted = 0
        self._connection = connection
        self._parts: list[bytes] = []
        self._held = 0
        self._reported = 0
        self.written = 0

    def write(self, data: bytes) -> int:
        """Take bytes; they reach the file in larger pieces."""
        self._parts.append(bytes(data))
        self._held += len(data)
        if self._limit is not None and self.written + self._held > self._limit:
            raise Failure("result")
        if self._held > _SHORT:
            self.finish()
        return len(data)

    def flush(self) -> None:
        """Do nothing: a serializer may flush after each small write, and only :meth:`finish` must reach the file."""

    @property
    def rows(self) -> int:
        """Rows of a table, triples of a graph, or 1 for a truth value."""
        return self._counted or self._table.number

    def count(self, rows: int = 1) -> None:
        """Count rows that are known without looking at what is written."""
        self._counted += rows
        if self._row_limit is not None and self._counted > self._row_limit:
            raise Failure("rows")

    def finish(self) -> None:
        """Write all to the file."""
        view = memoryview(self._take())
        while view:
            n = os.write(self._fd, view)
            self.written += n
            view = view[n:]
        if self.written - self._reported >= _STEP:
            self._reported = self.written
            _send(self._connection, {"state": "more", "bytes": self.written})

    def end(self) -> bytes | None:
        """Return the whole result if it is short and the parent takes it so; else write the rest to the file."""
        if self.written or not self._short:
            self.finish()
            return None
        body = self._take()
        self.written = len(body)
        return body

    def _take(self) -> bytes:
        held = b"".join(self._parts)
        self._parts, self._held = [], 0
        self._table.feed(held)
        if self._row_limit is not None and self._table.number > self._row_limit:
            raise Failure("rows")
        return held


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
            _send(self._connection, {"state": "error", "kind": "memory", "message": ""})
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
                _send(self._connection, {"state": "done", "bytes": output.written, "rows": output.rows}, body)
            else:
                _send(self._connection, {"state": "done", "bytes": 0, "rows": 0})
        except BaseException as error:
            untouched = False
            _send(self._connection, {"state": "error", **_explain(error, job)})
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if self._fd >= 0 and not untouched:
                os.close(self._fd)
                self._fd = -1


def _open(path: str) -> Store:
    try:
        return Store.read_only(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise Failure("dataset", str(error)) from None


def _run(store: Store, job: dict[str, Any], output: Output) -> None:
    default, named = job["default"], job["named"]
    # Without graphs named the whole dataset; else just the graphs named, an empty list for no graph at all.
    default_graph: Any = DefaultGraph() if default is None else [NamedNode(iri) for iri in default]
    named_graphs: Any = None if named is None else [NamedNode(iri) for iri in named]
    if default is not None and len(default) > 1:
        store = _merge(store, default, named or [])
        default_graph = DefaultGraph()
    result = store.query(job["query"], prefixes=job["prefixes"], default_graph=default_graph, named_graphs=named_graphs)
    if isinstance(result, QuerySolutions | QueryBoolean):
        write_table(result, job, output)
    else:
        write_graph(result, job, output)


def main(run: Callable[[Any, dict[str, Any], Output], None] = _run, opening: Callable[[str], Any] = _open) -> None:
    """Enter the cage, then serve jobs until the parent closes the connection.

    :param run: writes the answer to a job from what ``opening`` has made of the job's path.
    """
    connection = socket.socket(fileno=int(sys.argv[1]))
    _enter_cage(int(sys.argv[2]), network=sys.argv[3] == "network")
    program = _Program(connection, run, opening)
    _send(connection, {"state": "ready"})
    while (job := _receive(connection)) is not None:
        program.do(job)


def write_table(result: QuerySolutions | QueryBoolean, job: dict[str, Any], output: Output) -> None:
    """Write a table or a truth value in the job's format."""
    if isinstance(result, QueryBoolean):
        output.count()
    result.serialize(cast("IO[bytes]", output), RESULTS[job["format"]])


def write_graph(triples: Iterable[Any], job: dict[str, Any], output: Output) -> None:
    """Write triples in the job's format, in one with room for its name as parts of a graph."""
    # In N-Triples and JSON-LD there are no prefixes; Turtle and RDF/XML are read by people.
    counted, form = _counted(triples, output, job["graph"]), GRAPHS[job["format"]]
    serialize(counted, cast("IO[bytes]", output), form, prefixes=job["prefixes"])


def _counted(triples: Iterable[Any], output: Output, graph: str | None) -> Iterator[Any]:
    """Count triples as they are written."""
    name = NamedNode(graph) if graph else None
    for triple in triples:
        output.count()
        yield Quad(triple.subject, triple.predicate, triple.object, name) if name else triple


def _merge(store: Store, default: list[str], named: list[str]) -> Store:
    """Copy graphs into a store of their own, several default ones as one: the engine's union repeats what both say."""
    left = _MERGE_LIMIT

    def quads() -> Iterator[Quad]:
        nonlocal left
        for iris, target in ((default, DefaultGraph()), (named, None)):
            for iri in iris:
                for quad in store.quads_for_pattern(None, None, None, NamedNode(iri)):
                    left -= 1
                    if left < 0:
                        raise Failure("merge")
                    yield quad if target is None else Quad(quad.subject, quad.predicate, quad.object, target)

    merged = Store()
    merged.bulk_extend(quads())
    return merged


def _explain(error: BaseException, job: dict[str, Any]) -> dict[str, Any]:
    if isinstance(error, SyntaxError):
        return {"kind": "syntax", "message": str(error), **_fault(job)}
    if isinstance(error, Failure):
        return error.report
    if isinstance(error, MemoryError):
        return {"kind": "memory", "message": ""}
    if isinstance(error, OSError) and error.errno is not None:
        return {"kind": "disk", "message": os.strerror(error.errno)}
    return {"kind": "query", "message": f"{error}"}


def _fault(job: dict[str, Any]) -> dict[str, Any]:
    """Say where a query is malformed, and what the parser would take there.

    The parser's own place is behind the fault by as much as the longest keyword that it looked for, so beginnings of
    the query are tried. On an empty store, because a beginning may be a query that can run.
    """
    tokens = runpy.run_path(str(Path(__file__).with_name("tokens.py")))
    nothing = Store()

    def complaint(text: str) -> str | None:
        try:
            nothing.query(text, prefixes=job["prefixes"])
        except SyntaxError as error:
            return str(error)
        return None

    def stands(text: str) -> bool:
        said = complaint(text)
        return said is None or said.startswith(f"error at {text.count(chr(10)) + 1}:")

    offset = tokens["first_fault"](job["query"], stands)
    return {"offset": offset, "wanted": complaint(job["query"][:offset] + tokens["PADDING"])}


def _enter_cage(memory: int, *, network: bool) -> None:
    """Give up what a query has no need of. What the system does not offer (other kernels, no rights) is left out."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, not a Ctrl-C at the terminal
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(OSError):
        os.nice(5)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # A new network namespace has no way out, not even to this machine. Where only root may make one, a new
        # user namespace gives the right.
        if not network and libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _send(connection: socket.socket, message: dict[str, Any], result: bytes | None = None) -> None:
    """Send a report, and a short result behind it."""
    if result is not None:
        message["short"] = len(result)
    body = json.dumps(message).encode()
    connection.sendall(len(body).to_bytes(4, "big") + body + (result or b""))


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    # The parent sends a job when the one before is done, so what comes is of one job.
    received, fds, _, _ = socket.recv_fds(connection, _SHORT, 1)
    if not received:
        return None
    while len(received) < 4 or len(received) < 4 + int.from_bytes(received[:4], "big"):
        part = connection.recv(_SHORT)
        if not part:
            return None
        received += part
    job: dict[str, Any] = json.loads(received[4:])
    job["fd"] = fds[0] if fds else -1
    return job


if __name__ == "__main__":
    main()
