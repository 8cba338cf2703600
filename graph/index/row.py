"""What columns, facets and full text have of an event: the same whether all of the index is written or what changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from graph.edtf import certain
from graph.index.event import Event
from graph.index.layout import CERTAINTIES, STATUSES
from graph.index.source import Quote, readable
from graph.index.text import Wording

__all__ = ["COLUMNS", "kinds_of", "label_of", "labelled", "values_of_facets", "wording"]

#: What stands for an open end in the columns of days.
_FIRST, _LAST = 0, 2**31 - 1


def _drawn(event: Event) -> int:
    """Return how an event is drawn: its status, and how well its time is known."""
    status = STATUSES.index(event.status) if event.status in STATUSES else 0
    known = 0 if certain(event.edtf) else 2 if event.earliest is None or event.latest is None else 1
    return status * len(CERTAINTIES) + known


def _monthday(event: Event) -> int:
    first = event.earliest
    return first.month * 100 + first.day if first is not None and certain(event.edtf) else 0


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


#: Columns by event: what stands in each, and as what.
COLUMNS: Mapping[str, tuple[Callable[[Event], float], type[np.generic]]] = {
    "earliest": (lambda event: _ordinal(event.earliest) or _FIRST, np.int32),
    "latest": (lambda event: _ordinal(event.latest) or _LAST, np.int32),
    "first": (lambda event: _ordinal(event.earliest or event.latest) or _LAST, np.int32),
    "confidence": (lambda event: -1.0 if event.confidence is None else event.confidence, np.float64),
    "drawn": (_drawn, np.uint8),
    "monthday": (_monthday, np.uint16),
}


def values_of_facets(event: Event) -> list[tuple[str, list[str]]]:
    """Return what an event has of each facet, in the order of the facets."""
    return [(name, list(dict.fromkeys(some))) for name, some in _values(event)]


def _values(event: Event) -> Iterator[tuple[str, Sequence[str]]]:
    keys = [*event.actors, *event.places]
    for kind in ("person", "place", "organization"):
        yield kind, [key.partition("/")[2] for key in keys if key.startswith(f"{kind}/")]
    yield "type", [event.type]
    yield "status", [event.status]
    articles = [key for key in event.sources if key.startswith("article/")]
    yield "article", [key.partition("/")[2] for key in articles]
    yield "source", [key.partition("/")[2] or key for key in event.sources if not key.startswith("article/")]
    yield "speaker", [key.partition("/")[2] for key in event.speakers]


def kinds_of(facet: str) -> tuple[str, ...]:
    """Return the kinds of things, one of which a value of a facet is, the likeliest first."""
    return {"source": ("organization",), "speaker": ("person", "organization", "place")}.get(facet, (facet,))


def label_of(facet: str, slug: str, name_of: Callable[[str], str | None]) -> str:
    """Return what a value of a facet is called.

    :param name_of: returns the name of a thing by its key.
    """
    found = (name_of(f"{kind}/{slug}") for kind in kinds_of(facet))
    return next((name for name in found if name), slug if facet in ("type", "status") else readable(slug))


def labelled(label: str, slug: str) -> tuple[str, str]:
    """Return what values of a facet stand in order of: those that as many events have are shown in this order."""
    return label.casefold(), slug


def wording(
    event: Event,
    values: Sequence[tuple[str, Sequence[str]]],
    quotes: Sequence[Quote],
    name_of: Callable[[str], str | None],
) -> Wording:
    """Return what the full-text index has of an event.

    :param values: what it has of each facet.
    :param quotes: the words about it.
    :param name_of: returns the name of a thing by its key.
    """
    texts = {
        "label": [event.label],
        "names": [name_of(key) or "" for key in (*event.actors, *event.places)],
        "quotes": [quote.words for quote in quotes],
    }
    facets = [f"{name}={value}" for name, some in values for value in some]
    return Wording(texts, facets, (_ordinal(event.earliest), _ordinal(event.latest)), event.confidence)
