"""A cluster of Dask: the outcome is that of one process, whatever is lost in the middle."""

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from graph.article import Article
from graph.cluster import Shards, chosen_runner, cluster_runner
from graph.errors import InputError, ParleyError, UnavailableError
from graph.extract.backends import load_backend
from graph.extract.model import Extraction
from graph.ingest.ingester import Ingester
from graph.ingest.prepare import Prepared, PreparingRunner
from graph.iris import Iris
from graph.settings import Settings
from graph.sources import expand
from graph.store import Dataset
from tests.synthetic import News

IRIS = Iris("https://zubrowka.example/")
ARTICLES = [story.article for story in News().stories(40)]

# Dask leaves a connection that it was making when the scheduler was lost to the garbage collector, as tests see it do
# only on a busy machine.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]

#: What a runner gives for an article.
Found = tuple[str, Prepared | Extraction | ParleyError]


class Cluster:
    """A scheduler and two workers, each a process that can be killed."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._folder = folder
        self.scheduler = self.start_scheduler()
        self.workers = [self._start("worker", self.address, "--nthreads", "1", "--no-nanny") for _ in range(2)]

    def start_scheduler(self) -> "subprocess.Popen[bytes]":
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        return self.scheduler

    def _start(self, kind: str, *options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options, "--no-dashboard"]
        # In a session of its own, so that all of it goes.
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(autouse=True)
def nothing_left_for_other_tests() -> Iterator[None]:
    yield
    gc.collect()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    started = Cluster(folder)
    try:
        yield started
    finally:
        started.close()


@contextmanager
def running(started: Cluster) -> Iterator[PreparingRunner]:
    """Provide a runner as soon as the scheduler answers."""
    with ExitStack() as stack:
        for attempt in range(60):
            try:
                runner = stack.enter_context(cluster_runner(Settings(), IRIS, started.address))
            except InputError:
                assert attempt < 59, "no scheduler"
            else:
                break
        yield runner


def plain(found: list[Found]) -> list[tuple[str, list[tuple[Extraction, bytes, bool]]]]:
    """Return what was prepared but for the time at which it was."""
    plain = []
    for key, result in found:
        assert isinstance(result, Prepared), result
        parts = [
            (p.extraction, b"".join(s for s in p.statements.splitlines() if b"endedAtTime" not in s), p.sound)
            for p in result.parts
        ]
        plain.append((key, parts))
    return plain


@pytest.fixture(scope="module")
def here() -> list[tuple[str, list[tuple[Extraction, bytes, bool]]]]:
    with chosen_runner(Settings(jobs=1), IRIS) as runner:
        return plain(list(runner(iter(ARTICLES))))


def test_two_workers_find_what_one_process_finds(tmp_path: Path, here: object) -> None:
    with cluster(tmp_path) as started, running(started) as runner:
        assert plain(list(runner(iter(ARTICLES)))) == here


def test_a_worker_and_then_the_scheduler_are_killed_in_the_middle(tmp_path: Path, here: object) -> None:
    with cluster(tmp_path) as started, running(started) as runner:
        found: list[Found] = []
        for outcome in runner(iter(ARTICLES)):
            found.append(outcome)
            if len(found) == 5:
                started.workers[0].send_signal(signal.SIGKILL)
            if len(found) == 15:
                started.scheduler.kill()
                started.scheduler.wait()
                started.start_scheduler()
                started.workers.append(started._start("worker", started.address, "--nthreads", "1", "--no-nanny"))
        assert plain(found) == here


def test_without_a_scheduler_what_is_done_stays_and_the_next_run_goes_on(tmp_path: Path, here: object) -> None:
    shards, backend = tmp_path / "shards", load_backend(Settings())
    with cluster(tmp_path) as started, ExitStack() as stack:
        with running(started):
            pass  # it answers
        runner = stack.enter_context(cluster_runner(Settings(), IRIS, started.address, patience=0))
        found: list[Found] = []
        for outcome in Shards(shards, IRIS, backend).keeping(runner)(iter(ARTICLES)):
            found.append(outcome)
            if len(found) == 5:
                started.close()
    errors = [result for _, result in found if not isinstance(result, Prepared)]
    assert errors
    assert all(isinstance(error, UnavailableError) for error in errors)
    kept = len(Shards(shards, IRIS, backend))
    assert kept == len(ARTICLES) - len(errors)
    assert kept >= 5
    with chosen_runner(Settings(jobs=1), IRIS, None, shards) as runner:
        assert plain(list(runner(iter(ARTICLES)))) == here


def test_the_graph_is_that_of_one_process(tmp_path: Path) -> None:
    stored = []
    lines = tmp_path / "news.jsonl"
    lines.write_text("".join(f"{line}\n" for line in News().lines(20)), "utf-8")
    with cluster(tmp_path) as started, running(started) as far, chosen_runner(Settings(jobs=1), IRIS) as near:
        for name, runner in (("far", far), ("near", near)):
            dataset = Dataset.create(tmp_path / name, IRIS.base)
            settings = Settings(dataset=dataset.path)
            with Ingester(dataset, settings) as ingester:
                outcomes = list(ingester.ingest(expand([str(lines)], settings), runner=runner))
            assert all(outcome.error is None for outcome in outcomes), outcomes
            assert len(outcomes) == 20
            with dataset.writer() as store:
                quads = {(g, t) for g in store.graphs() for t in store.graph(g)}
            stored.append({(g, t) for g, t in quads if not t.predicate.value.endswith("endedAtTime")})
    assert stored[0] == stored[1]


def test_no_scheduler_is_said_in_one_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with (
            pytest.raises(InputError, match="no scheduler answers") as failed,
            cluster_runner(Settings(), IRIS, address),
        ):
            pass
    assert "dask scheduler" in failed.value.remedy


def test_a_back_end_with_a_key_stays_at_home() -> None:
    with (
        pytest.raises(InputError, match="llm does not run on a cluster"),
        cluster_runner(Settings(extractor="llm"), IRIS, "tcp://127.0.0.1:1"),
    ):
        pass


def test_articles_are_read_only_a_few_ahead(tmp_path: Path) -> None:
    read = 0

    def articles() -> Iterator[Article]:
        nonlocal read
        for article in ARTICLES:
            read += 1
            yield article

    with cluster(tmp_path) as started, running(started) as runner:
        next(iter(runner(articles())))
        assert read < len(ARTICLES) / 2
