"""Extended Date/Time Format: which days a value covers, whether a value is well formed, and values from TIMEX3.

EDTF is ISO 8601-2:2019 in the profile of the Library of Congress (https://www.loc.gov/standards/datetime/), levels 0
to 2. Here its meaning in days is wanted, because SPARQL cannot compare EDTF: every EDTF literal of the graph comes with
its first and last day as ``xsd:date``.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

__all__ = ["bounds", "certain", "is_edtf", "timex_to_edtf"]

_DATE = re.compile(r"(?P<year>-?[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?(?:T[0-9:.Z+-]{2,20})?")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*)?")
_HEDGE = re.compile(r"[?~%]")
#: First month and length in months of the divisions of a year (EDTF level 2, "sub-year groupings"). Seasons without a
#: hemisphere are taken as northern; a winter ends in the following year.
_PARTS = {
    **{n: (first, 3) for start in (21, 25) for n, first in zip(range(start, start + 4), (3, 6, 9, 12), strict=True)},
    **{n: (first, 3) for n, first in zip(range(29, 33), (9, 12, 3, 6), strict=True)},
    **{n: (3 * (n - 33) + 1, 3) for n in range(33, 37)},
    **{n: (4 * (n - 37) + 1, 4) for n in range(37, 40)},
    **{n: (6 * (n - 40) + 1, 6) for n in (40, 41)},
}
_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}


def certain(edtf: str | None) -> bool:
    """Tell whether a time is known to the day, for one day or for an interval between two known days.

    >>> certain("2019-02-27/2019-02-28"), certain("2019-02"), certain("2019-02-28~"), certain("../2019-01-01")
    (True, False, False, False)
    """
    return bool(edtf) and all(_is_day(part) for part in str(edtf).split("/"))


def _is_day(text: str) -> bool:
    match = _DAY.fullmatch(text)
    try:
        return match is not None and bool(date.fromisoformat(match[1]))
    except ValueError:
        return False


def bounds(edtf: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that a value covers.

    An open or unknown end is None, and so is an end outside the years 1 to 9999, which ``date`` cannot hold: both
    bounds of a date before Christ, or in any year (``XXXX-06``), are None. Approximate and uncertain values have the
    bounds of the value itself.

    :raises ValueError: if it is no EDTF value, or ends before it starts.

    >>> bounds("2019-02")
    (datetime.date(2019, 2, 1), datetime.date(2019, 2, 28))
    >>> bounds("../1978-09-17"), bounds("-0479")
    ((None, datetime.date(1978, 9, 17)), (None, None))
    """
    if len(edtf) > 1000:
        raise ValueError(f"no EDTF value: {edtf[:40]!r}...")
    if edtf[:1] + edtf[-1:] in ("[]", "{}"):
        members = [_member(part.strip()) for part in edtf[1:-1].split(",")]
        firsts, lasts = [a for a, _ in members], [b for _, b in members]
        return (
            None if None in firsts else min(a for a in firsts if a),
            None if None in lasts else max(b for b in lasts if b),
        )
    start, slash, end = edtf.partition("/")
    if not slash:
        return _single(edtf)
    earliest = None if start in ("", "..") else _single(start)[0]
    latest = None if end in ("", "..") else _single(end)[1]
    if start in ("", "..") and end in ("", ".."):
        raise ValueError(f"no EDTF value that says anything: {edtf!r}")
    if earliest and latest and latest < earliest:
        raise ValueError(f"ends before it starts: {edtf!r}")
    return earliest, latest


def _member(part: str) -> tuple[date | None, date | None]:
    first, dots, last = part.partition("..")
    if not dots:
        return _single(part)
    return (_single(first)[0] if first else None), (_single(last)[1] if last else None)


