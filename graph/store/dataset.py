"""A dataset: one folder with the live store, its published generations, the archive and the quarantine.

::

    dataset/store/        the live store; only the writer opens it
    dataset/generations/  what is published; see :mod:`graph.store.generations`
    dataset/archive/      what was read
    dataset/quarantine/   what the shapes refused
    dataset/curation/     what people merge, split, correct, reject and add, unless a setting names another folder
    dataset/history/      which things each generation changed; see :mod:`graph.history`
    dataset/reconciliation/  what reconciliation services have answered
    dataset/copies/       which texts are alike; see :mod:`graph.ingest.copies`
    dataset/watch/        what `parley watch` knows of its feeds; see :mod:`graph.watch`
    dataset/remote/       copies of the generations that the remote store has or is getting; see :mod:`graph.remote`
    dataset/rebuild/      a copy of the live store that `parley rebuild` works on; see :mod:`graph.store.rebuild`
    dataset/parley.toml   settings, if somebody wrote some
    dataset/lock          locked by the writer
"""

import contextlib
import os
import secrets
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from graph.errors import DatasetError
from graph.iris import DEFAULT_BASE, Iris
from graph.store import journal
from graph.store.change import Change, Triple
from graph.store.embedded import EmbeddedStore
from graph.store.generations import AS_STORED, Amendment, Generation, Generations, sync
from graph.store.lock import FileLock
from graph.store.swap import finish_swap, has_store
from graph.store.trouble import STORE_ERRORS, trouble
from graph.vocabulary import RDF, VOID

__all__ = ["Dataset", "iris_of"]

_TYPE = ox.NamedNode(str(RDF.type))
_DATASET = ox.NamedNode(str(VOID.Dataset))
_URI_SPACE = ox.NamedNode(str(VOID.uriSpace))
#: A store in the making; it gets its name when all of it is on disk.
_NEW = ".new-"
#: What a folder may hold that is to become a dataset: nothing, or what an attempt that was cut off has left.
_OWN = frozenset(
    {
        "archive",
        "copies",
        "curation",
        "generations",
        "history",
        "lock",
        "parley.toml",
        "quarantine",
        "reconciliation",
        "remote",
        "watch",
    }
)


