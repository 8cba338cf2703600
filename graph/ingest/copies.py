"""Copies: articles of several publishers that print one text, such as an agency's, and which of them is the original.

MinHash fingerprints (Broder, 1997) of the texts' three-word shingles, in bands (Leskovec, Rajaraman and Ullman, Mining
of Massive Datasets, section 3.4), find what may be alike; the shingles themselves decide. Which is the original depends
on the articles that there are and not on their order: they are gone through by date, then key, and each is a copy of
the first original before it that it is like.
"""

import hashlib
import re
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from graph.archive.archive import Archive
from graph.article import Article
from graph.errors import DatasetError
from graph.extract.model import Extraction

__all__ = ["Copies", "copy_of", "likeness"]

#: Two texts are one if they share this part of all their shingles: an editor's cut and a byline leave more.
_ALIKE = 0.7
#: Texts with fewer words are not compared: formulas that are true of many happenings.
_FEWEST_WORDS = 40
#: Copies are printed within this many days; formulas that return each year are no copies.
_DAYS = 7
#: So many texts' shingles are kept at hand.
_KEPT = 512
_PERMUTATIONS = 128
_BANDS = 32
_SEED = 42
#: Changed when fingerprints are made in another way: the index is made anew then.
_VERSION = 2
#: Texts without a day of publication have an empty one.
_SCHEMA = """
DROP TABLE IF EXISTS text;
DROP TABLE IF EXISTS band;
CREATE TABLE text (key TEXT PRIMARY KEY, published TEXT NOT NULL, settled INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE band (
  hash INTEGER NOT NULL, published TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (hash, published, key)
) WITHOUT ROWID;
CREATE INDEX band_key ON band (key);
"""
#: What shares a band and may be printed within so few days: formulas of other years are not even looked at.
_CANDIDATES = """
SELECT b.key FROM band a JOIN band b ON b.hash = a.hash AND b.published BETWEEN :first AND :last WHERE a.key = :key
UNION SELECT b.key FROM band a JOIN band b ON b.hash = a.hash AND b.published = '' WHERE a.key = :key
"""


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    if len(words) < _FEWEST_WORDS:
        return frozenset()
    return frozenset(" ".join(words[i : i + 3]) for i in range(len(words) - 2))


def likeness(one: str, other: str) -> float:
    """Return which part of the three-word shingles of two texts is in both (Jaccard); 0 if one of them is short.

    >>> likeness("word " * 50, "word " * 60), likeness("They met.", "They met.")
    (1.0, 0.0)
    """
    return _likeness(_shingles(one), _shingles(other))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if one and other else 0.0


def _week(published: str | None) -> tuple[str, str]:
    """Return the first and the last day on which a copy of what came out on a day can be printed."""
    if published is None:
        return ("0000-00-00", "9999-99-99")
    day = date.fromisoformat(published)
    days = timedelta(days=_DAYS)
    first = day - days if day > date.min + days else date.min
    last = day + days if day < date.max - days else date.max
    return (first.isoformat(), last.isoformat())


def copy_of(article: Article, original: str, extractor: str) -> Extraction:
    """Return what is stored of a copy: what is known of the article, and nothing that its text tells a second time.

    :param original: key of the article whose text it is.
    :param extractor: name of what extracted it.
    """
    return Extraction(replace(article, version_of=original), extractor=extractor)


def _bands(text: str) -> list[int]:
    """Return a number for each band of a text's fingerprint; texts that are alike share one."""
    from rensa import RMinHash

    shingles = _shingles(text)
    if not shingles:
        return []
    fingerprint = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    fingerprint.update(sorted(shingles))
    digest = fingerprint.digest()
    rows = _PERMUTATIONS // _BANDS
    return [
        int.from_bytes(
            hashlib.blake2b(repr((band, digest[band * rows : (band + 1) * rows])).encode(), digest_size=8).digest(),
            signed=True,
        )
        for band in range(_BANDS)
    ]