def _single(value: str) -> tuple[date | None, date | None]:
    match = _DATE.fullmatch(_HEDGE.sub("", value))
    if match is None:
        raise ValueError(f"no EDTF value: {value[:40]!r}")
    year, month, day = match["year"], match["month"], match["day"]
    if "T" in value and day is None:
        raise ValueError(f"a time without a day: {value!r}")
    if year.startswith("-") or year == "XXXX":
        return None, None
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if month is None:
        return _day(first, 1, 1), _day(last, 12, 31)
    if month.isdigit() and int(month) in _PARTS:
        if day is not None:
            raise ValueError(f"a part of a year has no day: {value!r}")
        start, length = _PARTS[int(month)]
        final = start + length - 1
        return _day(first, start, 1), _last_of_month(last + (final - 1) // 12, (final - 1) % 12 + 1)
    months = _choices(month, 12)
    if day is None:
        return _day(first, months[0], 1), _last_of_month(last, months[-1])
    length = max(monthrange(y or 4, m)[1] for y in {first, last} for m in months)
    days = _choices(day, length if first == last else 31)
    return _day(first, months[0], days[0]), _day(last, months[-1], min(days[-1], monthrange(last, months[-1])[1]))


def _choices(digits: str, limit: int) -> list[int]:
    pattern = re.compile(digits.replace("X", r"\d"))
    found = [n for n in range(1, limit + 1) if pattern.fullmatch(f"{n:02d}")]
    if not found:
        raise ValueError(f"no such month or day: {digits!r}")
    return found


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= year <= 9999 else None


def _last_of_month(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= year <= 9999 else None


@lru_cache(maxsize=4096)
def is_edtf(value: str) -> bool:
    """Tell whether a value is EDTF: by the reference parser and by the calendar, which the parser does not know.

    >>> is_edtf("1978-09-05/1978-09-17"), is_edtf("2019-02-29"), is_edtf("FUTURE_REF")
    (True, False, False)
    """
    # Imported late: it builds its grammar at import, which only checking needs.
    from edtf import EDTFParseException, parse_edtf

    try:
        bounds(value)
        parse_edtf(value)
    except (ValueError, EDTFParseException):
        return False
    return True


def timex_to_edtf(value: str) -> str | None:
    """Return the EDTF value of a TIMEX3 value; None if it has no place on the calendar (``P9M``, ``FUTURE_REF``).

    A time of day becomes its day, a week or weekend an interval of days.

    >>> timex_to_edtf("2018-W24"), timex_to_edtf("1977-SP"), timex_to_edtf("197"), timex_to_edtf("2019-09-10TMO")
    ('2018-06-11/2018-06-17', '1977-21', '197X', '2019-09-10')
    """
    start, slash, end = value.partition("/")
    if slash:
        first, last = _timex_part(start), _timex_part(end)
        found = f"{first.partition('/')[0]}/{last.rpartition('/')[2]}" if first and last else None
    else:
        found = _timex_part(value)
    try:
        return found if found and bounds(found) else None
    except ValueError:
        return None


def _timex_part(value: str) -> str | None:
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return value
    if re.fullmatch(r"\d{3}X?|\d{2}(XX)?", value):
        return f"{value.rstrip('X'):X<4}"
    if m := re.fullmatch(r"(\d{4}-\d\d-\d\d)T.+", value):
        return m[1]
    if m := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        return f"{m[1]}-{_SEASONS[m[2]]}"
    if m := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        return f"{m[1]}-{32 + int(m[2])}"
    if m := re.fullmatch(r"(\d{4})-H([12])", value):
        return f"{m[1]}-{39 + int(m[2])}"
    if m := re.fullmatch(r"FY(\d{4})", value):  # of the United States: from October of the year before
        return f"{int(m[1]) - 1:04d}-10/{m[1]}-09"
    if m := re.fullmatch(r"BC(\d{4})", value):
        return f"-{int(m[1]) - 1:04d}" if int(m[1]) > 1 else "0000"
    if m := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        return _week(int(m[1]), int(m[2]), weekend=bool(m[3]))
    return None


def _week(year: int, week: int, *, weekend: bool) -> str | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
        return f"{monday + timedelta(5 if weekend else 0)}/{monday + timedelta(6)}"
    except (ValueError, OverflowError):
        return None
