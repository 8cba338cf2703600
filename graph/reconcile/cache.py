"""Answers of reconciliation services, kept on disk with their dates, so that no question is asked twice."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from graph.errors import DatasetError

__all__ = ["Cache", "Kept"]

_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, service TEXT, question TEXT, answer TEXT, asked TEXT)"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer.

    :param value: what the service said, as it came.
    :param asked: when.
    """

    value: object
    asked: datetime


class Cache:
    """A context manager: the answers in a file of SQLite.

    :param path: the file; it is made where there is none.
    :param days: how long an answer counts; 0 for not at all.
    :raises DatasetError: if it cannot be read or written.
    """

    def __init__(self, path: Path, days: float) -> None:
        self._path = path
        self._oldest = (datetime.now(UTC) - timedelta(days=min(days, 36_500))).isoformat()
        with self._in_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=10)
            try:
                with self._file:
                    self._file.execute(_TABLE)
                    self._file.execute("DELETE FROM answers WHERE asked <= ?", (self._oldest,))
            except sqlite3.Error:
                self._file.close()
                raise

    def get(self, service: str, question: Mapping[str, Any]) -> Kept | None:
        """Return the answer to a question; None if there is none that still counts.

        :param service: its address; only a hash of it is kept, for it may have a key in it.
        """
        with self._in_words():
            row = self._file.execute(
                "SELECT answer, asked FROM answers WHERE key = ? AND asked > ?",
                (_key(service, question), self._oldest),
            ).fetchone()
        return Kept(json.loads(row[0]), datetime.fromisoformat(row[1])) if row else None

    def put(self, service: str, shown: str, answers: Sequence[tuple[Mapping[str, Any], object]]) -> list[Kept]:
        """Keep questions with their answers; they are on disk on return.

        :param shown: the address as people may see it.
        """
        now = datetime.now(UTC)
        rows = [(_key(service, q), shown, json.dumps(q), json.dumps(value), now.isoformat()) for q, value in answers]
        with self._in_words(), self._file:
            self._file.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", rows)
        return [Kept(value, now) for _, value in answers]

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            cause = f"{self._path}: the answers of reconciliation services cannot be kept ({error})"
            remedy = "check the disk and the permissions, or remove the file: it only saves asking again"
            raise DatasetError(cause, remedy) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()


def _key(service: str, question: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([service, question], sort_keys=True).encode()).hexdigest()
