"""Generations: the published states of a dataset, each a folder that never changes.

::

    generations/000041/   a whole store, opened read-only
    generations/000042/
    generations/current   the number of the one that readers take
    store/published       the number of the one that the live store still makes, if it does, and the amendment's name
    store/journal         what was changed in the live store since; see :mod:`graph.store.journal`
    store/copied          the copy that a rebuild works on, if the live store is still what was copied
    store/resolution/     what resolution keeps from run to run; see :mod:`graph.store.seal`

A generation gets its name only when all of it is on disk, and ``current`` names it only after that; a crash leaves at
most a folder that nobody takes and the next publication clears away. The engine opens the files of a store late, so the
folder must stay while a reader has it open: whoever holds a :class:`Generation` holds a shared lock on its folder, and
pruning passes over folders that are locked.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from graph.errors import DatasetError
from graph.store import journal
from graph.store.trouble import STORE_ERRORS, trouble

__all__ = ["AS_STORED", "COPIED", "PUBLISHED", "Amendment", "Generation", "Generations", "sync"]

_NEW = ".new-"
_OLD = ".old-"
#: The file in the live store that names the generation which it still makes.
PUBLISHED = "published"
#: The file in the live store that names the copy which is being rebuilt, as long as the store is what was copied.
COPIED = "copied"


class _Hold:
    """A shared lock on a generation's folder, from now until the object goes.

    :raises FileNotFoundError: if the folder is gone or going.
    """

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FileNotFoundError(f"{path} is being removed") from None
            except OSError:
                pass  # a file system without locks: the last generations are kept all the same
            # It may have gone between the opening and the lock.
            if path.stat().st_ino != os.fstat(descriptor).st_ino:
                raise FileNotFoundError(f"{path} was replaced")
        except BaseException:
            os.close(descriptor)
            raise
        weakref.finalize(self, os.close, descriptor)


@dataclass(frozen=True)
class Generation:
    """A published state of the dataset, which never changes. Its folder stays as long as this object lives.

    :param number: counts from 1.
    :param path: folder of the store; to be opened read-only.
    :param published: when.
    """

    number: int
    path: Path
    published: datetime
    _hold: _Hold = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """Names it; no other generation is named so, even where the folder was removed and they are counted anew."""
        return f"{self.number} {self.published.isoformat()}"

    def open(self) -> ox.Store:
        """Open the store, read-only. Keep this object as long as the store: it is what keeps the files.

        :raises DatasetError: if it is damaged.
        """
        try:
            return ox.Store.read_only(str(self.path))
        except STORE_ERRORS as error:
            raise _damaged(self.path, error) from None


@dataclass(frozen=True)
class Amendment:
    """What is done to the copy of the live store that becomes a generation. The live store stays as it is.

    :param name: a word that is another one if anything else is done; empty for nothing.
    :param apply: changes the store in a folder; called before readers can see it.
    """

    name: str
    apply: Callable[[Path], None]


def _nothing(path: Path) -> None:
    pass


#: A generation is published as the live store is.
AS_STORED = Amendment("", _nothing)


class Generations:
    """The folder of the generations. One process publishes, under the dataset's lock; any number may read.

    :param path: the folder; it is made when something is published.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Generation | None:
        """Return the generation that readers take; None if nothing is published.

        :raises DatasetError: if it is not there.
        """
        last = None
        while True:
            number = self._number()
            if number is None:
                return None
            try:
                return self._take(number)
            except FileNotFoundError as error:
                # Another may have been published meanwhile, and this one pruned.
                if number == last:
                    raise _damaged(self._folder(number), error) from None
                last = number
            except OSError as error:
                raise trouble(self._folder(number), error) from None

    def mark(self) -> object:
        """Return what stays the same until the next publication, at the cost of one system call; None if unknown."""
        try:
            found = (self.path / "current").stat()
        except OSError:
            return None
        # The file is replaced, never written anew.
        return found.st_ino, found.st_mtime_ns, found.st_ctime_ns

    def all(self) -> list[Generation]:
        """Return the generations that are kept, the oldest first."""
        current = self._number() or 0
        found = []
        for number in self._numbers():
            # A greater number is of a publication that was cut off before readers were told.
            if number <= current:
                with contextlib.suppress(FileNotFoundError):
                    found.append(self._take(number))
        return found

    def unchanged(self, store: Path, amendment: Amendment = AS_STORED) -> Generation | None:
        """Return the current generation if the live store, amended, is known to be equal to it.

        :param store: folder of the live store.
        :param amendment: what would be done to a copy of it.
        """
        # The note lies in the store, so that it goes where the store goes: a store that was restored has none.
        with contextlib.suppress(DatasetError):
            note = _note(store / PUBLISHED)
            if note is not None and note == (self._number(), amendment.name):
                return self.current()
        return None

    @staticmethod
    def mark_changed(store: Path) -> None:
        """Note, on disk, that the live store is going to differ from the current generation, and from a copy of it.

        :raises DatasetError: if it cannot be written.
        """
        noted = False
        for note in (PUBLISHED, COPIED):
            try:
                (store / note).unlink()
                noted = True
            except FileNotFoundError:
                continue
            except OSError as error:
                raise trouble(store, error) from None
        try:
            if noted:
                sync(store)  # before the change itself can be
        except OSError as error:
            raise trouble(store, error) from None

    def publish(
        self, backup: Callable[[Path], None], store: Path, *, keep: int = 3, amendment: Amendment = AS_STORED
    ) -> Generation:
        """Make a new generation and let readers take it; prune old ones that nobody reads.

        :param backup: writes a copy of the live store to a folder that does not exist.
        :param store: folder of the live store.
        :param keep: generations to keep, this one included.
        :param amendment: what is done to the copy before it is published.
        :raises DatasetError: if it cannot be written; readers then keep the generation that they had.
        """
        temporary = self.path / f"{_NEW}{secrets.token_hex(6)}"
        try:
            self.path.mkdir(exist_ok=True)
            self.clear()
            number = max([self._last() or 0, *self._numbers()]) + 1
            backup(temporary)
            amendment.apply(temporary)
            for file in temporary.iterdir():
                sync(file)
            sync(temporary)
            temporary.rename(self._folder(number))
            sync(self.path)
            _write(self.path / "current", number)
            sync(self.path)
            _write(store / PUBLISHED, number, amendment.name)
            taken = self._take(number)
            journal.begin(store, taken.name)
            self._prune(keep)
            return taken
        except OSError as error:
            raise trouble(self.path, error) from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def clear(self) -> None:
        """Remove what publications that were cut off have left."""
        current = self._last()
        for leftover in (*self.path.glob(f"{_NEW}*"), *self.path.glob(f"{_OLD}*")):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)
        for number in self._numbers():
            if current is not None and number > current:
                self._remove(number)

    def _last(self) -> int | None:
        """Return the number in ``current``; None if there is none or it is damaged: publishing mends that."""
        with contextlib.suppress(DatasetError):
            return self._number()
        return None

    def _prune(self, keep: int) -> None:
        for number in list(self._numbers())[: -max(1, keep)]:
            self._remove(number)

    def _remove(self, number: int) -> None:
        path = self._folder(number)
        # Renamed first, so that it goes at once for whoever looks now.
        gone = self.path / f"{_OLD}{path.name}-{secrets.token_hex(6)}"
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.rename(gone)
        except BlockingIOError:
            return  # somebody reads it: next time
        finally:
            os.close(descriptor)
        shutil.rmtree(gone, ignore_errors=True)

    def _take(self, number: int) -> Generation:
        path = self._folder(number)
        hold = _Hold(path)
        published = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Generation(number, path, published, hold)

    def _folder(self, number: int) -> Path:
        return self.path / f"{number:06}"

    def _numbers(self) -> Iterator[int]:
        """Return the numbers of the folders that are there, the least first."""
        try:
            names = [p.name for p in self.path.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            names = []
        return iter(sorted(int(name) for name in names if name.isascii() and name.isdigit()))

    def _number(self) -> int | None:
        return _number(self.path / "current")


def _number(path: Path) -> int | None:
    """Return the number in a file; None if there is no such file.

    :raises DatasetError: if there is something else in it.
    """
    note = _note(path)
    return note[0] if note else None


def _note(path: Path) -> tuple[int, str] | None:
    """Return the number in a file and the word after it; None if there is no such file.

    :raises DatasetError: if there is something else in it.
    """
    try:
        number, _, word = path.read_text("ascii").partition(" ")
        return int(number), word.strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise _damaged(path, error) from None
    except OSError as error:
        raise trouble(path, error) from None


def _write(path: Path, number: int, word: str = "") -> None:
    """Write a number, and a word after it, to a file so that a reader sees the old one or the new one."""
    temporary = path.with_name(f"{_NEW}{path.name}")
    with temporary.open("w", encoding="ascii") as out:
        out.write(f"{number} {word}".rstrip() + "\n")
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)


def sync(path: Path) -> None:
    """Put a file, or the names in a folder, on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(path: Path, error: Exception) -> DatasetError:
    return DatasetError(
        f"{path}: the generation is damaged ({str(error)[:200]})", "run `parley publish` to make a new one"
    )
