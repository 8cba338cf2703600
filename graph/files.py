"""Files: where those of the project are (shapes, ontology, lexicons, facts, queries), and how to write one whole."""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

__all__ = ["data_path", "read_lines", "read_query", "shapes_path", "write_new", "write_whole"]

_PACKAGE = Path(__file__).parent


@cache
def _root() -> Path:
    # A wheel carries the files inside the package; a checkout (editable install) has them beside it.
    packaged = _PACKAGE / "_data"
    return packaged if packaged.is_dir() else _PACKAGE.parent


def data_path(*parts: str) -> Path:
    """Return the path of a file or folder below ``data/``.

    >>> data_path("ontology").is_dir()
    True
    """
    return _root().joinpath("data", *parts)


@cache
def read_query(*parts: str) -> str:
    """Return a query of ours, by the folders below ``data/queries`` and its name without ``.rq``; read once.

    >>> read_query("ingest", "subject").startswith("#")
    True
    """
    *folders, name = parts
    return data_path("queries", *folders, f"{name}.rq").read_text("utf-8")


def read_lines(name: str) -> Iterator[str]:
    """Yield the lines of a lexicon without comments and empty lines.

    :param name: file name below ``data/lexicons``.
    """
    with data_path("lexicons", name).open(encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.strip() and not line.startswith("#"):
                yield line


def shapes_path(*parts: str) -> Path:
    """Return the path of a file or folder below ``shapes/``."""
    return _root().joinpath("shapes", *parts)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet so that it is there whole or not at all; it is on disk on return.

    :raises FileExistsError: if there is one already; it stays as it is.
    :raises OSError: if it cannot be written.
    """
    _write(path, content, os.link)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever stops the process; it is on disk on return.

    :raises OSError: if it cannot be written; what was there before stays.
    """
    _write(path, content, os.replace)


def _write(path: Path, content: bytes, name: Callable[[Path, Path], None]) -> None:
    """Write to a file of another name, give it its own by ``name``, and put both on disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        name(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
