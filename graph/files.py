"""Where the data files of the project are: shapes, ontology, lexicons, facts, sample articles, queries."""

from functools import cache
from pathlib import Path

__all__ = ["data_path", "shapes_path"]

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


def shapes_path(*parts: str) -> Path:
    """Return the path of a file or folder below ``shapes/``."""
    return _root().joinpath("shapes", *parts)
