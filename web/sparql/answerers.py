"""What answers the queries of a request: a pool of workers, and the results that are kept."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from flask import Flask, current_app

from graph.errors import DatasetError
from graph.sparql import QueryPool
from graph.sparql.process import WorkerProcess
from web.sparql.observe import observer
from web.sparql.result_cache import ResultCache

if TYPE_CHECKING:
    from web.published import Published, Snapshot

__all__ = ["Answerer", "Here", "here", "query_pool", "start_pool", "this_app"]

_POOL = "parley.sparql"
_LOCK = threading.Lock()


class Answerer(Protocol):
    """What one request's query is answered by: the workers of a store, and the results of it that are kept.

    :param stood: whether an answer that was given is known to be all of one generation.
    """

    pool: QueryPool
    cache: ResultCache
    stood: bool

    @property
    def identity(self) -> str | None:
        """What results are kept under, and tags are made of; None if they cannot be."""

    @property
    def number(self) -> int | None:
        """Number of the generation, if it has one."""

    def check(self) -> bool:
        """Find out whether the store has still the generation that it had when the request came."""


class Here:
    """The generation that a request sees, as what answers its query. It stays as it is."""

    stood = True

    def __init__(self, app: Flask, current: "Snapshot") -> None:
        self.pool, self.cache = _parts(app)
        self.identity: str | None = current.identity
        self.number: int | None = current.number

    def check(self) -> bool:
        """Return True."""
        return True


def this_app() -> Flask:
    """Return the application of the current request itself, which a thread may go on with."""
    return cast("Flask", cast("Any", current_app)._get_current_object())


def here(current: "Snapshot") -> Here:
    """Return the generation that the current request sees, as what answers its query."""
    return Here(this_app(), current)


def query_pool(app: Flask) -> QueryPool:
    """Return the workers of an application, started at the first call in each process: no thread outlives a fork."""
    return _parts(app)[0]


def _parts(app: Flask) -> tuple[QueryPool, ResultCache]:
    seen = observer(app)
    with _LOCK:
        held = app.extensions.get(_POOL)
        if held is None or held[0] != os.getpid():
            served = cast("Published", app.extensions["parley"])
            pool = start_pool(served, seen.killed)
            held = app.extensions[_POOL] = (os.getpid(), pool, ResultCache(served.settings.sparql_cache))
        return cast("tuple[QueryPool, ResultCache]", held[1:])


def start_pool(
    published: "Published", ended: Callable[[str], None], start: Callable[[], WorkerProcess] | None = None
) -> QueryPool:
    """Start workers with the limits of the settings.

    :param ended: told of each worker that was ended before its time.
    :param start: starts a worker; those of the generation that is published here if None.
    """
    settings = published.settings

    def generation() -> tuple[int, Path] | None:
        try:
            current = published.current()
        except DatasetError:
            return None
        return current.number, current.generation.path

    return QueryPool(
        generation,
        workers=settings.sparql_workers,
        timeout=settings.sparql_timeout,
        memory=settings.sparql_memory,
        result_limit=settings.sparql_result_limit,
        row_limit=settings.sparql_row_limit,
        services=settings.sparql_services.split(),
        # Some threads of the server are always left for the pages.
        max_waiting=settings.sparql_waiting or max(2, settings.threads - settings.sparql_workers - 2),
        max_wait=settings.sparql_wait,
        client_running=settings.sparql_client_running,
        client_waiting=settings.sparql_client_waiting,
        start=start,
        # Those of another store compute there.
        processors=None if start is None else 0,
        ended=ended,
    )
