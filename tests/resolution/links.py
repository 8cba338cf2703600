"""The links made by hand: which annotated events, and which annotated people, of different articles are one."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["event_links", "person_links", "true_event", "true_person"]

_HERE = Path(__file__).parent


def _rows(name: str, columns: list[str]) -> Iterator[list[str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if next(rows) != columns:
            raise ValueError(f"{name}: its columns are not {', '.join(columns)}")
        yield from rows


@cache
def event_links() -> dict[tuple[str, str], str]:
    """Return article and key of each linked event, with the name of the happening."""
    return {(article, key): link for link, article, key in _rows("events.tsv", ["event", "article", "key"])}


@cache
def person_links() -> dict[tuple[str, str], str]:
    """Return article and name of each person who is known by another name elsewhere, with that name."""
    return {(article, name): link for link, article, name in _rows("people.tsv", ["person", "article", "name"])}


def true_event(article: str, key: str) -> str:
    """Return the happening that an annotated event is; one that is not linked is a happening of its own."""
    link = event_links().get((article, key))
    return f"{article} {key}" if link is None else link


def true_person(article: str, name: str) -> str:
    """Return the person that an annotated name means: the one of that full name unless the links say otherwise."""
    return re.sub(r"\W+", " ", person_links().get((article, name), name)).strip().casefold()
