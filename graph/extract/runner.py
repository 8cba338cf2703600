"""Runs extraction over many articles: here, or in processes side by side."""

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from itertools import chain, islice
from threading import Thread
from typing import Any, Generic, TypeVar

from graph.article import Article
from graph.errors import InputError, ParleyError
from graph.extract.backends import Backend, load_backend
from graph.extract.backends.meter import Meter
from graph.extract.model import Extraction
from graph.settings import Settings

__all__ = ["Extracted", "Runner", "extract_here", "extract_one", "process_runner", "process_work", "runner_here"]

_T = TypeVar("_T")
#: So few articles are extracted in this process unless a number of processes is asked for.
_FEW = 3
#: An article's key with what was found in it, or why nothing could be.
Extracted = tuple[str, Extraction | ParleyError]
#: Extracts articles, in order; reads only a few ahead.
Runner = Callable[[Iterator[Article]], Iterator[Extracted]]


def extract_one(backend: Backend, article: Article) -> Extraction | ParleyError:
    """Extract an article, or return why that cannot be."""
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
            yield article.key, extract_one(backend, article)

    return run


def extract_here(articles: Iterator[Article]) -> Iterator[Extracted]:
    """Extract articles one after the other in this process, with the embedded back-end."""
    return runner_here(load_backend(Settings()))(articles)


#: What a worker process does with an article.
_workers: list[Callable[[Article], Any]] = []


def _begin(settings: Settings, make: Callable[[Backend], Callable[[Article], Any]], meter: Meter) -> None:
    # Each worker holds the pipes of its work open itself, so it would wait for ever for a parent that was killed.
    Thread(target=_end_with_parent, daemon=True).start()
    _workers[:] = [make(load_backend(settings, meter))]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(article: Article) -> Any:
    return _workers[0](article)


class _Pool(Generic[_T]):
    """Worker processes; they are replaced when the system kills one, and only the articles in their hands fail.

    A back-end travels to them by its name and settings.
    """

    def __init__(self, count: int, settings: Settings, make: Callable[[Backend], Callable[[Article], _T]]) -> None:
        self._count = count
        self._settings = settings
        self._make = make
        # Spawned, not forked: a fork would inherit the store's threads and locks.
        self._context = multiprocessing.get_context("spawn")
        self._meter = Meter(self._context)
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._count,
            mp_context=self._context,
            initializer=_begin,
            initargs=(self._settings, self._make, self._meter),
        )

    def submit(self, article: Article) -> "Future[_T]":
        try:
            return self._executor.submit(_work, article)
        except BrokenProcessPool:
            self._executor.shutdown(wait=False)
            self._executor = self._start()
            return self._executor.submit(_work, article)

    def run(self, articles: Iterator[Article]) -> Iterator[tuple[str, _T | InputError]]:
        waiting: deque[tuple[Article, Future[_T]]] = deque()
        for article in articles:
            waiting.append((article, self.submit(article)))
            if len(waiting) > 2 * self._count:
                yield self._settled(waiting)
        while waiting:
            yield self._settled(waiting)

    @staticmethod
    def _settled(waiting: "deque[tuple[Article, Future[_T]]]") -> tuple[str, _T | InputError]:
        article, future = waiting.popleft()
        try:
            return article.key, future.result()
        except BrokenProcessPool:
            cause = f"{article.source or article.key}: the process that extracted it was killed"
            return article.key, InputError(cause, "give it more memory or fewer --jobs, and ingest it again")

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)


@contextmanager
def process_runner(settings: Settings | None = None) -> Iterator[Runner]:
    """Provide a runner that extracts in several processes with the back-end of the settings.

    :param settings: ``jobs`` says how many processes; 0 for one per core that this process may use, but none for a few
        articles, which are done before another process has read the models; 1 works in this process.
    :raises InputError: if the back-end cannot be loaded.
    """
    with process_work(settings or Settings(), _extracting) as runner:
        yield runner


def _extracting(backend: Backend) -> Callable[[Article], Extraction | ParleyError]:
    return partial(extract_one, backend)


@contextmanager
def process_work(
    settings: Settings, make: Callable[[Backend], Callable[[Article], _T]]
) -> Iterator[Callable[[Iterator[Article]], Iterator[tuple[str, _T | InputError]]]]:
    """Provide what does one piece of work on each article, in order, in several processes.

    :param settings: as for :func:`process_runner`.
    :param make: makes the work from a back-end, in each process once; it has to travel there.
    :raises InputError: if the back-end cannot be loaded.
    """
    count = settings.jobs or (len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)
    # Loaded here as well, for the error that it may be.
    backend = load_backend(settings)
    work = cache(lambda: make(backend))

    def here(articles: Iterator[Article]) -> Iterator[tuple[str, _T | InputError]]:
        for article in articles:
            yield article.key, work()(article)

    if count == 1:
        yield here
        return
    with ExitStack() as started:

        @cache
        def pool() -> _Pool[_T]:
            made = _Pool(count, settings, make)
            started.callback(made.close)
            return made

        def run(articles: Iterator[Article]) -> Iterator[tuple[str, _T | InputError]]:
            first = list(islice(articles, _FEW + 1))
            if len(first) <= _FEW and not settings.jobs:
                return here(iter(first))
            return pool().run(chain(first, articles))

        yield run
