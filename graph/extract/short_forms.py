"""The short forms of organizations: acronyms, beginnings of names, "the Committee"; and what they are short for."""

from collections import defaultdict
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace

from graph.extract.gazetteer import demonyms, places
from graph.extract.tokens import Token

__all__ = ["Found", "join_forms", "printed", "with_acronyms", "with_guessed", "with_heads"]

_LONGEST = 12
_LINKS = frozenset(("of", "for", "on", "and", "the", "to", "in", "&", ",", "-"))
#: A spelt-out acronym with one of these words is the name of something else.
_AGREEMENTS = frozenset(("Act", "Agreement", "Agreements", "Treaty", "Talks", "Initiative", "Convention", "Missile",
                         "Missiles", "Means", "Plan", "Program", "Accord", "Trade", "Zone", "System"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An organization's mention: tokens ``[start, end)`` and the name of what they stand for."""

    start: int
    end: int
    name: str


def printed(tokens: Sequence[Token], i: int, j: int) -> str:
    """Return the tokens ``[i, j)`` as one name."""
    words: list[str] = []
    for token in tokens[i:j]:
        if words and (token.tight or token.text in ",.") and token.start == tokens[i].start + len("".join(words)):
            words.append(token.text)
        else:
            words.append(token.text if not words or token.tight else f" {token.text}")
    return "".join(words)


def with_guessed(tokens: Sequence[Token], found: list[Found], guessed: Sequence[tuple[int, int]]) -> list[Found]:
    """Add ranges of tokens that are taken for organizations, unless they touch what was found."""
    taken = {k for f in found for k in range(f.start, f.end)}
    extra = [Found(i, j, printed(tokens, i, j)) for i, j in guessed if taken.isdisjoint(range(i, j))]
    return sorted(found + extra, key=lambda f: f.start)


def join_forms(tokens: Sequence[Token], found: Sequence[Found], known: Container[object]) -> list[Found]:
    """Give one name to the forms of an organization: ``CPD`` and ``Presidential Commission`` go to the name they fit.

    :param known: the words of known organizations, which are short for nothing.
    """
    by_initials: dict[str, set[str]] = defaultdict(set)
    by_part: dict[tuple[str, ...], set[str]] = defaultdict(set)
    root: dict[str, str] = {}

    def fits(f: Found, words: tuple[str, ...]) -> str:
        names = by_initials.get(words[0], set()) if len(words) == 1 and words[0].isupper() else set()
        if not names and words not in known:
            names = by_part.get(words, set())
        return min(names) if len(names) == 1 else root.get(f.name, f.name)

    whole = {f.name: f for f in reversed(found) if f.end - f.start > 1}
    for f in sorted(whole.values(), key=lambda f: (f.start - f.end, f.start)):  # the longest first
        words = _words(tokens, f)
        name = root[f.name] = fits(f, words)
        place = places().match(tokens, f.start) or demonyms().match(tokens, f.start)
        bare = words[place[0] - f.start :] if place else words
        for acronym in {_initials(words), _initials(bare)}:
            by_initials[acronym].add(name)
        by_part[words[:1]].add(name)
        for k in range(2, len(words)):
            by_part[words[:k]].add(name)
            by_part[words[-k:]].add(name)
    return [replace(f, name=fits(f, _words(tokens, f))) for f in found]


def _words(tokens: Sequence[Token], found: Found) -> tuple[str, ...]:
    return tuple(t.text for t in tokens[found.start : found.end])


def _initials(words: Sequence[str]) -> str:
    return "".join(w[0] for w in words if w[0].isupper())


def with_acronyms(tokens: Sequence[Token], found: list[Found]) -> list[Found]:
    """Add ``(PLO)`` after a name, and every further ``PLO``."""
    acronyms: dict[str, str] = {}
    ends = {f.end: f for f in found}
    taken = {k for f in found for k in range(f.start, f.end)}
    extra: list[Found] = []
    for i in range(1, len(tokens) - 2):
        if tokens[i].text not in "([" or tokens[i + 2].text not in ")]":
            continue
        word = tokens[i + 1].text
        if not (2 <= len(word) <= 8 and sum(c.isupper() for c in word) >= 2 and word.isalpha()):
            continue
        if i in ends:
            acronyms[word] = ends[i].name
        elif (start := _spelt(tokens, i, word)) is not None and not places().match(tokens, start):
            full = Found(start, i, printed(tokens, start, i))
            if not (taken.intersection(range(start, i)) or _AGREEMENTS.intersection(t.text for t in tokens[start:i])):
                extra.append(full)
                acronyms[word] = full.name
    if not acronyms:
        return found
    taken.update(k for f in extra for k in range(f.start, f.end))
    for i, token in enumerate(tokens):
        if token.text in acronyms and i not in taken:
            extra.append(Found(i, i + 1, acronyms[token.text]))
    return sorted(found + extra, key=lambda f: f.start)


def _spelt(tokens: Sequence[Token], i: int, acronym: str) -> int | None:
    """Return where a capitalised run before token ``i`` starts whose initials are the acronym."""
    letters = acronym.upper()
    k, at = len(letters) - 1, i - 1
    while at >= 0 and tokens[at].line == tokens[i].line and k >= 0 and i - at <= _LONGEST:
        token = tokens[at]
        if token.cap and token.text[0].upper() == letters[k]:
            k -= 1
            if k < 0:
                return at if i - at >= 3 else None
        elif token.low not in _LINKS:
            return None
        at -= 1
    return None


#: Heads that "the" before them does not point to one organization.
_COMMON_HEADS = frozenset(("Government", "News", "Times", "Post"))


def with_heads(tokens: Sequence[Token], found: list[Found], heads: Collection[str]) -> list[Found]:
    """Add ``the Committee`` for the one committee that the article named before."""
    by_head: dict[str, str] = {}
    taken = {k for f in found for k in range(f.start, f.end)}
    order = {f.start: f for f in found}
    extra: list[Found] = []
    for i, token in enumerate(tokens):
        if i in order:
            ends = (tokens[i].text, tokens[order[i].end - 1].text)
            head = next((w for w in reversed(ends) if w in heads), None)
            if head and order[i].end - i > 1 and head not in _COMMON_HEADS:
                by_head[head] = order[i].name
        elif (i not in taken and token.text in by_head and i and tokens[i - 1].low == "the" and not token.headline
              and not (i + 1 < len(tokens) and (tokens[i + 1].cap or tokens[i + 1].low in ("of", "for")))):  # fmt: skip
            extra.append(Found(i, i + 1, by_head[token.text]))
    return sorted(found + extra, key=lambda f: f.start)
