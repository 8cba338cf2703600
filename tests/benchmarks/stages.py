"""Measures what stages take: functions and methods of Parley, while something that calls them runs."""

import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

__all__ = ["Stage", "measuring"]

#: A module or class, the name of a function of it, and what its stage is called.
Stage = tuple[Any, str, str]


@contextmanager
def measuring(
    seconds: MutableMapping[str, float], stages: Sequence[Stage], clock: Callable[[], float] = time.perf_counter
) -> Iterator[None]:
    """Add to the seconds of each stage, under its name, what its functions take as long as this lasts."""

    def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*arguments: Any, **options: Any) -> Any:
            started = clock()
            try:
                return function(*arguments, **options)
            finally:
                seconds[stage] = seconds.get(stage, 0.0) + clock() - started

        return measured

    with ExitStack() as patches:
        for owner, name, stage in stages:
            patches.enter_context(patch.object(owner, name, timed(stage, getattr(owner, name))))
        yield
