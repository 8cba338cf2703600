"""What parts of a year mean: quarters, halves, fiscal years, seasons, holidays."""

import re
from datetime import date, timedelta

from graph.extract.model import TimexType
from graph.extract.times.basis import Basis
from graph.extract.times.calendar import (
    day_of,
    granularity,
    month_near,
    part,
    season_near,
    shift,
    week_of,
    year_of,
)
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found
from graph.extract.times.meaning import Meaning, Rule
from graph.extract.times.values import ordinal, year_of_words
from graph.extract.times.words import entries, table, which

__all__ = ["period_rules"]

#: Month in which the fiscal year of the United States begins; it has the number of the year that it ends in.
_FISCAL = 10
_NOVEMBER = 11
#: The last year of the Julian calendar, whose Easter is another.
_JULIAN = 1582


def _date(value: str, basis: Basis, *, told: bool = True) -> Meaning:
    return Meaning(TimexType.DATE, value, basis, told=told)


def _half(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    year, basis = _year_of_part(context, found)
    if year is None:
        return None
    if "h" in groups:
        return _date(f"{year:04d}-H{groups['h']}", basis)
    return _date(f"{year:04d}-H{1 if groups['ord'].lower() == 'first' else 2}", basis)


def _year_of_part(context: Context, found: Found) -> tuple[int | None, Basis]:
    """Return the year that a part of a year is of, where the words say it."""
    year = year_of_words(context, found.groups, found.start)
    if year is not None:
        return year, Basis.EXPLICIT if "year" in found.groups else Basis.PUBLISHED
    if found.groups.get("whose") == "the":
        return year_of(context.reference(found.start)), Basis.TOLD
    return None, Basis.UNKNOWN


def _quarter(context: Context, found: Found) -> Meaning | None:
    """Read "the third quarter": of the year that is named, or told of, or else the nearest one by tense."""
    groups = found.groups
    told = context.period_told(found.start)
    if "ago" in groups and "ord" not in groups:  # "the year-ago quarter"
        value = shift(told, -1, "Y") or shift(part(context.today, "Y"), -1, "Y")
        return _date(value, Basis.TOLD, told=False) if value else None
    word = groups.get("ord", groups.get("q", "")).lower()
    number = 4 if word in ("last", "final") else int(word) if word.isdigit() else ordinal(word)
    if not 1 <= number <= 4:
        return None
    year, basis = _year_of_part(context, found)
    if year is not None:
        return _date(f"{year:04d}-Q{number}", basis)
    if word in ("last", "final"):
        before = shift(part(context.today, "Q"), -1, "Q") if word == "last" else None
        return _date(before, Basis.PUBLISHED) if before else None
    if context.published is None:
        year = year_of(context.reference(found.start))
        return _date(f"{year:04d}-Q{number}", Basis.PASSAGE) if year else None
    now = (context.published.month + 2) // 3
    if context.direction(found.start, found.end) > 0:
        # Results are expected of the quarter that is over: only the first one of the next year is near.
        year = context.published.year + (number <= now - 3)
    else:
        year = context.published.year - (number > now)
    return _date(f"{year - ('ago' in groups):04d}-Q{number}", Basis.TENSE)


def _the_quarter(context: Context, found: Found) -> Meaning | None:
    """Read "the quarter", "the 2018 quarter", "the latest quarter": the one told last, or that before publication."""
    told = context.period_told(found.start)
    if "year" in found.groups:
        value = f"{found.groups['year']}{told[4:]}" if told and "Q" in told else found.groups["year"]
        return _date(value, Basis.TOLD)
    if told:
        return _date(told, Basis.TOLD)
    latest = found.groups.get("latest")
    if latest is None or context.published is None:
        return None
    quarter = shift(part(context.today, "Q"), 0 if latest == "current" else -1, "Q")
    return _date(quarter, Basis.PUBLISHED) if quarter else None


def _fiscal(context: Context, found: Found) -> Meaning | None:
    year = year_of_words(context, found.groups, found.start)
    if year is not None:
        return _date(f"FY{year:04d}", Basis.EXPLICIT, told=False)
    word = which(found.groups)
    day = day_of(context.today)
    if day is None or word in ("a", "each", "every"):
        return None
    step = {"the latest": -1, "the current": 0, "this": 0, "the": 0, "the new": 1}.get(word)
    step = int(table("step").get(word, "0")) if step is None else step
    return _date(f"FY{day.year + (day.month >= _FISCAL) + step:04d}", Basis.PUBLISHED, told=False)


def _holiday(context: Context, found: Found) -> Meaning | None:
    rule = table("holiday")[found.groups["holiday"].lower()]
    month = int(rule[:2])
    year, basis = int(found.groups.get("year", "0")), Basis.EXPLICIT
    step = int(table("step").get(which(found.groups), "0"))
    if not year and step and context.published:
        value, basis = month_near(context.published, month, step, strict=True) or "", Basis.TENSE
        year = int(value[:4] or "0")
    if not year:
        value, basis = context.month(month, None, found.start, found.end)
        if value.startswith("X"):
            return _date(value, Basis.UNKNOWN, told=False)
        year = int(value[:4])
    if rule.endswith("-P"):  # so many days from Easter Sunday
        if year <= _JULIAN:
            return _date(f"{year:04d}", basis)
        feast = _easter(year) + timedelta(int(rule[3:-2]))
        month, day = feast.month, feast.day
    elif rule.endswith("-E"):  # the Tuesday after the first Monday of November
        day = 2 + (7 - date(year, _NOVEMBER, 1).weekday()) % 7
    elif re.fullmatch(r"\d\d-\d-\d", rule):  # month, weekday, which one
        weekday, number = int(rule[3]), int(rule[5])
        day = 1 + (weekday - date(year, month, 1).isoweekday()) % 7 + 7 * (number - 1)
    else:
        day = int(rule[3:])
    if "week" in found.groups:
        return _date(week_of(date(year, month, day)), basis)
    return _date(f"{year:04d}-{month:02d}-{day:02d}", basis)


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return date(year, month, day + 1)


def _season(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    season = table("season")[groups["season"].lower()]
    if "year" in groups:
        return _date(f"{int(groups['year']):04d}-{season}", Basis.EXPLICIT)
    word = which(groups)
    if (not word and "edge" not in groups and "in" not in groups) or _is_no_season(context, found, word):
        return None
    told = context.told_near(found.start, 1)
    year = year_of(told)
    step = int(table("step").get(word, "0"))
    anaphoric = word in ("", "that", "the", "the same", "the following", "the next", "the previous")
    if anaphoric and year and (not context.published or year != context.published.year):
        if word in ("the", "") and granularity(told) in ("day", "month") and _has_passed(str(told), season):
            step = 1
        return _date(f"{year + (0 if word == 'the same' else step):04d}-{season}", Basis.TOLD)
    if context.published is None:
        year = year or year_of(context.reference(found.start))
        return _date(f"{year or 'XXXX'}-{season}", Basis.PASSAGE if year else Basis.UNKNOWN)
    if word == "this":
        return _date(f"{context.published.year:04d}-{season}", Basis.PUBLISHED)
    direction = step or context.direction(found.start, found.end)
    return _date(season_near(context.published, season, direction, strict=word in ("last", "next")), Basis.TENSE)


def _has_passed(told: str, season: str) -> bool:
    """Tell whether a season lies half a year or more before a day or month: "in November ... in the spring"."""
    return int(told[5:7]) - {"SP": 4, "SU": 7, "FA": 10, "WI": 13}[season] >= 6


def _is_no_season(context: Context, found: Found, word: str) -> bool:
    """Tell a season from "the fall of the regime" and "the Winter Palace"."""
    plain = context.document.plain
    if found.groups["season"] == "fall" and word in ("the", ""):
        before = plain[max(0, found.start - 12) : found.start + len("in ")].lower()
        if not re.search(r"\b(?:in|by|during|until|since|through)\s(?:the|fall|\Z)", before) or re.match(
            r"\sof\b", plain[found.end : found.end + 4]
        ):
            return True
    after = re.match(r"\s([A-Za-z]+)", plain[found.end : found.end + 20])
    return after is not None and after[1].lower() in entries("no season before")


def period_rules() -> dict[str, Rule]:
    """Return the rules of this module by name."""
    return {
        "half": _half, "quarter": _quarter, "thequarter": _the_quarter, "fiscal": _fiscal, "holiday": _holiday,
        "season": _season,
    }  # fmt: skip
