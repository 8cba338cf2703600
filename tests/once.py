"""What is dear to make is made once, however many processes run the tests."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["locked", "made", "once"]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep out the other processes that lock the same file; wait for them first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made(folder: Path, make: Callable[[Path], object]) -> Path:
    """Return a folder that ``make`` has filled, now, at another time, or in another process that is waited for.

    Where ``make`` fails, the next who asks tries again.
    """
    with locked(folder.with_name(f"{folder.name}.lock")):
        if not (folder / "made").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder)
            (folder / "made").touch()
    return folder


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that ``make`` has filled once for all processes of this run. Nothing may write to it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has a folder of its own there
    return made(base / "once" / name, make)
