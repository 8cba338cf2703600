"""Names of people in the records: offices apart from names, one key for one person, no two people under one key.

A name of the source becomes the customary one of news through ``data/facts/people.csv``. A surname alone is completed
where the records know just one person of that surname, country and time; else its key says the country.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from graph.extract.lexicon import read_table
from graph.extract.tokens import words_of
from graph.files import data_path
from graph.iris import slugify

__all__ = ["Named", "People", "countries_by_adjective", "find_people", "known_people", "plain_name", "split_office"]

#: How long before and after a full name is recorded a surname may mean the same person.
_REACH = timedelta(days=4 * 366)
#: Surnames alone that are recorded this far apart are not taken for one person.
_APART = timedelta(days=20 * 366)
#: How long before taking office people.csv's people are known by their names: president-elect.
_BEFORE_OFFICE = timedelta(days=400)
_SUCCESSORS = {"Soviet Union": "Russia", "West Germany": "Germany", "East Germany": "Germany",
               "Czechoslovakia": "Czech Republic", "Yugoslavia": "Serbia"}  # fmt: skip
_ROYAL = frozenset(
    [
        "king",
        "queen",
        "emperor",
        "shah",
        "sultan",
        "amir",
        "emir",
        "pope",
        "prince",
        "princess",
        "duke",
        "sheikh",
        "shaikh",
    ]
)
_FAMILY_FIRST = frozenset({"China", "North Korea", "South Korea", "Taiwan", "Vietnam"})
#: First words of what follows "General" or "Chairman" and is no name.
_NO_NAMES = frozenset(
    [
        "Assembly",
        "Secretary",
        "Staff",
        "Council",
        "Committee",
        "Authority",
        "Conference",
        "Election",
        "Meeting",
        "Consul",
    ]
)
_AMERICAN = frozenset({"President", "President-elect", "Former President"})
_PARTICLES = "bin|bint|ibn|al|el|ul|de|da|do|dos|du|del|della|di|van|von|den|der|ten|la|le|d|e|y|zu|af|abd"
_CAPITAL = r"[A-Z\u00c0-\u00de\u0100-\u017f\u1e00-\u1eff]"
_TOKEN = rf"(?:(?:{_CAPITAL}|(?:al|el|d|an|as|ash|ar|ad|at|az|ul)[-'])[\w'-]*\.?|(?:{_PARTICLES})(?=\s))"
_NAME = rf"{_TOKEN}(?:\s{_TOKEN}){{0,7}}"
_MONTHS = frozenset(
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
    ]
)


@dataclass(frozen=True, slots=True)
class Named:
    """A person as one record names them: office, name without it, and the country they stand for."""

    office: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Known:
    """A row of ``data/facts/people.csv``."""

    source: str
    name: str
    aliases: tuple[str, ...]
    country: str
    start: date
    end: date


@cache
def offices() -> tuple[str, ...]:
    """Return the offices that stand before a name, longest first."""
    lines = data_path("facts", "offices.txt").read_text(encoding="utf-8").splitlines()
    return tuple(sorted((x for x in lines if x and not x.startswith("#")), key=len, reverse=True))


@cache
def known_people() -> tuple[Known, ...]:
    """Return the people whose customary name is not that of the records."""
    with data_path("facts", "people.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Known(
                row["source"], row["name"], tuple(a for a in row["aliases"].split(";") if a), row["country"],
                date.fromisoformat(row["from"]) if row["from"] else date.min,
                date.fromisoformat(row["to"]) if row["to"] else date.max,
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


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


def plain_name(name: str) -> str:
    """Return the customary form of a full name: nickname for given names, no initials in the middle.

    >>> plain_name("Willem (Wim) Kok"), plain_name("Jacques R. Chirac"), plain_name("Tomás J. M. Varga, Jr.")
    ('Wim Kok', 'Jacques Chirac', 'Tomás Varga Jr.')
    """
    name = " ".join(name.replace("’", "'").replace("‘", "'").split()).strip(" ,;")
    if m := re.fullmatch(r"(.*?)\(([^()]+)\)\s*(.+)", name):
        name = f"{m[2]} {m[3]}"
    name = re.sub(r",?\s+(Jr|Sr)\.?$", r" \1.", name)
    words = name.split()
    kept = [w for i, w in enumerate(words) if not (0 < i < len(words) - 1 and re.fullmatch(r"(?:[A-Z]\.-?)+", w))]
    return " ".join(kept)


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


def fold(name: str) -> str:
    """Return a name for comparing: no accents, no case."""
    text = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).casefold().split())


def home(country: str) -> str:
    """Return the country whose people a country's are counted with: those of the Soviet Union with Russia's."""
    return _SUCCESSORS.get(country, country)


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
        name, full = _customary(mention, day)
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
        name, full = _customary(mention, day)
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


def _customary(mention: Named, day: date) -> tuple[str, bool]:
    """Return the name that news use, and whether it says who is meant: ``people.csv`` knows, or it is a full name."""
    name = plain_name(mention.name)
    low = fold(name)
    american = mention.office in _AMERICAN
    for person in known_people():
        president = bool(person.source) and american and person.start != date.min
        if person.country and not president and home(person.country) != home(mention.country):
            continue
        if person.start != date.min and not person.start - _BEFORE_OFFICE <= day <= person.end:
            continue
        names = {fold(known) for known in (person.name, *person.aliases)}
        if low in names or (president and low == fold(person.name).split()[-1] and person.start <= day):
            return person.name, True
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
