"""A socket that gives up on a client which is too slow: the thread that serves it is not kept from others."""

import errno
import select
import socket
import time
from collections.abc import Callable
from typing import Any

__all__ = ["PacedSocket"]

#: Bytes a second that a client takes in at least, on the average of a time as long as its patience.
SLOWEST = 4_000
_LOOK = 0.25


class PacedSocket(socket.socket):
    """The connection to a client, for a thread that may block on it.

    Reading a request takes so long at most; an answer is given up when the client takes in less than :data:`SLOWEST`
    while the server waits for it, when it takes too long altogether, or when others need the thread.
    """

    #: The header of the request that is served, for an error that is told without the application.
    accept_header = ""
    #: What was fetched for the request that is served, for the application (:class:`web.sparql.querying.Fetched`).
    fetched: Any = None
    patience = 10.0
    longest = 3600.0
    #: Seconds that the server has waited for the client to take something in.
    waited = 0.0
    #: Tells of the connection that holds its thread for so many seconds of waiting whether to give it up for others.
    pressed: Callable[["PacedSocket"], bool] = staticmethod(lambda _: False)

    _read_until = _sent_by = float("inf")
    _lately, _taken = 0.0, 0

    def begin(self) -> None:
        """Say that a thread starts to serve a request now."""
        now = time.monotonic()
        self._read_until, self._sent_by = now + self.patience, now + self.longest
        self.waited, self._lately, self._taken = 0.0, 0.0, 0

    def forget(self) -> None:
        """Let go of what was fetched for a request, if the application did not ask for it."""
        if self.fetched is not None:
            self.fetched.close()
            self.fetched = None

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return what has come; nothing, as at the end, if the request takes too long."""
        own = self.gettimeout()
        if own == 0:
            return super().recv(size, flags)
        left = self._read_until - time.monotonic()
        poll = select.poll()
        poll.register(self, select.POLLIN)
        if not poll.poll(max(0.0, left if own is None else min(left, own)) * 1000):
            if own is not None and own < left:
                raise TimeoutError
            return b""
        return super().recv(size, flags)

    def send(self, data: Any, flags: int = 0, /) -> int:
        """Send some of the data, as soon as there is room.

        :raises BrokenPipeError: if the client is too slow.
        """
        while True:
            try:
                sent = super().send(data, flags | socket.MSG_DONTWAIT)
            except BlockingIOError:
                if self.gettimeout() == 0:
                    raise
                self._wait()
                continue
            self._taken += sent
            return sent

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send all of the data.

        :raises BrokenPipeError: if the client is too slow.
        """
        view = memoryview(data).cast("B")
        while view:
            view = view[self.send(view, flags) :]

    def _wait(self) -> None:
        if not self._lately:
            self._taken = 0  # what only went into the buffers of this machine
        started = time.monotonic()
        poll = select.poll()
        poll.register(self, select.POLLOUT)
        poll.poll(_LOOK * 1000)
        now = time.monotonic()
        self.waited += now - started
        self._lately += now - started
        if self._lately >= self.patience:
            if self._taken < SLOWEST * self._lately:
                raise BrokenPipeError(errno.EPIPE, "the client takes in next to nothing")
            self._lately, self._taken = 0.0, 0
        if now > self._sent_by:
            raise BrokenPipeError(errno.EPIPE, "the answer took too long to send")
        if self.waited > self.patience and self.pressed(self):
            raise BrokenPipeError(errno.EPIPE, "others wait for this thread")
