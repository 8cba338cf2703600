"""How an event came out, by its reports, and where these contradict each other."""

from collections import Counter
from collections.abc import Iterable, Sequence

from graph.event import Aspect, Disagreement, Rule
from graph.extract.model import Outcome, Report
from graph.extract.outcomes import contradicting

__all__ = ["outcome_disagreement", "outcomes_of"]


def outcomes_of(reports: Iterable[Report]) -> tuple[Outcome, ...]:
    """Return how an event came out: all that its reports say, but of what contradicts each other what most of them do.

    Where as many say the one as the other, it has both.
    """
    counts = Counter(outcome for report in reports for outcome in report.outcomes)
    return tuple(sorted(o for o in counts if all(counts[o] >= counts[other] for other in contradicting(o))))


def outcome_disagreement(reports: Sequence[Report], taken: Sequence[Outcome]) -> Disagreement | None:
    """Return where reports contradict each other on how an event came out, if they do.

    :param taken: the outcomes that the event has, as :func:`outcomes_of` gives them.
    """
    said = {outcome for report in reports for outcome in report.outcomes}
    disputed = {o for o in said if contradicting(o) & said}
    if not disputed:
        return None
    kept = disputed.intersection(taken)
    tied = any(contradicting(o) & kept for o in kept)
    # Of what as many say as the contrary, the one side is what the first report says.
    first = next(r for r in reports if kept.intersection(r.outcomes)) if tied else None
    side = kept.intersection(first.outcomes) if first is not None else kept
    against = {other for o in side for other in contradicting(o)} & disputed
    other = tuple(r.key for r in reports if against.intersection(r.outcomes))
    same = tuple(r.key for r in reports if side.intersection(r.outcomes) and r.key not in other)
    if not same or not other:
        return None
    return Disagreement(Aspect.OUTCOME, Rule.ALL if tied else Rule.SUPPORTED, same, other)
