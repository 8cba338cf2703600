"""Prepares articles on a cluster of Dask ``distributed`` (https://distributed.dask.org), the extra ``cluster``.

Workers are stateless: a task is an article, and its outcome depends on nothing else. The scheduler gives the tasks of
a worker that is lost to others; when the scheduler itself is lost, all that has no outcome yet is handed to the next
one at the same address. Nothing of the dataset leaves this machine but the articles, and no secret does.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import chain, islice
from threading import Lock
from typing import TYPE_CHECKING, Any

import graph
from graph.article import Article
from graph.errors import InputError, ParleyError, UnavailableError
from graph.extract.backends import load_backend
from graph.extract.model import Extraction
from graph.ingest.prepare import Prepared, Preparer, PreparingRunner
from graph.iris import Iris
from graph.settings import Settings

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["cluster_runner"]

#: Articles that are under way for each thread of the cluster, so that none waits for this process.
_AHEAD = 4
#: Seconds for which a scheduler that is lost, or has no workers, is waited for.
_PATIENCE = 120.0
_PAUSE = 1.0
#: What is raised when a scheduler is lost; an OSError is what Dask raises of a closed connection, too.
_LOST = (CancelledError, OSError, RuntimeError)
_lock = Lock()


@lru_cache(maxsize=2)
def _preparer(iris: Iris, extractor: str) -> Preparer:
    return Preparer(iris, load_backend(Settings(extractor=extractor)))


def _prepare(article: Article, iris: Iris, extractor: str, version: str) -> Prepared | ParleyError:
    """Prepare an article in a worker."""
    if version != graph.__version__:
        cause = f"a worker of the cluster has Parley {graph.__version__}, and this is {version}"
        return UnavailableError(cause, "install the same version everywhere")
    try:
        with _lock:  # one at a time, whatever number of threads the worker has
            return _preparer(iris, extractor)(article)
    except ParleyError as error:
        return UnavailableError(f"a worker of the cluster cannot extract: {error.cause}", error.remedy)


@contextmanager
def cluster_runner(
    settings: Settings, iris: Iris, address: str, *, patience: float = _PATIENCE
) -> Iterator[PreparingRunner]:
    """Provide a runner that prepares articles, in order, on a cluster.

    :param iris: of the dataset that the articles are for.
    :param address: of the scheduler, as in ``tcp://10.0.0.1:8786``.
    :param patience: seconds for which a scheduler that is lost is waited for.
    :raises InputError: if Dask is not installed, no scheduler answers, or the back-end asks a service.
    """
    if settings.extractor.startswith("llm"):
        cause = "the back-end llm does not run on a cluster: its key and its cost cap belong to one machine"
        raise InputError(cause, "leave out --cluster, or choose another --extractor")
    try:
        from distributed import Client
    except ImportError:
        raise InputError("--cluster needs Dask, which is not installed", "install parley[cluster]") from None
    # Set after the import, which sets a level of its own: what Dask has to say of lost connections, our errors tell.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    link = _Link(Client, address)
    link.connect(patience=0)
    try:
        yield _Run(link, iris, settings.extractor, patience)
    finally:
        link.close()


class _Link:
    """The connection to a scheduler, by Dask's client."""

    def __init__(self, make: Any, address: str) -> None:
        self._make = make
        self._address = address
        self._client: Any = None

    def connect(self, patience: float) -> None:
        """Connect, again if need be.

        :raises InputError: if no scheduler answers in time.
        """
        self.close()
        until = time.monotonic() + patience
        while True:
            try:
                self._client = self._make(self._address, timeout=5, set_as_default=False)
            except (OSError, ValueError) as error:
                if time.monotonic() >= until:
                    cause = f"no scheduler answers at {self._address} ({type(error).__name__})"
                    raise InputError(cause, "start one with `dask scheduler`, or check the address") from None
                time.sleep(_PAUSE)  # it may be starting anew
            else:
                return

    @property
    def client(self) -> Any:
        if self._client is None:
            raise ConnectionError("not connected")
        return self._client

    def threads(self) -> int:
        return max(1, sum(map(int, self.client.nthreads().values())))

    def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            with suppress(Exception):
                client.close(timeout=2)


class _Run:
    """A runner over a cluster."""

    def __init__(self, link: _Link, iris: Iris, extractor: str, patience: float) -> None:
        self._link = link
        self._recipe = (iris, extractor, graph.__version__)
        self._patience = patience

    def __call__(self, articles: Iterator[Article]) -> Iterator[tuple[str, Prepared | Extraction | ParleyError]]:
        waiting: deque[tuple[Article, Future[Any]]] = deque()
        while True:
            for article in islice(articles, max(0, _AHEAD * self._threads() - len(waiting))):
                waiting.append((article, self._submit(article, waiting)))
            if not waiting:
                return
            article = waiting[0][0]
            result = self._result(waiting)
            waiting.popleft()
            yield article.key, result
            if isinstance(result, UnavailableError):
                yield from ((a.key, result) for a in chain((a for a, _ in waiting), articles))
                return

    def _threads(self) -> int:
        try:
            return self._link.threads()
        except _LOST:
            return 1

    def _submit(self, article: Article, waiting: "deque[tuple[Article, Future[Any]]]") -> "Future[Any]":
        while True:
            try:
                return self._future(article)
            except _LOST:
                self._again(waiting)

    def _future(self, article: Article) -> "Future[Any]":
        future: Future[Any] = self._link.client.submit(_prepare, article, *self._recipe, pure=False)
        return future

    def _result(self, waiting: "deque[tuple[Article, Future[Any]]]") -> Prepared | ParleyError:
        """Return the outcome of the first article that waits."""
        from distributed import KilledWorker

        until = time.monotonic() + self._patience
        while True:
            try:
                found: Prepared | ParleyError = waiting[0][1].result(timeout=_PAUSE * 5)
            except KilledWorker:
                name = waiting[0][0].source or waiting[0][0].key
                return InputError(f"{name}: the workers that extracted it were killed", "give them more memory")
            except TimeoutError:
                # Slow, or nobody is left to do it.
                if self._alive():
                    until = time.monotonic() + self._patience
                elif time.monotonic() > until:
                    return UnavailableError("the cluster has no workers", "start some with `dask worker`, and go on")
            except _LOST:
                try:
                    self._again(waiting)
                except InputError as error:
                    return UnavailableError(error.cause, f"{error.remedy}; then go on with the same command")
            else:
                return found

    def _alive(self) -> bool:
        try:
            return bool(self._link.client.nthreads())
        except _LOST:
            return False

    def _again(self, waiting: "deque[tuple[Article, Future[Any]]]") -> None:
        """Connect anew, and hand in again all that waits."""
        self._link.connect(self._patience)
        for number, (article, _) in enumerate(waiting):
            waiting[number] = (article, self._future(article))
