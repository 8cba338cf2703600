"""What the words of each rule of :mod:`graph.extract.times.grammar` mean: TIMEX3 type and value.

Dates of the calendar are here; what is said relative to another date is in :mod:`graph.extract.times.relative`.
"""

import re
from dataclasses import replace
from datetime import date

from graph.extract.model import TimexType
from graph.extract.times.basis import Basis
from graph.extract.times.calendar import century_of, decade_of, part, week_of, year_of
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found
from graph.extract.times.meaning import Meaning, Rule
from graph.extract.times.words import entries, number_of, table

__all__ = ["month_number", "ordinal", "rules", "week_containing", "year_of_words"]


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
            return Meaning(TimexType.DATE, f"{year:04d}/{year // 100:02d}{month:02d}", Basis.EXPLICIT)
        return Meaning(TimexType.DATE, f"{year:04d}-{month:02d}", Basis.EXPLICIT)
    day = _digits(groups["day"])
    basis = Basis.EXPLICIT
    if year is None:
        found_value, basis = context.month(month, day, found.start, found.end)
        value = found_value
    else:
        value = f"{year:04d}-{month:02d}-{day:02d}"
    if not value.startswith("X") and not _valid(value):
        return None
    if "clock" in groups:
        return Meaning(TimexType.TIME, f"{value}T{groups['clock']}", basis)
    last = groups.get("day3") or groups.get("day2")
    if last:
        month2 = month_number(groups.get("mon3") or groups["mon2"]) if "mon2" in groups or "mon3" in groups else month
        start_year = int(value[:4]) if value[:4].isdigit() else None
        if start_year is not None and "year" in groups and month2 < month:
            value = f"{start_year - 1:04d}{value[4:]}"
        end = f"{start_year if start_year is not None else 'XXXX'}-{month2:02d}-{_digits(last):02d}"
        if start_year is None or (_valid(end) and value < end):
            return Meaning(TimexType.DATE, f"{value}/{end}", basis)
        return None
    return Meaning(TimexType.DATE, value, basis)


def _day_and_year(context: Context, found: Found) -> Meaning | None:
    """Read "... to 26, 1945", "... and 4": a day whose month was told just before."""
    before = context.document.plain[max(0, found.start - 40) : found.start]
    m = re.search(r"([A-Z][a-z]{2,8}\.?)\s\d{1,2}(?:,?\s(\d{4}))?,?\s(?:to|and|through|until|or)\s\Z", before)
    if not m or m[1].lower().rstrip(".") not in table("month"):
        return None
    year = found.groups.get("year") or m[2]
    return _date(
        context, replace(found, groups={"mon": m[1], "day": found.groups["day"]} | ({"year": year} if year else {}))
    )


def _day_before(context: Context, found: Found) -> Meaning | None:
    """Read the first of "3 and 4 May 1990": the month follows."""
    rest = re.search(r"([A-Z][a-z]{2,8})\.?(?:,?\s(\d{3,4}))?\Z", found.groups["rest"])
    if rest is None:
        return None
    groups = {"mon": rest[1], "day": found.groups["day"]} | ({"year": rest[2]} if rest[2] else {})
    return _date(context, replace(found, groups=groups))


