"""Results written in the format that is asked for, within limits."""

import os
import socket
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

from pyoxigraph import NamedNode, Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from graph.worker.messages import SHORT, Failure, send
from graph.worker.rows import Rows

__all__ = ["GRAPHS", "RESULTS", "Output", "write_graph", "write_table"]

RESULTS = {f.media_type.partition(";")[0]: f for f in (
    QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV, QueryResultsFormat.TSV)}  # fmt: skip
GRAPHS = {f.media_type: f for f in (
    RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.JSON_LD, RdfFormat.RDF_XML, RdfFormat.TRIG, RdfFormat.N_QUADS,
)}  # fmt: skip
_STEP = 1_000_000


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
        if self._held > SHORT:
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
            send(self._connection, {"state": "more", "bytes": self.written})

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
