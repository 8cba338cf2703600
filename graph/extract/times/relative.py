"""What expressions mean that are relative to another date: to the publication, or to the date told last."""

import re
from datetime import date, timedelta

from graph.extract.model import TimexType
from graph.extract.times.calendar import (
    day_of,
    duration,
    granularity,
    month_near,
    part,
    season_near,
    shift,
    week_of,
    weekday_near,
    year_of,
)  # fmt: skip
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found
from graph.extract.times.values import Meaning, Rule, month_number
from graph.extract.times.words import number_of, table

__all__ = ["relative_rules"]

_DATE, _TIME, _DURATION = TimexType.DATE, TimexType.TIME, TimexType.DURATION
#: How far behind the start of a date its weekday stands, in characters.
_APPOSED = 30
_STEPS = {"last": -1, "this past": -1, "the previous": -1, "the preceding": -1, "the prior": -1, "next": 1,
          "the next": 1, "the following": 1, "this coming": 1, "the coming": 1, "the subsequent": 1}  # fmt: skip


def _which(found: Found) -> str:
    words = found.groups.get("which", "").lower().split()
    return " ".join(w for w in words if w not in ("very", "on") and not (w == "same" and words[0] in ("this", "that")))


def _month_of(context: Context, found: Found) -> Meaning | None:
    which, month = _which(found), month_number(found.groups["mon"])
    day = int(re.match(r"\d+", found.groups["day"])[0]) if "day" in found.groups else None  # type: ignore[index]
    told = context.told_near(found.start, 2)
    value: str | None = None
    if which in ("that", "the same") or (which.startswith("the ") and told):
        year = year_of(told) or year_of(context.reference(found.start))
        if year and which in ("the following", "the next"):
            after = granularity(told) in ("day", "month") and int((told or "")[5:7]) < month
            year += 0 if after and which == "the next" else 1 if not after or _far(told, month) else 0
        elif year and which in ("the previous", "the preceding"):
            year -= 1
        value = f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "") if year else None
    elif context.published:
        step = _STEPS.get(which) or context.direction(found.start, found.end)
        strict = which in ("last", "this past", "next", "this coming")
        value = month_near(context.published, month, step, day, strict=strict) if which != "this" else None
        if which == "this":
            value = f"{context.published.year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
    elif told and (move := _STEPS.get(which)):
        told_year = year_of(told)
        value = f"{told_year + move:04d}-{month:02d}" if told_year else None
    return Meaning(_DATE, value or f"XXXX-{month:02d}", 0.75 if value else 0.3)


def _far(told: str | None, month: int) -> bool:
    """Tell whether "the following July" is of the next year although this year's is still ahead."""
    return bool(told) and month - int((told or "")[5:7]) > 10


