"""The example queries of ``data/queries/examples``: title, description and text."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from graph.files import data_path

__all__ = ["Example", "examples", "read_example"]

_TITLE = re.compile(r"^# title:\s*(.+)$")


class Example(NamedTuple):
    """An example query.

    :param name: its file's name without ending.
    :param title: one line.
    :param description: what it shows, for people.
    :param query: its text, without title and description.
    """

    name: str
    title: str
    description: str
    query: str


def read_example(path: Path) -> Example:
    """Read one file: ``# title:`` first, then lines of description after ``#``, then the query."""
    lines = path.read_text("utf-8").splitlines()
    title = _TITLE.match(lines[0]) if lines else None
    head = 1 if title else 0
    while head < len(lines) and lines[head].startswith("#"):
        head += 1
    described = " ".join(line.lstrip("# ").strip() for line in lines[1 if title else 0 : head])
    return Example(
        path.stem, title[1].strip() if title else path.stem, described, "\n".join(lines[head:]).strip() + "\n"
    )


@cache
def examples() -> tuple[Example, ...]:
    """Return all example queries, by title."""
    return tuple(
        sorted((read_example(p) for p in data_path("queries", "examples").glob("*.rq")), key=lambda e: e.title)
    )
