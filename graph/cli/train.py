"""``parley train``: builds the models of the extractor anew from corpora and annotated articles."""

import time
from importlib import import_module
from pathlib import Path

import click

from graph.extract.learned.folder import models_from, write_version
from graph.files import data_path
from graph.training.material import Material

__all__ = ["train"]

#: In the order of building: a later step may read the models of the ones before. Each is a module of graph.training.
STEPS = ("gazetteer", "parser", "names", "times", "events", "claims", "links")


@click.command(
    epilog="\b\nExamples:\n  parley train --corpora corpora --gold gold/train\n"
    "  parley train --corpora corpora --gold gold/train --only parser --folder /tmp/model"
)
@click.option(
    "--corpora", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the corpora."
)
@click.option(
    "--gold", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of annotated articles."
)
@click.option("--only", type=click.Choice(STEPS), multiple=True, help="Build just this model; may be repeated.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where models are written (default: the ones in use).",
)
def train(corpora: Path, gold: Path, only: tuple[str, ...], folder: Path | None) -> None:
    """Build the trained models of the extractor anew (about half an hour on one core).

    The same material gives the same models. data/model/README.md says what they learn from and how good they are.
    """
    material = Material(corpora, gold)
    target = folder or data_path("model")
    target.mkdir(parents=True, exist_ok=True)
    for step in only or STEPS:
        start = time.monotonic()
        with models_from(target):
            figures = import_module(f"graph.training.{step}").train(material, target)
        told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        click.echo(f"{step}: {told} ({time.monotonic() - start:.0f} s)")
    write_version(target)
