"""``parley serve`` as it is run: a process with gunicorn, threads and SPARQL workers."""

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from graph.store import Dataset
from tests.web.conftest import ARTICLES, add, make
from tests.web.serving import command, served

pytestmark = pytest.mark.slow


def children(process: "subprocess.Popen[str]") -> list[int]:
    """Return the processes below one, all of them."""
    found, parents = [], [process.pid]
    while parents:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(parents.pop())], capture_output=True, text=True, check=False
        ).stdout.split()
        found += [int(pid) for pid in listed]
        parents += [int(pid) for pid in listed]
    return found


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make(tmp_path_factory.mktemp("served"), {"geneva": ARTICLES["geneva"]})


def test_it_serves_follows_the_next_generation_and_stops(dataset: Dataset, tmp_path: Path) -> None:
    with served(dataset.path) as (base, process):
        page = requests.get(f"{base}/", headers={"Accept": "text/html"}, timeout=30)
        assert page.status_code == 200
        assert "Ana Petrova" in page.text
        assert page.headers["Content-Encoding"] == "br"
        assert (
            requests.head(f"{base}/person/ana-petrova.ttl", timeout=30)
            .headers["Content-Type"]
            .startswith("text/turtle")
        )
        rows = requests.post(
            f"{base}/sparql",
            data={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"},
            headers={"Accept": "text/csv"},
            timeout=60,
        )
        assert int(rows.text.split()[1]) > 100
        before = requests.get(f"{base}/healthz", timeout=30).json()["generation"]
        assert requests.get(f"{base}/person/zoe-lindqvist", timeout=30).status_code == 404

        add(dataset, tmp_path, {"herald": ARTICLES["herald"]})
        again = requests.get(f"{base}/", headers={"If-None-Match": page.headers["ETag"]}, timeout=30)
        assert again.status_code == 200
        assert requests.get(f"{base}/healthz", timeout=30).json()["generation"] == before + 1
        assert requests.get(f"{base}/person/zoe-lindqvist", timeout=30).status_code == 200

        below = children(process)
        assert len(below) >= 2, "a gunicorn worker and a SPARQL worker"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        deadline = time.monotonic() + 15
        while any(alive(pid) for pid in below):
            assert time.monotonic() < deadline, "it left processes behind"
            time.sleep(0.1)
        with pytest.raises(requests.ConnectionError):
            requests.get(base, timeout=5)


def test_it_stops_at_ctrl_c(dataset: Dataset) -> None:
    with served(dataset.path) as (_, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_many_at_once_get_whole_answers(dataset: Dataset) -> None:
    with served(dataset.path) as (base, _):
        paths = ["/", "/person/ana-petrova", "/events.csv", "/dumps/dataset.nq.gz", "/articles.json"] * 8
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda path: requests.get(base + path, timeout=60), paths))
        assert {answer.status_code for answer in answers} == {200}
        for path in set(paths):
            assert len({a.content for a, p in zip(answers, paths, strict=True) if p == path}) == 1


def test_a_port_in_use_is_one_line(dataset: Dataset) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            command(dataset.path, "--port", port), capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"port {port} on 127.0.0.1 is in use" in done.stderr
    assert "choose another --port" in done.stderr


def test_a_host_that_is_not_ours(dataset: Dataset) -> None:
    done = subprocess.run(
        command(dataset.path, "--host", "192.0.2.1", "--port", "0"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "192.0.2.1" in done.stderr


def test_nothing_to_serve(tmp_path: Path) -> None:
    done = subprocess.run(command(tmp_path / "none"), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 6
    assert done.stderr.count("\n") == 1
