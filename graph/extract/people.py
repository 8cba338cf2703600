"""Finds the full names of people, and what else an article may call each of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from graph.extract.gazetteer import demonyms, places
from graph.extract.lexicon import (
    capitalised_stop_words,
    family_first_names,
    given_names,
    name_particles,
    public_figures,
    read_lines,
    read_words,
    reporting_verbs,
    role_heads,
    titles,
)
from graph.extract.tokens import Phrases, Token, words_of

__all__ = ["Individual", "Run", "find_runs", "individuals", "title_before"]

_LONGEST = 7
#: Particles that may stand unhyphenated inside a name; the others only as "al-", "el-".
_FREE = frozenset("al el bin ibn bint ben abu von van der den de del della di da dos das du la le".split())
_SUFFIXES = frozenset(("Jr", "Sr", "II", "III", "IV", "V", "VI", "VII", "VIII", "XII", "XIV", "XVI"))
_NOT_GIVEN_PART = frozenset(("era", "led", "style", "backed", "like", "born", "based", "elect", "in", "and", "to"))


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens ``[start, end)`` that name a person; ``words`` are the parts of the name."""

    start: int
    end: int
    words: tuple[str, ...]
    title: str = ""


@dataclass(slots=True)
class Individual:
    """A person of the article while it is read."""

    words: tuple[str, ...]
    first: int
    titles: set[str] = field(default_factory=set)
    forms: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def family(self) -> tuple[str, ...]:
        """The family name: the first word of East Asian names, else the last word with its particles."""
        return _family(self.words)


@cache
def _figures() -> Phrases[bool]:
    names = [line.replace("_", " ") for line in read_lines("known_people.txt")] + list(read_lines("leaders.txt"))
    return Phrases((name.replace("’", "'"), True) for name in names if len(name.split()) > 1)


def title_before(tokens: Sequence[Token], i: int) -> tuple[int, str] | None:
    """Return where the title before token ``i`` starts, and the title in lower case; None if there is none."""
    j = i - 1
    if j >= 0 and tokens[j].text == "." and tokens[j].tight:
        j -= 1
    if j < 0 or tokens[j].line != tokens[min(i, len(tokens) - 1)].line:
        return None
    for length in (4, 3, 2, 1):
        start = j - length + 1
        if start >= 0 and tokens[start].cap and tokens[start].line == tokens[j].line:
            words = [t.low for t in tokens[start : j + 1] if t.text != "-"]
            if tuple(words) in titles() or "-".join(words) in _hyphenated():
                return start, " ".join(words)
    return None


@cache
def _hyphenated() -> frozenset[str]:
    return frozenset("-".join(t) for t in titles() if len(t) == 1 and "-" in t[0]) | frozenset(
        t[0] for t in titles() if "-" in t[0]
    )


def _usable(token: Token) -> bool:
    return token.cap and token.text not in capitalised_stop_words() and not token.text.endswith(".")


def _extend(tokens: Sequence[Token], i: int, taken: set[int]) -> int:
    """Return the end of the run of name-like tokens from ``i`` on."""
    j, line = i, tokens[i].line
    while j < len(tokens) and tokens[j].line == line and j - i < _LONGEST + 4 and j not in taken:
        token = tokens[j]
        following = tokens[j + 1] if j + 1 < len(tokens) and tokens[j + 1].line == line else None
        if token.cap and j > i and token.low in reporting_verbs() and token.headline:
            break
        if token.cap and token.text in _SUFFIXES and j > i:
            j += 1
            break
        if token.cap and len(token.text) == 1 and following and following.text == "." and following.tight:
            j += 2  # an initial
        elif token.cap and len(token.text) == 4 and token.text[1::2] == "..":
            j += 1  # two initials: "J.F."
        elif _usable(token):
            if j > i and (demonyms().match(tokens, j) or _long_place(tokens, j)):
                break
            if j > i and (token.low,) in titles() and tokens[j - 1].text != "-" and token.text not in given_names():
                break
            j += 1
        elif token.text == "-" and token.tight and following and following.tight and j > i:
            if following.cap and (tokens[j - 1].text in given_names() or tokens[j - 1].low in name_particles()
                                  or (j - i >= 2 and following.text not in public_figures() and not places().match(tokens, j + 1)
                                      and tokens[j - 1].text not in public_figures())):  # fmt: skip
                j += 1
            elif tokens[j - 1].low in name_particles():
                j += 1
            elif (following.text.islower() and following.text.isalpha() and len(following.text) < 7 and j - i >= 2
                  and following.text not in _NOT_GIVEN_PART and len(tokens[j - 1].text) < 7):  # fmt: skip
                j += 2
            else:
                break
        elif (token.text in name_particles() and following
              and (following.text == "-" and following.tight or token.text in _FREE and j > i
                   and (following.cap or following.text in _FREE))):  # fmt: skip
            j += 1
        else:
            break
    while j > i and (tokens[j - 1].text == "-" or tokens[j - 1].text in name_particles()):
        j -= 1
    return j


def _long_place(tokens: Sequence[Token], i: int) -> bool:
    hit = places().match(tokens, i)
    return hit is not None and hit[0] - i > 1


def _parts(tokens: Sequence[Token], i: int, j: int) -> tuple[str, ...]:
    words: list[str] = []
    for token in tokens[i:j]:
        if token.text in ".-" or (token.tight and words and words[-1].endswith("-")):
            if words and token.text != ".":
                words[-1] += token.text
        else:
            words.append(token.text)
    return tuple(words)


