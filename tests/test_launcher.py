"""``./parley test`` runs every test once, tells of every failure, and hands what it is given on to pytest."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Stands for the interpreter of the environment: there is nothing to install, and the checks of style are not asked.
_PYTHON = f"""#!/bin/sh
[ "$2" = pip ] || exec "{sys.executable}" "$@"
"""
#: Writes down who runs it, and fails if it is told to.
_TEST = """
import os
from pathlib import Path

import pytest


def _ran(name: str) -> None:
    with Path("ran").open("a") as out:
        out.write(f"{name} {'beside others' if 'PYTEST_XDIST_WORKER' in os.environ else 'alone'}\\n")
    assert os.environ.get("FAIL") != name


def test_plain() -> None:
    _ran("plain")


@pytest.mark.slow
def test_slow() -> None:
    _ran("slow")


@pytest.mark.alone
def test_alone() -> None:
    _ran("alone")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the launcher and the settings of this one, and three tests."""
    for name in ("parley", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name, text in (
        (".venv/bin/python", _PYTHON),
        *((f".venv/bin/{name}", "#!/bin/sh\n") for name in ("ruff", "mypy")),
        ("web/assets/src/any.js", ""),
        ("web/assets/any.js", ""),
        ("tests/test_some.py", _TEST),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(0o755)
    return tmp_path


def run(project: Path, *arguments: str, **environment: str) -> tuple[int, list[str], str]:
    """Return the exit code, who ran, and what was printed."""
    (project / "ran").unlink(missing_ok=True)
    done = subprocess.run(
        ["./parley", "test", *arguments],
        cwd=project, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(project), **environment},
    )  # fmt: skip
    ran = (project / "ran").read_text("utf-8").splitlines() if (project / "ran").exists() else []
    return done.returncode, sorted(ran), done.stdout + done.stderr


def test_every_test_is_run_once_and_those_that_measure_are_alone(project: Path) -> None:
    code, ran, said = run(project)
    assert code == 0, said
    assert ran == ["alone alone", "plain beside others", "slow beside others"]


@pytest.mark.parametrize("name", ["plain", "alone"])
def test_a_failure_in_either_part_counts_and_stops_nothing(project: Path, name: str) -> None:
    code, ran, said = run(project, FAIL=name)
    assert code == 1
    assert len(ran) == 3
    assert f"FAILED tests/test_some.py::test_{name}" in said


def test_arguments_are_those_of_pytest(project: Path) -> None:
    code, ran, said = run(project, "tests/test_some.py", "-k", "alone or slow")
    assert code == 0, said
    assert ran == ["alone alone", "slow alone"]
