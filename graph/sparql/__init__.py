"""SPARQL queries of others, run in a cage: checked, limited in time, memory and size, without network."""

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from graph.negotiation import BINDINGS, DATASETS, FORMATS, find_format
from graph.phrase import Phrase
from graph.sparql.errors import TimeLimitError
from graph.sparql.failures import failure
from graph.sparql.guard import Query, check
from graph.sparql.job import Job
from graph.sparql.pool import QueryPool
from graph.sparql.process import WorkerProcess
from graph.sparql.result import Result
from graph.vocabulary import PREFIXES

__all__ = ["Query", "QueryPool", "Result", "check", "make_job", "run_query"]

_WITH_GRAPHS = frozenset({FORMATS["trig"].media_type, FORMATS["nquads"].media_type})


def make_job(
    path: Path,
    query: Query,
    media_type: str,
    *,
    timeout: float,
    limit: int | None = None,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    graph: str | None = None,
) -> Job:
    """Make a job of a query, with the dataset that it asks for (SPARQL 1.1 Protocol, section 2.1.4).

    :param path: folder of the generation.
    :param default_graphs: of the protocol's ``default-graph-uri``; with those of ``named_graphs`` they override FROM.
    :param named_graphs: of the protocol's ``named-graph-uri``.
    :param graph: IRI that the triples of the result are written with, in TriG and N-Quads.
    :raises QueryError: if a graph's name is no IRI.
    """
    default, named = tuple(dict.fromkeys(default_graphs)), tuple(dict.fromkeys(named_graphs))
    if not default and not named:
        default, named = query.default_graphs, query.named_graphs
    whole = not default and not named
    return Job(
        path,
        query.text,
        media_type,
        timeout,
        limit,
        None if whole else default,
        None if whole else named,
        dict(PREFIXES),
        graph=graph if media_type in _WITH_GRAPHS else None,
    )


def run_query(
    generation_path: Path,
    query: str,
    media_type: str | None,
    out: BinaryIO,
    timeout: float = 30.0,
    memory: int = 2_000_000_000,
) -> None:
    """Run one query in a worker process of its own and write its result, all of it or nothing.

    :param generation_path: folder of the generation.
    :param media_type: of the result; None for CSV of a table and Turtle of a graph.
    :param out: where the result goes.
    :param timeout: seconds.
    :param memory: bytes of address space.
    :raises QueryError: if the query is malformed or not allowed.
    :raises NotAcceptableError: if its result has no such media type.
    :raises QueryLimitError: if it ran past a limit.
    """
    checked = check(query, prefixes=dict(PREFIXES))
    offers = DATASETS if checked.is_graph else BINDINGS
    preferred = FORMATS["turtle" if checked.is_graph else "csv"]
    form = preferred if media_type is None else find_format(media_type, offers).format
    job = make_job(generation_path, checked, form.media_type, timeout=timeout)
    worker = WorkerProcess(memory)
    try:
        with tempfile.TemporaryFile(buffering=0) as file:
            worker.wait_ready()
            worker.send(job, file.fileno())
            _wait(worker, job, memory)
            file.seek(0, os.SEEK_SET)
            shutil.copyfileobj(file, out)
    finally:
        worker.close()


def _wait(worker: WorkerProcess, job: Job, memory: int) -> None:
    deadline = time.monotonic() + job.timeout
    while True:
        report = worker.report(max(0.0, deadline - time.monotonic()))
        if report is None:
            raise TimeLimitError(
                Phrase("the query ran for longer than %(seconds)s s", seconds=f"{job.timeout:g}"),
                Phrase("make it more selective, or give it a longer --timeout"),
            )
        if report["state"] == "error":
            raise failure(report, job, memory)
        if report["state"] == "dead":
            raise worker.death()
        if report["state"] == "done":
            return
