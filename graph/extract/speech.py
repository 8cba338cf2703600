"""Direct speech: quotations with the words that attribute them, quotations that go on, and spoken turns."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from graph.extract.attribution import Attribution, Speaker
from graph.extract.cues import Cue, find_cues
from graph.extract.model import Manner, Span
from graph.extract.quotes import Quote
from graph.extract.tagging import Tagged

__all__ = ["Draft", "find_speech"]

#: Most words between a cue and its quotation, or a quotation and its cue; fewest words of a free-standing quotation.
_BEFORE, _AFTER, _FREE = 12, 12, 4
#: Fewest characters of a quotation with its marks.
_SHORTEST = 4
#: How many cues back the one before a quotation may be.
_NEAR_CUES = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before it has its number."""

    content: tuple[Span, ...]
    manner: Manner
    speaker: Speaker
    cue: Span | None
    confidence: float


class _Speech:
    def __init__(self, tagged: Tagged, quotes: Sequence[Quote], attribution: Attribution) -> None:
        self.tagged = tagged
        self.quotes = quotes
        self.attribution = attribution
        self.used: set[int] = set()
        self.drafts: list[Draft] = []
        self.last: tuple[int, Speaker] | None = None  # end of the last attributed quotation
        self._cues: dict[int, list[Cue]] = {}

    def cues(self, sentence: int) -> list[Cue]:
        if sentence not in self._cues:
            self._cues[sentence] = find_cues(self.tagged, sentence)
        return self._cues[sentence]

    def add(self, content: tuple[Span, ...], manner: Manner, speaker: Speaker, cue: Cue | None, sure: float) -> None:
        self.drafts.append(Draft(content, manner, speaker, cue.span if cue else None, sure))
        self.last = (content[-1].end, speaker)
        self.attribution.remember(speaker, content[-1].end)
        if cue:
            self.used.update(range(cue.first, cue.last))


def find_speech(tagged: Tagged, quotes: Sequence[Quote], attribution: Attribution) -> tuple[list[Draft], set[int]]:
    """Find quotations that are statements, and the turns of interviews.

    :param attribution: told of each speaker, in the order of the text.
    :returns: the claims, and the numbers of the words that are their cues or lie within them.
    """
    speech = _Speech(tagged, quotes, attribution)
    _turns(speech)
    turns = tagged.document.turns
    n, t = 0, 0
    while n < len(quotes):
        while t < len(turns) and turns[t].span.end <= quotes[n].start:
            t += 1
        if t < len(turns) and turns[t].span.start <= quotes[n].start:
            n += 1  # quoted within a turn
            continue
        n += _quote(speech, n)
    return speech.drafts, speech.used


def _turns(speech: _Speech) -> None:
    tagged = speech.tagged
    if not tagged.document.turns:
        return
    by_last = {n.span.text.split()[-1].casefold(): n.key for n in reversed(tagged.named) if n.kind == "person"}
    by_label: dict[str, tuple[str, ...]] = {}
    for turn in tagged.document.turns:
        label = turn.speaker.text
        if label not in by_label:
            named = [n.key for n in tagged.names_between(turn.speaker.start, turn.speaker.end) if n.kind == "person"]
            other = by_last.get(label.split()[-1].strip("()").casefold())
            by_label[label] = tuple(named[:1] or ([other] if other else []))
        keys = by_label[label]
        content, manner = _unquoted(turn.span)
        speech.drafts.append(Draft((content,), manner, Speaker(keys, turn.speaker), None, 0.9 if keys else 0.7))


def _unquoted(span: Span) -> tuple[Span, Manner]:
    """Return the words of a turn without quotation marks around all of it, which make it a quotation."""
    text = span.text
    if len(text) < _SHORTEST or text[0] not in '"“' or text[-1] not in '"”' or any(c in '"“”' for c in text[1:-1]):
        return span, Manner.INTERVIEW
    return Span(span.start + 1, span.end - 1, text[1:-1]), Manner.DIRECT


