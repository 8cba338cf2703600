"""``parley verify``: whether all parts of a dataset are whole and fit each other."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from graph.cli.options import dataset_option, progress, settings
from graph.errors import DatasetError
from graph.store import Dataset
from graph.verify import Depth, Finding
from graph.verify import verify as verify_dataset

__all__ = ["verify"]


@click.command(epilog="\b\nExamples:\n  parley verify\n  parley verify --deep --format json")
@click.option("--quick", "depth", flag_value="quick", help="Leave the shapes out, which take the most time.")
@click.option("--deep", "depth", flag_value="deep", help="Look at older generations and older readings as well.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@dataset_option
def verify(depth: str | None, form: str, dataset: Path | None) -> int:
    """Check the checksums, the shapes, the merge, the quotations and the history; mend nothing.

    A line that begins with `wrong` names what is wrong and the remedy: exit code 6. One that begins with `note` is work
    that waits, as after a crash. A writer may be at work.
    """
    given = settings(dataset=dataset)
    opened = Dataset.open(given.dataset)
    found: list[Finding] = []
    with progress("verifying", None) as advance:
        for finding in verify_dataset(opened, given, Depth[(depth or "usual").upper()], advance):
            found.append(finding)
            if form == "text":
                click.echo(finding)
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in found], indent=1, ensure_ascii=False))
    wrong = sum(finding.wrong for finding in found)
    click.echo(f"{wrong} wrong, {len(found) - wrong} noted", err=True)
    return DatasetError.exit_code if wrong else 0
