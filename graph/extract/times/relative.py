"""What expressions mean that are relative to another date: to the publication, or to the date told last."""

import re
from datetime import date, timedelta

from graph.extract.model import TimexType
from graph.extract.times.basis import Basis
from graph.extract.times.calendar import (
    day_of,
    granularity,
    month_near,
    part,
    shift,
    week_of,
    weekday_near,
    year_of,
)  # fmt: skip
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found
from graph.extract.times.meaning import Meaning, Rule, lasting, vague
from graph.extract.times.values import month_number
from graph.extract.times.words import entries, number_of, table, which

__all__ = ["relative_rules"]

#: How far behind the start of a date its weekday stands, in characters.
_APPOSED = 30
_CLOCK_UNITS = {"TH": 60, "TM": 1}


def _date(value: str, basis: Basis, *, start: int | None = None, end: int | None = None, told: bool = True) -> Meaning:
    return Meaning(TimexType.DATE, value, basis, start, end, told)


def _step(word: str) -> int:
    return int(table("step").get(word, "0"))


def _counted_from(context: Context, base: str | None) -> Basis:
    return Basis.PUBLISHED if base == context.today else Basis.TOLD


def _month_of(context: Context, found: Found) -> Meaning | None:
    word, month = which(found.groups), month_number(found.groups["mon"])
    day = f"-{int(found.groups['day'].rstrip('stndrh')):02d}" if "day" in found.groups else ""
    told = context.told_near(found.start, 2)
    step = _step(word)
    value, basis = None, Basis.PUBLISHED
    if word in ("that", "the same") or (word.startswith("the ") and told):
        year = year_of(told) or year_of(context.reference(found.start))
        if year and word in ("the following", "the next"):
            after = granularity(told) in ("day", "month") and int((told or "")[5:7]) < month
            year += 0 if after and word == "the next" else 1 if not after or _far(told, month) else 0
        elif year:
            year += step
        value, basis = f"{year:04d}-{month:02d}{day}" if year else None, Basis.TOLD
    elif context.published and word == "this":
        value = f"{context.published.year:04d}-{month:02d}{day}"
    elif context.published:
        value = month_near(
            context.published,
            month,
            step or context.direction(found.start, found.end),
            int(day[1:]) if day else None,
            strict=word in ("last", "this past", "next", "this coming"),
        )
        basis = Basis.TENSE
    elif told and step:
        told_year = year_of(told)
        value, basis = f"{told_year + step:04d}-{month:02d}{day}" if told_year else None, Basis.TOLD
    return _date(value, basis) if value else _date(f"XXXX-{month:02d}{day}", Basis.UNKNOWN)


def _far(told: str | None, month: int) -> bool:
    """Tell whether "the following July" is of the next year although this year's is still ahead."""
    return bool(told) and month - int((told or "")[5:7]) > 10