def find_runs(tokens: Sequence[Token], taken: set[int], lower: frozenset[str]) -> list[Run]:
    """Find the runs of tokens that the words themselves or their neighbours show to be a person's name.

    :param taken: tokens that belong to an organization or a place of several words.
    :param lower: words that the article also writes in lower case: capitalised at the start of a sentence, no name.
    """
    runs: list[Run] = []
    i = 0
    while i < len(tokens):
        if i in taken or not (tokens[i].cap or tokens[i].text in name_particles()) or demonyms().match(tokens, i):
            i += 1
            continue
        known = _figures().match(tokens, i)
        end = known[0] if known else _extend(tokens, i, taken)
        if known and end < len(tokens) and tokens[end].text in _SUFFIXES:
            end += 1
        run = _judge(tokens, i, end, lower, known is not None) if end > i else None
        if run:
            runs.append(run)
            i = run.end
        else:
            i += 1
    return runs


def _judge(tokens: Sequence[Token], i: int, j: int, lower: frozenset[str], known: bool) -> Run | None:
    words = _parts(tokens, i, j)
    title = title_before(tokens, i)
    run = Run(i, j, words, title[1] if title else "")
    if not words or sum(len(w) > 1 for w in words) == 0:
        return None
    if known:
        return run
    place = places().match(tokens, i)
    if len(words) == 1:
        return run if _single(tokens, i, j, lower, bool(title), place is not None) else None
    if place and not title and words[0] not in given_names():
        return None
    if tokens[i].headline and len(words) > 3:
        return None
    if words[0] in given_names() or words[0].split("-")[0] in given_names():
        return run
    if tokens[i].first and tokens[i].low in lower:
        return None
    if title and not tokens[i].headline:
        return run
    if words[0] in family_first_names() and (len(words) == 3 or "-" in words[1]) and not tokens[i].headline:
        return run
    if any(len(w) == 1 for w in words[1:]) and len(words) > 2:
        return run
    if words[0] in _FREE or any(w.startswith(("al-", "el-", "Al-", "El-")) for w in words):
        return run
    if tokens[i].headline:
        return None
    return run if _company_kept(tokens, i, j) and len(words) < 5 else None


def _single(tokens: Sequence[Token], i: int, j: int, lower: frozenset[str], titled: bool, place: bool) -> bool:
    word = tokens[i].text
    if len(word) < 2 or (word.isupper() and not tokens[i].headline):
        return False
    if public_figures().get(word) and not place:
        return True
    if word in given_names() and not titled:
        return False
    if titled:
        return not (place and not tokens[i].first and tokens[i - 1].text != ".") and not (tokens[i].headline and place)
    if place or tokens[i].headline or (tokens[i].first and tokens[i].low in lower):
        return False
    if word in public_figures():
        return not tokens[i].first
    before = tokens[i - 1] if i and tokens[i - 1].line == tokens[i].line else None
    return (
        before is not None and before.text.islower() and before.text in role_heads() and not before.text.endswith("s")
    )


def _company_kept(tokens: Sequence[Token], i: int, j: int) -> bool:
    """Tell whether the words around a run of unknown names are such as stand around a person."""
    following = tokens[j] if j < len(tokens) and tokens[j].line == tokens[i].line else None
    before = tokens[i - 1] if i and tokens[i - 1].line == tokens[i].line else None
    if before and before.low in role_heads() and before.low not in ("general", "head", "justice", "chief", "chair"):
        return True
    if before and before.text == "," and i > 1 and tokens[i - 2].low in role_heads():
        return True
    if following is None:
        return False
    if following.low in ("said", "told", "wrote", "tweeted", "added", "argued", "who", "stated", "says", "replied"):
        return True
    if following.text == "," and j + 1 < len(tokens):
        ahead = tokens[j + 1 : j + 8]
        if ahead[0].text.isdigit() and 15 < int(ahead[0].text[:4]) < 105 and len(ahead) > 1 and ahead[1].text in ",.":
            return True
        if ahead[0].low == "who":
            return True
        if ahead[0].low in ("the", "a", "an", "his", "her", "then", "former") or ahead[0].low in role_heads():
            for token in ahead:
                if token.text in ",.;":
                    break
                if token.low in role_heads():
                    return True
    return False


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for w in words for part in w.casefold().replace("'", "").split("-") if part)


def _family(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    if words[0] in family_first_names() and (len(words) == 3 or (len(words) == 2 and words[0] not in given_names())):
        return words[:1]
    return words[-1:]


def _same(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether two full names may be one person's: same family name, given names that agree."""
    a, b = _plain(short), _plain(long)
    if len(a) > len(b):
        a, b = b, a
    if a == b:
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


def individuals(runs: Sequence[Run]) -> list[Individual]:
    """Make one individual of all the names that stand for the same person; the fullest form is the name."""
    people: list[Individual] = []
    by_family: dict[str, list[Individual]] = defaultdict(list)
    for run in sorted(runs, key=lambda r: (-len(_plain(r.words)), r.start)):
        family = _plain(_family(run.words))[-1] if _plain(_family(run.words)) else ""
        match = next((p for p in by_family[family] if _same(run.words, p.words)), None)
        if match is None and len(run.words) == 1:
            match = next((p for p in people if len(p.words) > 1 and family in _plain(p.words)), None)
        if match is None:
            match = Individual(run.words, run.start)
            people.append(match)
            by_family[family].append(match)
        match.first = min(match.first, run.start)
        match.forms.add(run.words)
        if run.title and len(run.words) > 1:
            match.titles.add(run.title)
    return sorted(people, key=lambda p: p.first)
