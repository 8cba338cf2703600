"""The people of the dataset as the one writer knows them: which bearer of a name each article means.

All articles that give a full name are a *block*. They mean one person unless something tells two apart: offices of
unrelated countries, or an office of a state and another calling at the same time (:mod:`graph.resolve.standing`).
Whoever the article published first means, or the official records, has the plain key; the others' keys say their
country or calling. The outcome depends on which articles there are, never on their order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b, sha256

from graph.extract.model import Extraction
from graph.resolve.codec import codec
from graph.resolve.onrecord import on_record
from graph.resolve.shelf import Roll, Room, Shelf
from graph.resolve.standing import STATE, Standing, akin, rivals, standing_of, strangers

__all__ = ["PersonChange", "PersonIndex", "is_full_name", "plain_key", "standings_in"]

#: Parts a name from what tells its bearer apart; no name that is made into a key has it.
_APART = "--"
_LETTERS = 6
#: So many articles must mean somebody else before a name on record has a second bearer: one may be read wrongly.
_WITNESSES = 2
#: Standing -> of the articles that say it, the first one with its day of publication, and how many there are.
_Told = Mapping[Standing, tuple[tuple[date, str], int]]


@dataclass(frozen=True)
class PersonChange:
    """Which keys people have in articles.

    :param names: of the article that comes in: plain key -> key, of those who have another.
    :param others: what becomes of other articles: article key -> key as it was -> key as it is.
    :param gone: keys that no article uses any more -> those that their articles use now, if any.
    :param living: keys that articles use, of all names that this touches.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    living: frozenset[str] = frozenset()


def plain_key(key: str) -> str:
    """Return the key that a person's name alone makes.

    >>> plain_key("person/tom-harding--france"), plain_key("person/tom-harding")
    ('person/tom-harding', 'person/tom-harding')
    """
    return key.partition(_APART)[0]


def is_full_name(key: str) -> bool:
    """Tell whether a person's plain key is made of a name of several words: a surname alone tells too little.

    >>> is_full_name("person/tom-harding"), is_full_name("person/harding")
    (True, False)
    """
    return key.startswith("person/") and "-" in key


def standings_in(extraction: Extraction) -> dict[str, Standing]:
    """Return what an article says of the people whom it gives a full name, by plain key."""
    published = extraction.article.published
    return {
        person.key: standing_of([role.span.text for role in person.roles], published)
        for person in extraction.people
        if is_full_name(person.key)
    }


@dataclass(frozen=True, slots=True)
class _Block:
    """The articles that give one name.

    :param told: what they say of its bearers.
    :param keys: standing -> key of the person.
    """

    told: _Told = field(default_factory=dict)
    keys: Mapping[Standing, str] = field(default_factory=dict)


