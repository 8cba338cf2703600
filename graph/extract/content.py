"""What is said: the words that belong to a reporting verb, from its frame to the end of its clause."""

from bisect import bisect_left
from collections.abc import Sequence

from graph.extract.cues import Cue
from graph.extract.model import Span
from graph.extract.quotes import Quote
from graph.extract.tagging import Tagged, word_class

__all__ = ["LONGEST", "clean", "following", "preceding"]

#: Most words of one content: beyond it, a "sentence" is a list, a table or noise.
LONGEST = 250
_STOPS = frozenset({";"})
_TURNS = frozenset({"but", "while", "although", "though", "whereas", "however"})
_OPENERS = frozenset(
    {"while", "although", "though", "as", "when", "after", "because", "since", "if", "despite", "whereas"}
)
#: Fewest words of a noun phrase that a comma ends; most words of an item of a list.
_SHORT_PHRASE, _ITEM = 1, 8
#: Most words of an adverbial between a cue and "that".
_ADVERBIAL = 10
_NOT_CONTENT = frozenset({",", ".", ";", ")", "]", "?", "!", "by", "and", "or", "but"})
_RECIPIENT_END = frozenset({"that", "to", "of", "about", "not", '"', "on", "in", ","})


def following(tagged: Tagged, cue: Cue, cues: Sequence[Cue], quotes: Sequence[Quote]) -> Span | None:
    """Return the content that follows a cue in its sentence; None if nothing fits its frames.

    :param cues: the cues of the sentence; :param quotes: the quotations of the article, in order.
    """
    end = min(tagged.bounds[cue.sentence][1], cue.last + LONGEST)
    start = _start(tagged, cue, end)
    if start is None or start >= end:
        return None
    stop = _stop(tagged, cue, start, end, cues, quotes)
    return clean(tagged, start, stop)


def preceding(tagged: Tagged, cue: Cue, speaker_start: int) -> Span | None:
    """Return the content that stands before "..., Petrova said": from the start of the sentence to the comma."""
    first, _ = tagged.bounds[cue.sentence]
    k = speaker_start - 1
    while k > first and tagged.low(k) != "," and speaker_start - k < 6:
        k -= 1
    if k <= first + 1 or tagged.low(k) != "," or k - first > LONGEST:
        return None
    return clean(tagged, first, k)


def clean(tagged: Tagged, start: int, stop: int) -> Span | None:
    """Return the span of the words without signs and loose conjunctions at its ends."""
    while start < stop and (
        tagged.low(start) in (",", ":", "-", ";", ")", ".") or (tagged.low(start) == "that" and start + 1 < stop)
    ):
        start += 1
    while stop > start and tagged.low(stop - 1) in (",", ";", ":", ".", "-", "and", "but", "("):
        stop -= 1
    if stop - start > 2 and tagged.low(start) == '"' and tagged.low(stop - 1) == '"':
        inner = [k for k in range(start + 1, stop - 1) if tagged.low(k) == '"']
        if not inner:
            start, stop = start + 1, stop - 1
            if tagged.low(stop - 1) == ",":
                stop -= 1
    return tagged.span(start, stop) if start < stop else None


def _start(tagged: Tagged, cue: Cue, end: int) -> int | None:
    k, frames = cue.last, cue.frames
    while (
        k < end
        and (tagged.low(k).endswith("ly") or tagged.low(k) in ("again", "also", "then", "today", "both", "only"))
        and tagged.low(k) != "only"
    ):
        k += 1
    if "noun" in frames:
        return k + 1 if tagged.low(k) == "that" else k
    if cue.passive:
        if tagged.low(k) in ("that", "to") and "np" not in frames - {"np"}:
            return k + 1 if tagged.low(k) == "that" else k
        return None
    if tagged.low(k) == "to" and "to" not in frames and {"that", "bare"} & frames:
        k = _after_phrase(tagged, k + 1, end)  # "said to reporters that ..."
    if "that" in frames and tagged.low(k) in word_class("preposition"):
        k = _after_adverbial(tagged, k, end)
    if "obj" in frames:
        k = _after_recipient(tagged, k, end)
    while (k < end and tagged.time_at(k) is not None) or (tagged.low(k) == "on" and tagged.time_at(k + 1) is not None):
        k += 1
    low = tagged.low(k)
    if low == "that" and frames & {"that", "bare", "np"}:
        return k + 1
    if low == "," and tagged.low(k + 1) == "that":
        return k + 2
    if low in (":",) or (low == "," and tagged.low(k + 1) == '"'):
        return k + 1 if frames & {"quote", "that"} else None
    if low == "to":
        return k if "to" in frames else None
    if low in frames & {"for", "on", "of", "against", "about", "in", "with", "as"}:
        return k + 1
    if low in _NOT_CONTENT or (
        low in word_class("preposition") and low not in ("without",) and not _opens_clause(tagged, k, end, cue)
    ):
        return None
    if (
        "np" in frames
        or "ing" in frames
        or "bare" in frames
        or "quote" in frames
        or ("for" in frames and cue.span.text.endswith(" for"))
    ):
        return k
    return k if "that" in frames and low == "that" else None


