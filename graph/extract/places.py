"""Finds places: by the gazetteer, by the words around a smaller city, by what a site's name is built of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graph.extract.gazetteer import Entry, cities, demonyms, places
from graph.extract.lexicon import (
    capitalised_stop_words,
    given_names,
    read_sections,
    read_words,
    role_heads,
    titles,
)
from graph.extract.model import PlaceKind
from graph.extract.tokens import Phrases, Token

__all__ = ["PlaceMention", "find_demonyms", "find_places", "find_sites"]

_LOCATIVE = frozenset(("in", "at", "near", "outside", "from", "to", "into", "reached", "visited", "around"))
#: Names of a country and of a state of the USA: the state where the article names other states.
_STATES_TOO = frozenset(("Georgia",))


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """Tokens ``[start, end)`` that name a place."""

    start: int
    end: int
    entry: Entry


@cache
def _sections() -> dict[str, Phrases[bool]]:
    return {k: Phrases((e, True) for e in entries) for k, entries in read_sections("place_words.txt").items()}


def find_demonyms(tokens: Sequence[Token]) -> list[tuple[int, int, str]]:
    """Find adjectives and names of peoples, as tokens ``[start, end)`` and the key of the place they stand for."""
    found = []
    i = 0
    while i < len(tokens):
        hit = demonyms().match(tokens, i) if tokens[i].cap else None
        if hit and not ((place := places().match(tokens, i)) and place[0] >= hit[0]):
            found.append((i, hit[0], hit[1]))
            i = hit[0]
        else:
            i += 1
    return found


def find_places(
    tokens: Sequence[Token], taken: set[int], sites: Sequence[PlaceMention], guessed: Sequence[tuple[int, int]] = ()
) -> list[PlaceMention]:
    """Find the mentions of places; none overlaps another.

    :param taken: tokens of organizations and people.
    :param sites: what :func:`find_sites` found; those that people or organizations overlap are left out.
    :param guessed: ranges of tokens that are taken for places unless they touch others.
    """
    built = [m for m in sites if not any(k in taken for k in range(m.start, m.end))]
    covered = {k for m in built for k in range(m.start, m.end)}
    found = list(built)
    weak: list[PlaceMention] = []
    i = 0
    while i < len(tokens):
        if not tokens[i].cap or i in taken or i in covered:
            i += 1
            continue
        hit = places().match(tokens, i)
        if hit and not any(k in taken or k in covered for k in range(i, hit[0])) and _stands(tokens, i, hit[0]):
            found.append(PlaceMention(i, hit[0], hit[1]))
            i = hit[0]
            continue
        small = cities().match(tokens, i)
        if small and not any(k in taken or k in covered for k in range(i, small[0])):
            weak.append(PlaceMention(i, small[0], small[1]))
            i = small[0]
            continue
        i += 1
    found += _cities(tokens, weak) + _unknown(
        tokens, taken | covered | {k for m in [*found, *weak] for k in range(m.start, m.end)}
    )
    filled = taken | {k for m in found for k in range(m.start, m.end)}
    found += [PlaceMention(i, j, _guessed(tokens, i, j)) for i, j in guessed if filled.isdisjoint(range(i, j))]
    return sorted(_state_or_country(found), key=lambda m: m.start)


def _guessed(tokens: Sequence[Token], i: int, j: int) -> Entry:
    known = cities().match(tokens, i)
    if known and known[0] == j:
        return known[1]
    region = j < len(tokens) and tokens[j].text in read_sections("place_words.txt")["described-by"]
    return _entry(tokens, i, j, PlaceKind.REGION if region else PlaceKind.CITY)


def _stands(tokens: Sequence[Token], i: int, j: int) -> bool:
    """Tell whether a gazetteer name is a place here: not part of a longer capitalised word or of a person's name."""
    if tokens[j - 1].text == "US" and j < len(tokens) and tokens[j].text == "$":
        return False
    if tokens[j - 1].text == "US" and tokens[i].headline and all(t.text.isupper() for t in tokens[i : j + 3] if t.cap):
        return tokens[i].text == "US" and not (j < len(tokens) and tokens[j].cap)
    if j - i == 1 and tokens[i].text in (
        "Gulf",
        "Pacific",
        "Atlantic",
        "Baltic",
        "Hague",
        "Emirates",
        "CAR",
        "Chosen",
        "Amazon",
    ):
        before = tokens[i - 1].low if i else ""
        return before in ("the", "and") or tokens[i].text == "CAR"
    return True


def _locative(tokens: Sequence[Token], m: PlaceMention) -> bool:
    before = tokens[m.start - 1] if m.start and tokens[m.start - 1].line == tokens[m.start].line else None
    if (
        before is not None
        and before.low in _LOCATIVE
        and not (m.end < len(tokens) and tokens[m.end].cap and not tokens[m.start].headline)
    ):
        return tokens[m.start].text not in given_names() or before.low in ("in", "near", "outside")
    if m.end + 1 < len(tokens) and tokens[m.end].text == "," and tokens[m.end + 1].cap:
        return places().match(tokens, m.end + 1) is not None and before is not None and before.text != ","
    return False


def _cities(tokens: Sequence[Token], weak: Sequence[PlaceMention]) -> list[PlaceMention]:
    sure = {m.entry.key for m in weak if _locative(tokens, m)}
    return [m for m in weak if m.entry.key in sure and not _in_name(tokens, m)]


def _in_name(tokens: Sequence[Token], m: PlaceMention) -> bool:
    before = tokens[m.start - 1] if m.start and tokens[m.start - 1].line == tokens[m.start].line else None
    return before is not None and before.cap and before.text in given_names()