@dataclass
class PersonIndex:
    """Who is meant by which full name, article by article. Belongs to the one writer.

    :param known: standing of the people on record, by plain key.
    :param room: where all that grows with the number of articles is kept: in memory as far as it was used last.
    """

    known: Mapping[str, Standing] = field(default_factory=on_record)
    room: Room = field(default_factory=Room)
    #: What the store has otherwise than it follows from the articles; the next change puts it right.
    _pending: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._blocks: Shelf[str, _Block] = Shelf(self.room, codec(_Block))
        said = codec(tuple[date, Mapping[str, Standing]])
        self._articles: Shelf[str, tuple[date, Mapping[str, Standing]]] = Shelf(self.room, said)
        #: Which articles say what of whom.
        self._telling = Roll(self.room)

    @property
    def is_stored(self) -> bool:
        """Whether the store has people as it follows from the articles, or would have with the last change."""
        return not self._pending

    def fill(
        self,
        standings: Mapping[str, Mapping[str, Standing]],
        published: Mapping[str, date],
        keys: Mapping[str, Iterable[str]],
    ) -> None:
        """Take in articles that are stored already.

        :param standings: article key -> plain key -> standing.
        :param published: article key -> day of publication.
        :param keys: article key -> the keys that its people have in the store.
        """
        for article, said in standings.items():
            self._add(article, published.get(article, date.max), said)
        for plain in self._blocks:
            self._settle(plain)
        for article, stored in keys.items():
            for key in stored:
                meant = self.key_of(article, plain_key(key))
                if meant != key:
                    self._pending.setdefault(article, {})[key] = meant

    def put(self, article: str, published: date | None, standings: Mapping[str, Standing]) -> PersonChange:
        """Take in an article, in the place of what it said before; return what this changes.

        :param standings: plain key -> standing, of the people whom it gives a full name.
        """
        _, before = self._articles.get(article, (date.max, {}))
        touched = sorted(before.keys() | standings.keys())
        formerly = {plain: dict(self._blocks[plain].keys) for plain in touched if plain in self._blocks}
        self._remove(article)
        if standings:
            self._add(article, published or date.max, standings)
        others: dict[str, dict[str, str]] = defaultdict(dict)
        gone: dict[str, set[str]] = {}
        living: set[str] = set()
        for plain in touched:
            old, new = formerly.get(plain, {}), self._settle(plain)
            living |= set(new.values())
            for key in set(old.values()) - set(new.values()) - {plain}:
                gone[key] = set()
            for standing, key in old.items():
                meant = new.get(standing)
                if meant is not None and meant != key:
                    gone.get(key, set()).add(meant)
                    for other in self._telling.names(_line(plain, standing)):
                        others[other][key] = meant
            # What the article itself said of somebody whom it now means otherwise leads on, too.
            if plain in before and plain in standings:
                gone.get(old[before[plain]], set()).add(new[standings[plain]])
        others.pop(article, None)
        for other, stored in self._pending.items():
            if other != article:
                # The store has neither what was meant nor what is meant now.
                now = others[other]
                others[other] = {key: now.pop(meant, meant) for key, meant in stored.items()} | now
        self._pending.clear()
        return PersonChange(
            self.names(article), dict(others), {k: tuple(sorted(heirs)) for k, heirs in gone.items()}, frozenset(living)
        )

    def withdraw(self, article: str) -> PersonChange:
        """Take back all that an article said of people; return what this changes."""
        return self.put(article, None, {})

    def names(self, article: str) -> dict[str, str]:
        """Return the people of an article whose key is not the plain one: plain key -> key."""
        _, said = self._articles.get(article, (date.max, {}))
        return {plain: key for plain in sorted(said) if (key := self.key_of(article, plain)) != plain}

    def key_of(self, article: str, plain: str) -> str:
        """Return the key of the person whom an article means by a name."""
        _, said = self._articles.get(article, (date.max, {}))
        return self._blocks[plain].keys[said[plain]] if plain in said else plain

    def _settle(self, plain: str) -> Mapping[Standing, str]:
        """Decide anew who is meant by a name."""
        block = self._blocks.get(plain)
        if block is None:
            return {}
        keys = _keys(plain, block.told, self.known.get(plain))
        if keys != block.keys:
            self._blocks[plain] = replace(block, keys=keys)
        return keys

    def _add(self, article: str, published: date, standings: Mapping[str, Standing]) -> None:
        self._articles[article] = (published, dict(standings))
        for plain, standing in standings.items():
            self._telling.add(_line(plain, standing), (published.isoformat(), article))
            block = self._blocks.get(plain, _Block())
            first, count = block.told.get(standing, ((published, article), 0))
            told = {**block.told, standing: (min(first, (published, article)), count + 1)}
            self._blocks[plain] = replace(block, told=told)

    def _remove(self, article: str) -> None:
        published, standings = self._articles.pop(article, (date.max, {}))
        for plain, standing in standings.items():
            self._telling.remove(_line(plain, standing), (published.isoformat(), article))
            block = self._blocks[plain]
            told = dict(block.told)
            first, count = told.pop(standing)
            if count > 1:
                if first == (published, article):
                    day, other = self._telling.first(_line(plain, standing))
                    first = (date.fromisoformat(day), other)
                told[standing] = (first, count - 1)
            if told:
                self._blocks[plain] = replace(block, told=told)
            else:
                del self._blocks[plain]


