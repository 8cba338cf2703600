"""Keeps what resolution knows out of memory: mappings and look-ups in a file; what was used last is at hand.

The file is a temporary one, or one that the next run goes on with (:mod:`graph.resolve.kept`): all that is in it
follows from the store. A temporary one belongs to one process and is gone when that ends, even by a crash. SQLite makes
it in its folder for such files (the environment variable ``SQLITE_TMPDIR`` names another), and only when there is more
than its cache holds ("Temporary Files Used By SQLite", https://sqlite.org/tempfiles.html).
"""

import contextlib
import itertools
import json
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, MutableMapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar
from weakref import ref

from graph.errors import DatasetError
from graph.resolve.codec import PICKLED, Codec

__all__ = ["Lookup", "Roll", "Room", "RoomError", "Shelf", "mark_of", "put_under"]

_K = TypeVar("_K", str, bytes)
_V = TypeVar("_V")
#: Kilobytes of the file that SQLite holds in memory.
_CACHE = 32_000
#: Keys that are read at once when a shelf is gone through.
_PAGE = 1_000
_SCHEMA = """
CREATE TABLE shelf (name INTEGER, key, value BLOB, PRIMARY KEY (name, key)) WITHOUT ROWID;
CREATE TABLE roll (name INTEGER, line BLOB, day TEXT, entry TEXT, PRIMARY KEY (name, line, day, entry)) WITHOUT ROWID;
CREATE TABLE mark (name INTEGER, mark INTEGER, owner BLOB, PRIMARY KEY (name, mark, owner)) WITHOUT ROWID;
CREATE TABLE word (word TEXT);
"""
_TABLES = "SELECT type, name, sql FROM sqlite_master ORDER BY name"


class RoomError(DatasetError):
    """A room's file cannot be used: what was in it is to be read back from the store."""


