"""Backups: a dataset copied to another place, with a manifest of what is in it.

::

    BACKUP/manifest.json     what is here: path, size and SHA-256 of each file, and of what dataset and when
    BACKUP/dataset/...       the files, as they lie in the dataset's folder

A backup is a folder, or a tape archive of one if its name ends with ``.tar`` or ``.tar.zst``. It gets its name when all
of it is on disk and was read again; what a crash leaves has another name. A writer is not waited for: what is copied
last is no older than what needs it, so that each part fits.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from graph.backup.manifest import (
    FILES,
    MANIFEST,
    Manifest,
    begun,
    check_backup,
    digest_of,
    read_manifest,
    sync_tree,
    write,
)
from graph.backup.tape import pack
from graph.errors import DatasetError, InputError
from graph.files import write_whole
from graph.store import Dataset
from graph.store.generations import sync
from graph.store.snapshot import snapshot

__all__ = ["back_up"]

#: What is not copied as it lies there: locks, work in progress, and what is copied by other means.
_LEFT_OUT = frozenset({"copies", "generations", "history", "lock", "rebuild", "remote", "store"})

#: What lies beside a database of SQLite; the copy of the database has in it what they say.
_JOURNALS = (".sqlite-wal", ".sqlite-shm", ".sqlite-journal")


def back_up(
    dataset: Dataset, target: Path, *, earlier: Path | None = None, advance: Callable[[int], None] = lambda _: None
) -> Manifest:
    """Copy a dataset to a folder or tape archive that does not exist, and read the copy again to check it.

    :param earlier: an earlier backup, a folder: what has not changed since is linked to it and takes no space.
    :param advance: told after each file.
    :raises InputError: if the target is there already or inside of the dataset, or the earlier backup is none.
    :raises DatasetError: if the dataset cannot be read, the target cannot be written, or was not written as it should.
    """
    if target.exists():
        raise InputError(f"{target}: it is there already", "give a name that is free")
    if target.resolve().is_relative_to(dataset.path.resolve()):
        raise InputError(f"{target}: it is inside of the dataset", "give a place outside of it, best on another disk")
    packed = target.name.endswith((".tar", ".tar.zst"))
    if earlier is not None and (packed or not earlier.is_dir()):
        raise InputError("only a folder can be linked to an earlier backup, which is a folder", "leave --incremental")
    known = read_manifest(earlier).files if earlier is not None else {}
    with begun(target) as partial:
        copier = _Copier(partial / FILES, earlier / FILES if earlier else None, known, advance)
        backup = _copy(dataset, copier)
        write_whole(partial / MANIFEST, backup.to_json())
        whole = partial
        if packed:
            whole = partial / "packed"
            pack(partial, whole, compress=target.name.endswith(".zst"))
        problems = list(check_backup(whole))
        if problems:
            raise DatasetError(f"{target}: the backup was not written as it should ({problems[0]})", "check the disk")
        if not packed:
            sync_tree(partial)
        whole.rename(target)
        sync(target.parent)
    return backup


def _copy(dataset: Dataset, copier: "_Copier") -> Manifest:
    base = dataset.iris.base
    # The history first: the next publication adds what it lacks, but never takes back what it has too much.
    copier.file(dataset.history_path / "state", "history/state")
    copier.folder(dataset.history_path, "history")
    with snapshot(dataset) as taken:
        number, published = None, None
        if taken.generation is not None:
            number = taken.generation.number
            published = taken.generation.path.stat().st_mtime
            copier.folder(taken.generation.path, f"generations/{number:06}")
        if taken.store is not None:
            copier.folder(taken.store, "store")
    # The archive last: what is in the store was in the archive before.
    for path in sorted(dataset.path.iterdir()):
        if path.name in _LEFT_OUT or path.name.startswith("."):
            continue
        copier.folder(path, path.name) if path.is_dir() else copier.file(path, path.name)
    made = datetime.now(UTC).replace(microsecond=0)
    return Manifest(base, made, number, published, taken.store is not None, copier.files, copier.linked)


class _Copier:
    """Copies files and keeps what the manifest says of them. A file that is there twice, by hard links, is stored once.

    :ivar files: path -> size and SHA-256.
    :ivar linked: path of a file that is stored already -> path of that.
    """

    def __init__(
        self, target: Path, earlier: Path | None, known: dict[str, tuple[int, str]], advance: Callable[[int], None]
    ) -> None:
        self.files: dict[str, tuple[int, str]] = {}
        self.linked: dict[str, str] = {}
        self._target = target
        self._earlier = earlier
        self._known = known
        self._advance = advance
        self._seen: dict[tuple[int, int], str] = {}

    def folder(self, source: Path, name: str) -> None:
        """Copy all files below a folder, but for those that are half-written."""
        for folder, folders, files in os.walk(source):
            folders.sort()
            below = Path(folder).relative_to(source)
            for file in sorted(files):
                # A copy of a store has the engine's lock file, which nobody needs.
                unfinished = file.startswith(".") and file.endswith((".tmp", ".lock"))
                if not unfinished and file not in ("lock", "LOCK") and not file.endswith(_JOURNALS):
                    self.file(Path(folder) / file, str(PurePosixPath(name, below.as_posix(), file)))

    def file(self, source: Path, name: str) -> None:
        """Copy a file, unless it is gone meanwhile."""
        if name in self.files or name in self.linked:
            return
        target = self._target / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            found = source.stat()
            twin = self._seen.get((found.st_dev, found.st_ino))
            if twin is not None:
                self.linked[name] = twin
            elif source.suffix == ".sqlite":
                self.files[name] = _copy_database(source, target)
            else:
                self.files[name] = self._copied(source, target, name)
                self._seen[found.st_dev, found.st_ino] = name
            self._advance(1)

    def _copied(self, source: Path, target: Path, name: str) -> tuple[int, str]:
        with source.open("rb") as content:
            if self._earlier is not None and name in self._known and digest_of(content) == self._known[name]:
                # It is read all the same: only its digest says that it is what it was.
                with suppress(OSError):
                    os.link(self._earlier / name, target)
                    return self._known[name]
            content.seek(0)
            return write(content, target)


def _copy_database(source: Path, target: Path) -> tuple[int, str]:
    """Copy a database of SQLite as it is at one moment, though somebody may write to it."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    with target.open("rb") as content:
        return digest_of(content)
