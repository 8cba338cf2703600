"""Generations that a remote store has or is getting, kept as hard links so that what differs can be found later.

::

    dataset/remote/000042-20261126T035543123456/   files of a generation; never changed
    dataset/remote/lock                            locked while something is carried over
"""

import os
import secrets
import shutil

import pyoxigraph as ox

from graph.remote.markers import identity
from graph.store import Dataset, Generation
from graph.store.hold import clear_abandoned, held
from graph.store.trouble import STORE_ERRORS, trouble

__all__ = ["Kept"]

_NEW = ".new-"


class Kept:
    """The kept generations of one dataset. Only the process that holds the lock may use them.

    :param dataset: the folder is made in it when something is kept.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.path = dataset.path / "remote"
        self._dataset = dataset
        self._held: list[Generation] = []

    def keep(self, generation: Generation) -> None:
        """Keep a generation until :meth:`prune`, even if it is published no more.

        :raises DatasetError: if it cannot be written.
        """
        path = self.path / identity(generation)
        if path.is_dir():
            return
        temporary = self.path / f"{_NEW}{secrets.token_hex(6)}"
        try:
            clear_abandoned(self.path, f"{_NEW}*")
            temporary.mkdir(parents=True)
            with held(temporary):
                for file in generation.path.iterdir():
                    if file.is_file():  # its index is a folder, and not needed
                        os.link(file, temporary / file.name)
                temporary.rename(path)
        except OSError as error:
            raise trouble(self.path, error) from None

    def open(self, name: str) -> ox.Store | None:
        """Open the generation of a name, read-only; None if it is neither kept here nor published.

        :raises DatasetError: if it is damaged.
        """
        path = self.path / name
        if name and path.is_dir():
            try:
                return ox.Store.read_only(str(path))
            except STORE_ERRORS:
                shutil.rmtree(path, ignore_errors=True)  # only a copy
        for generation in self._dataset.generations():
            if identity(generation) == name:
                self._held.append(generation)  # its files stay as long as this
                return generation.open()
        return None

    def prune(self, name: str) -> None:
        """Remove all copies but one."""
        for path in self.path.glob("*-*"):
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)
