"""Looking at feeds: which articles they announce that are not known yet."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from graph.archive.archive import Archive
from graph.errors import DatasetError, LaterError, ParleyError
from graph.settings import Settings
from graph.sources import Form, Item, read_collection
from graph.sources.canonical import canonical_url
from graph.watch.backoff import delay
from graph.watch.log import Log
from graph.watch.state import Host, State, waiting_of

__all__ = ["Found", "Poller", "host_of"]

_DEPTH = 3


def host_of(source: str) -> str:
    """Return the host, with its port, that a source is fetched from; empty if it is not."""
    return urlsplit(source).netloc.lower() if "://" in source else ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a feed announces; ``items`` is None if it is as it was."""

    items: list[Item] | None
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Poller:
    """Asks feeds and notes in the state what is to be read."""

    settings: Settings
    archive: Archive
    state: State
    log: Log
    every: float

    def look(self, url: str) -> Found | ParleyError:
        """Ask a feed. Changes nothing in the state, and so may run in a thread."""
        keep = self.archive.exchanges.keep
        try:
            collection = read_collection(url, self.state.feeds[url].headers, self.settings, keep)
            if collection is None:
                return Found(None, {})
            items = list(self._pages(collection.items, 1))
        except ParleyError as error:
            return error
        if len(items) == 1 and items[0].error is not None and items[0].source == collection.source:
            return items[0].error  # it could not be taken apart
        return Found(items, {k: v for k, v in collection.headers.items() if k in ("etag", "last-modified")})

    def note(self, url: str, found: Found | ParleyError, now: float) -> None:
        """Note what a feed announces together with when it is to be asked again.

        :param now: the time, in Unix time.
        :raises DatasetError: if the archive cannot be read or written.
        """
        feed = self.state.feeds[url]
        feed.polled = now
        if isinstance(found, DatasetError):
            raise found
        if isinstance(found, ParleyError):
            feed.failures += 1
            feed.error = str(found)
            wait = found.wait if isinstance(found, LaterError) else None
            pause = max(self.every, delay(url, feed.failures, self.settings.watch_backoff, wait))
            feed.due = now + pause
            self._count("failed")
            self.log("poll_failed", feed=url, error=str(found), failures=feed.failures, again_in=round(pause))
            return
        feed.failures, feed.error, feed.due = 0, "", now + self.every
        self.state.hosts.pop(host_of(url), None)
        if found.items is None:
            self._count("unchanged")
            self.log("poll", feed=url, unchanged=True)
            return
        new = sum(1 for item in found.items if self._note(item, url))
        feed.headers = dict(found.headers)
        feed.found += new
        self._count("read")
        self.log("poll", feed=url, new=new)

    def failed(self, source: str, error: LaterError, now: float) -> None:
        """Note that a host has failed, and leave it alone for a while."""
        if host := host_of(source):
            known = self.state.hosts.setdefault(host, Host())
            if known.due <= now:  # several pages that failed in one go count once
                known.failures += 1
                known.due = now + delay(host, known.failures, self.settings.watch_backoff, error.wait)

    def _count(self, outcome: str) -> None:
        self.state.polls[outcome] = self.state.polls.get(outcome, 0) + 1

    def _pages(self, items: Iterable[Item], depth: int) -> Iterator[Item]:
        """Yield the articles that items are, those of the sitemaps among them included."""
        for item in items:
            if item.form is not Form.SITEMAP:
                yield item
            elif depth < _DEPTH:
                keep = self.archive.exchanges.keep
                found = read_collection(item.source, {}, self.settings, keep, Form.SITEMAP)
                yield from self._pages(found.items if found else (), depth + 1)

    def _note(self, item: Item, feed: str) -> bool:
        """Let an item wait to be read unless it is known; tell whether it does."""
        if item.error is not None:
            self.log("entry_failed", feed=feed, error=str(item.error))
            return False
        source = _key(item)
        if source in self.state.waiting:
            return False
        given_up = self.state.given_up.get(source)
        if given_up is not None and (item.changed is None or item.changed.timestamp() <= given_up.at):
            return False
        waiting = waiting_of(item, feed)
        identity = self.archive.by_source(source) or self.archive.by_source(canonical_url(source))
        if identity is not None:
            known = self.archive.find(source) or self.archive.find(canonical_url(source))
            if item.changed is None or known is None or item.changed <= known.read_at or item.document is not None:
                return False
            waiting.refresh = True
        self.state.given_up.pop(source, None)
        self.state.waiting[source] = waiting
        return True


def _key(item: Item) -> str:
    """Return what an item waits under: its canonical URL; for a document, where it is from and the digest of it."""
    if item.document is None:
        return canonical_url(item.source)
    return f"{item.source.rpartition('#')[0] or item.source}#{hashlib.sha256(item.document.raw).hexdigest()[:16]}"
