"""How a mention compares with a happening told before: by word, modifiers, parties, time, place, numbers."""

from dataclasses import dataclass
from functools import cache, lru_cache

from graph.extract.circumstances import Circumstances
from graph.extract.dating import Moment
from graph.extract.happenings import Happening, listed, numbers, own_words, people_of
from graph.extract.lexicon import read_sections
from graph.extract.model import EventType
from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["Weighing", "article", "weigh"]

_GATHERINGS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CONFERENCE})
_PERSONAL = _GATHERINGS - {EventType.CONFERENCE} | {EventType.NEGOTIATION, EventType.CALL}
#: Most words between a verb and the event that is its object, and between a noun and its passive verb.
_OBJECT_AFTER, _SUBJECT_BEFORE = 9, 6
#: Types of events that are on one date, however far from their mention it stands.
_BRIEF = frozenset({EventType.SUMMIT, EventType.MEETING})
#: Types of events that are of one person, as a rule.
_OF_ONE = frozenset({EventType.VISIT, EventType.TRANSITION})
#: Words from a time to a mention that it surely dates; so few people do not tell one circle from another.
_SURE_TIME, _FEW = 10, 2
#: How many mentions of a happening a mention's words are compared with.
_MENTIONS = 12
#: Letters that forms of one word share at least ("negotiate", "negotiations").
_STEM = 4
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Weighing:
    """A mention beside a happening.

    :param word: ``same``, ``kin`` (a form of it), ``synonym`` or ``strange``.
    :param modifiers: what stands before the nouns: ``same``, ``some``, ``other`` or ``none`` to compare.
    :param who: ``known`` parties, ``strangers`` or ``unknown``.
    :param others: their people exclude each other.
    :param time: ``same``, ``apart``, ``other`` or ``unknown``; ``places``: ``same``, ``apart`` or ``unknown``.
    :param numbers: both are numbered, and not alike ("first", "second").
    :param object: verb and noun are one event ("signed the treaty").
    :param press: one is with reporters, the other not.
    :param after: told apart from the one before it: "met on Sunday, following their first summit".
    :param phrase: a mention of the happening has the same words.
    """

    word: str
    modifiers: str
    who: str
    others: bool
    time: str
    places: str
    numbers: bool
    object: bool
    press: bool
    after: bool
    phrase: bool


def weigh(tagged: Tagged, trigger: Trigger, around: Circumstances, happening: Happening) -> Weighing:
    """Compare a mention with a happening of the same article."""
    last, _ = happening.mentions[-1]
    own = numbers(trigger)
    here = trigger.sentence == last.sentence
    return Weighing(
        _by_word(trigger, happening),
        _by_modifiers(trigger, happening),
        _by_parties(around, happening),
        _others(trigger, around, happening),
        _by_time(around, happening),
        _by_places(around, happening),
        bool(own and happening.ordinals and not own & happening.ordinals),
        here and _is_object(tagged, trigger, last),
        _otherwise_named(trigger, happening),
        here and _comes_after(tagged, trigger),
        _same_phrase(trigger, happening),
    )


def article(tagged: Tagged, trigger: Trigger) -> str:
    """Return what the words before a mention say of it: ``another`` one, a ``definite`` one, ``named``, or ``bare``."""
    first, _ = tagged.bounds[trigger.sentence]
    if any(tagged.low(k) in listed("another") for k in range(max(first, trigger.first - 2), trigger.head)):
        return "another"
    if any(tagged.low(k) in listed("definite") for k in range(max(first, trigger.first - 3), trigger.first)):
        return "definite"
    return "named" if trigger.named else "bare"


def _same_phrase(trigger: Trigger, happening: Happening) -> bool:
    own = own_words(trigger)
    if trigger.verb or not own:
        return False
    return any(t.lemma == trigger.lemma and own_words(t) == own for t, _ in happening.mentions[:_MENTIONS])


def _by_parties(around: Circumstances, happening: Happening) -> str:
    who = {*around.participants, *around.lands}
    if not who or not (happening.participants or happening.lands):
        return "unknown"
    return "known" if any(k in happening.participants or k in happening.lands for k in who) else "strangers"


