"""Entities of the names that a back-end recognises: keys, aliases, further mentions and roles are found as ever.

A back-end says which words name a person, an organization or a place. The gazetteer, the known organizations, the
customary names of people and what joins a surname to its full name are the same for all back-ends, so that one person
has one key whatever recognised the name.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.extract.coreference import PersonMention, find_mentions
from graph.extract.gazetteer import Entry, cities, places
from graph.extract.individuals import individuals
from graph.extract.lexicon import read_words, role_heads, titles
from graph.extract.model import PlaceKind, Span
from graph.extract.names import Entities, gather
from graph.extract.organizations import known_organizations
from graph.extract.people import Run, runs_of
from graph.extract.places import PlaceMention
from graph.extract.short_forms import Found
from graph.extract.text import Document
from graph.extract.tokens import Phrases, Token, tokenize

__all__ = ["Recognised", "entities_of"]

_KINDS = ("organization", "place", "person")


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words that name something.

    :param kind: ``person``, ``organization`` or ``place``.
    :param name: what joins mentions of the same thing; None if the words alone do.
    :param place: what sort of place, where the gazetteer does not know it.
    """

    span: Span
    kind: str
    name: str | None = None
    place: PlaceKind = PlaceKind.CITY


@dataclass(frozen=True, slots=True)
class _Range:
    start: int
    end: int
    of: Recognised

    def words(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        return tuple(t.text for t in tokens[self.start : self.end])


def entities_of(document: Document, recognised: Iterable[Recognised]) -> Entities:
    """Make entities of recognised names; where two overlap, the one that begins first, or else is longer, counts.

    A name stands for one thing all through an article: it counts wherever its words stand. Of people, every shorter
    form counts as well.
    """
    tokens = tokenize(document)
    ranges = _ranges(tokens, recognised)
    ranges += _further(tokens, ranges)
    by_kind = {kind: sorted((r for r in ranges if r.of.kind == kind), key=lambda r: r.start) for kind in _KINDS}
    taken = {k for kind in ("organization", "place") for r in by_kind[kind] for k in range(r.start, r.end)}
    runs = _runs(tokens, by_kind["person"])
    people = individuals(runs)
    number = {form: n for n, person in reversed(list(enumerate(people))) for form in person.forms}
    mentions = [PersonMention(run.start, run.end, number[run.words]) for run in runs]
    held = taken | {k for m in mentions for k in range(m.start, m.end)}
    mentions += (m for m in find_mentions(tokens, people) if held.isdisjoint(range(m.start, m.end)))
    return gather(
        document, tokens, _organizations(tokens, by_kind["organization"]), people,
        sorted(mentions, key=lambda m: m.start), _places(tokens, by_kind["place"]),
    )  # fmt: skip


def _ranges(tokens: Sequence[Token], recognised: Iterable[Recognised]) -> list[_Range]:
    """Return the names as tokens, without articles, titles and possessives around them; none overlaps another."""
    found: list[_Range] = []
    i = 0
    for each in sorted(recognised, key=lambda r: (r.span.start, -r.span.end)):
        while i < len(tokens) and tokens[i].end <= each.span.start:
            i += 1
        start = end = max(i, found[-1].end if found else 0)
        while end < len(tokens) and tokens[end].start < each.span.end:
            end += 1
        if start < end and start == i:
            start, end = _trimmed(tokens, start, end, each.kind)
            if start < end and tokens[start].line == tokens[end - 1].line:
                found.append(_Range(start, end, each))
    return found


def _trimmed(tokens: Sequence[Token], start: int, end: int, kind: str) -> tuple[int, int]:
    while start < end and not tokens[start].text[0].isalnum():
        start += 1
    while end > start and (tokens[end - 1].low == "'s" or not (tokens[end - 1].text[0].isalnum() or end - start > 1)):
        end -= 1
    if end - start > 1 and tokens[start].low in ("the", "a", "an") and not _is_listed(tokens, start, end):
        start += 1
    if kind == "person":
        while end - start > 1 and (tokens[start].low in role_heads() or (tokens[start].low,) in titles()):
            start += 2 if tokens[start + 1].text == "." and end - start > 2 else 1
    return start, end


def _is_listed(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Tell whether a name is listed with its article: The Hague."""
    found = (lexicon.match(tokens, start) for lexicon in (places(), known_organizations()))
    return any(hit is not None and hit[0] == end for hit in found)


def _further(tokens: Sequence[Token], ranges: Sequence[_Range]) -> list[_Range]:
    """Return where else the same words stand."""
    taken = {k for r in ranges for k in range(r.start, r.end)}
    phrases: Phrases[Recognised] = Phrases()
    for each in ranges:
        words = each.words(tokens)
        if each.of.kind != "person" and any(t.cap for t in tokens[each.start : each.end]):
            phrases.add(words, each.of)
    found, i = [], 0
    while i < len(tokens) and len(phrases):
        hit = phrases.match(tokens, i) if i not in taken else None
        if hit is None or not taken.isdisjoint(range(i, hit[0])) or tokens[i].low in read_words("function_words.txt"):
            i += 1
            continue
        found.append(_Range(i, hit[0], hit[1]))
        i = hit[0]
    return found


def _runs(tokens: Sequence[Token], ranges: Sequence[_Range]) -> list[Run]:
    """Return the names of people; those that the back-end joins have the words of the fullest of them."""
    joined: dict[str, list[Run]] = defaultdict(list)
    for number, each in enumerate(ranges):
        joined[each.of.name or f"\0{number}"] += runs_of(tokens, [(each.start, each.end)], set())
    found: list[Run] = []
    for same in joined.values():
        fullest = max((run.words for run in same), key=lambda words: (len(words), len(" ".join(words))), default=())
        found += (replace(run, words=fullest) for run in same)
    return sorted(found, key=lambda run: run.start)


def _organizations(tokens: Sequence[Token], ranges: Sequence[_Range]) -> list[Found]:
    names: dict[str, str] = {}
    for each in ranges:
        if each.of.name:
            words = _text(tokens, each)
            known = known_organizations().get(each.words(tokens))
            names[each.of.name] = known or max(names.get(each.of.name, ""), words, key=len)
    found = []
    for each in ranges:
        name = names.get(each.of.name or "") or known_organizations().get(each.words(tokens)) or _text(tokens, each)
        found.append(Found(each.start, each.end, name))
    return found


def _places(tokens: Sequence[Token], ranges: Sequence[_Range]) -> list[PlaceMention]:
    entries: dict[str, Entry] = {}
    own: list[tuple[_Range, Entry]] = []
    for each in ranges:
        entry = _known(tokens, each)
        if each.of.name and (entry or each.of.name not in entries):
            entries[each.of.name] = entry or Entry(_text(tokens, each), each.of.place)
        own.append((each, entry or Entry(_text(tokens, each), each.of.place)))
    return [PlaceMention(each.start, each.end, entries.get(each.of.name or "", entry)) for each, entry in own]


def _known(tokens: Sequence[Token], each: _Range) -> Entry | None:
    for gazetteer in (places(), cities()):
        hit = gazetteer.match(tokens, each.start)
        if hit is not None and hit[0] == each.end:
            return hit[1]
    return None


def _text(tokens: Sequence[Token], each: _Range) -> str:
    text = ""
    for token in tokens[each.start : each.end]:
        text += token.text if token.tight or not text else f" {token.text}"
    return text
