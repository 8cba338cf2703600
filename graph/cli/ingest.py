"""``parley ingest``: articles into the graph."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import click

from graph.cli.options import dataset_option, extractor_option, metadata_options, overrides, progress, settings
from graph.cli.publishing import publish_and_say
from graph.cluster import chosen_runner
from graph.ingest.ingester import Ingester, Outcome, Result
from graph.settings import Settings
from graph.sources import Form, Item, Overrides, expand
from graph.store import Dataset

__all__ = ["exit_code", "ingest", "ingest_sources", "report", "summary", "work_through"]


@click.command(
    epilog="\b\nExamples:\n  parley ingest article.md\n"
    "  parley ingest talks.txt --title 'Talks resume' --published 2019-07-01\n"
    "  parley ingest articles/ https://example.org/news/1.html\n"
    "  parley ingest https://example.org/feed.xml crawl.warc.gz articles.jsonl\n"
    "  parley ingest @urls.txt\n"
    "  parley ingest archive/ --shards shards/ --cluster tcp://10.0.0.1:8786"
)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("--from-file", type=click.Path(), help="File with URLs, one a line; the same as @FILE.")
@click.option(
    "--as",
    "form",
    type=click.Choice([form.value for form in Form]),
    help="What the sources are, where that is not to be seen by their content.",
)
@metadata_options
@click.option("--base", help="Base IRI of a new dataset.  [env: PARLEY_BASE; default: http://127.0.0.1:8000/]")
@click.option("--jobs", type=click.IntRange(0), help="Processes that extract; 0 for one per core.  [env: PARLEY_JOBS]")
@extractor_option
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers extract, as in tcp://10.0.0.1:8786.")
@click.option(
    "--shards",
    type=click.Path(path_type=Path),
    help="Folder that keeps what was extracted: a run that was cut off goes on from there.",
)
@click.option(
    "--bulk",
    is_flag=True,
    help="Store all at once at the end, which takes less time; only where there is no article yet.",
)
@click.option("--refresh", is_flag=True, help="Fetch web pages again although the archive has them.")
@click.option("--publish/--no-publish", default=True, show_default=True, help="Publish a generation at the end.")
@dataset_option
def ingest(
    sources: tuple[str, ...],
    from_file: str | None,
    form: str | None,
    base: str | None,
    jobs: int | None,
    extractor: str | None,
    cluster: str | None,
    shards: Path | None,
    bulk: bool,
    refresh: bool,
    publish: bool,
    dataset: Path | None,
    **metadata: Any,
) -> int:
    """Read articles, extract events, people, places, times and claims, and store what the shapes let in.

    A SOURCE is a file, a folder of files, a URL, @FILE with a list of URLs, or - for standard input. It may be an
    article (Markdown, text, HTML), a feed (RSS, Atom), a sitemap, JSON Lines or WARC. The same article again changes
    nothing; a changed one replaces what it said before. What the shapes refuse goes to quarantine (see `parley
    quarantine`).
    """
    given = settings(dataset=dataset, base=base, jobs=jobs, extractor=extractor)
    wanted = overrides(**metadata)
    if from_file is not None:
        sources = (*sources, f"@{from_file}")
    if not sources:
        raise click.UsageError("Missing argument 'SOURCE...'.")
    found = expand(sources, given, Form(form) if form else None)
    # Looked at before a dataset is made: a path that is wrong leaves nothing behind.
    first = next(found, None)
    found = iter(()) if first is None else chain([first], found)
    target = Dataset.open_or_create(given.dataset, base, default=given.base)
    with Ingester(target, given) as ingester:
        outcomes = ingest_sources(
            ingester, found, given, wanted, refresh=refresh, cluster=cluster, shards=shards, bulk=bulk
        )
    click.echo(summary(outcomes), err=True)
    if publish:
        publish_and_say(target, given)
    return exit_code(outcomes)


def work_through(outcomes: Iterable[Outcome], what: str, total: int | None) -> list[Outcome]:
    """Go through outcomes as they come, with a progress bar and a line for each that failed; return all."""
    done = []
    with progress(what, total) as advance:
        for outcome in outcomes:
            done.append(outcome)
            advance(1)
            report(outcome)
    return done


def ingest_sources(
    ingester: Ingester,
    found: Iterable[str | Item],
    given: Settings,
    wanted: Overrides | None = None,
    *,
    refresh: bool = False,
    cluster: str | None = None,
    shards: Path | None = None,
    bulk: bool = False,
) -> list[Outcome]:
    """Ingest sources in as many processes as the settings say, or on a cluster; flush; return all outcomes."""
    # Counted as far as they are files: for one article no processes are started, and the bar shows how many there are.
    items = iter(found)
    files: list[str | Item] = []
    other: list[str | Item] = []
    for item in items:
        if not isinstance(item, str) and item.form is not Form.ARTICLE:
            other.append(item)
            break
        files.append(item)
    total = None if other else len(files)
    few = replace(given, jobs=1) if total == 1 else given
    with chosen_runner(few, ingester.iris, cluster, shards) as runner:
        sources = chain(files, other, items)
        working = ingester.ingest(sources, wanted, refresh=refresh, runner=runner, bulk=bulk)
        outcomes = work_through(working, "ingesting", total)
    ingester.flush()
    return outcomes


def report(outcome: Outcome) -> None:
    """Print why an article was not stored, on one line."""
    if outcome.error is not None:
        click.echo(f"parley: {outcome.error}", err=True)


def summary(outcomes: list[Outcome]) -> str:
    """Say in one line what became of the sources."""
    counts = Counter(outcome.result for outcome in outcomes)
    parts = [f"{counts[result]} {result}" for result in Result if counts[result]]
    return f"{len(outcomes)} article{'s' * (len(outcomes) != 1)}: {', '.join(parts) or 'nothing to do'}"


def exit_code(outcomes: list[Outcome]) -> int:
    """Return the exit code: that of the first error, 0 without one."""
    return next((outcome.error.exit_code for outcome in outcomes if outcome.error is not None), 0)
