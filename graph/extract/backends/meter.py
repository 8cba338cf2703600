"""Counts what a run costs, over all the processes that extract."""

from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

__all__ = ["Meter"]


class _Own:
    """A count of one process: what is shared between processes takes another process to clean up after it."""

    def __init__(self) -> None:
        self.value = 0
        self._lock = RLock()

    def get_lock(self) -> RLock:
        return self._lock


class Meter:
    """A counter of tokens that threads share, and processes.

    What a question may cost at most is reserved before it is put and settled after it is answered, so that processes
    that ask at the same time never pass the limit together, unless a service counts more tokens than were reserved.

    :param context: how the processes are started that share it; None if it is of this one.
    """

    def __init__(self, context: "BaseContext | None" = None) -> None:
        self._value = context.Value("q", 0) if context else _Own()

    @property
    def spent(self) -> int:
        """Tokens that were spent or are reserved."""
        return int(self._value.value)

    def reserve(self, tokens: int, limit: int) -> bool:
        """Reserve tokens; tell whether that stays within the limit, and reserve nothing if not."""
        with self._value.get_lock():
            if self._value.value + tokens > limit:
                return False
            self._value.value += tokens
            return True

    def settle(self, reserved: int, used: int) -> None:
        """Put what was used in the place of what was reserved."""
        with self._value.get_lock():
            self._value.value += used - reserved
