"""The commands in the documents that teach print what the documents say."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from graph.files import data_path

DOCS = Path(__file__).parents[1] / "docs"
#: Document -> the names under which the reader saves its articles.
FILES = {"tutorial.md": ("ljubljana.md",), "curation.md": ("varenna.md", "courier.md")}


def _blocks(document: str, language: str) -> list[str]:
    text = (DOCS / document).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def _commands(document: str) -> list[tuple[str, str]]:
    """Return each command of the ``console`` blocks with the output that is shown for it."""
    blocks = _blocks(document, "console")
    steps = [step.partition("\n") for block in blocks for step in re.split(r"^\$ ", block, flags=re.M)[1:]]
    return [(command, output) for command, _, output in steps]


@pytest.mark.parametrize("document", FILES)
def test_the_commands_print_what_is_shown(document: str, tmp_path: Path) -> None:
    for name, article in zip(FILES[document], _blocks(document, "markdown"), strict=True):
        (tmp_path / name).write_text(article, encoding="utf-8")
    commands = _commands(document)
    assert len(commands) > 8
    for command, wanted in commands:
        program, *arguments = shlex.split(command)
        assert program == "parley"
        done = subprocess.run(
            [sys.executable, "-m", "graph.cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=200,
            check=False,
            cwd=tmp_path,
            env={k: v for k, v in os.environ.items() if not k.startswith("PARLEY_")}
            | {"PYTHONPATH": str(data_path().parent)},
        )
        found = done.stdout.replace("\r\n", "\n")
        assert doctest.OutputChecker().check_output(wanted, found, doctest.ELLIPSIS), f"$ {command}\n{found}"