def _season(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    season = table("season")[groups["season"].lower()]
    if "year" in groups:
        return Meaning(_DATE, f"{int(groups['year']):04d}-{season}", 0.95)
    which = _which(found)
    if not which and "edge" not in groups:
        return None
    plain = context.document.plain
    if season == "FA" and groups["season"] == "fall" and which == "the":
        before = plain[max(0, found.start - 12) : found.start]
        if not re.search(r"\b(?:in|by|during|until|since|through)\s\Z", before) or re.match(
            r"\sof\b", plain[found.end : found.end + 4]
        ):
            return None
    if re.match(
        r"\s(?:palace|games|olympics|school|camp|uprising|offensive|white)\b", plain[found.end : found.end + 12].lower()
    ):
        return None
    told = context.told_near(found.start, 1)
    year = year_of(told)
    if (
        which in ("that", "the", "the same", "the following", "the next", "the previous")
        and year
        and (not context.published or year != context.published.year)
    ):
        return Meaning(_DATE, f"{year + (_STEPS.get(which, 0) if which != 'the' else 0):04d}-{season}", 0.7)
    if context.published is None:
        year = year or year_of(context.reference(found.start))
        return Meaning(_DATE, f"{year:04d}-{season}" if year else f"XXXX-{season}", 0.6 if year else 0.3)
    step = _STEPS.get(which) or context.direction(found.start, found.end)
    if which == "this":
        return Meaning(_DATE, f"{context.published.year:04d}-{season}", 0.8)
    return Meaning(_DATE, season_near(context.published, season, step, strict=which in ("last", "next")), 0.7)


def _weekday(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    which, weekday = _which(found), int(table("weekday")[groups["wday"].lower()])
    before = re.search(r"(\w+)\s\Z", context.document.plain[max(0, found.start - 12) : found.start])
    if before and before[1].lower() in ("bloody", "black", "good", "holy", "ash", "palm", "cyber"):
        return None
    told = day_of(context.told_near(found.start, 1))
    day: date | None = None
    same = _day_named(context, found)
    if not which and same is not None and same.isoweekday() == weekday:
        day = same
    elif which in ("the following", "the next", "that") and told:
        day = weekday_near(told, weekday, 1, strict=which != "that")
    elif which == "the previous" and told:
        day = weekday_near(told, weekday, -1, strict=True)
    elif context.published:
        step = _STEPS.get(which)
        day = weekday_near(
            context.published, weekday, step or context.direction(found.start, found.end), strict=step is not None
        )
    elif told:
        day = weekday_near(told, weekday, 1)
    start = found.start + 3 if groups.get("which", "").lower() == "on" else None
    pod = f"T{table('part of day')[groups['pod']]}" if "pod" in groups else ""
    if day is None:
        return Meaning(_TIME if pod else _DATE, f"XXXX-WXX-{weekday}{pod}", 0.3, start=start, told=False)
    return Meaning(_TIME if pod else _DATE, f"{day}{pod}", 0.8, start=start)


def _day_named(context: Context, found: Found) -> date | None:
    """Return the day that a weekday right behind it names again: "on 12 May 2017, a Friday"."""
    told = context.finest
    if told is None or not 0 <= found.start - told[1] <= _APPOSED:
        return None
    between = context.document.plain[told[1] : found.start]
    return day_of(told[0]) if re.search(r"\d,\s(?:an?\s|the\s)?\Z", between) else None


def _relative_day(context: Context, found: Found) -> Meaning | None:
    word = " ".join(found.groups["word"].lower().split())
    step = {"today": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}[
        word
    ]
    value = shift(context.today_at(found.start), step, "D")
    if value is None:
        vague = {0: "PRESENT_REF", -1: "PAST_REF", 1: "FUTURE_REF"}[max(-1, min(1, step))]
        return Meaning(_DATE, vague, 0.6, told=False)
    if "pod" in found.groups:
        return Meaning(_TIME, f"{value}T{table('part of day')[found.groups['pod']]}", 0.9)
    return Meaning(_DATE, value, 0.9, told=step != 0)


def _tonight(context: Context, found: Found) -> Meaning | None:
    word = " ".join(found.groups["word"].lower().split())
    day = (
        context.day_near(found.start)
        if word == "overnight"
        else shift(context.today_at(found.start), -1 if word == "last night" else 0, "D")
    )
    return Meaning(_TIME, f"{day}TNI" if day else "XXXX-XX-XXTNI", 0.8 if day else 0.3, told=word == "last night")


def _part_of_day(context: Context, found: Found) -> Meaning | None:
    which = _which(found)
    pod = table("part of day")[found.groups["pod"]]
    if which == "this":
        day = context.today_at(found.start)
    else:
        day = context.day_near(found.start)
        if which in ("the next", "the following", "the previous"):
            day = shift(day, _STEPS[which], "D")
    return Meaning(_TIME, f"{day}T{pod}" if day else f"XXXX-XX-XXT{pod}", 0.7 if day else 0.3, told=False)


def _clock(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    hour, minute = int(groups["hour"]), int(groups.get("minute", "0"))
    half = groups.get("half", "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = "Z" if groups.get("zone") in ("UTC", "GMT", "Z") else ""
    start = found.start
    if "hedge" in groups and groups["hedge"].lower().startswith("at "):
        start += 3
    day = context.day_near(found.start)
    return Meaning(
        _TIME, f"{day or 'XXXX-XX-XX'}T{hour:02d}:{minute:02d}{zone}", 0.7 if day else 0.3, start=start, told=False
    )


def _noon(context: Context, found: Found) -> Meaning | None:
    day = context.day_near(found.start)
    hour = "00" if found.groups["word"].lower() == "midnight" else "12"
    return Meaning(_TIME, f"{day or 'XXXX-XX-XX'}T{hour}:00", 0.7 if day else 0.3, told=False)


def _unit_ref(context: Context, found: Found) -> Meaning | None:
    which, unit = _which(found), table("unit")[found.groups["unit"]]
    if unit == "FN" and which not in ("this", "that", "the same"):
        return Meaning(_DURATION, "P2W", 0.7, told=False)
    if which in ("the same", "that"):
        told = context.day_told(found.start) if unit == "D" and which == "the same" else None
        told = told or context.told_near(found.start, 2) or context.reference(found.start)
        value = part(told, unit)
        if value is None and unit in ("D", "M", "W"):
            value = told  # "that day" of a month
        return Meaning(_DATE, value or "PAST_REF", 0.7 if value else 0.3, told=value is not None)
    if which == "the":  # the weekend
        if context.published is None:
            value = part(context.reference(found.start), unit)
        elif context.direction(found.start, found.end) > 0 or context.published.isoweekday() > 5:
            value = week_of(context.published, weekend=True)
        else:
            value = week_of(context.published - timedelta(7), weekend=True)
        return Meaning(_DATE, value or "PAST_REF", 0.6)
    step = _STEPS.get(which, 0)
    told = context.told_near(found.start, 1)
    anaphoric = which.startswith("the ") and which not in ("the coming", "the current")
    base = (
        (told or context.reference(found.start))
        if anaphoric
        else context.today or (context.reference(found.start) if not step else None)
    )
    if unit == "D" and which == "this":
        return Meaning(_DATE, "PRESENT_REF", 0.6, told=False)
    if anaphoric and unit == "D" and granularity(base) != "day":
        return Meaning(_DATE, base or ("PAST_REF" if step < 0 else "FUTURE_REF"), 0.4)
    if which == "the coming" and unit in ("W", "WE") and context.published:
        value = week_of(context.published + timedelta(4), weekend=unit == "WE")
    else:
        inner = part(base, "W" if unit == "WE" else unit)
        value = shift(inner, step, "W" if unit == "WE" else unit) if step else inner
        if value and unit == "WE":
            value += "-WE"
    if value is None:
        value = "PAST_REF" if step < 0 else "FUTURE_REF" if step > 0 else "PRESENT_REF"
        return Meaning(_DATE, value, 0.4, told=False)
    return Meaning(_DATE, value, 0.85 if not anaphoric else 0.7)


def _beside(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    step = -1 if groups["way"] in ("before", "earlier", "prior", "ago", "past") else 1
    unit = table("unit")[groups["unit"]]
    base = context.today if groups["way"] == "ago" else context.reference(found.start)
    value = shift(base, step, unit)
    return Meaning(
        _DATE, value or ("PAST_REF" if step < 0 else "FUTURE_REF"), 0.65 if value else 0.4, told=value is not None
    )


def _rest_of(context: Context, found: Found) -> Meaning | None:
    unit = table("unit")[found.groups["unit"]]
    told = context.told_near(found.start, 3) or context.reference(found.start)
    value = part(told, unit)
    if value and unit == "Y" and "end" in found.groups["edge"].lower():
        value += "-12"
    return Meaning(_DATE, value or "PAST_REF", 0.6 if value else 0.3, told=False)


def _the_unit(context: Context, found: Found) -> Meaning | None:
    unit = table("unit")[found.groups.get("unit") or found.groups["unit2"]]
    value = part(context.reference(found.start), unit)
    if value is None:
        return None
    if "the" in found.groups:
        return Meaning(_DATE, value, 0.6, start=found.end, end=found.end + len(found.groups["the"]), told=False)
    return Meaning(_DATE, value, 0.6, told=False)


def _that_time(context: Context, found: Found) -> Meaning | None:
    start = found.end - len(found.groups["time"])
    told = context.told_near(found.start)
    if found.groups["time"].lower() == "then" and told is None:
        return None
    return Meaning(_DATE, told or "PAST_REF", 0.6 if told else 0.5, start=start, told=False)


def _ago(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    way = " ".join(groups["way"].lower().split())
    back = way in ("ago", "earlier", "before", "prior", "previously", "past")
    event = groups.get("event", "").strip()
    end = found.end - len(groups.get("event", ""))
    amount = number_of(groups["num"]) if "num" in groups else None
    unit = table("unit")[groups["unit"].lower()] if "unit" in groups else ""
    if way in ("before", "after", "prior", "past") and event and event not in ("and", "but", "in", "at", "on"):
        if not unit:
            unit = table("unit")[groups["plural"].split()[-1].lower().removesuffix("s")]
        return Meaning(_DURATION, duration(amount, unit), 0.7, end=end - len(groups["way"]) - 1, told=False)
    if amount is None or not unit:
        return Meaning(_DATE, "PAST_REF" if back else "FUTURE_REF", 0.5, end=end, told=False)
    base = context.today if way in ("ago", "from now", "from today", "hence") else context.reference(found.start)
    step = -amount if back else amount
    if unit in ("TM", "TS", "TH") and abs(amount) * (1 if unit == "TH" else 0) < 24:
        return Meaning(_DURATION, duration(amount, unit), 0.5, end=end, told=False)
    value = shift(base, step, unit)
    if value is None:
        return Meaning(_DATE, "PAST_REF" if back else "FUTURE_REF", 0.4, end=end, told=False)
    return Meaning(_DATE, value, 0.75 if way == "ago" else 0.65, end=end)


def _in(context: Context, found: Found) -> Meaning | None:
    """Read "in two weeks": a date if the clause looks ahead from the publication, else how long something took."""
    groups = found.groups
    start = found.end - len(groups["expr"])
    amount, unit = number_of(groups["num"]), table("unit")[groups["unit"].lower()]
    ahead = (
        context.published is not None
        and groups["in"].lower() == "in"
        and (context.direction(found.start, found.end) > 0 or groups["expr"].endswith("time"))
    )
    if not ahead:
        return Meaning(_DURATION, duration(amount, unit), 0.75, start=start, told=False)
    value = shift(context.today, amount, unit) if amount is not None else None
    return Meaning(_DATE, value or "FUTURE_REF", 0.6, start=start, told=value is not None)


def _spanned(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    amount = number_of(groups["num"]) if "num" in groups else None
    unit = table("unit")[groups["unit"]]
    if "num" not in groups and groups["span"].lower() == "previous":
        return Meaning(_DATE, "PAST_REF", 0.5, told=False)
    return Meaning(_DURATION, duration(amount, unit), 0.8, told=False)


def _amount(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    number = groups["num"]
    amount = number_of(number) if not number.lower().startswith("a matter") else None
    unit = groups["unit"].lower()
    words = context.document.plain[found.start : found.end]
    if unit == "second" and not words.endswith("seconds"):
        return None
    if (
        amount is not None
        and amount > 1
        and not re.search(r"s\b|-", words[max(0, len(words) - len(unit) - 12) :])
        and not words[0].isdigit()
        and " year" not in words
        and " hour" not in words
    ):
        return None
    plain = context.document.plain
    if (
        number.lower() in ("a", "an")
        and re.match(r"\s(?:of|when|that|for|in which)\b", plain[found.end : found.end + 10])
        and unit == "day"
    ):
        return None
    if found.start and plain[found.start - 1] in "$€£.":
        return None
    if "half" in groups:
        amount = (amount or 1) + 0.5
    return Meaning(_DURATION, duration(amount, table("unit")[unit]), 0.85, told=False)


def _plural(context: Context, found: Found) -> Meaning | None:
    before = re.search(r"([\w.']+)\s\Z", context.document.plain[max(0, found.start - 25) : found.start])
    if before and before[1][:1].isupper() and not _opens_sentence(context, found.start - len(before[0])):
        return None  # "the Carter years"
    return Meaning(_DURATION, duration(None, table("unit")[found.groups["unit"]]), 0.6, told=False)


def _opens_sentence(context: Context, at: int) -> bool:
    sentence = context.document.sentence_at(at)
    return sentence is None or at <= sentence.start + 2


def _long(context: Context, found: Found) -> Meaning | None:
    return Meaning(_DURATION, duration(1, table("unit")[found.groups["unit"]]), 0.7, told=False)


def _long_time(context: Context, found: Found) -> Meaning | None:
    return Meaning(_DURATION, "PXX", 0.5, told=False)


def relative_rules() -> dict[str, Rule]:
    """Return the rules of this module by name."""
    return {
        "monthof": _month_of, "season": _season, "weekday": _weekday, "relday": _relative_day, "tonight": _tonight,
        "pod": _part_of_day, "clock": _clock, "noon": _noon, "unitref": _unit_ref, "beside": _beside,
        "restof": _rest_of,
        "theunit": _the_unit, "thattime": _that_time, "ago": _ago, "in": _in, "spanned": _spanned, "amount": _amount,
        "plural": _plural, "long": _long, "longtime": _long_time,
    }  # fmt: skip
