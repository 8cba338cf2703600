"""Runs extraction over many articles: here, or in processes side by side."""

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from graph.article import Article
from graph.errors import InputError, ParleyError
from graph.extract.model import Extraction
from graph.extract.pipeline import extract

__all__ = ["Extracted", "Runner", "extract_here", "process_runner"]

#: An article's key with what was found in it, or why nothing could be.
Extracted = tuple[str, Extraction | ParleyError]
#: Extracts articles, in order; reads only a few ahead.
Runner = Callable[[Iterator[Article]], Iterator[Extracted]]


def _extract_one(article: Article) -> Extraction | ParleyError:
    try:
        return extract(article)
    except (RecursionError, MemoryError) as error:
        cause = f"{article.source or article.key}: the text is too tangled to take apart ({type(error).__name__})"
        return InputError(cause, "check that it is an article and split it if it is many")


def extract_here(articles: Iterator[Article]) -> Iterator[Extracted]:
    """Extract articles one after the other in this process."""
    for article in articles:
        yield article.key, _extract_one(article)


class _Pool:
    """Worker processes; they are replaced when the system kills one, and only the articles in their hands fail."""

    def __init__(self, count: int) -> None:
        self._count = count
        # Spawned, not forked: a fork would inherit the store's threads and locks.
        self._context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(count, mp_context=self._context)

    def submit(self, article: Article) -> "Future[Extraction | ParleyError]":
        try:
            return self._executor.submit(_extract_one, article)
        except BrokenProcessPool:
            self._executor.shutdown(wait=False)
            self._executor = ProcessPoolExecutor(self._count, mp_context=self._context)
            return self._executor.submit(_extract_one, article)

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
def process_runner(jobs: int = 0) -> Iterator[Runner]:
    """Provide a runner that extracts in several processes.

    :param jobs: how many; 0 for one per core that this process may use; 1 works in this process.
    """
    count = jobs or (len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)
    if count == 1:
        yield extract_here
        return
    pool = _Pool(count)
    try:
        yield pool.run
    finally:
        pool.close()


def _settle(article: Article, future: "Future[Extraction | ParleyError]") -> Extracted:
    try:
        return article.key, future.result()
    except BrokenProcessPool:
        cause = f"{article.source or article.key}: the process that extracted it was killed"
        return article.key, InputError(cause, "give it more memory or fewer --jobs, and ingest it again")