class Dataset:
    """A dataset's folder. Made by :meth:`create`, :meth:`open` or :meth:`open_or_create`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._generations = Generations(path / "generations")
        self._writer: EmbeddedStore | None = None
        self._lock = threading.RLock()
        self._iris: tuple[bytes, Iris] | None = None

    @staticmethod
    def exists(path: Path) -> bool:
        """Tell whether a folder is a dataset."""
        return has_store(path) or finish_swap(path)

    @classmethod
    def create(cls, path: Path, base: str = DEFAULT_BASE) -> Self:
        """Make a dataset in a folder that is empty or does not exist.

        :param base: base IRI of everything in it, for ever.
        :raises DatasetError: if the folder is no empty one or cannot be written; it is left as it was.
        :raises InputError: if the base is no base IRI.
        """
        iris = Iris(base)
        if cls.exists(path):
            raise DatasetError(f"{path}: it is already a dataset", "open it, or choose another folder")
        _check_free(path)
        made = [folder for folder in (path, *path.parents) if not folder.exists()]
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise trouble(path, error) from None
        try:
            lock = FileLock(path / "lock")
            try:
                if not cls.exists(path):
                    _make_store(path, iris)
            finally:
                lock.release()
        except DatasetError:
            _unmake(path, made)
            raise
        return cls.open_or_create(path, base)

    @classmethod
    def open(cls, path: Path, writable: bool = False) -> Self:
        """Open a dataset. This opens no store yet.

        :param writable: whether to check that the folder can be written.
        :raises DatasetError: if it is missing, no dataset, or cannot be written though it should be.
        """
        if not cls.exists(path):
            raise _no_dataset(path)
        if writable and not os.access(path, os.W_OK | os.X_OK):
            raise trouble(path, PermissionError("Permission denied"))
        return cls(path)

    @classmethod
    def open_or_create(cls, path: Path, base: str | None = None, *, default: str = DEFAULT_BASE) -> Self:
        """Open a dataset, or make it where there is none.

        :param base: the base IRI that it must have; None takes the one it has.
        :param default: base IRI of a dataset that is made, where ``base`` is None.
        :raises DatasetError: if it has another base IRI, the folder is something else, or it cannot be written.
        :raises InputError: if the base is no base IRI.
        """
        if not cls.exists(path):
            return cls.create(path, base or default)
        dataset = cls.open(path)
        if base is not None and dataset.iris.base != Iris(base).base:
            raise DatasetError(
                f"{path}: its base IRI is {dataset.iris.base} and not {base}",
                "leave the base out, or choose another folder",
            )
        return dataset

    @property
    def iris(self) -> Iris:
        """The IRIs of this dataset: its base is kept in the store, and read from a generation where there is one.

        :raises DatasetError: if nothing is published and another process is writing, or the store is damaged.
        """
        with self._lock:
            try:
                identity = (self.path / "store" / "IDENTITY").read_bytes()
            except OSError:
                if not self.exists(self.path):
                    raise _no_dataset(self.path) from None
                identity = b""  # the engine writes this file when the store is opened for writing
            # A dataset that was deleted and made anew may have another base.
            if self._iris is None or self._iris[0] != identity:
                self._iris = (identity, self._read_iris())
            return self._iris[1]

    @property
    def archive_path(self) -> Path:
        """Folder of the archive."""
        return self.path / "archive"

    @property
    def quarantine_path(self) -> Path:
        """Folder of the quarantine."""
        return self.path / "quarantine"

    @property
    def curation_path(self) -> Path:
        """Folder of the curations, unless a setting names another."""
        return self.path / "curation"

    @property
    def history_path(self) -> Path:
        """Folder of the history: which things each generation changed."""
        return self.path / "history"

    @property
    def reconciliation_path(self) -> Path:
        """Folder of what reconciliation services have answered."""
        return self.path / "reconciliation"

    @property
    def watch_path(self) -> Path:
        """Folder of what ``parley watch`` knows of its feeds."""
        return self.path / "watch"

    @property
    def copies_path(self) -> Path:
        """Folder of the index of copies."""
        return self.path / "copies"

    def writer(self, flush_every: int = 20) -> EmbeddedStore:
        """Open the live store for writing; there is one writer at a time.

        :param flush_every: commits between two flushes.
        :raises DatasetError: at once, if another process or this one is writing; or if it is damaged or read-only.
        """
        with self._lock:
            lock = FileLock(self.path / "lock")
            return self._open_store(lock, flush_every)

    def publish(self, keep: int = 3, amendment: Amendment = AS_STORED) -> Generation:
        """Let readers see what is stored: make a generation of it, or return the current one if nothing has changed.

        Commands publish by :func:`graph.publish.publish`, which applies the curations.

        :param keep: generations to keep.
        :param amendment: what is done to the copy before it is published; what it raises stops the publication.
        :raises DatasetError: if another process is writing, or it cannot be written; readers then keep what they had.
        """
        with self._lock:
            if self._writer is not None and not self._writer.closed:
                return self._publish(self._writer, keep, amendment)
            lock = FileLock(self.path / "lock")
            try:
                unchanged = self._generations.unchanged(self.path / "store", amendment)
            except BaseException:
                lock.release()
                raise
            if unchanged is not None:
                lock.release()
                return unchanged
            with self._open_store(lock) as writer:
                return self._publish(writer, keep, amendment)

    def current(self) -> Generation | None:
        """Return the generation that readers take; None if nothing is published yet.

        :raises DatasetError: if it is damaged.
        """
        return self._generations.current()

    def mark(self) -> object:
        """Return what stays the same until something else is published; None if that is not known."""
        return self._generations.mark()

    def generations(self) -> list[Generation]:
        """Return the generations that are kept, the oldest first."""
        return self._generations.all()

    def _publish(self, writer: EmbeddedStore, keep: int, amendment: Amendment) -> Generation:
        store = self.path / "store"
        unchanged = self._generations.unchanged(store, amendment)
        return unchanged or self._generations.publish(writer.backup, store, keep=keep, amendment=amendment)

    def _open_store(self, lock: FileLock, flush_every: int = 20) -> EmbeddedStore:
        try:
            journal.reopen(self.path / "store")
            self._writer = EmbeddedStore(
                self.path / "store",
                flush_every=flush_every,
                on_change=self._note,
                on_close=lambda: self._end(lock),
                restore=self._good_copy(),
            )
        except BaseException:
            lock.release()
            raise
        return self._writer

    def _note(self, things: Iterable[str] | None) -> None:
        self._generations.mark_changed(self.path / "store")
        journal.note(self.path / "store", things)

    def _end(self, lock: FileLock) -> None:
        try:
            journal.close(self.path / "store")
        finally:
            lock.release()

    def _good_copy(self) -> Path | None:
        try:
            current = self._generations.current()
        except DatasetError:
            return None
        return current.path if current else None

    def _read_iris(self) -> Iris:
        generation = self._generations.current()
        if generation is not None:
            store = generation.open()
            try:
                found = _describing(store)
            except STORE_ERRORS as error:
                raise trouble(generation.path, error) from None
        elif self._writer is not None and not self._writer.closed:
            found = _described(self._writer)
        else:
            with self.writer() as writer:
                found = _described(writer)
        iris = _own(found)
        if iris is not None:
            return iris
        raise DatasetError(
            f"{self.path}: its store does not say what its base IRI is",
            "restore it from a backup, or ingest into a new folder",
        )


def iris_of(store: ox.Store) -> Iris | None:
    """Return the IRIs of the dataset that a store or a dump of it has; None if it does not say."""
    return _own(_describing(store))


def _describing(store: ox.Store) -> list[tuple[Triple, str]]:
    quads = store.quads_for_pattern(None, _URI_SPACE, None, None)
    return [(q.triple, q.graph_name.value) for q in quads if isinstance(q.graph_name, ox.NamedNode)]


def _own(found: list[tuple[Triple, str]]) -> Iris | None:
    for triple, graph in found:
        # Others may describe data sets of their own: ours is described in the graph that is named after it.
        if isinstance(triple.object, ox.Literal) and graph == f"{triple.object.value}graph/dataset":
            return Iris(triple.object.value)
    return None


def _described(writer: EmbeddedStore) -> list[tuple[Triple, str]]:
    graphs = [iri for iri in writer.graphs() if iri.endswith("/graph/dataset")]
    return [(triple, iri) for iri in graphs for triple in writer.graph(iri) if triple.predicate == _URI_SPACE]


def _make_store(path: Path, iris: Iris) -> None:
    """Make the store under another name, and give it its own when all of it is on disk.

    :raises DatasetError: if it cannot be written.
    """
    temporary = path / f"{_NEW}{secrets.token_hex(6)}"
    base = ox.NamedNode(iris.base)
    description = frozenset({Triple(base, _TYPE, _DATASET), Triple(base, _URI_SPACE, ox.Literal(iris.base))})
    try:
        for leftover in path.glob(f"{_NEW}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        ox.Store(str(temporary))
        with EmbeddedStore(temporary) as store:
            store.commit(Change(replace={iris.dataset_graph: description}))
        temporary.rename(path / "store")
        sync(path)
    except STORE_ERRORS as error:
        raise trouble(path, error) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check_free(path: Path) -> None:
    """Refuse to make a dataset where something else is.

    :raises DatasetError: if the folder is no folder, or holds what is not ours.
    """
    try:
        names = {p.name for p in path.iterdir() if not p.name.startswith(_NEW)}
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise _no_dataset(path) from None
    except OSError as error:
        raise trouble(path, error) from None
    if names - _OWN:
        raise _no_dataset(path)
    current = Generations(path / "generations").current()
    if current is not None:
        raise DatasetError(f"{path}: its store is missing", f"copy {current.path} to {path / 'store'}")


def _unmake(path: Path, made: list[Path]) -> None:
    """Remove the folders that an attempt has made, if it left nothing else in them."""
    if path not in made:
        return
    with contextlib.suppress(OSError):
        (path / "lock").unlink(missing_ok=True)
        for folder in made:
            folder.rmdir()


def _no_dataset(path: Path) -> DatasetError:
    if not path.exists():
        return DatasetError(f"{path}: there is no dataset", "make one with `parley ingest`, or give the right folder")
    if not path.is_dir():
        return DatasetError(f"{path}: it is no folder", "give the folder of a dataset")
    return DatasetError(f"{path}: the folder is no dataset", "give the folder of a dataset, or one that is empty")
