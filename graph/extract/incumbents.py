"""Whom a surname alone means: who led or spoke for a country when an article was written, or at the time it is about.

``data/facts/leaders.csv`` says who is on record, and when. A surname that could mean several people means none of them.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from graph.extract.customary import fold, known_people
from graph.extract.lexicon import family_first_names
from graph.files import data_path

__all__ = ["incumbent", "namesake", "years_of"]

_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
#: So many years before and after the records know of people, they may be meant by their surname.
_EARLY, _LATE = 2, 5
_REMEMBERED = 30
#: So many years before somebody leads there can be no talk of the same person.
_LIFETIME = 80
#: Without a date of publication: so many years must be named, and such a share of them fall in a leader's time.
_FEW, _SHARE = 2, 0.6


@dataclass(frozen=True, slots=True)
class _Leader:
    name: str
    first: int
    last: int
    chief: bool
    eminent: bool


@cache
def _by_surname() -> dict[str, list[_Leader]]:
    found: dict[str, list[_Leader]] = defaultdict(list)
    others = {p.name: [a for a in p.aliases if len(a.split()) > 1] for p in known_people()}
    presidents = {p.name for p in known_people() if p.source and p.start != date.min}
    with data_path("facts", "leaders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            leader = _Leader(
                row["name"],
                date.fromisoformat(row["from"]).year,
                date.fromisoformat(row["to"]).year,
                row["chief"] == "1",
                row["name"] in presidents,
            )
            for name in (leader.name, *others.get(leader.name, ())):
                words = name.split()
                surname = fold(words[0] if words[0] in family_first_names() else words[-1])
                if leader not in found[surname]:
                    found[surname].append(leader)
    return dict(found)


def years_of(text: str, published: date | None) -> Counter[int]:
    """Return the years that an article is of: that of its publication, else those that it names, with how often."""
    return Counter([published.year] if published else map(int, _YEAR.findall(text)))


def incumbent(surname: str, years: Counter[int], titles: Iterable[str]) -> str | None:
    """Return the full name of the leader whom a surname means in an article of these years; None if in doubt.

    :param titles: the words before the name that state a role: an official who led no state needs one.

    >>> incumbent("Nixon", Counter({1972: 3, 1973: 1}), []), incumbent("Petrova", Counter({2019: 1}), ["President"])
    ('Richard Nixon', None)
    """
    known = [p for p in _by_surname().get(fold(surname), ()) if p.chief or any(titles)]
    total = sum(years.values())
    if not known or not total:
        return None
    dated = len(years) == 1
    if not dated and total < _FEW:
        return None
    at = [p for p in known if sum(n for y, n in years.items() if _meant(p, y)) >= _SHARE * total]
    if len(at) == 1:
        return at[0].name
    chiefs = [p for p in at if p.chief]
    if not at:
        # A president of the United States is remembered by the surname.
        chiefs = [p for p in known if p.eminent and any(p.first - _EARLY <= y <= p.last + _REMEMBERED for y in years)]
    return chiefs[0].name if len(chiefs) == 1 else None


def namesake(name: str, years: Counter[int]) -> int | None:
    """Return the first year of an article that names somebody of a leader's name who cannot be that leader.

    So two bearers of one name whom a lifetime parts have two keys. None if it may be the leader, or none is known: of
    the dead there is talk at any time, of those to come there is none.

    >>> namesake("Boris Johnson", Counter({2021: 1})), namesake("Boris Johnson", Counter({1871: 3}))
    (None, 1871)
    """
    known = _by_name().get(name, ())
    if not known or not years:
        return None
    if any(year >= p.first - _LIFETIME for p in known for year in years):
        return None
    return min(years)


@cache
def _by_name() -> dict[str, list[_Leader]]:
    found: dict[str, list[_Leader]] = defaultdict(list)
    for leaders in _by_surname().values():
        for leader in leaders:
            found[leader.name].append(leader)
    return dict(found)


def _meant(leader: _Leader, year: int) -> bool:
    return leader.first - _EARLY <= year <= leader.last + _LATE
