from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.sparql import QueryPool
from tests.graph.sparql.sample import leave_out_others, make_generation


@pytest.fixture(autouse=True)
def _own_workers() -> None:
    leave_out_others()


@pytest.fixture(scope="session")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_generation(tmp_path_factory.mktemp("generations") / "1")


@pytest.fixture
def pool(generation: Path) -> Iterator[QueryPool]:
    with QueryPool(lambda: (1, generation), workers=2, timeout=2, memory=700_000_000) as pool:
        yield pool
