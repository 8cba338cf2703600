"""The archive: whatever was read, as it was read, so that nothing is fetched twice and all can be extracted again.

A folder that a person can read::

    raw/3f/3f2a...gz           the bytes of a source, gzip, named by their SHA-256
    articles/81c930f8a2b4.json an article: text, metadata, where, when and how it was read, older versions, its removal
    sources/9d07....json       which article a path or URL is, named by the SHA-256 of the path or URL
    warc/                      each request to a web server with its answer; see :mod:`graph.archive.exchanges`

Every file is written under another name, put on disk and then renamed: it is there whole or not at all. What a crash
leaves is at most a file that nothing names yet. One process writes; any number may read.
"""

import contextlib
import gzip
import hashlib
import json
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.archive.exchanges import Exchanges
from graph.article import Article, article_key
from graph.errors import DatasetError, InputError
from graph.files import write_whole
from graph.sources.reading import Reading

__all__ = ["Archive", "ArchivedItem"]

_STALE = 3600.0


@dataclass(frozen=True, slots=True)
class ArchivedItem:
    """An article in the archive, without the bytes of its source.

    :param versions: SHA-256 and time of each reading that had other bytes, oldest first, the last one included.
    :param removed: when it was taken out of the graph; None if it was not, or was read once more since.
    """

    article: Article
    source: str
    asked: str
    media_type: str
    headers: Mapping[str, str]
    read_at: datetime
    sha256: str
    versions: tuple[tuple[str, datetime], ...] = ()
    removed: datetime | None = None

    @property
    def key(self) -> str:
        """The article's key."""
        return self.article.key


class Archive:
    """The archive in a folder, which is made when something is put there.

    All methods raise :exc:`DatasetError` if the folder cannot be read or written, or a file in it is broken.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._swept = False
        #: What went over the network, as it was sent.
        self.exchanges = Exchanges(path / "warc")

    def put(self, reading: Reading) -> ArchivedItem:
        """Keep a reading. It is on disk when this returns; what is there already is not written again.

        :raises DatasetError: if it cannot be written: the disk is full, or the folder is read-only.
        """
        article = reading.article
        before = self._item_or_none(article.key)
        versions = before.versions if before else ()
        if not versions or versions[-1][0] != reading.sha256:
            versions = (*versions, (reading.sha256, reading.read_at))
        item = ArchivedItem(
            article, reading.source, reading.asked or reading.source, reading.media_type, dict(reading.headers),
            reading.read_at, reading.sha256, versions,
        )  # fmt: skip
        try:
            self._sweep()
            raw = self._raw_path(reading.sha256)
            if not raw.exists():
                write_whole(raw, gzip.compress(reading.raw, mtime=0))
            if before is None or _to_json(before) | {"read_at": ""} != _to_json(item) | {"read_at": ""}:
                self._write_json(self._article_path(article.key), _to_json(item))
            for source in dict.fromkeys(filter(None, (reading.source, reading.asked, article.url))):
                self._point(source, article)
        except OSError as error:
            raise _trouble(self._path, "written", error) from None
        return item

    def remove(self, key: str) -> None:
        """Note that an article was taken out of the graph; what was read stays. Reading it once more ends that.

        :raises DatasetError: if it cannot be written: the disk is full, or the folder is read-only.
        """
        item = self._item_or_none(key)
        if item is None or item.removed is not None:
            return
        try:
            self._write_json(self._article_path(key), _to_json(replace(item, removed=datetime.now(UTC))))
        except OSError as error:
            raise _trouble(self._path, "written", error) from None

    def get(self, key: str) -> Reading | None:
        """Return the last reading of an article; None if it is not here.

        :param key: the article's key, ``article/`` and twelve digits.
        """
        item = self._item_or_none(key)
        if item is None:
            return None
        raw = self._raw(item.sha256)
        return Reading(
            item.article, raw, item.media_type, item.source, item.read_at, item.sha256, item.headers, item.asked
        )

    def find(self, source: str) -> Reading | None:
        """Return the last reading of a path or URL, whether asked for as such or reached by redirects."""
        identity = self.by_source(source)
        return self.get(article_key(identity)) if identity else None

    def by_source(self, source: str) -> str | None:
        """Return the identity of the article that was read from a path or URL; None if nothing was."""
        path = self._source_path(source)
        values = self._read_json(path)
        if values is None:
            return None
        identity = values.get("identity")
        if not isinstance(identity, str) or not identity:
            raise _broken(path)
        return identity

    def item(self, key: str) -> ArchivedItem | None:
        """Return an article without the bytes of its source; None if it is not here."""
        return self._item_or_none(key)

    def keys(self) -> list[str]:
        """Return the keys of all articles, in order."""
        return [f"article/{name}" for name in self._names()]

    def check(self, key: str, *, versions: bool = False) -> None:
        """Read all that there is of an article and compare it with its digests.

        :param versions: whether to read the bytes of its older readings as well.
        :raises DatasetError: if a file is missing or is not what was written.
        """
        item = self._item_or_none(key)
        if item is None:
            return
        path = self._article_path(key)
        if (self._read_json(path) or {}).get("digest", item.article.digest) != item.article.digest or item.key != key:
            raise _broken(path)
        for sha256 in dict.fromkeys([item.sha256, *(sha256 for sha256, _ in item.versions if versions)]):
            self._raw(sha256)

    def sources(self) -> Iterator[Path]:
        """Go through the files that say which article a path or URL is."""
        try:
            yield from sorted(p for p in (self._path / "sources").glob("*.json") if not p.name.startswith("."))
        except OSError as error:
            raise _trouble(self._path, "read", error) from None

    def check_source(self, path: Path) -> None:
        """Check one of the files of :meth:`sources`.

        :raises DatasetError: if it is broken, or names an article that is not here.
        """
        values = self._read_json(path)
        if values is None:
            return
        source, identity = values.get("source"), values.get("identity")
        if not isinstance(source, str) or not isinstance(identity, str) or self._source_path(source) != path:
            raise _broken(path)
        if not self._article_path(article_key(identity)).exists():
            raise _broken(path)

    def items(self) -> Iterator[ArchivedItem]:
        """Go through all articles, in the order of their keys."""
        for name in self._names():
            if item := self._item_or_none(f"article/{name}"):
                yield item

    def count(self) -> int:
        """Return how many articles there are."""
        return len(self._names())

    def _names(self) -> list[str]:
        try:
            return sorted(p.stem for p in (self._path / "articles").glob("*.json") if not p.name.startswith("."))
        except OSError as error:
            raise _trouble(self._path, "read", error) from None

    def text(self, key: str) -> str | None:
        """Return the text of an article, which all offsets count in; None if it is not here."""
        item = self._item_or_none(key)
        return item.article.text if item else None

    def _raw(self, sha256: str) -> bytes:
        """Return the bytes with a digest, which are read and compared with it."""
        path = self._raw_path(sha256)
        try:
            raw = gzip.decompress(path.read_bytes())
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise _broken(path) from None
        except OSError as error:
            raise _trouble(path, "read", error) from None
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise _broken(path)
        return raw

    def _raw_path(self, sha256: str) -> Path:
        return self._path / "raw" / sha256[:2] / f"{sha256}.gz"

    def _article_path(self, key: str) -> Path:
        return self._path / "articles" / f"{key.removeprefix('article/')}.json"

    def _source_path(self, source: str) -> Path:
        digest = hashlib.sha256(source.encode("utf-8", "backslashreplace")).hexdigest()
        return self._path / "sources" / f"{digest}.json"

    def _item_or_none(self, key: str) -> ArchivedItem | None:
        if not key.removeprefix("article/").isalnum():
            return None  # no key, and no way out of the folder
        path = self._article_path(key)
        values = self._read_json(path)
        if values is None:
            return None
        try:
            return _from_json(values)
        except (KeyError, TypeError, ValueError, AttributeError, InputError):
            raise _broken(path) from None

    def _point(self, source: str, article: Article) -> None:
        path = self._source_path(source)
        values = {"source": source, "article": article.key, "identity": article.identity}
        try:
            known = self._read_json(path)
        except DatasetError:
            known = None  # broken: written anew
        if known != values:
            self._write_json(path, values)

    @staticmethod
    def _read_json(path: Path) -> dict[str, Any] | None:
        try:
            values = json.loads(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _trouble(path, "read", error) from None
        except (ValueError, RecursionError):
            raise _broken(path) from None
        if not isinstance(values, dict):
            raise _broken(path)
        return values

    def _write_json(self, path: Path, values: Mapping[str, Any]) -> None:
        write_whole(path, (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))

    def _sweep(self) -> None:
        """Remove what a killed process left half-written, once, when it is old enough to be nobody's."""
        if self._swept:
            return
        self._swept = True
        for path in (*self._path.glob("*/.*.tmp"), *self._path.glob("raw/*/.*.tmp")):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < time.time() - _STALE:
                    path.unlink()


