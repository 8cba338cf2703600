"""A deadline for a whole exchange over the network.

A timeout of requests covers one wait for bytes: a server that sends one byte now and then holds it for ever. Here a
timer shuts the sockets down when the time is up, whatever state the exchange is in, and the waiting call returns at
once.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

__all__ = ["Deadline", "DeadlineAdapter", "Guard"]

#: Returns the addresses of a host and port that may be connected to; raises an error of ours where none may be.
Guard = Callable[[str, int], list[str]]


class Deadline:
    """A context manager: within it, all sockets of its adapters are shut down after some time.

    :param seconds: how long everything together may take.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self.expired = False

    @property
    def remaining(self) -> float:
        """Seconds that are left; never negative."""
        return max(0.0, self._end - time.monotonic())

    def watch(self, connection: socket.socket) -> None:
        """Shut this socket down, too, when the time is up."""
        twin = connection.dup()  # TLS takes the original over; the duplicate still reaches the same connection
        with self._lock:
            self._sockets.append(twin)
            if self.expired:
                self._shut(twin)

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            for twin in self._sockets:
                self._shut(twin)

    @staticmethod
    def _shut(twin: socket.socket) -> None:
        with contextlib.suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        for twin in self._sockets:
            twin.close()


class DeadlineAdapter(HTTPAdapter):
    """Makes connections that a deadline can shut down; used by one exchange only.

    :param guard: asked for the addresses of each host: what it returns is connected to and nothing else, so that a name
        cannot mean one address when it is checked and another when it is used. A proxy is connected to without asking.
    """

    def __init__(self, deadline: Deadline, guard: Guard | None = None) -> None:
        self._pools = _pools(deadline, guard)
        self._proxy_pools = _pools(deadline, None)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the manager of direct connections (requests calls this)."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Make the manager of connections through a proxy (requests calls this)."""
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # SOCKS has connections of its own; only the timeouts hold there
            manager.pool_classes_by_scheme = self._proxy_pools
        return manager


def _connect(connection: HTTPConnection, make: Callable[[], socket.socket], guard: Guard | None) -> socket.socket:
    """Connect to the first address of those that the guard lets through that answers.

    TLS and the Host header go by the name all the same: only the look-up is done here.
    """
    if guard is None:
        return make()
    name = connection._dns_host
    try:
        addresses = guard(name, connection.port or 443)
    except socket.gaierror as error:
        raise NameResolutionError(name, connection, error) from error
    try:
        for number, address in enumerate(addresses, 1):
            connection._dns_host = address
            try:
                return make()
            except (NewConnectionError, ConnectTimeoutError):
                if number == len(addresses):
                    raise
    finally:
        connection._dns_host = name
    raise AssertionError("a guard returns addresses or raises")


def _pools(deadline: Deadline, guard: Guard | None) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connection = _connect(self, super()._new_conn, guard)
            deadline.watch(connection)
            return connection

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            connection = _connect(self, super()._new_conn, guard)
            deadline.watch(connection)
            return connection

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
