"""The rooms of resolution in files beside the store, which one run leaves and the next goes on with.

::

    store/resolution/events.sqlite, claims.sqlite, people.sqlite

They follow from the store, and count only if they belong to exactly what is in it: that is said by the seal
(:mod:`graph.store.seal`), which each of them is named in by a word of its own. What is left also depends on how
resolution works, on the lexicons and on the reference facts: a digest of these is a part of the word, so that what
another version has left is not gone on with. In all other cases a room is begun anew, and read back from the store.
"""

import contextlib
import secrets
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

import graph
from graph.files import data_path
from graph.resolve.shelf import Room, RoomError
from graph.store import EmbeddedStore
from graph.store.seal import RESOLUTION

__all__ = ["KeptRooms"]

#: What of this package decides what is kept, and what of the data.
_CODE = ("resolve", "extract", "facts", "edtf.py", "iris.py")
_DATA = (("lexicons",), ("facts",), ("queries", "resolve"), ("model", "geonames.tsv"))


class KeptRooms:
    """The rooms that are kept beside a store, by name. Belongs to the one writer."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._seal = store.seal
        self._folder = store.path / RESOLUTION
        self._given_up = False

    def room(self, name: str) -> Room:
        """Return a room as the last run left it, if it still fits the store, or one that is empty.

        :raises DatasetError: if it cannot be noted that the room is in use.
        """
        if self._given_up:
            return Room()
        path = self._path(name)
        word = self._seal.take(path.name)
        if word is not None:
            with contextlib.suppress(RoomError):
                return Room(path=path, word=_bound(word))
        return Room(path=path)

    def leave(self, name: str, room: Room) -> None:
        """Leave a room to the next run: it has what follows from the store. If that cannot be, it is dropped."""
        if self._given_up:
            return
        word = secrets.token_hex(8)
        with contextlib.suppress(RoomError):
            room.leave(_bound(word))
            self._seal.put(self._path(name).name, word)

    def give_up(self) -> bool:
        """Have no more files beside the store in this run, as when its disk is full; tell whether there were any."""
        before, self._given_up = self._given_up, True
        for path in self._folder.glob("*.sqlite"):
            with contextlib.suppress(OSError):
                path.unlink()
        return not before

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite"


def _bound(word: str) -> str:
    return f"{word} {_version()}"


@cache
def _version() -> str:
    """Return a digest of all that decides what is kept, but for the store."""
    digest = blake2b(digest_size=16)
    digest.update(repr((graph.__version__, sys.version_info[:2], unicodedata.unidata_version)).encode())
    for path in _files():
        digest.update(f"{path.name}\n{path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    package = Path(__file__).parents[1]
    for part in (*(package / name for name in _CODE), *(data_path(*names) for names in _DATA)):
        yield from sorted(path for path in part.rglob("*") if path.is_file()) if part.is_dir() else (part,)
