"""Which mentions tell of the same happening: coreference of events within one article.

Each mention is weighed against the happenings before it: by its word, what stands before it, who takes part, when, and
how far away; it joins the one that weighs most, or begins a new one where none weighs enough.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from graph.extract.circumstances import Circumstances
from graph.extract.dating import Moment
from graph.extract.lexicon import read_sections
from graph.extract.model import EventType, Status
from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["Happening", "group"]

_GATHERINGS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CONFERENCE})
_TALKS = _GATHERINGS | {EventType.NEGOTIATION, EventType.CALL}
_PERSONAL = _TALKS - {EventType.CONFERENCE}
#: Most words between a verb and the event that is its object, and between a noun and its passive verb.
_OBJECT_AFTER, _SUBJECT_BEFORE = 9, 6
#: Types of events that are on one date, however far from their mention it stands.
_BRIEF = frozenset({EventType.SUMMIT, EventType.MEETING})
#: Types of events that are of one person, as a rule.
_OF_ONE = frozenset({EventType.VISIT, EventType.TRANSITION})
#: How many happenings back a mention looks; words from a time to a mention that it surely dates.
_BACK, _SURE_TIME = 60, 10
#: So few mentions do not settle the type of a happening yet.
_FEW = 2
#: Most times of a happening that others are compared with.
_MANY_TIMES = 50
_NONE: frozenset[int] = frozenset()
#: Letters that forms of one word share at least ("negotiate", "negotiations").
_STEM = 4
#: From this weight on a mention joins a happening.
_ENOUGH = 1.5
#: What speaks for one happening, and against it.
_SAME_WORD, _KIN, _SYNONYM, _STRANGE = 1.6, 2.5, 0.5, -1.9
_SAME_MODIFIERS, _SOME_MODIFIERS, _OTHER_MODIFIERS, _NO_MODIFIERS = 2.0, -0.3, -1.6, 0.5
_DEFINITE, _ANOTHER, _VERBS = 0.75, -1.5, -0.65
_SHARED, _STRANGERS, _SAME_TIME = 0.75, -0.6, 1.0
_OTHER_TYPE, _STATUS = -1.0, -1.5
_PER_SENTENCE, _FARTHEST = -0.04, 25
#: What speaks for the first gathering of an article, which it is mostly about.
_TOPIC = 1.0
_PER_MENTION, _MANY, _ELSEWHERE = 0.01, 5, -1.4


@dataclass(slots=True)
class Happening:
    """Mentions of one event with what was read around each."""

    type: EventType
    section: int
    mentions: list[tuple[Trigger, Circumstances]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    lemmas: set[str] = field(default_factory=set)
    ordinals: set[int] = field(default_factory=set)
    #: Keys of participants, places, and countries named near, each once, in order.
    participants: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)
    lands: dict[str, None] = field(default_factory=dict)
    #: The times of the mentions, by their EDTF; those that stand close enough to be sure of.
    times: set[str] = field(default_factory=set)
    sure_times: dict[str, Moment] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    #: The people of the mentions, as they stand together.
    circles: set[frozenset[str]] = field(default_factory=set)

    def add(self, trigger: Trigger, around: Circumstances) -> None:
        """Add a mention. A noun says better than a verb of which type the event is ("joined the conference")."""
        if not trigger.verb and all(t.verb for t, _ in self.mentions[-1:]) and len(self.mentions) < _FEW:
            self.type = trigger.type
        self.mentions.append((trigger, around))
        self.words |= _own(trigger)
        self.lemmas.add(trigger.lemma)
        self.ordinals |= _numbers(trigger)
        self.participants |= dict.fromkeys(around.participants)
        self.places |= dict.fromkeys(around.places)
        self.lands |= dict.fromkeys(around.lands)
        if (people := _people(around)) and len(self.circles) < _MANY_TIMES:
            self.circles.add(people)
        if around.time is not None:
            self.times.add(around.time.edtf)
            if len(self.moments) < _MANY_TIMES:
                self.moments[around.time.edtf] = around.time
            if around.time.distance <= _SURE_TIME and len(self.sure_times) < _MANY_TIMES:
                self.sure_times[around.time.edtf] = around.time

    def actors(self) -> list[str]:
        """Return the participants that the first mentions name, or more than one mention does."""
        telling = [c.participants for _, c in self.mentions if c.participants]
        counts = Counter(k for keys in telling for k in dict.fromkeys(keys))
        first = {k for keys in telling[:_FEW] for k in keys}
        return [k for k in self.participants if k in first or counts[k] > 1]


def group(tagged: Tagged, mentions: Sequence[tuple[Trigger, Circumstances]]) -> list[Happening]:
    """Put mentions of one happening together, in order of first mention."""
    found: list[Happening] = []
    by_name: dict[tuple[str, frozenset[str], int], Happening] = {}
    sections = [s.span.start for s in tagged.document.sections]
    for trigger, around in mentions:
        section = sum(start <= trigger.span.start for start in sections)
        name = (trigger.lemma, trigger.modifiers, section)
        same = by_name.get(name) if trigger.modifiers and not trigger.verb else None
        if same is None or _times_differ(around, same) or _others(trigger, around, same):
            same = _same(tagged, trigger, around, [h for h in found[-_BACK:] if h.section == section])
        if same is None:
            same = Happening(trigger.type, section)
            found.append(same)
        same.add(trigger, around)
        if trigger.modifiers and not trigger.verb:
            by_name.setdefault(name, same)
    return found


def _same(tagged: Tagged, trigger: Trigger, around: Circumstances, recent: Sequence[Happening]) -> Happening | None:
    best, most = None, _ENOUGH
    topic = next((h for h in recent if h.type in _GATHERINGS), None) if trigger.type in _GATHERINGS else None
    for happening in reversed(recent):
        if _times_differ(around, happening) or _others(trigger, around, happening):
            continue
        last, _ = happening.mentions[-1]
        if trigger.sentence == last.sentence and _is_object(tagged, trigger, last):
            return happening
        if (trigger.verb or (around.time and {trigger.type, happening.type} <= _PERSONAL)) and _strange(
            around, happening
        ):
            continue
        weight = _weight(tagged, trigger, around, happening)
        if happening is topic and weight > 0:
            weight += _TOPIC
        if weight > most:
            best, most = happening, weight
    return best


def _weight(tagged: Tagged, trigger: Trigger, around: Circumstances, happening: Happening) -> float:
    last, before = happening.mentions[-1]
    own = _numbers(trigger)
    if (own and happening.ordinals and not own & happening.ordinals) or (
        trigger.sentence == last.sentence and (_comes_after(tagged, trigger) or _is_another(tagged, trigger))
    ):
        return 0.0
    if _otherwise_named(trigger, happening):
        return 0.0
    weight = _by_word(trigger, happening) + _PER_MENTION * min(_MANY, len(happening.mentions))
    if trigger.type in _GATHERINGS and _places_differ(around, happening):
        weight += _ELSEWHERE
    if trigger.type != happening.type and not {trigger.type, happening.type} <= _GATHERINGS:
        if not {trigger.type, happening.type} <= _TALKS:
            return 0.0
        weight += _OTHER_TYPE
    weight += _by_modifiers(tagged, trigger, happening)
    who = {*around.participants, *around.lands}
    if who and (happening.participants or happening.lands):
        known = any(k in happening.participants or k in happening.lands for k in who)
        weight += _SHARED if known else _STRANGERS
    if around.time is not None and around.time.edtf in happening.times:
        weight += _SAME_TIME
    if trigger.verb or last.verb:
        weight += _VERBS
        if (around.status == Status.UNREAL) != (before.status == Status.UNREAL):
            weight += _STATUS
    return weight + _PER_SENTENCE * min(_FARTHEST, trigger.sentence - last.sentence)


def _otherwise_named(trigger: Trigger, happening: Happening) -> bool:
    """Tell whether a mention is of a meeting with reporters and a happening is not, or the other way round."""
    if trigger.lemma in happening.lemmas or trigger.verb:
        return False
    press = _words("press")
    return bool(trigger.modifiers & press) != bool(happening.words & press)


def _numbers(trigger: Trigger) -> set[int]:
    return {_ordinals()[w] for w in trigger.modifiers if w in _ordinals()}


def _comes_after(tagged: Tagged, trigger: Trigger) -> bool:
    """Tell whether a mention is told apart from the one before it: "met on Sunday, following their first summit"."""
    first, _ = tagged.bounds[trigger.sentence]
    before = (tagged.low(k) for k in range(max(first, trigger.first - 3), trigger.first))
    return any(w in ("following", "after", "since", "before", "until") for w in before)


def _places_differ(around: Circumstances, happening: Happening) -> bool:
    return bool(around.places and happening.places) and not any(k in happening.places for k in around.places)


def _people(around: Circumstances) -> frozenset[str]:
    return frozenset(k for k in around.participants if k.startswith("person/"))


def _others(trigger: Trigger, around: Circumstances, happening: Happening) -> bool:
    """Tell whether a mention and a happening are of other people: a pair that meets is another than one it shares."""
    own = _people(around)
    personal = {trigger.type, happening.type} <= _PERSONAL
    for circle in happening.circles if own else ():
        if min(len(own), len(circle)) < _FEW:
            if trigger.type in _OF_ONE and not own & circle:
                return True
        elif not own & circle or (personal and not (own <= circle or circle <= own)):
            return True
    return False


def _strange(around: Circumstances, happening: Happening) -> bool:
    """Tell whether a verb, which mostly tells of something new, has another date or other parties than a happening."""
    a = around.time
    if a is not None and any(_apart(a, b) for b in happening.moments.values()):
        return True
    if happening.type == EventType.VISIT and _places_differ(around, happening):
        return True
    who = {*around.participants, *around.lands}
    if a is not None and a.edtf in happening.times:
        return False
    return bool(who) and not any(k in happening.participants or k in happening.lands for k in who)


def _by_word(trigger: Trigger, happening: Happening) -> float:
    if trigger.lemma in happening.lemmas:
        return _SAME_WORD
    return max(_alike(trigger.lemma, lemma) for lemma in happening.lemmas)


@lru_cache(maxsize=65536)
def _alike(word: str, other: str) -> float:
    if _kin(word, other) or _groups("forms").get(word, _NONE) & _groups("forms").get(other, _NONE):
        return _KIN
    return _SYNONYM if _groups("synonyms").get(word, _NONE) & _groups("synonyms").get(other, _NONE) else _STRANGE


def _by_modifiers(tagged: Tagged, trigger: Trigger, happening: Happening) -> float:
    if trigger.verb:
        return _NO_MODIFIERS
    own, theirs = _own(trigger), happening.words
    weight = _ANOTHER if _is_another(tagged, trigger) else _DEFINITE if _is_definite(tagged, trigger) else 0.0
    if own and theirs:
        shared = own & theirs
        return weight + (
            _SAME_MODIFIERS if shared in (own, theirs) else _SOME_MODIFIERS if shared else _OTHER_MODIFIERS
        )
    return weight + _NO_MODIFIERS


def _own(trigger: Trigger) -> frozenset[str]:
    return trigger.modifiers - _words("generic")


def _is_object(tagged: Tagged, trigger: Trigger, last: Trigger) -> bool:
    """Tell whether verb and noun are one event: "signed the treaty", "the treaty was signed", "won the election"."""
    if not trigger.verb and not last.verb:  # "the first round of talks"
        return last.lemma in _words("part") and trigger.first == last.last + 1 and tagged.low(last.last) == "of"
    if trigger.verb == last.verb:
        return False
    verb, noun = (trigger, last) if trigger.verb else (last, trigger)
    if verb.lemma not in _words("object verb"):
        return False
    if trigger.first - last.last > (_OBJECT_AFTER if last.verb else _SUBJECT_BEFORE):
        return False
    between = [tagged.low(k) for k in range(last.last, trigger.first)]
    if last.verb:
        return not any(w in (",", ";", ".", "that", "to", "after", "before", "which") for w in between)
    passive = any(w in word_class("auxiliary") for w in between)
    return passive and "," not in between and noun is last


def _times_differ(around: Circumstances, happening: Happening) -> bool:
    a = around.time
    if a is None or a.distance > _SURE_TIME or a.edtf in happening.sure_times:
        return False
    known = happening.moments if happening.type in _BRIEF else happening.sure_times
    return any(_apart(a, b) for b in known.values())


def _apart(a: Moment, b: Moment) -> bool:
    return bool(
        (a.latest and b.earliest and a.latest < b.earliest) or (b.latest and a.earliest and b.latest < a.earliest)
    )


def _is_another(tagged: Tagged, trigger: Trigger) -> bool:
    first, _ = tagged.bounds[trigger.sentence]
    return any(tagged.low(k) in _words("another") for k in range(max(first, trigger.first - 2), trigger.head))


def _is_definite(tagged: Tagged, trigger: Trigger) -> bool:
    first, _ = tagged.bounds[trigger.sentence]
    for k in range(trigger.first - 1, max(first, trigger.first - 3) - 1, -1):
        if tagged.low(k) in _words("another"):
            return False
        if tagged.low(k) in _words("definite"):
            return True
    return trigger.named


def _kin(word: str, other: str) -> bool:
    """Tell whether two words are forms of one ("negotiated", "negotiation")."""
    shared = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return shared >= _STEM


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(w for line in read_sections("happenings.txt")[section] for w in line.split())


@cache
def _ordinals() -> dict[str, int]:
    lines = read_sections("happenings.txt")["ordinals"]
    return {word: number for number, line in enumerate(lines) for word in line.split()}


@cache
def _groups(section: str) -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(read_sections("happenings.txt")[section]):
        for word in line.split():
            groups.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}
