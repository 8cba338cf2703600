"""The production server: gunicorn with threads, on a socket that is bound before anything else is started."""

import contextlib
import errno
import gc
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from graph.errors import InputError, ParleyError
from graph.settings import Settings
from web.app import create_app
from web.published import Published, published
from web.serving.arrival import LINE
from web.serving.connections import CONNECTIONS, Limits, set_limits
from web.sparql.protocol import body_limit
from web.timeline.timeline import timeline

__all__ = ["run"]

_TURN = 0.001
_FIGURES = "PROMETHEUS_MULTIPROC_DIR"


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    def __init__(self, settings: Settings, bound: socket.socket) -> None:
        self._settings = settings
        self._bound = bound
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"fd://{self._bound.fileno()}",
            "worker_class": "web.serving.connections.ConnectionWorker",
            "workers": self._settings.processes,
            "threads": self._settings.threads,
            # Longer than the longest query: the SPARQL workers keep their own deadline.
            "timeout": int(self._settings.sparql_timeout) + 60,
            "graceful_timeout": 10,
            "keepalive": 5,
            "worker_connections": CONNECTIONS,
            # As long as gunicorn's parser can have it: queries come in addresses, too.
            "limit_request_line": LINE,
            # The kernel would send a file without a look at how slow its reader is.
            "sendfile": False,
            "loglevel": "warning",
            "proc_name": "parley",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        # A thread that computes makes way for others more often than by default (5 ms): each answer to a simple query
        # takes its turn a dozen times.
        sys.setswitchinterval(_TURN)
        app = create_app(self._settings)
        # In the worker: the first reader need not wait for what is computed once per generation.
        threading.Thread(target=_warm, args=(published(app),), daemon=True).start()
        return app


def _warm(served: Published) -> None:
    with contextlib.suppress(ParleyError):
        timeline(served.current())
    # What is there by now stays; to look through it for garbage again and again would hold up one answer or another.
    gc.freeze()


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except socket.gaierror:
        raise InputError(f"{host!r} is no address of this machine", "choose another --host") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ParleyError(
                f"port {port} on {host} is in use", "stop what listens there or choose another --port (0 for any)"
            ) from None
        if error.errno == errno.EACCES:
            raise ParleyError(f"no permission to listen on port {port}", "choose a --port above 1023") from None
        raise ParleyError(
            f"cannot listen on {host}:{port} ({error.strerror})", "choose another --host or --port"
        ) from None
    bound.set_inheritable(True)
    return bound


@contextlib.contextmanager
def _counted(processes: int) -> Iterator[None]:
    """Let several processes add up their figures in a folder, which prometheus_client finds by this variable."""
    if processes < 2 or _FIGURES in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="parley-figures-") as folder:
        os.environ[_FIGURES] = folder
        yield


def run(settings: Settings) -> None:
    """Serve until stopped by SIGINT or SIGTERM.

    :raises ParleyError: if the address cannot be listened on.
    """
    bound = _bind(settings.host, settings.port)
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    here = f"http://{shown}:{port}"
    click.echo(f"serving {settings.dataset}; stop with Ctrl-C")
    for name, path in (("timeline", "/"), ("people", "/people"), ("SPARQL", "/sparql"), ("about", "/.well-known/void")):
        click.echo(f"  {name:<9} {here}{path}")
    limits = Limits(max(0.1, settings.client_timeout), settings.answer_timeout, body_limit(settings.sparql_query_limit))
    set_limits(limits)
    with _counted(settings.processes):
        _Server(settings, bound).run()
