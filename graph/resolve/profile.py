"""What resolution compares of a report, and the blocks that it is found in.

Two reports that say the same have one profile, so that a happening that a thousand articles tell alike costs no more
than one. Only reports that share a block are compared (blocking; Christen 2012, Data Matching, chapter 4).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from graph.extract.model import EventType, Report, Status
from graph.resolve.containment import countries_of

__all__ = ["EXACT", "NARROW", "SLACK", "Profile", "family", "name_key", "profile_of"]

#: A time no wider than so many days can place a happening by itself; a wider one needs people and place to agree.
NARROW = 31
#: Times no wider than so many days are dates.
EXACT = 3
#: So many days apart, two exact dates may be two tellings of one happening.
SLACK = 1
_ENCOUNTERS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.NEGOTIATION, EventType.CONFERENCE})
_PROPER = re.compile(r"[^\W\d_]*[A-Z][\w'’.&-]*")
#: So many participants of a report are looked up by; people first.
_LOOKED_UP = 8


@dataclass(frozen=True, slots=True)
class Profile:
    """What a report says, as far as resolution compares it.

    :param unreal: it is only imagined: never the same as what happened or is planned.
    :param name: what its label is compared by, if that is a name of its own.
    :param ordinal: which of the meetings of those who take part it is ("third summit").
    :param apart: tells profiles apart that say the same and are not to be taken for one.
    """

    type: EventType
    unreal: bool
    name: str | None
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
        """Whether its time can place a happening by itself."""
        return self.width is not None and self.width <= NARROW

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


def profile_of(report: Report, apart: str = "") -> Profile:
    """Return the profile of a report."""
    return Profile(
        report.type,
        report.status is Status.UNREAL,
        name_key(report.label),
        report.earliest,
        report.latest,
        frozenset(report.participants),
        frozenset(report.places),
        report.ordinal if family(report.type) == "Encounter" else None,
        apart,
    )


def family(kind: EventType) -> str:
    """Return the group of types that can be tellings of one happening.

    >>> family(EventType.SUMMIT) == family(EventType.MEETING), family(EventType.VISIT)
    (True, 'Visit')
    """
    return "Encounter" if kind in _ENCOUNTERS else str(kind)


def name_key(label: str) -> str | None:
    """Return what a label is compared by if it is a name of its own (two capitalised words or more), else None.

    >>> name_key("the Camp David Accords"), name_key("second meeting"), name_key("Paris talks")
    ('camp david accord', None, None)
    """
    words = re.findall(r"[\w'’.&-]+", label)
    while words and words[0].casefold() in {"the", "a", "an"}:
        words.pop(0)
    proper = [w for w in words if _PROPER.fullmatch(w)]
    if len(proper) < 2 or len(words) - len(proper) > 2:
        return None
    folded = [w.casefold() for w in words]
    # "Oslo Accord" and "Oslo Accords" are one name.
    if folded[-1].endswith("s") and not folded[-1].endswith("ss") and len(folded[-1]) > 4:
        folded[-1] = folded[-1][:-1]
    return " ".join(folded)


def _months(earliest: date, latest: date) -> Iterator[str]:
    """Yield the months that a stretch of days is in, with a day of slack on either side."""
    slack = timedelta(days=SLACK)
    day = earliest - slack if earliest > date.min + slack else earliest
    end = latest + slack if latest < date.max - slack else latest
    yield f"{day:%Y-%m}"
    while (day.year, day.month) != (end.year, end.month):
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        yield f"{day:%Y-%m}"
