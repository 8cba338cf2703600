"""Quotations of an article: what stands between quotation marks, over paragraphs too."""

import re
from dataclasses import dataclass

from graph.extract.model import Span
from graph.extract.text import Document

__all__ = ["Quote", "find_quotes"]

_MARK = re.compile('"')


@dataclass(frozen=True, slots=True)
class Quote:
    """What is quoted.

    :param span: the words without the quotation marks; ``start`` and ``end`` bound them with the marks.
    :param closed: it ends with a mark; if not, it goes on in the next paragraph.
    """

    span: Span
    start: int
    end: int
    closed: bool

    @property
    def words(self) -> int:
        """How many words are quoted."""
        return len(self.span.text.split())


def find_quotes(document: Document) -> list[Quote]:
    """Find the quotations, in order; none lies in another. One that is not closed ends with its paragraph."""
    plain, text = document.plain, document.text
    found: list[Quote] = []
    for paragraph in document.paragraphs:
        opened: int | None = None
        for m in _MARK.finditer(plain, paragraph.start, paragraph.end):
            at = m.start()
            if opened is None:
                if text[at] != "”" and not _is_inch(plain, at):
                    opened = at
            elif text[at] == "“" or (text[at] == '"' and _opens(plain, at, paragraph)):
                opened = at  # the mark before was a stray one
            else:
                _add(found, text, opened, at, closed=True)
                opened = None
        if opened is not None and (opened == paragraph.start or paragraph.end - opened > 60):
            _add(found, text, opened, paragraph.end, closed=False)
    return found


def _add(found: list[Quote], text: str, opened: int, end: int, *, closed: bool) -> None:
    start, stop = opened + 1, end
    while start < stop and text[start].isspace():
        start += 1
    while start < stop and (text[stop - 1].isspace() or text[stop - 1] == ","):
        stop -= 1
    if start < stop:
        found.append(Quote(Span.of(text, start, stop), opened, end + closed, closed))


def _opens(plain: str, at: int, paragraph: Span) -> bool:
    before = plain[at - 1] if at > paragraph.start else " "
    after = plain[at + 1] if at + 1 < paragraph.end else " "
    return (before.isspace() or before in "([-") and after.isalnum()


def _is_inch(plain: str, at: int) -> bool:
    return at > 0 and plain[at - 1].isdigit() and (at + 1 >= len(plain) or not plain[at + 1].isalnum())
