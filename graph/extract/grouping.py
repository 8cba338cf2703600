"""Which mentions tell of the same happening: coreference of events within one article.

Each mention is compared with the happenings before it (:mod:`weighing`); a trained choice says which of them it tells
of, or whether it begins a new one (mention ranking, Denis and Baldridge 2008).
"""

from collections.abc import Sequence

from graph.extract.affinity import affinity, chosen
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
        recent = [h for h in found[-_BACK:] if h.section == section]
        compared, new = antecedents(tagged, trigger, around, recent)
        shares = model.shares([new, *(features for _, _, features in compared)])
        best = max(range(len(shares)), key=lambda n: (shares[n], -n))
        if best:
            happening = compared[best - 1][0]
        else:
            happening = Happening(trigger.type, section)
            found.append(happening)
        happening.add(trigger, around)
    return found


def antecedents(
    tagged: Tagged, trigger: Trigger, around: Circumstances, recent: Sequence[Happening]
) -> tuple[list[Compared], list[str]]:
    """Return the happenings that a mention may tell of, last first, with what speaks for each; and for a new one."""
    topic = next((h for h in recent if h.type in _GATHERINGS), None) if trigger.type in _GATHERINGS else None
    before = article(tagged, trigger)
    found: list[tuple[Happening, Weighing, int]] = []
    for rank, happening in enumerate(reversed(recent)):
        weighing = weigh(tagged, trigger, around, happening)
        alike = weighing.word != "strange" or trigger.type == happening.type
        here = happening.mentions[-1][0].sentence == trigger.sentence
        if alike or here or rank < _NEAR or happening is topic:
            found.append((happening, weighing, rank))
    strengths = [affinity(trigger, around, h, w, before, topic=h is topic) for h, w, _ in found]
    best = chosen(strengths)
    compared = []
    for n, (happening, weighing, rank) in enumerate(found):
        told = same.features(tagged, trigger, around, happening, weighing, rank, before)
        told += same.by_rule(trigger, strengths[n], n == best, topic=happening is topic)
        compared.append((happening, weighing, told))
    return compared, same.new(trigger, [w for _, w, _ in found], before) + same.new_by_rule(trigger, strengths, best)
