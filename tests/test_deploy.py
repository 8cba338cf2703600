"""The service files: systemd takes them, and every command and option in them exists."""

import configparser
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from graph.cli import cli
from graph.settings import read_settings

DEPLOY = Path(__file__).parents[1] / "docs" / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
#: What every unit that runs Parley takes away.
HARDENING = {
    "ProtectSystem": "strict",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "PrivateTmp": "yes",
    "ProtectHome": "yes",
    "SystemCallArchitectures": "native",
    "User": "parley",
}


def _unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


def _commands() -> Iterator[tuple[str, list[str]]]:
    for path in UNITS:
        unit = _unit(path)
        for name in ("ExecStart", "ExecStartPost"):
            line = unit["Service"].get(name) if "Service" in unit else None
            if line:
                inner = re.search(r"exec (.*)'$", line)
                yield path.name, shlex.split(re.sub(r"\$\([^)]*\)", "today", inner[1] if inner else line))[1:]
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    yield "Containerfile", re.findall(r'"([^"]+)"', re.findall(r"^CMD (.*)$", text, flags=re.MULTILINE)[0])
    for line in re.findall(r" parley (demo .*)$", text, flags=re.MULTILINE):
        yield "Containerfile", shlex.split(line)


COMMANDS = list(_commands())


@pytest.mark.parametrize(("where", "words"), COMMANDS, ids=[f"{where} {words[0]}" for where, words in COMMANDS])
def test_every_command_and_option_exists(where: str, words: list[str]) -> None:
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None, f"{where}: parley {words[0]}"
    command.make_context(words[0], [*words[1:]], resilient_parsing=False).close()


def test_each_unit_runs_something() -> None:
    assert {where for where, _ in COMMANDS} >= {path.name for path in UNITS if path.suffix == ".service"}


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_each_service_has_no_more_rights_than_it_needs(path: Path) -> None:
    service = _unit(path)["Service"]
    assert {name: service.get(name) for name in HARDENING} == HARDENING
    assert ("ReadOnlyPaths" in service) == (path.name == "parley.service"), "the server writes nothing"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        # Where Parley is not installed, its program is missing; anything that can be run stands for it.
        text = path.read_text("utf-8").replace("=/opt/parley/bin/parley", "=/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / path.name) for path in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_container_runs_without_root_and_says_how_it_is() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    last = [line.split(maxsplit=1) for line in lines if line and not line.startswith((" ", "#"))]
    words = [word for word, *_ in last]
    assert words.count("FROM") == 2, "what builds is not in the image"
    final = dict(line for line in last[len(words) - words[::-1].index("FROM") :] if len(line) == 2)
    assert final["USER"] == "10001:10001"
    assert final["ENTRYPOINT"] == '["parley"]'
    assert "HEALTHCHECK" in final
    assert any("/healthz" in line for line in lines)
    assert final["VOLUME"] == "/data"


def test_the_example_of_settings_is_read() -> None:
    path = DEPLOY / "parley.toml"
    given, origins = read_settings({}, path)
    named = tomllib.loads(path.read_text("utf-8"))
    assert {name: getattr(given, name) for name in named} == named
    assert all(origins[name].kind == "file" for name in named)


def test_what_the_threat_model_points_to_exists() -> None:
    text = (DEPLOY.parent / "security.md").read_text("utf-8")
    named = set(re.findall(r"`((?:tests|docs|\.ci)/[\w./-]+)`", text))
    assert len(named) > 10
    assert [path for path in named if not (DEPLOY.parents[1] / path).exists()] == []
