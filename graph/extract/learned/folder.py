"""Where trained models are read from: ``data/model``, or another folder while models are being measured."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from graph.files import data_path

__all__ = ["digest", "model_file", "model_version", "models_from", "write_version"]

#: Holds the digest of all models, so that a run can name what it used without reading them.
_VERSION = "version.txt"
_DIGITS = 8

_folder: ContextVar[Path | None] = ContextVar("model folder", default=None)


def model_file(name: str) -> Path:
    """Return the path of a model; that of ``data/model`` where the folder in use has none of the name."""
    folder = _folder.get()
    if folder is not None and (folder / name).exists():
        return folder / name
    return data_path("model", name)


@contextmanager
def models_from(folder: Path) -> Iterator[None]:
    """Read models from a folder first, as cross-validation does."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


@cache
def model_version() -> str:
    """Return the version of the models in ``data/model``: the digest that was written after the last training."""
    return data_path("model", _VERSION).read_text(encoding="ascii").strip()


def write_version(folder: Path) -> None:
    """Write the version of the models of a folder into it."""
    (folder / _VERSION).write_text(digest(folder) + "\n", encoding="ascii")


def digest(folder: Path) -> str:
    """Return the first digits of the SHA-256 of all models of a folder (names and contents; no documents)."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".md", ".txt")):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:_DIGITS]
