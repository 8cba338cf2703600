"""Words that name an event: nouns with what stands before them ("initial summit"), and verbs ("met")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graph.extract.lexicon import read_table
from graph.extract.model import EventType, Span
from graph.extract.tagging import Named, Tagged, word_class

__all__ = ["Trigger", "as_trigger", "find_triggers"]

#: Most words before a noun that belong to its phrase, and most after it in a name ("Treaty of ...").
_BEFORE, _AFTER = 8, 9
#: How many words around a verb an office is looked for, behind one its object.
_POST, _OBJECT = 8, 7
_STOPS = frozenset({",", ";", ":", "with", "that", "into"})
_NUMBER = re.compile(r"\d[\d,.]*(?:st|nd|rd|th)?\Z")
_ENDS_PHRASE = frozenset({"-", "&"})
_NAME_LINKS = frozenset({"of", "on", "for", "against", "with", "to", "the", "and", "between"})


@dataclass(frozen=True, slots=True)
class _Entry:
    verb: bool
    type: EventType
    sure: float
    condition: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """A phrase that names an event.

    :param head: number of its main word; ``first`` and ``last`` bound the phrase (``last`` exclusive).
    :param named: it is a proper name ("Treaty of Tlatelolco"), or part of one.
    """

    span: Span
    head: int
    first: int
    last: int
    type: EventType
    verb: bool
    named: bool
    sure: float
    lemma: str
    modifiers: frozenset[str]
    sentence: int


@cache
def _lexicon() -> dict[str, tuple[tuple[tuple[str, ...], tuple[_Entry, ...]], ...]]:
    """Return, by first word, the phrases (longest first) and what they can mean."""
    entries: dict[tuple[str, ...], list[_Entry]] = {}
    for part, kind, sure, condition, forms in read_table("triggers.tsv", 5):
        entry = _Entry(part == "verb", EventType(kind), float(sure), condition)
        for form in forms.split("|"):
            words = tuple(re.findall(r"\w+(?:'(?!s\b)\w+)*|'s|-", form if condition == "named" else form.lower()))
            entries.setdefault(tuple(w.lower() for w in words), []).append(entry)
    table: dict[str, list[tuple[tuple[str, ...], tuple[_Entry, ...]]]] = {}
    for words, meanings in entries.items():
        table.setdefault(words[0], []).append((words, tuple(meanings)))
    return {first: tuple(sorted(rows, key=lambda r: -len(r[0]))) for first, rows in table.items()}


def find_triggers(tagged: Tagged) -> list[Trigger]:
    """Find the phrases that name events, in order, not overlapping."""
    found: list[Trigger] = []
    lexicon = _lexicon()
    for first, end in tagged.bounds:
        i = first
        while i < end:
            hit = _match(tagged, lexicon.get(tagged.words[i].low, ()), i, first, end)
            if hit is None:
                i += 1
                continue
            if found and hit.first < found[-1].last and hit.sentence == found[-1].sentence:
                _absorb(found, hit)
            else:
                found.append(hit)
            i = max(i + 1, hit.last)
    return found


def as_trigger(tagged: Tagged, i: int, j: int, kind: EventType, sure: float) -> Trigger:
    """Return the words ``[i, j)`` as a mention of an event; the parse tells its main word, and whether it is a verb."""
    parse = tagged.parse
    inside = [k for k in range(i, j) if tagged.words[k].text[0].isalnum()] or [i]
    head = next((k for k in reversed(inside) if not i <= parse.head(k) < j or parse.head(k) == k), inside[-1])
    verb = parse.tag(head) == "VERB" and not tagged.words[head].cap
    named = not verb and tagged.words[head].cap and (j - i > 1 or head > tagged.bounds[tagged.words[i].sentence][0])
    words = frozenset(_modifiers(tagged, i, head)) | frozenset(
        tagged.low(k) for k in range(head + 1, j) if tagged.low(k) not in _NAME_LINKS and tagged.low(k).isalnum()
    )
    low = tagged.low(head)
    return Trigger(
        tagged.span(i, j), head, i, j, kind, verb, named, sure, low if verb else _lemma(low),
        frozenset() if verb else words, tagged.words[i].sentence,
    )  # fmt: skip


def _absorb(found: list[Trigger], hit: Trigger) -> None:
    """Let the later head of one noun phrase take over ("election campaign" is one event, named by its last word)."""
    before = found[-1]
    if before.verb:
        return
    if before.named and not hit.named:
        return
    found[-1] = hit


def _match(
    tagged: Tagged, rows: tuple[tuple[tuple[str, ...], tuple[_Entry, ...]], ...], i: int, first: int, end: int
) -> Trigger | None:
    for words, meanings in rows:
        n = len(words)
        if i + n > end or any(tagged.low(i + k) != words[k] for k in range(1, n)):
            continue
        name = tagged.name_at(i)
        if name is not None and (name.kind == "person" or _within_organization(tagged, name)):
            return None
        if _no_event(tagged, i, first):
            return None
        if tagged.in_role(i) and tagged.words[i].cap and name is None:
            return None  # "Secretary of War"
        verbs = [m for m in meanings if m.verb]
        nouns = [m for m in meanings if not m.verb]
        if n > 1 and verbs and not nouns:
            if words[0].endswith("ing") and not tagged.is_verb(i):
                continue
            return _verb(tagged, i, i + n, verbs[0], words)
        used_as_verb = tagged.is_verb(i)
        if verbs and used_as_verb and (hit := _verb(tagged, i, i + n, verbs[0], words)):
            return hit
        if used_as_verb and not tagged.words[i].cap and not words[-1].endswith(("ing", "ings")):
            continue
        for entry in nouns:
            if hit := _noun(tagged, i, i + n, entry, first, end):
                return hit
    return None


def _no_event(tagged: Tagged, i: int, first: int) -> bool:
    """Tell whether a word names no event where it stands: "prisoners of war", "the chapters deal with trade"."""
    low, before = tagged.low(i), tagged.low(i - 1) if i > first else ""
    if low == "war" and before == "of" and tagged.low(i - 2) in ("prisoner", "prisoners", "state", "laws", "law"):
        return True
    plural = before.endswith("s") and before not in word_class("determiner") and before != "'s"
    return low == "deal" and tagged.low(i + 1) in ("with", "in") and plural


def _within_organization(tagged: Tagged, name: Named) -> bool:
    """Tell whether a word names no event but a body: "North Atlantic Treaty Organization", "War Department"."""
    return name.kind == "organization" and tagged.cover(name.span)[1] - tagged.cover(name.span)[0] > 1


def _verb(tagged: Tagged, i: int, j: int, entry: _Entry, words: tuple[str, ...]) -> Trigger | None:
    sentence = tagged.words[i].sentence
    if entry.condition == "armed":
        lo, hi = tagged.bounds[sentence]
        if not any(tagged.low(k) in word_class("armed") for k in range(max(lo, i - 12), min(hi, j + 14))):
            return None
    if entry.condition == "post" and not _near(tagged, i, j, "post", _POST, persons=True):
        return None
    if entry.condition == "body" and not _near(tagged, j, j, "body", _OBJECT, persons=False):
        return None
    if entry.condition in ("person", "leader") and not _person_near(tagged, i):
        return None
    if tagged.words[i].cap and i > tagged.bounds[sentence][0] and tagged.name_at(i) is not None:
        return None
    return Trigger(
        tagged.span(i, j), i, i, j, entry.type, True, False, entry.sure, words[0], frozenset(), sentence
    )  # fmt: skip


def _near(tagged: Tagged, i: int, j: int, kind: str, words: int, *, persons: bool) -> bool:
    """Tell whether a name or a word of a class stands near: after ``j``, or before ``i`` too.

    :param persons: names are to be of people, and stand behind; else any name will do.
    """
    lo, end = tagged.bounds[tagged.words[i].sentence]
    for k in range(j, min(end, j + words)):
        if tagged.low(k) in _STOPS:
            break
        name = tagged.name_at(k)
        if tagged.low(k) in word_class(kind) or (name is not None and (name.kind == "person" or not persons)):
            return True
    return any(tagged.low(k) in word_class(kind) - {"he", "she"} for k in range(max(lo, i - 3 if i < j else i), i))


def _person_near(tagged: Tagged, i: int) -> bool:
    lo, _ = tagged.bounds[tagged.words[i].sentence]
    for k in range(i - 1, max(lo, i - 12) - 1, -1):
        name = tagged.name_at(k)
        if (name is not None and name.kind == "person") or tagged.low(k) in ("he", "she"):
            return True
        if tagged.low(k) in (";", ":"):
            return False
    return False


def _noun(tagged: Tagged, i: int, j: int, entry: _Entry, first: int, end: int) -> Trigger | None:
    head = j - 1
    start = _phrase_start(tagged, i, first)
    named = tagged.words[head].cap and (head > first or start < i)
    if entry.condition == "named" and not named:
        return None
    if entry.condition == "np" and start == i and not named:
        return None
    last = j
    if named:
        last = _name_end(tagged, j, end)
        entry, head = _last_head(tagged, j, last, entry, head)
    phrase = frozenset(_modifiers(tagged, start, i)) | frozenset(
        tagged.low(k) for k in range(j, last) if tagged.low(k) not in _NAME_LINKS and tagged.low(k).isalnum()
    )
    return Trigger(
        tagged.span(start, last), head, start, last, entry.type, False, named, entry.sure,
        _lemma(tagged.low(head)), phrase, tagged.words[i].sentence,
    )  # fmt: skip


def _last_head(tagged: Tagged, j: int, last: int, entry: _Entry, head: int) -> tuple[_Entry, int]:
    """Return the noun that decides what a name names: "Limited Test Ban Treaty" is a treaty."""
    for k in range(j, last):
        if not tagged.words[k].cap:
            break
        for words, meanings in _lexicon().get(tagged.low(k), ()):
            nouns = [m for m in meanings if not m.verb]
            if len(words) == 1 and nouns:
                entry, head = nouns[0], k
    return entry, head


def _phrase_start(tagged: Tagged, i: int, first: int) -> int:
    start = i
    while start > first and i - start < _BEFORE and _may_modify(tagged, start - 1, first):
        start -= 1
    while start < i and (tagged.low(start) in _ENDS_PHRASE or not tagged.low(start)[0].isalnum()):
        start += 1
    return start


def _may_modify(tagged: Tagged, k: int, first: int) -> bool:
    low, word = tagged.low(k), tagged.words[k]
    if low in _ENDS_PHRASE:
        return k > first
    if not word.text[0].isalnum():
        return False
    if low in ("third", "second", "first"):
        return True
    if (
        tagged.name_at(k) is not None
        or _NUMBER.match(low)
        or (word.cap and k > first and low not in word_class("preposition") and not tagged.headline(word.sentence))
    ):
        return tagged.low(k + 1) != "'s" and low not in word_class("determiner")
    for name in ("determiner", "pronoun", "object", "modal", "auxiliary", "preposition", "conjunction", "adverb"):
        if low in word_class(name):
            return False
    if low in word_class("no modifier") or low.endswith("ly"):
        return False
    if low.endswith(("ed", "ing")) and low not in word_class("plain -ing"):
        return tagged.low(k + 1) == "-" or tagged.low(k - 1) in word_class("determiner") or tagged.low(k - 1) == "'s"
    return low not in word_class("common verb")


def _modifiers(tagged: Tagged, start: int, i: int) -> Iterator[str]:
    for k in range(start, i):
        name = tagged.name_at(k)
        if name is not None:
            yield name.key
        elif tagged.low(k)[0].isalnum():
            yield tagged.low(k)


def _name_end(tagged: Tagged, j: int, end: int) -> int:
    """Return where a name goes on after its head: "Treaty of Tlatelolco", "Convention on the Law of the Sea"."""
    last = k = j
    linked = False
    while k < end and k - j < _AFTER:
        low, name = tagged.low(k), tagged.name_at(k)
        if tagged.words[k].cap or _NUMBER.match(low):
            if tagged.time_at(k) is not None or (name is not None and name.kind == "person" and not linked):
                break
            last = k = k + 1
            if name is not None and linked and name.kind == "organization":
                last = k = max(k, min(end, tagged.cover(name.span)[1]))
        elif low == "-" and linked and k == last and k + 1 < end:
            last = k = k + 2  # "Non-Proliferation", "Co-operation"
        elif low in ("of", "on", "for") or (low == "the" and linked) or (low == "and" and linked and k == last):
            linked = True
            k += 1
        else:
            break
    return last


def _lemma(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if (
        word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
        and word not in ("talks", "hostilities", "sanctions")
    ):
        return word[:-1]
    return word
