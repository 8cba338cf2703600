"""What the words of each rule of :mod:`graph.extract.times.grammar` mean: TIMEX3 type and value.

Dates of the calendar are here; what is said relative to another date is in :mod:`graph.extract.times.relative`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from graph.extract.model import TimexType
from graph.extract.times.calendar import century_of, decade_of, part, week_of, year_of
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found
from graph.extract.times.words import entries, number_of, table

__all__ = ["Meaning", "Rule", "month_number", "rules", "year_of_words"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means. The offsets are set where the expression is not all the words that the rule found.

    :param told: whether later expressions may refer to it.
    """

    type: TimexType
    value: str
    confidence: float
    start: int | None = None
    end: int | None = None
    told: bool = True
    also: tuple["Meaning", ...] = ()


#: Words after "the past" that show it to be a noun.
_AFTER_NOUN = frozenset(
    [
        "and",
        "or",
        "is",
        "was",
        "has",
        "to",
        "but",
        "have",
        "had",
        "that",
        "with",
        "by",
        "in",
        "when",
        "for",
        "as",
        "at",
        "on",
        "if",
        "while",
        "would",
        "could",
        "will",
    ]
)

Rule = Callable[[Context, Found], Meaning | None]


def month_number(name: str) -> int:
    """Return the number of a month by its name or abbreviation."""
    return int(table("month")[name.lower().rstrip(".")])


def year_of_words(context: Context, groups: dict[str, str], at: int) -> int | None:
    """Return the year that an expression names, in figures or as "this year"."""
    if "year" in groups:
        year = int(groups["year"])
        return year + (1900 if 50 <= year < 100 else 2000 if year < 50 else 0)
    whose = " ".join(groups.get("whose", "").lower().split())
    if not whose:
        return None
    reference = part(
        context.reference(at) if whose in ("that", "the same", "the following", "the previous") else context.today, "Y"
    )
    if reference is None:
        return None
    return int(reference) + {"last": -1, "the previous": -1, "next": 1, "the following": 1}.get(whose, 0)


def _is_span_of_years(words: str) -> bool:
    """Tell "1904-05" (a war) from "2019-02" (a month)."""
    return int(words[5:7]) > int(words[2:4])


