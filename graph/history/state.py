"""How the history left each thing: a digest of what it said of it, by key, of which few are looked up and changed.

The file has a line for each thing, in order of the keys, after one that says how far the history had come. A look-up
halves the lines, and writing copies those between the ones that have changed: with a million things to parse and to
sort them all would be most of the work of a publication.
"""

from collections.abc import Iterator, MutableMapping
from pathlib import Path

from graph.files import write_whole

__all__ = ["State", "read_head"]


def read_head(path: Path) -> tuple[int, str]:
    """Return how many versions the history had when the state was written, and the name of the generation.

    :return: 0 and nothing if there is no state, or it is damaged.
    """
    try:
        with path.open("rb") as file:
            length, _, since = file.readline().decode().rstrip("\n").partition(" ")
        return int(length), since
    except (OSError, ValueError):
        return 0, ""


class State(MutableMapping[str, str]):
    """The digests by key.

    :param lines: each a digest, a space and a key, in order of the keys.
    """

    def __init__(self, lines: bytes = b"") -> None:
        self._lines = lines
        self._changed: dict[str, str | None] = {}

    @classmethod
    def read(cls, path: Path) -> "State":
        """Return the state in a file; an empty one if there is none, or it is damaged."""
        try:
            lines = path.read_bytes().partition(b"\n")[2]
        except OSError:
            return cls()
        return cls(lines if lines.endswith(b"\n") else b"")

    def write(self, path: Path, length: int, since: str) -> None:
        """Write it so that a reader sees all of it or what was there before.

        :param length: how many versions the history has.
        :param since: the name of the generation.
        :raises OSError: if it cannot be written.
        """
        pieces: list[bytes | memoryview] = [f"{length} {since}\n".encode()]
        lines, at = memoryview(self._lines), 0
        for key, digest in sorted(self._changed.items()):
            start, end = self._find(key.encode())
            pieces.append(lines[at:start])
            if digest is not None:
                pieces.append(f"{digest} {key}\n".encode())
            at = end
        pieces.append(lines[at:])
        write_whole(path, b"".join(pieces))

    def __getitem__(self, key: str) -> str:
        if key in self._changed:
            found = self._changed[key]
        else:
            start, end = self._find(key.encode())
            found = self._lines[start:end].partition(b" ")[0].decode() or None
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, digest: str) -> None:
        self._changed[key] = digest

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._changed[key] = None

    def __iter__(self) -> Iterator[str]:
        for line in self._lines.split(b"\n")[:-1]:
            key = line.partition(b" ")[2].decode()
            if key not in self._changed:
                yield key
        yield from (key for key, digest in self._changed.items() if digest is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _find(self, key: bytes) -> tuple[int, int]:
        """Return where the line of a key begins and ends; both are where it belongs if there is none."""
        low, high = 0, len(self._lines)
        while low < high:
            start = max(low, self._lines.rfind(b"\n", low, (low + high) // 2) + 1)
            end = self._lines.index(b"\n", start) + 1
            found = self._lines[start : end - 1].partition(b" ")[2]
            if found == key:
                return start, end
            low, high = (end, high) if found < key else (low, start)
        return low, low
