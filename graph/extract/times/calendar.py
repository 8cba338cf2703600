"""Arithmetic on TIMEX3 values: granularity, shifts by units, weeks, weekdays, months, seasons."""

import re
from calendar import monthrange
from datetime import date, timedelta

__all__ = ["century_of", "day_of", "decade_of", "duration", "granularity", "month_near", "part", "season_near", "shift",
           "truncate", "week_of", "weekday_near", "year_of"]  # fmt: skip

_FORMS = {
    "day": re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?"),
    "month": re.compile(r"\d{4}-\d\d"),
    "year": re.compile(r"\d{4}"),
    "week": re.compile(r"\d{4}-W\d\d(?:-WE)?"),
    "season": re.compile(r"\d{4}-(?:SP|SU|FA|WI)"),
    "half": re.compile(r"\d{4}-[QH]\d"),
    "decade": re.compile(r"\d{3}X"),
    "century": re.compile(r"\d\dXX"),
}
#: First month of each season.
_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def granularity(value: str | None) -> str | None:
    """Return how fine a value is: day, month, year, week, season, half, decade or century; None if it is no date."""
    return next((name for name, form in _FORMS.items() if value and form.fullmatch(value)), None)


def day_of(value: str | None) -> date | None:
    """Return the day of a value that is that fine."""
    try:
        return date.fromisoformat(value[:10]) if value and granularity(value) == "day" else None
    except ValueError:
        return None


def year_of(value: str | None) -> int | None:
    """Return the year of a value that lies within one."""
    return int(value[:4]) if value and re.match(r"\d{4}(?!\d)", value) else None


def part(value: str | None, unit: str) -> str | None:
    """Return the day (``D``), week, weekend (``WE``), month, year, decade or century that a value lies in.

    None if the value is coarser than that.
    """
    day, year = day_of(value), year_of(value)
    if value is None:
        return None
    if unit == "D":
        return str(day) if day else None
    if unit == "M":
        return value[:7] if granularity(value) in ("day", "month") else _month_of_week(value)
    if unit == "Y":
        return f"{year:04d}" if year else None
    if unit == "DE":
        return decade_of(year) if year else value if granularity(value) == "decade" else None
    if unit == "CE":
        return f"{value[:2]}XX" if re.match(r"\d\d", value) else None
    if unit in ("W", "WE"):
        if granularity(value) == "week":
            return value[:8] + ("-WE" if unit == "WE" else "")
        return week_of(day, weekend=unit == "WE") if day else None
    if unit == "Q" and granularity(value) in ("day", "month"):
        return f"{value[:4]}-Q{(int(value[5:7]) + 2) // 3}"
    if unit == "Q" and "Q" in value:
        return value
    return None


def _month_of_week(value: str) -> str | None:
    m = re.match(r"(\d{4})-W(\d\d)", value)
    try:
        return date.fromisocalendar(int(m[1]), int(m[2]), 4).isoformat()[:7] if m else None
    except ValueError:
        return None


def decade_of(year: int) -> str:
    """Return the decade of a year: ``197X``."""
    return f"{year // 10:03d}X"


def century_of(number: int) -> str:
    """Return the value of the n-th century: ``19XX`` for the twentieth."""
    return f"{number - 1:02d}XX"


