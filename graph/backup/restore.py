"""Restoration: a dataset made of a backup. It gets its name when all of it is there and is what was backed up."""

import os
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from graph.backup.manifest import (
    FILES,
    MANIFEST,
    Manifest,
    begun,
    check_path,
    contents,
    read_manifest,
    sync_tree,
    write,
)
from graph.errors import DatasetError, InputError
from graph.files import write_whole
from graph.index.layout import FOLDER as INDEX
from graph.store.generations import sync
from graph.store.lock import FileLock

__all__ = ["restore"]


def restore(
    backup: Path, folder: Path, *, replace: bool = False, advance: Callable[[int], None] = lambda _: None
) -> Manifest:
    """Make a dataset of a backup. It gets its name when all of it is there and is what was backed up.

    :param folder: where the dataset is to be; nothing, or an empty folder, is there.
    :param replace: take the place of a dataset that is there; that one stays beside it, under another name.
    :raises InputError: if it is no backup, or it is damaged; nothing is changed then.
    :raises DatasetError: if something is in the folder, or it cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and not replace and (not folder.is_dir() or any(folder.iterdir())):
        raise DatasetError(f"{folder}: something is there already", "give an empty folder, or add --replace")
    manifest = read_manifest(backup)
    with begun(folder) as partial:
        _unpack_checked(backup, manifest, partial, advance)
        _arrange(partial, manifest)
        sync_tree(partial)
        _give_name(partial, folder, replace=replace)
    return manifest


def _unpack_checked(backup: Path, manifest: Manifest, target: Path, advance: Callable[[int], None]) -> None:
    """Copy the files of a backup to a folder.

    :raises InputError: if they are not those of the manifest.
    """
    missing = dict(manifest.files)
    for path, content in contents(backup):
        name = path.removeprefix(f"{FILES}/")
        if path == MANIFEST:
            continue
        check_path(name, backup)
        wanted = missing.pop(name, None) if name != path else None
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if wanted is None or write(content, file) != wanted:
            raise InputError(f"{backup}: {path} is not what was backed up", "take another backup; nothing was restored")
        advance(1)
    if missing:
        raise InputError(f"{backup}: {min(missing)} is missing", "take another backup; nothing was restored")


def _arrange(folder: Path, manifest: Manifest) -> None:
    """Make the files of a backup the folder of a dataset."""
    for path, twin in manifest.linked.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).hardlink_to(folder / twin)
    if manifest.generation is not None:
        generation = folder / "generations" / f"{manifest.generation:06}"
        if not manifest.live:
            shutil.copytree(
                generation, folder / "store", ignore=shutil.ignore_patterns(INDEX), copy_function=_link_tables
            )
        if manifest.published is not None:
            os.utime(generation, (manifest.published, manifest.published))
        write_whole(folder / "generations" / "current", f"{manifest.generation}\n".encode())


def _link_tables(source: str, target: str) -> None:
    """Link a table of a store, which never changes; copy what is no table."""
    if source.endswith(".sst"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _give_name(partial: Path, folder: Path, *, replace: bool) -> None:
    if folder.exists() and replace:
        beside = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}")
        lock = FileLock(folder / "lock")  # nobody writes to it now
        try:
            folder.rename(beside)
        finally:
            lock.release()
    partial.rename(folder)  # in the place of nothing, or of an empty folder
    sync(folder.parent)
