"""Finds the roles that an article states of its people: titles before a name, appositions beside it."""

from collections.abc import Sequence

from graph.extract.gazetteer import demonyms, places
from graph.extract.lexicon import read_words, role_heads, role_modifiers
from graph.extract.tokens import Token

__all__ = ["roles_at"]

_FORMS_OF_ADDRESS = frozenset(("mr", "mrs", "ms", "miss", "messrs", "dr", "sir", "madame", "monsieur", "herr", "señor"))
_DETERMINERS = frozenset(("the", "a", "an", "his", "her", "its", "their", "one", "another"))
_LONGEST = 24


def roles_at(tokens: Sequence[Token], i: int, j: int) -> list[tuple[int, int]]:
    """Return the roles stated beside the name ``[i, j)``, as token ranges without the name."""
    found = [before] if (before := _title(tokens, i)) else []
    if after := _apposition(tokens, i, j):
        found.append(after)
    return found


def _is_head(token: Token) -> bool:
    return token.low in role_heads()


def _title(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """``Egyptian foreign minister`` X, ``President of France`` X, ``his aide``, X."""
    line, end = tokens[i].line, i
    k = i - 1
    if k >= 0 and tokens[k].text == "." and tokens[k].tight:
        if tokens[i].first:
            return None
        k -= 1
        abbreviated = True
    else:
        abbreviated = False
    comma = k >= 1 and tokens[k].text == "," and tokens[k].line == line
    if comma:
        k, end = k - 1, k
    if k < 0 or tokens[k].line != line:
        return None
    head = _head_before(tokens, k, line)
    if (
        head is None
        and abbreviated
        and tokens[k].cap
        and tokens[k].low not in _FORMS_OF_ADDRESS
        and len(tokens[k].text) > 1
    ):
        head = k if tokens[k].low in ("gen", "sen", "rep", "gov", "lt", "col", "adm", "capt", "amb", "maj") else None
    if head is None:
        return None
    start = _modifiers(tokens, head, line)
    if comma:
        if start == 0 or tokens[start - 1].low not in _DETERMINERS or tokens[start - 1].line != line:
            return None
        return start - 1, end
    lower = tokens[head].text.islower()
    if lower and start and tokens[start - 1].low in _DETERMINERS and tokens[start - 1].line == line:
        start -= 1
    return start, end


def _head_before(tokens: Sequence[Token], k: int, line: int) -> int | None:
    if _is_head(tokens[k]):
        return k
    # "Secretary of State", "Minister for Foreign Affairs", "President of the United States"
    at = k
    while (
        at > 0
        and k - at < 10
        and tokens[at].line == line
        and (tokens[at].cap or tokens[at].text in ("the", "and", "of", "for", "to", "from", ".", "'s", "-"))
    ):
        if tokens[at].text in ("of", "for", "to", "from") and _is_head(tokens[at - 1]):
            return at - 1 if tokens[at - 1].cap or tokens[k].cap else None
        at -= 1
    return None


def _modifiers(tokens: Sequence[Token], head: int, line: int) -> int:
    """Return where the words before a role's noun begin that belong to it."""
    function, start = read_words("function_words.txt"), head
    while start > 0 and head - start < 12 and tokens[start - 1].line == line:
        token = tokens[start - 1]
        if token.text == "under" and tokens[head].cap:
            break
        if token.low in role_modifiers() or (token.cap and token.low not in function) or _is_head(token):
            start -= 1
        elif token.text in ("-", "'s") and start > 1 and tokens[start - 2].text[0].isalpha():
            start -= 2
        else:
            break
    while start < head and tokens[start].text in ("-", "'s", "."):
        start += 1
    return start


def _apposition(tokens: Sequence[Token], i: int, j: int) -> tuple[int, int] | None:
    """X, ``the former governor of Y``, ...; X, who is ``the secretary of state``; X was ``a senator from Z``."""
    line = tokens[i].line
    k = j
    if k < len(tokens) and tokens[k].text == "," and tokens[k].line == line:
        k += 1
    bridged = k > j
    if k < len(tokens) and tokens[k].low == "who":
        k += 1
        bridged = False
        if k + 1 < len(tokens) and tokens[k].low in ("served", "serves", "worked", "works", "acted"):
            bridged = tokens[k + 1].low == "as"
            k += 2
    if not bridged:
        if not (k < len(tokens) and tokens[k].low in ("is", "was", "became", "as") and tokens[k].line == line):
            return None
        k += 1
    start, head = k, None
    while k < len(tokens) and k - start < _LONGEST and tokens[k].line == line:
        token = tokens[k]
        if token.text in ",;.)(?!:" or token.low in ("who", "which", "that", "said", "has", "had", "was", "is", "will"):
            if token.text == "(" and head is not None and k + 2 < len(tokens) and tokens[k + 2].text == ")":
                k += 3
                continue
            break
        if head is None and k - start < 9 and _is_head(token):
            head = k
        if (
            head is None
            and token.text.islower()
            and token.low in ("of", "in", "on", "at", "by", "with", "to", "and", "for")
        ):
            return None
        k += 1
    if head is None or k == start:
        return None
    opening = tokens[start]
    opens = (opening.low in _DETERMINERS or opening.low in role_modifiers() or _is_head(opening)
             or (opening.cap and (demonyms().match(tokens, start) or places().match(tokens, start))))  # fmt: skip
    if not opens or (not bridged and opening.low not in _DETERMINERS):
        return None
    return start, k
