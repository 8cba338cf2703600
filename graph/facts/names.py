"""Names of people in the records: offices apart from names, one key for one person, no two people under one key.

A name of the source becomes the customary one of news through ``data/facts/people.csv``. A surname alone is completed
where the records know just one person of that surname, country and time; else its key says the country.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from graph.extract.customary import fold, home, plain_name, who
from graph.extract.lexicon import read_table
from graph.extract.tokens import words_of
from graph.files import data_path
from graph.iris import slugify

__all__ = ["Named", "People", "countries_by_adjective", "find_people", "split_office"]

#: How long before and after a full name is recorded a surname may mean the same person.
_REACH = timedelta(days=4 * 366)
#: Surnames alone that are recorded this far apart are not taken for one person.
_APART = timedelta(days=20 * 366)
_ROYAL = frozenset({
    "king", "queen", "emperor", "shah", "sultan", "amir", "emir", "pope", "prince", "princess", "duke", "sheikh",
    "shaikh"
})  # fmt: skip
_FAMILY_FIRST = frozenset({"China", "North Korea", "South Korea", "Taiwan", "Vietnam"})
#: First words of what follows "General" or "Chairman" and is no name.
_NO_NAMES = frozenset({
    "Assembly", "Secretary", "Staff", "Council", "Committee", "Authority", "Conference", "Election", "Meeting",
    "Consul"
})  # fmt: skip
_PARTICLES = "bin|bint|ibn|al|el|ul|de|da|do|dos|du|del|della|di|van|von|den|der|ten|la|le|d|e|y|zu|af|abd"
_CAPITAL = r"[A-Z\u00c0-\u00de\u0100-\u017f\u1e00-\u1eff]"
_TOKEN = rf"(?:(?:{_CAPITAL}|(?:al|el|d|an|as|ash|ar|ad|at|az|ul)[-'])[\w'-]*\.?|(?:{_PARTICLES})(?=\s))"
_NAME = rf"{_TOKEN}(?:\s{_TOKEN}){{0,7}}"
_MONTHS = frozenset({
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A person as one record names them: office, name without it, and the country they stand for."""

    office: str
    name: str
    country: str


@cache
def offices() -> tuple[str, ...]:
    """Return the offices that stand before a name, longest first."""
    lines = data_path("facts", "offices.txt").read_text(encoding="utf-8").splitlines()
    return tuple(sorted((x for x in lines if x and not x.startswith("#")), key=len, reverse=True))


@cache
def countries_by_adjective() -> dict[str, str]:
    """Return country names by their adjectives: ``British`` -> ``United Kingdom``."""
    found: dict[str, str] = {}
    for _, name, _, _, adjectives, _, _ in read_table("countries.tsv", 7):
        for adjective in filter(None, (a.strip() for a in adjectives.split(","))):
            found.setdefault(adjective, name)
    return found


def split_office(words: str) -> tuple[str, str]:
    """Part an office from a name.

    >>> split_office("Prime Minister Ana Petrova"), split_office("Ana Petrova")
    (('Prime Minister', 'Ana Petrova'), ('', 'Ana Petrova'))
    """
    words = re.sub(r"\bMinst(?:er|ere)\b|\bMinistere\b", "Minister", words)
    words = re.sub(r"(?<=Minister)(?=[A-Z])", " ", words).replace("al- ", "al-")
    for office in offices():
        if words.startswith(office + " "):
            rest = words[len(office) + 1 :].strip()
            # "President Dr. Ana Petrova", "Prime Minister Sir ..."
            _, name = (
                split_office(rest) if re.match(r"(?:Dr\.|Sir|Lord|Lady|General|Sheikh) \w+ \w", rest) else ("", rest)
            )
            return office.replace("- ", "-"), name
    return "", words


@cache
def _person() -> re.Pattern[str]:
    adjectives = "|".join(sorted(map(re.escape, countries_by_adjective()), key=len, reverse=True))
    titles = "|".join(re.escape(o) for o in offices() if o not in ("Minister", "Leader", "Secretary", "Governor"))
    return re.compile(
        rf"(?:\b(?P<adjective>{adjectives})\s)?\b(?P<office>(?:(?:Deputy|Acting|former|Former|interim|Interim)\s)?(?:{titles}))"
        rf"\s(?P<name>{_NAME})(?P<possessive>'s)?(?:\sof\s(?:the\s)?(?P<of>[A-Z]\w+(?:\s[A-Z]\w+)?))?"
    )


_CUE = re.compile(
    r"\b(?:[Mm]et|[Mm]eets|[Mm]eetings?|[Cc]onferred|[Cc]onsulted|[Cc]onsultations|[Tt]alks|[Dd]iscussions|[Ss]poke|"
    r"[Ll]unch(?:eon|ed)?|[Dd]ined|[Dd]inner|[Aa]udience|[Dd]iscussed)\b[^.]{0,160}?\bwith\b|\bMet\b"
)
#: Before a name: what is left of the one named when others meet.
_MOURNED = re.compile(
    r"\b(?:[Ff]uneral|burial|[Mm]emorial [Ss]ervices?|tomb|grave|death)\s(?:of|for)\s(?:the\s)?(?:late\s)?$"
)
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\bSt)(?<!\bGen)(?<!\bDr)(?<!\bLt)(?<!\bMr)[.;](?:\s|$)")


