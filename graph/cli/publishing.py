"""Publishing, as every command does it that changes what is stored."""

import click

from graph.curation import read
from graph.publish import curation_folder, unapplied
from graph.publish import publish as publish_dataset
from graph.settings import Settings
from graph.store import Dataset, Generation

__all__ = ["publish_and_say"]


def publish_and_say(dataset: Dataset, given: Settings) -> Generation:
    """Publish with the curations applied; say on standard error which generation, and what had no effect.

    :raises InputError: if a file of curations is broken; nothing is published then.
    :raises DatasetError: if it cannot be published.
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
    return generation
