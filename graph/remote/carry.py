"""Carries the published generation over to the remote store, change by change, from what it has.

The embedded store stays the place where articles are written and resolved; the remote one gets each generation whole:
named graphs, merge and marker. What is sent is what differs from the generation that the markers say is there. A run
that was cut off is taken up where its marker stands. Where it is not known what the store has, it is read and compared.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from graph.errors import DatasetError, ServiceError
from graph.remote.address import read_address
from graph.remote.client import Client
from graph.remote.items import Item, batches, items
from graph.remote.kept import Kept
from graph.remote.markers import Arriving, Markers, State, identity
from graph.remote.read import is_empty, read_into
from graph.settings import Settings
from graph.store import Dataset, Generation
from graph.store.lock import FileLock
from graph.store.scratch import scratch_folder

__all__ = ["Carried", "carry", "client_of", "differing", "state_of"]

#: Statements of one request that fills an empty store.
_LOADED = 25_000


@dataclass(slots=True)
class Carried:
    """What was done.

    :param generation: number of the generation that the remote store has now.
    :param come: statements that came into named graphs; ``gone``: that went; ``requests``: updates that it took.
    :param how: ``nothing``, ``changes``, ``filled`` or ``compared``.
    """

    generation: int
    how: str = "nothing"
    come: int = 0
    gone: int = 0
    requests: int = 0


def client_of(dataset: Dataset, settings: Settings) -> Client:
    """Return the remote store that the settings name.

    :raises InputError: if they name none.
    """
    address = read_address(settings.remote_store, dataset.iris.base)
    return Client(address, settings.remote_user, settings.remote_password, timeout=settings.remote_timeout,
                  attempts=settings.remote_attempts, backoff=settings.remote_backoff)  # fmt: skip


def state_of(dataset: Dataset, settings: Settings) -> State:
    """Return what the remote store's markers say.

    :raises InputError: if the settings name no store.
    :raises ServiceError: if it cannot be asked.
    """
    with client_of(dataset, settings) as client:
        return Markers(client, dataset.iris).read()


def carry(
    dataset: Dataset, settings: Settings, *, compare: bool = False, advance: Callable[[int], None] = lambda _: None
) -> Carried:
    """Make the remote store have the published generation.

    :param compare: whether to read all that it has, and believe no marker.
    :param advance: told of changes as they are carried over.
    :raises InputError: if the settings name no store.
    :raises ServiceError: if it cannot be asked or does not take what is sent; a later call goes on from there.
    :raises DatasetError: if nothing is published, or another process is carrying it over.
    """
    generation = _published(dataset)
    kept = Kept(dataset)
    kept.path.mkdir(exist_ok=True)
    lock = FileLock(kept.path / "lock")
    try:
        with client_of(dataset, settings) as client:
            run = _Run(dataset, client, kept, generation, advance)
            if compare:
                run.compare()
            else:
                run.go_on()
            return run.carried
    finally:
        lock.release()


def differing(dataset: Dataset, settings: Settings) -> Iterator[Item]:
    """Yield what would have to be carried over, after reading all that the remote store has.

    :raises InputError: if the settings name no store.
    :raises ServiceError: if it cannot be asked.
    :raises DatasetError: if nothing is published.
    """
    generation = _published(dataset)
    with client_of(dataset, settings) as client, _contents(dataset, client) as found:
        yield from items(found, generation.open(), foreign=True)


class _Run:
    def __init__(
        self, dataset: Dataset, client: Client, kept: Kept, generation: Generation, advance: Callable[[int], None]
    ) -> None:
        self._dataset = dataset
        self._client = client
        self._kept = kept
        self._generation = generation
        self._advance = advance
        self._markers = Markers(client, dataset.iris)
        self.carried = Carried(generation.number)

    def go_on(self) -> None:
        """Carry over what differs from what the markers say is there."""
        target, state = identity(self._generation), self._markers.read()
        if state.arriving is not None:
            state = self._finish(state.arriving) or state
        if state.whole == target:
            self._kept.keep(self._generation)
            self._kept.prune(target)
            return
        old = self._kept.open(state.whole) if state.whole else None
        if old is not None:
            # A generation that it had before is arriving again: after a dataset was restored.
            anew = target in state.names
            self._carry("changes", old, base=state.whole, anew=anew)
        elif state.names:
            self.compare()
        elif is_empty(self._client, self._dataset.iris):
            self._carry("filled", ox.Store(), base="", anew=True)
        else:
            raise ServiceError(
                f"{self._client.address.query}: it has statements, and no marker of this dataset",
                "empty it, or run `parley remote carry --compare`, which takes over what is there",
            )

    def compare(self) -> None:
        """Carry over what differs from what is there."""
        with _contents(self._dataset, self._client) as found:
            # No copy has this name: were the run cut off, the next one would compare again.
            self._carry("compared", found, base="found", anew=True, foreign=True)

    def _finish(self, arriving: Arriving) -> State | None:
        """Go on with a run that was cut off; return None where what it began from is not known."""
        old = self._kept.open(arriving.base) if arriving.base else ox.Store()
        new = self._kept.open(arriving.name)
        if old is None or new is None:
            return None
        self.carried.how = "changes" if arriving.base else "filled"
        return self._send(arriving, islice(items(old, new), arriving.arrived, None))

    def _carry(self, how: str, old: ox.Store, *, base: str, anew: bool, foreign: bool = False) -> None:
        self._kept.keep(self._generation)  # before anything is sent: it may be wanted to go on
        name = identity(self._generation)
        arriving = self._markers.begin(name, self._generation.published, base, anew=anew)
        self.carried.how = how
        self._send(arriving, items(old, self._generation.open(), foreign=foreign))
        self._kept.prune(name)

    def _send(self, arriving: Arriving, found: Iterator[Item]) -> State:
        address = self._client.address
        load = not arriving.base and bool(address.graphs)
        for batch in batches(found, *((_LOADED, _LOADED) if load else (address.batch, address.most))):
            if load:
                self._client.load(_quads(batch, address.merge))
            arriving = self._markers.step(arriving, batch, loaded=load)
            self.carried.requests += 1
            self.carried.come += sum(item.named > 0 for item in batch)
            self.carried.gone += sum(item.named < 0 for item in batch)
            self._advance(len(batch))
        return self._markers.end(arriving)


def _published(dataset: Dataset) -> Generation:
    generation = dataset.current()
    if generation is None:
        raise DatasetError(f"{dataset.path}: nothing is published yet", "run `parley publish` first")
    return generation


@contextmanager
def _contents(dataset: Dataset, client: Client) -> Iterator[ox.Store]:
    """Yield what the remote store has, as a store on disk: it may be large."""
    with scratch_folder("parley-remote-") as folder:
        found = ox.Store(str(folder))
        read_into(found, client, dataset.iris)
        yield found


def _quads(batch: list[Item], merge: str) -> bytes:
    """Return what comes as N-Quads."""
    merged = ox.NamedNode(merge) if merge else ox.DefaultGraph()
    quads = [
        ox.Quad(item.triple.subject, item.triple.predicate, item.triple.object, graph)
        for item in batch
        for graph, comes in ((ox.NamedNode(item.graph), item.named), (merged, item.merged))
        if comes > 0
    ]
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
