"""Connections that tests write to byte by byte."""

import contextlib
import socket
from urllib.parse import urlsplit

__all__ = ["address", "connect", "read_all"]


def address(base: str) -> tuple[str, int]:
    """Return host and port of a server."""
    parts = urlsplit(base)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def connect(base: str, sent: bytes = b"", *, window: int = 0) -> socket.socket:
    """Connect, and send some bytes.

    :param window: bytes that the kernel takes in for us; before connecting: later the window is as large as it is.
    """
    connection = socket.socket()
    connection.settimeout(30)
    if window:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    connection.connect(address(base))
    if sent:
        connection.sendall(sent)
    return connection


def read_all(connection: socket.socket) -> bytes:
    """Read until the other end closes the connection, or breaks it."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)
