"""Where time expressions are: the patterns of ``data/lexicons/time_patterns.txt``, run over a text.

Each pattern belongs to a rule; what the words of a rule mean is in :mod:`graph.extract.times.values` and
:mod:`graph.extract.times.relative`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graph.extract.lexicon import read_lines
from graph.extract.times.words import alternatives, entries, table

__all__ = ["Found", "find", "find_all", "lead_of"]

_FILE = "time_patterns.txt"
#: How far before an expression the words are looked for that belong to it, in characters.
_LEAD_WINDOW = 60


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
        "DECADE_WORD": alternatives(table("decade word")),
        "HOLIDAY": alternatives(holidays),
        "SET": alternatives(table("set")),
        "PRESENT": alternatives(entries("present")),
        "PAST": alternatives(entries("past")),
        "FUTURE": alternatives(entries("future")),
    }


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    blocks: list[tuple[str, list[str]]] = []
    for line in read_lines(_FILE):
        if m := re.fullmatch(r"\[([A-Za-z][\w ]*)\]", line):
            blocks.append((m[1], []))
        else:
            blocks[-1][1].append(line)
    parts, found = _word_parts(), []
    for name, lines in blocks:
        pattern = re.sub(r"<([A-Z_]+)>", lambda m: parts[m[1]], "\n".join(lines))
        if name.isupper():
            parts[name] = pattern
        else:
            found.append((name, re.compile(pattern, re.VERBOSE)))
    return tuple(found)


def find_all(text: str) -> Iterator[Found]:
    """Yield all matches of all rules; they may overlap."""
    for name, pattern in _patterns():
        if not name.startswith("lead"):
            for m in pattern.finditer(text):
                yield Found(m.start(), m.end(), name, {k: v for k, v in m.groupdict().items() if v is not None})


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
    for name, pattern in _patterns():
        if name.startswith("lead") and (m := pattern.search(window)):
            return start - len(window) + m.start(), m[0].lower()
    return start, ""
