"""``parley settings``: what is set, and where each value is from."""

import json
import os
from dataclasses import fields
from pathlib import Path

import click

from graph.cli.options import dataset_option, settings_with_origins
from graph.settings import NOT_SETTINGS, PREFIX, Settings

__all__ = ["settings"]


@click.command(epilog="\b\nExamples:\n  parley settings\n  parley settings --format json")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@dataset_option
def settings(form: str, dataset: Path | None) -> None:
    """Print every setting with its value and where that is from; secrets are not shown.

    A value is from an option, else from the environment, else from the settings file, else the default.
    """
    given, origins = settings_with_origins(dataset=dataset)
    shown = {each.name: _shown(getattr(given, each.name), secret=not each.repr) for each in fields(Settings)}
    known = {PREFIX + name.upper() for name in shown} | NOT_SETTINGS
    for variable in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        click.echo(f"{variable} is set in the environment, but there is no such setting", err=True)
    if form == "json":
        facts = {
            each.name: {"value": shown[each.name], "origin": str(origins[each.name]), "help": each.metadata["help"]}
            for each in fields(Settings)
        }
        click.echo(json.dumps(facts, indent=1))
        return
    width = max(map(len, shown))
    for name, value in shown.items():
        click.echo(f"{name:{width}}  {json.dumps(value, ensure_ascii=False)}  ({origins[name]})")


def _shown(value: object, *, secret: bool) -> object:
    if secret:
        return "(set)" if value else ""
    return str(value) if isinstance(value, Path) else value
