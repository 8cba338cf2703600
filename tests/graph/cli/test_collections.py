"""``ingest`` and ``watch`` as a user runs them, with sources that hold or name many articles."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graph.cli.conftest import ARTICLE, Run
from tests.graph.sources import server as web
from tests.graph.sources.server import Server, serving

LOCAL = {"PARLEY_FETCH_PRIVATE": "1", "PARLEY_FETCH_PAUSE": "0", "PARLEY_JOBS": "1", "NO_PROXY": "*"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/a": web.page()}) as running:
        feed = (
            b"<rss version='2.0'><channel><item><link>/a</link></item><item><link>/none</link></item></channel></rss>"
        )
        running.routes["/feed"] = web.page(feed, "application/rss+xml")
        yield running


def test_many_sources_in_one_run(parley: Run, server: Server, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text(f"{server.url}/a\n")
    lines = [json.dumps({"title": f"T{n}", "date": "2024-05-06", "text": f"They met {n} times."}) for n in range(2)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    sources = ["-", tmp_path / "a.jsonl", f"{server.url}/feed"]
    first = parley("ingest", *sources, "--from-file", tmp_path / "urls.txt", stdin=ARTICLE, **LOCAL)
    assert "5 articles: 4 added, 1 failed" in first.stderr
    assert f"{server.url}/none: there is no such page" in first.stderr
    assert first.returncode == 4
    again = parley("ingest", f"@{tmp_path / 'urls.txt'}", tmp_path / "a.jsonl", "-", stdin=ARTICLE, **LOCAL)
    assert "4 articles: 4 unchanged" in again.stderr
    assert again.returncode == 0
    assert server.asked("/a") == 1
    refused = parley("ingest", "--refresh", f"{server.url}/a", **{**LOCAL, "PARLEY_FETCH_PRIVATE": "0"})
    assert "is not public; set PARLEY_FETCH_PRIVATE=1" in refused.stderr
    assert refused.returncode == 4


@pytest.mark.parametrize("arguments", [("ingest",), ("watch",), ("ingest", "a.md", "--as", "novel")])
def test_wrong_usage(parley: Run, arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert parley(*arguments).returncode == 2
    assert not (tmp_path / "dataset").exists()


def test_watch_stops_in_order_and_status_tells_of_it(parley: Run, server: Server, tmp_path: Path) -> None:
    environment = {**os.environ, **LOCAL, "PARLEY_DATASET": str(tmp_path / "dataset")}
    command = [sys.executable, "-m", "graph.cli", "watch", f"{server.url}/feed", "--every", "1", "--publish-every", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and not list(tmp_path.glob("dataset/generations/*/*")):
        time.sleep(0.2)
    during = json.loads(parley("status", "--format", "json", **LOCAL).stdout)["watch"]
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert {json.loads(line)["event"] for line in said.splitlines()} >= {
        "start",
        "poll",
        "article",
        "published",
        "stop",
    }
    after = json.loads(parley("status", "--format", "json", **LOCAL).stdout)
    assert (during["running"], after["watch"]["running"]) == (True, False)
    assert after["articles"] == 1
    assert after["watch"]["given up"] == 1
    assert f"feed {server.url}/feed: last asked" in parley("status", **LOCAL).stdout
