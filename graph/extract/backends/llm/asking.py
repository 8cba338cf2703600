"""Puts an article to a service, piece by piece; each piece is told what the pieces before it gave."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from graph.errors import ServiceError
from graph.extract.backends.llm.budget import Budget
from graph.extract.backends.llm.exchange import Exchange, TooLongError
from graph.extract.backends.llm.findings import Findings
from graph.extract.backends.llm.pieces import Piece, halves, pieces_of
from graph.extract.text import Document
from graph.files import data_path

__all__ = ["ask"]

#: How many of the events and names before a piece it is told of, the last ones.
_EVENTS, _NAMES = 40, 80


@cache
def _instructions() -> str:
    return data_path("llm", "instructions.md").read_text("utf-8")


def ask(document: Document, exchange: Exchange, budget: Budget, size: int) -> Findings:
    """Ask for all pieces of an article and return what was found.

    :param size: characters of a piece.
    :raises ServiceError: if one of them cannot be had.
    """
    findings = Findings(document)
    for piece in pieces_of(document, size):
        for part, answer in _answers(document, exchange, budget, piece, findings):
            findings.add(answer, part.before, part.end)
    return findings


def _answers(
    document: Document, exchange: Exchange, budget: Budget, piece: Piece, findings: Findings
) -> Iterator[tuple[Piece, dict[str, Any]]]:
    waiting = [piece]
    while waiting:
        part = waiting.pop()
        try:
            yield part, exchange.ask(_instructions(), _question(document, part, findings), budget)
        except TooLongError as error:
            parts = halves(document, part)
            if parts is None:
                raise ServiceError(error.error.cause, error.error.remedy) from None
            waiting += reversed(parts)


def _question(document: Document, piece: Piece, findings: Findings) -> str:
    section = piece.section
    title = section.title or document.article.title
    lines = [f"Title: {' '.join(title.split())}" if title else "No title."]
    if section.published:
        lines.append(f"Published: {section.published.isoformat()}")
    if events := findings.events[-_EVENTS:]:
        first = len(findings.events) - len(events) + 1
        lines.append("Events so far:")
        lines += (f"{n}. {event.type.value}: {event.label.text}" for n, event in enumerate(events, first))
    if names := list(findings.names)[-_NAMES:]:
        lines.append(f"Names so far: {'; '.join(names)}")
    return "\n".join([*lines, "The part of the article:", "", document.text[piece.before : piece.end]])
