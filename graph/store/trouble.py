"""What the operating system and the storage engine complain of, as one line with cause and remedy.

The engine tells most things in words only: an :exc:`OSError` without a number ("No space left on device"), or a
:exc:`RuntimeError` ("Corruption: ...").
"""

import errno
from pathlib import Path

from graph.errors import DatasetError

__all__ = ["STORE_ERRORS", "trouble"]

#: What pyoxigraph raises when it meets trouble on disk.
STORE_ERRORS = (OSError, RuntimeError)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def trouble(path: Path, error: Exception, *, restore: Path | None = None) -> DatasetError:
    """Return the error that tells a user what is wrong with a file or folder of a dataset.

    :param path: what was read or written.
    :param error: what was raised.
    :param restore: folder of the last good copy, if there is one.
    """
    number = getattr(error, "errno", None)
    words = str(error)
    if number in _FULL or "No space left" in words or "Disk quota exceeded" in words:
        return DatasetError(f"{path}: the disk is full", "free some space and run the command again; nothing is lost")
    if number in _REFUSED or "Read-only file system" in words or "Permission denied" in words:
        return DatasetError(f"{path}: it cannot be written", "check its permissions, or choose another folder")
    if number == errno.EMFILE or "Too many open files" in words:
        return DatasetError(f"{path}: too many files are open", "raise the limit of open files (`ulimit -n`)")
    if "lock hold by" in words or "While lock file" in words:
        return DatasetError(f"{path}: another program has it open", "wait for that program or stop it")
    if words.startswith("Corruption") or isinstance(error, FileNotFoundError):
        remedy = (
            f"move {path} away and copy {restore} to {path}"
            if restore
            else "restore the folder from a backup, or ingest again into a new one"
        )
        return DatasetError(f"{path}: it is damaged ({words[:200]})", remedy)
    return DatasetError(f"{path}: it cannot be used ({words[:200]})", "check the disk and the folder")
