"""Finds the full names of people, by the names themselves and by the words around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graph.extract.gazetteer import cities, demonyms, places
from graph.extract.lexicon import (
    capitalised_stop_words,
    family_first_names,
    given_names,
    name_particles,
    public_figures,
    read_words,
    reporting_verbs,
    role_heads,
    role_modifiers,
    titles,
)
from graph.extract.tokens import Phrases, Token
from graph.files import read_lines

__all__ = ["NAME_SUFFIXES", "Run", "find_namesakes", "find_runs", "runs_of", "title_before"]

#: Most words of a name; shorter than ``_SHORT`` letters are the parts of names such as "Jong-un".
_LONGEST, _SHORT = 7, 7
#: Particles that may stand unhyphenated inside a name; the others only as "al-", "el-".
_FREE = frozenset(
    ("al", "el", "bin", "ibn", "bint", "ben", "abu", "von", "van", "der", "den", "de", "del", "della", "di", "da",
     "dos", "das", "du", "la", "le")
)  # fmt: skip
#: What may end a name without being a part of it.
NAME_SUFFIXES = frozenset(("Jr", "Sr", "II", "III", "IV", "V", "VI", "VII", "VIII", "XII", "XIV", "XVI"))
#: Chinese and Korean family names that are English words as well.
_ENGLISH = frozenset(
    ("Long", "Park", "Song", "Young", "Sun", "Ban", "Moon", "Pan", "An", "Do", "So", "No", "He", "To", "Can", "Bo",
     "Ha", "Fan", "Rim", "Min", "Chi", "Man", "Ma")
)  # fmt: skip
_NOT_GIVEN_PART = frozenset(("era", "led", "style", "backed", "like", "born", "based", "elect", "in", "and", "to"))


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens ``[start, end)`` that name a person; ``words`` are the parts of the name."""

    start: int
    end: int
    words: tuple[str, ...]
    title: str = ""
    #: The tokens' texts as printed, where they differ from the words (a comma before "Jr.").
    printed: tuple[str, ...] = ()


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
    known = token.text not in capitalised_stop_words() or token.text in given_names()
    return token.cap and known and not token.text.endswith(".")


def _title_from(tokens: Sequence[Token], i: int) -> int:
    """Return the end of the titles that begin at token ``i``, or ``i``: a name does not begin with its title."""
    j = i
    while j < len(tokens) and tokens[j].cap and tokens[j].line == tokens[i].line:
        for length in (4, 3, 2, 1):
            words = tuple(t.low for t in tokens[j : j + length])
            if words in titles() or (length == 1 and words[0].removesuffix("s") in role_heads()):
                j += length
                break
        else:
            break
        if j < len(tokens) and tokens[j].text == "." and tokens[j].tight:
            j += 1
    return j


def _extend(tokens: Sequence[Token], i: int, taken: set[int]) -> int:
    """Return the end of the run of name-like tokens from ``i`` on."""
    j, line = i, tokens[i].line
    while j < len(tokens) and tokens[j].line == line and j - i < _LONGEST + 4 and j not in taken:
        token = tokens[j]
        following = tokens[j + 1] if j + 1 < len(tokens) and tokens[j + 1].line == line else None
        if token.cap and j > i and token.low in reporting_verbs() and token.headline:
            break
        if j > i and (end := _suffix(tokens, j)) > j:
            return end
        nickname = _nickname(tokens, i, j) if j > i and token.text in '"(' else None
        if nickname:
            j = nickname
        elif token.cap and len(token.text) == 1 and following and following.text == "." and following.tight:
            j += 2  # an initial
        elif token.cap and len(token.text) == 4 and token.text[1::2] == "..":
            j += 1  # two initials: "J.F."
        elif _usable(token):
            if j > i and (demonyms().match(tokens, j) or _long_place(tokens, j)):
                break
            if j > i and (token.low,) in titles() and tokens[j - 1].text != "-" and following and _usable(following):
                break
            j += 1
        elif (token.cap and j - i >= 2 and token.text in read_words("ambiguous_names.txt")
              and tokens[i].text in given_names() and not (following and following.cap)):  # fmt: skip
            j += 1
        elif token.text == "-" and token.tight and following and following.tight and j > i:
            after = _hyphenated_part(tokens, i, j, following)
            if after == j:
                break
            j = after
        elif token.text in name_particles() and following and _goes_on(token, following, inside=j > i):
            j += 1
        else:
            break
    while j > i and (tokens[j - 1].text == "-" or tokens[j - 1].text in name_particles()):
        j -= 1
    return j


