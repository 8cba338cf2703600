"""What the value of a time expression was concluded from, and how often that is right."""

import json
from enum import StrEnum
from functools import cache

from graph.files import data_path

__all__ = ["Basis", "confidence_of"]


class Basis(StrEnum):
    """What a value was concluded from. How often each is right is in ``data/model/times.json``."""

    EXPLICIT = "explicit"  # the words say all: a full date, a month with its year, a year, a century
    PUBLISHED = "published"  # counted from the day of publication: yesterday, last week, two years ago
    TENSE = "tense"  # what is nearest to the publication, in the direction of the tense: Monday, in February
    TOLD = "told"  # counted from a date told before: the following day, two weeks later, that year
    PASSAGE = "passage"  # the year is the one that the passage tells of
    CLOCK = "clock"  # a time of the day told before, or of the day of publication
    COUNTED = "counted"  # a length or a repetition that says how much
    UNCOUNTED = "uncounted"  # a length that does not: several years
    VAGUE = "vague"  # past, present or future, no more
    UNKNOWN = "unknown"  # a part of the date cannot be known


@cache
def _table() -> dict[str, float]:
    table: dict[str, float] = json.loads(data_path("model", "times.json").read_text(encoding="utf-8"))
    return table


def confidence_of(basis: Basis) -> float:
    """Return how often a time expression whose value has this basis is one, and has that value."""
    return _table()[basis]
