"""How strongly a mention belongs to a happening told before, by what speaks for one happening and against it."""

from collections.abc import Sequence

from graph.extract.circumstances import Circumstances
from graph.extract.happenings import Happening
from graph.extract.model import EventType, Status
from graph.extract.triggers import Trigger
from graph.extract.weighing import Weighing

__all__ = ["TALKS", "affinity", "chosen"]

#: What nothing can outweigh: two happenings are apart; a mention is of a happening.
_VETO, _SURE = -9.0, 9.0
#: From this affinity on a mention joins a happening by the rules.
_ENOUGH = 1.5
_GATHERINGS = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CONFERENCE})
#: Types of which one may take up another ("the talks", "their meeting").
TALKS = _GATHERINGS | {EventType.NEGOTIATION, EventType.CALL}
_PERSONAL = TALKS - {EventType.CONFERENCE}
#: Types of events that are on one date, however far from their mention it stands; farthest, in words, of a sure date.
_BRIEF = frozenset({EventType.SUMMIT, EventType.MEETING})
_SURE_TIME = 10
_WORD = {"same": 1.6, "kin": 2.5, "synonym": 0.5, "strange": -1.9}
_MODIFIERS = {"same": 2.0, "some": -0.3, "other": -1.6, "none": 0.5}
_ARTICLE = {"another": -1.5, "definite": 0.75, "named": 0.75, "bare": 0.0}
_WHO = {"known": 0.75, "strangers": -0.6, "unknown": 0.0}
_VERBS, _SAME_TIME, _OTHER_TYPE, _STATUS, _ELSEWHERE, _TOPIC = -0.65, 1.0, -1.0, -1.5, -1.4, 1.0
_PER_SENTENCE, _FARTHEST, _PER_MENTION, _MANY = -0.04, 25, 0.01, 5


def affinity(
    trigger: Trigger, around: Circumstances, happening: Happening, weighing: Weighing, article: str, *, topic: bool
) -> float:
    """Return how strongly a mention belongs to a happening.

    :param article: what stands before the mention (:func:`graph.extract.weighing.article`).
    :param topic: the happening is the first gathering of an article, which it is mostly about.
    """
    if _differ_in_time(around, happening, weighing) or weighing.others:
        return _VETO
    if weighing.object or weighing.phrase:
        return _SURE
    personal = around.time is not None and {trigger.type, happening.type} <= _PERSONAL
    if (trigger.verb or personal) and _is_strange(happening, weighing):
        return _VETO
    last, before = happening.mentions[-1]
    if weighing.numbers or weighing.press or weighing.after:
        return 0.0
    if trigger.sentence == last.sentence and article == "another":
        return 0.0
    weight = _WORD[weighing.word] + _PER_MENTION * min(_MANY, len(happening.mentions))
    if trigger.type in _GATHERINGS and weighing.places == "apart":
        weight += _ELSEWHERE
    if trigger.type != happening.type and not {trigger.type, happening.type} <= _GATHERINGS:
        if not {trigger.type, happening.type} <= TALKS:
            return 0.0
        weight += _OTHER_TYPE
    weight += _MODIFIERS[weighing.modifiers] + (0.0 if trigger.verb else _ARTICLE[article]) + _WHO[weighing.who]
    if weighing.time.startswith("same"):
        weight += _SAME_TIME
    if trigger.verb or last.verb:
        weight += _VERBS
        if (around.status == Status.UNREAL) != (before.status == Status.UNREAL):
            weight += _STATUS
    weight += _PER_SENTENCE * min(_FARTHEST, trigger.sentence - last.sentence)
    return weight + (_TOPIC if topic and weight > 0 else 0.0)


def chosen(affinities: Sequence[float]) -> int | None:
    """Return the number of the happening that the rules choose, the first of equals; None for a new one."""
    best = max(range(len(affinities)), key=lambda n: (affinities[n], -n), default=None)
    return best if best is not None and affinities[best] > _ENOUGH else None


def _differ_in_time(around: Circumstances, happening: Happening, weighing: Weighing) -> bool:
    if around.time is None or around.time.distance > _SURE_TIME:
        return False
    return weighing.time == "apart" or (happening.type in _BRIEF and weighing.time == "apart, loosely")


def _is_strange(happening: Happening, weighing: Weighing) -> bool:
    """Tell whether a verb, which mostly tells of something new, has another date or other parties than a happening."""
    if weighing.time.startswith("apart") or (happening.type == EventType.VISIT and weighing.places == "apart"):
        return True
    return not weighing.time.startswith("same") and weighing.who == "strangers"
