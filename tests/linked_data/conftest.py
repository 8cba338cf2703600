"""``parley serve`` on the dataset of the demo, as any client sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linked_data.client import Client
from tests.web.serving import served


@pytest.fixture(scope="package")
def site(demo: Path) -> Iterator[Client]:
    """A client of a real server."""
    with served(demo) as (address, _):
        yield Client(address, demo)
