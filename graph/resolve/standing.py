"""What an article says of a person that can tell two bearers of one name apart: country, field of work, and when.

Most statements of this sort that differ are of one person who changes office; only the two that :func:`strangers` and
:func:`rivals` tell of are hardly ever.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from graph.extract.customary import home
from graph.extract.gazetteer import demonyms, every_place, places
from graph.extract.lexicon import read_table, role_heads
from graph.extract.tokens import words_of
from graph.iris import slugify
from graph.resolve.containment import countries_of

__all__ = ["STATE", "Standing", "akin", "kin", "rivals", "standing_of", "strangers"]

#: The field of those who have an office of a state.
STATE = "state"
_ABROAD = "abroad"
#: A country after one of these words is not that of the office: "ambassador to Japan".
_ELSEWHERE = frozenset(
    ("to", "for", "with", "in", "at", "on", "from", "against", "who", "near", "or", "non", "pro", "anti")
)
_ADJUNCT = re.compile(r"\s(?:of|to|for|with|in|at|on|from|against|who|under|near)\b.*|[,(].*", re.DOTALL)
_PART = re.compile(r"\band\b|,")
#: A role that somebody had once says nothing of the time of the article.
_FORMER = re.compile(r"\b(?:former|formerly|then|ex|late|retired|ousted|deposed|turned|future)\b", re.IGNORECASE)
_LONGEST = 6
#: So many years after an article that gives somebody a field of work, the same person may well have another.
_CAREER = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What one article says of one person.

    :param countries: keys of the countries that the person's offices are of.
    :param fields: the fields of work (``data/lexicons/role_fields.tsv``).
    :param current: those among ``fields`` that the article does not call past.
    :param year: when it was published.
    """

    countries: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    current: frozenset[str] = frozenset()
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.countries or self.fields)


def standing_of(roles: Iterable[str], published: date | None) -> Standing:
    """Return what roles say of whoever has them.

    :param roles: the words of each role, as the article has them.

    >>> found = standing_of(["the British Foreign Secretary"], date(2019, 5, 1))
    >>> sorted(found.countries), sorted(found.fields), found.year
    (['place/united-kingdom'], ['state'], 2019)
    >>> standing_of(["American ambassador to Japan"], None).countries
    frozenset({'place/united-states'})
    """
    countries: set[str] = set()
    fields: set[str] = set()
    current: set[str] = set()
    for role in roles:
        words = " ".join(role.replace("’", "'").split())
        if not _is_role(words):
            continue
        found = set(_fields(words))
        fields |= found
        if not _FORMER.search(words):
            current |= found
        if found and _ABROAD not in found:
            countries |= _countries(words)
    known = frozenset(fields) - {_ABROAD}
    return Standing(frozenset(countries), known, frozenset(current) & known, published.year if published else None)


def akin(a: Standing, b: Standing) -> bool:
    """Tell whether a country of one may also be that of the other."""
    return not a.countries.isdisjoint(_akin(b.countries))


def strangers(a: Standing, b: Standing) -> bool:
    """Tell whether two articles mean people of two countries, one of whom has an office of a state.

    Citizens of other callings move; so does nobody who is a minister here and a singer there.
    """
    return bool(a.countries and b.countries) and not akin(a, b) and STATE in a.fields | b.fields


def rivals(a: Standing, b: Standing) -> bool:
    """Tell whether one has an office of a state, and the other a calling that leaves no time for it.

    Both in the present, in articles of the same years.
    """
    if not a.current or not b.current or a.fields & b.fields or a.year is None or b.year is None:
        return False
    return (STATE in a.current) != (STATE in b.current) and abs(a.year - b.year) <= _CAREER


def kin(country: str) -> frozenset[str]:
    """Return the countries whose people may also be called those of a country, itself among them. Symmetric.

    >>> sorted(kin("place/slovakia"))
    ['place/austria-hungary', 'place/czechoslovakia', 'place/slovakia']
    """
    return _kin().get(country, frozenset()) | {country}


@cache
def _akin(countries: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*map(kin, countries))


@cache
def _kin() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for state, others in read_table("successor_states.tsv", 2):
        for other in others.split(","):
            one, two = f"place/{slugify(state)}", f"place/{slugify(other)}"
            found.setdefault(one, set()).add(two)
            found.setdefault(two, set()).add(one)
    for entry in list(every_place().values()):
        successor = f"place/{slugify(home(entry.name))}"
        if successor != entry.key:
            found.setdefault(entry.key, set()).add(successor)
            found.setdefault(successor, set()).add(entry.key)
    return {key: frozenset(others) for key, others in found.items()}


@cache
def _field_of() -> dict[str, str]:
    return {noun.strip(): field for field, nouns in read_table("role_fields.tsv", 2) for noun in nouns.split(",")}


def _nouns(words: str) -> Iterator[str]:
    """Yield the noun that each part of a role ends with: of an aide of a minister the aide."""
    for part in _PART.split(_ADJUNCT.sub("", f" {words}")):
        if part.split():
            yield part.split()[-1].casefold()


def _is_role(words: str) -> bool:
    """Tell whether words end as a role does: "the Soviet leader Ivo Novak", beside a name in a list, is another's."""
    return next(_nouns(words), "") in role_heads() | _field_of().keys()


def _fields(words: str) -> Iterator[str]:
    for noun in _nouns(words):
        if field := _field_of().get(noun) or _field_of().get(noun.rpartition("-")[2]):
            yield field


def _countries(words: str) -> frozenset[str]:
    tokens = words_of(words)
    found: set[str] = set()
    i = 0
    while i < len(tokens):
        if tokens[i].casefold() in _ELSEWHERE:
            break
        for j in range(min(len(tokens), i + _LONGEST), i, -1):
            entry = places().get(tokens[i:j])
            if key := demonyms().get(tokens[i:j]) or (entry and entry.key):
                found.add(key)
                i = j
                break
        else:
            i += 1
    return countries_of(found)
