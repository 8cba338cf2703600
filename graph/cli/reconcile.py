"""``parley reconcile``: asks a service which of its entities our people, organizations and places are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pyoxigraph as ox

from graph.cli.options import current_generation, dataset_option, progress, settings
from graph.curation import read
from graph.curation.write import Writer
from graph.errors import ServiceError
from graph.publish import curation_folder
from graph.reconcile import Outcome, Rule, Schema, Service, State, Thing, decide, open_things, settle, write
from graph.reconcile.cache import Cache
from graph.reconcile.client import Client
from graph.settings import Settings

__all__ = ["reconcile"]

_KINDS = ("person", "organization", "place")


@click.command(
    epilog="\b\nExamples:\n  export PARLEY_RECONCILIATION_SERVICE=https://wikidata.reconci.link/en/api\n"
    "  parley reconcile --kind person --limit 20 --dry-run\n  parley reconcile && parley publish"
)
@click.option("--kind", type=click.Choice(_KINDS), help="Only these.  [default: all three]")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the N that articles name most.")
@click.option("--dry-run", is_flag=True, help="Write no curations, only say what would be accepted.")
@dataset_option
def reconcile(kind: str | None, limit: int | None, dry_run: bool, dataset: Path | None) -> None:
    """Ask a reconciliation service who and what is in the graph, such as the one for Wikidata.

    What the service is sure of is written into curations (owl:sameAs), which `parley publish` applies. The table says
    for each thing: what became of it, its key and name, and each candidate with its IRI, score, name and description,
    and why it is doubtful. No other command asks the service.
    """
    given = settings(dataset=dataset)
    client = Client(
        given.reconciliation_service,
        user_agent=given.user_agent,
        timeout=given.reconciliation_timeout,
        pause=given.reconciliation_pause,
    )
    opened, generation = current_generation(given.dataset)
    folder = curation_folder(opened, given)
    store = generation.open()
    curations = read(folder, opened.iris)
    with Cache(opened.reconciliation_path / "answers.sqlite", given.reconciliation_days) as cache:
        service = Service(client, cache, given.reconciliation_batch)
        schema = Schema.of(service.manifest, given.reconciliation_schema)
        known = open_things(store, opened.iris, schema.prefix, curations)
        things = [thing for thing in known.things if kind is None or thing.kind.partition("/")[0] == kind][:limit]
        asked = _ask(service, schema, things, given)
    outcomes = settle(asked.outcomes, known.taken)
    accepted = [outcome for outcome in outcomes if outcome.state is State.ACCEPTED]
    if not dry_run:
        writer = Writer(store, opened.iris, folder, ox.NamedNode(client.url))
        for outcome in accepted:
            write(outcome, writer, service.manifest)
    _print(outcomes)  # last: whoever reads may stop reading
    counts = {state: sum(outcome.state is state for outcome in outcomes) for state in State}
    said = ", ".join(f"{count:,} {state}" for state, count in counts.items())
    click.echo(f"{said}; {client.made} requests to {service.manifest.name}", err=True)
    if accepted and not dry_run:
        click.echo(f"written to {folder}; `parley publish` applies them", err=True)
    if asked.error is not None:
        raise asked.error


@dataclass(frozen=True, slots=True)
class _Asked:
    outcomes: list[Outcome]
    error: ServiceError | None


def _ask(service: Service, schema: Schema, things: Sequence[Thing], given: Settings) -> _Asked:
    """Ask about all; where the service gives up, what it has said so far still counts."""
    rule = Rule(given.reconciliation_score, given.reconciliation_margin)
    questions = [schema.question(thing) for thing in things]
    found: dict[int, Outcome] = {}
    error = None
    with progress("asking", len(things)) as advance:
        try:
            for answer in service.ask(questions):
                number = answer.number
                found[number] = decide(things[number], questions[number], answer, schema, rule)
                advance(1)
        except ServiceError as failed:
            error = failed
    return _Asked([found[number] for number in sorted(found)], error)


def _print(outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        start = (outcome.state, outcome.thing.key, outcome.thing.name)
        shown = outcome.candidates[:1] if outcome.state is State.ACCEPTED else outcome.candidates
        rows = [(iri, f"{each.score:g}", each.name, each.description) for iri, each in shown] or [("", "", "", "")]
        for row in rows:
            cells = (*start, *row, outcome.reason)
            click.echo("\t".join(" ".join(cell.split()) for cell in cells).rstrip())
