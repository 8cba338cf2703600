"""Files and folders as sources."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from graph.errors import InputError

__all__ = ["MARKDOWN", "PAGES", "discover", "is_web", "open_file", "read_file"]

#: Endings of the files that hold articles.
MARKDOWN = frozenset({".md", ".markdown"})
PAGES = frozenset({".html", ".htm", ".xhtml"})
_ENDINGS = MARKDOWN | PAGES | {".txt"}
_COLLECTIONS = frozenset({".jsonl", ".ndjson", ".warc"})


def is_web(source: str) -> bool:
    """Tell whether a source is a web address.

    :raises InputError: if it is an address that is not of the web.

    >>> is_web("https://news.example/1"), is_web("articles/a.md")
    (True, False)
    """
    scheme, separator, _ = source.partition("://")
    if not separator or not scheme.isalnum():
        return False
    if scheme.lower() in ("http", "https"):
        return True
    remedy = "give the path of the file" if scheme.lower() == "file" else "give a path or an http or https URL"
    raise InputError(f"{source}: cannot read {scheme}:// addresses", remedy)


def discover(sources: Sequence[str], *, collections: bool = False) -> Iterator[str]:
    """Find the articles that sources stand for, each once: files and URLs as they are, folders with all below them.

    Of a folder, files ending in .md, .markdown, .txt, .html, .htm or .xhtml are taken, in the order of their paths.
    Hidden files and folders and files named README are not, nor are folders behind symbolic links.

    :param collections: whether to take those that hold many articles, too: .jsonl, .ndjson and .warc, perhaps with .gz.
    :raises InputError: if a path does not exist, or a folder holds no articles or cannot be read.
    """
    seen: set[str] = set()
    for source in sources:
        if is_web(source):
            found: Sequence[str] = [source]
        elif os.path.isdir(source):  # noqa: PTH112 - Path.is_dir raises where it may not look
            found = _folder(source, _ENDINGS | _COLLECTIONS if collections else _ENDINGS)
        else:
            _expect(source)
            found = [source]
        for each in found:
            known = each if is_web(each) else os.path.realpath(each)
            if known not in seen:
                seen.add(known)
                yield each


def _expect(source: str) -> None:
    try:
        os.lstat(source)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"{source}: no such file or folder", "check the path") from None
    except (OSError, ValueError):
        return  # there may be something: reading it will say what is wrong


def _folder(folder: str, endings: frozenset[str]) -> list[str]:
    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot read the folder ({error.strerror})", "check its permissions")

    found: list[Path] = []
    for at, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(Path(at, name) for name in files if _holds(name, endings))
    if not found:
        raise InputError(
            f"{folder}: no articles in this folder", f"put files ending in {' '.join(sorted(endings))} there"
        )
    return [str(path) for path in sorted(found)]


def _holds(name: str, endings: frozenset[str]) -> bool:
    path = Path(name)
    if name.startswith(".") or path.stem.upper() == "README":
        return False
    ending = path.suffix.lower()
    if ending == ".gz":
        return Path(path.stem).suffix.lower() in endings & _COLLECTIONS
    return ending in endings


_WORDS = {
    errno.ENOENT: ("no such file or folder", "check the path"),
    errno.EACCES: ("may not be read", "give yourself permission to read it"),
    errno.EPERM: ("may not be read", "give yourself permission to read it"),
    errno.ELOOP: ("is a symbolic link to itself", "give the path of the file"),
    errno.ENXIO: ("is a socket, not a file", "save the article to a file"),
    errno.ENAMETOOLONG: ("the path is too long", "check the path"),
}


def read_file(path: str, limit: int) -> bytes:
    """Return the bytes of a regular file.

    :param limit: largest size in bytes.
    :raises InputError: if it is missing, not a regular file, unreadable, empty or too large.
    """
    with open_file(path) as file:
        try:
            raw = file.read(limit + 1)
        except OSError as error:
            raise _unreadable(path, error) from None
    if len(raw) > limit:
        raise InputError(
            f"{path}: is larger than {limit} bytes", "check that it is one article, or raise PARLEY_FILE_LIMIT"
        )
    if not raw.strip():
        raise InputError(f"{path}: is empty", "check that the article was saved")
    return raw


@contextmanager
def open_file(path: str) -> Iterator[BinaryIO]:
    """Open a regular file for reading.

    :raises InputError: if it is missing, not a regular file, or unreadable.
    """
    try:
        # Not blocking: opening a FIFO would wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:
        raise InputError(f"{path!r}: is no path", "check the path") from None
    except OSError as error:
        raise _unreadable(path, error) from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path}: is a folder", "give a file, or ingest the folder")
        if not stat.S_ISREG(mode):
            raise InputError(f"{path}: is a {_kind(mode)}, not a file", "save the article to a file")
        with open(descriptor, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


def _unreadable(path: str, error: OSError) -> InputError:
    cause, remedy = _WORDS.get(error.errno or 0, (f"cannot be read ({error.strerror})", "check the file"))
    return InputError(f"{path}: {cause}", remedy)


def _kind(mode: int) -> str:
    return "pipe" if stat.S_ISFIFO(mode) else "socket" if stat.S_ISSOCK(mode) else "device"
