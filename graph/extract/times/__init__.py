"""Time expressions (TIMEX3, ISO 24617-1) by rules: what the words are, and which time they mean.

The words of the rules are in ``data/lexicons/times.txt``, their patterns in ``data/lexicons/time_patterns.txt``; what
the words of each rule mean is in :mod:`~graph.extract.times.values` (dates), :mod:`~graph.extract.times.periods`
(parts of years), :mod:`~graph.extract.times.clock`, :mod:`~graph.extract.times.relative` and
:mod:`~graph.extract.times.lengths`. How sure a value is, is counted for each :class:`~graph.extract.times.basis.Basis`.
"""

from graph.extract.model import Span, TimeExpression, TimexType
from graph.extract.text import Document
from graph.extract.times.basis import confidence_of
from graph.extract.times.placing import place, unmodified
from graph.extract.times.resolve import Resolved, resolve

__all__ = ["find_times", "unmodified"]


def find_times(document: Document) -> tuple[TimeExpression, ...]:
    """Find all time expressions of an article, in order, not overlapping.

    :param document: the article, taken apart; relative expressions are resolved against the date of their section.
    """
    return tuple(_expression(document, each) for each in resolve(document))


def _expression(document: Document, found: Resolved) -> TimeExpression:
    meaning = found.meaning
    placed = (
        place(document.plain, found.start, found.end, meaning.value, document.section_at(found.start).published)
        if meaning.type in (TimexType.DATE, TimexType.TIME)
        else (None, None, None)
    )
    span = Span.of(document.text, found.start, found.end)
    return TimeExpression(span, meaning.type, meaning.value, *placed, confidence_of(meaning.basis))
