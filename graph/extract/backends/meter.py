"""Counts what a run costs, over all the processes that extract."""

import multiprocessing
from multiprocessing.context import BaseContext

__all__ = ["Meter"]


class Meter:
    """A counter of tokens that processes share.

    What a question may cost at most is reserved before it is put and settled after it is answered, so that processes
    that ask at the same time never pass the limit together.

    :param context: how the processes are started; the default way if None.
    """

    def __init__(self, context: BaseContext | None = None) -> None:
        self._value = (context or multiprocessing.get_context("spawn")).Value("q", 0)

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
