"""kill -9 at any moment: nothing is torn, nothing that was acknowledged is lost, the lock is free."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.errors import DatasetError
from graph.store import Dataset
from tests.graph.store.sample import assert_merged, change, contents, large, large_graph, state, version_of

ROOT = Path(__file__).parents[3]


@contextmanager
def _child(dataset: Dataset, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.graph.store.child", str(dataset.path), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _kill_after(process: "subprocess.Popen[str]", lines: int, delay: float) -> int:
    """Read acknowledgements, kill a moment after the last of them, and return the last number acknowledged."""
    assert process.stdout is not None
    assert process.stdout.readline().startswith("open ")
    acknowledged = 0
    for _ in range(lines):
        acknowledged = int(process.stdout.readline().split()[1])
    # Chance decides where in a commit the blow falls: this is no waiting for something.
    threading.Event().wait(delay)
    process.kill()
    # Lines that were already in the pipe are acknowledgements too.
    for line in process.stdout:
        if line.startswith("done ") and line.endswith("\n"):
            acknowledged = int(line.split()[1])
    process.wait()
    return acknowledged


@pytest.mark.slow
def test_killed_again_and_again_while_committing(dataset: Dataset) -> None:
    chance = random.Random(20190630)
    for _ in range(15):
        with _child(dataset, "commit") as process:
            acknowledged = _kill_after(process, chance.randrange(1, 8), chance.uniform(0, 0.03))
        assert acknowledged > 0
        with dataset.writer() as writer:
            graphs = contents(writer)
            reached = version_of(graphs)
            assert reached >= acknowledged, "an acknowledged commit is lost"
            assert graphs == state(reached), "a commit is torn"
            assert_merged(writer)


@pytest.mark.slow
def test_killed_again_and_again_while_publishing(dataset: Dataset) -> None:
    chance = random.Random(2019)
    for _ in range(12):
        with _child(dataset, "publish") as process:
            acknowledged = _kill_after(process, chance.randrange(1, 4), chance.uniform(0, 0.12))
        # In a function of its own: a generation that is held is not pruned by the next child.
        _check_generations(dataset, acknowledged)
    with dataset.writer() as writer:
        writer.commit(change(version_of(contents(writer)) + 1))
        number = dataset.publish().number
    names = {path.name for path in (dataset.path / "generations").iterdir()}
    assert names == {"current", *(f"{n:06}" for n in range(number - 2, number + 1))}


def _check_generations(dataset: Dataset, acknowledged: int) -> None:
    current = dataset.current()
    assert current is not None
    kept = dataset.generations()
    assert kept[-1] == current
    assert len(kept) <= 4, "at most one that a killed publication had no time to prune"
    for generation in kept:
        graphs = contents(generation.open())
        assert graphs == state(version_of(graphs)), "a generation is torn"
        assert_merged(generation.open())
    assert version_of(contents(current.open())) >= acknowledged, "an acknowledged publication is lost"


@pytest.mark.slow
def test_killed_again_and_again_while_adding_much(dataset: Dataset) -> None:
    chance = random.Random(1972)
    for _ in range(6):
        with _child(dataset, "bulk") as process:
            acknowledged = _kill_after(process, chance.randrange(1, 3), chance.uniform(0, 0.08))
        with dataset.writer() as writer:
            graphs = contents(writer)
            assert len(graphs) >= acknowledged, "an acknowledged commit is lost"
            assert graphs == {large_graph(n): large(n) for n in range(1, len(graphs) + 1)}, "a commit is torn"
            assert_merged(writer)
            assert not list((dataset.path / "store").glob("bulk-*")), "leftovers"


def test_a_killed_writer_frees_its_lock(dataset: Dataset) -> None:
    with _child(dataset, "commit") as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(DatasetError, match=f"in use by process {process.pid}; wait for that process or stop it"):
            dataset.writer()
        with pytest.raises(DatasetError, match=f"in use by process {process.pid}"):
            dataset.publish()
        process.kill()
        process.wait()
    dataset.writer().close()


def test_a_forked_child_does_not_keep_the_lock(dataset: Dataset) -> None:
    script = (
        "import os, sys; from pathlib import Path; from graph.store import Dataset\n"
        "writer = Dataset.open(Path(sys.argv[1])).writer()\n"
        "ready, told = os.pipe(); child = os.fork()\n"
        "if child == 0: os.write(told, b'.'); sys.stdin.read(); os._exit(0)\n"
        "os.read(ready, 1); print(child, flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(dataset.path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        child = int(process.stdout.readline())
        process.kill()
        process.wait()
        os.kill(child, 0)  # it is still there
        dataset.writer().close()
        process.stdin.close()  # which ends it
