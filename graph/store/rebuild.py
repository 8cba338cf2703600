"""A copy of the live store that is worked on for hours while readers and the live store stay as they are.

::

    dataset/rebuild/store/      the copy
    dataset/rebuild/state.json  which copy it is, for what, and how far the work has come

When all is done the copy takes the place of the live store. A crash costs what was done since the last
:meth:`Rebuild.save`: the work goes on with the same copy, unless something else was written to the live store
meanwhile; then the copy lacks that, and the work begins again with a new one.
"""

import json
import secrets
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from graph.files import write_whole
from graph.iris import Iris
from graph.store.dataset import Dataset
from graph.store.embedded import EmbeddedStore
from graph.store.generations import COPIED, PUBLISHED, Generation
from graph.store.lock import FileLock
from graph.store.swap import REBUILT, clear_swap, swap
from graph.store.trouble import trouble

__all__ = ["Rebuild"]


class _Copy(Dataset):
    """The dataset with the copy in the place of its live store; all else is the dataset's own."""

    def __init__(self, main: Dataset, path: Path, iris: Iris) -> None:
        super().__init__(path)
        self._main = main
        self._base = iris

    @property
    def iris(self) -> Iris:
        return self._base

    @property
    def archive_path(self) -> Path:
        return self._main.archive_path

    @property
    def quarantine_path(self) -> Path:
        return self._main.quarantine_path

    def current(self) -> Generation | None:
        return self._main.current()


class Rebuild:
    """A rebuild at work. A context manager: it keeps other writers out until it is left.

    :param purpose: a word that is another one if the work would give another result.
    :raises InUseError: if another process is writing to the dataset.
    :raises DatasetError: if the copy cannot be made.
    """

    def __init__(self, dataset: Dataset, purpose: str) -> None:
        self._path = dataset.path
        self._folder = dataset.path / "rebuild"
        iris = dataset.iris  # before the lock is taken: reading it may need the lock
        self._lock = FileLock(dataset.path / "lock")
        try:
            clear_swap(self._path)
            self._state = self._resumed(purpose) or self._begun(purpose)
        except OSError as error:
            self._lock.release()
            raise trouble(self._folder, error) from None
        except BaseException:
            self._lock.release()
            raise
        self.dataset: Dataset = _Copy(dataset, self._folder, iris)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    @property
    def done(self) -> str:
        """What :meth:`save` was told last; empty if the work begins."""
        return self._state["done"]

    def save(self, done: str) -> None:
        """Note how far the work has come; all of it must be on disk.

        :raises DatasetError: if it cannot be written.
        """
        self._write({**self._state, "done": done})

    def finish(self) -> None:
        """Put the copy in the place of the live store. Nobody may have it open.

        :raises DatasetError: if it cannot be done; the work can be taken up again then.
        """
        store = self._folder / "store"
        for note in (PUBLISHED, COPIED):
            (store / note).unlink(missing_ok=True)
        swap(self._path, store)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, state: dict[str, str]) -> None:
        try:
            write_whole(self._folder / "state.json", json.dumps(state).encode())
        except OSError as error:
            raise trouble(self._folder, error) from None
        self._state = state

    def _resumed(self, purpose: str) -> dict[str, str] | None:
        """Return the state of an earlier attempt, if its copy is still of use."""
        whole = self._path / REBUILT
        try:
            if whole.is_dir() and not (self._folder / "store").exists():
                whole.rename(self._folder / "store")  # the swap was cut off before the old store went
            state = json.loads((self._folder / "state.json").read_bytes())
            copied = (self._path / "store" / COPIED).read_text("ascii")
            found = {name: str(state[name]) for name in ("copy", "purpose", "done")}
        except (OSError, ValueError, KeyError, TypeError):
            return None
        usable = found["copy"] == copied and found["purpose"] == purpose and (self._folder / "store").is_dir()
        return found if usable else None

    def _begun(self, purpose: str) -> dict[str, str]:
        """Copy the live store; return the state of the work that begins."""
        live = self._path / "store"
        for leftover in (self._folder, self._path / REBUILT):
            if leftover.exists():
                shutil.rmtree(leftover)
        self._folder.mkdir()
        state = {"copy": secrets.token_hex(8), "purpose": purpose, "done": ""}
        with EmbeddedStore(live) as store:
            store.backup(self._folder / "store")
        write_whole(live / COPIED, state["copy"].encode())
        self._write(state)
        return state
