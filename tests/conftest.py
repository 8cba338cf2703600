"""What tests of several packages share: the demo's dataset, made once; no example of hypothesis is timed; in parallel
what takes long begins first."""

import gc
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

from graph.extract.learned.quick_import import one_thread
from graph.store import Dataset, Generation
from tests.once import once

# As the command line has it, before any test loads NumPy: some of the texts are read in a third of the time.
with one_thread():
    import_module("numpy")

# Speed is for the benchmarks; the first example loads the models.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put files with slow tests first where several processes share the tests: else the last one runs alone."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Look for no garbage among what is there before the first test: all of it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the dataset that ``parley demo`` makes. Nothing may write to it."""

    def make(folder: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "graph.cli", "demo", "--no-serve", "--dataset", str(folder / "dataset")],
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
            env={k: v for k, v in os.environ.items() if not k.startswith("PARLEY_")},
        )
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "demo", make) / "dataset"


@pytest.fixture(scope="session")
def demo_generation(demo: Path) -> Generation:
    """Return the generation that ``parley demo`` publishes."""
    generation = Dataset.open(demo).current()
    assert generation is not None
    return generation
