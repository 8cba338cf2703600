"""Whether a happening is one that an article tells of as a diplomatic event, judged by all of its mentions together."""

from graph.extract.happenings import Happening
from graph.extract.learned.near import bucket

__all__ = ["features"]


def features(happening: Happening, dated: bool, placed: bool, parties: int, others: int) -> list[str]:
    """Return what speaks for and against a happening.

    :param dated: it has a date; ``placed``: a place; ``parties``: how many take part.
    :param others: how many happenings of the article have a mention of the same main word.
    """
    triggers = [t for t, _ in happening.mentions]
    sures = sorted((t.sure for t in triggers), reverse=True)
    best = triggers[0] if len(triggers) == 1 else max(triggers, key=lambda t: t.sure)
    event, part = happening.type.value, "verb" if best.verb else "name" if best.named else "noun"
    top, mean = round(sures[0] * 10), round(sum(sures) / len(sures) * 5)
    count = bucket(len(triggers))
    return [
        "any",
        f"top={top}",
        f"mean={mean}",
        f"mentions={count}",
        f"mentions={count}:top={top}",
        f"event={event}",
        f"{event}:{part}",
        f"part={part}",
        f"part={part}:top={top}",
        f"dated={dated}",
        f"placed={placed}",
        f"parties={min(parties, 3)}",
        f"{event}:dated={dated}",
        f"{event}:parties={min(parties, 3)}",
        f"lemma={best.lemma}",
        f"others={min(others, 3)}",
        f"others={min(others, 3)}:{part}",
        f"modifiers={min(len(best.modifiers), 3)}:{part}",
        f"status={happening.mentions[0][1].status}",
        f"unsure={bucket(sum(s < 0.5 for s in sures))}",
        f"dated={dated}:parties={min(parties, 2)}:{part}",
        f"verbs={all(t.verb for t in triggers)}:mentions={count}",
    ]
