"""Backups: a dataset copied to another place, with a manifest of what is in it, and made again from there.

::

    BACKUP/manifest.json     what is here: path, size and SHA-256 of each file, and of what dataset and when
    BACKUP/dataset/...       the files, as they lie in the dataset's folder

A backup is a folder, or a tape archive of one if its name ends with ``.tar`` or ``.tar.zst``. It gets its name when all
of it is on disk and was read again; what a crash leaves has another name. So has what a restoration that was cut off
leaves. A writer is not waited for: what is copied first is no older than what needs it, so that each part fits.

The manifest has the digests of RFC 6234 (SHA-256), as BagIt (RFC 8493, section 2.1.3) has them for the same purpose.
"""

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import graph
from graph.errors import DatasetError, InputError
from graph.files import write_whole
from graph.store import Dataset
from graph.store.lock import FileLock
from graph.store.snapshot import snapshot
from graph.store.trouble import trouble
from graph.tape import pack, unpack

__all__ = ["Backup", "back_up", "check_backup", "read_manifest", "restore"]

_MANIFEST = "manifest.json"
_FILES = "dataset"
#: What is not copied as it lies there: locks, work in progress, and what is copied by other means.
_LEFT_OUT = frozenset({"generations", "history", "lock", "rebuild", "store"})
_ADVANCE: Callable[[int], None] = lambda _: None  # noqa: E731 - a default


@dataclass(frozen=True, slots=True)
class Backup:
    """What a manifest says.

    :param base: base IRI of the dataset.
    :param made: when.
    :param generation: number of the published generation; None if nothing was published.
    :param live: whether the live store is in it; if not, a writer was at work, and the generation stands for it.
    :param files: path below the dataset's folder -> size and SHA-256.
    :param linked: path of a file that is the same as another -> path of that one; it is stored once.
    """

    base: str
    made: datetime
    generation: int | None
    published: float | None
    live: bool
    files: dict[str, tuple[int, str]]
    linked: dict[str, str]

    def to_json(self) -> bytes:
        """Return it as the manifest's text."""
        values = {
            "format": 1,
            "parley": graph.__version__,
            "base": self.base,
            "made": self.made.isoformat(timespec="seconds"),
            "generation": self.generation,
            "published": self.published,
            "live": self.live,
            "files": {path: {"bytes": size, "sha256": sha256} for path, (size, sha256) in sorted(self.files.items())},
            "linked": dict(sorted(self.linked.items())),
        }
        return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes, where: Path) -> "Backup":
        """Read a manifest.

        :raises InputError: if it is none, or of a later format.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            if values["format"] != 1:
                raise InputError(f"{where}: a later version of Parley made this backup", "restore it with that version")
            files = {path: (int(each["bytes"]), str(each["sha256"])) for path, each in values["files"].items()}
            made = datetime.fromisoformat(values["made"])
            linked = {str(path): str(twin) for path, twin in values["linked"].items()}
            numbers = values["generation"], values["published"]
            found = cls(str(values["base"]), made, *numbers, bool(values["live"]), files, linked)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError(f"{where}: its manifest is broken", "take another backup") from None
        for path in (*found.files, *found.linked):
            _check_path(path, where)
        if not found.files.keys() >= set(found.linked.values()):
            raise InputError(f"{where}: its manifest is broken", "take another backup")
        return found


def back_up(
    dataset: Dataset, target: Path, *, earlier: Path | None = None, advance: Callable[[int], None] = _ADVANCE
) -> Backup:
    """Copy a dataset to a folder or tape archive that does not exist, and read the copy again to check it.

    :param earlier: an earlier backup, a folder: what has not changed since is linked to it and takes no space.
    :param advance: told after each file.
    :raises InputError: if the target is there already, or the earlier backup is none.
    :raises DatasetError: if the dataset cannot be read, the target cannot be written, or was not written as it should.
    """
    if target.exists():
        raise InputError(f"{target}: it is there already", "give a name that is free")
    packed = target.name.endswith((".tar", ".tar.zst"))
    if earlier is not None and (packed or not earlier.is_dir()):
        raise InputError("only a folder can be linked to an earlier backup, which is a folder", "leave --incremental")
    known = read_manifest(earlier).files if earlier is not None else {}
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir(parents=True)
        copier = _Copier(partial / _FILES, earlier / _FILES if earlier else None, known, advance)
        backup = _copy(dataset, copier)
        write_whole(partial / _MANIFEST, backup.to_json())
        whole = partial
        if packed:
            whole = target.with_name(f"{partial.name}.tar")
            pack(partial, whole, compress=target.name.endswith(".zst"))
        problems = list(check_backup(whole))
        if problems:
            raise DatasetError(f"{target}: the backup was not written as it should ({problems[0]})", "check the disk")
        _sync_tree(partial if not packed else None)
        whole.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise trouble(Path(error.filename or target), error) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        target.with_name(f"{partial.name}.tar").unlink(missing_ok=True)
    return backup


def read_manifest(backup: Path) -> Backup:
    """Read what a backup says of itself.

    :raises InputError: if it is no backup.
    """
    try:
        if backup.is_dir():
            return Backup.from_json((backup / _MANIFEST).read_bytes(), backup)
        for path, content in unpack(backup):
            if path == _MANIFEST:
                return Backup.from_json(content.read(), backup)
    except OSError as error:
        raise InputError(f"{backup}: it cannot be read ({error.strerror or error})", "check the path") from None
    raise InputError(f"{backup}: it is no backup: it has no {_MANIFEST}", "give what `parley backup` wrote")


def check_backup(backup: Path) -> Iterator[str]:
    """Read a backup and yield in words what is not as its manifest says; nothing if all is.

    :raises InputError: if it is no backup.
    """
    manifest = read_manifest(backup)
    missing = dict(manifest.files)
    for path, content in _contents(backup):
        name = path.removeprefix(f"{_FILES}/")
        if path == _MANIFEST:
            continue
        if path == name or name not in missing:
            yield f"{path} is not in the manifest"
        elif _digest(content) != missing.pop(name):
            yield f"{path} is not what was backed up"
    yield from (f"{_FILES}/{name} is missing" for name in sorted(missing))


def restore(backup: Path, folder: Path, *, replace: bool = False, advance: Callable[[int], None] = _ADVANCE) -> Backup:
    """Make a dataset of a backup. It gets its name when all of it is there and is what was backed up.

    :param folder: where the dataset is to be; nothing, or an empty folder, is there.
    :param replace: take the place of a dataset that is there; that one stays beside it, under another name.
    :raises InputError: if it is no backup, or it is damaged; nothing is changed then.
    :raises DatasetError: if something is in the folder, or it cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and not replace and (not folder.is_dir() or any(folder.iterdir())):
        raise DatasetError(f"{folder}: something is there already", "give an empty folder, or add --replace")
    manifest = read_manifest(backup)
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir(parents=True)
        _unpack_checked(backup, manifest, partial, advance)
        _arrange(partial, manifest)
        _sync_tree(partial)
        _give_name(partial, folder, replace=replace)
    except OSError as error:
        raise trouble(Path(error.filename or folder), error) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _copy(dataset: Dataset, copier: "_Copier") -> Backup:
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
    return Backup(base, made, number, published, taken.store is not None, copier.files, copier.linked)


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
        """Copy all files below a folder that are there all the time; hidden ones are half-written and left."""
        for folder, folders, files in os.walk(source):
            folders.sort()
            below = Path(folder).relative_to(source)
            for file in sorted(files):
                # A copy of a store has the engine's lock file, which nobody needs.
                if not file.startswith(".") and file not in ("lock", "LOCK"):
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
            if self._earlier is not None and name in self._known and _digest(content) == self._known[name]:
                # It is read all the same: only its digest says that it is what it was.
                with suppress(OSError):
                    os.link(self._earlier / name, target)
                    return self._known[name]
            content.seek(0)
            return _write(content, target)