def _hyphenated_part(tokens: Sequence[Token], i: int, j: int, following: Token) -> int:
    """Return how far a name from ``i`` on goes at its hyphen ``j``; ``j`` if the name ends before it."""
    before = tokens[j - 1]
    if before.low in name_particles() or (following.cap and before.text in given_names()):
        return j + 1
    if j - i < 2:
        return j
    if following.cap:  # a double family name, not two people ("Trump-Kim")
        known = following.text in public_figures() or before.text in public_figures()
        return j if known or places().match(tokens, j + 1) else j + 1
    small = following.text.islower() and following.text.isalpha() and len(following.text) < _SHORT
    return j + 2 if small and following.text not in _NOT_GIVEN_PART and len(before.text) < _SHORT else j


def _goes_on(particle: Token, following: Token, *, inside: bool) -> bool:
    if following.text == "-" and following.tight:
        return True
    return particle.text in _FREE and inside and (following.cap or following.text in _FREE)


def _nickname(tokens: Sequence[Token], i: int, j: int) -> int | None:
    """Return the end of the nickname in quotes or brackets at ``j``, if a family name follows: ``James (Jim) X``."""
    if j + 3 >= len(tokens) or tokens[i].text not in given_names() or tokens[j + 3].line != tokens[i].line:
        return None
    named = tokens[j + 1].cap and tokens[j + 2].text in '")' and _usable(tokens[j + 3])
    return j + 3 if named else None


def _suffix(tokens: Sequence[Token], j: int) -> int:
    """Return the end of ``Jr.``, ``, Jr.`` or ``III`` at token ``j``, or ``j``."""
    k = j + 1 if tokens[j].text == "," and j + 1 < len(tokens) and tokens[j + 1].text in ("Jr", "Sr") else j
    if k >= len(tokens) or tokens[k].text not in NAME_SUFFIXES or tokens[k].line != tokens[j].line:
        return j
    dot = tokens[k].text in ("Jr", "Sr") and k + 1 < len(tokens) and tokens[k + 1].text == "." and tokens[k + 1].tight
    return k + 1 + dot


def _long_place(tokens: Sequence[Token], i: int) -> bool:
    hit = places().match(tokens, i)
    return hit is not None and hit[0] - i > 1


def _parts(tokens: Sequence[Token], i: int, j: int) -> tuple[str, ...]:
    words: list[str] = []
    nickname = False
    for token in tokens[i:j]:
        if token.text in '"()':
            nickname = token.text != ")" and not nickname
        if nickname or token.text in ',"()':
            continue
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
        past = _title_from(tokens, i)
        if past > i and (past - i > 1 or tokens[i].text not in given_names()):
            i = past
            continue
        if _english_family_name(tokens, i):
            end = i + 2
            if tokens[end].text == "-" and tokens[end].tight and tokens[end + 1].tight:
                end += 2  # "Ban Ki-moon"
            runs.append(Run(i, end, _parts(tokens, i, end), "title", tuple(t.text for t in tokens[i:end])))
            i = end
            continue
        known = _figures().match(tokens, i)
        end = known[0] if known else _extend(tokens, i, taken)
        if known and end < len(tokens):
            end = _suffix(tokens, end)
        run = _judge(tokens, i, end, lower, known is not None) if end > i else None
        if run:
            runs.append(run)
            i = run.end
        else:
            i += 1
    return runs


def runs_of(tokens: Sequence[Token], names: Sequence[tuple[int, int]], taken: set[int]) -> list[Run]:
    """Return ranges of tokens that are known to name people as runs; those that touch taken tokens are left out."""
    found = []
    for i, j in names:
        if j - i == 1 and i and _given_before(tokens, i - 1):
            i -= 1
        words = _parts(tokens, i, j)
        if words and taken.isdisjoint(range(i, j)):
            title = title_before(tokens, i)
            found.append(Run(i, j, words, title[1] if title else "", tuple(t.text for t in tokens[i:j])))
    return found