def _by_time(around: Circumstances, happening: Happening) -> str:
    a = around.time
    if a is None or not happening.moments:
        return "unknown"
    if a.edtf in happening.times:
        return "same" if a.edtf in happening.sure_times else "same, far"
    if any(_apart(a, b) for b in happening.sure_times.values()):
        return "apart" if a.distance <= _SURE_TIME else "apart, far"
    return "apart, loosely" if any(_apart(a, b) for b in happening.moments.values()) else "other"


def _by_places(around: Circumstances, happening: Happening) -> str:
    if not around.places or not happening.places:
        return "unknown"
    return "same" if any(k in happening.places for k in around.places) else "apart"


def _others(trigger: Trigger, around: Circumstances, happening: Happening) -> bool:
    """Tell whether a mention and a happening are of other people: a pair that meets is another than one it shares."""
    own = people_of(around)
    personal = {trigger.type, happening.type} <= _PERSONAL
    for circle in happening.circles if own else ():
        if min(len(own), len(circle)) < _FEW:
            if trigger.type in _OF_ONE and not own & circle:
                return True
        elif not own & circle or (personal and not (own <= circle or circle <= own)):
            return True
    return False


def _otherwise_named(trigger: Trigger, happening: Happening) -> bool:
    """Tell whether a mention is of a meeting with reporters and a happening is not, or the other way round."""
    if trigger.lemma in happening.lemmas or trigger.verb:
        return False
    press = listed("press")
    return bool(trigger.modifiers & press) != bool(happening.words & press)


def _comes_after(tagged: Tagged, trigger: Trigger) -> bool:
    """Tell whether a mention is told apart from the one before it: "met on Sunday, following their first summit"."""
    first, _ = tagged.bounds[trigger.sentence]
    before = (tagged.low(k) for k in range(max(first, trigger.first - 3), trigger.first))
    return any(w in ("following", "after", "since", "before", "until") for w in before)


def _by_word(trigger: Trigger, happening: Happening) -> str:
    if trigger.lemma in happening.lemmas:
        return "same"
    alike = {_alike(trigger.lemma, lemma) for lemma in happening.lemmas}
    return next((kind for kind in ("kin", "synonym") if kind in alike), "strange")


@lru_cache(maxsize=65536)
def _alike(word: str, other: str) -> str:
    if _kin(word, other) or _groups("forms").get(word, _NONE) & _groups("forms").get(other, _NONE):
        return "kin"
    return "synonym" if _groups("synonyms").get(word, _NONE) & _groups("synonyms").get(other, _NONE) else "strange"


def _kin(word: str, other: str) -> bool:
    """Tell whether two words are forms of one ("negotiated", "negotiation")."""
    shared = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return shared >= _STEM


def _by_modifiers(trigger: Trigger, happening: Happening) -> str:
    own, theirs = own_words(trigger), happening.words
    if trigger.verb or not own or not theirs:
        return "none"
    shared = own & theirs
    return "same" if shared in (own, theirs) else "some" if shared else "other"


def _is_object(tagged: Tagged, trigger: Trigger, last: Trigger) -> bool:
    """Tell whether verb and noun are one event: "signed the treaty", "the treaty was signed", "won the election"."""
    if not trigger.verb and not last.verb:  # "the first round of talks"
        return last.lemma in listed("part") and trigger.first == last.last + 1 and tagged.low(last.last) == "of"
    if trigger.verb == last.verb:
        return False
    verb, noun = (trigger, last) if trigger.verb else (last, trigger)
    if verb.lemma not in listed("object verb"):
        return False
    if trigger.first - last.last > (_OBJECT_AFTER if last.verb else _SUBJECT_BEFORE):
        return False
    between = [tagged.low(k) for k in range(last.last, trigger.first)]
    if last.verb:
        return not any(w in (",", ";", ".", "that", "to", "after", "before", "which") for w in between)
    passive = any(w in word_class("auxiliary") for w in between)
    return passive and "," not in between and noun is last


def _apart(a: Moment, b: Moment) -> bool:
    return bool(
        (a.latest and b.earliest and a.latest < b.earliest) or (b.latest and a.earliest and b.latest < a.earliest)
    )


@cache
def _groups(section: str) -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(read_sections("happenings.txt")[section]):
        for word in line.split():
            groups.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}
