"""The application for tests: in this process, or ``parley serve`` as one of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from flask import Flask

from graph.settings import Settings
from graph.store import Dataset
from web.app import create_app
from web.sparql.answerers import query_pool

__all__ = ["application", "command", "served"]


@contextmanager
def application(dataset: Dataset) -> Iterator[Flask]:
    """Make the application of a dataset; its workers end with the block."""
    app = create_app(Settings(dataset=dataset.path, sparql_workers=1))
    yield app
    query_pool(app).close()


def command(dataset: Path, *arguments: str) -> list[str]:
    """Return the command that serves a dataset."""
    return [sys.executable, "-m", "graph.cli", "serve", "--dataset", str(dataset), *arguments]


@contextmanager
def served(dataset: Path, **settings: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Serve a dataset on any free port; yield the address and the process.

    :param settings: further variables of the environment. The access log is off: nobody empties the pipe.
    """
    environment = {
        **os.environ,
        "PARLEY_SPARQL_WORKERS": "1",
        "PYTHONUNBUFFERED": "1",
        "PARLEY_ACCESS_LOG": "",
        **settings,
    }
    with subprocess.Popen(
        command(dataset, "--port", "0"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            base = ""
            while not base:
                line = process.stdout.readline()
                assert line, f"it stopped with {process.wait()}"
                found = re.search(r"timeline\s+(http://\S+?)/$", line.rstrip())
                base = found[1] if found else ""
            _wait_for(base)
            yield base, process
        finally:
            process.kill()


def _wait_for(base: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if requests.get(f"{base}/healthz", timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < deadline, "it does not answer"
        time.sleep(0.1)