def find_people(remarks: str, country: str) -> list[Named]:
    """Find whom a record says its traveller met. Only people named with an office count.

    :param country: the country they stand for unless the words say another.

    >>> find_people("Met with Prime Minister Petrova and Zubrowkan officials. Visited a school.", "Peru")
    [Named(office='Prime Minister', name='Petrova', country='Peru')]
    """
    text = " ".join(remarks.replace("’", "'").replace("‘", "'").split())
    found: list[Named] = []
    start = 0
    for end in [m.end() for m in _SENTENCE_END.finditer(text)] + [len(text)]:
        sentence = text[start:end].rstrip(" .;")
        start = end
        cue = _CUE.search(sentence)
        if cue is None:
            continue
        for m in _person().finditer(sentence, cue.end()):
            name = _clean(m["name"])
            if not name or m["possessive"] or name.split()[0] in _NO_NAMES:
                continue
            if _MOURNED.search(sentence, cue.end(), m.start()):
                continue
            of = m["of"] if m["of"] and words_of(m["of"]) else None
            land = countries_by_adjective().get(m["adjective"] or "") or (of if of and _is_country(of) else country)
            if m["office"].startswith(("PLO ", "Palestinian ")):
                land = "Palestine"
            named = Named(m["office"], name, land)
            if named not in found:
                found.append(named)
    return found


def _clean(name: str) -> str:
    words = name.rstrip(".").split() if not re.search(r"\b(?:Jr|Sr|[A-Z])\.$", name) else name.split()
    while words and (words[-1].rstrip(".") in _MONTHS or words[-1].lower() in _PARTICLES.split("|")):
        words.pop()
    words = [w.removesuffix("'s") for w in words]
    for i, word in enumerate(words):
        if i and (
            word in ("Foreign", "Prime", "President", "King", "Minister", "Secretary")
            or word in countries_by_adjective()
        ):
            return " ".join(words[:i])
    return " ".join(words)


@cache
def _country_names() -> frozenset[str]:
    return frozenset(row[1] for row in read_table("countries.tsv", 7))


def _is_country(name: str) -> bool:
    return name in _country_names()


@dataclass
class People:
    """All people of the records: says which key and name each mention has.

    Give it all mentions with :meth:`note` first, then ask :meth:`resolve`.
    """

    #: (country, surname) -> full name -> offices and days at which it is recorded.
    _full: dict[tuple[str, str], dict[str, list[tuple[str, date]]]] = field(default_factory=dict)
    _short: dict[tuple[str, str], list[date]] = field(default_factory=dict)
    _homes: dict[str, set[str]] = field(default_factory=dict)

    def note(self, mention: Named, day: date, *, sure: bool = False) -> None:
        """Remember that a record names this person.

        :param sure: whether the record itself says the person's country (that of the visitor, not of the place).
        """
        name, full = _name(mention, day)
        country = home(mention.country)
        if not full:
            self._short.setdefault((country, fold(name)), []).append(day)
            return
        if sure:
            self._homes.setdefault(slugify(name), set()).add(country)
        for tail in _tails(name, country):
            self._full.setdefault((country, tail), {}).setdefault(name, []).append((_office(mention.office), day))

    def resolve(self, mention: Named, day: date) -> tuple[str, str, bool]:
        """Return the key and the name of a person, and whether the name is a full one: else it is a surname alone.

        A surname is completed if one person alone had it, in that country and office, within four years.
        """
        name, full = _name(mention, day)
        if not full:
            near = {
                other
                for other, times in self._full.get((home(mention.country), fold(name)), {}).items()
                if any(_office(mention.office) == office and abs(day - at) <= _REACH for office, at in times)
            }
            if len({slugify(other) for other in near}) != 1:
                return self._short_key(name, mention.country, day), name, False
            name = min(near)
        slug = slugify(name)
        if len(self._homes.get(slug, ())) > 1:  # two people of one name
            return f"person/{slug}-{slugify(mention.country)}", name, True
        return f"person/{slug}", name, True

    def _short_key(self, name: str, country: str, day: date) -> str:
        base = f"person/{slugify(name)}-{slugify(country)}"
        days = sorted(set(self._short.get((home(country), fold(name)), ())))
        first: date | None = None
        for before, after in pairwise(days):
            if after - before > _APART and after <= day:
                first = after
        return f"{base}-{first.year}" if first else base


def _name(mention: Named, day: date) -> tuple[str, bool]:
    """Return the customary name of a person, and whether it says who is meant."""
    known = who(mention.name, mention.office, mention.country, day)
    if known is not None:
        return known, True
    name = plain_name(mention.name)
    return name, _is_full(name)


def _office(office: str) -> str:
    """Return an office without what sets a holder's state apart: elect, acting, former."""
    plain = re.sub(r"^(?:Former|Acting|Interim|former|interim|Provisional) |-\s?(?:elect|designate|Elect)$", "", office)
    return "Prime Minister" if plain == "Premier" else plain


def _is_full(name: str) -> bool:
    """Tell whether a name says who is meant, all over the world: not a surname or a prince's one name alone."""
    words = [w for w in name.split() if w not in ("Jr.", "Sr.")]
    if not words or words[0].lower() in _PARTICLES.split("|") or words[0].lower().startswith(("al-", "el-", "d'")):
        return False
    return len(words) >= (3 if words[0].lower() in _ROYAL else 2)


def _tails(name: str, country: str) -> Iterable[str]:
    """Yield what may stand for a full name: its last word, its last two; the first where the family name is first."""
    words = [w for w in fold(name).split() if w not in ("jr.", "sr.")]
    for count in (1, 2):
        if len(words) > count:
            yield " ".join(words[-count:])
    if country in _FAMILY_FIRST and len(words) > 1:
        yield words[0]