def _given_before(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a word may be the given name of the family name after it, though no list knows either."""
    token = tokens[i]
    if token.line != tokens[i + 1].line or token.first or token.headline or not _usable(token) or token.text.isupper():
        return False
    other = places().match(tokens, i) or demonyms().match(tokens, i) or (token.low,) in titles()
    return not other and token.low not in role_heads() and token.low not in role_modifiers()


def _english_family_name(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a titled name begins with a family name that is an English word, too: "Vice Premier He Lifeng"."""
    word = tokens[i].text
    if word not in family_first_names() or word not in capitalised_stop_words() or i + 3 >= len(tokens):
        return False
    return title_before(tokens, i) is not None and _usable(tokens[i + 1])


_NAMED_AFTER = frozenset(("treaty", "act", "pact", "tariff", "tariffs", "agreement", "accord", "amendment", "notes",
                          "conversations", "meeting", "summit", "talks", "debate"))  # fmt: skip
_NAMED_AFTER_ONE = frozenset(("Declaration", "Doctrine", "Plan"))


def find_namesakes(tokens: Sequence[Token]) -> list[Run]:
    """Find people in names of other things: ``Clayton-Bulwer Treaty``, ``Monroe Doctrine``, ``Ford administration``."""
    found: list[Run] = []
    for i in range(3, len(tokens)):
        token = tokens[i]
        pair = tokens[i - 2].text == "-" and tokens[i - 2].tight and tokens[i - 1].tight
        single = token.text in _NAMED_AFTER_ONE or token.low == "administration"
        if token.line != tokens[i - 3].line or not (single or (pair and token.low in _NAMED_AFTER)):
            continue
        if pair and _eponym(tokens, i - 3) and _eponym(tokens, i - 1):
            found += [Run(k, k + 1, (tokens[k].text,)) for k in (i - 3, i - 1)]
        elif (single and not pair and _eponym(tokens, i - 1) and not _city(tokens, i - 1)
              and (token.text != "Administration" or tokens[i - 1].text in public_figures())):  # fmt: skip
            start = i - 1
            while start > 0 and (tokens[start - 1].text in given_names() or _is_initial(tokens, start - 1)):
                start -= 1
            found.append(Run(start, i, _parts(tokens, start, i), "", tuple(t.text for t in tokens[start:i])))
    return found


def _city(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a name is better known as a city: the Albany Plan, but the Marshall Plan."""
    return tokens[i].text not in public_figures() and cities().match(tokens, i) is not None


def _is_initial(tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    one = token.cap and len(token.text) == 1 and i + 1 < len(tokens) and tokens[i + 1].text == "."
    return one or (token.text == "." and i > 0 and tokens[i - 1].cap and len(tokens[i - 1].text) == 1)


def _eponym(tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    name = token.cap and token.text.istitle() and len(token.text) > 2 and token.text not in capitalised_stop_words()
    other = demonyms().match(tokens, i) or places().match(tokens, i)
    return name and not other and token.low not in role_heads() and not token.headline


def _judge(tokens: Sequence[Token], i: int, j: int, lower: frozenset[str], known: bool) -> Run | None:
    words = _parts(tokens, i, j)
    title = title_before(tokens, i)
    run = Run(i, j, words, title[1] if title else "", tuple(t.text for t in tokens[i:j]))
    if not words or sum(len(w) > 1 for w in words) == 0:
        return None
    if known:
        return run
    if words[-1].casefold() in role_heads() and words[0] not in given_names() and tokens[j - 1].text != words[0]:
        return None  # "U.S Secretary"
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
    if words[0] in family_first_names() and len(words) == 2 and words[0] not in _ENGLISH and not tokens[i].headline:
        return run if not tokens[i].first else None
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
    if (word.casefold(),) in titles() or word.casefold() in role_heads() or word.casefold() in role_modifiers():
        return titled and word in public_figures()
    if public_figures().get(word) and not place:
        return True
    if j + 1 < len(tokens) and tokens[j].text == "," and places().match(tokens, j + 1):
        return titled
    before = tokens[i - 1] if i and tokens[i - 1].line == tokens[i].line else None
    if word in given_names() and not titled:
        return before is not None and before.low in ("son", "daughter", "wife", "husband", "sister", "brother")
    if titled:
        return not (place and not tokens[i].first and tokens[i - 1].text != ".") and not (tokens[i].headline and place)
    if place or tokens[i].headline or (tokens[i].first and tokens[i].low in lower):
        return False
    if word in public_figures():
        return not tokens[i].first
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
