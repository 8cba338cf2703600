"""Times and terms in the words of a reader: ``2019-02`` is "sometime in February 2019"."""

import calendar
import re
from datetime import date, timedelta
from functools import cache

import pyoxigraph as ox

from graph.edtf import certain
from graph.ontology import ontology_triples
from graph.vocabulary import PLY, RDFS

__all__ = [
    "ASPECTS", "CHANGES", "DRAWN", "MANNERS", "OFFICES", "RULES", "STATUSES", "certain", "date_in_words", "day",
    "day_of_year_in_words", "outcome_words", "time_in_words",
]  # fmt: skip

#: Status of an event -> what readers see.
STATUSES = {"occurred": "took place", "planned": "planned", "cancelled": "cancelled", "unreal": "hypothetical"}
#: How an event is drawn -> what readers see.
DRAWN = {
    "certain": "known to the day",
    "uncertain": "of uncertain day",
    "open": "with an open beginning or end",
    "planned": "planned",
    "cancelled": "cancelled",
    "unreal": "hypothetical",
}
#: Manner of a claim -> what readers see.
MANNERS = {
    "direct": "in direct speech",
    "indirect": "in the words of the source",
    "mixed": "partly in direct speech",
    "interview": "in an interview",
}
#: What reports can differ on, as filters and addresses name it -> what readers see.
ASPECTS = {
    "time": "when it was",
    "place": "where it was",
    "actor": "who took part",
    "status": "whether it happened",
    "outcome": "how it came out",
}
#: Why an event takes what it takes -> in short, and in a sentence. The ontology defines each rule.
RULES = {
    "officialRecord": ("by an official record", "The record is among the sources that say so."),
    "bestSupported": (
        "best supported",
        "It is the most exact of those that the most reports leave possible.",
    ),
    "allNamed": ("all that are named", "The event keeps all that its reports name."),
    "happened": ("what happened outweighs", "A report that it happened outweighs those that say otherwise."),
}
#: What a generation did to a thing.
CHANGES = {"created": "new", "changed": "changed", "deleted": "gone"}
#: Why somebody is said to hold an office at the time of an event.
OFFICES = {
    "officialRecord": "by an official record of these days",
    "termOfOffice": "by official records before and after",
    "nearestStated": "as stated by an article",
}

_DAY = re.compile(r"(-?\d{4})-(\d\d)-(\d\d)(?:T.*)?")
_MONTH = re.compile(r"(-?\d{4})-(\d\d)")
_YEAR = re.compile(r"-?\d{4}")
#: Sub-year groupings of EDTF level 1 and 2.
_SEASONS = {
    21: "spring", 22: "summer", 23: "autumn", 24: "winter",
    25: "northern spring", 26: "northern summer", 27: "northern autumn", 28: "northern winter",
    29: "southern spring", 30: "southern summer", 31: "southern autumn", 32: "southern winter",
    33: "the first quarter of", 34: "the second quarter of", 35: "the third quarter of", 36: "the last quarter of",
    37: "the first four months of", 38: "the middle of", 39: "the last four months of",
    40: "the first half of", 41: "the second half of",
}  # fmt: skip


@cache
def outcome_words(name: str) -> str:
    """Return what the ontology calls an outcome.

    >>> outcome_words("noAgreement")
    'no agreement'
    """
    node, label = ox.NamedNode(str(PLY[name])), ox.NamedNode(str(RDFS.label))
    said = (t.object for t in ontology_triples() if t.subject == node and t.predicate == label)
    return next((words.value for words in said if isinstance(words, ox.Literal)), name)


def date_in_words(value: date) -> str:
    """Return a day as people write it.

    >>> date_in_words(date(2019, 2, 28))
    '28 February 2019'
    """
    return f"{value.day} {calendar.month_name[value.month]} {value.year}"


