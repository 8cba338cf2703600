"""``parley diff``: what differs between two states of a dataset, in RDF and in words."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from graph.cli.options import dataset_option, settings
from graph.diff import differences, patch, state

__all__ = ["diff"]


@click.command(
    epilog="\b\nExamples:\n  parley diff 41 42\n  parley diff 41 42 --format patch > 42.rdfp\n"
    "  parley diff yesterday.nq dataset"
)
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--format",
    "form",
    type=click.Choice(["words", "patch", "json"]),
    default="words",
    show_default=True,
    help="Words, an RDF Patch of the named graphs, or the words as JSON.",
)
@dataset_option
def diff(old: str, new: str, form: str, dataset: Path | None) -> None:
    """Say what changed from A to B: which things are new, changed or gone, and what of them.

    A and B are numbers of generations that are kept, folders of datasets, or dumps (.nq, .trig).
    """
    given = settings(dataset=dataset)
    with state(given.dataset, old) as before, state(given.dataset, new) as after:
        if form == "patch":
            for line in patch(before, after):
                click.echo(line)
            return
        found = differences(before, after)
        if form == "json":
            click.echo(json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False))
            return
        counts = {"new": 0, "changed": 0, "gone": 0}
        for each in found:
            counts[each.change] += 1
            click.echo(each)
        click.echo(", ".join(f"{count:,} {change}" for change, count in counts.items()), err=True)
