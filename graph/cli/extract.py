"""``parley extract``: what is found in one article, without storing it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from graph.cli.options import dataset_option, extractor_option, metadata_options, overrides, settings
from graph.extract.backends import load_backend
from graph.extract.contract import to_json
from graph.extract.model import Extraction
from graph.iris import Iris
from graph.sources import read

__all__ = ["extract"]


@click.command(
    epilog="\b\nExamples:\n  parley extract article.md\n  parley extract article.md --format turtle\n"
    "  parley extract https://example.org/news/1.html --format trig --published 2019-07-01"
)
@click.argument("source", metavar="FILE_OR_URL")
@click.option(
    "--format", "form", type=click.Choice(["json", "turtle", "trig"]), default="json", show_default=True, help="Output."
)
@extractor_option
@metadata_options
@dataset_option
def extract(source: str, form: str, extractor: str | None, dataset: Path | None, **metadata: Any) -> None:
    """Print what is found in an article: people, organizations, places, times, events, claims. Nothing is stored.

    IRIs are those of the dataset where there is one, else they start with the base IRI in the settings.
    """
    given = settings(dataset=dataset, extractor=extractor)
    iris = _iris(given.dataset, given.base)
    backend = load_backend(given)
    reading = read(source, overrides(**metadata), settings=given)
    extraction = backend.extract(reading.article)
    if form == "json":
        click.echo(json.dumps(to_json(extraction, iris), ensure_ascii=False, indent=1))
    else:
        click.echo(_rdf(extraction, iris, form), nl=False)


# What only some calls need is imported in them: it takes longer to load than an article to extract.


def _iris(dataset: Path, base: str) -> Iris:
    if dataset.exists():
        from graph.store import Dataset

        if Dataset.exists(dataset):
            return Dataset.open(dataset).iris
    return Iris(base)


def _rdf(extraction: Extraction, iris: Iris, form: str) -> str:
    from graph.describe import describe_article
    from graph.export import serialize
    from graph.ingest.related import detach_related
    from graph.rdf import to_triples

    graphs = {}
    for item in detach_related(extraction):
        described = describe_article(item, iris, extracted_at=datetime.now(UTC).replace(microsecond=0))
        graphs[iris.article_graph(item.article.key)] = to_triples(described)
    return serialize(graphs, form)