def day(text: str | None) -> date | None:
    """Return the day of an ``xsd:date`` or ``xsd:dateTime`` literal; None if it is none that Python can hold."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def day_of_year_in_words(month: int, day: int) -> str:
    """Return a day of any year in words.

    >>> day_of_year_in_words(6, 12)
    '12 June'
    """
    return f"{day} {calendar.month_name[month]}"


def time_in_words(edtf: str | None, earliest: date | None = None, latest: date | None = None) -> str:
    """Return a time in words, saying no more than is known.

    :param edtf: Extended Date/Time Format, levels 0 to 2 (Library of Congress, 2019).
    :param earliest: first day that it can mean, for what has no words here.
    :param latest: last day that it can mean.

    >>> time_in_words("2019-02")
    'sometime in February 2019'
    >>> time_in_words("2019-02-27/2019-02-28")
    '27–28 February 2019'
    >>> time_in_words("../2018"), time_in_words("../2019-06-29")
    ('before 2019', 'before 30 June 2019')
    >>> time_in_words("2019-03/.."), time_in_words("201X"), time_in_words("2019-06-30~")
    ('since March 2019', 'sometime in the 2010s', 'around 30 June 2019')
    >>> time_in_words(None)
    'undated'
    """
    words = _in_words(edtf.strip()) if edtf else None
    return words or _bounds(earliest, latest) or (edtf or "undated")


def _bounds(earliest: date | None, latest: date | None) -> str | None:
    if earliest and latest:
        return (
            date_in_words(earliest) if earliest == latest else _interval(earliest.isoformat(), latest.isoformat(), True)
        )
    if latest:
        return _before(latest)
    return f"since {date_in_words(earliest)}" if earliest else None


def _in_words(edtf: str) -> str | None:
    if "/" in edtf:
        start, _, end = edtf.partition("/")
        return _open(start, end) if start in ("", "..") or end in ("", "..") else _interval(start, end, False)
    if edtf[:1] + edtf[-1:] in ("[]", "{}"):
        parts = [_plain(part) for part in edtf[1:-1].split(",")]
        known = [part for part in parts if part]
        if len(known) < len(parts):
            return None
        return "either " + " or ".join(known) if edtf[0] == "[" else " and ".join(known)
    hedge, edtf = _hedge(edtf)
    words = _plain(edtf)
    if not words:
        return None
    if hedge:
        return f"{hedge} {words}"
    return words if _DAY.fullmatch(edtf) else f"sometime in {words}"


def _hedge(edtf: str) -> tuple[str, str]:
    hedge = {"~": "around", "?": "perhaps", "%": "perhaps around"}.get(next((c for c in edtf if c in "~?%"), ""), "")
    return hedge, re.sub(r"[~?%]", "", edtf)


def _parse(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _plain(edtf: str) -> str | None:
    """Return one date of any precision in words, without saying that it is uncertain."""
    value = _parse(edtf)
    if value:
        return date_in_words(value)
    edtf = re.sub(r"(-XX)+\Z", "", edtf)
    match = _MONTH.fullmatch(edtf)
    if match:
        year, number = _year(match[1]), int(match[2])
        if 1 <= number <= 12:
            return f"{calendar.month_name[number]} {year}"
        return f"{_SEASONS[number]} {year}" if number in _SEASONS else None
    if re.fullmatch(r"\d{3}X", edtf):
        return f"the {edtf[:3]}0s"
    if re.fullmatch(r"\d\dXX", edtf):
        return f"the years {edtf[:2]}00 to {edtf[:2]}99"
    return _year(edtf) if _YEAR.fullmatch(edtf) else None


def _year(text: str) -> str:
    number = int(text)
    return str(number) if number > 0 else f"{1 - number} BC"


def _before(last: date) -> str:
    try:
        following = last + timedelta(days=1)
    except OverflowError:
        return f"until {date_in_words(last)}"
    if (following.month, following.day) == (1, 1):
        return f"before {following.year}"
    if following.day == 1:
        return f"before {calendar.month_name[following.month]} {following.year}"
    return f"before {date_in_words(following)}"


def _last_day(edtf: str) -> date | None:
    try:
        if _DAY.fullmatch(edtf):
            return _parse(edtf)
        month = _MONTH.fullmatch(edtf)
        if month and 1 <= int(month[2]) <= 12:
            year, number = int(month[1]), int(month[2])
            return date(year, number, calendar.monthrange(year, number)[1])
        return date(int(edtf), 12, 31) if _YEAR.fullmatch(edtf) else None
    except ValueError:
        return None


def _open(start: str, end: str) -> str | None:
    if start not in ("", ".."):
        words = _plain(_hedge(start)[1])
        return f"since {words}" if words else None
    if end in ("", ".."):
        return None
    last = _last_day(_hedge(end)[1])
    if last:
        return _before(last)
    words = _plain(_hedge(end)[1])
    return f"until {words}" if words else None


def _interval(start: str, end: str, uncertain: bool) -> str | None:
    (hedge_start, start), (hedge_end, end) = _hedge(start), _hedge(end)
    a, b = _plain(start), _plain(end)
    if not a or not b:
        return None
    one, two = _parse(start), _parse(end)
    if hedge_start or hedge_end or uncertain or one is None or two is None:
        first, last = f"{hedge_start} {a}".strip(), f"{hedge_end} {b}".strip()
        return f"sometime between {first} and {last}" if uncertain else f"from {first} to {last}"
    if one == two:
        return a
    if (one.year, one.month) == (two.year, two.month):
        return f"{one.day}–{b}"
    if one.year == two.year:
        return f"{one.day} {calendar.month_name[one.month]} – {b}"
    return f"{a} – {b}"
