"""Whether a mention tells of a happening that was told before, or of a new one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from graph.extract.circumstances import Circumstances
from graph.extract.happenings import Happening
from graph.extract.learned.near import bucket
from graph.extract.model import Status
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger

if TYPE_CHECKING:
    from graph.extract.weighing import Weighing

__all__ = ["by_rule", "features", "new", "new_by_rule"]


def features(
    tagged: Tagged,
    trigger: Trigger,
    around: Circumstances,
    happening: Happening,
    weighing: "Weighing",
    rank: int,
    article: str,
) -> list[str]:
    """Return what speaks for and against a mention being of a happening.

    :param rank: how many happenings were told of since.
    :param article: what stands before the mention (:func:`graph.extract.weighing.article`).
    """
    last, before = happening.mentions[-1]
    part = f"{'verb' if trigger.verb else 'noun'}<{'verb' if last.verb else 'noun'}"
    types = f"{trigger.type}<{happening.type}" if trigger.type != happening.type else "same"
    word, who, time, event = weighing.word, weighing.who, weighing.time, trigger.type.value
    sentences = trigger.sentence - last.sentence
    far, place = bucket(sentences), bucket(rank)
    found = [
        f"word={word}",
        f"{part}:word={word}",
        f"types={types}",
        f"{event}:word={word}",
        f"types={types}:word={word}",
        f"modifiers={weighing.modifiers}",
        f"{part}:modifiers={weighing.modifiers}",
        f"word={word}:modifiers={weighing.modifiers}",
        f"{event}:modifiers={weighing.modifiers}:word={word}",
        f"article={article}",
        f"article={article}:word={word}",
        f"article={article}:word={word}:modifiers={weighing.modifiers}",
        f"article={article}:sentences={far}",
        f"who={who}",
        f"{event}:who={who}",
        f"{part}:who={who}",
        f"time={time}",
        f"{event}:time={time}",
        f"{part}:time={time}",
        f"who={who}:time={time}",
        f"word={word}:who={who}",
        f"word={word}:time={time}",
        f"places={weighing.places}",
        f"{event}:places={weighing.places}",
        f"sentences={far}",
        f"{part}:sentences={far}",
        f"word={word}:sentences={far}",
        f"rank={place}",
        f"rank={place}:word={word}",
        f"mentions={bucket(len(happening.mentions))}",
        f"part={part}",
        f"numbers={weighing.numbers}",
        f"others={weighing.others}",
        f"{event}:others={weighing.others}",
        f"press={weighing.press}",
        f"unreal={around.status == Status.UNREAL}<{before.status == Status.UNREAL}",
        f"named={trigger.named}<{last.named}",
        f"phrase={weighing.phrase}",
        f"phrase={weighing.phrase}:time={time}",
        f"proper={weighing.proper}",
        f"proper={weighing.proper}:word={word}",
        f"proper={weighing.proper}:article={article}:word={word}",
        f"{event}:proper={weighing.proper}:word={word}",
        f"phrase={weighing.phrase}:sentences={far}",
        f"status={around.status}<{before.status}:{word}",
    ]
    if not sentences:
        between = [tagged.low(k) for k in range(last.last, trigger.first)]
        gap = bucket(len(between))
        found += [f"object={weighing.object}", f"after={weighing.after}", f"gap={gap}", f"{part}:gap={gap}:word={word}"]
        if len(between) <= 3:
            found.append(f"between={part}:{' '.join(between)}")
        found += _way(tagged, last, trigger, part)
    if trigger.lemma == last.lemma:
        found.append(f"lemma={trigger.lemma}")
    else:
        found.append(f"lemmas={'|'.join(sorted((trigger.lemma, last.lemma)))}")
    return found


def _way(tagged: Tagged, last: Trigger, trigger: Trigger, part: str) -> list[str]:
    parse = tagged.parse
    if parse.head(trigger.head) == last.head:
        return [f"under={parse.relation(trigger.head)}", f"{part}:under={parse.relation(trigger.head)}"]
    if parse.head(last.head) == trigger.head:
        return [f"over={parse.relation(last.head)}", f"{part}:over={parse.relation(last.head)}"]
    return ["way=far"]


def new(trigger: Trigger, weighing: Sequence["Weighing"], article: str) -> list[str]:
    """Return what speaks for a mention being the first of its happening."""
    part = "verb" if trigger.verb else "noun"
    alike = next((w for w in ("same", "kin", "synonym") if any(x.word == w for x in weighing)), "none")
    phrase = next((p for p in ("same", "head") if any(x.phrase == p for x in weighing)), "other")
    proper = next(
        (
            p
            for p in ("same", "shared", "theirs")
            if any(x.proper == p and x.word in ("same", "kin", "synonym") for x in weighing)
        ),
        "none",
    )
    fitting = any(w.word in ("same", "kin") and w.who == "known" for w in weighing)
    return [
        "new",
        f"new:{trigger.type}",
        f"new:{part}",
        f"new:article={article}",
        f"new:named={trigger.named}",
        f"new:alike={alike}",
        f"new:{part}:alike={alike}",
        f"new:lemma={trigger.lemma}",
        f"new:modifiers={min(len(trigger.modifiers), 3)}",
        f"new:happenings={bucket(len(weighing))}",
        f"new:article={article}:alike={alike}",
        f"new:fitting={fitting}",
        f"new:{trigger.type}:alike={alike}",
        f"new:phrase={phrase}",
        f"new:proper={proper}",
        f"new:phrase={phrase}:article={article}",
        f"new:proper={proper}:alike={alike}",
    ]


def by_rule(trigger: Trigger, strength: float, is_best: bool, *, topic: bool) -> list[str]:
    """Return what the rules say of a happening: how strongly a mention is of it, and whether it is the best."""
    part = "verb" if trigger.verb else "noun"
    level = round(max(-3.0, min(6.0, strength)))
    return [
        f"strength={level}",
        f"best={is_best}",
        f"best={is_best}:strength={level}",
        f"{part}:best={is_best}",
        f"{trigger.type}:best={is_best}",
        f"topic={topic}:best={is_best}",
    ]


def new_by_rule(trigger: Trigger, strengths: Sequence[float], best: int | None) -> list[str]:
    """Return what the rules say of a mention being the first of its happening."""
    part = "verb" if trigger.verb else "noun"
    level = round(max(-3.0, min(6.0, max(strengths, default=-3.0))))
    return [
        f"new:strength={level}",
        f"new:best={best is None}",
        f"new:{part}:best={best is None}",
        f"new:{trigger.type}:best={best is None}",
    ]
