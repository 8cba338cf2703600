"""``parley status``, ``publish``, ``records`` and ``remove``: the dataset as a whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from graph.archive.archive import Archive
from graph.cli.options import dataset_option, settings
from graph.cli.publishing import publish_and_say
from graph.errors import InputError
from graph.files import data_path
from graph.gate.quarantine import Quarantine
from graph.ingest.ingester import Ingester
from graph.store import Dataset
from graph.watch.state import read_state

__all__ = ["publish", "records", "remove", "status"]


@click.command(epilog="\b\nExamples:\n  parley status\n  parley status --format json")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@dataset_option
def status(form: str, dataset: Path | None) -> None:
    """Say what the dataset holds: articles, events, claims, generations, quarantine; and what `parley watch` does."""
    opened = Dataset.open(settings(dataset=dataset).dataset)
    facts: dict[str, Any] = {"dataset": str(opened.path), "base": opened.iris.base}
    generation = opened.current()
    facts["generation"] = generation.number if generation else None
    facts["published"] = generation.published.isoformat(timespec="seconds") if generation else None
    if generation is not None:
        store = generation.open()
        facts["quads"] = len(store)
        rows = store.query(data_path("queries", "status.rq").read_text("utf-8"))
        if isinstance(rows, ox.QuerySolutions):
            facts |= {str(row["what"].value): int(row["n"].value) for row in rows}
    facts["archived"] = Archive(opened.archive_path).count()
    facts["quarantined"] = len(Quarantine(opened.quarantine_path).items())
    watched = read_state(opened.watch_path)
    if form == "json":
        click.echo(json.dumps(facts | ({"watch": watched.summary()} if watched else {}), indent=1))
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        counted = isinstance(value, int) and name != "generation"
        shown = "none yet" if value is None else f"{value:,}" if counted else value
        click.echo(f"{name:{width}}  {shown}")
    if watched:
        click.echo()
        for line in _watch_lines(watched.summary()):
            click.echo(line)


def _watch_lines(watch: dict[str, Any]) -> Iterator[str]:
    """Yield what `parley watch` does, in lines."""
    yield f"watch: {'running' if watch['running'] else 'stopped'}, last seen {watch['beat']}"
    yield f"waiting to be read: {watch['waiting']:,}; given up: {watch['given up']:,}"
    for feed in watch["feeds"]:
        polled = feed["polled"] or "never"
        yield f"feed {feed['url']}: last asked {polled}; announced {feed['found']:,}; waiting {feed['waiting']:,}"
        if feed["failures"]:
            yield f"  failed {feed['failures']} times in a row: {feed['error']}"


@click.command(epilog="\b\nExample:\n  parley publish")
@dataset_option
def publish(dataset: Path | None) -> None:
    """Publish what is stored as a new generation: what queries, pages and exports see.

    The curations are applied to it; those that have no effect are named. See `parley curate`.
    """
    given = settings(dataset=dataset)
    publish_and_say(Dataset.open(given.dataset), given)


@click.command(epilog="\b\nExample:\n  parley records")
@click.option("--base", help="Base IRI of a new dataset.  [env: PARLEY_BASE; default: http://127.0.0.1:8000/]")
@dataset_option
def records(base: str | None, dataset: Path | None) -> None:
    """Load the reference facts: official records of who travelled where and when, each with its Visit event.

    Load them before the articles, so that what articles tell of these visits is joined to them.
    """
    given = settings(dataset=dataset, base=base)
    target = Dataset.open_or_create(given.dataset, base, default=given.base)
    with Ingester(target, given) as ingester:
        count = ingester.load_records()
        ingester.flush()
    click.echo(f"{count:,} records", err=True)
    publish_and_say(target, given)


@click.command(epilog="\b\nExample:\n  parley remove 81c930f8a2b4")
@click.argument("articles", nargs=-1, required=True, metavar="ID...")
@dataset_option
def remove(articles: tuple[str, ...], dataset: Path | None) -> None:
    """Take articles out of the graph and publish; the archive keeps what was read.

    They stay away when the dataset is rebuilt, until they are ingested again.
    """
    given = settings(dataset=dataset)
    target = Dataset.open(given.dataset)
    with Ingester(target, given) as ingester:
        for article in articles:
            if not ingester.remove(f"article/{article.removeprefix('article/')}"):
                raise InputError(f"no article {article} is stored", "look its id up with `parley query` or on its page")
    publish_and_say(target, given)
