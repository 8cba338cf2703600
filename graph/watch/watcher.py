"""The watcher: looks at feeds and the inbox, ingests what is new, publishes now and then, until it is told to stop."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from graph.archive.archive import Archive
from graph.errors import DatasetError, InUseError, LaterError, ServiceError
from graph.ingest.outcome import Outcome, Result
from graph.publish import publish
from graph.remote import carry
from graph.settings import Settings
from graph.sources import Item
from graph.sources.canonical import canonical_url
from graph.store import Dataset
from graph.store.lock import FileLock
from graph.watch.backoff import delay
from graph.watch.inbox import Inbox
from graph.watch.log import Log
from graph.watch.poll import Poller, host_of
from graph.watch.state import Feed, GivenUp, State, Waiting, read_state

if TYPE_CHECKING:
    from graph.extract.runner import Runner
    from graph.ingest.ingester import Ingester
    from graph.ingest.prepare import PreparingRunner

__all__ = ["Watcher"]

#: Seconds between two looks at whether there is something to do.
_TICK = 0.5
#: So many articles are ingested between two writes of the state.
_BATCH = 20
#: Of a host that has failed, so many pages are tried before the rest.
_PROBES = 1
#: Seconds after which the state is written though nothing has happened, so that others see that we live.
_BEAT = 60.0


class Watcher:
    """Watches feeds and an inbox. One at a time per dataset; it writes to the dataset only while it has work.

    :param feeds: URLs of feeds or sitemaps; those of earlier runs that are not among them are forgotten.
    :param inbox: folder of files to ingest; None for none.
    :param log: told what happens.
    :param runner: extracts articles; if None, the processes that the settings ask for, which end when there is no work.
    :param clock: returns the time, in Unix time.
    :raises InUseError: if the dataset is being watched already.
    :raises DatasetError: if its folder cannot be written.
    """

    def __init__(
        self,
        dataset: Dataset,
        settings: Settings,
        feeds: Sequence[str],
        inbox: Path | None = None,
        *,
        log: Log | None = None,
        runner: "Runner | None" = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._dataset, self._settings, self._clock = dataset, settings, clock
        self._log = log or Log()
        self._path = dataset.watch_path
        self._path.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self._path / "lock")
        self._stopping = False
        self._state = read_state(self._path) or State()
        self._state.feeds = {url: self._state.feeds.get(url, Feed()) for url in dict.fromkeys(feeds)}
        self._inbox = Inbox(inbox) if inbox is not None else None
        self._archive = Archive(dataset.archive_path)
        self._poller = Poller(settings, self._archive, self._state, self._log, settings.watch_every)
        self._ingester: Ingester | None = None
        self._runner = runner
        self._processes = ExitStack()
        self._preparing: PreparingRunner | None = runner
        self._unpublished = True  # an earlier run may have been killed before it published
        self._tried_publishing = 0.0
        self._told_to_wait = False
        self._pause_all = 0.0

    def stop(self) -> None:
        """Have :meth:`run` return after the current article; may be called from a signal handler."""
        # No event: setting one in a signal handler could wait for ever for the very thread that it interrupts.
        self._stopping = True

    def run(self) -> None:
        """Watch until :meth:`stop` is called; publish at the end.

        :raises DatasetError: if the dataset cannot be read or written; what is ingested stays.
        """
        self._state.running = os.getpid()
        self._write()
        self._log("start", feeds=len(self._state.feeds), waiting=len(self._state.waiting))
        try:
            while not self._stopping:
                if not self.step():
                    time.sleep(_TICK)
        finally:
            self._close()
            self._state.running = None
            self._write()
            self._lock.release()
        with suppress(InUseError):
            self._publish(at_once=True)
        self._write()
        self._log("stop", waiting=len(self._state.waiting))

    def step(self) -> bool:
        """Do what is due; tell whether there was anything.

        :raises DatasetError: as :meth:`run` does.
        """
        polled = self._poll()
        try:
            worked = self._ingest_waiting()
            worked = self._ingest_inbox() or worked
            if not worked:
                self._close()  # others may write while there is nothing to do
            self._publish()
            self._told_to_wait = False
        except InUseError as error:
            if not self._told_to_wait:
                self._log("wait", reason=str(error))
                self._told_to_wait = True
            worked = False
        if self._clock() - self._state.beat > _BEAT:
            self._write()
        return polled or worked

    def _poll(self) -> bool:
        due = [url for url, feed in self._state.feeds.items() if feed.due <= self._clock()]
        if not due:
            return False
        with ThreadPoolExecutor(max(1, min(len(due), self._settings.fetch_hosts))) as pool:
            for url, found in zip(due, pool.map(self._poller.look, due), strict=True):
                self._poller.note(url, found, self._clock())
                # What it announced and its ETag in one write: neither is there without the other.
                self._write()
        return True

    def _ready(self) -> Iterator[tuple[str, Waiting]]:
        """Yield what can be read now: of a host that fails, one page at a time."""
        now = self._clock()
        probed: dict[str, int] = {}
        for source, waiting in self._state.waiting.items():
            host = self._state.hosts.get(host_of(source)) if waiting.document is None else None
            if waiting.due > now or (host and host.due > now):
                continue
            if host and host.failures:
                probed[host_of(source)] = probed.get(host_of(source), 0) + 1
                if probed[host_of(source)] > _PROBES:
                    continue
            yield source, waiting

    def _ingest_waiting(self) -> bool:
        if self._pause_all > self._clock():
            return False
        batch = list(islice(self._ready(), _BATCH))
        if not batch:
            return False
        ended: list[Outcome] = []
        for refresh in (False, True):
            items = [waiting.item(source) for source, waiting in batch if waiting.refresh is refresh]
            if items and not self._stopping:
                ended += self._ingest(items, refresh=refresh)
        self._flush()
        for outcome in ended:
            self._settle(outcome)
        told = {outcome.asked for outcome in ended}
        for source, waiting in batch:
            if source not in told:  # not tried, because we are to stop or a service extracts nothing more
                waiting.due = self._clock() + (0 if self._stopping else self._settings.watch_backoff)
        self._write()
        return True

    def _ingest_inbox(self) -> bool:
        if self._inbox is None:
            return False
        worked = False
        # Files of one article each go to the processes together; what others hold is read as it is ingested.
        articles: dict[str, tuple[Path, Item]] = {}
        others: list[tuple[Path, Iterator[Item]]] = []
        for file in self._inbox.ready()[:_BATCH]:
            items = self._inbox.items(file, self._settings)
            first = list(islice(items, 2))
            if len(first) == 1 and first[0].source == str(file):
                articles[str(file)] = (file, first[0])
            else:
                others.append((file, chain(first, items)))
        if articles:
            ended: dict[str, list[Outcome]] = {}
            for outcome in self._ingest([item for _, item in articles.values()]):
                asked = outcome.asked or outcome.source
                # What was read is named by its content, too.
                name = asked if asked in articles else asked.rpartition("#")[0]
                ended.setdefault(name, []).append(outcome)
            self._flush()
            for name in ended.keys() & articles.keys():  # the others were not tried: they stay
                self._settle_file(self._inbox, articles[name][0], ended[name])
                worked = True
        for file, items in others:
            if self._stopping:
                break
            found = self._ingest(items)
            self._flush()
            worked = True
            if self._stopping:
                break  # perhaps not all of it is read: it stays, and is read again
            self._settle_file(self._inbox, file, found)
        return worked

    def _settle_file(self, inbox: Inbox, file: Path, ended: Sequence[Outcome]) -> None:
        """Note what became of what a file of the inbox held, and move it away."""
        errors, later = [], 0
        for outcome in ended:
            if isinstance(outcome.error, LaterError) and "://" in outcome.asked:
                self._state.waiting.setdefault(canonical_url(outcome.asked), Waiting(str(file)))
                later += 1
            else:
                self._count(outcome)
                if outcome.result is Result.FAILED:
                    errors.append(str(outcome.error))
        # On disk before the file goes: what it names is in one of the two.
        self._write()
        inbox.settle(file, errors, any_read=len(errors) < len(ended))
        self._log("inbox", file=file.name, articles=len(ended) - len(errors) - later, failed=len(errors))

    def _ingest(self, items: Sequence[Item] | Iterator[Item], *, refresh: bool = False) -> list[Outcome]:
        """Ingest items; stop after the current article when told to."""
        ingester, ended = self._open(), []
        for outcome in ingester.ingest(items, refresh=refresh, runner=self._preparing):
            if self._stopping and outcome.error is not None:
                break  # who stops a group of processes ends those that extract, too: it is read again another time
            ended.append(outcome)
            error = str(outcome.error) if outcome.error else None
            self._log("article", source=outcome.source, result=str(outcome.result), key=outcome.key, error=error)
            if outcome.result in (Result.ADDED, Result.REPLACED):
                self._unpublished = True
            if self._stopping:
                break
        return ended

    def _settle(self, outcome: Outcome) -> None:
        """Note what became of an article that was waiting."""
        source, error, now = outcome.asked, outcome.error, self._clock()
        waiting = self._state.waiting.get(source)
        if waiting is None:
            self._count(outcome)
            return
        if isinstance(error, LaterError | ServiceError):
            waiting.attempts += 1
            if isinstance(error, LaterError):
                self._poller.failed(source, error, now)
            else:
                self._pause_all = now + delay("service", waiting.attempts, self._settings.watch_backoff)
            if waiting.attempts < self._settings.watch_attempts:
                wait = error.wait if isinstance(error, LaterError) else None
                pause = delay(source, waiting.attempts, self._settings.watch_backoff, wait)
                waiting.due = now + pause
                self._log("later", source=source, attempts=waiting.attempts, again_in=round(pause))
                return
        else:
            self._state.hosts.pop(host_of(source), None)
        del self._state.waiting[source]
        self._count(outcome)
        if outcome.result is Result.FAILED:
            self._state.given_up[source] = GivenUp(waiting.feed, str(error), now)
            self._log("given_up", source=source, error=str(error))

    def _count(self, outcome: Outcome) -> None:
        self._state.count(str(outcome.result))

    def _open(self) -> "Ingester":
        """Return the ingester, which is open while there is work.

        :raises InUseError: if another process is writing to the dataset.
        """
        if self._ingester is None:
            # Loaded when there is something to extract: a watcher may be idle for days.
            from graph.ingest.ingester import Ingester
            from graph.ingest.prepare import preparing_runner

            self._ingester = Ingester(self._dataset, self._settings)
            if self._runner is None:
                self._preparing = self._processes.enter_context(preparing_runner(self._settings, self._dataset.iris))
        return self._ingester

    def _flush(self) -> None:
        if self._ingester is not None:
            self._ingester.flush()

    def _close(self) -> None:
        self._processes.close()
        if self._ingester is not None:
            self._ingester.close()
            self._ingester = None

    def _publish(self, *, at_once: bool = False) -> None:
        now = self._clock()
        due = (self._state.published or 0.0) + self._settings.watch_publish_every
        if not self._unpublished or (now < due and not at_once):
            return
        before = self._dataset.current()
        generation = publish(self._dataset, self._settings)
        self._unpublished = False
        self._state.published = now
        if before is None or before.number != generation.number:
            self._log("published", generation=generation.number)
        self._write()
        self._carry()

    def _carry(self) -> None:
        if not self._settings.remote_store:
            return
        try:
            carry(self._dataset, self._settings)
        except (InUseError, ServiceError) as error:
            self._log("remote", error=str(error))  # the next publication makes up for it

    def _write(self) -> None:
        try:
            self._state.write(self._path, self._clock())
        except OSError as error:
            raise DatasetError(
                f"{error.filename or self._path}: cannot be written ({error.strerror or error})",
                "check the disk's space and the folder's permissions",
            ) from None
