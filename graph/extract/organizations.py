"""Finds organizations: known names, names built from a head word (Ministry, Committee), governments, acronyms."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graph.extract.gazetteer import Entry, demonyms, name_of, places
from graph.extract.lexicon import (
    capitalised_stop_words,
    given_names,
    read_lines,
    read_sections,
    read_words,
    role_heads,
    role_modifiers,
)
from graph.extract.tokens import Phrases, Token, words_of

__all__ = ["Found", "find_organizations", "known_organizations"]

_LINKS = frozenset(("of", "for", "on", "and", "the", "to", "in", "&", ",", "-"))
_LONGEST = 12
_WITH_ARTICLE = frozenset(("United", "Soviet", "Netherlands", "Philippines", "Democratic", "Czech"))
_CALENDAR = frozenset(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
     "April", "May", "June", "July", "August", "September", "October", "November", "December")
)  # fmt: skip
#: A spelt-out acronym with one of these words is the name of something else.
_AGREEMENTS = frozenset(("Act", "Agreement", "Agreements", "Treaty", "Talks", "Initiative", "Convention", "Missile",
                         "Missiles", "Means", "Plan", "Program", "Accord", "Trade", "Zone", "System"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An organization's mention: tokens ``[start, end)`` and the name of what they stand for."""

    start: int
    end: int
    name: str


@cache
def known_organizations() -> Phrases[str]:
    """Return known organizations: name or alias -> name."""
    phrases: Phrases[str] = Phrases()
    for line in read_lines("organizations.txt"):
        names = [part.strip() for part in line.split(" | ")]
        for alias in names:
            phrases.add(words_of(alias), names[0])
    return phrases


@cache
def _word_list(section: str) -> frozenset[str]:
    return frozenset(read_sections("organization_words.txt").get(section, ()))


@cache
def _phrase_list(section: str) -> Phrases[bool]:
    return Phrases((entry, True) for entry in _word_list(section))


def find_organizations(tokens: Sequence[Token]) -> list[Found]:
    """Find the mentions of organizations; none overlaps another."""
    found: list[Found] = []
    i = 0
    while i < len(tokens):
        hit = _at(tokens, i) if tokens[i].cap else None
        if hit:
            found.append(hit)
            i = hit.end
        else:
            i += 1
    found = _with_acronyms(tokens, found)
    return _with_short_forms(tokens, found)


def _at(tokens: Sequence[Token], i: int) -> Found | None:
    token = tokens[i]
    if token.first and token.low in read_words("function_words.txt") and not known_organizations().match(tokens, i):
        return None
    candidates: list[Found] = []
    known = known_organizations().match(tokens, i)
    if known and not _is_other(tokens, i, known[0]):
        candidates.append(Found(i, known[0], known[1]))
    for finder in (_national, _built, _company):
        hit = finder(tokens, i)
        if hit:
            candidates.append(hit)
    if not candidates:
        return None
    best = max(candidates, key=lambda c: c.end)
    place = places().match(tokens, i)
    return None if place and place[0] >= best.end else best


def _is_other(tokens: Sequence[Token], i: int, j: int) -> bool:
    # "House" of "Blue House", "Congress" of "Congress Street", "Cabinet" in a title-case line.
    if j - i > 1:
        return False
    before = tokens[i - 1] if i and tokens[i - 1].line == tokens[i].line else None
    if before and before.text == "." and i > 1 and len(tokens[i - 2].text) == 1:
        return True  # "Edward M. House"
    if before and before.cap and before.text in given_names() and not before.headline:
        return True
    if tokens[i].text in ("House", "Time", "Diet", "Quad", "Axis", "Guardian", "Sputnik") and before:
        return before.cap and before.low not in read_words("function_words.txt") and not before.headline
    return False


def _name(tokens: Sequence[Token], i: int, j: int) -> str:
    words: list[str] = []
    for token in tokens[i:j]:
        if words and (token.tight or token.text in ",.") and token.start == tokens[i].start + len("".join(words)):
            words.append(token.text)
        else:
            words.append(token.text if not words or token.tight else f" {token.text}")
    return "".join(words)


def _national(tokens: Sequence[Token], i: int) -> Found | None:
    """``Soviet Government``, ``British embassy``, ``Trump administration``."""
    line = tokens[i].line
    demonym = demonyms().match(tokens, i) or places().match(tokens, i)
    if demonym and demonym[0] < len(tokens) and tokens[demonym[0]].line == line:
        head = _phrase_list("demonym-head").match(tokens, demonym[0])
        if head and tokens[head[0] - 1].low in ("government", "governments") and head[0] - demonym[0] == 1:
            return Found(i, head[0], _government(demonym[1]))
        if head:
            return Found(i, head[0], _name(tokens, i, head[0]))
    j = i
    while (
        j < len(tokens)
        and j - i < 4
        and tokens[j].line == line
        and (tokens[j].cap or (j > i and tokens[j].text == "-") or _initial(tokens, j))
    ):
        j += 1
    for k in range(i + 1, min(j + 1, len(tokens))):
        possessive = 1 if tokens[k].text == "'s" and k + 1 < len(tokens) else 0
        if tokens[k + possessive].text in _word_list("country-head") and tokens[k + possessive].line == line:
            words = [t.text for t in tokens[i:k]]
            if tokens[k - 1].low in role_modifiers() or demonyms().match(tokens, i) or tokens[i].low in role_heads():
                return None
            if words[0] in capitalised_stop_words() or tokens[k - 1].text in capitalised_stop_words():
                return None
            if possessive and tokens[k + possessive].low != "administration":
                return None
            return Found(i, k + possessive + 1, _name(tokens, i, k + possessive + 1))
    return None


