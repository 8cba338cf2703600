"""The manifest of a backup: path, size and SHA-256 of each file in it, and how a backup is read.

The digests are those of RFC 6234 (SHA-256); BagIt (RFC 8493, section 2.1.3) has them for the same purpose.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import graph
from graph.backup.tape import Readable, unpack
from graph.errors import InputError
from graph.store.generations import sync
from graph.store.hold import clear_abandoned, held
from graph.store.trouble import trouble

__all__ = [
    "FILES",
    "MANIFEST",
    "Manifest",
    "begun",
    "check_backup",
    "check_path",
    "contents",
    "digest_of",
    "read_manifest",
    "sync_tree",
    "write",
]

#: Name of the manifest in a backup.
MANIFEST = "manifest.json"
#: Folder of the dataset's files in a backup.
FILES = "dataset"
_PARTIAL = ".parley-partial"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says.

    :param base: base IRI of the dataset.
    :param made: when.
    :param generation: number of the published generation; None if nothing was published.
    :param published: when that was, in Unix time.
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
    def from_json(cls, text: bytes, where: Path) -> "Manifest":
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
            check_path(path, where)
        if not found.files.keys() >= set(found.linked.values()):
            raise InputError(f"{where}: its manifest is broken", "take another backup")
        return found


def read_manifest(backup: Path) -> Manifest:
    """Read what a backup says of itself.

    :raises InputError: if it is no backup.
    """
    try:
        if backup.is_dir():
            return Manifest.from_json((backup / MANIFEST).read_bytes(), backup)
        for path, content in unpack(backup):
            if path == MANIFEST:
                return Manifest.from_json(content.read(), backup)
    except OSError as error:
        raise InputError(f"{backup}: it cannot be read ({error.strerror or error})", "check the path") from None
    raise InputError(f"{backup}: it is no backup: it has no {MANIFEST}", "give what `parley backup` wrote")


def check_backup(backup: Path) -> Iterator[str]:
    """Read a backup and yield in words what is not as its manifest says; nothing if all is.

    :raises InputError: if it is no backup.
    """
    manifest = read_manifest(backup)
    missing = dict(manifest.files)
    for path, content in contents(backup):
        name = path.removeprefix(f"{FILES}/")
        if path == MANIFEST:
            continue
        if path == name or name not in missing:
            yield f"{path} is not in the manifest"
        elif digest_of(content) != missing.pop(name):
            yield f"{path} is not what was backed up"
    yield from (f"{FILES}/{name} is missing" for name in sorted(missing))


def contents(backup: Path) -> Iterator[tuple[str, Readable]]:
    """Yield the files of a backup with their paths below it."""
    if not backup.is_dir():
        yield from unpack(backup)
        return
    for path in sorted(backup.rglob("*")):
        if path.is_file():
            with path.open("rb") as content:
                yield path.relative_to(backup).as_posix(), content


def write(content: Readable, target: Path) -> tuple[int, str]:
    """Copy a stream to a new file; return its size and SHA-256."""
    with target.open("xb") as out:
        return digest_of(content, out.write)


def digest_of(content: Readable, take: Callable[[bytes], object] = lambda _: None) -> tuple[int, str]:
    """Return the size and the SHA-256 of a stream.

    :param take: gets what is read, piece by piece.
    """
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
        take(chunk)
    return size, digest.hexdigest()


@contextmanager
def begun(target: Path) -> Iterator[Path]:
    """Yield a folder of work in progress beside a target; remove those that killed processes have left there.

    It is gone at the end, unless it was renamed.

    :raises DatasetError: if it cannot be made, or the work in it meets an error of the operating system.
    """
    clear_abandoned(target.parent, f".*{_PARTIAL}")
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}{_PARTIAL}")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise trouble(target.parent, error) from None
    try:
        with held(partial):
            yield partial
    except OSError as error:
        raise trouble(Path(error.filename or target), error) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_path(path: str, where: Path) -> None:
    """Refuse a path that leads out of the folder.

    :raises InputError: if it does.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
        raise InputError(f"{where}: it names a file outside of itself ({path!r})", "take another backup")


def sync_tree(folder: Path) -> None:
    """Put all files below a folder on disk."""
    for path in (folder, *folder.rglob("*")):
        sync(path)
