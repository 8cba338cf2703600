"""``parley validate``: whether the shapes would let it in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import rdflib

from graph.cli.options import dataset_option, metadata_options, overrides, settings
from graph.describe import describe_article, describe_event, describe_links
from graph.errors import InputError, RefusedError
from graph.extract.backends import Backend, load_backend
from graph.gate.gate import Gate, Verdict
from graph.ingest.related import detach_related
from graph.iris import Iris
from graph.resolve import EventIndex
from graph.settings import Settings
from graph.sources import Overrides, discover, read

__all__ = ["validate"]

#: File ending -> rdflib's name of the format.
_RDF = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".trig": "trig", ".nq": "nquads"}


@click.command(epilog="\b\nExamples:\n  parley validate article.md\n  parley validate graph.ttl --report report.ttl")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write the SHACL report here (Turtle).")
@metadata_options
@dataset_option
def validate(sources: tuple[str, ...], report: Path | None, dataset: Path | None, **metadata: Any) -> int:
    """Check articles, or RDF files (.ttl .nt .rdf .trig .nq), against the shapes. Nothing is stored.

    Says for each SOURCE whether it conforms and, in words, what does not. Exit code 5 if one does not conform.
    """
    given = settings(dataset=dataset)
    wanted = overrides(**metadata)
    gate, backend = Gate(), load_backend(given)
    reports, refused = rdflib.Graph(), 0
    for source in _found(sources):
        if Path(source).suffix.lower() in _RDF:
            verdicts = [gate.check(_parse(source))]
        else:
            verdicts = _check_article(gate, backend, source, Iris(given.base), given, wanted)
        for verdict in verdicts:
            reports += verdict.report
        if all(verdict.conforms for verdict in verdicts):
            click.echo(f"{source}: conforms")
            continue
        refused += 1
        click.echo(f"{source}: refused")
        for verdict in verdicts:
            click.echo(verdict.text().rstrip())
    if report is not None:
        report.write_bytes(reports.serialize(format="turtle", encoding="utf-8"))
    return RefusedError.exit_code if refused else 0


def _found(sources: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for source in sources:
        found.extend([source] if Path(source).suffix.lower() in _RDF else discover([source]))
    return found


def _parse(source: str) -> rdflib.Graph:
    dataset = rdflib.Dataset(default_union=True)
    try:
        with Path(source).open("rb") as file:
            dataset.parse(file, format=_RDF[Path(source).suffix.lower()])
    except Exception as error:  # rdflib's parsers raise errors of many unrelated classes
        raise InputError(f"{source}: not readable as RDF ({error})", "check the path and the syntax") from None
    merged = rdflib.Graph()
    for subject, predicate, value in dataset.triples((None, None, None)):
        merged.add((subject, predicate, value))
    return merged


def _check_article(
    gate: Gate, backend: Backend, source: str, iris: Iris, given: Settings, wanted: Overrides
) -> list[Verdict]:
    extraction = backend.extract(read(source, wanted, settings=given).article)
    verdicts = []
    for item in detach_related(extraction):
        resolution = EventIndex().resolve(item)
        described = describe_article(item, iris, extracted_at=datetime.now(UTC).replace(microsecond=0))
        described += describe_links(item, resolution.links, iris)
        for event in resolution.events:
            described += describe_event(event, iris)
        verdicts.append(gate.check(described, item.article.text))
    return verdicts
