"""Where on the calendar an expression lies: its EDTF value and its bounds in days.

A TIMEX3 value has no room for the words around it: "early 1908" is ``1908``, "since May" is the month. EDTF has, so the
bounds are narrowed or opened there. Which third or half a word means is in ``data/lexicons/times.txt``.
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache

from graph.edtf import bounds, timex_to_edtf
from graph.extract.model import TimeExpression
from graph.extract.times.calendar import granularity
from graph.extract.times.words import alternatives, entries, table

__all__ = ["place", "unmodified"]

Placed = tuple[str | None, date | None, date | None]

_NOWHERE: Placed = (None, None, None)
#: Longest words before and after an expression that open one of its ends, in characters.
_BEFORE, _AFTER = 25, 20
_MONTHS = 12


def place(plain: str, start: int, end: int, value: str, published: date | None) -> Placed:
    """Return the EDTF value and both bounds of the words of a text that have this value, narrowed or opened by them.

    >>> place("They ruled until late 1908.", 17, 26, "1908", None)
    ('../1908-12', None, datetime.date(1908, 12, 31))
    """
    edtf, earliest, latest = _of_value(value)
    if edtf is None or earliest is None or latest is None:
        return edtf, earliest, latest
    words = plain[start:end].lower()
    narrowed = _part(words, value, earliest, latest) or _until_now(words, earliest, latest, published)
    if narrowed:
        edtf = narrowed
    opened = _opened(plain, start, end)
    if opened > 0:
        edtf = f"{_edge(edtf, 0)}/.."
    elif opened < 0:
        edtf = f"../{_edge(edtf, -1)}"
    return (edtf, *bounds(edtf))


def unmodified(time: TimeExpression) -> TimeExpression:
    """Return an expression with the EDTF and bounds of its value alone, as if no word narrowed or opened it.

    For what is told of by the way: the war that goes on "since May 2019" is of May 2019 where a date is wanted.
    """
    edtf, earliest, latest = _of_value(time.value)
    if time.edtf is None or edtf is None or earliest is None or latest is None:
        return time
    return replace(time, edtf=edtf, earliest=earliest, latest=latest)


@lru_cache(maxsize=4096)
def _of_value(value: str) -> Placed:
    edtf = _before_christ(value) or timex_to_edtf(value)
    if edtf is None:
        return _NOWHERE
    earliest, latest = bounds(edtf)
    return (edtf, earliest, latest) if earliest or latest or edtf.startswith("-") else _NOWHERE


def _before_christ(value: str) -> str | None:
    """Return the EDTF value of a century or decade before Christ: ``BC03`` is the fourth, ``BC047`` the 470s."""
    m = re.fullmatch(r"BC(\d{2,3})", value)
    if m is None:
        return None
    span = 100 if len(m[1]) == 2 else 10
    first = int(m[1]) * span
    # The year 1 BC is 0000; the 470s are 479 to 470, the fourth century is 400 to 301.
    newest = first if span == 10 else first + 1
    return f"{_astronomical(newest + span - 1)}/{_astronomical(newest)}"


def _astronomical(before_christ: int) -> str:
    return f"-{before_christ - 1:04d}" if before_christ > 1 else "0000"


@cache
def _part_words() -> re.Pattern[str]:
    return re.compile(rf"(?:the\s)?(?:very\s)?(?P<part>{alternatives(table('part of a period'))})(?:\sof\b|[\s-])")


def _part(words: str, value: str, earliest: date, latest: date) -> str | None:
    """Return the third or half of a period that the words at its head say ("early", "the end of")."""
    m = _part_words().match(words)
    grain = granularity(value)
    if m is None or grain in (None, "day") or (grain == "month" and "year" in words):
        return None
    if grain == "half" and m["part"].endswith("half"):  # which half is in the value
        return None
    number, _, of = table("part of a period")[" ".join(m["part"].split())].partition("/")
    before, upto = (int(number) - 1) / int(of), int(number) / int(of)
    if grain in ("decade", "century"):
        years = latest.year - earliest.year + 1
        first, last = earliest.year - int(-years * before // 1), earliest.year - int(-years * upto // 1) - 1
        return f"{first:04d}/{last:04d}"
    if grain in ("month", "week"):
        days = (latest - earliest).days + 1
        return f"{earliest + timedelta(int(days * before))}/{earliest + timedelta(int(days * upto) - 1)}"
    months = (latest.year - earliest.year) * _MONTHS + latest.month - earliest.month + 1
    begun, ended = (_month(earliest, round(months * edge)) for edge in (before, upto - 1 / months))
    return begun if begun == ended else f"{begun}/{ended}"


def _month(start: date, ahead: int) -> str:
    month = start.year * _MONTHS + start.month - 1 + ahead
    return f"{month // _MONTHS:04d}-{month % _MONTHS + 1:02d}"


def _until_now(words: str, earliest: date, latest: date, published: date | None) -> str | None:
    """Return the part of "earlier this year" before the publication, of "later this year" the one behind it."""
    if published is None or not earliest < published < latest:
        return None
    if re.match(r"earlier\s(?:in\s)?this\b", words):
        return f"{earliest}/{published}"
    if re.match(r"later\s(?:in\s)?this\b", words):
        return f"{published}/{latest}"
    return None


@cache
def _openers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    after, before, later, earlier = (
        alternatives(entries(name)) for name in ("opens the end", "opens the start", "open end", "open start")
    )
    # "two days after 3 May" and "the day before" count from a day, they open nothing.
    counted = "".join(rf"(?<!\b{unit}\s)(?<!\b{unit}s\s)" for unit in sorted(table("unit")))
    return (
        re.compile(rf"(?<![\w-]){counted}(?:(?P<after>{after})|(?P<before>{before}))\s(?:the\s)?\Z"),
        re.compile(rf"\s(?:(?P<after>{later})|(?P<before>{earlier}))\b"),
    )


def _opened(plain: str, start: int, end: int) -> int:
    """Return 1 if the words around an expression leave its end open ("since"), -1 if its start ("until"), else 0."""
    before, behind = _openers()
    m = before.search(plain[max(0, start - _BEFORE) : start].lower()) or behind.match(plain[end : end + _AFTER].lower())
    return 0 if m is None else 1 if m.lastgroup == "after" else -1


def _edge(edtf: str, side: int) -> str:
    """Return the first (0) or last (-1) of a value in a form that may end an interval."""
    value = edtf.split("/")[side]
    day = bounds(value)[side]
    if day is None:
        return value
    if "X" in value:
        return f"{day.year:04d}"
    return f"{day:%Y-%m}" if _is_part_of_year(value) else value


def _is_part_of_year(value: str) -> bool:
    """Tell whether a value is a quarter or half, which the ends of EDTF intervals cannot be."""
    return re.fullmatch(r"\d{4}-(?:3[3-9]|4[01])", value) is not None
