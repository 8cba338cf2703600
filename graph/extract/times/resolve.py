"""Which time each expression of a text means, read from its start to its end.

Relative expressions are resolved against the date of the section they stand in, or against the date that the text told
last; never against today.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from graph.extract.model import Section, TimexType
from graph.extract.text import Document
from graph.extract.times.basis import Basis
from graph.extract.times.calendar import granularity
from graph.extract.times.clock import clock_rules
from graph.extract.times.context import Context, Outline
from graph.extract.times.grammar import Found, find, lead_of
from graph.extract.times.lengths import length_rules
from graph.extract.times.meaning import Meaning, Rule
from graph.extract.times.periods import period_rules
from graph.extract.times.relative import relative_rules
from graph.extract.times.values import rules, week_containing
from graph.extract.times.words import table, which

__all__ = ["Resolved", "resolve"]

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
    {
        "date",
        "month",
        "monthof",
        "year",
        "years",
        "decade",
        "century",
        "season",
        "unitref",
        "relday",
        "weekday",
        "pod",
        "yearwords",
    }
)
#: How expressions end that count from another date.
_COUNTED = (" earlier", " later", " before", " after", " ago", " afterwards", " thereafter")
#: How many expressions before and after a time of day its day is looked for.
_BESIDE = 6
#: What these dates are counted from is the publication, not the story.
_OF_TODAY = (Basis.PUBLISHED, Basis.TENSE, Basis.CLOCK)
_PLACED = (TimexType.DATE, TimexType.TIME)
_TIME_OF_DAY = re.compile(r"T(?:\d\d:\d\d|NI|MO|EV|AF)")


@dataclass(frozen=True, slots=True)
class Resolved:
    """An expression and what it means; the offsets count in the text of the article."""

    start: int
    end: int
    meaning: Meaning


@cache
def _all_rules() -> dict[str, Rule]:
    return {**rules(), **period_rules(), **relative_rules(), **clock_rules(), **length_rules()}


def resolve(document: Document) -> tuple[Resolved, ...]:
    """Find all time expressions of an article, in order, not overlapping, and what they mean."""
    found = find(document.plain)
    contexts = [Context(document, s, _outline(_within(found, s), s.published)) for s in document.sections]
    times: list[Resolved] = []
    for n, each in enumerate(found):
        section = max(0, bisect_right(document.sections, each.start, key=lambda s: s.span.start) - 1)
        context = contexts[section]
        shared = _with_year_of_range(document.plain, each, found[n + 1] if n + 1 < len(found) else None)
        meaning = _all_rules()[each.rule](context, shared)
        if meaning is None:
            continue
        start = each.start if meaning.start is None else meaning.start
        end = each.end if meaning.end is None else meaning.end
        if each.rule in _LED:
            start, lead = lead_of(document.plain, start, times[-1].end if times else 0)
            meaning = _led(meaning, lead)
        if times and start < times[-1].end:
            continue
        time = Resolved(start, end, meaning)
        if times and _is_day_of(times[-1], time, document.plain):
            time = _joined(times.pop(), time)
        if time.meaning.type in _PLACED:
            back = "year" in each.groups and _looks_back(document, each, context.published)
            story = meaning.basis not in _OF_TODAY and not back
            told = time.meaning.told and not (context.published and _only_names(document.plain, each))
            told = told and not (times and _only_bounds(document.plain, times[-1], each))
            context.note(time.meaning.value, start, told=told, story=story)
        times.append(time)
    return tuple(_with_day_of_sentence(_with_date_in_apposition(times, document.plain), document))


def _within(found: list[Found], section: Section) -> list[Found]:
    lo = bisect_left(found, section.span.start, key=lambda f: f.start)
    return found[lo : bisect_left(found, section.span.end, lo, key=lambda f: f.start)]


def _outline(found: list[Found], published: date | None) -> Outline:
    years = [(f.start, int(f.groups["year"]), f.rule) for f in found if len(f.groups.get("year", "")) == _YEAR]
    since = published.year - 1 if published else 0
    dates = [(at, year) for at, year, rule in years if rule in ("date", "month")]
    return Outline(
        [(at, year) for at, year, _ in years],
        [(at, year) for at, year, rule in years if rule == "date"],
        sorted([at for at, year in dates if year >= since] + [f.start for f in found if _is_deictic(f)]),
        [at for at, year in dates if year < since],
    )


def _is_deictic(found: Found) -> bool:
    """Tell whether an expression can only be understood by who knows today's date."""
    return found.rule in ("relday", "tonight") or (
        found.rule in ("weekday", "unitref", "monthof") and which(found.groups) in ("", "last", "this", "next")
    )


