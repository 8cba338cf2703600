"""A dataset of the sample, made once and copied for each test."""

import shutil
from pathlib import Path

import pytest

from graph.store import Dataset
from tests.graph.curation.sample import make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the sample's dataset. Nothing may write to it."""
    return make(tmp_path_factory.mktemp("curation")).path


@pytest.fixture
def dataset(made: Path, tmp_path: Path) -> Dataset:
    """Return a dataset of the sample, published and without curations."""
    shutil.copytree(made, tmp_path / "dataset")
    return Dataset.open(tmp_path / "dataset")
