"""What tests of several packages share: the demo's dataset, made once; no example of hypothesis is timed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from graph.store import Dataset, Generation

# Speed is for the benchmarks; the first example loads the models.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the dataset that ``parley demo`` makes. Nothing may write to it."""
    folder = tmp_path_factory.mktemp("demo") / "dataset"
    done = subprocess.run(
        [sys.executable, "-m", "graph.cli", "demo", "--no-serve", "--dataset", str(folder)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("PARLEY_")},
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def demo_generation(demo: Path) -> Generation:
    """Return the generation that ``parley demo`` publishes."""
    generation = Dataset.open(demo).current()
    assert generation is not None
    return generation
