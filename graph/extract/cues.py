"""Words that attribute a statement ("said", "condemned", "called for"), found in place, with what may follow them."""

import re
from dataclasses import dataclass
from functools import cache

from graph.extract.lexicon import read_table
from graph.extract.model import Span
from graph.extract.tagging import Tagged, word_class

__all__ = ["Cue", "find_cues"]

_BE = frozenset({"be", "is", "are", "was", "were", "been", "being", "am", "'s"})

#: How many words behind a verb the head of its object stands at most.
_OBJECT = 7


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting word in its place: words ``[first, last)``, and the frames in which content can follow it."""

    span: Span
    first: int
    last: int
    frames: frozenset[str]
    passive: bool
    sentence: int


@cache
def _lexicon() -> dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]:
    entries: dict[tuple[str, ...], frozenset[str]] = {}
    for frames, forms in read_table("reporting.tsv", 2):
        for form in forms.split("|"):
            words = tuple(form.split())
            entries[words] = entries.get(words, frozenset()) | frozenset(frames.split())
    table: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for words, frame in entries.items():
        table.setdefault(words[0], []).append((words, frame))
    return {first: tuple(sorted(rows, key=lambda r: -len(r[0]))) for first, rows in table.items()}


def find_cues(tagged: Tagged, number: int) -> list[Cue]:
    """Find the reporting words of a sentence, in order.

    :param number: number of the sentence.
    """
    found, lexicon = [], _lexicon()
    first, end = tagged.bounds[number]
    i = first
    while i < end:
        cue = None
        for words, frames in lexicon.get(tagged.low(i), ()):
            if i + len(words) <= end and all(tagged.low(i + k) == w for k, w in enumerate(words)):
                cue = _cue(tagged, i, i + len(words), frames, first, number)
                if cue:
                    break
        if cue:
            found.append(cue)
            i = cue.last
        else:
            i += 1
    return found


def _cue(tagged: Tagged, i: int, j: int, frames: frozenset[str], first: int, number: int) -> Cue | None:
    verbal = frames - {"noun"}
    if tagged.words[i].cap and i > first and tagged.name_at(i) is not None:
        return None
    if tagged.low(i).startswith("welcom") and _greets(tagged, j):
        return None
    before = tagged.previous(i, first)
    if verbal and (tagged.is_verb(i) or _reports(tagged, i, j, before, first)):
        passive = (
            before >= first
            and tagged.low(before) in _BE
            and re.search(r"(?:ed|told|written|known)\Z", tagged.low(i)) is not None
        )
        return Cue(tagged.span(i, j), i, j, verbal, passive, number)
    if "noun" in frames and tagged.low(j) in ("that", "to"):
        return Cue(tagged.span(i, j), i, j, frozenset({"noun"}), False, number)
    return None


def _greets(tagged: Tagged, j: int) -> bool:
    """Tell whether the object of a verb is people: "welcomed the two leaders", not "welcomed the decision"."""
    for k in range(j, min(tagged.bounds[tagged.words[j - 1].sentence][1], j + _OBJECT)):
        name = tagged.name_at(k)
        if name is not None and name.kind == "person":
            return tagged.low(tagged.cover(name.span)[1]) != "'s"
        if tagged.low(k) in word_class("guest"):
            return tagged.low(k + 1) != "'s"
        if tagged.low(k) in word_class("preposition") or not tagged.low(k)[0].isalnum():
            return False
    return False


def _reports(tagged: Tagged, i: int, j: int, before: int, first: int) -> bool:
    """Tell whether a form in -s, -ing or the base form reports: "Officials say that", ", saying it was"."""
    low, after = tagged.low(i), tagged.low(j)
    if low.endswith("ing"):
        return (
            before < first
            or tagged.low(before) in (",", "and", "or", '"', "-")
            or after in ("that", '"')
            or (tagged.low(before) not in word_class("determiner") and after in word_class("determiner"))
        )
    if after in ("that", '"') or (after in (",", ":") and tagged.low(j + 1) == '"'):
        return tagged.low(before) not in word_class("determiner") and tagged.low(before) != "'s"
    if (
        before < first
        or tagged.low(before) in word_class("determiner") | word_class("preposition")
        or tagged.low(before) == "'s"
    ):
        return False
    return low in word_class("present reporting")
