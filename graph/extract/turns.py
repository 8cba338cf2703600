"""Turns of interviews and transcripts: who speaks in which paragraph.

A turn begins with a label (``Ana Petrova:``, ``MR. NOVAK:``, ``A:``) and holds over the paragraphs that follow until
the next label, a question of the interviewer, a heading, or the end of the section.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graph.extract.lexicon import read_sections
from graph.extract.model import Section, Span

__all__ = ["Turn", "find_turns"]

_LABEL = re.compile(r"(?P<label>[A-Z][\w.'’\-()]{0,30}(?: [A-Za-z(][\w.'’\-()]{0,30}){0,6}|[QA])\s?:(?=\s|$)\s*")
#: Longest question, in words, and longest heading.
_QUESTION, _HEADING = 60, 10
_QUOTED = re.compile(r"\s*[\"“]")
_QUOTATION = re.compile(r"[\"“][^\"“”]*[\"”]")
_FIRST_PERSON = re.compile(r"\b(?:I(?!-)|[Mm]y|[Ww]e|[Oo]ur)\b")
_SECOND_PERSON = re.compile(r"\b(?:you|your|us)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of an interview or transcript: who speaks, and the words (without the ``Name:`` label)."""

    speaker: Span
    span: Span


def find_turns(text: str, paragraphs: Sequence[Span], sections: Sequence[Section]) -> tuple[Turn, ...]:
    """Return the paragraphs that are spoken, in order.

    A label counts if it stands at the head of two paragraphs, its name is in the text elsewhere, or a quotation
    follows it. A headline ("Ana Petrova: We Will Wait") has none. The questions of an interview are no turns where they
    have no label.
    """
    labels = [_label(p) for p in paragraphs]
    times = Counter(found.text for found in labels if found)
    valid = {label for label, n in times.items() if n > 1 or (" " in label and _is_named(label, text))}
    quotes = {n for n, found in enumerate(labels) if found and " " in found.text and _QUOTED.match(text, found.end + 1)}
    if len(quotes) > 1:  # a press release that lines up quotations
        valid |= {found.text for n in quotes if (found := labels[n])}
    if len(valid) == 1 and sum(times[v] for v in valid) == 1:
        only = next(n for n, found in enumerate(labels) if found and found.text in valid)
        if not _is_name(next(iter(valid))) or _is_headline(paragraphs, only, labels):
            return ()
    ends = {s.span.start for s in sections}
    turns: list[Turn] = []
    speaker: Span | None = None
    for n, paragraph in enumerate(paragraphs):
        if any(paragraph.start >= e > (paragraphs[n - 1].start if n else -1) for e in ends if e):
            speaker = None
        label = labels[n]
        if label and label.text in valid:
            speaker = None if label.text.upper() in ("Q", "QUESTION") else label
            start = _words_start(text, label, paragraph)
            if speaker and _tells_of(text[start : paragraph.end], label.text):
                speaker = None  # a heading: "Ana Petrova: In March, Petrova ..."
            if speaker and start < paragraph.end:
                turns.append(Turn(speaker, Span.of(text, start, paragraph.end)))
            if n in quotes:
                speaker = None  # a quotation ends with its paragraph
        elif speaker and (
            _ends_turn(paragraph.text, n + 1 < len(paragraphs) and labels[n + 1] is not None)
            or _tells_of(paragraph.text, speaker.text)
        ):
            speaker = None
        elif speaker:
            turns.append(Turn(speaker, paragraph))
    return tuple(turns)


def _label(paragraph: Span) -> Span | None:
    m = _LABEL.match(paragraph.text)
    if not m or m["label"].casefold().rstrip(".") in _not_speakers():
        return None
    words = m["label"].split()
    small = [w for w in words if w[0].islower() and w not in ("de", "da", "al", "bin", "von", "van", "of", "del")]
    if small or len(m["label"]) > 60:
        return None
    return Span(paragraph.start, paragraph.start + len(m["label"]), m["label"])


def _words_start(text: str, label: Span, paragraph: Span) -> int:
    m = re.compile(r"\s?:\s*").match(text, label.end, paragraph.end)
    return m.end() if m else label.end


def _is_name(label: str) -> bool:
    return len(label.split()) >= 2


def _is_named(label: str, text: str) -> bool:
    """Tell whether the last word of a label is a name in the text elsewhere, not only at the head of a paragraph."""
    last = _last_word(label)
    if len(last) < 3:
        return False
    found = re.findall(rf"\b{re.escape(last)}\b(?!\s?:)", text, re.IGNORECASE if last.isupper() else 0)
    return bool(found) and not any(word.islower() for word in found)


def _last_word(label: str) -> str:
    return re.sub(r"\W+$", "", label.split()[-1])


def _is_headline(paragraphs: Sequence[Span], n: int, labels: Sequence[Span | None]) -> bool:
    """Tell whether what may be the only label of an article is part of a headline: narration of the speaker follows."""
    label = labels[n]
    follows = paragraphs[n + 1].text if n + 1 < len(paragraphs) else ""
    return label is not None and (n == 0 or _tells_of(follows, label.text))


def _tells_of(paragraph: str, label: str) -> bool:
    """Tell whether a paragraph names a speaker, but no "I" or "we", outside of quotations: nobody speaks like that."""
    last, words = _last_word(label), _QUOTATION.sub("", paragraph)
    return (
        len(last) > 2
        and not _FIRST_PERSON.search(words)
        and bool(re.search(rf"\b{re.escape(last)}\b", words, re.IGNORECASE if last.isupper() else 0))
    )


def _ends_turn(paragraph: str, before_label: bool) -> bool:
    words = paragraph.split()
    asks = paragraph.rstrip("\"'”’)*_ ").endswith("?") and len(words) <= _QUESTION and paragraph.count("?") >= 1
    if before_label and len(words) <= _QUESTION and (asks or _SECOND_PERSON.search(paragraph)):
        return True
    if asks and paragraph.count(". ") <= 2 and _SECOND_PERSON.search(paragraph):
        return True
    return len(words) <= _HEADING and paragraph[-1] not in ".!?…\"'”’)"


@cache
def _not_speakers() -> frozenset[str]:
    return frozenset(read_sections("structure.txt")["not a speaker"])
