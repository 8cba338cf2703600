"""``parley curate``: what people merge, split, correct, reject and add."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import pyoxigraph as ox

from graph.cli.options import current_generation, dataset_option, settings
from graph.curation import Action, check, files, find, read
from graph.curation.write import Writer
from graph.errors import InputError
from graph.files import data_path
from graph.iris import Iris
from graph.publish import curation_folder
from graph.settings import Settings
from graph.store import Dataset

__all__ = ["curate"]

_F = TypeVar("_F", bound=Callable[..., Any])


def _signed(function: _F) -> _F:
    """Add ``--why`` and ``--by``, and the options that all commands have."""
    by_help = "Who decides.  [env: PARLEY_CURATOR; default: the login name]"
    function = dataset_option(function)
    function = click.option("--by", "curator", metavar="NAME", help=by_help)(function)
    return click.option("--why", required=True, metavar="TEXT", help="Why this is right, in words.")(function)


def _saying(function: _F) -> _F:
    """Add what says values of a property of a thing, and what signs it."""
    function = _signed(function)
    function = click.option("--source", metavar="IRI", help="Where the values are from.")(function)
    function = click.argument("values", nargs=-1, required=True, metavar="VALUE...")(function)
    function = click.argument("property_", metavar="PROPERTY")(function)
    return click.argument("target")(function)


@click.group(
    epilog="\b\nExamples:\n"
    "  parley curate merge person/ana-petrova person/a-petrova --why 'same person, initial only'\n"
    "  parley curate correct event/2019-02-lutz-meeting time 2019-02-03 --why 'the communique has the day'\n"
    "  parley curate reject article/81c930f8a2b4/claim/3 --why 'the words are of the interviewer'\n"
    "  parley curate list"
)
def curate() -> None:
    """Merge, split, correct, reject and add, in files that every publication applies.

    Things are named by their IRIs, or by what follows id/ in them: event/2019-02-lutz-meeting.
    """


def _writer(dataset: Path | None, curator: str | None) -> tuple[Writer, Settings]:
    given = settings(dataset=dataset, curator=curator)
    opened, generation = current_generation(given.dataset)
    folder = curation_folder(opened, given)
    return Writer(generation.open(), opened.iris, folder, given.curator or _login()), given


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return ""


def _written(path: Path) -> None:
    click.echo(path)
    click.echo("`parley publish` applies it", err=True)


@curate.command()
@click.argument("things", nargs=-1, required=True, metavar="THING...")
@click.option("--into", metavar="THING", help="The one that stays.  [default: the first]")
@_signed
def merge(things: tuple[str, ...], into: str | None, why: str, curator: str | None, dataset: Path | None) -> None:
    """Say that events, people, organizations or places are one. The IRIs of the others lead to the one that stays."""
    writer, _ = _writer(dataset, curator)
    _written(writer.merge(things, into, why))


@curate.command()
@click.argument("event")
@click.option("--report", "reports", multiple=True, required=True, help="A report that leaves; several times for more.")
@_signed
def split(event: str, reports: tuple[str, ...], why: str, curator: str | None, dataset: Path | None) -> None:
    """Say that some reports of an event are of another happening, which becomes an event of its own."""
    writer, _ = _writer(dataset, curator)
    _written(writer.split(event, reports, why))


@curate.command()
@_saying
def correct(
    target: str,
    property_: str,
    values: tuple[str, ...],
    source: str | None,
    why: str,
    curator: str | None,
    dataset: Path | None,
) -> None:
    """Replace all values of a property of a thing.

    A PROPERTY is label, type, actor, place, time, status, outcome, speaker, alternate-name, same-as, kind, latitude
    or longitude, or the IRI of one of these, such as sem:hasActor.
    """
    writer, _ = _writer(dataset, curator)
    _written(writer.say(Action.CORRECTION, target, find(property_), values, why, source))


@curate.command()
@_saying
def add(
    target: str,
    property_: str,
    values: tuple[str, ...],
    source: str | None,
    why: str,
    curator: str | None,
    dataset: Path | None,
) -> None:
    """Give a property of a thing more values. Properties as for `parley curate correct`."""
    writer, _ = _writer(dataset, curator)
    _written(writer.say(Action.ADDITION, target, find(property_), values, why, source))


@curate.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@_signed
def reject(targets: tuple[str, ...], why: str, curator: str | None, dataset: Path | None) -> None:
    """Take reports, claims, roles, events, people, organizations, places or records out of the merged graph."""
    writer, _ = _writer(dataset, curator)
    _written(writer.reject(targets, why))


@curate.command("list")
@dataset_option
def list_(dataset: Path | None) -> None:
    """List the curations: file, what it does, to what, who, when, and what became of it.

    A line is `published`, `not published yet`, `overruled by` a later one, or `no effect` with the reason.
    """
    given = settings(dataset=dataset)
    opened = Dataset.open(given.dataset)
    iris = opened.iris
    states = _states(opened)
    for curation in read(curation_folder(opened, given), iris):
        targets = " ".join(iris.key(target.value) or target.value for target in curation.targets)
        who = curation.who.value
        state = states.get(curation.iri.value, "not published yet")
        cells = (curation.file.name, str(curation.action).lower(), targets, who, f"{curation.when:%Y-%m-%d}", state)
        click.echo("\t".join(" ".join(cell.split()) for cell in cells))


@curate.command("check")
@dataset_option
def check_(dataset: Path | None) -> None:
    """Check the files against the shapes of curations; say in words what is wrong with which."""
    given = settings(dataset=dataset)
    opened = Dataset.open(given.dataset)
    folder = curation_folder(opened, given)
    problems = check(folder, opened.iris)
    for problem in problems:
        click.echo(problem)
    if problems:
        what = "thing is" if len(problems) == 1 else "things are"
        raise InputError(f"{folder}: {len(problems)} {what} wrong", "mend or remove the files that are named")
    count = len(files(folder))
    click.echo(f"{count} file{'s' * (count != 1)}, nothing wrong", err=True)


def _states(opened: Dataset) -> dict[str, str]:
    """Return what became of the published curations, by IRI."""
    generation = opened.current()
    if generation is None:
        return {}
    answer = generation.open().query(data_path("queries", "curation", "states.rq").read_text("utf-8"))
    states: dict[str, str] = {}
    for row in answer if isinstance(answer, ox.QuerySolutions) else ():
        iri, reason, later = (row[name] for name in ("curation", "reason", "later"))
        state = "published"
        if later is not None:
            state = f"overruled by {_key(later, opened.iris)}"
        elif reason is not None:
            state = f"no effect: {reason.value}" if row["changed"] is None else f"published in part: {reason.value}"
        states.setdefault(iri.value, state)
    return states


def _key(term: Any, iris: Iris) -> str:
    return iris.key(term.value) or str(term.value)
