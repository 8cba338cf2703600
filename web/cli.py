"""``parley serve`` and ``parley demo``."""

from pathlib import Path

import click

from graph.cli.ingest import ingest_sources, summary
from graph.cli.options import current_generation, dataset_option, settings
from graph.cli.publishing import publish_and_say
from graph.files import data_path
from graph.ingest.ingester import Ingester
from graph.iris import DEFAULT_BASE
from graph.remote.address import read_address
from graph.settings import Settings
from graph.sources import discover
from graph.store import Dataset
from web.serving.server import run

__all__ = ["demo", "serve"]

_HOST = click.option("--host", help="Address to listen on.  [env: PARLEY_HOST; default: 127.0.0.1]")
_PORT = click.option(
    "--port", type=click.IntRange(0, 65535), help="Port; 0 for any.  [env: PARLEY_PORT; default: 8000]"
)


@click.command(epilog="\b\nExamples:\n  parley serve\n  parley serve --dataset /srv/parley --host 0.0.0.0 --port 8080")
@_HOST
@_PORT
@dataset_option
def serve(host: str | None, port: int | None, dataset: Path | None) -> None:
    """Serve the published generation: timeline, SPARQL endpoint and linked data. Follows each new generation."""
    given = settings(dataset=dataset, host=host, port=port)
    current_generation(given.dataset)
    if given.sparql_remote:
        read_address(given.remote_store, given.base)  # told now, not to who asks
    run(given)


@click.command(epilog="\b\nExamples:\n  parley demo\n  parley demo --port 8080 --dataset /tmp/parley-demo")
@_HOST
@_PORT
@click.option("--serve/--no-serve", "serving", default=True, show_default=True, help="Serve it at the end.")
@dataset_option
def demo(host: str | None, port: int | None, serving: bool, dataset: Path | None) -> None:
    """Make a dataset from the sample articles and the reference facts, publish it and serve it.

    A second run finds everything in place and serves at once.
    """
    given = settings(dataset=dataset, host=host, port=port)
    target = Dataset.open_or_create(given.dataset, default=_base(given))
    with Ingester(target, given) as ingester:
        if not ingester.has_records():
            click.echo("loading the reference facts ...", err=True)
            click.echo(f"{ingester.load_records():,} records", err=True)
        outcomes = ingest_sources(ingester, list(discover([str(data_path("articles"))])), given)
    click.echo(summary(outcomes), err=True)
    publish_and_say(target, given)
    if serving:
        run(given)


def _base(given: Settings) -> str:
    """Return the base IRI of a new demo: one that this server answers for, unless one was set."""
    if given.base != DEFAULT_BASE or not given.port:
        return given.base
    return f"http://{given.host}:{given.port}/"
