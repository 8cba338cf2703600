"""``parley watch``: feeds and an inbox, for ever."""

import signal
from pathlib import Path
from types import FrameType

import click

from graph.cli.options import dataset_option, extractor_option, settings
from graph.errors import InputError
from graph.sources.reading import is_web_iri
from graph.store import Dataset
from graph.watch.watcher import Watcher

__all__ = ["watch"]


@click.command(
    epilog="\b\nExamples:\n  parley watch https://example.org/feed.xml --inbox inbox\n"
    "  parley watch https://example.org/sitemap.xml --every 3600 --publish-every 600"
)
@click.argument("feeds", nargs=-1, metavar="FEED...")
@click.option("--inbox", type=click.Path(path_type=Path, file_okay=False), help="Folder whose files are ingested.")
@click.option("--every", type=click.FloatRange(0), help="Seconds between two looks at one feed.  [default: 900]")
@click.option(
    "--publish-every", type=click.FloatRange(0), help="Least seconds between two publications.  [default: 300]"
)
@click.option("--base", help="Base IRI of a new dataset.  [env: PARLEY_BASE; default: http://127.0.0.1:8000/]")
@click.option("--jobs", type=click.IntRange(0), help="Processes that extract; 0 for one per core.  [env: PARLEY_JOBS]")
@extractor_option
@dataset_option
def watch(
    feeds: tuple[str, ...],
    inbox: Path | None,
    every: float | None,
    publish_every: float | None,
    base: str | None,
    jobs: int | None,
    extractor: str | None,
    dataset: Path | None,
) -> None:
    """Look at feeds and an inbox for ever; ingest what is new and publish it now and then.

    A FEED is the URL of an RSS or Atom feed or of a sitemap. What happens goes to standard error, a line of JSON each.
    SIGTERM and Ctrl-C stop after the current article and publish. See docs/sources.md and docs/operation.md.
    """
    given = settings(
        dataset=dataset, base=base, jobs=jobs, extractor=extractor, watch_every=every, watch_publish_every=publish_every
    )
    if not feeds and inbox is None:
        raise click.UsageError("Give a FEED or an --inbox.")
    for feed in feeds:
        if not is_web_iri(feed):
            raise InputError(f"{feed}: is no web address", "give the http or https URL of a feed or sitemap")
    target = Dataset.open_or_create(given.dataset, base, default=given.base)
    watcher = Watcher(target, given, feeds, inbox.resolve() if inbox else None)

    def stop(number: int, frame: FrameType | None) -> None:
        watcher.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        watcher.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
