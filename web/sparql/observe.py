"""What operators see of the SPARQL endpoint: figures for Prometheus, and a line of JSON for each query."""

import contextlib
import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask

from graph.errors import DatasetError, ParleyError, QueryError, ServiceError
from graph.negotiation import NotAcceptableError
from graph.sparql.errors import (
    AbandonedError,
    BusyError,
    CrashError,
    MemoryLimitError,
    ReadOnlyError,
    ResultLimitError,
    ShareError,
    TimeLimitError,
    TooLongError,
)
from web.figures import things
from web.watching import WatchFigures

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from web.published import Published

__all__ = ["Observation", "Observer", "observer", "outcome_of"]

_KEY = "parley.observer"
_LOCK = threading.Lock()
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
#: Error -> outcome, the narrower class first.
_OUTCOMES: tuple[tuple[type[ParleyError], str], ...] = (
    (ReadOnlyError, "refused"),
    (TooLongError, "too_large"),
    (QueryError, "malformed"),
    (NotAcceptableError, "unacceptable"),
    (TimeLimitError, "timeout"),
    (MemoryLimitError, "memory"),
    (ResultLimitError, "too_large"),
    (CrashError, "crash"),
    (ShareError, "throttled"),
    (BusyError, "busy"),
    (AbandonedError, "abandoned"),
    (DatasetError, "unavailable"),
    (ServiceError, "unavailable"),
)


def outcome_of(error: ParleyError) -> str:
    """Return the word that an error is counted under.

    >>> outcome_of(BusyError())
    'busy'
    """
    return next((word for kind, word in _OUTCOMES if isinstance(error, kind)), "error")


class Observation:
    """One query, from when it came to when its answer was sent or failed. It ends once; what is said later is dropped.

    :param query: its text, of which only a digest is kept.
    :param client: address of who asked.
    :param generation: number of the generation that it is answered from.
    """

    def __init__(self, of: "Observer", query: str, client: str, generation: int) -> None:
        self._observer = of
        self._started = time.monotonic()
        self._ended = False
        self.query = hashlib.sha256(query.encode("utf-8", "replace")).hexdigest()[:16]
        self.client, self.generation = client, generation

    def end(self, outcome: str, status: int, *, rows: int | None = None, size: int = 0) -> None:
        """Say how it ended.

        :param rows: of the result.
        :param size: bytes of the result, before compression.
        """
        if not self._ended:
            self._ended = True
            self._observer.note(self, outcome, status, time.monotonic() - self._started, rows, size)

    def end_with(self, error: ParleyError) -> None:
        """Say that it failed."""
        self.end(outcome_of(error), error.status)


class Observer:
    """Counts and logs the queries of one process; the figures of several processes are added up.

    :param published: names the settings, and what the figures of the dataset are taken from.
    """

    def __init__(self, published: "Published") -> None:
        # Imported here: at its import it decides by the environment, which the server sets first, how to count
        # for several processes.
        from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess

        self._published = published
        self.registry = CollectorRegistry()
        ours: CollectorRegistry | None = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            multiprocess.MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]
            ours = None
        self._queries = Counter("parley_queries", "SPARQL queries by outcome", ["outcome"], registry=ours)
        self._seconds = Histogram(
            "parley_query_seconds", "Time from a SPARQL query to its whole answer", buckets=_BUCKETS, registry=ours
        )
        self._rows = Counter("parley_result_rows", "Rows of SPARQL results sent", registry=ours)
        self._bytes = Counter("parley_result_bytes", "Bytes of SPARQL results sent, uncompressed", registry=ours)
        self._kills = Counter(
            "parley_worker_kills", "SPARQL workers ended before their time", ["reason"], registry=ours
        )
        self.registry.register(_Dataset(published))
        self.registry.register(WatchFigures(published.settings.dataset))
        self._target = published.settings.access_log

    def start(self, query: str, client: str, generation: int) -> Observation:
        """Begin to observe a query."""
        return Observation(self, query, client, generation)

    def killed(self, reason: str) -> None:
        """Count a worker that was ended."""
        self._kills.labels(reason).inc()

    def note(self, seen: Observation, outcome: str, status: int, seconds: float, rows: int | None, size: int) -> None:
        """Count a query that has ended and log it."""
        self._queries.labels(outcome).inc()
        self._seconds.observe(seconds)
        self._rows.inc(rows or 0)
        self._bytes.inc(size)
        if self._target:
            self._log({
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"), "query": seen.query, "outcome": outcome,
                "status": status, "milliseconds": round(seconds * 1000, 1), "rows": rows, "bytes": size,
                "client": seen.client, "generation": seen.generation,
            })  # fmt: skip

    def _log(self, values: dict[str, Any]) -> None:
        line = json.dumps(values, ensure_ascii=False) + "\n"
        # A full disk or a closed pipe must not fail an answer.
        with contextlib.suppress(OSError, ValueError):
            if self._target == "-":
                sys.stderr.write(line)
                sys.stderr.flush()
                return
            # Opened anew for each line, in one write: processes share the file, and it can be rotated at any time.
            target = os.open(self._target, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
            try:
                os.write(target, line.encode())
            finally:
                os.close(target)


class _Dataset:
    """What is published, counted when somebody asks."""

    def __init__(self, published: "Published") -> None:
        self._published = published

    def collect(self) -> Iterator["Metric"]:
        """Return the figures of the current generation; none if nothing is published."""
        from prometheus_client.core import GaugeMetricFamily

        with contextlib.suppress(DatasetError):
            current = self._published.current()
            yield GaugeMetricFamily("parley_generation", "Number of the published generation", value=current.number)
            published_at = current.published_at.timestamp()
            yield GaugeMetricFamily(
                "parley_generation_published_seconds", "When it was published, in Unix time", value=published_at
            )
            counted = GaugeMetricFamily("parley_things", "Things in the published generation", labels=["kind"])
            for kind, number in current.keep("things", things).items():
                counted.add_metric([kind], number)
            yield counted


def observer(app: Flask) -> Observer:
    """Return the observer of an application, made at the first call in each process."""
    with _LOCK:
        held = app.extensions.get(_KEY)
        if held is None or held[0] != os.getpid():
            held = app.extensions[_KEY] = (os.getpid(), Observer(app.extensions["parley"]))
        made: Observer = held[1]
        return made
