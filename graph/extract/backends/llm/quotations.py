"""Finds the words that a model quotes. It never gives offsets, which models cannot count; the text decides."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from graph.extract.model import Span
from graph.extract.text import Document, to_plain

__all__ = ["Quotations", "overlapping", "unquoted"]

_SPACES = str.maketrans("\n\t\u2002\u2003\u200a", "     ")
_QUOTES = "\"'“”‘’«»„"


class Quotations:
    """Looks quotations up in an article.

    :ivar unverified: how many were not found and are left out.
    """

    def __init__(self, document: Document) -> None:
        self._text = document.text
        # One code point stays one, so that offsets stay.
        self._folded = _fold(document.text)
        self.unverified = 0

    def all(self, quotations: Sequence[Mapping[str, Any]], start: int, end: int) -> list[Span]:
        """Return where the quoted words stand in the piece ``[start, end)`` of the text, in the order of the answer.

        Typographic and plain quotes, dashes and spaces are one. Words count only as wholes. Of words that stand there
        once, the number of the occurrence does not matter.
        """
        found: dict[Span, None] = {}
        for quotation in quotations:
            spans = self._find(quotation["text"], quotation["occurrence"], start, end)
            self.unverified += not spans
            found |= dict.fromkeys(spans)
        return list(found)

    def nearest(
        self, quotations: Sequence[Mapping[str, Any]], start: int, end: int, to: Span, outside: Span
    ) -> Span | None:
        """Return where quoted words stand nearest to a span and outside another; which occurrence is said is ignored.

        Models miscount "said" and "she", and the one beside the statement is meant.
        """
        spans = self.all([{**quotation, "occurrence": 0} for quotation in quotations], start, end)
        free = (span for span in spans if not span.overlaps(outside))
        return min(free, key=lambda s: (max(to.start - s.end, s.start - to.end), s), default=None)

    def first(self, quotations: Sequence[Mapping[str, Any]], start: int, end: int) -> Span | None:
        """Return where the first of the quotations that can be found stands."""
        return next(iter(self.all(quotations, start, end)), None)

    def _find(self, quoted: str, occurrence: int, start: int, end: int) -> list[Span]:
        words = quoted.strip()
        places = _places(self._text, words, start, end) or _places(self._folded, _fold(words), start, end)
        if occurrence and len(places) > 1:
            places = places[occurrence - 1 : occurrence] if occurrence > 0 else []
        return [Span.of(self._text, at, at + len(words)) for at in places]


def unquoted(text: str, span: Span) -> Span:
    """Return a span without the quotation marks, and the white space, at its two ends."""
    start, end = span.start, span.end
    while start < end and (text[start] in _QUOTES or text[start].isspace()):
        start += 1
    while start < end and (text[end - 1] in _QUOTES or text[end - 1].isspace()):
        end -= 1
    return Span.of(text, start, end)


def _fold(text: str) -> str:
    return to_plain(text).translate(_SPACES)


def _places(text: str, words: str, start: int, end: int) -> list[int]:
    """Return where words stand as wholes; occurrences do not overlap."""
    found: list[int] = []
    at = text.find(words, start, end) if words else -1
    while at >= 0:
        stop = at + len(words)
        whole = not (_joined(text, at) or _joined(text, stop))
        if whole:
            found.append(at)
        at = text.find(words, stop if whole else at + 1, end)
    return found


def _joined(text: str, at: int) -> bool:
    """Tell whether an offset is inside a word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def overlapping(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """Return those of sorted spans, none within another, that share a code point with a span."""
    low = bisect_left(spans, span.start, key=lambda s: s.end - 1)
    return spans[low : bisect_left(spans, span.end, key=lambda s: s.start)]
