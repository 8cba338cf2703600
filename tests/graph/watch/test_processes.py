"""``parley watch`` with processes that extract: they end with it, and what they had in hand is read another time."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.archive.archive import Archive
from graph.store import Dataset
from graph.watch.state import read_state
from tests.graph.sources import server as web
from tests.graph.sources.server import Server, serving
from tests.graph.watch.test_watch import article, feed

_PAGES = 6


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({f"/{n}": web.page(article(n)) for n in range(_PAGES)}) as running:
        links = feed(*(f"/{n}" for n in range(_PAGES)))
        running.routes["/feed"] = web.page(links, "application/atom+xml")
        yield running


def start(folder: Path, server: Server) -> "subprocess.Popen[str]":
    """Start the command in a group of processes of its own, such as a service manager ends at once."""
    environment = {
        **os.environ, "NO_PROXY": "*", "PARLEY_FETCH_PRIVATE": "1", "PARLEY_FETCH_PAUSE": "0", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "graph.cli", "watch", f"{server.url}/feed", "--jobs", "2", "--every", "0.5"]
    return subprocess.Popen(
        [*command, "--dataset", str(folder)], stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )


def until(process: "subprocess.Popen[str]", event: str, number: int = 1) -> None:
    """Read what it says until it has told of something so many times."""
    assert process.stderr is not None
    while number:
        line = process.stderr.readline()
        assert line, "it ended"
        number -= json.loads(line)["event"] == event


def members(group: int) -> list[int]:
    """Return the living processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = path.read_text("utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.slow
def test_they_end_with_it_and_nothing_is_lost(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    Dataset.create(folder, "https://zubrowka.example/")
    killed = start(folder, server)
    until(killed, "article")
    assert len(members(killed.pid)) > 3  # two that extract, and one that parses
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    while members(killed.pid):
        time.sleep(0.1)  # the runner's own limit ends a test in which they stay
    stopped = start(folder, server)
    until(stopped, "article")
    os.killpg(stopped.pid, signal.SIGTERM)
    _, said = stopped.communicate()
    assert stopped.returncode == 0, said
    assert json.loads(said.splitlines()[-1])["event"] == "stop"
    state = read_state(folder / "watch")
    assert state is not None
    assert not state.given_up
    assert len({*state.waiting}) + Archive(folder / "archive").count() >= _PAGES
    last = start(folder, server)
    while Archive(folder / "archive").count() < _PAGES:
        time.sleep(0.1)
    os.kill(last.pid, signal.SIGTERM)
    assert last.communicate()[1]
    assert last.returncode == 0
    while members(last.pid):
        time.sleep(0.1)