def _copy_database(source: Path, target: Path) -> tuple[int, str]:
    """Copy a database of SQLite as it is at one moment, though somebody may write to it."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    with target.open("rb") as content:
        return _digest(content)


def _write(content: BinaryIO, target: Path) -> tuple[int, str]:
    """Copy a stream to a new file; return its size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return size, digest.hexdigest()


def _digest(content: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def _contents(backup: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the files of a backup with their paths below it."""
    if not backup.is_dir():
        yield from unpack(backup)
        return
    for path in sorted(backup.rglob("*")):
        if path.is_file():
            with path.open("rb") as content:
                yield path.relative_to(backup).as_posix(), content


def _unpack_checked(backup: Path, manifest: Backup, target: Path, advance: Callable[[int], None]) -> None:
    """Copy the files of a backup to a folder.

    :raises InputError: if they are not those of the manifest.
    """
    missing = dict(manifest.files)
    for path, content in _contents(backup):
        name = path.removeprefix(f"{_FILES}/")
        if path == _MANIFEST:
            continue
        _check_path(name, backup)
        wanted = missing.pop(name, None) if name != path else None
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if wanted is None or _write(content, file) != wanted:
            raise InputError(f"{backup}: {path} is not what was backed up", "take another backup; nothing was restored")
        advance(1)
    if missing:
        raise InputError(f"{backup}: {min(missing)} is missing", "take another backup; nothing was restored")


def _arrange(folder: Path, manifest: Backup) -> None:
    """Make the files of a backup the folder of a dataset."""
    for path, twin in manifest.linked.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).hardlink_to(folder / twin)
    if manifest.generation is not None:
        generation = folder / "generations" / f"{manifest.generation:06}"
        if not manifest.live:
            shutil.copytree(generation, folder / "store", copy_function=_link_tables)
        if manifest.published is not None:
            os.utime(generation, (manifest.published, manifest.published))
        write_whole(folder / "generations" / "current", f"{manifest.generation}\n".encode())


def _link_tables(source: str, target: str) -> None:
    """Link a table of a store, which never changes; copy what is no table."""
    if source.endswith(".sst"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _give_name(partial: Path, folder: Path, *, replace: bool) -> None:
    if folder.exists() and replace:
        beside = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}")
        lock = FileLock(folder / "lock")  # nobody writes to it now
        try:
            folder.rename(beside)
        finally:
            lock.release()
    partial.rename(folder)  # in the place of nothing, or of an empty folder
    _sync(folder.parent)


def _check_path(path: str, where: Path) -> None:
    """Refuse a path that leads out of the folder.

    :raises InputError: if it does.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
        raise InputError(f"{where}: it names a file outside of itself ({path!r})", "take another backup")


def _sync_tree(folder: Path | None) -> None:
    """Put all files below a folder on disk."""
    if folder is None:
        return
    for path in (folder, *folder.rglob("*")):
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
