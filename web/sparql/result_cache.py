"""Results of SPARQL queries kept in memory, each for its generation, up to a budget; the least recently used go."""

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
    """Keeps results under a generation and a key. A generation never changes, so they hold for as long as it is asked.

    Those of older generations are not dropped at the next one: clients that name one would drive out all the others'.

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
        self._kept: OrderedDict[tuple[str, object], Kept] = OrderedDict()
        self.size = 0

    def get(self, generation: str, key: object) -> Kept | None:
        """Return what is kept under a key."""
        place = generation, key
        with self._lock:
            if place not in self._kept:
                return None
            self._kept.move_to_end(place)
            return self._kept[place]

    def put(self, generation: str, key: object, result: Kept) -> None:
        """Keep a result, if it is not too large for the budget."""
        place = generation, key
        cost = _cost(place, result)
        if cost * _SHARE > self._budget:
            return
        with self._lock:
            old = self._kept.pop(place, None)
            self.size += cost - (_cost(place, old) if old else 0)
            self._kept[place] = result
            while self.size > self._budget:
                gone, value = self._kept.popitem(last=False)
                self.size -= _cost(gone, value)


def _cost(key: object, result: Kept) -> int:
    return len(repr(key)) + len(result.body) + _OVERHEAD