def _government(place: str | Entry) -> str:
    """Return one name for "Japanese Government", "the government of Japan" and the like."""
    name = name_of(place) if isinstance(place, str) else place.name
    return f"Government of {'the ' if name.split()[0] in _WITH_ARTICLE else ''}{name}"


def _initial(tokens: Sequence[Token], j: int) -> bool:
    return tokens[j].text == "." and tokens[j].tight and j > 0 and len(tokens[j - 1].text) == 1


def _built(tokens: Sequence[Token], i: int) -> Found | None:
    """``Second Circuit Court of Appeals``, ``Ministry of Rail Transport``, ``Youth Forum``."""
    line, heads = tokens[i].line, _phrase_list("head")
    function = read_words("function_words.txt")
    if (
        tokens[i].low in function
        or tokens[i].headline
        or tokens[i].low in role_heads()
        or tokens[i].text == "Operation"
        or tokens[i].text in _CALENDAR
    ):
        return None
    j, head_end = i, 0
    while j < len(tokens) and j - i < _LONGEST and tokens[j].line == line:
        token = tokens[j]
        if token.cap and token.low not in function:
            whole = places().match(tokens, j)
            if whole and whole[0] - j > 1:
                j = whole[0]
                continue
            hit = heads.match(tokens, j)
            if hit and token.text in ("Congress", "Senate", "Parliament", "Cabinet") and j - i == 1:
                return None
            if hit:
                head_end = hit[0]
                j = hit[0]
                continue
            j += 1
        elif _inside(tokens, j, headed=head_end > 0):
            j += 1
        elif token.text == "and" and head_end == 0 and j + 1 < len(tokens) and tokens[j + 1].cap and j > i + 1:
            if heads.match(tokens, j + 1):
                break
            j += 1
        else:
            break
    if not head_end:
        return None
    end, linked = head_end, False
    # The complement: "of the United Nations", "on Foreign Affairs", "for International Peace".
    if head_end == j:
        complement = _complement(tokens, head_end, line)
        if complement:
            end, linked = complement, True
    if head_end - i < 2 and not linked:
        return None
    words = tuple(t.text for t in tokens[i:end])
    if words[0] == "Government" and linked:
        place = places().match(tokens, head_end + 1) or places().match(tokens, head_end + 2)
        return Found(i, end, _government(place[1])) if place and place[0] == end else None
    if i and tokens[i - 1].text == "Operation":
        return None
    if words[-1] == "Party" and (country := places().match(tokens, i)):
        # "the U.S. Libertarian Party" is the party with its country before it.
        return None if country[0] < end else Found(i, end, _name(tokens, i, end))
    if words in _phrase_list("not") or (head_end - i == 2 and not linked and _empty(tokens[i])):
        return None
    return Found(i, end, _name(tokens, i, end))


def _inside(tokens: Sequence[Token], j: int, *, headed: bool) -> bool:
    """Tell whether a sign goes on within a name: the full stop of an initial, a hyphen before a further name."""
    token = tokens[j]
    if token.text == ".":
        return len(tokens[j - 1].text) == 1 and token.tight
    return token.text in ("-", "/", "&") and not headed and j + 1 < len(tokens) and tokens[j + 1].cap


_EMPTY = frozenset(
    ("Special", "General", "New", "Old", "First", "Mr", "President", "Second", "Third", "Great", "Trade")
)


def _empty(token: Token) -> bool:
    return token.text in _EMPTY and token.text in capitalised_stop_words()


def _complement(tokens: Sequence[Token], j: int, line: int) -> int | None:
    if j + 1 >= len(tokens) or tokens[j].text not in ("of", "for", "on") or tokens[j].line != line:
        return None
    k, end = j + 1, None
    if tokens[k].text == "the":
        k += 1
    while k < len(tokens) and k - j < _LONGEST and tokens[k].line == line:
        place = places().match(tokens, k)
        if place:
            k = end = place[0]
        elif (
            tokens[k].text in given_names()
            or tokens[k].text in _CALENDAR
            or tokens[k].low in role_heads()
            or tokens[k].low in ("senior", "deputy")
        ):
            break
        elif tokens[k].cap and tokens[k].low not in read_words("function_words.txt"):
            k += 1
            end = k
        elif tokens[k].text in ("and", "of", "&", "-") and k + 1 < len(tokens) and tokens[k + 1].cap and end:
            k += 1
        else:
            break
    return end


def _company(tokens: Sequence[Token], i: int) -> Found | None:
    j = i
    while (
        j < len(tokens) and j - i < 7 and tokens[j].line == tokens[i].line and (tokens[j].cap or tokens[j].text == ",")
    ):
        if j > i and tokens[j].text in _word_list("suffix"):
            dot = (
                j + 1 < len(tokens)
                and tokens[j + 1].text == "."
                and tokens[j + 1].tight
                and not tokens[j].text.isupper()
            )
            return Found(i, j + 1 + dot, _name(tokens, i, j))
        j += 1
    return None


def _with_acronyms(tokens: Sequence[Token], found: list[Found]) -> list[Found]:
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
            full = Found(start, i, _name(tokens, start, i))
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


def _with_short_forms(tokens: Sequence[Token], found: list[Found]) -> list[Found]:
    """Add ``the Committee`` for the one committee that the article named before."""
    by_head: dict[str, str] = {}
    taken = {k for f in found for k in range(f.start, f.end)}
    order = {f.start: f for f in found}
    extra: list[Found] = []
    heads = _word_list("head") | {"Embassy", "Assembly", "Commission"}
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
