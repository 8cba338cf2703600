"""Happenings: mentions of one event with what was read around each of them."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from graph.extract.circumstances import Circumstances
from graph.extract.dating import Moment
from graph.extract.lexicon import read_sections
from graph.extract.model import EventType
from graph.extract.triggers import Trigger

__all__ = ["LAST", "Happening", "listed", "numbers", "own_words", "people_of"]

#: What numbers give for "last": no number of its own.
LAST = 5
#: So few mentions do not settle the type of a happening yet.
_FEW = 2
#: Words from a time to a mention that it surely dates; most times of a happening that others are compared with.
_SURE_TIME, _MANY_TIMES = 10, 50


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
        self.words |= own_words(trigger)
        self.lemmas.add(trigger.lemma)
        self.ordinals |= numbers(trigger)
        self.participants |= dict.fromkeys(around.participants)
        self.places |= dict.fromkeys(around.places)
        self.lands |= dict.fromkeys(around.lands)
        if (people := people_of(around)) and len(self.circles) < _MANY_TIMES:
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


def people_of(around: Circumstances) -> frozenset[str]:
    """Return the people that take part by the words around a mention."""
    return frozenset(k for k in around.participants if k.startswith("person/"))


def own_words(trigger: Trigger) -> frozenset[str]:
    """Return the words before a noun that tell which one it is."""
    return trigger.modifiers - listed("generic")


def numbers(trigger: Trigger) -> set[int]:
    """Return which of its kind a mention says that the event is ("third summit")."""
    return {_ordinals()[w] for w in trigger.modifiers if w in _ordinals()}


@cache
def listed(section: str) -> frozenset[str]:
    """Return the words of a section of ``happenings.txt``."""
    return frozenset(w for line in read_sections("happenings.txt")[section] for w in line.split())


@cache
def _ordinals() -> dict[str, int]:
    lines = read_sections("happenings.txt")["ordinals"]
    return {word: number for number, line in enumerate(lines) for word in line.split()}
