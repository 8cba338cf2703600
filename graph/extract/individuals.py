"""Who the names of an article stand for: one individual of all the forms of a person's name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.extract.lexicon import family_first_names, given_names
from graph.extract.people import NAME_SUFFIXES, Run
from graph.iris import slugify

__all__ = ["Individual", "individuals"]


#: A family name of so many letters is known even with two letters swapped.
_LONG = 5


@dataclass(slots=True)
class Individual:
    """A person of the article while it is read."""

    words: tuple[str, ...]
    first: int
    titles: set[str] = field(default_factory=set)
    forms: set[tuple[str, ...]] = field(default_factory=set)
    printed: set[tuple[str, ...]] = field(default_factory=set)
    #: How often the article gives the full name.
    named: int = 0

    @property
    def family(self) -> tuple[str, ...]:
        """The family name: the first word of East Asian names, else the last word with its particles."""
        return _family(self.words)


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    bare = (w for w in words if w not in NAME_SUFFIXES)
    return tuple(part for w in bare for part in slugify(w.replace("'", "")).split("-") if part)


def _family(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(words) > 1 and words[-1] in NAME_SUFFIXES:
        words = words[:-1]
    if words[0] in family_first_names() and (len(words) == 3 or (len(words) == 2 and words[0] not in given_names())):
        return words[:1]
    return words[-1:]


def _same(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether two full names may be one person's: same family name, given names that agree."""
    a, b = _plain(short), _plain(long)
    if len(a) > len(b):
        a, b = b, a
    if a == b or (len(a) > 1 and b[: len(a)] == a):
        return True
    if _plain(_family(short)) != _plain(_family(long)):
        return False
    if len(a) == 1:
        return a[0] in b
    first_a, first_b = a[0], b[0]
    if not (first_a == first_b or (min(len(first_a), len(first_b)) == 1 and first_a[0] == first_b[0]) or first_a in b):
        return False
    rest = iter(b)
    return all(any(x == y or (min(len(x), len(y)) == 1 and x[0] == y[0]) for y in rest) for x in a)


def _shuffled(name: str) -> str:
    """Return what a name and its misspelling with letters swapped share."""
    return f"{name[0]} {''.join(sorted(name))}" if len(name) >= _LONG else name


def individuals(runs: Sequence[Run]) -> list[Individual]:
    """Make one individual of all the names that stand for the same person; the fullest form is the name.

    A single word may also be the initials of a full name ("TH:" in an interview), or its family name misspelt.
    """
    people: list[Individual] = []
    by_family: dict[str, list[Individual]] = defaultdict(list)
    by_given: dict[str, list[Individual]] = defaultdict(list)
    by_part: dict[str, Individual] = {}
    by_other: dict[str, Individual] = {}
    for run in sorted(runs, key=lambda r: (-len(_plain(r.words)), r.start)):
        family = _plain(_family(run.words))[-1] if _plain(_family(run.words)) else ""
        match = next((p for p in by_family[family] if _same(run.words, p.words)), None)
        if match is None and len(run.words) == 1:
            match = by_part.get(family) or by_other.get(run.words[0]) or by_other.get(_shuffled(family))
        if match is None and len(run.words) > 1:
            match = next((p for p in by_given[run.words[0]] if _same(run.words, p.words)), None)
        if match is None:
            match = Individual(run.words, run.start)
            people.append(match)
            by_family[family].append(match)
            by_given[run.words[0]].append(match)
            if len(run.words) > 1:
                for part in _plain(run.words):
                    by_part.setdefault(part, match)
                by_other.setdefault("".join(word[0] for word in run.words), match)
                by_other.setdefault(_shuffled(family), match)
        match.first = min(match.first, run.start)
        match.forms.add(run.words)
        match.printed.add(run.printed)
        match.named += len(run.words) > 1
        if run.title and len(run.words) > 1:
            match.titles.add(run.title)
    return sorted(people, key=lambda p: p.first)