def _looks_back(document: Document, found: Found, published: date | None) -> bool:
    """Tell whether a date is not where the story stands.

    "The treaty of May 1993", "who left in 1978", "In 1978 they had met".
    """
    if document.plain[max(0, found.start - 4) : found.start].endswith(" of "):
        return True
    sentence = document.sentence_at(found.start)
    lo = max(sentence.start if sentence else 0, found.start - _NEAR)
    hi = min(sentence.end if sentence else found.end, found.end + _NEAR)
    if found.start - lo <= _HEAD:
        return _PLUPERFECT.search(document.plain, found.end, hi) is not None
    before = document.plain[lo : found.start].rpartition(", ")[2]
    if published and before.startswith(("who ", "which ", "whose ")):
        return True
    after = document.plain[found.end : hi].partition(", ")[0]
    return _PLUPERFECT.search(before) is not None or _PLUPERFECT.search(after) is not None


def _only_names(plain: str, found: Found) -> bool:
    """Tell whether a full date says which happening is meant: "the Dec. 21, 1988, bombing"."""
    return (
        found.rule == "date"
        and "year" in found.groups
        and plain[found.start : found.start + 4].lower() == "the "
        and re.match(r",?\s(?!(?:and|or|to|through)\b)[a-z]", plain[found.end : found.end + 12]) is not None
    )


def _only_bounds(plain: str, before: Resolved, found: Found) -> bool:
    """Tell whether a date says which day the one before it is: "10 April, the Friday before Easter"."""
    between = plain[before.end : found.start]
    return len(between) <= _NEAR and re.search(r"(?:^|\bthe\s\w+)\s(?:before|after)\s$", between) is not None


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


def _is_day_of(before: Resolved, time: Resolved, plain: str) -> bool:
    """Tell whether a time of day has its day right behind it: "noon today", "3 p.m. on Monday"."""
    return (
        before.meaning.type is TimexType.TIME
        and time.meaning.type is TimexType.DATE
        and _TIME_OF_DAY.search(before.meaning.value) is not None
        and granularity(time.meaning.value) == "day"
        and re.fullmatch(r",?\s(?:on\s|of\s)?", plain[before.end : time.start]) is not None
    )


def _joined(before: Resolved, time: Resolved) -> Resolved:
    clock = before.meaning.value.partition("T")[2]
    meaning = replace(time.meaning, type=TimexType.TIME, value=f"{time.meaning.value[:10]}T{clock}")
    return Resolved(before.start, time.end, meaning)


def _with_date_in_apposition(times: list[Resolved], plain: str) -> list[Resolved]:
    """Give what is counted from a date told the date that says it at once: "two months later, in February 1973"."""
    found = list(times)
    for n, (time, following) in enumerate(pairwise(times)):
        if (
            time.meaning.basis in (Basis.TOLD, Basis.VAGUE)
            and following.meaning.basis is Basis.EXPLICIT
            and plain[time.start : time.end].lower().endswith(_COUNTED)
            and re.fullmatch(r",\s(?:in|on|at)\s(?:the\s)?", plain[time.end : following.start])
        ):
            found[n] = replace(time, meaning=following.meaning)
    return found


def _with_day_of_sentence(times: list[Resolved], document: Document) -> Iterator[Resolved]:
    """Yield the expressions; a time of day gets the day that only stands behind it: "At noon he left on 3 May"."""
    for n, time in enumerate(times):
        if time.meaning.basis is Basis.CLOCK and time.meaning.type is TimexType.TIME:
            sentence = document.sentence_at(time.start)
            days = [
                other
                for other in times[max(0, n - _BESIDE) : n + _BESIDE]
                if sentence
                and sentence.start <= other.start < sentence.end
                and other.meaning.type is TimexType.DATE
                and granularity(other.meaning.value) == "day"
            ]
            if days and days[0].start > time.start and days[0].start - time.end <= _NEAR:
                value = f"{days[0].meaning.value}T{time.meaning.value.partition('T')[2]}"
                yield replace(time, meaning=replace(time.meaning, value=value))
                continue
        yield time
