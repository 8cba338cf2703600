"""Finds organizations: known names, names built from a head word (Ministry, Committee), governments, acronyms."""

from collections.abc import Sequence
from functools import cache

from graph.extract.gazetteer import Entry, demonyms, name_of, places
from graph.extract.lexicon import (
    capitalised_stop_words,
    given_names,
    read_sections,
    read_words,
    role_heads,
    role_modifiers,
)
from graph.extract.short_forms import Found, join_forms, printed, with_acronyms, with_guessed, with_heads
from graph.extract.tokens import Phrases, Token, words_of
from graph.files import read_lines

__all__ = ["find_organizations", "known_organizations"]

_LONGEST = 12
_WITH_ARTICLE = frozenset(("United", "Soviet", "Netherlands", "Philippines", "Democratic", "Czech"))
_CALENDAR = frozenset(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
     "April", "May", "June", "July", "August", "September", "October", "November", "December")
)  # fmt: skip


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


def find_organizations(tokens: Sequence[Token], guessed: Sequence[tuple[int, int]] = ()) -> list[Found]:
    """Find the mentions of organizations; none overlaps another.

    :param guessed: ranges of tokens that are taken for organizations unless rules find something there.
    """
    found: list[Found] = []
    i = 0
    while i < len(tokens):
        hit = _at(tokens, i) if tokens[i].cap else None
        if hit:
            found.append(hit)
            i = hit.end
        else:
            i += 1
    found = with_guessed(tokens, found, [(i, j) for i, j in guessed if j - i > 1 and not _is_venue(tokens, i, j)])
    found = with_acronyms(tokens, found)
    found = with_guessed(tokens, found, [(i, j) for i, j in guessed if j - i == 1])
    heads = _word_list("head") | {"Embassy", "Assembly", "Commission"}
    return join_forms(tokens, with_heads(tokens, found, heads), known_organizations())


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


def _national(tokens: Sequence[Token], i: int) -> Found | None:
    """``Soviet Government``, ``British embassy``, ``Trump administration``."""
    line = tokens[i].line
    demonym = demonyms().match(tokens, i) or places().match(tokens, i)
    if demonym and demonym[0] < len(tokens) and tokens[demonym[0]].line == line:
        head = _phrase_list("demonym-head").match(tokens, demonym[0])
        if head and tokens[head[0] - 1].low in ("government", "governments") and head[0] - demonym[0] == 1:
            return Found(i, head[0], _government(demonym[1]))
        if head:
            return Found(i, head[0], printed(tokens, i, head[0]))
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
            return Found(i, k + possessive + 1, printed(tokens, i, k + possessive + 1))
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
        return None if country[0] < end else Found(i, end, printed(tokens, i, end))
    if _is_venue(tokens, i, end):
        return None
    if words in _phrase_list("not") or (head_end - i == 2 and not linked and _empty(tokens[i])):
        return None
    return Found(i, end, printed(tokens, i, end))


def _is_venue(tokens: Sequence[Token], i: int, j: int) -> bool:
    """Tell whether a university or hospital is where something happens ("met at X College"), not where one works."""
    while i > 0 and tokens[i - 1].cap:
        i -= 1
    if tokens[j - 1].text not in _word_list("venue") or not i or tokens[i - 1].low != "at":
        return False
    return _word_list("belonging").isdisjoint(t.low for t in tokens[max(0, i - _LONGEST) : i - 1])


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
            return Found(i, j + 1 + dot, printed(tokens, i, j))
        j += 1
    return None
