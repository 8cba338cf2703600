"""``parley backup`` and ``parley restore``: a dataset copied to another place, and made again from there."""

from pathlib import Path

import click

from graph.backup.backup import back_up
from graph.backup.restore import restore as restore_dataset
from graph.cli.options import dataset_option, progress, settings
from graph.store import Dataset

__all__ = ["backup", "restore"]


@click.command(
    epilog="\b\nExamples:\n  parley backup /backups/monday\n  parley backup /backups/monday.tar.zst\n"
    "  parley backup /backups/tuesday --incremental /backups/monday"
)
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--incremental",
    "earlier",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="BACKUP",
    help="An earlier backup, a folder: what is as it was is linked to it and takes no space.",
)
@dataset_option
def backup(target: Path, earlier: Path | None, dataset: Path | None) -> None:
    """Copy the dataset to TARGET, which must not be there: a folder, or a file that ends with .tar or .tar.zst.

    The copy is read again and compared with its checksums before it gets its name. A writer may be at work.
    """
    given = settings(dataset=dataset)
    with progress("copying", None) as advance:
        made = back_up(Dataset.open(given.dataset), target, earlier=earlier, advance=advance)
    size = sum(size for size, _ in made.files.values())
    click.echo(f"{len(made.files):,} files, {size:,} bytes, generation {made.generation or 'none'}", err=True)
    if not made.live:
        click.echo(
            "a writer was at work: the published generation stands for the store; what was stored since is in the "
            "archive, and `parley rebuild` extracts it after a restoration",
            err=True,
        )
    if given.curation:
        click.echo(f"the curations in {given.curation} are not part of the dataset: back them up as well", err=True)


@click.command(
    epilog="\b\nExamples:\n  parley restore /backups/monday --dataset restored\n"
    "  parley restore /backups/monday.tar.zst --dataset dataset --replace"
)
@click.argument("source", metavar="BACKUP", type=click.Path(path_type=Path, exists=True))
@click.option("--replace", is_flag=True, help="Take the place of a dataset that is there; that one stays beside it.")
@dataset_option
def restore(source: Path, replace: bool, dataset: Path | None) -> None:
    """Make a dataset of a backup, in a folder that is empty or not there.

    Every file is compared with its checksum first; a restoration that is cut off leaves no dataset.
    """
    given = settings(dataset=dataset)
    with progress("restoring", None) as advance:
        made = restore_dataset(source, given.dataset, replace=replace, advance=advance)
    click.echo(f"restored {given.dataset}: generation {made.generation or 'none'} of {made.base}", err=True)
    if not made.live:
        click.echo(
            "a writer was at work when it was backed up: run `parley rebuild` to have all that was read", err=True
        )
