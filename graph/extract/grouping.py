"""Which mentions tell of the same happening: coreference of events within one article.

Each mention is compared with the happenings before it (:mod:`weighing`); a trained choice says which of them it tells
of, or whether it begins a new one (mention ranking, Denis and Baldridge 2008).
"""

from collections.abc import Sequence

from graph.extract.circumstances import Circumstances
from graph.extract.happenings import Happening
from graph.extract.learned import same
from graph.extract.learned.loglinear import read_models
from graph.extract.model import EventType
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger
from graph.extract.weighing import Weighing, article, weigh

__all__ = ["antecedents", "group"]

#: How many happenings back a mention looks.
_BACK = 60
_GATHERINGS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CONFERENCE})
#: Happenings told last, which any mention is compared with.
_NEAR = 2

Compared = tuple[Happening, Weighing, list[str]]


def group(tagged: Tagged, mentions: Sequence[tuple[Trigger, Circumstances]]) -> list[Happening]:
    """Put mentions of one happening together, in order of first mention."""
    model = read_models("links.json.gz")["same"]
    found: list[Happening] = []
    sections = [s.span.start for s in tagged.document.sections]
    for trigger, around in mentions:
        section = sum(start <= trigger.span.start for start in sections)
        compared = antecedents(tagged, trigger, around, [h for h in found[-_BACK:] if h.section == section])
        new = same.new(trigger, [w for _, w, _ in compared], article(tagged, trigger))
        shares = model.shares([new, *(features for _, _, features in compared)])
        best = max(range(len(shares)), key=lambda n: (shares[n], -n))
        if best:
            happening = compared[best - 1][0]
        else:
            happening = Happening(trigger.type, section)
            found.append(happening)
        happening.add(trigger, around)
    return found


def antecedents(tagged: Tagged, trigger: Trigger, around: Circumstances, recent: Sequence[Happening]) -> list[Compared]:
    """Return the happenings that a mention may tell of, last first, with how they compare and what speaks for each."""
    topic = next((h for h in recent if h.type in _GATHERINGS), None) if trigger.type in _GATHERINGS else None
    before = article(tagged, trigger)
    found: list[Compared] = []
    for rank, happening in enumerate(reversed(recent)):
        weighing = weigh(tagged, trigger, around, happening)
        last, _ = happening.mentions[-1]
        if (
            weighing.word == "strange" and trigger.type != happening.type and last.sentence != trigger.sentence
            and rank >= _NEAR and happening is not topic
        ):  # fmt: skip
            continue
        told = same.features(tagged, trigger, around, happening, weighing, rank, before)
        if happening is topic:
            told.append(f"topic:{weighing.word}")
        found.append((happening, weighing, told))
    return found
