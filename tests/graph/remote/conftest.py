"""The stores of the suite: the embedded one, and servers that are started once for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store import Dataset
from tests.graph.remote.peers import PEERS, Peer
from tests.graph.remote.target import Embedded, Remote, Target
from tests.graph.store.sample import BASE
from tests.peers import UnavailableError


@pytest.fixture(scope="session")
def peers() -> Iterator[dict[str, Peer | str]]:
    """Servers by name as they are wanted; what can't be had is the reason why."""
    started: dict[str, Peer | str] = {}
    yield started
    for peer in started.values():
        if isinstance(peer, Peer):
            peer.kill()


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "dataset", BASE)


def _peer(name: str, started: dict[str, Peer | str], request: pytest.FixtureRequest) -> Peer:
    if name not in started:
        assert request.config.cache is not None
        factory = request.getfixturevalue("tmp_path_factory")
        try:
            peer = PEERS[name](request.config.cache.mkdir("peers"), factory.mktemp(name))
            peer.start()
            started[name] = peer
        except UnavailableError as error:
            started[name] = str(error)
    found = started[name]
    if isinstance(found, str):
        pytest.skip(f"{name} can't be had here: {found}")
    return found


@pytest.fixture(params=["embedded", *PEERS])
def target(request: pytest.FixtureRequest, dataset: Dataset, peers: dict[str, Peer | str]) -> Target:
    """A store that a dataset is published to, empty at first."""
    if request.param == "embedded":
        return Embedded(dataset)
    return Remote(dataset, _peer(request.param, peers, request))


@pytest.fixture(params=list(PEERS))
def remote(request: pytest.FixtureRequest, dataset: Dataset, peers: dict[str, Peer | str]) -> Remote:
    """One that is another program."""
    return Remote(dataset, _peer(request.param, peers, request))


@pytest.fixture
def one(request: pytest.FixtureRequest, dataset: Dataset, peers: dict[str, Peer | str]) -> Remote:
    """One that is another program, where it does not matter which."""
    return Remote(dataset, _peer("oxigraph", peers, request))
