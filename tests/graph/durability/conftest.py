"""A small published dataset, made once and copied for each test, and the command line in this process."""

import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from graph.cli import cli
from graph.errors import ParleyError
from tests.chaos.sample import source
from tests.graph.store.conftest import small_disk

__all__ = ["Done", "Parley", "dataset", "made", "parley", "small_disk"]

#: Exit code, standard output and standard error of a command.
Done = tuple[int, str, str]
Parley = Callable[..., Done]


def _run(dataset: Path, *arguments: str | Path) -> Done:
    result = CliRunner().invoke(cli, [*map(str, arguments), "--dataset", str(dataset)], standalone_mode=False)
    error = result.exception
    if error is None:
        code = result.return_value if isinstance(result.return_value, int) else 0
        return code, result.stdout, result.stderr
    if isinstance(error, ParleyError):
        return error.exit_code, result.stdout, f"{result.stderr}parley: {error}\n"
    if isinstance(error, click.ClickException):
        return error.exit_code, result.stdout, error.format_message()
    raise error


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with two generations: three articles, then the first of them in another version."""
    folder = tmp_path_factory.mktemp("made")
    first = [source(folder / "sources", number, 0) for number in range(3)]
    for sources in (first, [source(folder / "sources", 0, 1)]):
        code, _, said = _run(folder / "dataset", "ingest", *sources, "--jobs", "1")
        assert code == 0, said
    return folder / "dataset"


@pytest.fixture
def dataset(made: Path, tmp_path: Path) -> Path:
    """A copy of it that may be written to."""
    return Path(shutil.copytree(made, tmp_path / "dataset"))


@pytest.fixture
def parley(dataset: Path) -> Parley:
    """Run a command on the copy, or on the dataset that is given by name."""

    def run(*arguments: str | Path, on: Path | None = None) -> Done:
        return _run(on or dataset, *arguments)

    return run