def _line(plain: str, standing: Standing) -> bytes:
    """Return the same for all articles that say the same of the bearer of a name."""
    said = (plain, sorted(standing.countries), sorted(standing.fields), sorted(standing.current), standing.year)
    return blake2b(repr(said).encode(), digest_size=16).digest()


def _keys(plain: str, told: _Told, known: Standing | None) -> dict[Standing, str]:
    """Return the key for each standing that articles give to people of one name."""
    people = _people(told, known)
    found = dict.fromkeys(told, plain)
    for number, person in enumerate(people[1:], 1):
        rest = [standing for other in people[:number] + people[number + 1 :] for standing in other]
        key = f"{plain}{_APART}{_mark(person, told, rest)}"
        found |= dict.fromkeys(person, key)
    return found


def _people(told: _Told, known: Standing | None) -> list[list[Standing]]:
    """Part what articles say of people of one name into the people; the first has the plain key.

    :param known: what the official records say of whom they know by this name.
    """
    saying = [standing for standing in told if standing]
    if not _differing([*saying, known] if known else saying) or (known is not None and not known.countries):
        return [list(told)]  # most names
    groups = sorted(_groups(saying), key=lambda group: min(told[s][0] for s in group))
    people: list[list[Standing]] = [[known]] if known else []
    for group in groups:
        if known and sum(told[s][1] for s in group) < _WITNESSES:
            continue  # has the plain key, and says nothing of who else has it
        able = [person for person in people if not _apart(person, group)]
        # Of several whom a calling may mean, those who have it come first.
        sharing = [p for p in able if any(s.fields & other.fields for s in group for other in p)]
        if any(s.countries for s in group) or len(sharing) != 1:
            sharing = able
        if sharing:
            sharing[0] += group
        else:
            people.append(list(group))
    return people


def _differing(standings: Sequence[Standing]) -> bool:
    """Tell whether there is anything in which articles differ that could tell people apart."""
    return len({s.countries for s in standings if s.countries}) > 1 or any(s.current - {STATE} for s in standings)


def _groups(standings: Sequence[Standing]) -> list[list[Standing]]:
    """Join what has a country or, where none is given, a field of work in common, directly or by what is between."""
    groups: list[list[Standing]] = []
    for standing in standings:
        near = [g for g in groups if any(_alike(standing, other) for other in g)]
        groups = [g for g in groups if g not in near] + [[standing, *(s for g in near for s in g)]]
    return groups


def _alike(a: Standing, b: Standing) -> bool:
    if a.countries and b.countries:
        return akin(a, b) and not rivals(a, b)
    return not a.countries and not b.countries and bool(a.fields & b.fields)


def _apart(person: Sequence[Standing], group: Sequence[Standing]) -> bool:
    """Tell whether what articles say of a person cannot be said of the one whom other articles mean."""
    if any(strangers(a, b) for a in person for b in group):
        return True
    callings = [frozenset().union(*(s.fields for s in each)) for each in (person, group)]
    # Somebody who is known to have both callings is nobody's rival.
    return callings[0].isdisjoint(callings[1]) and any(rivals(a, b) for a in person for b in group)


def _mark(person: Iterable[Standing], told: _Told, rest: Iterable[Standing]) -> str:
    """Return what tells a person apart: a country, a calling that no other of the name has, or letters."""
    first = sorted((s for s in person if s in told), key=lambda s: told[s][0])
    rest = list(rest)
    for country in (c for s in first for c in sorted(s.countries)):
        if not any(country in other.countries for other in rest):
            return country.partition("/")[2]
    for calling in (f for s in first for f in sorted(s.fields)):
        if not any(calling in other.fields for other in rest):
            return calling
    return sha256(told[first[0]][0][1].encode()).hexdigest()[:_LETTERS]