def _weekday(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    word, weekday = which(groups), int(table("weekday")[groups["wday"].lower()])
    before = re.search(r"(\w+)\s\Z", context.document.plain[max(0, found.start - 12) : found.start])
    if before and before[1].lower() in entries("named weekday"):
        return None
    told = day_of(context.told_near(found.start, 1))
    day, basis = None, Basis.TOLD
    same = _day_named(context, found)
    step = _step(word)
    if not word and same is not None and same.isoweekday() == weekday:
        day, basis = same, Basis.EXPLICIT
    elif word in ("the following", "the next", "that") and told:
        day = weekday_near(told, weekday, 1, strict=word != "that")
    elif word == "the previous" and told:
        day = weekday_near(told, weekday, -1, strict=True)
    elif context.published:
        direction = step or (-1 if _names_past(context, found) else context.direction(found.start, found.end))
        day, basis = weekday_near(context.published, weekday, direction, strict=step != 0), Basis.TENSE
    elif told:
        day = weekday_near(told, weekday, 1)
    start = found.start + 3 if groups.get("which", "").lower() == "on" else None
    pod = f"T{table('part of day')[groups['pod']]}" if "pod" in groups else ""
    kind = TimexType.TIME if pod else TimexType.DATE
    if day is None:
        return Meaning(kind, f"XXXX-WXX-{weekday}{pod}", Basis.UNKNOWN, start)
    return Meaning(kind, f"{day}{pod}", basis, start)


def _names_past(context: Context, found: Found) -> bool:
    """Tell whether a weekday tells one happening from others, as a rule one that was: "Wednesday's ruling"."""
    after = re.match(r"'s\s(\w+)", context.document.plain[found.end : found.end + _APPOSED])
    return after is not None and after[1].lower() not in entries("arranged")


def _day_named(context: Context, found: Found) -> date | None:
    """Return the day that a weekday right behind it names again: "on 12 May 2017, a Friday"."""
    told = context.finest
    if told is None or not 0 <= found.start - told[1] <= _APPOSED:
        return None
    between = context.document.plain[told[1] : found.start]
    return day_of(told[0]) if re.search(r"\d,\s(?:an?\s|the\s)?\Z", between) else None


def _relative_day(context: Context, found: Found) -> Meaning | None:
    step = int(table("relative day")[" ".join(found.groups["word"].lower().split())])
    value = shift(context.today_at(found.start), step, "D")
    if value is None:
        return vague(step)
    if "pod" in found.groups:
        return Meaning(TimexType.TIME, f"{value}T{table('part of day')[found.groups['pod']]}", Basis.PUBLISHED)
    return _date(value, Basis.PUBLISHED, told=step != 0)


def _unit_ref(context: Context, found: Found) -> Meaning | None:
    word, unit = which(found.groups), table("unit")[found.groups["unit"]]
    if unit == "FN" and word not in ("this", "that", "the same"):
        return lasting(1, unit)
    if unit == "D" and word == "this" and found.groups["unit"] == "day":
        return vague(0)
    if word in ("the same", "that") or found.groups["unit"] == "date":
        return _named_again(context, found, unit, word)
    if word == "the":
        return _the_weekend(context, found)
    step = _step(word)
    anaphoric = word.startswith("the ") and word not in ("the coming", "the current", "the past")
    if anaphoric:
        base = context.told_near(found.start, 1) or context.reference(found.start)
    else:
        base = context.today or (None if step else context.reference(found.start))
    if anaphoric and unit == "D" and granularity(base) != "day":
        return _date(base, Basis.TOLD) if base else vague(step)
    basis = _counted_from(context, base)
    if word == "the coming" and unit in ("W", "WE") and context.published:
        return _date(week_of(context.published + timedelta(4), weekend=unit == "WE"), basis)
    whole = "W" if unit == "WE" else unit
    value = part(base, whole)
    if step:
        value = shift(value, step, whole)
    if value is None:
        return vague(step)
    return _date(value + ("-WE" if unit == "WE" else ""), basis)


def _named_again(context: Context, found: Found, unit: str, word: str) -> Meaning:
    """Read "that year", "the same day"."""
    told = context.day_told(found.start) if unit == "D" and word == "the same" else None
    told = told or context.told_near(found.start, 2) or context.reference(found.start)
    value = part(told, unit)
    if value is None and unit in ("D", "M", "W"):
        value = told  # "that day" of a month
    return _date(value, Basis.TOLD) if value else vague(-1)


def _the_weekend(context: Context, found: Found) -> Meaning:
    if context.published is None:
        value = part(context.reference(found.start), "WE")
        return _date(value, Basis.TOLD) if value else vague(-1)
    ahead = context.direction(found.start, found.end) > 0 or context.published.isoweekday() > 5
    return _date(week_of(context.published - timedelta(0 if ahead else 7), weekend=True), Basis.TENSE)


def _beside(context: Context, found: Found) -> Meaning | None:
    way = found.groups["way"]
    step = -1 if way in entries("back") else 1
    unit = table("unit")[found.groups["unit"]]
    period = context.period_told(found.start) if unit == "Y" else None
    base = period or (context.today if way == "ago" else context.reference(found.start))
    value = shift(base, step, unit)
    # What is only compared ("a year earlier it had been less") is not where the story stands.
    return _date(value, _counted_from(context, base), told=period is None) if value else vague(step)


def _rest_of(context: Context, found: Found) -> Meaning | None:
    unit = table("unit")[found.groups["unit"]]
    told = context.told_near(found.start, 3) or context.reference(found.start)
    value = part(told, unit) or (context.decade if unit == "DE" else None)
    if unit == "CE" and "turn" in found.groups["edge"].lower():
        year = year_of(told)
        return _date(f"{round(year / 100) * 100:04d}", _counted_from(context, told), told=False) if year else vague(-1)
    if value and unit == "Y" and "end" in found.groups["edge"].lower():
        value += "-12"
    return _date(value, _counted_from(context, told), told=False) if value else vague(-1)


def _the_unit(context: Context, found: Found) -> Meaning | None:
    base = context.reference(found.start)
    unit = table("unit")[found.groups["unit"]]
    value = (context.decade if unit == "DE" else None) or part(base, unit)
    if value is None:
        return None
    basis = _counted_from(context, base)
    if "the" in found.groups:
        return _date(value, basis, start=found.end, end=found.end + len(found.groups["the"]), told=False)
    return _date(value, basis, told=False)


def _edge_of(context: Context, found: Found) -> Meaning | None:
    """Read "year-end", "mid-decade": of the year or decade told last."""
    unit = table("unit")[found.groups["unit"]]
    base = context.reference(found.start)
    value = part(base, unit)
    if value is None:
        return None
    if unit == "Y" and found.groups["edge"] == "end":
        value += "-12"
    if unit == "DE" and found.groups["edge"] != "end":
        value = f"{value[:3]}5"
    return _date(value, _counted_from(context, base), told=False)


def _that_time(context: Context, found: Found) -> Meaning | None:
    start = found.end - len(found.groups["time"])
    told = context.told_near(found.start)
    if told is None:
        return None if found.groups["time"].lower() == "then" else vague(-1, start=start)
    return _date(told, Basis.TOLD, start=start, told=False)


def _ago(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    way = " ".join(groups["way"].lower().split())
    event = groups.get("event", "").strip()
    end = found.end
    amount = number_of(groups["num"]) if "num" in groups else None
    unit = table("unit")[groups["unit"].lower()] if "unit" in groups else ""
    direction = -1 if way in entries("back") else 1
    if way in ("before", "after", "prior", "past") and event and event not in ("and", "but", "in", "at", "on"):
        unit = unit or table("unit")[groups["plural"].split()[-1].lower().removesuffix("s")]
        return lasting(amount, unit, end=end - len(groups["way"]) - 1)
    if way == "thereafter" and amount is None:  # "for years thereafter"
        unit = unit or table("unit")[groups["plural"].split()[-1].lower().removesuffix("s")]
        return lasting(None, unit, end=end - len(" thereafter"))
    if amount is None or not unit:
        return vague(direction, end=end)
    from_now = way in ("ago", "from now", "from today", "hence")
    if unit in _CLOCK_UNITS and amount * _CLOCK_UNITS[unit] < 24 * 60:
        clock = None if from_now else context.clock_told(found.start, direction * amount * _CLOCK_UNITS[unit])
        return Meaning(TimexType.TIME, clock, Basis.CLOCK, end=end) if clock else lasting(amount, unit, end=end)
    period = context.period_told(found.start) if unit == "Y" else None
    base = period or (context.today if from_now else context.reference(found.start))
    value = shift(base, direction * amount, unit)
    if value is None:
        return vague(direction, end=end)
    return _date(value, _counted_from(context, base), end=end, told=period is None)


def _in(context: Context, found: Found) -> Meaning | None:
    """Read "in two weeks": a date if the clause looks ahead from the publication, else how long something took."""
    groups = found.groups
    start = found.end - len(groups["expr"])
    amount, unit = number_of(groups["num"]), table("unit")[groups["unit"].lower()]
    ahead = (
        context.published is not None
        and groups["in"].lower() == "in"
        and (groups["expr"].endswith("time") or context.direction(found.start, found.end) > 0)
    )
    if not ahead:
        return lasting(amount, unit, start=start)
    value = shift(context.today, amount, unit) if amount is not None else None
    return _date(value, Basis.PUBLISHED, start=start) if value else vague(1, start=start)


def relative_rules() -> dict[str, Rule]:
    """Return the rules of this module by name."""
    return {
        "monthof": _month_of, "weekday": _weekday, "relday": _relative_day, "unitref": _unit_ref, "beside": _beside,
        "restof": _rest_of, "theunit": _the_unit, "edgeof": _edge_of, "thattime": _that_time, "ago": _ago, "in": _in,
    }  # fmt: skip
