"""Times and terms in the words of a reader: ``2019-02`` is "sometime in February 2019"."""

import calendar
import re
from datetime import date, timedelta
from functools import cache

import pyoxigraph as ox

from graph.edtf import certain
from graph.index.source import RECORDS
from graph.ontology import ontology_triples
from graph.vocabulary import PLY, RDFS
from web.language import N_, month_name, pgettext, translated
from web.language import gettext as _

__all__ = [
    "AMBIGUOUS", "ASPECTS", "CHANGES", "DRAWN", "MANNERS", "OFFICES", "RULES", "STATUSES", "UNKNOWN", "certain",
    "date_in_words", "day", "day_of_year_in_words", "facet_words", "month_in_words", "outcome_words", "time_in_words",
]  # fmt: skip

#: Status of an event -> what readers see.
STATUSES = {
    "occurred": N_("took place"),
    "planned": N_("planned"),
    "cancelled": N_("cancelled"),
    "unreal": N_("hypothetical"),
}
#: How an event is drawn -> what readers see.
DRAWN = {
    "certain": N_("known to the day"),
    "uncertain": N_("of uncertain day"),
    "open": N_("with an open beginning or end"),
    "planned": N_("planned"),
    "cancelled": N_("cancelled"),
    "unreal": N_("hypothetical"),
}
#: Manner of a claim -> what readers see.
MANNERS = {
    "direct": N_("in direct speech"),
    "indirect": N_("in the words of the source"),
    "mixed": N_("partly in direct speech"),
    "interview": N_("in an interview"),
}
#: What reports can differ on, as filters and addresses name it -> what readers see.
ASPECTS = {
    "time": N_("when it was"),
    "place": N_("where it was"),
    "actor": N_("who took part"),
    "status": N_("whether it happened"),
    "outcome": N_("how it came out"),
}
#: Why an event takes what it takes -> in short, and in a sentence. The ontology defines each rule.
RULES = {
    "officialRecord": (N_("by an official record"), N_("The record is among the sources that say so.")),
    "bestSupported": (
        N_("best supported"),
        N_("It is the most exact of those that the most reports leave possible."),
    ),
    "allNamed": (N_("all that are named"), N_("The event keeps all that its reports name.")),
    "happened": (N_("what happened outweighs"), N_("A report that it happened outweighs those that say otherwise.")),
}
#: What a generation did to a thing.
CHANGES = {"created": N_("new"), "changed": N_("changed"), "deleted": N_("gone")}
#: Why somebody is said to hold an office at the time of an event.
OFFICES = {
    "officialRecord": N_("by an official record of these days"),
    "termOfOffice": N_("by official records before and after"),
    "nearestStated": N_("as stated by an article"),
}
#: Kind of a thing -> what a reader is told if none has the name that they gave, and if several have it.
UNKNOWN = {
    "person": N_("no person here is called “%(text)s”"),
    "organization": N_("no organization here is called “%(text)s”"),
    "place": N_("no place here is called “%(text)s”"),
    "event": N_("no event here is called “%(text)s”"),
}
AMBIGUOUS = {
    "person": N_("more than one person has the name “%(text)s”"),
    "organization": N_("more than one organization has the name “%(text)s”"),
    "place": N_("more than one place has the name “%(text)s”"),
    "event": N_("more than one event has the name “%(text)s”"),
}

_DAY = re.compile(r"(-?\d{4})-(\d\d)-(\d\d)(?:T.*)?")
_MONTH = re.compile(r"(-?\d{4})-(\d\d)")
_YEAR = re.compile(r"-?\d{4}")
#: Sub-year groupings of EDTF level 1 and 2.
_SEASONS = {
    21: N_("spring %(year)s"), 22: N_("summer %(year)s"), 23: N_("autumn %(year)s"), 24: N_("winter %(year)s"),
    25: N_("northern spring %(year)s"), 26: N_("northern summer %(year)s"),
    27: N_("northern autumn %(year)s"), 28: N_("northern winter %(year)s"),
    29: N_("southern spring %(year)s"), 30: N_("southern summer %(year)s"),
    31: N_("southern autumn %(year)s"), 32: N_("southern winter %(year)s"),
    33: N_("the first quarter of %(year)s"), 34: N_("the second quarter of %(year)s"),
    35: N_("the third quarter of %(year)s"), 36: N_("the last quarter of %(year)s"),
    37: N_("the first four months of %(year)s"), 38: N_("the middle of %(year)s"),
    39: N_("the last four months of %(year)s"),
    40: N_("the first half of %(year)s"), 41: N_("the second half of %(year)s"),
}  # fmt: skip
#: Qualifications of EDTF level 1.
_HEDGES = {"~": N_("around %(time)s"), "?": N_("perhaps %(time)s"), "%": N_("perhaps around %(time)s")}


def outcome_words(name: str) -> str:
    """Return what the ontology calls an outcome, in the language of the page.

    >>> outcome_words("noAgreement")
    'no agreement'
    """
    return translated(_label(name))


def facet_words(facet: str, value: str, label: str) -> str:
    """Return the label of a value of a facet; what is a word of ours and no name, in the language of the page."""
    if (facet, value) == ("source", RECORDS):
        return _("Official records")
    return translated(label) if facet in ("type", "status") else label


@cache
def _label(name: str) -> str:
    node, label = ox.NamedNode(str(PLY[name])), ox.NamedNode(str(RDFS.label))
    said = (t.object for t in ontology_triples() if t.subject == node and t.predicate == label)
    return next((words.value for words in said if isinstance(words, ox.Literal)), name)