def _to_json(item: ArchivedItem) -> dict[str, Any]:
    return {
        "key": item.key,
        "source": item.source,
        "asked": item.asked,
        "media_type": item.media_type,
        "read_at": item.read_at.isoformat(),
        "sha256": item.sha256,
        "headers": dict(item.headers),
        "versions": [{"sha256": sha256, "read_at": at.isoformat()} for sha256, at in item.versions],
        "digest": item.article.digest,
        "article": item.article.to_dict(),
        **({"removed": item.removed.isoformat()} if item.removed else {}),
    }


def _from_json(values: Mapping[str, Any]) -> ArchivedItem:
    sha256 = values["sha256"]
    if not (isinstance(sha256, str) and len(sha256) == 64 and sha256.isalnum()):
        raise ValueError("sha256")
    return ArchivedItem(
        article=Article.from_dict(values["article"]),
        source=str(values["source"]),
        asked=str(values["asked"]),
        media_type=str(values["media_type"]),
        headers={str(name): str(value) for name, value in values["headers"].items()},
        read_at=_time(values["read_at"]),
        sha256=sha256,
        versions=tuple((str(each["sha256"]), _time(each["read_at"])) for each in values["versions"]),
        removed=_time(values["removed"]) if values.get("removed") else None,
    )


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def _broken(path: Path) -> DatasetError:
    return DatasetError(
        f"{path}: this file of the archive is broken", "restore it, or delete it and ingest its source again"
    )


def _trouble(path: Path, done: str, error: OSError) -> DatasetError:
    return DatasetError(
        f"{error.filename or path}: the archive cannot be {done} ({error.strerror or error})",
        "check the disk's space and the folder's permissions",
    )
