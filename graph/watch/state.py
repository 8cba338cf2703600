"""What ``parley watch`` knows: its feeds, what is waiting to be read, what was given up, which hosts fail.

One file, ``dataset/watch/state.json``, written whole: after ``kill -9`` it is as it was before or after the last
change. An article leaves it when it is safe in the store, so that none is lost; being ingested again changes nothing.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from graph.errors import DatasetError
from graph.files import write_whole
from graph.sources import Document, Form, Item

__all__ = ["Feed", "GivenUp", "Host", "State", "Waiting", "read_state", "waiting_of"]

#: So many of those given up are remembered, the latest.
_GIVEN_UP_KEPT = 10_000


@dataclass
class Feed:
    """A feed or sitemap.

    :param headers: of its last answer that was new, ``etag`` and ``last-modified`` only.
    :param polled: when it was last asked, in Unix time; None if never.
    :param due: when it is to be asked next.
    :param failures: how often in a row it has failed; ``error`` says why.
    :param found: how many articles it has announced.
    """

    headers: dict[str, str] = field(default_factory=dict)
    polled: float | None = None
    due: float = 0.0
    failures: int = 0
    error: str = ""
    found: int = 0


@dataclass
class Waiting:
    """An article that is to be read.

    :param feed: where it was announced.
    :param known: metadata that the feed has.
    :param document: its text, where it has no page of its own: base64, media type, character set.
    :param refresh: whether it is read again because it has changed.
    """

    feed: str
    known: dict[str, Any] = field(default_factory=dict)
    document: tuple[str, str, str | None] | None = None
    refresh: bool = False
    attempts: int = 0
    due: float = 0.0

    def item(self, source: str) -> Item:
        """Return what there is to read."""
        known = dict(self.known)
        if isinstance(known.get("published"), str):
            known["published"] = date.fromisoformat(known["published"])
        if isinstance(known.get("authors"), list):
            known["authors"] = tuple(known["authors"])
        document = None
        if self.document is not None:
            raw, media_type, charset = self.document
            document = Document(base64.b64decode(raw), media_type, charset)
        return Item(source, document, known, form=Form.ARTICLE)


def waiting_of(item: Item, feed: str) -> Waiting:
    """Return an item that a feed announces as one that waits."""
    known = {k: v.isoformat() if isinstance(v, date) else v for k, v in item.known.items()}
    document = None
    if item.document is not None:
        raw = base64.b64encode(item.document.raw).decode("ascii")
        document = (raw, item.document.media_type, item.document.charset)
    return Waiting(feed, known, document)


@dataclass
class GivenUp:
    """An article that cannot be read, why, and since when."""

    feed: str
    error: str
    at: float


@dataclass
class Host:
    """A host that fails: how often in a row, and until when it is left alone."""

    failures: int = 0
    due: float = 0.0


@dataclass
class State:
    """All of it.

    :param feeds: by URL; ``waiting`` and ``given_up`` are by source, ``hosts`` by name and port.
    :param results: how many articles ended how, ever.
    :param beat: when this was last written, in Unix time.
    :param running: process id of the watcher; None when it has stopped in order.
    """

    feeds: dict[str, Feed] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    given_up: dict[str, GivenUp] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)
    polls: dict[str, int] = field(default_factory=dict)
    published: float | None = None
    beat: float = 0.0
    running: int | None = None

    def count(self, result: str) -> None:
        """Count an article that has ended so."""
        self.results[result] = self.results.get(result, 0) + 1

    def write(self, path: Path, now: float) -> None:
        """Put the state on disk.

        :param now: the time, in Unix time.
        :raises OSError: if it cannot be written.
        """
        self.beat = now
        if len(self.given_up) > _GIVEN_UP_KEPT:
            latest = sorted(self.given_up, key=lambda source: self.given_up[source].at)[-_GIVEN_UP_KEPT:]
            self.given_up = {source: self.given_up[source] for source in latest}
        written = json.dumps(asdict(self), ensure_ascii=False) + "\n"
        write_whole(path / "state.json", written.encode("utf-8", "replace"))

    def summary(self) -> dict[str, Any]:
        """Return what ``parley status`` shows."""
        return {
            "running": self.running is not None,
            "beat": _moment(self.beat) if self.beat else None,
            "waiting": len(self.waiting),
            "given up": len(self.given_up),
            "published": _moment(self.published) if self.published else None,
            "results": dict(sorted(self.results.items())),
            "feeds": [
                {
                    "url": url,
                    "polled": _moment(feed.polled) if feed.polled else None,
                    "failures": feed.failures,
                    "error": feed.error,
                    "found": feed.found,
                    "waiting": sum(1 for waiting in self.waiting.values() if waiting.feed == url),
                }
                for url, feed in sorted(self.feeds.items())
            ],
        }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")


def read_state(path: Path) -> State | None:
    """Return the state in a folder; None if there is none.

    :raises DatasetError: if it cannot be read.
    """
    file = path / "state.json"
    try:
        values = json.loads(file.read_bytes())
        return _from_json(values)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DatasetError(f"{file}: cannot be read ({error.strerror})", "check its permissions") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DatasetError(
            f"{file}: this file is broken", "delete it: feeds are read anew, and what is stored stays as it is"
        ) from None


def _from_json(values: Mapping[str, Any]) -> State:
    state = State(
        feeds={url: Feed(**v) for url, v in values["feeds"].items()},
        waiting={source: Waiting(**v) for source, v in values["waiting"].items()},
        given_up={source: GivenUp(**v) for source, v in values["given_up"].items()},
        hosts={host: Host(**v) for host, v in values["hosts"].items()},
        results={str(k): int(v) for k, v in values["results"].items()},
        polls={str(k): int(v) for k, v in values["polls"].items()},
        published=values["published"],
        beat=float(values["beat"]),
        running=values["running"],
    )
    for waiting in state.waiting.values():
        if waiting.document is not None:
            raw, media_type, charset = waiting.document
            waiting.document = (raw, media_type, charset)
    return state
