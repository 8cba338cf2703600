"""The quarantine: articles that the shapes refused, each with its validation report, to be listed, read and retried.

A folder with three files for each article: ``ID.json`` (the article, and the report in words), ``ID.report.ttl`` (the
SHACL validation report) and ``ID.ttl`` (the graph that was refused).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rdflib

from graph.article import Article
from graph.errors import DatasetError, InputError
from graph.files import write_whole
from graph.gate.gate import Verdict
from graph.vocabulary import bind_prefixes

__all__ = ["Quarantine", "Quarantined"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A refused article.

    :param violations: how many constraints it violates.
    :param report_text: the validation report in words, a line for each violation.
    :param report_turtle: the SHACL validation report.
    """

    article: Article
    violations: int
    report_text: str
    report_turtle: str


class Quarantine:
    """The quarantine in a folder, which is made when something is put there.

    All methods raise :exc:`DatasetError` if the folder cannot be read or written, or a file in it is broken.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, article: Article, described: rdflib.Graph, verdict: Verdict) -> None:
        """Keep a refused article; its earlier report is replaced."""
        values = {"article": article.to_dict(), "violations": len(verdict.violations), "report": verdict.text()}
        files = {
            ".ttl": bind_prefixes(described).serialize(format="turtle"),
            ".report.ttl": verdict.report.serialize(format="turtle"),
            # Last, since an article is in quarantine when this file is there.
            ".json": json.dumps(values, ensure_ascii=False, indent=1) + "\n",
        }
        for ending, text in files.items():
            try:
                write_whole(self._file(article.key, ending), text.encode("utf-8", "replace"))
            except OSError as error:
                raise self._trouble("written", error) from None

    def get(self, key: str) -> Quarantined:
        """Return a refused article.

        :raises InputError: if no such article is here.
        """
        found = self._read(key)
        if found is None:
            name = key.removeprefix("article/")
            raise InputError(f"no article {name} is in quarantine", "see `parley quarantine list`")
        return found

    def items(self) -> list[Quarantined]:
        """Return all refused articles, in the order of their keys."""
        try:
            names = sorted(p.stem for p in self._path.glob("*.json") if not p.name.startswith("."))
        except OSError as error:
            raise self._trouble("read", error) from None
        return [entry for name in names if (entry := self._read(f"article/{name}")) is not None]

    def remove(self, key: str) -> None:
        """Let an article out; does nothing if it is not here."""
        try:
            for ending in (".json", ".report.ttl", ".ttl"):
                self._file(key, ending).unlink(missing_ok=True)
        except OSError as error:
            raise self._trouble("written", error) from None

    def _file(self, key: str, ending: str) -> Path:
        return self._path / f"{key.removeprefix('article/')}{ending}"

    def _read(self, key: str) -> Quarantined | None:
        if not key.removeprefix("article/").isalnum():
            return None  # no key, and no way out of the folder
        path = self._file(key, ".json")
        try:
            values: dict[str, Any] = json.loads(path.read_bytes())
            report = self._file(key, ".report.ttl").read_text("utf-8")
            return Quarantined(
                Article.from_dict(values["article"]), int(values["violations"]), str(values["report"]), report
            )
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._trouble("read", error) from None
        except (ValueError, KeyError, TypeError, InputError):
            raise DatasetError(
                f"{path}: this file of the quarantine is broken", "delete it and ingest its source again"
            ) from None

    def _trouble(self, done: str, error: OSError) -> DatasetError:
        return DatasetError(
            f"{error.filename or self._path}: the quarantine cannot be {done} ({error.strerror or error})",
            "check the disk's space and the folder's permissions",
        )
