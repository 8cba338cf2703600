"""The seal of a live store: which files beside it follow from exactly what is in it.

::

    store/resolution/seal   JSON: what the engine's files, and those that are sealed, were when the store was closed
    store/resolution/...    those that are sealed; see :mod:`graph.resolve.kept`

A seal is set when the store is closed, all is on disk, and whoever keeps the files has said that they fit. It is broken
on disk before the first change of the store, and before a sealed file is taken to be changed; so whatever kills the
process, the next one finds a seal that holds or none. A seal holds only if each file is the one that was sealed: same
size, same inode, changed last at the same moment. The engine begins new files whenever somebody opens the store to
write, so a store that was opened by another program, or put back, has no seal; neither has a copy of a dataset.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from graph.files import write_whole
from graph.store.trouble import trouble

__all__ = ["RESOLUTION", "SEAL", "Seal"]

#: Folder of what is sealed, in the folder of the store.
RESOLUTION = "resolution"
#: Name of the seal there.
SEAL = "seal"


class Seal:
    """The seal of a store that is being opened. It is looked at before the engine opens its files.

    :param store: folder of the store.
    :ivar changes: how often the store has changed since it was opened.
    :raises DatasetError: if a seal that does not hold cannot be removed.
    """

    def __init__(self, store: Path) -> None:
        self._store, self._path = store, store / RESOLUTION / SEAL
        self._sealed: dict[str, str] = {}
        self._there = True
        self.changes = 0
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            found = json.loads(self._path.read_bytes())
            if found["store"] == _state(_engine_files(store)):
                self._sealed = {
                    str(name): str(word)
                    for name, (word, state) in found["files"].items()
                    if state == _state([self._path.with_name(name)])
                }
        if not self._sealed:
            self._break()

    def take(self, name: str) -> str | None:
        """Return the word that a file was sealed with, if it still fits the store; the seal is broken then.

        Whoever takes it may change it, and seals it anew by :meth:`put`.

        :raises DatasetError: if the seal cannot be broken.
        """
        word = self._sealed.pop(name, None)
        if word is not None:
            self._break()
        return word

    def put(self, name: str, word: str) -> None:
        """Have a file sealed when the store is closed, unless the store changes before.

        :param word: what :meth:`take` is to return; the file has it in it, and is on disk.
        """
        self._sealed[name] = word

    def changing(self) -> None:
        """Break the seal: the store is going to be changed.

        :raises DatasetError: if it cannot be broken.
        """
        self.changes += 1
        self._sealed.clear()
        self._break()

    def close(self) -> None:
        """Seal what is to be sealed. The engine has closed its files, and all of them are on disk."""
        try:
            if self._sealed:
                files = {n: (word, _state([self._path.with_name(n)])) for n, word in self._sealed.items()}
                found = {"store": _state(_engine_files(self._store)), "files": files}
                write_whole(self._path, json.dumps(found).encode())
        except OSError:
            # Nothing but time is lost: the next run reads back what it needs. An older seal does not hold any more.
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _break(self) -> None:
        if not self._there:
            return
        try:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                self._path.unlink()
                folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    os.fsync(folder)  # before the change itself can be on disk
                finally:
                    os.close(folder)
        except OSError as error:
            raise trouble(self._store, error) from None
        self._there = False


def _engine_files(store: Path) -> Iterator[Path]:
    """Yield the files of the engine that say what is in the store; those of tables never change and are named there."""
    with os.scandir(store) as found:
        for entry in found:
            if entry.name == "CURRENT" or entry.name.startswith("MANIFEST-") or entry.name.endswith(".log"):
                yield store / entry.name


def _state(paths: Iterable[Path]) -> list[Any]:
    """Return what is another if a file is another or was changed; as JSON gives it back."""
    states = []
    for path in sorted(paths):
        found = path.stat()
        states.append([path.name, found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns])
    return states