def week_of(day: date, weekend: bool = False) -> str:
    """Return the ISO week of a day, or the weekend at its end."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}" + ("-WE" if weekend else "")


def truncate(value: str, unit: str) -> str:
    """Return a value no finer than a unit, or the value itself if it is coarser."""
    return part(value, unit) or value


def shift(value: str | None, amount: float, unit: str) -> str | None:
    """Move a value by an amount of a unit; the result is as fine as the unit, or as the value if that is coarser.

    None if the value is too coarse for the unit ("three months after" a year), or the result is out of range.
    """
    day, year, grain = day_of(value), year_of(value), granularity(value)
    if value is None or (year is None and grain != "decade"):
        return None
    try:
        if unit in ("D", "TH", "TM", "TS"):
            hours = {"D": 24.0, "TH": 1.0}.get(unit, 0.0)
            if day:
                return str(day + timedelta(hours=amount * hours) if abs(amount) * hours >= 24 or unit == "D" else day)
            return value if grain == "month" else None
        if unit in ("W", "WE", "FN"):
            days = round(amount * (14 if unit == "FN" else 7))
            if day:
                return str(day + timedelta(days))
            if grain == "week":
                monday = date.fromisocalendar(int(value[:4]), int(value[6:8]), 1)
                return week_of(monday + timedelta(days), value.endswith("-WE"))
            return None
        if unit == "Q" and "Q" in value:
            quarters = int(value[:4]) * 4 + int(value[-1]) - 1 + round(amount)
            return _checked(quarters // 4, f"-Q{quarters % 4 + 1}")
        if unit in ("M", "Q"):
            month = part(value, "M")
            if month is None:
                return None
            months = int(month[:4]) * 12 + int(month[5:7]) - 1 + round(amount * (3 if unit == "Q" else 1))
            return _checked(months // 12, f"-{months % 12 + 1:02d}")
        if unit == "Y" and year is not None:
            if amount != int(amount) and grain in ("day", "month"):
                return shift(value, amount * 12, "M")
            return _checked(year + int(amount), value[4:] if grain in ("season", "half") else "")
        if unit in ("DE", "CE", "ME"):
            years = {"DE": 10, "CE": 100, "ME": 1000}[unit] * amount
            moved = (year if year is not None else int(value[:3]) * 10) + int(years)
            return decade_of(moved) if 10 <= moved <= 9999 else None
    except (ValueError, OverflowError):
        return None
    return None


def _checked(year: int, rest: str) -> str | None:
    return f"{year:04d}{rest}" if 1 <= year <= 9999 else None


def weekday_near(anchor: date, weekday: int, direction: int, strict: bool = False) -> date | None:
    """Return the weekday (1 Monday to 7) at or before an anchor (direction -1), or at or after it (1)."""
    days = (weekday - anchor.isoweekday()) % 7 if direction > 0 else -((anchor.isoweekday() - weekday) % 7)
    if days == 0 and strict:
        days = 7 * direction
    try:
        return anchor + timedelta(days)
    except OverflowError:
        return None


def month_near(anchor: date, month: int, direction: int, day: int | None = None, strict: bool = False) -> str | None:
    """Return the month, or the day in it, at or before an anchor (direction -1), or at or after it (1)."""
    here = (anchor.month, anchor.day if day else 0)
    wanted = (month, day or 0)
    year = anchor.year
    if direction < 0 and (wanted > here or (strict and wanted == here)):
        year -= 1
    elif direction > 0 and (wanted < here or (strict and wanted == here)):
        year += 1
    if not 1 <= year <= 9999 or (day and day > monthrange(year, month)[1]):
        return None
    return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")


def season_near(anchor: date, season: str, direction: int, strict: bool = False) -> str:
    """Return the season that is on at an anchor, else the last one (direction -1) or the next (1)."""
    start = _SEASONS[season]
    year = anchor.year - (season == "WI" and anchor.month < 3)
    on = (anchor.month - start) % 12 < 3
    if on and strict:
        year += direction
    elif not on and direction < 0 and anchor.month < start and season != "WI":
        year -= 1
    elif not on and season == "WI" and direction < 0:
        year = anchor.year - 1
    elif not on and direction > 0 and anchor.month > start:
        year += 1
    return f"{year:04d}-{season}"


def duration(amount: float | None, unit: str) -> str:
    """Return a TIMEX3 duration: ``P9M``, ``PT36M``, ``PXY`` where the amount is vague.

    >>> duration(9, "M"), duration(None, "Y"), duration(2.5, "Y"), duration(1.5, "TH"), duration(2, "FN")
    ('P9M', 'PXY', 'P2Y6M', 'PT1H30M', 'P4W')
    """
    time = "T" if unit.startswith("T") else ""
    letter = unit[1:] if time else unit
    if amount is None:
        return f"P{time}X{'W' if letter == 'FN' else letter}"
    if letter == "FN":
        amount, letter = amount * 2, "W"
    whole, rest = int(amount), amount - int(amount)
    smaller = {"Y": ("M", 12), "D": ("TH", 24), "H": ("M", 60), "M": ("S", 60) if time else ("W", 4)}.get(letter)
    if not rest or smaller is None or rest * smaller[1] != int(rest * smaller[1]):
        return f"P{time}{amount:g}{letter}"
    first = f"{whole}{letter}" if whole else ""
    tail = f"{int(rest * smaller[1])}{smaller[0][-1]}"
    return f"P{time}{first}{'T' if smaller[0].startswith('T') and not time else ''}{tail}"
