"""What resolution compares of a report, and the blocks that it is found in.

Two reports that say the same have one profile, so that a happening that a thousand articles tell alike costs no more
than one. Only reports that share a block are compared (blocking; Christen 2012, Data Matching, chapter 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

from graph.extract.model import EventType, Report, Status
from graph.resolve.containment import countries_of, is_country
from graph.resolve.labels import name_key, sort_of, years_in
from graph.resolve.shelf import mark_of

__all__ = ["EXACT", "NARROW", "SLACK", "YEAR", "Profile", "digest_of", "family", "in_order", "profile_of"]

#: A time no wider than so many days can place a happening by itself; a wider one needs people and place to agree.
NARROW = 31
#: Days of a year, at most.
YEAR = 366
#: Times no wider than so many days are dates.
EXACT = 3
#: So many days apart, two exact dates may be two tellings of one happening.
SLACK = 1
_ENCOUNTERS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.NEGOTIATION, EventType.CONFERENCE})
#: So many participants of a report are looked up by; people first.
_LOOKED_UP = 8


def in_order(report: Report) -> Report:
    """Return a report with what it has several of in one order, the most specific place first, and without its words.

    A store does not keep the order of the text, and what is made of a report must not depend on whether it was read
    back from one. Where in the text it is told is nothing that resolution asks.
    """
    return replace(
        report,
        mentions=(),
        time_spans=(),
        outcome_spans=(),
        participants=tuple(sorted(report.participants)),
        places=tuple(sorted(report.places, key=lambda place: (is_country(place), place))),
        outcomes=tuple(sorted(report.outcomes)),
        offices=tuple(sorted(report.offices)),
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """What a report says, as far as resolution compares it.

    :param unreal: it is only imagined: never the same as what happened or is planned.
    :param name: what its label is compared by, if that is a name of its own.
    :param sort: which sort of event of its type the label tells of.
    :param years: the years that the label names.
    :param ordinal: which of the meetings of those who take part it is ("third summit").
    :param apart: tells profiles apart that say the same and are not to be taken for one.
    """

    type: EventType
    unreal: bool
    name: str | None
    sort: str | None
    years: frozenset[int]
    earliest: date | None
    latest: date | None
    participants: frozenset[str]
    places: frozenset[str]
    ordinal: int | None = None
    apart: str = ""

    @property
    def width(self) -> int | None:
        """How many days its time spans; None if it has none, or an open one."""
        if self.earliest is None or self.latest is None:
            return None
        return (self.latest - self.earliest).days + 1

    @property
    def narrow(self) -> bool:
        """Whether its time can place a happening by itself: a month or less; a year for an election."""
        return self.width is not None and self.width <= (YEAR if self.sort == "election" else NARROW)

    @property
    def people(self) -> frozenset[str]:
        """The people among those who take part."""
        return frozenset(key for key in self.participants if key.startswith("person/"))

    def blocks(self) -> Iterator[tuple[str, ...]]:
        """Yield what it is looked up by; two profiles that may match have one of these in common."""
        kind = family(self.type)
        if self.name:
            yield (kind, "name", self.name)
        parties = sorted(self.participants, key=lambda k: (not k.startswith("person/"), k))[:_LOOKED_UP]
        where = sorted(self.places | countries_of(self.places))
        pairs = [(a, b) if a < b else (b, a) for a, b in combinations(parties, 2)]
        for a, b in pairs:
            if a.startswith("person/") and b.startswith("person/"):
                for place in where:
                    yield (kind, "met", a, b, place)
                if self.ordinal is not None:
                    yield (kind, "nth", a, b, str(self.ordinal))
        if self.sort is not None:
            yield from self._sorted()
        if kind == "Encounter" and self.earliest is not None and (self.width or EXACT + 1) <= EXACT:
            for day in range(self.width or 0):
                for place in sorted(self.places):
                    yield (kind, "day", str(self.earliest + timedelta(days=day)), place)
        if self.narrow and self.earliest is not None and self.latest is not None:
            for month in _months(self.earliest, self.latest):
                for pair in pairs:
                    yield (kind, month, *pair)
                for party in parties:
                    for place in where:
                        yield (kind, month, party, place)
                    if self.type in (EventType.TRANSITION, EventType.VISIT) and party.startswith("person/"):
                        yield (kind, month, party)

    def marks(self) -> Iterator[int]:
        """Yield the marks of its blocks."""
        return (mark_of(*block) for block in self.blocks())

    def _sorted(self) -> Iterator[tuple[str, ...]]:
        """Yield the blocks of events that are one of a sort for a person or country, in a year."""
        sort = str(self.sort)
        yield from ((sort, person) for person in sorted(self.people))
        if self.type is EventType.MILITARY:
            parties = sorted(countries_of(self.participants))[:_LOOKED_UP]
            yield from ((sort, *pair) for pair in combinations(parties, 2))
        if self.earliest is None or self.latest is None or self.latest.year > self.earliest.year + 1:
            return
        about = sorted(self.people | countries_of(self.participants | self.places))[: 2 * _LOOKED_UP]
        for year in range(self.earliest.year, self.latest.year + 1):
            yield from ((sort, str(year), who) for who in about)


def profile_of(report: Report, apart: str = "") -> Profile:
    """Return the profile of a report."""
    years = years_in(report.label)
    earliest, latest = report.earliest, report.latest
    if report.time is None and len(years) == 1:
        # "the 2020 election" says when it was, though no time expression of its own does.
        earliest, latest = date(min(years), 1, 1), date(min(years), 12, 31)
    return Profile(
        report.type,
        report.status is Status.UNREAL,
        name_key(report.label),
        sort_of(report.type, report.label),
        years,
        earliest,
        latest,
        frozenset(report.participants),
        frozenset(report.places),
        report.ordinal if family(report.type) == "Encounter" else None,
        apart,
    )


@lru_cache(maxsize=8_192)
def digest_of(profile: Profile) -> bytes:
    """Return the key of a profile: of two that say the same it is the same."""
    said = (
        profile.type.value, profile.unreal, profile.name, profile.sort, sorted(profile.years), str(profile.earliest),
        str(profile.latest), sorted(profile.participants), sorted(profile.places), profile.ordinal, profile.apart,
    )  # fmt: skip
    return blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def family(kind: EventType) -> str:
    """Return the group of types that can be tellings of one happening.

    >>> family(EventType.SUMMIT) == family(EventType.MEETING), family(EventType.VISIT)
    (True, 'Visit')
    """
    return "Encounter" if kind in _ENCOUNTERS else str(kind)


def _months(earliest: date, latest: date) -> Iterator[str]:
    """Yield the months that a stretch of days is in, with a day of slack on either side."""
    slack = timedelta(days=SLACK)
    day = earliest - slack if earliest > date.min + slack else earliest
    end = latest + slack if latest < date.max - slack else latest
    yield f"{day:%Y-%m}"
    while (day.year, day.month) != (end.year, end.month):
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        yield f"{day:%Y-%m}"
