"""The name tagger: which words name people, organizations and places, as a conditional random field tells it.

It reads the shape of words, their neighbours, the capitalised run that they stand in, and the lexicons.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from graph.extract.gazetteer import cities, demonyms, places
from graph.extract.learned.crf import shared_crf, spans_of
from graph.extract.lexicon import (
    capitalised_stop_words,
    family_first_names,
    given_names,
    name_particles,
    public_figures,
    read_sections,
    read_words,
    reporting_verbs,
    role_heads,
    role_modifiers,
    titles,
)
from graph.extract.organizations import known_organizations
from graph.extract.tokens import Phrases, Token

__all__ = ["KINDS", "MODEL", "Guess", "features", "guess_names", "sequences", "word_groups"]

#: The file of the model, without its ending.
MODEL = "names"
KINDS = ("PER", "ORG", "LOC")
#: A sentence is labelled in pieces of at most so many words.
_LONGEST = 200
#: Small words that may stand inside a name.
_LINKS = frozenset(("of", "the", "for", "and", "on", "in", "&", "-", ".", "de", "al", "bin"))
_CACHED = 30_000


@dataclass(frozen=True, slots=True)
class Guess:
    """Tokens ``[start, end)`` that the tagger takes for a name, and how sure it is of that (0 to 1)."""

    start: int
    end: int
    kind: str
    probability: float


def sequences(tokens: Sequence[Token], starts: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield the sentences of an article as token ranges.

    :param starts: the offsets at which sentences begin.
    """
    first = 0
    for i in range(1, len(tokens)):
        if tokens[i].start in starts or tokens[i].line != tokens[first].line or i - first >= _LONGEST:
            yield first, i
            first = i
    if tokens:
        yield first, len(tokens)


def features(tokens: Sequence[Token], ranges: Sequence[tuple[int, int]]) -> list[list[list[str]]]:
    """Return the features of each word of each sentence, for training and tagging alike."""
    phrases = _phrases(tokens)
    inside = {t.text for t in tokens if t.cap and not t.first and not t.headline}
    small = {t.text for t in tokens if t.text.islower()}
    return [_sentence(tokens[i:j], phrases[i:j], inside, small) for i, j in ranges]


def _sentence(
    tokens: Sequence[Token], phrases: Sequence[list[str]], inside: set[str], small: set[str]
) -> list[list[str]]:
    words = [t.text for t in tokens]
    runs = _runs(tokens)
    n = len(words)
    padded = ["<2", "<1", *words, ">1", ">2"]
    found = []
    written = any(t.cap for t in tokens[1:])  # else names may be written small, or there are none
    caps = [False, False, *(t.cap for t in tokens), False, False]
    for i, token in enumerate(tokens):
        word, before, after = words[i], padded[i + 1], padded[i + 3]
        beside = caps[i + 1] or token.cap or caps[i + 3]
        if written and not (beside or (word in _LINKS and (caps[i] or caps[i + 4]))):
            found.append(["far"])  # no part of a name, nor beside one
            continue
        row = [*_own(word), *_beside(-1, before), *_beside(1, after), *_far(-2, padded[i]), *_far(2, padded[i + 4])]
        row += phrases[i]
        if i and phrases[i - 1]:
            row += [f"-1{p}" for p in phrases[i - 1]]
        if i + 1 < n and phrases[i + 1]:
            row += [f"1{p}" for p in phrases[i + 1]]
        shape = _shape(word)
        row += (f"ss={_shape(before)}|{shape}|{_shape(after)}", f"ww={before}|{word}", f"ww+={word}|{after}")
        if token.cap:
            row += runs[i]
            if token.first:
                row.append("first")
                if word in inside:
                    row.append("first inside")
                if token.low in small:
                    row.append("first small")
            elif token.low in small:
                row.append("small")
            if token.headline:
                row.append("headline")
        found.append(row)
    return found


def _runs(tokens: Sequence[Token]) -> dict[int, list[str]]:
    """Return what the capitalised run around each capitalised word tells: its ends and its neighbours."""
    found: dict[int, list[str]] = {}
    i = 0
    while i < len(tokens):
        if not tokens[i].cap:
            i += 1
            continue
        j = i + 1
        while j < len(tokens) and (
            tokens[j].cap or (tokens[j].text in ".-" and tokens[j].tight and j + 1 < len(tokens) and tokens[j + 1].cap)
        ):
            j += 1
        before = tokens[i - 1].text if i else "<1"
        after = tokens[j].text if j < len(tokens) else ">1"
        second = tokens[j + 1].text if j + 1 < len(tokens) else ">2"
        size = min(j - i, 5)
        low, last, first = after.lower(), tokens[j - 1].text, tokens[i].text
        shared = [
            f"run<={before.lower()}", f"run>>={low}|{second.lower()}", f"run={size}",
            f"run<>={_group(before)}|{size}|{_group(after)}", f"runlast={last}", f"runfirst={first}",
            *_marked("runlast:", last), *_marked("runfirst:", first),
            *_marked("run<:", before), *_marked("run>:", after),
        ]  # fmt: skip
        beside = _group(before)
        for k in range(i, j):
            place = "only" if j - i == 1 else "start" if k == i else "end" if k == j - 1 else "mid"
            found[k] = [*shared, f"at={place}", f"at={place}|{low}", f"at={place}|{beside}"]
        i = j
    return found


