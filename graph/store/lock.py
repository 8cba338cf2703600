"""The lock of the one writer: a file that holds the writer's process id and is locked as long as that process lives."""

import contextlib
import fcntl
import os
import weakref
from pathlib import Path

from graph.errors import DatasetError, InUseError
from graph.store.trouble import trouble

__all__ = ["FileLock"]

_HELD: "weakref.WeakSet[FileLock]" = weakref.WeakSet()


class FileLock:
    """An exclusive lock on a file, taken at once or not at all; the system frees it when the process ends, however.

    :raises InUseError: if another writer holds it.
    :raises DatasetError: if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise trouble(path.parent, error) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            if holder == str(os.getpid()):
                cause, remedy = "this process is already writing to it", "close the open writer first"
            else:
                cause, remedy = f"it is in use by process {holder or '(unknown)'}", "wait for that process or stop it"
            raise InUseError(f"{path.parent}: {cause}", remedy) from None
        except OSError as error:
            os.close(descriptor)
            raise trouble(path.parent, error) from None
        if not path.exists() or path.stat().st_ino != os.fstat(descriptor).st_ino:
            os.close(descriptor)  # somebody removed the file meanwhile, and may lock another one of this name
            raise DatasetError(f"{path.parent}: it is being made or removed", "run the command again")
        self._descriptor = descriptor
        _HELD.add(self)
        # The number only tells others whom to wait for; on a full disk the lock holds all the same.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            self.forget()

    def release(self) -> None:
        """Let others write; does nothing the second time."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            self.forget()

    def forget(self) -> None:
        """Close the file. Where another process has inherited it, the lock stays with that one."""
        descriptor, self._descriptor = self._descriptor, -1
        _HELD.discard(self)
        if descriptor >= 0:
            os.close(descriptor)


def _after_fork() -> None:
    # A forked child must not keep the lock when its parent dies.
    for lock in list(_HELD):
        lock.forget()


os.register_at_fork(after_in_child=_after_fork)
