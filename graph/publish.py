"""Publishing: a generation of what is stored, with the curations applied and its index, and the history of changes."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph.curation import apply, digest, read
from graph.errors import DatasetError
from graph.files import data_path
from graph.history import History
from graph.history.touched import Touched, note_curated, note_touched
from graph.index import FOLDER, Known, build
from graph.settings import Settings
from graph.store import Dataset, Generation
from graph.store.generations import Amendment

__all__ = ["Unapplied", "curation_folder", "publish", "unapplied"]


@dataclass(frozen=True, slots=True)
class Unapplied:
    """A curation that has no effect, or less than it should.

    :param iri: its IRI.
    :param reason: why; no full stop.
    """

    iri: str
    reason: str


def curation_folder(dataset: Dataset, settings: Settings) -> Path:
    """Return the folder of the curations of a dataset."""
    return Path(settings.curation) if settings.curation else dataset.curation_path


def publish(dataset: Dataset, settings: Settings) -> Generation:
    """Let readers see what is stored, with the curations applied; return the generation that they take from now on.

    :raises InputError: if a file of curations is broken; nothing is published then.
    :raises DatasetError: if another process is writing, or it cannot be written; readers then keep what they had.
    """
    folder, iris = curation_folder(dataset, settings), dataset.iris
    name = digest(folder)
    curations = read(folder, iris) if name else []

    before = _before(dataset)

    def amend(path: Path) -> None:
        curated: set[str] = set()
        if name:
            apply(path, iris, curations, curated)
        note_curated(path, curated)
        touched = note_touched(path, dataset.path / "store", before)
        build(ox.Store.read_only(str(path)), iris, path / FOLDER, _known(before, touched))

    generation = dataset.publish(settings.keep_generations, Amendment(name, amend))
    # After the fact: should this be cut off, readers have the generation, and the next publication makes up for it.
    History(dataset.history_path).record(generation, dataset.iris)
    return generation


def _before(dataset: Dataset) -> Generation | None:
    try:
        return dataset.current()
    except DatasetError:
        return None  # a damaged one is mended by publishing


def _known(before: Generation | None, touched: Touched | None) -> Known | None:
    """Return what there is to make an index of, besides the store that it is of."""
    if before is not None and touched is not None:
        with contextlib.suppress(DatasetError):  # a damaged one is of no use
            return Known(before.path / FOLDER, before.open(), touched.things)
    return None


def unapplied(generation: Generation) -> list[Unapplied]:
    """Return the curations of a generation that have no effect, or less than they should, with the reason."""
    answer = generation.open().query(data_path("queries", "curation", "unapplied.rq").read_text("utf-8"))
    rows: Iterable[ox.QuerySolution] = answer if isinstance(answer, ox.QuerySolutions) else ()
    return [Unapplied(str(row["curation"].value), str(row["reason"].value)) for row in rows]
