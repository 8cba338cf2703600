"""Tape archives of backups: a folder in one file, with Zstandard or without, written and read as a stream.

The format is the POSIX one (pax, IEEE Std 1003.1-2008, ``pax``); Zstandard is RFC 8878. ``tar`` and ``zstd`` read both.
"""

import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Protocol, cast

from graph.errors import InputError
from graph.store.generations import sync

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["Readable", "pack", "unpack"]

#: What reading a damaged archive raises.
_DAMAGED = (tarfile.TarError, EOFError, zstd.ZstdError)
_MAGIC = b"\x28\xb5\x2f\xfd"


def pack(folder: Path, target: Path, *, compress: bool) -> None:
    """Write all files below a folder, those in it first, to a file that is on disk on return; it may be in there, too.

    :raises OSError: if it cannot be written.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != target)
    first = [path for path in paths if path.parent == folder]
    with ExitStack() as stack:
        out: IO[bytes] = stack.enter_context(target.open("xb"))
        if compress:
            out = cast("IO[bytes]", stack.enter_context(zstd.ZstdFile(out, "wb")))
        tape = stack.enter_context(tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT))
        for path in (*first, *(path for path in paths if path.parent != folder)):
            entry = tape.gettarinfo(str(path), path.relative_to(folder).as_posix())
            entry.size = path.stat().st_size  # also where it is linked to another one
            entry.type, entry.linkname = tarfile.REGTYPE, ""
            # Who made a backup is nobody's concern, and may be another user where it is restored.
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            with path.open("rb") as content:
                tape.addfile(entry, content)
    sync(target)


class Readable(Protocol):
    """What can be read from the beginning to the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes; none at the end."""


class _Member:
    """A file in a tape archive, whose damage shows only when it is read."""

    def __init__(self, content: IO[bytes], path: Path) -> None:
        self._content = content
        self._path = path

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._content.read(size)
        except _DAMAGED as error:
            raise _damage(self._path, error) from None


def unpack(path: Path) -> Iterator[tuple[str, Readable]]:
    """Yield the files in a tape archive with their names, in the order of writing; each is read before the next.

    Nothing is written.

    :raises InputError: if it is no tape archive, is damaged, or has something else than files in it.
    :raises OSError: if it cannot be read.
    """
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        compressed = file.read(4) == _MAGIC
        file.seek(0)
        content: IO[bytes] = file
        if compressed:
            content = cast("IO[bytes]", stack.enter_context(zstd.ZstdFile(file, "rb")))
        try:
            tape = stack.enter_context(tarfile.open(fileobj=content, mode="r|"))
            for entry in tape:
                found = tape.extractfile(entry) if entry.isreg() else None
                if found is None:
                    raise InputError(f"{path}: {entry.name} is no file", "take another backup")
                yield entry.name, _Member(found, path)
        except _DAMAGED as error:
            raise _damage(path, error) from None


def _damage(path: Path, error: Exception) -> InputError:
    return InputError(f"{path}: it is damaged ({error})", "take another backup")
