"""Direct speech without a cue: turns of interviews, and quotations that may stand free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.extract.model import Manner, Span
from graph.extract.quotes import Quote
from graph.extract.tagging import Tagged

__all__ = ["Spoken", "free_quotes", "spoken_turns"]

#: Fewest words of a quotation that may be a statement by itself; fewest characters of one with its marks.
_FREE, _SHORTEST = 4, 4


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn: the words said, the label of who speaks, and the person of that name (None if unknown)."""

    content: Span
    speaker: Span
    key: str | None
    manner: Manner


def spoken_turns(tagged: Tagged) -> Iterator[Spoken]:
    """Yield the turns of interviews and transcripts, in order."""
    by_last = {n.span.text.split()[-1].casefold(): n.key for n in reversed(tagged.named) if n.kind == "person"}
    by_label: dict[str, str | None] = {}
    for turn in tagged.document.turns:
        label = turn.speaker.text
        if label not in by_label:
            named = [n.key for n in tagged.names_between(turn.speaker.start, turn.speaker.end) if n.kind == "person"]
            by_label[label] = named[0] if named else by_last.get(label.split()[-1].strip("()").casefold())
        content, manner = _unquoted(turn.span)
        yield Spoken(content, turn.speaker, by_label[label], manner)


def _unquoted(span: Span) -> tuple[Span, Manner]:
    """Return the words of a turn without quotation marks around all of it, which make it a quotation."""
    text = span.text
    if len(text) < _SHORTEST or text[0] not in '"“' or text[-1] not in '"”' or any(c in '"“”' for c in text[1:-1]):
        return span, Manner.INTERVIEW
    return Span(span.start + 1, span.end - 1, text[1:-1]), Manner.DIRECT


def free_quotes(tagged: Tagged, quotes: Sequence[Quote]) -> Iterator[tuple[int, int]]:
    """Yield the words of the quotations outside turns that are long enough to be statements without a cue."""
    turns = tagged.document.turns
    t = 0
    for quote in quotes:
        while t < len(turns) and turns[t].span.end <= quote.start:
            t += 1
        if t < len(turns) and turns[t].span.start <= quote.start:
            continue
        i, j = tagged.cover(quote.span)
        if j > i and quote.words >= _FREE:
            yield i, j
