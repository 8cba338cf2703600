"""The words of time expressions from ``data/lexicons/times.txt``, as tables and as parts of patterns."""

import re
from collections.abc import Iterable
from functools import cache

from graph.extract.lexicon import read_sections

__all__ = ["alternatives", "entries", "number_of", "table", "which"]

#: Sections whose entries are phrases; elsewhere several spellings of one word share a line.
_PHRASES = ("holiday", "part of a period", "relative day", "step")


@cache
def entries(section: str) -> frozenset[str]:
    """Return the words of a section."""
    return frozenset(read_sections("times.txt")[section])


@cache
def table(section: str) -> dict[str, str]:
    """Return the values of a section's words; words on one line share a value."""
    found = {}
    for entry in read_sections("times.txt")[section]:
        words, _, value = entry.rpartition(" = ")
        for word in [words] if section in _PHRASES else words.split():
            found[word] = value
    return found


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, longest first; spaces match any run of white space up to three."""
    ordered = sorted(set(words), key=lambda w: (-len(w), w))
    return "|".join(re.escape(w).replace(r"\ ", r"\s{1,3}") for w in ordered)


def which(groups: dict[str, str]) -> str:
    """Return the words that say which one is meant ("last", "the following"), without those that only stress it.

    >>> which({"which": "That very same"}), which({})
    ('that', '')
    """
    words = groups.get("which", "").lower().split()
    return " ".join(w for w in words if w not in ("very", "on") and not (w == "same" and words[0] in ("this", "that")))


def number_of(words: str) -> float | None:
    """Return the value of a number in figures or words; None if it is vague ("several").

    Of two numbers ("two or three") it is the first.

    >>> number_of("thirty-five"), number_of("two and a half"), number_of("1,000"), number_of("several")
    (35.0, 2.5, 1000.0, None)
    """
    low = " ".join(words.lower().split())
    extra = 0.0
    if low.endswith((" and a half", " and a quarter")):
        extra = 0.5 if low.endswith("half") else 0.25
        low = low.rpartition(" and a")[0]
    if m := re.match(r"(\d{1,3})\s?(1/2|1/4|3/4|[½¼¾])", low):
        return float(m[1]) + {"1/2": 0.5, "½": 0.5, "1/4": 0.25, "¼": 0.25, "3/4": 0.75, "¾": 0.75}[m[2]]
    if m := re.match(r"\d[\d,]*(?:\.\d+)?", low):
        return float(m[0].replace(",", "")) + extra
    if low in ("a", "an"):
        return 1.0 + extra
    if low in ("half a", "half an", "a half"):
        return 0.5
    if low.startswith(("a couple", "couple")):
        return 2.0
    if low == "a dozen":
        return 12.0
    total = 0.0
    for word in re.split(r"[- ]", re.split(r"\s(?:to|or)\s", low)[0]):
        if word == "a":
            continue
        if word not in table("number"):
            return None
        value = float(table("number")[word])
        total = (total or 1) * value if value >= 100 else total + value
    return total + extra
