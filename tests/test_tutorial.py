"""The tutorial's commands print what the tutorial says."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from graph.files import data_path

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial.md"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TUTORIAL.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def _commands() -> list[tuple[str, str]]:
    """Return each command of the ``console`` blocks with the output that is shown for it."""
    steps = [step.partition("\n") for block in _blocks("console") for step in re.split(r"^\$ ", block, flags=re.M)[1:]]
    return [(command, output) for command, _, output in steps]


def test_the_commands_print_what_is_shown(tmp_path: Path) -> None:
    (article,) = _blocks("markdown")
    (tmp_path / "ljubljana.md").write_text(article, encoding="utf-8")
    commands = _commands()
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
