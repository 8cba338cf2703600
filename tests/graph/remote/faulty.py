"""A server between the program and a store that fails as it is told: before the store has heard of it, or after."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

__all__ = ["Fault", "Faulty", "faulty"]

#: What becomes of an update: status and headers; None for what the store says, ``cut`` for no answer at all.
Fault = tuple[int, dict[str, str]] | str | None


class Faulty:
    """What is told to the server, and what it has seen.

    :ivar before: number of an update, from 0 -> what is answered without asking the store.
    :ivar after: number of an update -> what is answered after the store has done it.
    :ivar seen: updates, in order, with those that were made again.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.address = ""
        self.before: dict[int, Fault] = {}
        self.after: dict[int, Fault] = {}
        self.seen: list[bytes] = []


@contextmanager
def faulty(url: str) -> Iterator[Faulty]:
    """Serve on any free port what the store at a URL says."""
    plan = Faulty(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            updates = not self.path.endswith("/query")
            number = len(plan.seen)
            if updates:
                plan.seen.append(body)
                if number in plan.before:
                    self._answer(plan.before[number])
                    return
            headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
            found = requests.post(plan.url + self.path, data=body, headers=headers, timeout=60)
            if updates and number in plan.after:
                self._answer(plan.after[number])
                return
            self._send(found.status_code, {"Content-Type": found.headers.get("Content-Type", "")}, found.content)

        def _answer(self, fault: Fault) -> None:
            if isinstance(fault, tuple):
                self._send(*fault, b"told to fail")
            elif fault == "late":
                stopped.wait(20)
            self.close_connection = True

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    plan.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield plan
    finally:
        stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
