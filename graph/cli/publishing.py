"""Publishing, as every command does it that changes what is stored."""

import click

from graph.cli.options import progress
from graph.curation import read
from graph.errors import InUseError, ServiceError
from graph.publish import curation_folder, unapplied
from graph.publish import publish as publish_dataset
from graph.remote import carry
from graph.settings import Settings
from graph.store import Dataset, Generation

__all__ = ["carry_and_say", "publish_and_say"]


def publish_and_say(dataset: Dataset, given: Settings) -> Generation:
    """Publish with the curations applied; say on standard error which generation, and what had no effect.

    Where a remote store is set, the generation is carried over to it.

    :raises InputError: if a file of curations is broken; nothing is published then.
    :raises DatasetError: if it cannot be published.
    :raises ServiceError: if it is published, but cannot be carried over.
    """
    generation = publish_dataset(dataset, given)
    problems = unapplied(generation)
    if problems:
        where = {c.iri.value: c.file for c in read(curation_folder(dataset, given), dataset.iris)}
        for problem in problems:
            file = where.get(problem.iri)
            remedy = "mend or remove the file, or leave it for when that changes"
            click.echo(f"curation {file.name if file else ''} <{problem.iri}>: {problem.reason}; {remedy}", err=True)
    click.echo(f"published generation {generation.number}", err=True)
    if given.remote_store:
        try:
            carry_and_say(dataset, given)
        except InUseError as error:
            click.echo(f"{error.cause}; `parley remote carry` makes sure that the remote store has it", err=True)
        except ServiceError as error:
            cause = f"generation {generation.number} is published, but the remote store does not have it: {error.cause}"
            raise ServiceError(cause, f"{error.remedy}; `parley remote carry` goes on from there") from None
    return generation


def carry_and_say(dataset: Dataset, given: Settings, *, compare: bool = False) -> None:
    """Carry the published generation over to the remote store; say on standard error what that took.

    :param compare: whether to read all that it has, and believe no marker.
    :raises InputError: if the settings name no store.
    :raises ServiceError: if it cannot be asked or does not take what is sent.
    :raises DatasetError: if nothing is published, or another process is carrying it over.
    """
    with progress("carrying over", None) as advance:
        done = carry(dataset, given, compare=compare, advance=advance)
    what = f"{done.come:,} statements came and {done.gone:,} went; updates: {done.requests:,}"
    click.echo(f"the remote store has generation {done.generation}: {what}", err=True)
