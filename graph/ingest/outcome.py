"""What became of a source."""

from dataclasses import dataclass, field
from enum import StrEnum

from graph.errors import ParleyError

__all__ = ["Outcome", "Result"]


class Result(StrEnum):
    """What became of a source."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one source.

    :param key: the article's key; None if it could not be read.
    :param error: why it was refused or failed.
    :param asked: the source as it was asked for, before redirects.
    """

    source: str
    result: Result
    key: str | None = None
    error: ParleyError | None = None
    asked: str = field(default="", compare=False)
