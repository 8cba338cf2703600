"""What the tests of back-ends share."""

import pytest

from graph.extract.backends.llm import exchange


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_BACKOFF", 0.01)
