"""Which mentions tell of the same happening: coreference of events within one article.

Each mention is compared with the happenings before it (:mod:`weighing`) and weighed against each (:mod:`affinity`); it
joins the one that weighs most, or begins a new one where none weighs enough.
"""

from collections.abc import Sequence

from graph.extract.affinity import TALKS, affinity, chosen
from graph.extract.circumstances import Circumstances
from graph.extract.happenings import Happening
from graph.extract.model import EventType
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger
from graph.extract.weighing import article, weigh

__all__ = ["group"]

#: How many happenings back a mention looks.
_BACK = 60
_GATHERINGS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CONFERENCE})


def group(tagged: Tagged, mentions: Sequence[tuple[Trigger, Circumstances]]) -> list[Happening]:
    """Put mentions of one happening together, in order of first mention."""
    found: list[Happening] = []
    sections = [s.span.start for s in tagged.document.sections]
    for trigger, around in mentions:
        section = sum(start <= trigger.span.start for start in sections)
        happening = _same(tagged, trigger, around, [h for h in found[-_BACK:] if h.section == section])
        if happening is None:
            happening = Happening(trigger.type, section)
            found.append(happening)
        happening.add(trigger, around)
    return found


def _same(tagged: Tagged, trigger: Trigger, around: Circumstances, recent: Sequence[Happening]) -> Happening | None:
    topic = next((h for h in recent if h.type in _GATHERINGS), None) if trigger.type in _GATHERINGS else None
    before = article(tagged, trigger)
    candidates = [h for h in reversed(recent) if _may_be(trigger, h)]
    weights = [
        affinity(trigger, around, h, weigh(tagged, trigger, around, h), before, topic=h is topic) for h in candidates
    ]
    best = chosen(weights)
    return None if best is None else candidates[best]


def _may_be(trigger: Trigger, happening: Happening) -> bool:
    """Tell whether a mention needs to be compared with a happening at all: most are of another type, and far."""
    return (
        trigger.type == happening.type
        or {trigger.type, happening.type} <= TALKS
        or trigger.lemma in happening.lemmas
        or trigger.sentence == happening.mentions[-1][0].sentence
    )
