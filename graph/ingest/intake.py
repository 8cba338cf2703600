"""Intake: from what sources stand for to readings, whatever they turn out to hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph.archive.archive import Archive
from graph.errors import DatasetError, InputError, ParleyError
from graph.settings import Settings
from graph.sources import Collection, Form, Item, Overrides, Reading, read_item
from graph.sources.ahead import read_ahead

__all__ = ["Failure", "Intake"]

#: A sitemap index may lead to sitemaps and these to pages; what is deeper is a circle or a trap.
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that could not be read, and why."""

    source: str
    error: ParleyError


@dataclass(frozen=True)
class Intake:
    """Reads items.

    :param archive: pages that are in it are taken from there; it keeps the exchanges with web servers.
    :param refresh: whether to ask for pages again that the archive has.
    """

    settings: Settings
    archive: Archive
    overrides: Overrides
    refresh: bool = False

    def read(self, items: Iterable[Item]) -> Iterator[Reading | Failure]:
        """Yield a reading for each article that items hold or name, or why there is none.

        :raises DatasetError: if the archive is broken or cannot be written.
        """
        return self._read(items, 0, set())

    def _read(self, items: Iterable[Item], depth: int, asked: set[str]) -> Iterator[Reading | Failure]:
        for item, found in read_ahead(items, self._read_one, self.settings.fetch_hosts, asked):
            if isinstance(found, DatasetError):
                raise found
            if isinstance(found, ParleyError):
                yield Failure(item.source, found)
            elif isinstance(found, Reading):
                yield found
            elif depth == _DEPTH:
                error = InputError(f"{found.source}: is a {found.form} in a {found.form} too many", "give it by itself")
                yield Failure(item.source, error)
            else:
                yield from self._read(map(_as_article, found.items), depth + 1, asked)

    def _read_one(self, item: Item) -> Reading | Collection | ParleyError:
        keep = self.archive.exchanges.keep
        try:
            return read_item(
                item, self.overrides, settings=self.settings, archive=self.archive, refresh=self.refresh, keep=keep
            )
        except ParleyError as error:
            return error


def _as_article(item: Item) -> Item:
    """Return an item of a collection: an article, unless the collection says that it is something else."""
    return replace(item, form=Form.ARTICLE) if item.form is None else item
