"""What a time expression means."""

from collections.abc import Callable
from dataclasses import dataclass

from graph.extract.model import TimexType
from graph.extract.times.basis import Basis
from graph.extract.times.calendar import duration
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found

__all__ = ["Meaning", "Rule", "lasting", "repeated", "vague"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The type and TIMEX3 value of an expression.

    :param start: offset of the expression, where it is not all the words that the rule found; so ``end``.
    :param told: whether later expressions may refer to it.
    """

    type: TimexType
    value: str
    basis: Basis
    start: int | None = None
    end: int | None = None
    told: bool = True


Rule = Callable[[Context, Found], Meaning | None]


def lasting(amount: float | None, unit: str, *, start: int | None = None, end: int | None = None) -> Meaning:
    """Return the meaning of a length: an amount, None where that is vague, of a unit of the lexicon."""
    basis = Basis.UNCOUNTED if amount is None else Basis.COUNTED
    return Meaning(TimexType.DURATION, duration(amount, unit), basis, start, end)


def repeated(value: str) -> Meaning:
    """Return the meaning of a repetition."""
    return Meaning(TimexType.SET, value, Basis.COUNTED)


def vague(direction: int, *, start: int | None = None, end: int | None = None) -> Meaning:
    """Return the meaning of what has no place on the calendar: past (-1), present (0) or future (1)."""
    value = ("PRESENT_REF", "FUTURE_REF", "PAST_REF")[max(-1, min(1, direction))]
    return Meaning(TimexType.DATE, value, Basis.VAGUE, start, end)