def _phrases(tokens: Sequence[Token]) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in tokens]
    capitals = [i for i, token in enumerate(tokens) if token.cap]
    for name, lexicon in _lexicons().items():
        end = 0
        for i in capitals:
            hit = lexicon.match(tokens, i) if i >= end else None
            if hit is not None:
                end = hit[0]
                long = "+" if end - i > 1 else ""
                for k in range(i, end):
                    found[k].append(f"@{name}{long}{'B' if k == i else 'I'}")
    return found


@cache
def _lexicons() -> dict[str, Phrases[object]]:
    return {"place": places(), "city": cities(), "people": demonyms(), "body": known_organizations()}  # type: ignore[dict-item]


@cache
def _word_groups() -> dict[str, frozenset[str]]:
    """Return closed groups of words, by name; words are in lower case."""
    organization, place = read_sections("organization_words.txt"), read_sections("place_words.txt")
    heads = {"head", "suffix", "demonym-head", "country-head"}
    return {
        "given": frozenset(w.lower() for w in given_names()),
        "family": frozenset(w.lower() for w in public_figures()),
        "east": frozenset(w.lower() for w in family_first_names()),
        "particle": name_particles(),
        "stop": frozenset(w.lower() for w in capitalised_stop_words()),
        "function": read_words("function_words.txt"),
        "role": role_heads(),
        "modifier": role_modifiers(),
        "title": frozenset(t[-1] for t in titles()),
        "says": reporting_verbs(),
        "orghead": frozenset(e.split()[-1].lower() for k in heads for e in organization.get(k, ())),
        "site": frozenset(e.split()[-1].lower() for k, v in place.items() if k.endswith("-last") for e in v),
    }


@lru_cache(_CACHED)
def word_groups(word: str) -> tuple[str, ...]:
    """Return the names of the lists of words (given names, roles, heads of organizations) that a word is in."""
    low = word.lower()
    return tuple(name for name, words in _word_groups().items() if low in words)


@lru_cache(_CACHED)
def _marked(mark: str, word: str) -> tuple[str, ...]:
    return tuple(f"{mark}{group}" for group in word_groups(word))


@lru_cache(_CACHED)
def _group(word: str) -> str:
    return "+".join(word_groups(word)) or _shape(word)


@lru_cache(_CACHED)
def _shape(word: str) -> str:
    shape: list[str] = []
    for c in word[:12]:
        kind = "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c
        if len(shape) < 2 or shape[-1] != kind or shape[-2] != kind:
            shape.append(kind)
    return "".join(shape)


@lru_cache(_CACHED)
def _own(word: str) -> tuple[str, ...]:
    low = word.lower()
    affixes = [f"p{n}={low[:n]}" for n in (3, 4) if len(low) > n] + [
        f"s{n}={low[-n:]}" for n in (2, 3, 4) if len(low) > n
    ]
    return (f"w={word}", f"l={low}", f"shape={_shape(word)}", *affixes, *word_groups(word))


@lru_cache(_CACHED)
def _beside(offset: int, word: str) -> tuple[str, ...]:
    low = word.lower()
    return (f"{offset}w={low}", f"{offset}shape={_shape(word)}", f"{offset}s3={low[-3:]}", *_marked(str(offset), word))


@lru_cache(_CACHED)
def _far(offset: int, word: str) -> tuple[str, ...]:
    return (f"{offset}w={word.lower()}", f"{offset}shape={_shape(word)}")


def guess_names(tokens: Sequence[Token], starts: frozenset[int]) -> list[Guess]:
    """Return what the tagger takes for names in an article; none overlaps another.

    :param starts: the offsets at which sentences begin.
    """
    crf = shared_crf(MODEL)
    ranges = list(sequences(tokens, starts))
    found: list[Guess] = []
    for (first, _), rows in zip(ranges, features(tokens, ranges), strict=True):
        if any(len(row) > 1 for row in rows):  # else no capital letter
            tagged = crf.tag_with_certainty(rows)
            for i, j, kind in spans_of([label for label, _ in tagged]):
                found.append(Guess(first + i, first + j, kind, min(sure for _, sure in tagged[i:j])))
    return found
