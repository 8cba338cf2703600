"""``parley query`` and ``parley export``: what is published, to the terminal or a file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from graph.cli.options import current_generation, dataset_option, settings
from graph.errors import InputError
from graph.export import FORMATS
from graph.export import export as export_generation
from graph.remote import query_remote
from graph.sparql import run_query
from graph.store import Dataset

__all__ = ["export", "query"]

#: Name of a result format -> media type.
_RESULTS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """Yield a binary stream; a file gets its name only when everything is written."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as out:
            yield out
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@click.command(
    epilog="\b\nExamples:\n  parley query 'SELECT (COUNT(*) AS ?n) { ?e a sem:Event }'\n"
    "  parley query --file data/queries/examples/who-met-whom.rq --format json\n  echo 'ASK {}' | parley query -"
)
@click.argument("sparql", required=False, metavar="[SPARQL|-]")
@click.option("--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="Read the query from a file.")
@click.option("--format", "form", type=click.Choice(list(_RESULTS)), help="Output.  [default: csv, or turtle]")
@click.option("--timeout", type=click.FloatRange(0.1), help="Seconds it may take.  [env: PARLEY_SPARQL_TIMEOUT]")
@click.option("--remote", is_flag=True, help="Ask the remote store instead of the embedded one.")
@dataset_option
def query(
    sparql: str | None, file: Path | None, form: str | None, timeout: float | None, remote: bool, dataset: Path | None
) -> None:
    """Run a SPARQL query on the published generation and print the result.

    The usual prefixes (ply, sem, schema, prov, oa, org, skos, dct, rdfs, xsd, edtf) need not be declared.
    """
    given = settings(dataset=dataset, sparql_timeout=timeout)
    if (sparql is None) == (file is None):
        raise click.UsageError("give a query, a file with --file, or - for standard input")
    if file is not None:
        try:
            sparql = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file}: the query cannot be read ({error})", "check the path") from None
    elif sparql == "-":
        sparql = sys.stdin.read()
    if remote:
        with _output(None) as out:
            query_remote(Dataset.open(given.dataset), given, sparql or "", _RESULTS[form] if form else None, out)
        return
    _, generation = current_generation(given.dataset)
    with _output(None) as out:
        run_query(
            generation.path,
            sparql or "",
            _RESULTS[form] if form else None,
            out,
            timeout=given.sparql_timeout,
            memory=given.sparql_memory,
        )


@click.command(
    epilog="\b\nExamples:\n  parley export --output dataset.nq\n  parley export --format turtle --output merged.ttl\n"
    "  parley export --format trig --article 81c930f8a2b4"
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="nquads", show_default=True, help="Output.")
@click.option("--article", metavar="ID", help="Only the graph of one article.")
@click.option("--graph", metavar="IRI", help="Only this named graph.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@dataset_option
def export(form: str, article: str | None, graph: str | None, output: Path | None, dataset: Path | None) -> None:
    """Write the published generation out: every named graph, or the merge of all in formats without graphs."""
    given = settings(dataset=dataset)
    opened, generation = current_generation(given.dataset)
    if article is not None:
        graph = opened.iris.article_graph(f"article/{article.removeprefix('article/')}")
    with _output(output) as out:
        export_generation(generation, out, form, graph)