def find_sites(tokens: Sequence[Token], taken: set[int]) -> list[PlaceMention]:
    """Find names built of a head word: ``Cielo Vista Mall``, ``Liaodong Peninsula``, ``Province of X``."""
    found: list[PlaceMention] = []
    sections, function = _sections(), read_words("function_words.txt")
    i = 0
    while i < len(tokens):
        if not tokens[i].cap or i in taken or tokens[i].low in function or tokens[i].headline:
            i += 1
            continue
        j = i
        while (
            j < len(tokens)
            and j - i < 8
            and j not in taken
            and tokens[j].line == tokens[i].line
            and ((tokens[j].cap and tokens[j].low not in function) or (j > i and _joins(tokens, j)))
        ):
            j += 1
        hit = _site(tokens, i, j, sections)
        if hit:
            found.append(hit)
            i = hit.end
        else:
            i = max(j, i + 1)
    return found


def _joins(tokens: Sequence[Token], j: int) -> bool:
    return tokens[j].text == "-" and j + 1 < len(tokens) and tokens[j + 1].cap


def _site(tokens: Sequence[Token], i: int, j: int, sections: dict[str, Phrases[bool]]) -> PlaceMention | None:
    if tokens[i].low in role_heads() or tuple(t.low for t in tokens[i : i + 2]) in titles():
        return None
    for start in range(i, j):
        whole = places().match(tokens, start)
        if whole and whole[0] - start > 1:
            return None
        for kind in ("site", "region"):
            first = sections[f"{kind}-first"].match(tokens, start)
            if first and first[0] < len(tokens) and tokens[first[0]].cap and tokens[first[0]].line == tokens[i].line:
                name = tokens[first[0]].text
                if name not in capitalised_stop_words():
                    end = min(max(j, first[0] + 1), first[0] + 1)
                    return PlaceMention(start, end, _entry(tokens, start, end, PlaceKind(kind)))
    for kind in ("site", "region", "city"):
        for k in range(j - 1, i, -1):
            last = sections[f"{kind}-last"].match(tokens, k)
            if not last or last[0] > j:
                continue
            start = i
            if (whole := places().match(tokens, i)) and whole[0] == k:
                continue
            while start < k and (demonyms().match(tokens, start) or tokens[start].text in capitalised_stop_words()):
                start += 1
            words = tuple(t.text for t in tokens[start : last[0]])
            if (
                start >= k
                or tokens[start].low in role_heads()
                or words in sections["not"]
                or tokens[start].low in ("united",)
            ):
                continue
            return PlaceMention(start, last[0], _entry(tokens, start, last[0], PlaceKind(kind)))
    return None


def _entry(tokens: Sequence[Token], i: int, j: int, kind: PlaceKind) -> Entry:
    words = ""
    for token in tokens[i:j]:
        words += token.text if token.tight or not words else f" {token.text}"
    return Entry(words, kind)


def _unknown(tokens: Sequence[Token], taken: set[int]) -> list[PlaceMention]:
    """Take an unknown name after "in" that a known place follows: ``in Karipur, Kerala``; then wherever it stands."""
    names: dict[tuple[str, ...], Entry] = {}
    stop, function = capitalised_stop_words(), read_words("function_words.txt")
    for i in range(1, len(tokens) - 2):
        if tokens[i - 1].low not in ("in", "near", "outside", "at", "of", "to", "from", "visited"):
            continue
        j = i
        while (
            j < len(tokens) - 1
            and j - i < 3
            and tokens[j].line == tokens[i].line
            and _name_like(tokens[j], stop, function)
        ):
            j += 1
        if (j > i and tokens[j].text == "," and not taken.intersection(range(i, j)) and len(tokens[j - 1].text) > 2
                and tokens[j].line == tokens[i].line and places().match(tokens, j + 1)):  # fmt: skip
            words = tuple(t.text for t in tokens[i:j])
            names[words] = Entry(" ".join(words), PlaceKind.CITY)
    phrases = Phrases((" ".join(words), entry) for words, entry in names.items())
    found, i = [], 0
    while names and i < len(tokens):
        hit = phrases.match(tokens, i) if tokens[i].cap else None
        if hit and not taken.intersection(range(i, hit[0])):
            found.append(PlaceMention(i, hit[0], hit[1]))
            i = hit[0]
        else:
            i += 1
    return found


def _name_like(token: Token, stop: frozenset[str], function: frozenset[str]) -> bool:
    return token.cap and token.text not in stop and token.low not in function and not token.headline


def _new_york(found: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Take "New York" for the state where the article also writes "New York City" or lists states."""
    city = any(m.entry.name == "New York City" and m.end - m.start == 3 for m in found)
    states = sum(m.entry.kind is PlaceKind.REGION and m.entry.country == "US" for m in found)
    if not city and states < 3:
        return list(found)
    state = Entry("New York", PlaceKind.REGION, geonames=5128638, country="US")
    return [
        PlaceMention(m.start, m.end, state) if m.entry.name == "New York City" and m.end - m.start == 2 else m
        for m in found
    ]


def _state_or_country(found: Sequence[PlaceMention]) -> list[PlaceMention]:
    found = _new_york(found)
    states = {m.entry.name for m in found if m.entry.kind is PlaceKind.REGION and m.entry.country == "US"}
    if len(states) < 2:
        return list(found)
    georgia = Entry("Georgia", PlaceKind.REGION, geonames=4197000, country="US")
    return [PlaceMention(m.start, m.end, georgia) if m.entry.name in _STATES_TOO else m for m in found]