def _valid(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _digits(day: str) -> int:
    return int(re.match(r"\d+", day)[0])  # type: ignore[index]  # the pattern has digits


def _date(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    month = int(groups["month"]) if "month" in groups else month_number(groups["mon"])
    year = year_of_words(context, groups, found.start)
    if "day" not in groups and year is not None:
        if "bare" in groups and _is_span_of_years(context.document.text[found.start : found.end]):
            return Meaning(TimexType.DATE, f"{year:04d}/{year // 100:02d}{month:02d}", 0.9)
        return Meaning(TimexType.DATE, f"{year:04d}-{month:02d}", 0.95)
    day = _digits(groups["day"])
    sure = 0.98
    if year is None:
        found_value, sure = context.month(month, day, found.start, found.end)
        value = found_value
    else:
        value = f"{year:04d}-{month:02d}-{day:02d}"
    if not value.startswith("X") and not _valid(value):
        return None
    if "clock" in groups:
        return Meaning(TimexType.TIME, f"{value}T{groups['clock']}", sure)
    last = groups.get("day3") or groups.get("day2")
    if last:
        month2 = month_number(groups.get("mon3") or groups["mon2"]) if "mon2" in groups or "mon3" in groups else month
        start_year = int(value[:4]) if value[:4].isdigit() else None
        if start_year is not None and "year" in groups and month2 < month:
            value = f"{start_year - 1:04d}{value[4:]}"
        end = f"{start_year if start_year is not None else 'XXXX'}-{month2:02d}-{_digits(last):02d}"
        if start_year is None or (_valid(end) and value < end):
            return Meaning(TimexType.DATE, f"{value}/{end}", sure)
        return None
    return Meaning(TimexType.DATE, value, sure)


def _day_and_year(context: Context, found: Found) -> Meaning | None:
    """Read "... to 26, 1945": a day whose month was told just before."""
    before = context.document.plain[max(0, found.start - 40) : found.start]
    m = re.search(r"([A-Z][a-z]{2,8}\.?)\s\d{1,2}(?:,\s\d{4})?,?\s(?:to|and|through|until|or)\s\Z", before)
    if not m or m[1].lower().rstrip(".") not in table("month"):
        return None
    value = f"{int(found.groups['year']):04d}-{month_number(m[1]):02d}-{_digits(found.groups['day']):02d}"
    return Meaning(TimexType.DATE, value, 0.9) if _valid(value) else None


def _month(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    month = month_number(groups["mon"])
    year = year_of_words(context, groups, found.start)
    if year is None and ("year" in groups or "whose" in groups or not _is_month(context, found)):
        return None
    sure = 0.95
    if year is None:
        value, sure = context.month(month, None, found.start, found.end)
    else:
        value = f"{year:04d}-{month:02d}"
    if "mon2" in groups:
        month2 = month_number(groups["mon2"])
        if value.startswith("X"):
            return Meaning(TimexType.DATE, value, sure)
        end = int(value[:4])
        start = end - 1 if month2 < month else end
        value = f"{start:04d}-{month:02d}/{end:04d}-{month2:02d}"
    return Meaning(TimexType.DATE, value, sure)


def _is_month(context: Context, found: Found) -> bool:
    """Tell whether the bare name of a month is one: not "May" the modal verb or surname, nor "April" the given name."""
    plain = context.document.plain
    before = re.search(r"([\w.']+)([^\w]{0,3})\Z", plain[max(0, found.start - 25) : found.start])
    word, gap = (before[1], before[2]) if before else ("", "")
    after = plain[found.end : found.end + 20]
    if re.match(r"[\"]?\s[A-Z][a-z]", after) and (word.lower() == "the" or word.lower() not in entries("month before")):
        return False  # "the October Revolution"
    if re.match(r"'s\s(?:government|cabinet|party|resignation)|\s?-[a-z]|\s\d", after):
        return False
    prepared = word.lower() in entries("month before") and gap in (" ", "-", "\n")
    if "mon2" in found.groups:
        return True
    if found.groups["mon"].lower() in ("may", "march"):
        return prepared and not after.startswith("'s ")
    capital = word[:1].isupper() and gap == " " and not prepared
    return not capital or word.lower() in ("last", "next", "this", "early", "late")


def _year(context: Context, found: Found) -> Meaning | None:
    plain = context.document.plain
    year = found.groups["year"]
    window = plain[max(0, found.start - 30) : found.start]
    before = re.search(r"([\w.']+)([^\w]{0,3})\Z", window)
    word = before[1].lower() if before else ""
    after = re.match(r"[\s-]{0,2}([A-Za-z]+)", plain[found.end : found.end + 20])
    if after and after[1].lower() in entries("number after") | {"utc", "gmt", "hours"}:
        return None
    if word in entries("number before") and not (word in ("about", "over", "some", "least") and window.endswith("in ")):
        return None
    if before and before[2] == "-" and word not in ("mid", "pre", "post", "late", "early", "then"):
        return None
    if int(year) < 1700 and word not in entries("year before"):
        return None
    # A year that only qualifies ("the 1967 war") or looks back ("since 1833") is not where the story stands.
    told = word in ("in", "by", "through", "throughout", "from", "during", "and", "early", "mid", "late")
    before_it = context.last and year_of(context.last[0])
    if told and before_it and int(year) < before_it and not context.opens_sentence(found.start):
        told = False
    return Meaning(TimexType.DATE, year, 0.9, told=told)


def _years(context: Context, found: Found) -> Meaning | None:
    start, end = found.groups["year"], found.groups["year2"]
    end = start[: 4 - len(end)] + end
    return Meaning(TimexType.DATE, f"{start}/{end}", 0.9) if start < end <= f"{int(start) + 200:04d}" else None


def _year_of_era(context: Context, found: Found) -> Meaning | None:
    number = int(found.groups["num"])
    if not number:
        return None
    if found.groups.get("era", "").strip().startswith("B"):
        return Meaning(TimexType.DATE, f"BC{number:04d}", 0.9, told=False)
    return Meaning(TimexType.DATE, f"{number:04d}", 0.9)


def _decade(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    if "decade" in groups:
        year = int(groups["decade"])
        if year % 100 == 0 and year < 2000 and "edge" not in groups:
            return Meaning(TimexType.DATE, f"{year // 100:02d}XX", 0.8, told=False)
        return Meaning(TimexType.DATE, decade_of(year), 0.9, told=False)
    plain = context.document.plain
    if "short" in groups:
        tens = int(groups["short"][0])
    else:
        tens = int(table("decade word")[groups["word"]])
        head = plain[max(0, found.start - 4) : found.start + 4].lower()
        if "hundred" not in groups and "the" not in head:
            return None  # "in his sixties"
    base = 1800 if groups.get("hundred") == "eighteen" else 1900
    return Meaning(TimexType.DATE, decade_of(base + 10 * tens), 0.8, told=False)


def _century(context: Context, found: Found) -> Meaning | None:
    number = _ordinal(found.groups["ord"])
    if not number or number > 30:
        return None
    if found.groups.get("era", "").strip().startswith("B"):
        return None
    if "ord2" in found.groups:
        return Meaning(
            TimexType.DATE, f"{century_of(number)}/{century_of(_ordinal(found.groups['ord2']))}", 0.7, told=False
        )
    return Meaning(TimexType.DATE, century_of(number), 0.9, told=False)


def _ordinal(word: str) -> int:
    low = word.lower()
    return _digits(low) if low[0].isdigit() else int(table("ordinal")[re.sub(r"\s", "-", low)])


def _half(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    year = year_of_words(context, groups, found.start)
    if year is None and groups.get("whose") == "the":
        reference = part(context.reference(found.start), "Y")
        year = int(reference) if reference else None
    if year is None:
        return None
    if "q" in groups:
        return Meaning(TimexType.DATE, f"{year:04d}-Q{groups['q']}", 0.9)
    if "h" in groups:
        return Meaning(TimexType.DATE, f"{year:04d}-H{groups['h']}", 0.9)
    word = groups["ord"].lower()
    if groups["unit"] == "half":
        return Meaning(TimexType.DATE, f"{year:04d}-H{1 if word == 'first' else 2}", 0.85)
    quarter = 4 if word in ("last", "final") else int(table("ordinal").get(word, "4"))
    return Meaning(TimexType.DATE, f"{year:04d}-Q{quarter}", 0.85)


def _fiscal(context: Context, found: Found) -> Meaning | None:
    year = year_of_words(context, found.groups, found.start)
    return None if year is None else Meaning(TimexType.DATE, f"FY{year:04d}", 0.7, told=False)


def _holiday(context: Context, found: Found) -> Meaning | None:
    rule = table("holiday")[found.groups["holiday"].lower()]
    month = int(rule[:2])
    year = int(found.groups["year"]) if "year" in found.groups else None
    if year is None:
        value, _ = context.month(month, None, found.start, found.end)
        if value.startswith("X"):
            return Meaning(TimexType.DATE, value, 0.3, told=False)
        year = int(value[:4])
    if rule.endswith("-E"):  # the Tuesday after the first Monday of November
        day = 2 + (7 - date(year, 11, 1).weekday()) % 7
    elif re.fullmatch(r"\d\d-\d-\d", rule):  # month, weekday, which one
        weekday, which = int(rule[3]), int(rule[5])
        day = 1 + (weekday - date(year, month, 1).isoweekday()) % 7 + 7 * (which - 1)
    else:
        day = int(rule[3:])
    return Meaning(TimexType.DATE, f"{year:04d}-{month:02d}-{day:02d}", 0.7)


def _set(context: Context, found: Found) -> Meaning | None:
    after = re.match(r"\s([A-Za-z]+)", context.document.plain[found.end : found.end + 25])
    if after and (
        after[1].lower() in entries("not a set before")
        or (found.groups["word"].lower() == "daily" and after[1][0].isupper())
    ):
        return None
    return Meaning(TimexType.SET, table("set")[found.groups["word"].lower()], 0.8, told=False)


def _each(context: Context, found: Found) -> Meaning | None:
    unit = found.groups["unit"].lower()
    number = found.groups.get("num", "")
    if unit in table("weekday"):
        return Meaning(TimexType.SET, f"XXXX-WXX-{table('weekday')[unit]}", 0.8, told=False)
    if unit in table("month"):
        return Meaning(TimexType.SET, f"XXXX-{int(table('month')[unit]):02d}", 0.8, told=False)
    amount = 2.0 if number == "other" else (number_of(number) or 1.0) if number else 1.0
    letter = table("unit")[unit]
    return Meaning(TimexType.SET, f"P{'T' if letter[0] == 'T' else ''}{amount:g}{letter.lstrip('T')}", 0.9, told=False)


def _per(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    unit = groups.get("unit") or groups.get("unit2") or groups.get("unit3") or "year"
    letter = table("unit")["year" if unit == "annum" else unit]
    return Meaning(TimexType.SET, f"P{'T' if letter[0] == 'T' else ''}1{letter.lstrip('T')}", 0.85, told=False)


def _vague(value: str, sure: float) -> Rule:
    return lambda context, found: Meaning(TimexType.DATE, value, sure, told=False)


def _past(context: Context, found: Found) -> Meaning | None:
    after = re.match(r"\s([a-z]+)", context.document.plain[found.end : found.end + 20])
    if found.groups["word"].lower() == "the past" and after and after[1] not in _AFTER_NOUN:
        return None  # "the past negotiations"
    return Meaning(TimexType.DATE, "PAST_REF", 0.7, told=False)


def _future(context: Context, found: Found) -> Meaning | None:
    after = re.match(r"\s([a-z]+)", context.document.plain[found.end : found.end + 20])
    if found.groups["word"].lower() == "the future" and after and after[1] not in _AFTER_NOUN:
        return None
    return Meaning(TimexType.DATE, "FUTURE_REF", 0.6, told=False)


def _soon(context: Context, found: Found) -> Meaning | None:
    if context.direction(found.start, found.end) < 0:
        return None
    return Meaning(TimexType.DATE, "FUTURE_REF", 0.5, told=False)


def week_containing(value: str) -> str:
    """Return the week that a day is in; other values as they are."""
    return week_of(date.fromisoformat(value)) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value


def rules() -> dict[str, Rule]:
    """Return the rules of this module by name."""
    return {
        "date": _date, "dayyear": _day_and_year, "month": _month, "year": _year, "years": _years,
        "yearof": _year_of_era, "decade": _decade, "century": _century, "half": _half, "fiscal": _fiscal,
        "holiday": _holiday, "set": _set, "each": _each, "per": _per, "present": _vague("PRESENT_REF", 0.8),
        "current": _vague("PRESENT_REF", 0.4), "recent": _vague("PAST_REF", 0.4), "past": _past, "future": _future,
        "soon": _soon,
    }  # fmt: skip


__all__ += ["week_containing"]
