"""Time expressions (TIMEX3, ISO 24617-1) by rules: what the words are, and which time they mean.

The words of the rules are in ``data/lexicons/times.txt``, their patterns in :mod:`graph.extract.times.grammar`, their
meanings in :mod:`graph.extract.times.values` and :mod:`graph.extract.times.relative`. Relative expressions are resolved
against the date of the section they stand in, or against the date that the text told last; never against today.
"""

import re
from bisect import bisect_right
from dataclasses import replace
from functools import cache

from graph.edtf import bounds, timex_to_edtf
from graph.extract.model import Span, TimeExpression, TimexType
from graph.extract.text import Document
from graph.extract.times.calendar import granularity
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found, find, lead_of
from graph.extract.times.relative import relative_rules
from graph.extract.times.values import Meaning, Rule, rules, week_containing
from graph.extract.times.words import table

__all__ = ["find_times"]

#: Verbs that look back from where a story stands; how far around a date they are looked for, in characters.
_PLUPERFECT = re.compile(r"\bhad\s(?!(?:a|an|the|to|no|his|her|its|their)\b)(?:\w{1,20}ly\s|not\s|been\s)?\w{2,20}")
_NEAR, _HEAD = 120, 12
#: Digits of a year that is written in full.
_YEAR = 4
#: Rules whose year may stand at the end of a range: "from March 3 to April 5, 1918".
_DATED = ("date", "dayyear", "month")
_CONNECTOR = re.compile(r",?\s(?:to|and|through|until|or|-)\s(?:on\s)?")
#: Rules whose expressions take the words before them in ("the end of 2023", "early May").
_LED = frozenset(
    {"date", "month", "monthof", "year", "years", "decade", "century", "season", "unitref", "relday", "weekday", "pod"}
)


@cache
def _all_rules() -> dict[str, Rule]:
    return {**rules(), **relative_rules()}


def find_times(document: Document) -> tuple[TimeExpression, ...]:
    """Find all time expressions of an article, in order, not overlapping.

    :param document: the article, taken apart; relative expressions are resolved against the date of their section.
    """
    found = find(document.plain)
    years = [(f.start, int(f.groups["year"])) for f in found if len(f.groups.get("year", "")) == _YEAR]
    told = [
        (f.start, int(f.groups["year"]))
        for f in found
        if f.rule in ("date", "month") and len(f.groups.get("year", "")) == _YEAR and not _looks_back(document, f)
    ]
    dated = [
        (f.start, int(f.groups["year"])) for f in found if f.rule == "date" and len(f.groups.get("year", "")) == _YEAR
    ]
    contexts: dict[int, Context] = {}
    told = told or dated
    times: list[TimeExpression] = []
    for n, each in enumerate(found):
        index = max(0, bisect_right(document.sections, each.start, key=lambda s: s.span.start) - 1)
        context = contexts.setdefault(index, Context(document, document.sections[index], years, dated, told))
        shared = _with_year_of_range(document.plain, each, found[n + 1] if n + 1 < len(found) else None)
        meaning = _all_rules()[each.rule](context, shared)
        if meaning is None:
            continue
        start = each.start if meaning.start is None else meaning.start
        end = each.end if meaning.end is None else meaning.end
        if each.rule in _LED:
            start, lead = lead_of(document.plain, start, times[-1].span.end if times else 0)
            meaning = _led(meaning, lead)
        if times and start < times[-1].span.end:
            continue
        if meaning.told and meaning.type in (TimexType.DATE, TimexType.TIME):
            context.note(meaning.value, start)
        times.append(_expression(document.text, start, end, meaning))
    return tuple(_join_clocks(times, document.plain))


def _looks_back(document: Document, found: Found) -> bool:
    """Tell whether a date is not where the story stands: "the treaty of May 1993", "In 1978 they had met"."""
    if document.plain[max(0, found.start - 4) : found.start].endswith(" of "):
        return True
    sentence = document.sentence_at(found.start)
    lo = max(sentence.start if sentence else 0, found.start - _NEAR)
    hi = min(sentence.end if sentence else found.end, found.end + _NEAR)
    if found.start - lo <= _HEAD:
        return _PLUPERFECT.search(document.plain, found.end, hi) is not None
    before = document.plain[lo : found.start].rpartition(", ")[2]
    after = document.plain[found.end : hi].partition(", ")[0]
    return _PLUPERFECT.search(before) is not None or _PLUPERFECT.search(after) is not None


def _with_year_of_range(plain: str, found: Found, following: Found | None) -> Found:
    """Give a date without a year the year at the end of its range."""
    if found.rule not in ("date", "month") or following is None or following.rule not in _DATED:
        return found
    if {"year", "whose"} & found.groups.keys() or "year" not in following.groups or following.start - found.end > 12:
        return found
    if not _CONNECTOR.fullmatch(plain[found.end : following.start]):
        return found
    year = int(following.groups["year"])
    return replace(found, groups={**found.groups, "year": f"{year:04d}"})


def _led(meaning: Meaning, lead: str) -> Meaning:
    """Narrow a meaning by the words before it: "the morning of", "the summer of", "the week of", "the end of"."""
    words = lead.split()
    for word in words[:-1] if "of" in words else ():
        if word in table("part of day") and granularity(meaning.value) == "day":
            return replace(meaning, type=TimexType.TIME, value=f"{meaning.value}T{table('part of day')[word]}")
        if word in table("season") and granularity(meaning.value) == "year":
            return replace(meaning, value=f"{meaning.value}-{table('season')[word]}")
        if word == "eve" and granularity(meaning.value) == "day":
            return replace(meaning, type=TimexType.TIME, value=f"{meaning.value}TEV")
        if word in ("week", "weekend"):
            value = week_containing(meaning.value)
            return replace(meaning, value=f"{value}-WE" if word == "weekend" and "-W" in value else value)
    if "end" in words and granularity(meaning.value) == "year" and "-" not in meaning.value and "the" in words[2:]:
        return replace(meaning, value=f"{meaning.value}-12")
    return meaning


def _expression(text: str, start: int, end: int, meaning: Meaning) -> TimeExpression:
    edtf = timex_to_edtf(meaning.value) if meaning.type in (TimexType.DATE, TimexType.TIME) else None
    earliest, latest = bounds(edtf) if edtf else (None, None)
    if earliest is None and latest is None:
        edtf = None
    return TimeExpression(
        Span.of(text, start, end), meaning.type, meaning.value, edtf, earliest, latest, meaning.confidence
    )


def _join_clocks(times: list[TimeExpression], plain: str) -> list[TimeExpression]:
    """Join a time of day with the day that follows it ("noon today", "3 p.m. on Monday")."""
    joined: list[TimeExpression] = []
    for time in times:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.type == TimexType.TIME
            and re.search(r"T(?:\d\d:\d\d|NI|MO|EV|AF)", before.value)
            and granularity(time.value) == "day"
            and re.fullmatch(r",?\s(?:on\s|of\s)?", plain[before.span.end : time.span.start])
        ):
            clock = before.value[before.value.index("T") :]
            text = plain[before.span.start : time.span.end]
            span = Span(before.span.start, time.span.end, text)
            joined[-1] = replace(time, span=span, type=TimexType.TIME, value=f"{time.value[:10]}{clock}")
        else:
            joined.append(time)
    return joined