class Room:
    """A file for the shelves and look-ups of one index; nothing is opened before the first is needed.

    :param kept: values that each shelf keeps in memory.
    :param path: of the file; a temporary one without a name if None.
    :param word: the word that the file was left with by :meth:`leave`; if None, it is made anew.
    :ivar is_left: whether it has what an earlier run left in it.
    :raises RoomError: if the file was not left with this word, or cannot be used.
    """

    def __init__(self, kept: int = 8_192, path: Path | None = None, word: str | None = None) -> None:
        self.kept = kept
        self.is_left = path is not None and word is not None
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._names = 0
        # Weak, so that an index goes when nobody refers to it any more, and its room with it.
        self._shelves: list[ref[Shelf[Any, Any]]] = []
        if word is not None:
            with _trouble(path):
                self._go_on(word)

    def __del__(self) -> None:
        # An index has no end of its own: it goes when nobody refers to it any more.
        if self._database is not None:
            self._database.close()

    @property
    def is_used(self) -> bool:
        """Whether anything has been put into the file."""
        return self._database is not None

    def name(self) -> int:
        """Return a name for another shelf or look-up."""
        self._names += 1
        return self._names

    def run(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        """Run a statement.

        :raises RoomError: if the disk is full or cannot be written.
        """
        with _trouble(self._path):
            return self._open().execute(statement, tuple(values))

    def run_all(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement once for each row.

        :raises RoomError: if the disk is full or cannot be written.
        """
        with _trouble(self._path):
            self._open().executemany(statement, rows)

    def add(self, shelf: "Shelf[_K, _V]") -> int:
        """Return a name for another shelf, which :meth:`leave` is to write."""
        self._shelves.append(ref(shelf))
        return self.name()

    def leave(self, word: str) -> None:
        """Write all that is on the shelves into the file, put it on disk, and close it; nothing can be read any more.

        :param word: the next run finds it by this.
        :raises RoomError: if the disk is full or cannot be written, or it is a temporary file.
        """
        if self._path is None:
            raise RoomError("a temporary file cannot be left", "this is an error in Parley")
        for each in self._shelves:
            if (shelf := each()) is not None:
                shelf.write()
        with _trouble(self._path):
            database = self._open()
            database.execute("DELETE FROM word")
            database.execute("INSERT INTO word VALUES (?)", (word,))
            database.execute("COMMIT")
            self.close()
            with self._path.open("rb+") as file:
                os.fsync(file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _go_on(self, word: str) -> None:
        """Open a file that an earlier run left."""
        database = self._connect("rw")
        try:
            tables, words = (database.execute(q).fetchall() for q in (_TABLES, "SELECT word FROM word"))
            # Nothing is in it that is run when something else is read or written.
            if tables != _tables() or words != [(word,)]:
                raise sqlite3.DatabaseError("it is not as it was left")
            database.execute("BEGIN")
        except BaseException:
            database.close()
            raise
        self._database = database

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.unlink(missing_ok=True)
            self._database = self._connect("rwc")
            self._database.executescript(_SCHEMA)
            # Never ended before it is left: nobody else reads it, and nothing is of use in it after a crash.
            self._database.execute("BEGIN")
        return self._database

    def _connect(self, mode: str) -> sqlite3.Connection:
        where = "" if self._path is None else f"{self._path.absolute().as_uri()}?mode={mode}"
        database = sqlite3.connect(where, isolation_level=None, check_same_thread=False, uri=True)
        settings = ("journal_mode = OFF", "synchronous = OFF", "trusted_schema = OFF", f"cache_size = -{_CACHE}")
        for setting in settings:
            database.execute(f"PRAGMA {setting}")
        return database


@cache
def _tables() -> list[tuple[str, ...]]:
    """Return what SQLite says of the tables of a room."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.executescript(_SCHEMA)
        return database.execute(_TABLES).fetchall()


@contextlib.contextmanager
def _trouble(path: Path | None) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if path is not None:
            raise RoomError(
                f"{path}: what resolution keeps cannot be used ({error})", "check the disk and run the command again"
            ) from None
        raise RoomError(
            f"the temporary file of resolution cannot be used ({error})",
            "make space in the folder for temporary files, or name another by SQLITE_TMPDIR",
        ) from None


class Shelf(MutableMapping[_K, _V]):
    """A mapping whose values are in memory as long as they are used now and then, and in a room's file otherwise.

    A value is never changed in place: what is put there is what is kept. It is gone through in the order of its keys.

    :param codec: how values are written; one that reads only data where the file may be another's.
    """

    def __init__(self, room: Room, codec: Codec[_V] = PICKLED) -> None:
        self._room = room
        self._codec = codec
        self._name = room.add(self)
        self._recent: OrderedDict[_K, _V] = OrderedDict()
        self._unwritten: set[_K] = set()
        self._spilled = room.is_left

    def __getitem__(self, key: _K) -> _V:
        if key in self._recent:
            self._recent.move_to_end(key)
            return self._recent[key]
        if not self._spilled:
            raise KeyError(key)
        row = self._room.run("SELECT value FROM shelf WHERE name = ? AND key = ?", (self._name, key)).fetchone()
        if row is None:
            raise KeyError(key)
        try:
            value = self._codec.read(row[0])
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise RoomError(f"what resolution keeps is damaged ({error!r:.80})", "run the command again") from None
        self._keep(key, value)
        return value

    def __contains__(self, key: object) -> bool:
        if key in self._recent or not self._spilled:
            return key in self._recent
        row = self._room.run("SELECT 1 FROM shelf WHERE name = ? AND key = ?", (self._name, key)).fetchone()
        return row is not None

    def __setitem__(self, key: _K, value: _V) -> None:
        self._unwritten.add(key)
        self._keep(key, value)

    def __delitem__(self, key: _K) -> None:
        here = key in self._recent
        if here:
            del self._recent[key]
            self._unwritten.discard(key)
        there = False
        if self._spilled:
            there = self._room.run("DELETE FROM shelf WHERE name = ? AND key = ?", (self._name, key)).rowcount > 0
        if not here and not there:
            raise KeyError(key)

    def __iter__(self) -> Iterator[_K]:
        if not self._spilled:
            yield from sorted(self._recent)
            return
        self.write()
        first = "SELECT key FROM shelf WHERE name = ? ORDER BY key LIMIT ?"
        after = "SELECT key FROM shelf WHERE name = ? AND key > ? ORDER BY key LIMIT ?"
        page = self._room.run(first, (self._name, _PAGE)).fetchall()
        while page:
            yield from (key for (key,) in page)
            page = self._room.run(after, (self._name, page[-1][0], _PAGE)).fetchall()

    def __len__(self) -> int:
        if not self._spilled:
            return len(self._recent)
        self.write()
        count: int = self._room.run("SELECT count(*) FROM shelf WHERE name = ?", (self._name,)).fetchone()[0]
        return count

    def write(self) -> None:
        """Write what the file lacks.

        :raises RoomError: if the disk is full or cannot be written.
        """
        if self._unwritten:
            self._write(list(self._unwritten))

    def _keep(self, key: _K, value: _V) -> None:
        self._recent[key] = value
        self._recent.move_to_end(key)
        if len(self._recent) > self._room.kept:
            # Several at once, so that they are written at once.
            oldest = list(itertools.islice(self._recent, self._room.kept // 8 + 1))
            self._write([k for k in oldest if k in self._unwritten])
            for each in oldest:
                del self._recent[each]

    def _write(self, keys: list[_K]) -> None:
        self._spilled = True
        rows = [(self._name, key, self._codec.write(self._recent[key])) for key in keys]
        self._room.run_all("INSERT OR REPLACE INTO shelf VALUES (?, ?, ?)", rows)
        self._unwritten.difference_update(keys)


class Lookup:
    """Which owners have which marks. A mark is a number of 64 bits, such as :func:`mark_of` returns."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._name = room.name()

    def __len__(self) -> int:
        if not self._room.is_used:
            return 0
        count: int = self._room.run("SELECT count(*) FROM mark WHERE name = ?", (self._name,)).fetchone()[0]
        return count

    def add(self, owner: bytes, marks: Iterable[int]) -> None:
        """Note that an owner has these marks."""
        rows = ((self._name, mark, owner) for mark in marks)
        self._room.run_all("INSERT OR IGNORE INTO mark VALUES (?, ?, ?)", rows)

    def remove(self, owner: bytes, marks: Iterable[int]) -> None:
        """Note that an owner does not have these marks."""
        rows = ((self._name, mark, owner) for mark in marks)
        self._room.run_all("DELETE FROM mark WHERE name = ? AND mark = ? AND owner = ?", rows)

    def sharing(self, marks: Iterable[int]) -> dict[bytes, int]:
        """Return the owners that have any of these marks, each with how many of them it has."""
        wanted = "SELECT owner, count(*) FROM mark WHERE name = ? AND mark IN (SELECT value FROM json_each(?))"
        return dict(self._room.run(f"{wanted} GROUP BY owner", (self._name, json.dumps([*marks]))).fetchall())


class Roll:
    """Names on lines, each with a day; the first of a line is found at once, whatever their number."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._name = room.name()

    def add(self, line: bytes, entry: tuple[str, str]) -> None:
        """Put a day and name on a line."""
        self._room.run("INSERT OR IGNORE INTO roll VALUES (?, ?, ?, ?)", (self._name, line, *entry))

    def remove(self, line: bytes, entry: tuple[str, str]) -> None:
        """Take a day and name off a line."""
        taken = "DELETE FROM roll WHERE name = ? AND line = ? AND day = ? AND entry = ?"
        self._room.run(taken, (self._name, line, *entry))

    def first(self, line: bytes) -> tuple[str, str]:
        """Return the first day and name on a line.

        :raises KeyError: if there is none.
        """
        first = "SELECT day, entry FROM roll WHERE name = ? AND line = ? ORDER BY day, entry LIMIT 1"
        row = self._room.run(first, (self._name, line)).fetchone()
        if row is None:
            raise KeyError(line)
        return (row[0], row[1])

    def names(self, line: bytes) -> list[str]:
        """Return the names on a line, those of the first day first."""
        every = "SELECT entry FROM roll WHERE name = ? AND line = ? ORDER BY day, entry"
        return [name for (name,) in self._room.run(every, (self._name, line))]


def mark_of(*words: str) -> int:
    """Return the mark of some words: the same in each run, as :func:`hash` is not.

    >>> mark_of("Summit", "name")
    744252960883026029
    """
    digest = blake2b("\x1f".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def put_under(shelf: Shelf[str, frozenset[_V]], name: str, value: _V) -> None:
    """Add a value to those that are kept under a name."""
    shelf[name] = shelf.get(name, frozenset()) | {value}
