"""Which mentions tell of the same happening: coreference of events within one article."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from graph.extract.lexicon import read_sections
from graph.extract.model import EventType, Status
from graph.extract.participants import Circumstances
from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["Happening", "group"]

_GATHERINGS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CONFERENCE})
#: Words before a noun that make it another one of its kind.
_ANOTHER = frozenset(
    {"another", "other", "new", "a", "an", "second", "third", "fourth", "next", "further", "any", "every", "each"}
)
#: How many happenings back a bare re-mention ("the meeting") looks.
_BACK = 12
_GENERIC = frozenset(
    ["first", "second", "third", "final", "initial", "new", "formal", "official", "historic", "major", "recent"]
)
#: Nouns that may take up any event of their type ("the agreement" for a treaty).
_GENERAL = frozenset(
    [
        "agreement",
        "treaty",
        "accord",
        "pact",
        "deal",
        "negotiation",
        "talks",
        "discussion",
        "dialogue",
        "war",
        "conflict",
        "fighting",
        "hostilities",
        "meeting",
        "summit",
        "conference",
        "visit",
        "trip",
        "mission",
        "election",
        "race",
        "vote",
        "primary",
        "attack",
        "invasion",
        "sanction",
        "tariff",
    ]
)
#: How many sentences back a mention may look: near a verb, for "the ...", and without article; words to a sure time.
_NEAR, _DEFINITE, _BARE, _SURE_TIME = 2, 15, 3, 6


@dataclass(slots=True)
class Happening:
    """Mentions of one event with what was read around each."""

    type: EventType
    section: int
    mentions: list[tuple[Trigger, Circumstances]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    lemmas: set[str] = field(default_factory=set)

    def add(self, trigger: Trigger, around: Circumstances) -> None:
        """Add a mention."""
        self.mentions.append((trigger, around))
        self.words |= trigger.modifiers - _GENERIC
        self.lemmas.add(trigger.lemma)

    @property
    def participants(self) -> list[str]:
        """Keys of all participants, in order."""
        return list(dict.fromkeys(k for _, c in self.mentions for k in c.participants))

    @property
    def places(self) -> list[str]:
        """Keys of all places, in order."""
        return list(dict.fromkeys(k for _, c in self.mentions for k in c.places))


def group(tagged: Tagged, mentions: Sequence[tuple[Trigger, Circumstances]]) -> list[Happening]:
    """Put mentions of one happening together, in order of first mention."""
    found: list[Happening] = []
    by_name: dict[tuple[str, frozenset[str], int], Happening] = {}
    sections = [s.span.start for s in tagged.document.sections]
    for trigger, around in mentions:
        section = sum(start <= trigger.span.start for start in sections)
        name = (trigger.lemma, trigger.modifiers, section)
        same = by_name.get(name) if trigger.modifiers and not trigger.verb else None
        if same is None:
            recent = [h for h in found[-_BACK * 3 :] if h.section == section]
            same = _same(tagged, trigger, around, recent)
        if same is None:
            same = Happening(trigger.type, section)
            found.append(same)
        same.add(trigger, around)
        if trigger.modifiers and not trigger.verb:
            by_name.setdefault(name, same)
    return found


def _same(tagged: Tagged, trigger: Trigger, around: Circumstances, recent: Sequence[Happening]) -> Happening | None:
    for happening in reversed(recent):
        if _fits(tagged, trigger, around, happening):
            return happening
    return None


def _fits(tagged: Tagged, trigger: Trigger, around: Circumstances, happening: Happening) -> bool:
    last, before = happening.mentions[-1]
    kindred = trigger.type == happening.type or {trigger.type, happening.type} <= _GATHERINGS
    if not kindred or _times_differ(around, happening):
        return False
    if trigger.verb and (around.status == Status.UNREAL) != (before.status == Status.UNREAL):
        return False
    distance = trigger.sentence - last.sentence
    if distance == 0 and _is_object(tagged, trigger, last):
        return True
    if trigger.verb or last.verb:
        return distance <= _NEAR and _verb_fits(tagged, trigger, around, last, happening)
    own = trigger.modifiers - _GENERIC
    alike = trigger.lemma in happening.lemmas
    if alike and own and happening.words and (own <= happening.words or happening.words <= own):
        return True
    if own and (not alike or happening.words):
        return False
    if not (alike or (trigger.lemma in _GENERAL and happening.lemmas & _GENERAL)):
        return False
    if _is_another(tagged, trigger):
        return False
    return distance <= (_DEFINITE if _is_definite(tagged, trigger) else _BARE)


def _is_object(tagged: Tagged, trigger: Trigger, last: Trigger) -> bool:
    """Tell whether verb and noun are one event: "signed the treaty", "the treaty was signed", "won the election"."""
    if trigger.verb == last.verb:
        return False
    verb, noun = (trigger, last) if trigger.verb else (last, trigger)
    if verb.lemma not in _object_verbs():
        return False
    lo, hi = (last.last, trigger.first)
    between = [tagged.low(k) for k in range(lo, hi)]
    if last.verb:
        return len(between) <= 9 and not any(
            w in (",", ";", ".", "that", "to", "after", "before", "which") for w in between
        )
    return (
        len(between) <= 6 and any(w in word_class("auxiliary") for w in between) and "," not in between and noun is last
    )


def _verb_fits(tagged: Tagged, trigger: Trigger, around: Circumstances, last: Trigger, happening: Happening) -> bool:
    shared = set(around.participants) & set(happening.participants)
    stems = {_stem(lemma) for lemma in happening.lemmas}
    if _stem(trigger.lemma) in stems:
        return bool(shared) or not around.participants or not happening.participants
    if not trigger.verb and last.verb:
        own = trigger.modifiers - _GENERIC
        return _is_definite(tagged, trigger) and not own and (bool(shared) or not around.participants)
    return False


def _times_differ(around: Circumstances, happening: Happening) -> bool:
    if around.time is None or around.time_distance > _SURE_TIME:
        return False
    for _, other in happening.mentions:
        if other.time is None or other.time_distance > _SURE_TIME:
            continue
        a, b = around.time, other.time
        if (a.latest and b.earliest and a.latest < b.earliest) or (b.latest and a.earliest and b.latest < a.earliest):
            return True
    return False


def _is_another(tagged: Tagged, trigger: Trigger) -> bool:
    first, _ = tagged.bounds[trigger.sentence]
    before = {tagged.low(k) for k in range(max(first, trigger.first - 2), trigger.head)}
    return bool(before & _ANOTHER)


def _is_definite(tagged: Tagged, trigger: Trigger) -> bool:
    first, _ = tagged.bounds[trigger.sentence]
    for k in range(trigger.first - 1, max(first, trigger.first - 3) - 1, -1):
        low = tagged.low(k)
        if low in _ANOTHER or low in ("no", "some", "several"):
            return False
        if low in ("the", "this", "that", "these", "those", "its", "their", "his", "her", "'s"):
            return True
    return trigger.named


def _stem(word: str) -> str:
    """Return the start that inflected forms of a word share, roughly ("negotiat", "attack")."""
    for ending in ("ations", "ation", "ions", "ion", "ments", "ment", "ings", "ing", "als", "al", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].rstrip("e")
    return word


@cache
def _object_verbs() -> frozenset[str]:
    return frozenset(w for line in read_sections("happenings.txt")["object verb"] for w in line.split())
