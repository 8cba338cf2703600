"""Runs extraction over many articles: here, or in processes side by side."""

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import chain, islice

from graph.article import Article
from graph.errors import InputError, ParleyError
from graph.extract.backends import Backend, load_backend
from graph.extract.backends.meter import Meter
from graph.extract.model import Extraction
from graph.settings import Settings

__all__ = ["Extracted", "Runner", "extract_here", "process_runner", "runner_here"]

#: So few articles are extracted in this process unless a number of processes is asked for.
_FEW = 3
#: An article's key with what was found in it, or why nothing could be.
Extracted = tuple[str, Extraction | ParleyError]
#: Extracts articles, in order; reads only a few ahead.
Runner = Callable[[Iterator[Article]], Iterator[Extracted]]


def _extract_one(backend: Backend, article: Article) -> Extraction | ParleyError:
    try:
        return backend.extract(article)
    except ParleyError as error:
        return error
    except (RecursionError, MemoryError) as error:
        cause = f"{article.source or article.key}: the text is too tangled to take apart ({type(error).__name__})"
        return InputError(cause, "check that it is an article and split it if it is many")


def runner_here(backend: Backend) -> Runner:
    """Return a runner that extracts articles one after the other in this process."""

    def run(articles: Iterator[Article]) -> Iterator[Extracted]:
        for article in articles:
            yield article.key, _extract_one(backend, article)

    return run


def extract_here(articles: Iterator[Article]) -> Iterator[Extracted]:
    """Extract articles one after the other in this process, with the embedded back-end."""
    return runner_here(load_backend(Settings()))(articles)


#: The back-end of a worker process.
_workers: list[Backend] = []


def _begin(settings: Settings, meter: Meter) -> None:
    _workers[:] = [load_backend(settings, meter)]


def _extract_in_worker(article: Article) -> Extraction | ParleyError:
    return _extract_one(_workers[0], article)


class _Pool:
    """Worker processes; they are replaced when the system kills one, and only the articles in their hands fail.

    A back-end travels to them by its name and settings.
    """

    def __init__(self, count: int, settings: Settings) -> None:
        self._count = count
        self._settings = settings
        # Spawned, not forked: a fork would inherit the store's threads and locks.
        self._context = multiprocessing.get_context("spawn")
        self._meter = Meter(self._context)
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._count, mp_context=self._context, initializer=_begin, initargs=(self._settings, self._meter)
        )

    def submit(self, article: Article) -> "Future[Extraction | ParleyError]":
        try:
            return self._executor.submit(_extract_in_worker, article)
        except BrokenProcessPool:
            self._executor.shutdown(wait=False)
            self._executor = self._start()
            return self._executor.submit(_extract_in_worker, article)

    def run(self, articles: Iterator[Article]) -> Iterator[Extracted]:
        waiting: deque[tuple[Article, Future[Extraction | ParleyError]]] = deque()
        for article in articles:
            waiting.append((article, self.submit(article)))
            if len(waiting) > 2 * self._count:
                yield _settle(*waiting.popleft())
        while waiting:
            yield _settle(*waiting.popleft())

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)


@contextmanager
def process_runner(settings: Settings | None = None) -> Iterator[Runner]:
    """Provide a runner that extracts in several processes with the back-end of the settings.

    :param settings: ``jobs`` says how many processes; 0 for one per core that this process may use, but none for a few
        articles, which are done before another process has read the models; 1 works in this process.
    :raises InputError: if the back-end cannot be loaded.
    """
    settings = settings or Settings()
    count = settings.jobs or (len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)
    # Loaded here as well, for the error that it may be.
    backend = load_backend(settings)
    if count == 1:
        yield runner_here(backend)
        return
    with ExitStack() as started:

        def run(articles: Iterator[Article]) -> Iterator[Extracted]:
            first = list(islice(articles, _FEW + 1))
            if len(first) <= _FEW and not settings.jobs:
                return runner_here(backend)(iter(first))
            pool = _Pool(count, settings)
            started.callback(pool.close)
            return pool.run(chain(first, articles))

        yield run


def _settle(article: Article, future: "Future[Extraction | ParleyError]") -> Extracted:
    try:
        return article.key, future.result()
    except BrokenProcessPool:
        cause = f"{article.source or article.key}: the process that extracted it was killed"
        return article.key, InputError(cause, "give it more memory or fewer --jobs, and ingest it again")
