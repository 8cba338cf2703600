"""What resolution decides, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.event import Event

__all__ = ["Resolution"]


@dataclass(frozen=True)
class Resolution:
    """What resolving an article's reports decided.

    :param links: report key -> event key, for every report of the article.
    :param events: the events that this touches, as they are now.
    :param additions: for events that an official record describes: event key -> the articles' reports on it.
    :param gone: keys of events that are no more -> keys of those that took their reports over, if any.
    """

    links: Mapping[str, str]
    events: tuple[Event, ...]
    additions: Mapping[str, tuple[str, ...]]
    gone: Mapping[str, tuple[str, ...]]
