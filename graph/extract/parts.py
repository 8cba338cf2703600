"""Which event is a part of which, where a sentence says so: "at the summit they signed a treaty".

An event is a part of a gathering when what tells of it governs the gathering with a preposition of place or time:
``obl`` or ``nmod`` with ``at``, ``during``, ``in`` (de Marneffe et al. 2021, Universal Dependencies).
"""

from collections.abc import Iterator, Mapping, Sequence

from graph.extract.happenings import Happening
from graph.extract.learned.parser import Parse
from graph.extract.model import EventType
from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["find_wholes"]

#: What can be a part -> what it can be a part of.
_PARTS: Mapping[EventType, frozenset[EventType]] = {
    EventType.AGREEMENT: frozenset(
        {EventType.SUMMIT, EventType.CONFERENCE, EventType.VISIT, EventType.MEETING, EventType.NEGOTIATION}
    ),
    EventType.MEETING: frozenset({EventType.SUMMIT, EventType.CONFERENCE, EventType.VISIT}),
    EventType.SUMMIT: frozenset({EventType.CONFERENCE, EventType.VISIT}),
    EventType.NEGOTIATION: frozenset({EventType.SUMMIT, EventType.CONFERENCE, EventType.VISIT}),
}
_WHOLES = frozenset().union(*_PARTS.values())
_OBLIQUE = frozenset({"obl", "nmod"})
_OBJECTS = frozenset({"obj", "nsubj:pass", "ccomp", "xcomp"})


def find_wholes(tagged: Tagged, happenings: Sequence[Happening]) -> dict[int, int]:
    """Return which happenings are parts, by their number, and of which each is; of several the first that is told."""
    wholes: dict[int, int] = {}
    triggers = [(n, trigger) for n, happening in enumerate(happenings) for trigger, _ in happening.mentions]
    if not any(h.type in _WHOLES for h in happenings):
        return wholes
    by_sentence: dict[int, list[tuple[int, Trigger]]] = {}
    for n, trigger in triggers:
        by_sentence.setdefault(trigger.sentence, []).append((n, trigger))
    for together in by_sentence.values():
        if len(together) > 1:
            for part, whole in _pairs(tagged, happenings, together):
                if wholes.get(whole) != part:  # two events are not parts of each other
                    wholes.setdefault(part, whole)
    return wholes


def _pairs(
    tagged: Tagged, happenings: Sequence[Happening], together: Sequence[tuple[int, Trigger]]
) -> Iterator[tuple[int, int]]:
    parse = tagged.parse
    for whole, gathering in together:
        if gathering.verb or happenings[whole].type not in _WHOLES:
            continue
        above = _governor(tagged, parse, gathering.head)
        if above is None:
            continue
        for part, trigger in together:
            kind = happenings[part].type
            if (
                part != whole
                and happenings[whole].type in _PARTS.get(kind, ())
                and _told_by(parse, trigger.head, above)
            ):
                yield part, whole


def _governor(tagged: Tagged, parse: Parse, head: int) -> int | None:
    """Return the word that a gathering says the place or time of; None if it does not."""
    if parse.relation(head).partition(":")[0] not in _OBLIQUE:
        return None
    case = {tagged.low(k) for k in parse.children(head) if parse.relation(k) == "case"}
    above = parse.head(head)
    if tagged.low(above) in word_class("margin") and "of" in case:
        # "on the sidelines of the conference", "at the end of the visit"
        return parse.head(above)
    return above if case & word_class("within") else None


def _told_by(parse: Parse, head: int, above: int) -> bool:
    """Tell whether a word tells of an event, itself or by its object."""
    return head == above or (parse.head(head) == above and parse.relation(head) in _OBJECTS)
