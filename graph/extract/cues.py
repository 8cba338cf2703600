"""Words that may attribute a statement: "said", "condemned", "called for", "concern", "according to".

Whether one does is for :mod:`claims` to judge, in its place.
"""

from dataclasses import dataclass
from functools import cache

from graph.extract.lexicon import read_table
from graph.extract.model import Span
from graph.extract.tagging import Tagged, word_class

__all__ = ["Cue", "find_cues"]

#: How many words lie at most between a quotation and a verb that is no known cue; between a verb and its object's head.
_NEAR, _OBJECT = 3, 7
_WORDS = frozenset({"VERB", "ADJ", "NOUN"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that may report, in its place.

    :param span: its words, numbers ``[first, last)``; ``head`` is the one that the others hang on.
    :param frames: what can follow it (``data/lexicons/reporting.tsv``); empty of a word that the lexicon lacks.
    :param sentence: number of its sentence.
    """

    span: Span
    first: int
    last: int
    head: int
    frames: frozenset[str]
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
    """Find the words of a sentence that may report, in order; none overlaps another.

    :param number: number of the sentence.
    """
    found: list[Cue] = []
    first, end = tagged.bounds[number]
    i = first
    while i < end:
        known = _known(tagged, i, end)
        if known is None and not _may_report(tagged, i, first, end):
            i += 1
            continue
        last, frames = known or (i + 1, frozenset())
        found.append(Cue(tagged.span(i, last), i, last, _head(tagged, i, last), frames, number))
        i = last
    return found


def _known(tagged: Tagged, i: int, end: int) -> tuple[int, frozenset[str]] | None:
    for words, frames in _lexicon().get(tagged.low(i), ()):
        if i + len(words) <= end and all(tagged.low(i + k) == w for k, w in enumerate(words)):
            name = tagged.name_at(i)
            if name is not None and tagged.words[i].cap and name.span.text != tagged.words[i].text:
                return None
            if words[0].startswith("welcom") and _greets(tagged, i + len(words)):
                return None
            return i + len(words), frames
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


def _head(tagged: Tagged, first: int, last: int) -> int:
    parse = tagged.parse
    return next((k for k in range(first, last) if not first <= parse.head(k) < last or parse.head(k) == k), first)


def _may_report(tagged: Tagged, i: int, first: int, end: int) -> bool:
    """Tell whether a word that is not in the lexicon has a clause for its content, or stands by a quotation."""
    parse = tagged.parse
    if parse.tag(i) not in _WORDS or tagged.name_at(i) is not None:
        return False
    verb = parse.tag(i) == "VERB"
    for child in parse.children(i):
        relation = parse.relation(child)
        if relation == "ccomp" and (verb or child > i):
            return True
        if relation in ("acl", "advcl") and child > i and tagged.low(parse.subtree(child)[0]) == "that":
            return True
    if not verb:
        return False
    return any(tagged.low(k) == '"' for k in range(max(first, i - _NEAR), min(end, i + 1 + _NEAR)))
