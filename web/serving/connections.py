"""Connections of clients that take their time: none of them keeps a thread of the server, or its loop, from others.

gunicorn reads a request in the thread that answers it, so a few clients that send a byte now and then would hold all
threads; and it waits in its loop for a client to close a connection, so that one which does not holds up everybody.
Here a request waits in the loop until it is there, head and body, and only then takes a thread; a client that takes in
next to nothing of its answer is cut off; and connections are closed without waiting.
"""

import contextlib
import re
import resource
import select
import selectors
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from gunicorn.http import errors as http
from gunicorn.workers.gthread import TConn, ThreadWorker

from web.errors import Refusals
from web.serving.arrival import Arrival
from web.serving.pace import PacedSocket
from web.sparql.direct import Direct

__all__ = ["CONNECTIONS", "ConnectionWorker", "Limits", "set_limits"]

#: Connections that a process keeps open, as far as the system lets it have so many files.
CONNECTIONS = 1000
# Bytes of all requests together that are not there yet.
_HELD = 64_000_000
# Connections that we have ended and the client has not: so many, for so long, and so much is read of what still comes.
_LINGERING = 200
_LINGER = 2.0
_DRAIN = 65536
# Bytes of an answer that wait in the kernel: what a client far away takes in during a round trip.
_SENT = 500_000
# Seconds that a thread waits for the next request of a client that it has just answered: one that asks at once
# need not go through the loop again. Longer, and a request of another might find all threads waiting.
_STAY = 0.003
# Seconds between two signs of life to gunicorn's arbiter, which waits for a minute and more.
_NOTIFY = 1.0
# How long a request waits for a thread before a slow client is cut off to make room.
_PRESSED = 1.0
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
#: Error of gunicorn's parser -> status; all others are 400.
_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (http.LimitRequestLine, 414),
    (http.LimitRequestHeaders, 431),
    (http.UnsupportedTransferCoding, 501),
    (http.ExpectationFailed, 417),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may take.

    :param patience: seconds for sending a request, and for taking in some of an answer.
    :param longest: seconds for taking in an answer, however large.
    :param body: longest body of a request that is read, in bytes.
    """

    patience: float = 10.0
    longest: float = 3600.0
    body: int = 500_000


_limits = Limits()


def set_limits(limits: Limits) -> None:
    """Set the limits of this process and those that it forks."""
    global _limits  # gunicorn makes the workers, and hands nothing of ours to them
    _limits = limits


class _Connection(TConn):  # type: ignore[misc]  # gunicorn is not typed
    """A connection, with what has come of its next request."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any, end: Callable[[Any], None]) -> None:
        super().__init__(cfg, PacedSocket(fileno=sock.detach()), client, server)
        self.arrival = Arrival(_limits.body)
        self._end = end

    def close(self, graceful: bool = False) -> None:
        """Close it; gracefully: so that the client gets what was sent."""
        if graceful:
            self._end(self.sock)
        else:
            super().close()


def _received(sock: socket.socket) -> bytes | None:
    """Return what has come on a socket that does not block: None if nothing has, nothing at the end."""
    try:
        return sock.recv(_DRAIN)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _host(conn: Any) -> str:
    return str(conn.client[0]) if conn.client else ""  # a local socket has no address


class ConnectionWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is not typed
    """A process of the web server that gives a thread to whole requests only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        # Some files are left for results, generations and query workers.
        self.worker_connections = CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, soft // 2)
        self.max_keepalived = self.worker_connections - self.cfg.threads
        self._lingering: deque[tuple[socket.socket, float]] = deque()
        self._lock = threading.Lock()
        self._queued: deque[float] = deque()
        self._served: set[PacedSocket] = set()
        self._refusals: Refusals | None = None
        self._notified = 0.0
        self._direct: Direct | None = None

    def notify(self) -> None:
        """Tell the arbiter that this process lives; not at each turn of the loop."""
        now = time.monotonic()
        if now - self._notified >= _NOTIFY:
            self._notified = now
            super().notify()

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection and wait for its request."""
        try:
            sock, address = listener.accept()
        except OSError:
            # The client is gone already, or the system is out of files: others may have closed theirs by the next time.
            return
        self.nr_conns += 1
        if sock.family != socket.AF_UNIX:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # The kernel keeps twice that for each connection, outside of every other limit.
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT)
        self.enqueue_req(_Connection(self.cfg, sock, address, listener.getsockname(), self._linger))

    def enqueue_req(self, conn: Any) -> None:
        """Wait until the next request of a connection is there; some of it may have come behind the one before."""
        conn.arrival = Arrival(_limits.body)
        conn.sock.setblocking(False)
        if conn.parser is not None:
            conn.arrival.feed(conn.parser.unreader.take_buffered())
        conn.timeout = time.monotonic() + _limits.patience
        if not conn.arrival.received and (part := _received(conn.sock)) is not None:
            if not part:
                self.nr_conns -= 1
                conn.close(graceful=True)
                return
            conn.arrival.feed(part)
        if not self._go_on(conn):
            self.pending_conns.append(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Take a connection that was kept open and has more to say."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.enqueue_req(conn)

    def on_pending_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Take in what has come of a request; when it is whole, give it to a thread."""
        part = _received(client)
        if part is None:
            return
        if not part:
            self._drop(conn)
            return
        conn.arrival.feed(part)
        if self._go_on(conn):
            self.poller.unregister(client)
            self.pending_conns.remove(conn)

    def _go_on(self, conn: Any) -> bool:
        """Do what a request is ready for; tell whether it waits no longer."""
        arrival: Arrival = conn.arrival
        if arrival.refusal is not None:
            self._tell(conn.sock, arrival.refusal, arrival.accept)
            self.nr_conns -= 1
            conn.close(graceful=True)
            return True
        if arrival.take_expectation():
            with contextlib.suppress(OSError):
                conn.sock.send(_CONTINUE)
        if not arrival.is_whole:
            return False
        conn.data_ready = True
        with self._lock:
            self._queued.append(time.monotonic())
        super().enqueue_req(conn)
        return True

    def _drop(self, conn: Any, status: int | None = None) -> None:
        """Give up a connection whose request is not there.

        :param status: what to say of a request of which there is a part.
        """
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        for waiting in (self.pending_conns, self.keepalived_conns):
            with contextlib.suppress(ValueError):
                waiting.remove(conn)
        self.nr_conns -= 1
        # One that was kept open and is idle has nothing to be told of.
        if status is not None and conn.arrival.received:
            self._tell(conn.sock, status, conn.arrival.accept)
        conn.close(graceful=True)

    def murder_pending(self) -> None:
        """Cut off those whose requests did not come in time, and some more when there is no room for others."""
        now = time.monotonic()
        while self.pending_conns and self.pending_conns[0].timeout <= now:
            self._drop(self.pending_conns[0], 408)
        self._make_room()
        while self._lingering and self._lingering[0][1] <= now:
            self._forget(self._lingering.popleft()[0])

    def _make_room(self) -> None:
        """Close connections on which nothing happens, before they keep out clients that ask."""
        if self.nr_conns >= self.worker_connections:
            # Those of the address with the most, the oldest first; several at a time, for this costs a look at each.
            idle = [*self.pending_conns, *self.keepalived_conns]
            most = Counter(_host(conn) for conn in idle).most_common(1)
            for conn in [conn for conn in idle if _host(conn) == most[0][0]][: self.worker_connections // 20 + 1]:
                self._drop(conn, 503)
        held = sum(len(conn.arrival.received) for conn in self.pending_conns)
        while held > _HELD:
            largest = max(self.pending_conns, key=lambda conn: len(conn.arrival.received))
            held -= len(largest.arrival.received)
            self._drop(largest, 503)

    def _linger(self, sock: socket.socket) -> None:
        """Close a connection, but read what still comes for a while: else its last answer is lost (RFC 9112, 9.6)."""
        try:
            sock.setblocking(False)
            sock.shutdown(socket.SHUT_WR)
            self.poller.register(sock, selectors.EVENT_READ, self._drain)
        except (OSError, KeyError, ValueError):
            sock.close()
            return
        self._lingering.append((sock, time.monotonic() + _LINGER))
        if len(self._lingering) > _LINGERING:
            self._forget(self._lingering.popleft()[0])

    def _drain(self, sock: socket.socket) -> None:
        part = _received(sock)
        if part is None:
            return
        # A full part may be of many: who goes on sending has not listened.
        if not part or len(part) == _DRAIN:
            self._lingering = deque(item for item in self._lingering if item[0] is not sock)
            self._forget(sock)

    def _forget(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(sock)
        sock.close()

    def handle(self, conn: Any) -> Any:
        """Answer a request, and those that follow at once; runs in a thread."""
        with self._lock:
            self._queued.popleft()
        while True:
            kept = self._answer(conn)
            if not kept or not self._stay(conn):
                return kept

    def _answer(self, conn: Any) -> Any:
        with self._lock:
            self._served.add(conn.sock)
        try:
            conn.sock.patience, conn.sock.longest = _limits.patience, _limits.longest
            conn.sock.pressed = self._is_pressed
            conn.sock.begin()
            conn.sock.setblocking(True)
            conn.init()
            if self._answer_directly(conn):
                return True
            conn.parser.unreader.unread(bytes(conn.arrival.received))
            conn.sock.accept_header = conn.arrival.accept
            conn.arrival.received.clear()
            return super().handle(conn)
        except OSError:
            return False  # the client is gone
        finally:
            conn.sock.forget()
            with self._lock:
                self._served.discard(conn.sock)

    def _answer_directly(self, conn: Any) -> bool:
        """Answer a plain query; tell whether that is done, or left to the framework."""
        if self._direct is None:
            self._direct = Direct(self.wsgi)
        if not self.alive or len(self.keepalived_conns) >= self.max_keepalived:
            return False
        answered = self._direct.answer(bytes(conn.arrival.received), conn.sock, _host(conn))
        if answered is None:
            return False
        conn.sock.sendall(answered)
        return True

    def _stay(self, conn: Any) -> bool:
        """Wait a moment for the next request of a client that was answered; tell whether it is there, whole."""
        if self._queued or not self.alive or conn.parser.unreader.buf.getvalue():
            return False
        arrival = Arrival(_limits.body)
        poll = select.poll()
        poll.register(conn.sock, select.POLLIN)
        conn.sock.setblocking(False)
        # Head and body may come one after the other; who sends byte by byte gets no more time for that.
        until = time.monotonic() + _STAY
        while not arrival.is_whole and arrival.refusal is None:
            if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                break
            part = _received(conn.sock)
            if not part:
                break  # what is closed is readable: the loop finds it out
            arrival.feed(part)
        if arrival.is_whole and arrival.refusal is None:
            conn.arrival = arrival
            return True
        # The loop waits for the rest.
        conn.parser.unreader.unread(bytes(arrival.received))
        return False

    def _is_pressed(self, sock: PacedSocket) -> bool:
        """Tell whether others wait for a thread, and no client has kept its own longer waiting than this one."""
        with self._lock:
            if not self._queued or time.monotonic() - self._queued[0] < _PRESSED:
                return False
            if max(self._served, key=lambda other: other.waited) is not sock:
                return False
            # One at a time: the next has to wait for as long again.
            self._queued[0] = time.monotonic()
            return True

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer a request that cannot be read, or that broke the application, as all errors are answered."""
        status = next((status for kind, status in _STATUSES if isinstance(exc, kind)), None)
        # A header of our own that is malformed is our fault.
        own = (http.InvalidResponseHeader, http.InvalidResponseHeaderName)
        if status is None and isinstance(exc, http.ParseException) and not isinstance(exc, own):
            status = 400
        if status is None:
            status = 500
            self.log.exception("error in answering a request")
        else:
            # One line, and no more of it than one can read: it is what a stranger sent.
            said = re.sub(r"[^ -~]", "?", str(exc))[:80]
            self.log.info("request refused with %s: %s", status, said)
        self._tell(client, status, getattr(client, "accept_header", ""))

    def _tell(self, sock: socket.socket, status: int, accept: str) -> None:
        if self._refusals is None:
            self._refusals = Refusals(self.wsgi)
        with contextlib.suppress(OSError):
            sock.setblocking(False)
            sock.send(self._refusals.message(status, accept))
