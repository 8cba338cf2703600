"""Files of the index: columns of numbers and texts one after the other, written once, then mapped."""

import mmap
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Column", "Texts", "read_column", "read_texts", "write_column", "write_pieces", "write_texts"]

Column = npt.NDArray[Any]

#: Of texts in order every so many-th is kept in memory, so that finding one reads a few of the others.
_APART = 64


def write_column(folder: Path, name: str, values: Column) -> None:
    """Write a column.

    :raises OSError: if it cannot be written.
    """
    np.save(folder / f"{name}.npy", values, allow_pickle=False)


def read_column(folder: Path, name: str) -> Column:
    """Map a column.

    :raises OSError: if there is none.
    :raises ValueError: if it is damaged.
    """
    mapped = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    # A plain array over the mapped memory: the subclass costs a microsecond at each step.
    return np.asarray(mapped).view(np.ndarray)


def write_texts(folder: Path, name: str, texts: Iterable[bytes]) -> None:
    """Write texts one after the other, and where each begins.

    :raises OSError: if they cannot be written.
    """
    at, ends = 0, [0]
    with (folder / f"{name}.bin").open("wb") as out:
        for text in texts:
            out.write(text)
            at += len(text)
            ends.append(at)
        if not at:
            out.write(b"\n")  # an empty file cannot be mapped
    write_column(folder, f"{name}.at", np.array(ends, dtype=np.uint64))


def write_pieces(folder: Path, name: str, pieces: Iterable[bytes | memoryview], lengths: Column) -> None:
    """Write texts that come in pieces, each of one text or many, as :func:`write_texts` does.

    :param lengths: of each text.
    :raises OSError: if they cannot be written.
    """
    with (folder / f"{name}.bin").open("wb") as out:
        written = sum(map(out.write, pieces))
        if not written:
            out.write(b"\n")
    ends = np.zeros(len(lengths) + 1, dtype=np.uint64)
    np.cumsum(lengths, out=ends[1:])
    if written != ends[-1]:
        raise ValueError(f"{folder}: {name} is damaged")
    write_column(folder, f"{name}.at", ends)


class Texts:
    """Texts by number."""

    def __init__(self, content: mmap.mmap, at: Column) -> None:
        self._content, self._at = content, at
        self._fences: list[bytes] | None = None
        self._bytes: bytes | None = None

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._content[int(self._at[number]) : int(self._at[number + 1])]

    @property
    def at(self) -> Column:
        """Where each text begins, and where the last one ends."""
        return self._at

    def between(self, first: int, end: int) -> memoryview:
        """Return the texts from one number to another, one after the other; nothing is copied."""
        return memoryview(self._content)[int(self._at[first]) : int(self._at[end])]

    def place(self, text: bytes) -> int:
        """Return before which number a text belongs where all stand in order."""
        return bisect_left(range(len(self)), text, key=self.__getitem__)

    def find(self, text: bytes) -> int | None:
        """Return the number of a text where all stand in order, each once; None if it is not there."""
        if self._fences is None:
            self._fences = [self[number] for number in range(0, len(self), _APART)]
        low = max(0, bisect_right(self._fences, text) - 1) * _APART
        high = min(low + _APART, len(self))
        while low < high:
            middle = (low + high) // 2
            if self[middle] < text:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self[low] == text else None

    def having(self, part: bytes) -> Column:
        """Return the numbers of the texts with these bytes somewhere, in order."""
        found = re.finditer(re.escape(part), self._whole())
        at = np.fromiter((match.start() for match in found), dtype=self._at.dtype)
        return np.unique(np.searchsorted(self._at, at, side="right") - 1)

    def sweep(self, part: bytes) -> Iterator[int]:
        """Yield the numbers of the texts with these bytes somewhere, in order, looking no further than one needs."""
        content = self._whole()
        at = content.find(part)
        while at >= 0:
            number = int(np.searchsorted(self._at, self._at.dtype.type(at), side="right")) - 1
            yield number
            at = content.find(part, int(self._at[number + 1]))

    def _whole(self) -> bytes:
        # Mapped files are searched byte by byte: slower by far than bytes.
        if self._bytes is None:
            self._bytes = self._content[:]
        return self._bytes


def read_texts(folder: Path, name: str) -> Texts:
    """Map texts.

    :raises OSError: if there are none.
    :raises ValueError: if they are damaged.
    """
    with (folder / f"{name}.bin").open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return Texts(content, read_column(folder, f"{name}.at"))
