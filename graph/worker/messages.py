"""What a worker and its parent say to each other over a Unix socket.

Jobs come and reports go, each as four bytes of length, then JSON. Behind a report stands a result that is short; a
longer one goes into a file, whose descriptor is passed with a job.
"""

import json
import socket
from typing import Any

__all__ = ["SHORT", "Failure", "receive", "send"]

# A result of so many bytes at most goes with the report, if the parent takes it; they fit into a socket's buffer.
SHORT = 65_536


class Failure(Exception):  # noqa: N818 - the parent makes an error of it
    """Why there is no result; :func:`graph.sparql.failures.failure` knows the kinds.

    :param message: words that only the worker knows.
    :param place: line and column of the query that are to blame.
    """

    def __init__(self, kind: str, message: str = "", place: tuple[int, int] | None = None) -> None:
        super().__init__(kind)
        self.report = {"kind": kind, "message": message, "place": place}


def send(connection: socket.socket, message: dict[str, Any], result: bytes | None = None) -> None:
    """Send a report, and a short result behind it."""
    if result is not None:
        message["short"] = len(result)
    body = json.dumps(message).encode()
    connection.sendall(len(body).to_bytes(4, "big") + body + (result or b""))


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """Return the next job, with the file passed with it under ``fd`` or -1; None at the end."""
    # The parent sends a job when the one before is done, so what comes is of one job.
    received, fds, _, _ = socket.recv_fds(connection, SHORT, 1)
    if not received:
        return None
    while len(received) < 4 or len(received) < 4 + int.from_bytes(received[:4], "big"):
        part = connection.recv(SHORT)
        if not part:
            return None
        received += part
    job: dict[str, Any] = json.loads(received[4:])
    job["fd"] = fds[0] if fds else -1
    return job
