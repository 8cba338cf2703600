"""The inbox: a folder whose files are ingested and moved to ``done`` or ``failed`` below it."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from graph.errors import DatasetError, InputError
from graph.settings import Settings
from graph.sources import Document, Form, Item, expand
from graph.sources.files import MARKDOWN, PAGES, read_file

__all__ = ["Inbox"]

_DONE = "done"
_FAILED = "failed"
#: A file that was changed less long ago may still be being written; one moved in under its name need not wait.
_QUIET = 2.0
#: Endings of files that are being written.
_UNFINISHED = (".part", ".tmp", ".crdownload", "~")


class Inbox:
    """An inbox.

    A file may hold an article, or many of them, as every source may; its articles are known by what they say of
    themselves, not by the file's name, which may come again with another article.

    :raises DatasetError: if the folder cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            for folder in (path, path / _DONE, path / _FAILED):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _trouble(path, error) from None

    def ready(self) -> list[Path]:
        """Return the files that can be read, in the order of their names.

        :raises DatasetError: if the folder cannot be read.
        """
        found = []
        try:
            for entry in sorted(os.scandir(self.path), key=lambda e: e.name):
                if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
                    continue
                with contextlib.suppress(FileNotFoundError):
                    if entry.is_file() and time.time() - entry.stat().st_mtime >= _QUIET:
                        found.append(Path(entry.path))
        except OSError as error:
            raise _trouble(self.path, error) from None
        return found

    def items(self, file: Path, settings: Settings) -> Iterator[Item]:
        """Yield what a file holds."""
        for item in expand([str(file)], settings):
            if item.form is Form.ARTICLE and item.document is None and item.source == str(file):
                ending = file.suffix.lower()
                kind = "text/markdown" if ending in MARKDOWN else "text/html" if ending in PAGES else "text/plain"
                try:
                    yield Item(str(file), Document(read_file(str(file), settings.file_limit), kind))
                except InputError as error:
                    yield Item(str(file), error=error)
            else:
                yield item

    def settle(self, file: Path, errors: list[str], *, any_read: bool) -> None:
        """Move a file away; beside it, what could not be read of it and why.

        :param any_read: whether anything of it could be read.
        :raises DatasetError: if it cannot be moved.
        """
        folder = self.path / (_DONE if any_read or not errors else _FAILED)
        target, number = folder / file.name, 1
        while target.exists():
            number += 1
            target = folder / f"{file.stem}-{number}{file.suffix}"
        try:
            if errors:
                target.with_name(f"{target.name}.errors.txt").write_text("\n".join(errors) + "\n", encoding="utf-8")
            file.rename(target)
        except FileNotFoundError:
            return  # somebody has taken it back
        except OSError as error:
            raise _trouble(self.path, error) from None


def _trouble(path: Path, error: OSError) -> DatasetError:
    return DatasetError(
        f"{error.filename or path}: the inbox cannot be used ({error.strerror or error})",
        "check the folder's permissions, or choose another --inbox",
    )
