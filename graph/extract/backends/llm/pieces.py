"""Parts an article into pieces that are sent one by one: whole paragraphs of one section, with what stands before."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from graph.extract.model import Section
from graph.extract.text import Document

__all__ = ["Piece", "halves", "pieces_of"]

#: How much of the text before a piece is sent again, as a share of a piece: it says who "she" is.
_OVERLAP = 0.1
#: No piece of fewer characters is halved.
_SMALLEST = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """The text ``[start, end)``, sent from ``before`` on."""

    before: int
    start: int
    end: int
    section: Section


def pieces_of(document: Document, most: int) -> Iterator[Piece]:
    """Yield the pieces of an article, in order; together they cover all its paragraphs, none twice.

    :param most: characters of a piece, without what stands before it.
    """
    most = max(most, _SMALLEST)
    for section in document.sections:
        start = end = None
        for first, last in _blocks(document, section, most):
            if start is not None and end is not None and last - start > most:
                yield _piece(document, section, start, end, most)
                start = None
            start, end = first if start is None else start, last
        if start is not None and end is not None:
            yield _piece(document, section, start, end, most)


def halves(document: Document, piece: Piece) -> tuple[Piece, Piece] | None:
    """Return the two halves of a piece, parted between sentences where that can be; None if it is too small."""
    size = piece.end - piece.start
    if size < 2 * _SMALLEST:
        return None
    middle = piece.start + size // 2
    i = bisect_left(document.sentences, middle, key=lambda s: s.start)
    near = [s.start for s in document.sentences[max(0, i - 1) : i + 1]]
    inside = [at for at in near if piece.start + size // 4 <= at <= piece.end - size // 4]
    at = min(inside, key=lambda a: abs(a - middle), default=middle)
    second = Piece(_before(document, piece.section, at, size), at, piece.end, piece.section)
    return Piece(piece.before, piece.start, at, piece.section), second


def _blocks(document: Document, section: Section, most: int) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs of a section; one that is too long by its sentences, a sentence that is too long cut."""
    span = section.span
    low = bisect_left(document.paragraphs, span.start, key=lambda p: p.start)
    for paragraph in document.paragraphs[low : bisect_left(document.paragraphs, span.end, key=lambda p: p.start)]:
        if paragraph.end - paragraph.start <= most:
            yield paragraph.start, paragraph.end
            continue
        first = bisect_left(document.sentences, paragraph.start, key=lambda s: s.start)
        last = bisect_left(document.sentences, paragraph.end, key=lambda s: s.start)
        for sentence in document.sentences[first:last]:
            for at in range(sentence.start, sentence.end, most):
                yield at, min(at + most, sentence.end)


def _piece(document: Document, section: Section, start: int, end: int, most: int) -> Piece:
    return Piece(_before(document, section, start, most), start, end, section)


def _before(document: Document, section: Section, start: int, size: int) -> int:
    """Return where the sentences before a piece begin that are sent with it."""
    lowest = max(section.span.start, start - int(size * _OVERLAP))
    i = bisect_right(document.sentences, lowest - 1, key=lambda s: s.start)
    return min(start, document.sentences[i].start) if i < len(document.sentences) else start
