"""Where time expressions are: the patterns of ``data/lexicons/time_patterns.txt``, run over a text.

Each pattern belongs to a rule; what the words of a rule mean is in :mod:`graph.extract.times.values` and
:mod:`graph.extract.times.relative`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graph.extract.times.words import alternatives, entries, table
from graph.files import read_lines

__all__ = ["Found", "find", "find_all", "lead_of"]

_FILE = "time_patterns.txt"
#: How far before an expression the words are looked for that belong to it, in characters.
_LEAD_WINDOW = 60
#: Keys of patterns that are no words: any digits, as many as a year has, those of a decade ("1970s").
_DIGITS, _YEAR, _DECADES = "digits", "year", "decades"
#: How far before and after a word or figure its expression reaches, and how long a word is at most, in characters.
_BEFORE, _AFTER, _AROUND_FIGURES, _WORD = 90, 70, 50, 30
_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+(?:'?s\b)?")


@dataclass(frozen=True, slots=True)
class Found:
    """Words found by a rule; ``groups`` are the parts of its pattern that took part."""

    start: int
    end: int
    rule: str
    groups: dict[str, str]


def _word_parts() -> dict[str, str]:
    """Return the parts of patterns that are lists of words."""
    months, weekdays = table("month"), table("weekday")
    names = [w for w in months if len(w) > 4 or w in ("may", "june", "july")]
    short = [w for w in months if w not in names]
    capital = [w.capitalize() for w in names] + [w.upper() for w in names]
    holidays = [h.title().replace("'S", "'s") for h in table("holiday")]
    return {
        "MONTH": rf"(?:{alternatives(capital)})\b|(?:{alternatives(w.capitalize() for w in short)})\b\.?",
        "MONTH_NAME": alternatives(w.capitalize() for w in names),
        "WEEKDAY": rf"(?:{alternatives(w.capitalize() for w in weekdays)})\b\.?",
        "WEEKDAY_NAME": alternatives(w.capitalize() for w in weekdays if w.endswith("day")),
        "SEASON": alternatives(table("season")),
        "ORDINAL": alternatives(table("ordinal")) + r"|\d{1,2}(?:st|nd|rd|th)",
        "NUMBER_WORD": alternatives(w for w in table("number") if w not in ("hundred", "thousand")),
        "UNIT_WORD": alternatives(w for w, n in table("number").items() if 0 < int(n) < 10),
        "TEEN_WORD": alternatives(w for w, n in table("number").items() if 10 <= int(n) < 20),
        "TENS_WORD": alternatives(w for w, n in table("number").items() if 20 <= int(n) < 100),
        "DECADE_WORD": alternatives(table("decade word")),
        "HOLIDAY": alternatives(holidays),
        "SET": alternatives(table("set")),
        "PRESENT": alternatives(entries("present")),
        "PAST": alternatives(entries("past")),
        "FUTURE": alternatives(entries("future")),
    }


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of a rule; ``keys`` name the kinds of words of which each match holds one."""

    rule: str
    keys: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _patterns() -> tuple[_Pattern, ...]:
    blocks: list[tuple[str, str, list[str]]] = []
    for line in read_lines(_FILE):
        if m := re.fullmatch(r"\[([A-Za-z][\w ]*)(?:: (.+))?\]", line):
            blocks.append((m[1], m[2] or "", []))
        else:
            blocks[-1][2].append(line)
    parts, found = _word_parts(), []
    for name, keys, lines in blocks:
        pattern = re.sub(r"<([A-Z_]+)>", lambda m: parts[m[1]], "\n".join(lines))
        if name.isupper():
            parts[name] = pattern
        else:
            found.append(_Pattern(name, tuple(keys.split(", ")), re.compile(pattern, re.VERBOSE)))
    return tuple(found)


