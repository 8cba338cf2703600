"""Options, arguments and output that several commands share."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from graph.errors import DatasetError, InputError
from graph.settings import Origin, Settings, read_settings
from graph.sources import Overrides

if TYPE_CHECKING:
    from graph.store import Dataset, Generation

__all__ = [
    "current_generation",
    "dataset_option",
    "extractor_option",
    "metadata_options",
    "overrides",
    "progress",
    "settings",
    "settings_with_origins",
]

_F = TypeVar("_F", bound=Callable[..., Any])


#: Where the context of a command keeps which settings file was named.
_SETTINGS_FILE = "parley.settings"


def _keep(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    context.meta[_SETTINGS_FILE] = value


def dataset_option(function: _F) -> _F:
    """Add ``--dataset DIR`` and ``--settings FILE``; :func:`settings` knows the second without being told."""
    function = click.option(
        "--settings",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        expose_value=False,
        callback=_keep,
        help="File with settings.  [env: PARLEY_SETTINGS; default: parley.toml of the dataset]",
    )(function)
    return click.option(
        "--dataset",
        type=click.Path(path_type=Path, file_okay=True),
        metavar="DIR",
        help="Folder of the dataset.  [env: PARLEY_DATASET; default: dataset]",
    )(function)


def extractor_option(function: _F) -> _F:
    """Add ``--extractor NAME``."""
    return click.option(
        "--extractor",
        metavar="NAME",
        help="What extracts: embedded, spacy:PIPELINE or llm.  [env: PARLEY_EXTRACTOR; default: embedded]",
    )(function)


_METADATA = (
    click.option("--title", help="Title of the article."),
    click.option("--published", metavar="YYYY-MM-DD", help="Day of publication; relative dates count from it."),
    click.option("--publisher", help="Who published it."),
    click.option("--url", help="Where it is published."),
    click.option("--license", "license_", help="Licence of its text, as a name or an IRI."),
    click.option("--author", "authors", multiple=True, help="Who wrote it; may be given several times."),
    click.option("--language", help="Language of its text (BCP 47).  [default: en]"),
)


def metadata_options(function: _F) -> _F:
    """Add the options that override what a source says of itself."""
    for option in reversed(_METADATA):
        function = option(function)
    return function


def overrides(**options: Any) -> Overrides:
    """Make the overrides of the metadata options.

    :raises InputError: if ``--published`` is no date.
    """
    published = options.pop("published")
    options["license"] = options.pop("license_")
    options["authors"] = tuple(options["authors"]) or None
    try:
        day = None if published is None else date.fromisoformat(published)
    except ValueError:
        raise InputError(f"--published: {published!r} is no date", "write YYYY-MM-DD") from None
    return Overrides(published=day, **options)


def settings(**options: Any) -> Settings:
    """Read the settings; options that were given win over the environment, and that over the settings file.

    :raises InputError: if a value is not of its setting's type, or the settings file cannot be read.
    """
    return settings_with_origins(**options)[0]


def settings_with_origins(**options: Any) -> tuple[Settings, dict[str, Origin]]:
    """Read the settings; return them with the origin of each.

    :raises InputError: as :func:`settings`.
    """
    context = click.get_current_context(silent=True)
    return read_settings(file=context.meta.get(_SETTINGS_FILE) if context else None, **options)


def current_generation(where: Path) -> "tuple[Dataset, Generation]":
    """Open a dataset for reading and return its published generation.

    :raises DatasetError: if there is none.
    """
    from graph.store import Dataset

    dataset = Dataset.open(where)
    generation = dataset.current()
    if generation is None:
        raise DatasetError(f"{where}: nothing is published yet", "run `parley ingest` or `parley publish` first")
    return dataset, generation


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on standard error while it is a terminal; yield what advances it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda n: bar.advance(task, n)
