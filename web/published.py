"""What is published: the current generation of the dataset, opened once and kept until the next one."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

import pyoxigraph as ox
from flask import Flask, current_app, g, request

from graph.errors import DatasetError, InputError, ParleyError
from graph.iris import Iris
from graph.phrase import Phrase
from graph.settings import Settings
from graph.store import Dataset, Generation

__all__ = ["NoGenerationError", "PrunedError", "Published", "Snapshot", "published", "snapshot"]

_T = TypeVar("_T")
# Older generations that stay open between two requests. Each open one keeps its folder from being pruned.
_OLDER = 2


class NoGenerationError(ParleyError):
    """There has never been a generation of this number."""

    status = 404


class PrunedError(ParleyError):
    """There was a generation of this number, but it is no longer kept."""

    status = 410


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
        self._mark: object = None
        self._older: OrderedDict[int, Snapshot] = OrderedDict()

    def current(self) -> Snapshot:
        """Return the current generation.

        :raises DatasetError: if there is no dataset, or nothing is published yet.
        """
        with self._lock:
            held = self._snapshot
            # Taken first: what is published after it changes it once more.
            mark = None if self._dataset is None else self._dataset.mark()
            if held is not None and mark is not None and mark == self._mark and held.stands:
                return held
            try:
                if self._dataset is None:
                    self._dataset = Dataset.open(self.settings.dataset)
                    mark = self._dataset.mark()
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
            self._mark = mark
            if held is None or held.number != generation.number or not held.stands:
                self._snapshot = held = Snapshot(generation, self._dataset.iris)
                self._older.clear()  # so that the next publication can prune them
            return held

    def at(self, number: int) -> Snapshot:
        """Return the generation of a number: the current one, or an older one that is still kept.

        :raises NoGenerationError: if there has been none of this number yet.
        :raises PrunedError: if it is no longer kept.
        :raises DatasetError: if there is no dataset, or nothing is published yet.
        """
        current = self.current()
        if number == current.number:
            return current
        if not 0 < number < current.number:
            raise NoGenerationError(
                Phrase("there is no generation %(number)s", number=number),
                Phrase("the current one is %(number)s; leave generation= out for it", number=current.number),
            )
        with self._lock:
            held = self._older.get(number)
            if held is not None and held.stands:
                return held
            kept = [] if self._dataset is None else self._dataset.generations()
            found = next((generation for generation in kept if generation.number == number), None)
            if found is None:
                numbers = ", ".join(str(generation.number) for generation in kept)
                raise PrunedError(
                    Phrase("generation %(number)s is no longer kept", number=number),
                    Phrase("those that are kept: %(numbers)s", numbers=numbers),
                )
            self._older[number] = held = Snapshot(found, current.iris)
            while len(self._older) > _OLDER:
                self._older.popitem(last=False)
            return held


def published(app: Flask | None = None) -> Published:
    """Return what an application (default: the current one) publishes."""
    return cast("Published", (app or current_app).extensions["parley"])


def snapshot() -> Snapshot:
    """Return the generation that the current request is answered from: one for the whole request.

    It is the current one, or that of ``generation=``.

    :raises DatasetError: if nothing is published.
    :raises InputError: if ``generation=`` is no number.
    :raises NoGenerationError: if there is no such generation.
    :raises PrunedError: if it is no longer kept.
    """
    if "snapshot" not in g:
        asked = request.args.get("generation", "")
        if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            raise InputError(
                Phrase("%(field)s is no number", field=f"generation={asked[:40]!r}"),
                Phrase("give the number of a generation, such as 41"),
            )
        g.snapshot = published().at(int(asked)) if asked else published().current()
    return cast("Snapshot", g.snapshot)