@cache
def _key_words() -> dict[str, tuple[str, ...]]:
    """Return the keys of patterns by word, lower case; of a phrase the longest word stands for it."""
    found: dict[str, set[str]] = {}
    for key in {key for pattern in _patterns() for key in pattern.keys}:
        if key.startswith("="):
            words = [key[1:]]
        elif key in ("", _DIGITS, _YEAR, _DECADES):
            continue
        else:
            phrases = [entry.rpartition(" = ")[0] or entry for entry in entries(key)]
            one_by_one = key not in ("present", "past", "future", "holiday")
            words = [w for p in phrases for w in (p.split() if one_by_one else [max(_TOKEN.findall(p), key=len)])]
        for word in words:
            for form in (word, f"{word}s"):
                found.setdefault(max(_TOKEN.findall(form), key=len), set()).add(key)
    return {word: tuple(sorted(keys)) for word, keys in found.items()}


def _windows(text: str) -> dict[str, list[tuple[int, int]]]:
    """Return the stretches of a text around the words of each key, in order, not overlapping."""
    words = _key_words()
    windows: dict[str, list[tuple[int, int]]] = {}
    for m in _TOKEN.finditer(text):
        word = m[0]
        if word[0].isdigit():
            keys = _figures(word)
            start, end = m.start() - _AROUND_FIGURES, m.end() + _AROUND_FIGURES
        else:
            keys = words.get(word.lower(), ())
            start, end = m.start() - _BEFORE, m.end() + _AFTER
        for key in keys:
            _widen(windows.setdefault(key, []), start, end)
    return windows


def _figures(word: str) -> tuple[str, ...]:
    if word[-1] == "s" and word[-2].isdigit():
        return (_DECADES,)
    if word[-1] == "s":  # "the 1970's", but "1965's war" too
        return (_DECADES, _DIGITS, _YEAR)
    return (_DIGITS, _YEAR) if len(word) in (3, 4) else (_DIGITS,)


def _widen(windows: list[tuple[int, int]], start: int, end: int) -> None:
    if windows and windows[-1][1] >= start:
        windows[-1] = (windows[-1][0], end)
    else:
        windows.append((start, end))


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    """Move the edges of a stretch outwards, to white space, so that no word is cut."""
    start, end = max(0, start), min(len(text), end)
    before, after = text.rfind(" ", max(0, start - _WORD), start), text.find(" ", end, end + _WORD)
    return max(start if before < 0 else before, 0), end if after < 0 else after


def find_all(text: str) -> Iterator[Found]:
    """Yield all matches of all rules; they may overlap."""
    windows = {key: [_cut(text, *w) for w in spans] for key, spans in _windows(text).items()}
    for each in _patterns():
        if each.rule.startswith("lead"):
            continue
        for start, end in _merged([windows[key] for key in each.keys if key in windows]):
            for m in each.pattern.finditer(text, start, end):
                groups = {k.partition("_")[0]: v for k, v in m.groupdict().items() if v is not None}
                yield Found(m.start(), m.end(), each.rule, groups)


def _merged(spans: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    if len(spans) == 1:
        return spans[0]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for each in spans for span in each):
        _widen(merged, start, max(end, merged[-1][1]) if merged and merged[-1][1] >= start else end)
    return merged


def find(text: str) -> list[Found]:
    """Return matches in order, not overlapping; of those that do, the longest stays, then that of the earlier rule."""
    ordered = sorted(enumerate(find_all(text)), key=lambda pair: (pair[1].start - pair[1].end, pair[0]))
    starts: list[int] = []
    kept: list[Found] = []
    for _, found in ordered:
        at = bisect_left(starts, found.start)
        if at and kept[at - 1].end > found.start:
            continue
        if at < len(kept) and kept[at].start < found.end:
            continue
        starts.insert(at, found.start)
        kept.insert(at, found)
    return kept


def lead_of(text: str, start: int, floor: int) -> tuple[int, str]:
    """Return where the words before an expression begin that belong to it ("the end of", "early"), and those words.

    :param floor: where the expression before it ends.
    """
    window = text[max(floor, start - _LEAD_WINDOW) : start]
    for each in _patterns():
        if each.rule.startswith("lead") and (m := each.pattern.search(window)):
            return start - len(window) + m.start(), m[0].lower()
    return start, ""
