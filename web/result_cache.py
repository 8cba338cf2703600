"""Results of SPARQL queries kept in memory: those of one generation, up to a budget; the least recently used go."""

import threading
from collections import OrderedDict
from typing import NamedTuple

__all__ = ["Kept", "ResultCache"]

# What a key and its place cost besides the result itself.
_OVERHEAD = 500
# No result takes more than this part of the budget: one large one must not drive out all others.
_SHARE = 4


class Kept(NamedTuple):
    """A result: its bytes, and the number of its rows."""

    body: bytes
    rows: int | None


class ResultCache:
    """Keeps results under a key. A generation never changes, so they hold until the next one.

    :param budget: bytes; 0 keeps nothing.

    >>> cache = ResultCache(10_000)
    >>> cache.put("1", "query", Kept(b"true", 1))
    >>> cache.get("1", "query").body
    b'true'
    >>> cache.get("2", "query") is None  # another generation
    True
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._kept: OrderedDict[object, Kept] = OrderedDict()
        self._generation = ""
        self.size = 0

    def get(self, generation: str, key: object) -> Kept | None:
        """Return what is kept under a key."""
        with self._lock:
            if generation != self._generation or key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, generation: str, key: object, result: Kept) -> None:
        """Keep a result, if it is not too large for the budget."""
        cost = _cost(key, result)
        if cost * _SHARE > self._budget:
            return
        with self._lock:
            if generation != self._generation:
                self._kept.clear()
                self._generation, self.size = generation, 0
            old = self._kept.pop(key, None)
            self.size += cost - (_cost(key, old) if old else 0)
            self._kept[key] = result
            while self.size > self._budget:
                gone, value = self._kept.popitem(last=False)
                self.size -= _cost(gone, value)


def _cost(key: object, result: Kept) -> int:
    return len(repr(key)) + len(result.body) + _OVERHEAD
