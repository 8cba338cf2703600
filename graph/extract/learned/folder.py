"""Where trained models are read from: ``data/model``, or another folder while models are being measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from graph.files import data_path

__all__ = ["model_file", "models_from"]

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
