"""The documentation names everything there is: commands, options, settings, routes, dependencies, queries."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from graph.cli import cli
from graph.settings import Settings
from web.app import create_app

ROOT = Path(__file__).parents[1]
DOCS = {path.name: path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}


def _commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


COMMANDS = dict(_commands(cli, "parley"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name: str) -> None:
    text = DOCS["commands.md"]
    assert re.search(rf"`{name}[ `]", text), f"docs/commands.md does not name `{name}`"
    for parameter in COMMANDS[name].params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            assert option.startswith("--"), "long options only, so that scripts can be read"
            assert f"`{option}" in text or f"{option}/" in text or f"{option} " in text, f"{name} {option}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_examples(name: str) -> None:
    command = COMMANDS[name]
    group_epilog = cli.get_command(click.Context(cli), name.split()[1])
    assert command.help
    assert "Example" in (command.epilog or (group_epilog.epilog if group_epilog else "") or "")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_every_documented_command_exists() -> None:
    for name in re.findall(r"^## `parley (\w+)", DOCS["commands.md"], flags=re.MULTILINE):
        assert any(command.split()[1] == name for command in COMMANDS), name


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    for dependency in wanted:
        name = re.split(r"[><=\[]", dependency)[0]
        assert f"`{name}`" in DOCS["dependencies.md"], name
        assert ">=" in dependency, f"{name}: no lower bound"


def test_every_route_is_documented(tmp_path: Path) -> None:
    app = create_app(Settings(dataset=tmp_path))
    for rule in app.url_map.iter_rules():
        pattern = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        assert f"`{pattern}`" in DOCS["http.md"], f"docs/http.md does not name `{pattern}`"


@pytest.mark.parametrize("query", sorted((ROOT / "data" / "queries" / "examples").glob("*.rq")), ids=lambda p: p.stem)
def test_every_example_query_is_documented(query: Path) -> None:
    title = re.search(r"^# title: (.+)$", query.read_text("utf-8"), flags=re.MULTILINE)
    assert title, "an example query starts with `# title: ...`"
    assert f"`{query.name}`" in DOCS["queries.md"]
    assert title[1] in DOCS["queries.md"]


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} -> {target}"
