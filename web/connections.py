"""Connections of clients that take their time: none of them keeps a thread of the server from others.

gunicorn reads a request in the thread that answers it, so a few clients that send a byte now and then would hold all
threads. Here a request waits in the server's loop until it is there, head and body, and only then takes a thread; and
a client that takes in no byte of its answer is cut off.
"""

import contextlib
import re
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

__all__ = ["ConnectionWorker", "set_patience"]

# More than that is read by the thread itself; a head that is longer is refused by the parser.
_HEAD = 100_000
_BODY = 2_000_000
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
# Bodies whose end is not told by their length, or that are sent only when asked for.
_ASKS = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

_patience = 10.0


def set_patience(seconds: float) -> None:
    """Say how long a client may take: for sending a request, and for taking in some of the answer."""
    global _patience  # gunicorn makes the workers, and hands nothing of ours to them
    _patience = max(0.1, seconds)


def is_whole(received: bytes) -> bool:
    r"""Tell whether a request is there that a thread can go on with.

    >>> is_whole(b"GET / HTTP/1.1\r\nHost: zubrowka.example\r\n")
    False
    >>> is_whole(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"), is_whole(b"GET / HTTP/1.1\r\n\r\n")
    (False, True)
    """
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return len(received) > _HEAD
    head += b"\r\n"
    length = _LENGTH.search(head)
    if length is None or _ASKS.search(head):
        return True
    return len(body) >= min(int(length[1]), _BODY)


class ConnectionWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is not typed
    """A process of the web server that gives a thread to whole requests only."""

    def enqueue_req(self, conn: Any) -> None:
        """Take a connection that was accepted: wait until its request is there."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
        else:
            self._await_request(conn)

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Take a connection that was kept open and has more to say."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_request(conn)

    def _await_request(self, conn: Any) -> None:
        conn.received = bytearray()
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + _patience
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Take in what has come of a request; when it is whole, or will never be, give it to a thread."""
        try:
            part = client.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        conn.received += part
        if part and not is_whole(bytes(conn.received)):
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        conn.data_ready = True
        super().enqueue_req(conn)

    def murder_pending(self) -> None:
        """Cut off those whose requests did not come in time."""
        now = time.monotonic()
        for conn in list(self.pending_conns):
            if conn.timeout > now:
                break
            if conn.received:
                with contextlib.suppress(OSError):
                    conn.sock.send(_LATE)
        super().murder_pending()

    def handle(self, conn: Any) -> Any:
        """Answer a request; runs in a thread."""
        received, conn.received = bytes(conn.received), bytearray()
        conn.sock.setblocking(True)
        # The kernel gives up a read or a write during which nothing moves for so long.
        limit = struct.pack("ll", int(_patience), int(_patience % 1 * 1_000_000))
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, limit)
        if hasattr(socket, "TCP_USER_TIMEOUT") and conn.sock.family != socket.AF_UNIX:  # Linux only
            conn.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(_patience * 1000))
        conn.init()
        if received:
            conn.parser.unreader.unread(received)
        return super().handle(conn)
