"""Queries that would hang or fell another endpoint: here each is answered in time, within the memory, and alone."""

import time

import pytest

from tests.abuse.bombs import BOMBS
from tests.abuse.conftest import BUDGET, DEADLINE, GRACE, Server, assert_shape
from tests.abuse.machine import Memory, Probe

pytestmark = [pytest.mark.alone, pytest.mark.slow]

#: How long an attack lasts, in seconds.
LEAST = 1.0


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_harms_nobody_else(server: Server, name: str) -> None:
    query, statuses = BOMBS[name]
    accept = "text/turtle, text/plain;q=0.5" if query.startswith(("CONSTRUCT", "DESCRIBE")) else "text/csv"
    # Other programs, or another machine on the same processor, may take it for a moment: what harms does so each time.
    for _ in range(3):
        with Memory(server.pid) as memory, Probe.run(server.base, server.pid) as probes:
            begun, took = time.monotonic(), 0.0
            # What is answered at once is sent again and again.
            while time.monotonic() - begun < LEAST:
                started = time.monotonic()
                status, answer = server.attack(query, accept)
                took = max(took, time.monotonic() - started)
        (probe,) = probes
        if took < DEADLINE + GRACE and probe.is_prompt:
            break
    assert status in statuses, answer and answer.text[:500]
    assert took < DEADLINE + GRACE * (3 if probe.is_disturbed else 1)
    if answer is not None and status >= 400:
        assert_shape(answer)
        assert "brought the query engine down" not in answer.text
    assert memory.most < BUDGET
    probe.assert_prompt()
