"""Whether an index is one of a store, however it was made."""

import tempfile
from pathlib import Path

import pyoxigraph as ox

from graph.index.build import build
from graph.index.index import Index
from graph.index.layout import read_description
from graph.iris import Iris
from graph.store.trouble import trouble

__all__ = ["is_index_of"]


def is_index_of(folder: Path, store: ox.Store, iris: Iris) -> bool:
    """Tell whether an index answers as one that is made of all that is in a store; such a one is made for that.

    :raises OSError: if there is none, or it lacks something.
    :raises ValueError: if it is damaged.
    :raises DatasetError: if the other cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="parley-index-") as name:
        anew = Path(name) / folder.name
        try:
            build(store, iris, anew)
        except OSError as error:
            raise trouble(anew, error) from None
        if read_description(folder) != read_description(anew):
            return False
        # The description is of another version where the full text was renewed. The rest is the same to the byte.
        files = [path.name for path in anew.iterdir() if path.is_file() and path.suffix != ".json"]
        return all(_same(folder / file, anew / file) for file in files) and Index(folder).finds_as(Index(anew))


def _same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(1 << 20):
            if piece != second.read(1 << 20):
                return False
    return True
