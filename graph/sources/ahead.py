"""Reading ahead: pages of several hosts are fetched at once, and come in the order in which they were asked for."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar
from urllib.parse import urlsplit

from graph.sources.canonical import canonical_url
from graph.sources.files import is_web
from graph.sources.item import Item

__all__ = ["read_ahead"]

_Result = TypeVar("_Result")
#: Pages that are being fetched or are waiting for their turn, per host that may be asked at once.
_WAITING = 4


def read_ahead(
    items: Iterable[Item], read: Callable[[Item], _Result], hosts: int, asked: set[str]
) -> Iterator[tuple[Item, _Result]]:
    """Yield each item with what reading it gave, in order; a page that comes again is left out.

    Files and documents are read when it is their turn. Pages are fetched in threads: of one host one after the other,
    of at most so many hosts at once.

    :param read: reads an item; must not raise.
    :param asked: addresses that were asked for already; those of the items are added.
    """
    window: deque[tuple[Item, Future[_Result] | None]] = deque()
    turns: dict[str, threading.Lock] = {}
    several = threading.Semaphore(max(1, hosts))
    most = max(1, hosts) * _WAITING

    def fetch(item: Item, turn: threading.Lock) -> _Result:
        with turn, several:
            return read(item)

    with ExitStack() as stack:
        pool: ThreadPoolExecutor | None = None
        for item in items:
            future: Future[_Result] | None = None
            if item.document is None and item.error is None and _from_web(item.source):
                address = canonical_url(item.source)
                if address in asked:
                    continue
                asked.add(address)
                if pool is None:
                    pool = ThreadPoolExecutor(most, thread_name_prefix="fetch")
                    stack.callback(pool.shutdown, wait=True, cancel_futures=True)
                turn = turns.setdefault(urlsplit(item.source).netloc.lower(), threading.Lock())
                future = pool.submit(fetch, item, turn)
            window.append((item, future))
            while len(window) >= most or (window and window[0][1] is None):
                yield _settle(*window.popleft(), read)
        while window:
            yield _settle(*window.popleft(), read)


def _settle(item: Item, future: "Future[_Result] | None", read: Callable[[Item], _Result]) -> tuple[Item, _Result]:
    return item, read(item) if future is None else future.result()


def _from_web(source: str) -> bool:
    return source.partition("://")[0].lower() in ("http", "https") and is_web(source)
