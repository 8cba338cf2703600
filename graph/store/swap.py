"""Puts a rebuilt store in the place of the live one, so that a crash at any moment leaves one of the two there.

No file system gives one folder the name of another in one step that all of them know. So the rebuilt store first gets a
name that says it is whole, then the old one goes, then the new one gets its name; whoever finds no store, and one that
is whole, takes the last step.
"""

import os
import secrets
import shutil
from pathlib import Path

from graph.store.generations import sync
from graph.store.trouble import trouble

__all__ = ["REBUILT", "clear_swap", "finish_swap", "has_store", "swap"]

#: Name of a rebuilt store that is whole, in the folder of its dataset.
REBUILT = ".rebuilt-store"
_REPLACED = ".replaced-store-"


def swap(path: Path, rebuilt: Path) -> None:
    """Put a store in the place of a dataset's live one, which goes. The caller holds the dataset's lock.

    :param path: folder of the dataset.
    :param rebuilt: folder of the new store, whole and on disk, on the same file system.
    :raises DatasetError: if it cannot be done; the dataset has the old store or the new one then.
    """
    try:
        rebuilt.rename(path / REBUILT)
        sync(path)
        (path / "store").rename(path / f"{_REPLACED}{secrets.token_hex(6)}")
        finish_swap(path)
        sync(path)
    except OSError as error:
        raise trouble(path, error) from None
    clear_swap(path)


def finish_swap(path: Path) -> bool:
    """Do the last step of a swap that was cut off, if there is one; tell whether there is a live store now."""
    try:
        (path / REBUILT).rename(path / "store")
    except OSError:  # there is none, or another process was quicker
        return has_store(path)
    return True


def has_store(path: Path) -> bool:
    """Tell whether a folder has a live store; False, not an error, where it may not be looked at."""
    return os.path.isdir(path / "store")  # noqa: PTH112 - Path.is_dir raises there


def clear_swap(path: Path) -> None:
    """Remove the stores that swaps have replaced. The caller holds the dataset's lock."""
    for replaced in path.glob(f"{_REPLACED}*"):
        shutil.rmtree(replaced, ignore_errors=True)