def date_in_words(value: date) -> str:
    """Return a day as people write it.

    >>> date_in_words(date(2019, 2, 28))
    '28 February 2019'
    """
    return _("%(day)s %(month)s %(year)s", day=_day_number(value.day), month=month_name(value.month), year=value.year)


def _day_number(day: int) -> str:
    # French says "1er mars", but "2 mars".
    return pgettext("first day of a month", "1") if day == 1 else str(day)


def day(text: str | None) -> date | None:
    """Return the day of an ``xsd:date`` or ``xsd:dateTime`` literal; None if it is none that Python can hold."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def day_of_year_in_words(month: int, day: int, *, short: bool = False) -> str:
    """Return a day of any year in words.

    >>> day_of_year_in_words(6, 12), day_of_year_in_words(9, 1, short=True)
    ('12 June', '1 Sep')
    """
    return _("%(day)s %(month)s", day=_day_number(day), month=month_name(month, short=short))


def month_in_words(year: str | int, month: int, *, short: bool = False) -> str:
    """Return a month of a year in words.

    >>> month_in_words(2019, 9), month_in_words(2019, 9, short=True)
    ('September 2019', 'Sep 2019')
    """
    return _("%(month)s %(year)s", month=month_name(month, short=short), year=year)


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
    return words or _bounds(earliest, latest) or (edtf or _("undated"))


def _bounds(earliest: date | None, latest: date | None) -> str | None:
    if earliest and latest:
        return (
            date_in_words(earliest) if earliest == latest else _interval(earliest.isoformat(), latest.isoformat(), True)
        )
    if latest:
        return _before(latest)
    return _("since %(time)s", time=_within(earliest)) if earliest else None


def _in_words(edtf: str) -> str | None:
    if "/" in edtf:
        start, end = edtf.split("/", 1)
        return _open(start, end) if start in ("", "..") or end in ("", "..") else _interval(start, end, False)
    if edtf[:1] + edtf[-1:] in ("[]", "{}"):
        parts = [_plain(part) for part in edtf[1:-1].split(",")]
        known = [part for part in parts if part]
        if len(known) < len(parts):
            return None
        if edtf[0] == "[":
            return _("either %(times)s", times=_(" or ").join(known))
        return _(" and ").join(known)
    hedge, edtf = _hedge(edtf)
    words = _plain(edtf)
    if not words:
        return None
    if hedge:
        return _hedged(hedge, edtf)
    return words if _DAY.fullmatch(edtf) else _sometime(edtf, words)


def _sometime(edtf: str, words: str) -> str:
    if "X" in re.sub(r"(-XX)+\Z", "", edtf) or (_MONTH.fullmatch(edtf) and int(edtf[-2:]) > 12):
        return pgettext("of a season, a decade or a century", "sometime in %(time)s", time=words)
    return _("sometime in %(time)s", time=words)


def _within(value: date) -> str:
    """Return a day as it stands after a preposition."""
    return pgettext("a day after a preposition", "%(day)s", day=date_in_words(value))


def _in_sentence(edtf: str) -> str | None:
    value = _parse(edtf)
    return _within(value) if value else _plain(edtf)


def _hedged(hedge: str, edtf: str) -> str | None:
    words = _in_sentence(edtf)
    return _(hedge, time=words) if hedge and words else words


def _hedge(edtf: str) -> tuple[str, str]:
    hedge = _HEDGES.get(next((c for c in edtf if c in "~?%"), ""), "")
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
            return month_in_words(year, number)
        return _(_SEASONS[number], year=year) if number in _SEASONS else None
    if re.fullmatch(r"\d{3}X", edtf):
        return _("the %(year)ss", year=edtf[:3] + "0")
    if re.fullmatch(r"\d\dXX", edtf):
        return _("the years %(first)s to %(last)s", first=edtf[:2] + "00", last=edtf[:2] + "99")
    return _year(edtf) if _YEAR.fullmatch(edtf) else None


def _year(text: str) -> str:
    number = int(text)
    return str(number) if number > 0 else _("%(year)s BC", year=1 - number)


def _before(last: date) -> str:
    try:
        following = last + timedelta(days=1)
    except OverflowError:
        return _("until %(time)s", time=_within(last))
    if (following.month, following.day) == (1, 1):
        return _("before %(time)s", time=following.year)
    if following.day == 1:
        return _("before %(time)s", time=_plain(following.isoformat()[:7]))
    return _("before %(time)s", time=_within(following))


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
        words = _in_sentence(_hedge(start)[1])
        return _("since %(time)s", time=words) if words else None
    if end in ("", ".."):
        return None
    last = _last_day(_hedge(end)[1])
    if last:
        return _before(last)
    words = _in_sentence(_hedge(end)[1])
    return _("until %(time)s", time=words) if words else None


def _interval(start: str, end: str, uncertain: bool) -> str | None:
    (hedge_start, start), (hedge_end, end) = _hedge(start), _hedge(end)
    a, b = _plain(start), _plain(end)
    if not a or not b:
        return None
    one, two = _parse(start), _parse(end)
    if hedge_start or hedge_end or uncertain or one is None or two is None:
        first, last = _hedged(hedge_start, start), _hedged(hedge_end, end)
        if uncertain:
            return _("sometime between %(first)s and %(last)s", first=first, last=last)
        return _("from %(first)s to %(last)s", first=first, last=last)
    if one == two:
        return a
    if (one.year, one.month) == (two.year, two.month):
        return f"{_day_number(one.day)}–{b}"
    if one.year == two.year:
        return f"{day_of_year_in_words(one.month, one.day)} – {b}"
    return f"{a} – {b}"
