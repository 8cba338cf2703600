"""Which answers can be relied on: nothing is accepted that a second look could make doubtful."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from graph.reconcile.answer import Candidate
from graph.reconcile.schema import Schema
from graph.reconcile.service import Answer
from graph.reconcile.things import Thing

__all__ = ["Outcome", "Rule", "State", "decide", "settle"]


class State(StrEnum):
    """What became of a question."""

    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a candidate is accepted.

    :param score: the least score that it may have.
    :param margin: by how much it is ahead of the next, at the least.
    """

    score: float
    margin: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a service says of a thing, and what follows.

    :param question: as it was put.
    :param candidates: the best first, each with its IRI.
    :param reason: why it is doubtful; empty if it is not.
    """

    thing: Thing
    state: State
    question: Mapping[str, Any]
    candidates: tuple[tuple[str, Candidate], ...]
    asked: datetime
    reason: str = ""


def decide(thing: Thing, question: Mapping[str, Any], answer: Answer, schema: Schema, rule: Rule) -> Outcome:
    """Decide on an answer: accepted is what the service is sure of, with a high score that no other is near."""
    candidates = answer.candidates
    named = tuple((schema.iri(candidate.id), candidate) for candidate in candidates)
    reason = _doubt(candidates, rule) if candidates else ""
    state = State.UNKNOWN if not candidates else State.DOUBTFUL if reason else State.ACCEPTED
    return Outcome(thing, state, question, named, answer.asked, reason)


def _doubt(candidates: Sequence[Candidate], rule: Rule) -> str:
    best, *others = candidates
    sure = [candidate for candidate in candidates if candidate.match]
    if not sure:
        return "the service is not sure"
    if len(sure) > 1:
        return "the service is sure of several"
    if sure[0] != best:
        return "another has a higher score than the one that the service is sure of"
    if best.score < rule.score:
        return f"the score is below {rule.score:g}"
    if any(best.score - other.score < rule.margin for other in others):
        return f"another is less than {rule.margin:g} behind"
    return ""


def settle(outcomes: Sequence[Outcome], taken: Mapping[str, str]) -> list[Outcome]:
    """Make doubtful what was accepted for several things at once: they are one, or one of them is wrong.

    :param taken: IRI of the service -> key of the thing that has it already.
    """
    claimed: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        if outcome.state is State.ACCEPTED:
            claimed[outcome.candidates[0][0]].add(outcome.thing.key)
    settled = []
    for outcome in outcomes:
        if outcome.state is State.ACCEPTED:
            iri = outcome.candidates[0][0]
            others = sorted((claimed[iri] | ({taken[iri]} if iri in taken else set())) - {outcome.thing.key})
            if others:
                outcome = replace(outcome, state=State.DOUBTFUL, reason=f"the same as {' and '.join(others)}")
        settled.append(outcome)
    return settled