class Copies:
    """The index of texts, in a file of its own. Belongs to the one writer; made from the archive where it is missing.

    All methods raise :exc:`DatasetError` if it cannot be read or written.

    :param folder: where it is.
    :param archive: has the texts.
    :param stored: tells whether an article is in the store: only those count.
    """

    def __init__(self, folder: Path, archive: Archive, stored: Callable[[str], bool]) -> None:
        self._archive, self._stored = archive, stored
        #: Of the texts looked at last; what comes in is compared with those of its week.
        self._kept: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._file = folder / "index.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._index = self._open()
            except sqlite3.DatabaseError:
                # Broken, as by a copy that was made while it was written: all that is in it is in the archive, too.
                for part in folder.glob("index.sqlite*"):
                    part.unlink()
                self._index = self._open()
        except (OSError, sqlite3.Error) as error:
            raise _trouble(self._file, error) from None

    def _open(self) -> sqlite3.Connection:
        index = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        try:
            index.execute("PRAGMA journal_mode=WAL")
            if index.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                index.executescript(_SCHEMA)
                with _transaction(index):
                    for item in self._archive.items():
                        _write(index, item.article, settled=True)
                    index.execute(f"PRAGMA user_version = {_VERSION}")
        except BaseException:
            index.close()
            raise
        return index

    def close(self) -> None:
        """Let go of the file."""
        self._index.close()

    def put(self, article: Article, copies: Iterable[str] = ()) -> dict[str, str | None]:
        """Take in an article, or its new version; return which articles this may touch, as :meth:`place` does.

        It counts as unsettled until :meth:`settle` is called, so that a crash in between is made good.

        :param copies: what is stored as copies of the version before, whose text the archive may not have any more.
        """
        try:
            before = {*copies, *(self._stored_near(article.key) if self._known(article.key) else ())}
            self._kept.pop(article.key, None)
            with _transaction(self._index):
                _write(self._index, article, settled=False)
            return self.place({article.key, *before})
        except sqlite3.Error as error:
            raise _trouble(self._file, error) from None

    def remove(self, key: str, copies: Iterable[str] = ()) -> dict[str, str | None]:
        """Take an article out; return what becomes of those that it was like, and of what is stored as its copies."""
        try:
            near = {*copies, *self._stored_near(key)}
            with _transaction(self._index):
                _delete(self._index, key)
            self._kept.pop(key, None)
            return self.place(near)
        except sqlite3.Error as error:
            raise _trouble(self._file, error) from None

    def settle(self, key: str) -> None:
        """Note that the store has an article as :meth:`put` said."""
        try:
            # If a power cut undoes this, it is done again; the next article puts it on disk.
            self._index.execute("PRAGMA synchronous = NORMAL")
            self._index.execute("UPDATE text SET settled = 1 WHERE key = ? AND settled = 0", (key,))
            self._index.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise _trouble(self._file, error) from None

    def unsettled(self) -> list[str]:
        """Return the articles that a crash kept from being settled."""
        try:
            return [row[0] for row in self._index.execute("SELECT key FROM text WHERE settled = 0 ORDER BY key")]
        except sqlite3.Error as error:
            raise _trouble(self._file, error) from None

    def place(self, keys: Iterable[str]) -> dict[str, str | None]:
        """Return articles, and all that are like them by way of others: each with its original, None if it is one.

        :param keys: of articles that are in the store or on their way there.
        """
        try:
            wanted = set(keys)
            component: set[str] = set()
            front = set(wanted)
            while front:
                key = front.pop()
                component.add(key)
                front |= {k for k in self._near(key) if k in wanted or self._stored(k)} - component
            originals: list[str] = []
            found: dict[str, str | None] = {}
            for key in sorted(component, key=lambda k: (self._published(k) or "9999", k)):
                found[key] = next((o for o in originals if self._alike(key, o)), None)
                if found[key] is None:
                    originals.append(key)
            return found
        except sqlite3.Error as error:
            raise _trouble(self._file, error) from None

    def _near(self, key: str) -> set[str]:
        """Return the articles that are like one."""
        first, last = _week(self._published(key))
        rows = self._index.execute(_CANDIDATES, {"key": key, "first": first, "last": last})
        return {other for (other,) in rows.fetchall() if other != key and self._alike(key, other)}

    def _stored_near(self, key: str) -> set[str]:
        """Return the articles that are like one and count: what was refused is no original."""
        return {other for other in self._near(key) if self._stored(other)}

    def _alike(self, one: str, other: str) -> bool:
        first, last = _week(self._published(one))
        day = self._published(other)
        if day is not None and not first <= day <= last:
            return False
        return _likeness(self._shingles(one), self._shingles(other)) >= _ALIKE

    def _shingles(self, key: str) -> frozenset[str]:
        if key not in self._kept:
            self._kept[key] = _shingles(self._archive.text(key) or "")
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _known(self, key: str) -> bool:
        return self._index.execute("SELECT 1 FROM text WHERE key = ?", (key,)).fetchone() is not None

    def _published(self, key: str) -> str | None:
        row = self._index.execute("SELECT published FROM text WHERE key = ?", (key,)).fetchone()
        return (row[0] or None) if row else None


def _write(index: sqlite3.Connection, article: Article, *, settled: bool) -> None:
    _delete(index, article.key)
    published = article.published.isoformat() if article.published else ""
    index.execute("INSERT INTO text VALUES (?, ?, ?)", (article.key, published, int(settled)))
    rows = [(number, published, article.key) for number in _bands(article.text)]
    index.executemany("INSERT OR IGNORE INTO band VALUES (?, ?, ?)", rows)


def _delete(index: sqlite3.Connection, key: str) -> None:
    index.execute("DELETE FROM text WHERE key = ?", (key,))
    index.execute("DELETE FROM band WHERE key = ?", (key,))


@contextmanager
def _transaction(index: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    index.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        index.execute("ROLLBACK")
        raise
    index.execute("COMMIT")


def _trouble(file: Path, error: Exception) -> DatasetError:
    return DatasetError(
        f"{file}: the index of copies cannot be used ({error})", "check the disk, or delete the file: it is made anew"
    )
