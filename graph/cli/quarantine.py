"""``parley quarantine``: what the shapes refused."""

from pathlib import Path

import click

from graph.cli.ingest import exit_code, report, summary
from graph.cli.options import dataset_option, settings
from graph.cli.publishing import publish_and_say
from graph.gate.quarantine import Quarantine
from graph.ingest.ingester import Ingester, Outcome
from graph.store import Dataset

__all__ = ["quarantine"]


@click.group(
    epilog="\b\nExamples:\n  parley quarantine list\n  parley quarantine show 81c930f8a2b4\n"
    "  parley quarantine retry --all"
)
def quarantine() -> None:
    """List, show and retry the articles that the shapes refused."""


def _open(dataset: Path | None) -> Quarantine:
    return Quarantine(Dataset.open(settings(dataset=dataset).dataset).quarantine_path)


def _key(article: str) -> str:
    return f"article/{article.removeprefix('article/')}"


@quarantine.command("list")
@dataset_option
def list_(dataset: Path | None) -> None:
    """List the refused articles: id, number of violations, title or source."""
    for entry in _open(dataset).items():
        article = entry.article
        name = article.key.removeprefix("article/")
        click.echo(f"{name}\t{entry.violations}\t{article.title or article.source or ''}")


@quarantine.command()
@click.argument("article", metavar="ID")
@click.option(
    "--format", "form", type=click.Choice(["text", "turtle"]), default="text", show_default=True, help="Output."
)
@dataset_option
def show(article: str, form: str, dataset: Path | None) -> None:
    """Show why an article was refused: in words, or as the SHACL validation report."""
    entry = _open(dataset).get(_key(article))
    click.echo(entry.report_text if form == "text" else entry.report_turtle, nl=False)


@quarantine.command()
@click.argument("articles", nargs=-1, metavar="[ID...]")
@click.option("--all", "everything", is_flag=True, help="Retry all.")
@dataset_option
def retry(articles: tuple[str, ...], everything: bool, dataset: Path | None) -> int:
    """Extract refused articles again and store those that the shapes let in now."""
    if bool(articles) == everything:
        raise click.UsageError("give the ids of articles, or --all")
    given = settings(dataset=dataset)
    target = Dataset.open(given.dataset)
    keys = [_key(a) for a in articles] if articles else [e.article.key for e in _open(dataset).items()]
    outcomes: list[Outcome] = []
    with Ingester(target, given) as ingester:
        for key in keys:
            outcomes.append(ingester.retry(key))
            report(outcomes[-1])
        ingester.flush()
    click.echo(summary(outcomes), err=True)
    if any(outcome.error is None for outcome in outcomes):
        publish_and_say(target, given)
    return exit_code(outcomes)
