"""A copy of a dataset's live store, made in a moment by hard links, for what reads all of it while a writer goes on."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from graph.errors import DatasetError, InUseError
from graph.store.dataset import Dataset
from graph.store.generations import PUBLISHED, Generation
from graph.store.hold import clear_abandoned, held
from graph.store.trouble import trouble

__all__ = ["SNAPSHOT", "Snapshot", "snapshot"]

#: How the name of a copy begins, in the folder of its dataset.
SNAPSHOT = ".snapshot-"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a dataset holds at one moment.

    :param store: folder of a copy of the live store; None if another process was writing to it.
    :param generation: what was published then; None if nothing was.
    """

    store: Path | None
    generation: Generation | None


@contextmanager
def snapshot(dataset: Dataset) -> Iterator[Snapshot]:
    """Yield the live store, as a copy, and the published generation; both stay until the end.

    A writer is not waited for: while there is one, only the generation can be had.

    :raises DatasetError: if the live store is damaged, or there is neither of the two.
    """
    clear_abandoned(dataset.path, f"{SNAPSHOT}*")
    path = dataset.path / f"{SNAPSHOT}{secrets.token_hex(6)}"
    store: Path | None = path
    hold = ExitStack()
    try:
        try:
            with dataset.writer() as writer:
                generation = dataset.current()
                writer.backup(path)
                hold.enter_context(held(path))
                with suppress(FileNotFoundError):
                    shutil.copy2(dataset.path / "store" / PUBLISHED, path)
        except InUseError as error:
            generation, store = dataset.current(), None
            if generation is None:
                raise DatasetError(error.cause, error.remedy) from None
        yield Snapshot(store, generation)
    except OSError as error:
        raise trouble(dataset.path, error) from None
    finally:
        hold.close()
        shutil.rmtree(path, ignore_errors=True)
