"""``parley remote``: the remote store, and what it has of the dataset."""

import json
from itertools import islice
from pathlib import Path

import click

from graph.cli.options import dataset_option, settings
from graph.cli.publishing import carry_and_say
from graph.errors import DatasetError
from graph.remote import Item, State, differing, identity, state_of
from graph.store import Dataset

__all__ = ["remote"]

#: Statements that `verify` names; of the rest only how many there are.
_NAMED = 10


@click.group(
    epilog="\b\nExamples:\n  parley remote carry\n  parley remote carry --compare\n"
    "  parley remote status --format json\n  parley remote verify"
)
def remote() -> None:
    """Carry generations over to the remote store that the setting remote_store names, and look at what it has."""


@remote.command()
@click.option("--compare", is_flag=True, help="Read all that the store has, believe no marker, and send what differs.")
@dataset_option
def carry(compare: bool, dataset: Path | None) -> None:
    """Make the remote store have the published generation; `parley publish` does it by itself.

    What was cut off goes on from where it was.
    """
    given = settings(dataset=dataset)
    carry_and_say(Dataset.open(given.dataset), given, compare=compare)


@remote.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@dataset_option
def status(form: str, dataset: Path | None) -> None:
    """Say which generation the remote store has, and whether it is the published one."""
    given = settings(dataset=dataset)
    opened = Dataset.open(given.dataset)
    state, current = state_of(opened, given), opened.current()
    facts = {
        "store": given.remote_store,
        "generation": _number(state.whole),
        "since": state.since or None,
        "arriving": _number(state.arriving.name) if state.arriving else None,
        "arrived": state.arriving.arrived if state.arriving else None,
        "published": current.number if current else None,
        "current": current is not None and state.whole == identity(current),
    }
    if form == "json":
        click.echo(json.dumps(facts, indent=1))
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        shown = "none" if value is None else value
        click.echo(f"{name:{width}}  {('no', 'yes')[value] if isinstance(value, bool) else shown}")


@remote.command()
@dataset_option
def verify(dataset: Path | None) -> int:
    """Read all that the remote store has, and compare it with the published generation; mend nothing.

    Exit code 6 if it is not the same, statement by statement.
    """
    given = settings(dataset=dataset)
    opened = Dataset.open(given.dataset)
    state = state_of(opened, given)
    found = differing(opened, given)
    wrong = 0
    for item in islice(found, _NAMED):
        click.echo(f"wrong: {_words(item)}")
        wrong += 1
    more = sum(1 for _ in found)
    if more:
        click.echo(f"wrong: {more:,} more statements")
    current = opened.current()
    if current is None or state.whole != identity(current):
        click.echo(f"wrong: its markers do not name the published generation, but {_named(state)}")
        more += 1
    if wrong + more:
        click.echo("`parley remote carry --compare` mends it", err=True)
        return DatasetError.exit_code
    click.echo(f"the remote store has generation {_named(state)}, statement by statement", err=True)
    return 0


def _number(name: str) -> int | None:
    return int(name.partition("-")[0]) if name else None


def _named(state: State) -> str:
    return str(_number(state.whole) or "none")


def _words(item: Item) -> str:
    places = {item.graph: item.named, "the merge": item.merged}
    parts = [f"{'missing in' if way > 0 else 'too much in'} {where}" for where, way in places.items() if way]
    return f"{item.triple} is {' and '.join(parts)}"
