"""What is added to the rules: names that no list knows, where the tagger is sure or the words beside them tell.

A name stands for one thing all through an article: guesses of the same words are weighed together, and what is
accepted counts wherever the words stand.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from graph.extract.gazetteer import demonyms, places
from graph.extract.learned.names import KINDS, Guess, word_groups
from graph.extract.lexicon import read_sections
from graph.extract.tokens import Phrases, Token

__all__ = ["Evidence"]

#: How sure the tagger must be, at one place at least, that one word, or several,
#: name a person, an organization, a place. Chosen by
#: cross-validation over the annotated articles, as they are and with invented names.
_SURE = {
    ("PER", 1): 0.9, ("PER", 2): 0.6, ("ORG", 1): 0.85, ("ORG", 2): 0.9, ("LOC", 1): 0.9, ("LOC", 2): 0.7,
}  # fmt: skip
#: How sure it must be on average over all its guesses of the same words.
_USUAL = 0.6
#: Groups of words (:func:`graph.extract.learned.names.word_groups`) that alone are no name of a kind.
_COMMON = {
    "PER": frozenset(("role", "title", "orghead", "stop", "function", "modifier")),
    "ORG": frozenset(("role", "title", "orghead", "stop", "function", "modifier", "given")),
    "LOC": frozenset(("role", "title", "orghead", "stop", "function", "modifier", "given")),
}


#: Most words of a name that is taken by its description.
_MOST = 3
_TITLES = frozenset(("role", "title"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Names as token ranges, by kind (``PER``, ``ORG``, ``LOC``)."""

    names: dict[str, list[tuple[int, int]]]

    @classmethod
    def of(cls, tokens: Sequence[Token], guesses: Sequence[Guess]) -> "Evidence":
        """Weigh the guesses about an article."""
        by_words: dict[tuple[str, ...], list[Guess]] = defaultdict(list)
        for guess in guesses:
            if tokens[guess.start].headline:
                continue  # capitals say nothing there
            by_words[tuple(t.text for t in tokens[guess.start : guess.end])].append(guess)
        accepted = {words: kind for words, same in by_words.items() if (kind := _kind(words, same))}
        accepted |= dict(_described(tokens))
        phrases: Phrases[str] = Phrases()
        for words, kind in accepted.items():
            phrases.add(words, kind)
        names: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
        for i, j, kind in _occurrences(tokens, phrases):
            names[kind].append((i, j))
        return cls(names)


def _described(tokens: Sequence[Token]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield names that the words beside them describe: "the newspaper X", "the town of X", "X province"."""
    bodies = _words("organization_words.txt", "described")
    before, after = _words("place_words.txt", "described-of"), _words("place_words.txt", "described-by")
    i = 0
    while i < len(tokens):
        j = i
        while j < len(tokens) and tokens[j].line == tokens[i].line and tokens[j].cap:
            j += 1
        if 0 < j - i <= _MOST and i > 1 and tokens[i - 1].line == tokens[i].line and not tokens[i].headline:
            words = tuple(t.text for t in tokens[i:j])
            groups = set().union(*map(word_groups, words)) - ({"given"} if len(words) > 1 else set())
            known = places().get(words) or demonyms().get(words) or _COMMON["LOC"] & groups
            if tokens[i - 1].text in bodies and not known:
                yield words, "ORG"
            elif not known and (
                (tokens[i - 1].text == "of" and tokens[i - 2].text in before)
                or (j < len(tokens) and tokens[j].text in after and tokens[j].line == tokens[i].line)
            ):
                yield words, "LOC"
        i = max(j, i + 1)


@cache
def _words(file: str, section: str) -> frozenset[str]:
    return frozenset(read_sections(file)[section])


def _kind(words: tuple[str, ...], same: Sequence[Guess]) -> str | None:
    weights: dict[str, float] = defaultdict(float)
    for guess in same:
        weights[guess.kind] += guess.probability
    kind = max(weights, key=lambda k: (weights[k], k))
    best = max(g.probability for g in same if g.kind == kind)
    if best < _SURE[kind, min(len(words), 2)] or weights[kind] < _USUAL * len(same):
        return None
    groups = word_groups(words[0])
    if not words[0][0].isupper() or not words[-1][0].isalnum() or words[-1].islower():
        return None  # cut amid a name
    if len(words) == 1 and _COMMON[kind].intersection(groups):
        return None
    if (kind == "PER" and _TITLES.intersection(groups)) or (
        kind == "ORG" and "title" in groups and "orghead" not in groups
    ):
        return None
    if places().get(words) or demonyms().get(words):
        return None
    if kind == "ORG" and not _words("organization_words.txt", "other").isdisjoint((words[0], words[-1])):
        return None
    if kind == "ORG" and "orghead" not in word_groups(words[-1]) and "site" in word_groups(words[-1]):
        return None  # "Castle Hill Mall"
    return kind


def _occurrences(tokens: Sequence[Token], phrases: Phrases[str]) -> Iterator[tuple[int, int, str]]:
    i = 0
    while i < len(tokens) and len(phrases):
        hit = phrases.match(tokens, i) if tokens[i].cap else None
        if hit is None:
            i += 1
            continue
        yield i, hit[0], hit[1]
        i = hit[0]
