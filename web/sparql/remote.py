"""``/sparql`` answered by the remote store, where the settings say so; pages stay on the generation that is here."""

import os
import threading
from typing import TYPE_CHECKING, cast

from flask import Flask, request

from graph.iris import Iris
from graph.remote.serving import Answering, Edition, starter
from graph.settings import Settings
from graph.sparql import QueryPool
from graph.sparql.errors import AwayError
from web.published import published
from web.sparql.answerers import Answerer, here, start_pool, this_app
from web.sparql.observe import observer
from web.sparql.result_cache import ResultCache

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["Remote", "answerer", "close_remote"]

_KEY = "parley.remote"
_LOCK = threading.Lock()


class Remote:
    """What one request is answered from at the remote store.

    :param pool: its workers.
    :param cache: results of the generation that it has.
    :raises AwayError: if the store cannot be asked, or has no generation yet.
    """

    def __init__(self, pool: QueryPool, cache: ResultCache, answering: Answering) -> None:
        self.pool = pool
        self.cache = cache
        self._answering = answering
        self._edition: Edition = answering.edition()
        #: Whether the answer is known to be all of one generation; asked of the store after a result is there.
        self.stood = False

    @property
    def identity(self) -> str | None:
        """What results are kept under, and tags are made of; None while another generation arrives."""
        return f"remote {self._edition.name} {self._edition.since}" if self._edition.since else None

    @property
    def number(self) -> int | None:
        """Number of the generation; None while another one arrives."""
        return self._edition.number if self._edition.since else None

    def check(self) -> bool:
        """Ask the store whether it has still the generation that it had when the request came."""
        try:
            self.stood = bool(self._edition.since) and self._answering.edition(now=True) == self._edition
        except AwayError:
            self.stood = False
        return self.stood


def answerer(current: "Snapshot") -> Answerer:
    """Return what answers the current request: the remote store or the generation here, as for a number that is named.

    :raises AwayError: if the store cannot be asked, or has no generation yet.
    """
    settings = published().settings
    if not settings.sparql_remote or request.args.get("generation"):
        return here(current)
    return Remote(*_parts(this_app(), settings, current.iris))


def close_remote(app: Flask) -> None:
    """End the workers of an application, if there are any."""
    held = app.extensions.pop(_KEY, None)
    if held is not None:
        held[1].close()


def _parts(app: Flask, settings: Settings, iris: Iris) -> tuple[QueryPool, ResultCache, Answering]:
    # Started at the first call in each process, as the other workers: no thread outlives a fork.
    seen = observer(app)
    with _LOCK:
        held = app.extensions.get(_KEY)
        if held is None or held[0] != (os.getpid(), iris.base):
            pool = start_pool(published(app), seen.killed, starter(settings, iris))
            cache = ResultCache(settings.sparql_cache)
            held = app.extensions[_KEY] = ((os.getpid(), iris.base), pool, cache, Answering(settings, iris))
        return cast("tuple[QueryPool, ResultCache, Answering]", held[1:])
