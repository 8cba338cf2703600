"""What is published: the current generation of the dataset, opened once and kept until the next one."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import pyoxigraph as ox
from flask import Flask, current_app, g

from graph.errors import DatasetError
from graph.iris import Iris
from graph.settings import Settings
from graph.store import Dataset, Generation

__all__ = ["Published", "Snapshot", "published", "snapshot"]

_T = TypeVar("_T")


class Snapshot:
    """One generation, open for reading. It never changes, so what is computed from it may be kept with it."""

    def __init__(self, generation: Generation, iris: Iris) -> None:
        self.generation = generation
        self.number: int = generation.number
        self.store: ox.Store = generation.open()
        self.iris = iris
        # A dataset that is made anew counts from 1 again: the time of publication tells the two apart.
        self._modified = modified = generation.path.stat().st_mtime
        self.published_at = generation.published.replace(microsecond=0)
        self.identity = f"{iris.base} {self.number} {modified}"
        self._kept: dict[str, Any] = {}
        self._lock = threading.RLock()

    @property
    def stands(self) -> bool:
        """Whether its files are those that were opened: not so where the dataset was deleted and made anew."""
        try:
            return self.generation.path.stat().st_mtime == self._modified
        except OSError:
            return False

    def keep(self, name: str, compute: Callable[["Snapshot"], _T]) -> _T:
        """Return what is computed from this generation, computing it at the first call only."""
        if name not in self._kept:
            with self._lock:
                if name not in self._kept:
                    self._kept[name] = compute(self)
        return cast("_T", self._kept[name])

    def node(self, key: str) -> ox.NamedNode | None:
        """Return the IRI of the thing with this key; None if no IRI can be made of it."""
        try:
            return ox.NamedNode(self.iris.thing(key))
        except ValueError:
            return None


class Published:
    """The published dataset of one application, shared by its threads.

    :param settings: names the dataset's folder, which may be made or published later than this.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._dataset: Dataset | None = None
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """Return the current generation.

        :raises DatasetError: if there is no dataset, or nothing is published yet.
        """
        with self._lock:
            try:
                if self._dataset is None:
                    self._dataset = Dataset.open(self.settings.dataset)
                generation = self._dataset.current()
            except DatasetError:
                self._dataset = self._snapshot = None
                raise
            if generation is None:
                self._dataset = self._snapshot = None
                raise DatasetError(
                    "the dataset is empty: nothing is published yet",
                    "run `parley demo`, or `parley ingest SOURCE` and `parley publish`",
                )
            held = self._snapshot
            if held is None or held.number != generation.number or not held.stands:
                self._snapshot = held = Snapshot(generation, self._dataset.iris)
            return held


def published(app: Flask | None = None) -> Published:
    """Return what an application (default: the current one) publishes."""
    return cast("Published", (app or current_app).extensions["parley"])


def snapshot() -> Snapshot:
    """Return the generation that the current request is answered from: one for the whole request.

    :raises DatasetError: if nothing is published.
    """
    if "snapshot" not in g:
        g.snapshot = published().current()
    return cast("Snapshot", g.snapshot)
