"""The remote store as what answers the queries of others: its workers, and which generation it answers from."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from graph.errors import ServiceError
from graph.iris import Iris
from graph.remote.address import read_address
from graph.remote.client import Client
from graph.remote.markers import Markers, State
from graph.settings import Settings
from graph.sparql.errors import AwayError
from graph.sparql.process import WorkerProcess

__all__ = ["Answering", "Edition", "starter"]

_PROGRAM = "graph.remote.worker"
#: Seconds for which what the markers said counts, where nothing that is kept hangs on it.
_FRESH = 1.0


class Edition(NamedTuple):
    """What the remote store answers from.

    :param name: of the generation, see :func:`graph.remote.markers.identity`; of the last one while another arrives.
    :param since: when it was whole; empty while another one arrives, when answers hold for that moment only.
    """

    name: str
    since: str

    @property
    def number(self) -> int:
        """The generation's number."""
        return int(self.name.partition("-")[0])


class Answering:
    """Knows what the remote store has, asking it now and then. Shared by the threads of a server.

    :param settings: name the store.
    :param iris: of the dataset.
    :raises InputError: if they name none.
    """

    def __init__(self, settings: Settings, iris: Iris) -> None:
        address = read_address(settings.remote_store, iris.base)
        client = Client(
            address,
            settings.remote_user,
            settings.remote_password,
            timeout=min(settings.remote_timeout, settings.sparql_timeout),
            attempts=1,
        )
        self._markers = Markers(client, iris)
        self._lock = threading.Lock()
        self._known: Edition | None = None
        self._asked = 0.0

    def edition(self, *, now: bool = False) -> Edition:
        """Return what the store answers from.

        :param now: whether it has to be asked, even if it was a moment ago.
        :raises AwayError: if it cannot be asked, or has no generation yet.
        """
        with self._lock:
            if self._known is None or now or time.monotonic() - self._asked > _FRESH:
                self._known = None
                try:
                    self._known = _edition(self._markers.read())
                except AwayError:
                    raise
                except ServiceError as error:
                    raise AwayError(error.cause, error.remedy) from None
                self._asked = time.monotonic()
            return self._known


def _edition(state: State) -> Edition:
    if state.whole:
        return Edition(state.whole, state.since)
    if state.arriving is not None and state.arriving.base and state.arriving.base in state.names:
        return Edition(state.arriving.base, "")
    if state.arriving is not None:
        raise AwayError("the remote store is being filled", "try again when `parley remote status` names a generation")
    raise AwayError(
        "the remote store has no generation of this dataset yet", "run `parley publish` or `parley remote carry`"
    )


def starter(settings: Settings, iris: Iris) -> Callable[[], WorkerProcess]:
    """Return what starts a worker that puts queries to the remote store (``start`` of a pool)."""
    named = ("remote_store", "remote_user", "remote_password", "remote_timeout")
    environment = {f"PARLEY_{name.upper()}": str(getattr(settings, name)) for name in named}
    environment["PARLEY_BASE"] = iris.base

    def start() -> WorkerProcess:
        # A query that makes way would go on at the store, and begin once more.
        return WorkerProcess(
            settings.sparql_memory, network=True, program=_PROGRAM, environment=environment, restarts=False
        )

    return start
