"""The journal of a live store: which things were changed since it was published, so that no others need be compared.

::

    store/journal   "since 41 2019-07-01T10:00:00+00:00", the generation that all this is compared with
                    "open b3e0c7..." where a writer began, with the machine's run it did so in
                    IRIs, one a line, in angle brackets
                    "closed" where a writer ended, and all before it is on disk

A thing is noted before the change is made, so the journal names at least what has changed. Each commit notes the
subjects of the statements that come or go, and of those that go the things they lead to. A killed process loses nothing
that it has written to a file, but a machine that stops may lose the end of this file and keep the change: a journal
that is not closed is none in another run of the machine. Where there is no journal, or it is of another generation, all
things are compared. It lies in the store, so that it goes where the store goes; a store that is restored or made anew
has none.
"""

import contextlib
import os
import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from graph.files import write_whole
from graph.store.trouble import trouble

__all__ = ["JOURNAL", "begin", "close", "note", "read", "reopen"]

#: Name of the file in the folder of the store.
JOURNAL = "journal"
#: A longer one is given up: to read it would take as long as to compare all.
_LONGEST = 64_000_000
_RUN = Path("/proc/sys/kernel/random/boot_id")


def begin(store: Path, since: str) -> None:
    """Begin a journal: from now on the store is compared with this generation.

    :param store: folder of the live store.
    :param since: names the generation; a word that no other has.
    :raises OSError: if it cannot be written.
    """
    write_whole(store / JOURNAL, f"since {since}\nopen {_run()}\n".encode())


def reopen(store: Path) -> None:
    """Go on with a journal, if there is one that is whole.

    :raises DatasetError: if it cannot be given up where it is not.
    """
    if read(store) is None:
        _give_up(store)
    else:
        _append(store, f"\nopen {_run()}\n".encode())  # on a line of its own, whatever was cut off before


def note(store: Path, things: Iterable[str] | None) -> None:
    """Note things that are going to be changed; does nothing where there is no journal.

    :param things: their IRIs; None gives the journal up.
    :raises DatasetError: if it can be neither written nor given up.
    """
    try:
        longest = (store / JOURNAL).stat().st_size > _LONGEST
    except FileNotFoundError:
        return
    if longest or things is None:
        _give_up(store)
    else:
        _append(store, "".join(f"<{thing}>\n" for thing in things).encode())


def close(store: Path) -> None:
    """Put the journal on disk and note that.

    :raises DatasetError: if it can be neither written nor given up.
    """
    path = store / JOURNAL
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
            file.seek(0, os.SEEK_END)
            file.write(b"closed\n")
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    except OSError:
        _give_up(store)


def read(store: Path) -> tuple[str, frozenset[str]] | None:
    """Return since which generation a journal is, and the IRIs that it names; None if there is none that is whole."""
    try:
        first, *lines = (store / JOURNAL).read_text("utf-8", "replace").split("\n")
    except (OSError, ValueError):
        return None
    word, _, since = first.partition(" ")
    states = (line for line in reversed(lines) if line == "closed" or line.startswith("open "))
    if word != "since" or next(states, "") not in ("closed", f"open {_run()}"):
        return None
    return since, frozenset(line[1:-1] for line in lines if line.startswith("<") and line.endswith(">"))


def _append(store: Path, content: bytes) -> None:
    path = store / JOURNAL
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            while content:
                content = content[os.write(descriptor, content) :]
        finally:
            os.close(descriptor)
    except OSError:
        # A disk that is full is told by the store itself. A journal with a gap must not be.
        _give_up(store)


def _give_up(store: Path) -> None:
    try:
        (store / JOURNAL).unlink(missing_ok=True)
    except OSError as error:
        raise trouble(store, error) from None


@cache
def _run() -> str:
    """Return what names this run of the machine; where nothing does, this process, so that no other trusts it."""
    with contextlib.suppress(OSError):
        return _RUN.read_text("ascii").strip()
    return secrets.token_hex(16)
