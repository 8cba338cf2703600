"""Which things differ between a generation and the one before: a list in the folder of each, so that few need be read.

::

    generations/000042/curated   IRIs of the things that curations changed in the copy of the live store, one a line
    generations/000042/touched   the name of the generation before, then the IRIs of the things that may differ from it

What differs is what the journal of the live store names (:mod:`graph.store.journal`), what curations change in this
generation, and what they changed in the one before. Where one of the three is not known there is no list, and all that
is made of a generation is made anew; so it is where that is sooner done than to follow what leads to each of so many.
"""

from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph.store import Generation, journal

__all__ = ["Touched", "note_curated", "note_touched", "touched_in"]

_CURATED, _TOUCHED = "curated", "touched"
#: So many things are looked at without counting what the store has.
_FEW = 10_000
#: To look at a thing and what it leads to takes as long as to read so many statements in one go.
_STATEMENTS = 200


@dataclass(frozen=True, slots=True)
class Touched:
    """What may differ between two generations.

    :param since: name of the one before.
    :param things: IRIs; all that is said of any other thing is the same in both, and by the same things.
    """

    since: str
    things: frozenset[str]


def note_curated(folder: Path, things: Set[str]) -> None:
    """Note in the folder of a generation in the making what curations changed in it.

    :raises OSError: if it cannot be written.
    """
    _write(folder / _CURATED, sorted(things))


def note_touched(folder: Path, store: Path, before: Generation | None) -> Touched | None:
    """Note in the folder of a generation in the making what may differ from the one before, and return it.

    :param folder: it has the note of what curations changed.
    :param store: folder of the live store.
    :param before: the generation before.
    :return: None if that is not known, or is so much that all is sooner read.
    :raises OSError: if it cannot be written.
    """
    changed = journal.read(store)
    if before is None or changed is None or changed[0] != before.name:
        return None
    curated = [_read(path / _CURATED) for path in (before.path, folder)]
    if None in curated:
        return None
    touched = Touched(before.name, changed[1].union(*filter(None, curated)))
    count = len(touched.things)
    if count > _FEW and count * _STATEMENTS > len(ox.Store.read_only(str(folder))):
        return None
    _write(folder / _TOUCHED, [touched.since, *sorted(touched.things)])
    return touched


def touched_in(generation: Generation) -> Touched | None:
    """Return what may differ between a generation and the one before; None if that is not known."""
    found = _read(generation.path / _TOUCHED)
    return Touched(found[0], frozenset(found[1:])) if found else None


def _read(path: Path) -> list[str] | None:
    try:
        # No splitlines: an IRI may have characters that end lines elsewhere.
        return path.read_text("utf-8").split("\n")[:-1]
    except (OSError, ValueError):
        return None


def _write(path: Path, lines: list[str]) -> None:
    # It is on disk before the generation gets its name, as all of its files are.
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
