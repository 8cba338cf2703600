"""The command line as a user runs it: a process with a dataset of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ARTICLE = """---
title: "Talks in Varenna"
published: 2025-05-03
publisher: "The Daily Zubrowkan"
url: https://news.example/2025/05/03/varenna
---

President Ana Petrova of Zubrowka met Prime Minister Tom Harding in Geneva on May 2, 2025. The two leaders signed a
trade agreement at the summit.

Petrova said the meeting had opened a new chapter. "We will meet again in Vienna next month," Harding told reporters.
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "varenna.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def parley(tmp_path: Path) -> Run:
    """Run ``parley`` with a dataset in ``tmp_path/dataset``."""

    def run(*arguments: str | Path, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "graph.cli", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PARLEY_DATASET": str(tmp_path / "dataset"), **environment},
        )

    return run
