"""``parley rebuild``: the graph made anew from the archive."""

from pathlib import Path

import click

from graph.archive.archive import Archive
from graph.cli.ingest import exit_code, summary, work_through
from graph.cli.options import dataset_option, extractor_option, settings
from graph.cli.publishing import publish_and_say
from graph.ingest.prepare import preparing_runner
from graph.rebuild import rebuild as rebuild_dataset
from graph.store import Dataset

__all__ = ["rebuild"]


@click.command(epilog="\b\nExample:\n  parley rebuild")
@click.option("--jobs", type=click.IntRange(0), help="Processes that extract; 0 for one per core.  [env: PARLEY_JOBS]")
@extractor_option
@dataset_option
def rebuild(jobs: int | None, extractor: str | None, dataset: Path | None) -> int:
    """Extract every archived article again, with this version of Parley, and publish.

    Nothing is fetched; what was removed stays away. Events keep their IRIs. It works on a copy: readers have what was
    published until the new generation is. When it is stopped, the next call goes on where it was.
    """
    given = settings(dataset=dataset, jobs=jobs, extractor=extractor)
    target = Dataset.open(given.dataset)
    with preparing_runner(given, target.iris) as runner:
        outcomes = work_through(
            rebuild_dataset(target, given, runner), "rebuilding", Archive(target.archive_path).count()
        )
    click.echo(summary(outcomes), err=True)
    publish_and_say(target, given)
    return exit_code(outcomes)