def _opens_clause(tagged: Tagged, k: int, end: int, cue: Cue) -> bool:
    """Tell whether a preposition begins a clause that is said: "said in the past he had ..."."""
    return (
        "bare" in cue.frames
        and tagged.low(k) in ("if", "after", "without", "despite", "unlike", "until", "since")
        and end - k > 5
    )


def _after_adverbial(tagged: Tagged, k: int, end: int) -> int:
    """Return where "that" stands behind an adverbial: "said after the summit that ..."; else ``k``."""
    for at in range(k + 1, min(end, k + _ADVERBIAL)):
        if tagged.low(at) == "that" and (tagged.low(at - 1) not in word_class("preposition")):
            return at
        if tagged.low(at) in _STOPS | {":", '"', "who", "which"} or _is_finite(tagged, at):
            return k
    return k


def _after_phrase(tagged: Tagged, k: int, end: int) -> int:
    for at in range(k, min(end, k + 8)):
        if tagged.low(at) in _RECIPIENT_END and at > k:
            return at
    return k


def _after_recipient(tagged: Tagged, k: int, end: int) -> int:
    low = tagged.low(k)
    if low in word_class("object") or low in ("reporters", "journalists", "lawmakers"):
        return k + 1
    for at in range(k, min(end, k + 14)):
        if at > k and (tagged.low(at) in ("that", "to", '"') or (tagged.low(at) == "," and tagged.low(at + 1) == '"')):
            return at
    name = tagged.name_at(k) or (tagged.name_at(k + 1) if tagged.low(k) == "the" else None)
    return tagged.cover(name.span)[1] if name is not None else k


def _first_clause(tagged: Tagged, cue: Cue) -> bool:
    """Tell whether a cue stands before the first comma of its sentence: "While Norway supported the plan, ..."."""
    return not any(tagged.low(k) == "," for k in range(tagged.bounds[cue.sentence][0], cue.first))


def _is_finite(tagged: Tagged, k: int) -> bool:
    """Tell whether a word makes a clause of a content: a verb that is not in -ing."""
    low = tagged.low(k)
    if low in word_class("modal") or low in word_class("auxiliary") or low == "to":
        return True
    return low[:1].isalpha() and not low.endswith("ing") and tagged.name_at(k) is None and tagged.is_verb(k)


def _enumerates(tagged: Tagged, k: int, end: int) -> bool:
    """Tell whether a comma goes on a list: "peace, trade, and fishing"."""
    for at in range(k + 1, min(end, k + _ITEM)):
        low = tagged.low(at)
        if low == "," or (low in ("and", "or") and at > k + 1):
            return True
        if _is_finite(tagged, at) or low in ("which", "who", "where", "whose", ";"):
            return False
        if low in ("and", "or"):
            return not _is_finite(tagged, at + 1)
    return False


def _stop(tagged: Tagged, cue: Cue, start: int, end: int, cues: Sequence[Cue], quotes: Sequence[Quote]) -> int:
    """Return where the content ends: where the clause does, or where another statement of the sentence begins."""
    after = bisect_left(cues, cue.last, key=lambda c: c.first)
    others = {c.first for c in cues[after : after + LONGEST] if c.first < end and c.first > cue.last}
    near = max(0, bisect_left(quotes, tagged.words[start].start, key=lambda q: q.start) - 1)
    spans = quotes[near : near + LONGEST]
    k, at, depth = start, 0, 0
    clause = False
    opened = tagged.low(tagged.bounds[cue.sentence][0]) in _OPENERS and _first_clause(tagged, cue)
    while k < end:
        offset = tagged.words[k].start
        while at < len(spans) and spans[at].end <= offset:
            at += 1
        if at < len(spans) and spans[at].start < offset < spans[at].end - 1:
            k += 1
            continue
        low = tagged.low(k)
        depth += (low in "([") - (low in ")]")
        if low in _STOPS or (depth < 0):
            return k
        clause = clause or _is_finite(tagged, k)
        if low == "," and k > start:
            if opened or (k - start >= _SHORT_PHRASE and not clause and not _enumerates(tagged, k, end)):
                return k
            if tagged.low(k + 1) in _TURNS or (tagged.low(k + 1) == "according" and tagged.low(k + 2) == "to"):
                return k
            if tagged.low(k + 1) in ("and", "as") and any(k < o <= k + 6 for o in others):
                return k
            if any(o == k + 1 for o in others) and tagged.low(k + 1).endswith("ing"):
                return k
            if "np" in cue.frames and "that" not in cue.frames and k - start > 2 and tagged.low(k + 1).endswith("ing"):
                return k
        if low in ("and", "but") and k > start and k + 1 in others:
            return k
        k += 1
    return end
