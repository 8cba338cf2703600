"""Annotated articles, what is extracted from them, and which extracted report or person is which annotated one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from graph.article import Article
from graph.errors import ParleyError
from graph.extract.model import Extraction, Span
from graph.extract.runner import Extracted, Runner
from graph.ingest.related import detach_related
from graph.training.material import Annotated, read_annotated

__all__ = ["Recorder", "annotated_articles", "people_of", "reports_of"]

_Found = TypeVar("_Found")


def annotated_articles(folder: Path) -> list[Annotated]:
    """Return the annotated articles of a folder and of the folders in it."""
    folders = sorted({path.parent for path in folder.rglob("*.gold.json")}) or [folder]
    return [article for each in folders for article in read_annotated(each)]


@dataclass
class Recorder:
    """A runner that keeps what another one extracts, by the article's key."""

    runner: Runner
    extractions: dict[str, Extraction] = field(default_factory=dict)

    def __call__(self, articles: Iterator[Article]) -> Iterator[Extracted]:
        for key, found in self.runner(articles):
            if not isinstance(found, ParleyError):
                self.extractions[key] = found
            yield key, found


def reports_of(annotated: Annotated, extraction: Extraction) -> dict[str, str]:
    """Return the key that each report of an article is stored under, with the key of the annotated event that it is.

    One to one, by the largest share of common mentions. Reports of related items count: they are articles of their
    own in the graph, but the annotation has them with the page that prints them.
    """
    stored: list[tuple[str, list[Span]]] = []
    for part in detach_related(extraction):
        shift = extraction.article.text.index(part.article.text)
        stored += [(report.key, [_moved(m, shift) for m in report.mentions]) for report in part.reports]
    return {key: event["key"] for key, event in _align(stored, annotated.gold["events"], _share)}


def people_of(annotated: Annotated, extraction: Extraction) -> dict[str, str]:
    """Return the key of each person of an article, with the annotated name of who it is."""
    found = [(person.key, list(person.mentions)) for person in extraction.people]
    return {key: person["name"] for key, person in _align(found, annotated.gold["people"], lambda n, *_: n)}


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.text)


def _share(common: int, found: int, annotated: int) -> float:
    return common / (found + annotated)


def _align(
    found: Sequence[tuple[_Found, list[Span]]],
    annotated: Sequence[dict[str, Any]],
    weigh: Callable[[int, int, int], float],
) -> Iterator[tuple[_Found, dict[str, Any]]]:
    scores = {}
    for g, thing in enumerate(annotated):
        for f, (_, mentions) in enumerate(found):
            common = sum(_touches(m, mentions) for m in thing["mentions"])
            if common:
                scores[g, f] = weigh(common, len(mentions), len(thing["mentions"]))
    used: set[tuple[str, int]] = set()
    for g, f in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        if ("g", g) not in used and ("f", f) not in used:
            used |= {("g", g), ("f", f)}
            yield found[f][0], annotated[g]


def _touches(mention: dict[str, Any], spans: Iterable[Span]) -> bool:
    return any(span.start < mention["end"] and mention["start"] < span.end for span in spans)