def _quote(speech: _Speech, n: int) -> int:
    """Attribute a quotation, if it is a statement; return how many quotations were dealt with."""
    tagged, quote = speech.tagged, speech.quotes[n]
    i, j = tagged.cover(quote.span)
    if i >= j:
        return 1
    if (cue := _cue_before(speech, quote, i)) is not None:
        speaker = speech.attribution.before(cue)
        speech.add((quote.span,), Manner.DIRECT, speaker, cue, 0.9 if speaker.span else 0.7)
        _hide(speech, i, j)
        return 1
    if quote.closed and (found := _cue_after(speech, quote, j)) is not None:
        cue, speaker = found
        content, dealt = [quote.span], 1
        nearest = speech.quotes[n + 1] if n + 1 < len(speech.quotes) else None
        if nearest is not None and _goes_on(tagged, cue, nearest):
            content.append(nearest.span)
            dealt = 2
            _hide(speech, *tagged.cover(nearest.span))
        whole = _is_sentence(tagged, quote, i) or quote.words >= _FREE
        if whole:
            speech.add(tuple(content), Manner.DIRECT, speaker, cue, 0.9 if speaker.span else 0.7)
            _hide(speech, i, j)
        return dealt
    if quote.words >= _FREE and _is_sentence(tagged, quote, i) and _ends_sentence(tagged, quote):
        if speech.last is not None and quote.start - speech.last[0] < 2500:
            speaker = Speaker(speech.last[1].keys)
            speech.add((quote.span,), Manner.DIRECT, speaker, None, 0.6)
        else:
            speech.add((quote.span,), Manner.DIRECT, Speaker(), None, 0.4)
        _hide(speech, i, j)
    return 1


def _hide(speech: _Speech, i: int, j: int) -> None:
    speech.used.update(range(i, j))


def _cue_before(speech: _Speech, quote: Quote, i: int) -> Cue | None:
    """Return the cue of `Petrova said: "..."`, whose colon or comma stands just before the quotation."""
    tagged = speech.tagged
    plain = tagged.document.plain
    before = plain[max(0, quote.start - 3) : quote.start].rstrip()
    mark = i - 2 if tagged.low(i - 1) == '"' else i - 1
    if mark < 0:
        return None
    sentence = tagged.words[mark].sentence
    if before.endswith(":"):
        limit = 40
    elif before.endswith(","):
        limit = _BEFORE
    elif quote.span.text[0].isupper() and quote.words >= 3:
        limit = 1
    else:
        return None
    if sentence < tagged.words[i].sentence - 1:
        return None
    floor = tagged.bounds[sentence][0]
    cues = speech.cues(sentence)
    upto = bisect_left(cues, mark + 1, key=lambda c: c.first)
    for cue in reversed(cues[max(0, upto - _NEAR_CUES) : upto]):
        if cue.last <= mark + 1 and cue.first >= floor and cue.first not in speech.used:
            if mark + 1 - cue.last > limit or any(tagged.low(k) == '"' for k in range(cue.last, mark)):
                return None
            if "noun" in cue.frames and not before.endswith(":"):
                return None
            return cue
    return None


def _cue_after(speech: _Speech, quote: Quote, j: int) -> tuple[Cue, Speaker] | None:
    """Return cue and speaker of `"...", said Petrova` and `"..." Petrova said`."""
    tagged = speech.tagged
    k = j
    while k < len(tagged.words) and tagged.low(k) in ('"', ",", "'"):
        k += 1
    if k >= len(tagged.words) or tagged.words[k].start > quote.end + 3:
        return None
    plain = tagged.document.plain
    tail = plain[max(0, quote.end - 3) : quote.end + 1]
    if not any(sign in tail for sign in ",?!.…-"):
        return None
    sentence = tagged.words[k].sentence
    cues = speech.cues(sentence)
    after = bisect_left(cues, k, key=lambda c: c.first)
    for cue in cues[after : after + 1]:
        if cue.first - k > _AFTER or cue.first in speech.used or "noun" in cue.frames:
            return None
        if any(tagged.low(m) in (".", ";", ":", '"') for m in range(k, cue.first)):
            return None
        if cue.first == k:
            _, end = tagged.bounds[sentence]
            return cue, speech.attribution.after(cue.last, end)
        return cue, speech.attribution.before(cue)
    return None


def _goes_on(tagged: Tagged, cue: Cue, nearest: Quote) -> bool:
    """Tell whether a quotation that its cue interrupts goes on in the same sentence."""
    i, _ = tagged.cover(nearest.span)
    between = [tagged.low(k) for k in range(cue.last, min(i, cue.last + 14))]
    return (
        0 < len(between) <= 12 and "." not in between and between[-1] == '"' and between[:-1][-1:] in ([","], ["-"], [])
    )


def _is_sentence(tagged: Tagged, quote: Quote, i: int) -> bool:
    """Tell whether a quotation begins its sentence."""
    first = tagged.bounds[tagged.words[i].sentence][0]
    return i - first <= 1 or (i - first < 6 and all(not tagged.low(k)[0].isalnum() for k in range(first, i)))


def _ends_sentence(tagged: Tagged, quote: Quote) -> bool:
    plain = tagged.document.plain
    after = plain[quote.end : quote.end + 2].strip()
    return (
        not quote.closed or plain[quote.end - 2 : quote.end - 1] in (".", "!", "?", "…") or after[:1] in ("", ".", "\n")
    )