def _month(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    month = month_number(groups["mon"])
    year = year_of_words(context, groups, found.start)
    if year is None and ("year" in groups or "whose" in groups or not _is_month(context, found)):
        return None
    basis = Basis.EXPLICIT
    if year is None:
        value, basis = context.month(month, None, found.start, found.end)
    else:
        value = f"{year:04d}-{month:02d}"
    if "mon2" in groups:
        month2 = month_number(groups["mon2"])
        if value.startswith("X"):
            return Meaning(TimexType.DATE, value, basis)
        end = int(value[:4])
        start = end - 1 if month2 < month else end
        value = f"{start:04d}-{month:02d}/{end:04d}-{month2:02d}"
    return Meaning(TimexType.DATE, value, basis)


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
    if "short" in found.groups:
        return Meaning(TimexType.DATE, f"{_century_near(context)}{found.groups['short']}", Basis.EXPLICIT)
    year = found.groups["year"]
    window = plain[max(0, found.start - 30) : found.start]
    before = re.search(r"([\w.']+)([^\w]{0,3})\Z", window)
    word = before[1].lower() if before else ""
    after = re.match(r"[\s-]{0,2}([A-Za-z]+)", plain[found.end : found.end + 20])
    if after and after[1].lower() in entries("number after") | {"utc", "gmt", "hours"}:
        return None
    if word in entries("number before") and not (word in ("about", "over", "some", "least") and window.endswith("in ")):
        return None
    hyphened = before and before[2] == "-"
    if (
        hyphened
        and word not in ("mid", "pre", "post", "late", "early", "then")
        and not re.fullmatch(r"[12]\d{3}", word)
    ):
        return None
    if int(year) < 1700 and word not in entries("year before"):
        return None
    # A year that only qualifies ("the 1967 war") or looks back ("since 1833") is not where the story stands.
    told = word in ("in", "by", "through", "throughout", "from", "during", "and", "early", "mid", "late")
    before_it = context.last and year_of(context.last[0])
    if told and before_it and int(year) < before_it and not context.opens_sentence(found.start):
        told = False
    told = told or context.in_heading(found.start)
    return Meaning(TimexType.DATE, year, Basis.EXPLICIT, told=told)


def _year_in_words(context: Context, found: Found) -> Meaning | None:
    """Read "nineteen ninety-six", "two thousand and five"."""
    groups = found.groups
    hundreds = {"eighteen": 1800, "nineteen": 1900}.get(groups.get("century", ""), 2000)
    years = sum(int(number_of(groups[part]) or 0) for part in ("teen", "tens", "unit") if part in groups)
    if groups.get("century") == "twenty" and not re.search(
        r"\b(?:in|of|since|by|year)\s\Z", context.document.plain[max(0, found.start - 6) : found.start]
    ):
        return None
    return Meaning(TimexType.DATE, str(hundreds + years), Basis.EXPLICIT)


def _years(context: Context, found: Found) -> Meaning | None:
    start, end = found.groups["year"], found.groups["year2"]
    end = start[: 4 - len(end)] + end
    return (
        Meaning(TimexType.DATE, f"{start}/{end}", Basis.EXPLICIT) if start < end <= f"{int(start) + 200:04d}" else None
    )


def _year_of_era(context: Context, found: Found) -> Meaning | None:
    number = int(found.groups["num"])
    if not number:
        return None
    if found.groups.get("era", "").strip().startswith("B"):
        return Meaning(TimexType.DATE, f"BC{number:04d}", Basis.EXPLICIT, told=False)
    return Meaning(TimexType.DATE, f"{number:04d}", Basis.EXPLICIT)


def _decade(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    if "era" in groups:
        return Meaning(TimexType.DATE, f"BC{int(groups['decade']) // 10:03d}", Basis.EXPLICIT, told=False)
    if "decade" in groups:
        year = int(groups["decade"])
        if year % 100 == 0 and year < 2000 and "edge" not in groups:
            return Meaning(TimexType.DATE, f"{year // 100:02d}XX", Basis.EXPLICIT, told=False)
        return Meaning(TimexType.DATE, decade_of(year), Basis.EXPLICIT, told=False)
    if "short" in groups:
        tens = int(groups["short"][0])
    else:
        tens = int(table("decade word")[groups["word"]])
        head = context.document.plain[max(0, found.start - 4) : found.start + 4].lower()
        if "hundred" not in groups and "the" not in head:
            return None  # "in his sixties"
    base = 1800 if groups.get("hundred") == "eighteen" else 1900
    return Meaning(TimexType.DATE, decade_of(base + 10 * tens), Basis.EXPLICIT, told=False)


def _century(context: Context, found: Found) -> Meaning | None:
    number = ordinal(found.groups["ord"])
    if not number or number > 30:
        return None
    if found.groups.get("era", "").strip().startswith("B"):
        return Meaning(TimexType.DATE, f"BC{number - 1:02d}", Basis.EXPLICIT, told=False)
    if "ord2" in found.groups:
        value = f"{century_of(number)}/{century_of(ordinal(found.groups['ord2']))}"
        return Meaning(TimexType.DATE, value, Basis.EXPLICIT, told=False)
    return Meaning(TimexType.DATE, century_of(number), Basis.EXPLICIT, told=False)


def _century_near(context: Context) -> int:
    """Return the first digits of a year that is given by its last two: of the century that the text is of."""
    told = year_of(context.last[0]) if context.last else None
    return ((told or (context.published.year if context.published else 1999)) - 1) // 100


def ordinal(word: str) -> int:
    """Return the number of an ordinal in figures or words."""
    low = word.lower()
    return _digits(low) if low[0].isdigit() else int(table("ordinal")[re.sub(r"\s", "-", low)])


def week_containing(value: str) -> str:
    """Return the week that a day is in; other values as they are."""
    return week_of(date.fromisoformat(value)) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value


def rules() -> dict[str, Rule]:
    """Return the rules of this module by name."""
    return {
        "date": _date, "dayyear": _day_and_year, "month": _month, "year": _year, "years": _years,
        "yearof": _year_of_era, "daybefore": _day_before,
        "yearwords": _year_in_words, "decade": _decade, "century": _century,
    }  # fmt: skip
