"""Stores on disk that last no longer than what they are read for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["scratch_folder"]


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """Yield a folder for a store that is gone at the end, even if the engine still works on the files in it.

    :param prefix: how its name begins, in the system's folder for temporary files.
    """
    # The engine's threads end when nobody refers to the store any more, which may be later, and until then they write.
    with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
