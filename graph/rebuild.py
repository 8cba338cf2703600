"""Rebuilding: the archive extracted again, with this version of Parley, into a store beside the one that serves.

The new store begins as a copy of the live one, in which one article after the other is replaced: so events keep their
IRIs, and those that become others lead on to them, by the same means as when an article changes.
"""

from collections.abc import Iterator

import graph
from graph.errors import UnavailableError
from graph.extract.backends import load_backend
from graph.extract.learned.folder import model_version
from graph.ingest.ingester import Ingester, Outcome
from graph.ingest.prepare import PreparingRunner
from graph.settings import Settings
from graph.store import Dataset
from graph.store.rebuild import Rebuild

__all__ = ["rebuild"]


def rebuild(dataset: Dataset, settings: Settings, runner: PreparingRunner | None = None) -> Iterator[Outcome]:
    """Extract every archived article again, yielding an outcome for each; then the result is the dataset's live store.

    Nothing is fetched and nothing published. If it is stopped, the next call goes on where it was, unless the dataset
    or what extracts has changed meanwhile. Other writers are kept out until it ends.

    :raises DatasetError: if another process is writing, or the dataset cannot be written.
    """
    backend = load_backend(settings)
    purpose = f"{graph.__version__} {backend.name} {backend.version} {model_version()}"
    with Rebuild(dataset, purpose) as work:
        unavailable = False
        with Ingester(work.dataset, settings) as ingester:
            for n, outcome in enumerate(ingester.rebuild(runner=runner, after=work.done), 1):
                # What comes after the first that was not tried has to be tried another time.
                unavailable = unavailable or isinstance(outcome.error, UnavailableError)
                if not unavailable and outcome.key and n % max(1, settings.flush_every) == 0:
                    ingester.flush()
                    work.save(outcome.key)
                yield outcome
        if not unavailable:
            work.finish()
