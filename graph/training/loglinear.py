"""Fits log-linear choices (:mod:`graph.extract.learned.loglinear`) by maximum likelihood with an L2 prior."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.extract.learned.loglinear import LogLinear

__all__ = ["Choice", "fit"]

Vector = NDArray[np.float64]

#: Adam (Kingma and Ba 2015), full batch: step, decay of the first and second moment.
_STEP, _FIRST, _SECOND, _EPSILON = 0.1, 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates by their features, and the numbers of those that are right (at least one)."""

    candidates: Sequence[Sequence[str]]
    right: Sequence[int]


def fit(choices: Sequence[Choice], *, prior: float = 1.0, seen: int = 3, rounds: int = 150) -> LogLinear:
    """Return the weights that make the right candidates likeliest.

    :param prior: strength of the Gaussian prior on weights (1 / variance).
    :param seen: a feature must be seen in so many choices to get a weight.
    :param rounds: steps of the optimiser.
    """
    counts = Counter(f for c in choices for f in {f for features in c.candidates for f in features})
    index = {f: n for n, f in enumerate(sorted(f for f, count in counts.items() if count >= seen))}
    columns, rows, owners, right = [], [], [], []
    row = 0
    for number, choice in enumerate(choices):
        for n, features in enumerate(choice.candidates):
            known = [index[f] for f in features if f in index]
            columns += known
            rows += [row] * len(known)
            owners.append(number)
            right.append(n in choice.right)
            row += 1
    column, of_row = np.array(columns, dtype=np.int64), np.array(rows, dtype=np.int64)
    owner, is_right = np.array(owners, dtype=np.int64), np.array(right, dtype=np.float64)
    weights, first, second = (np.zeros(len(index)) for _ in range(3))
    for step in range(1, rounds + 1):
        scores: Vector = np.bincount(of_row, weights[column], row).astype(np.float64)
        share, among_right = _softmax(scores, owner, len(choices)), _softmax(scores, owner, len(choices), is_right)
        slope = np.bincount(column, (share - among_right)[of_row], len(index)) + prior * weights
        first = _FIRST * first + (1 - _FIRST) * slope
        second = _SECOND * second + (1 - _SECOND) * slope**2
        rate = _STEP * (1 - step / (rounds + 1))
        weights -= rate * (first / (1 - _FIRST**step)) / (np.sqrt(second / (1 - _SECOND**step)) + _EPSILON)
    return LogLinear({f: float(weights[n]) for f, n in index.items()})


def _softmax(
    scores: Vector,
    owner: NDArray[np.int64],
    choices: int,
    among: Vector | None = None,
) -> Vector:
    """Return each score's share among those of the same owner, or among those of them that are not 0 in ``among``."""
    top = np.full(choices, -np.inf)
    np.maximum.at(top, owner, scores)
    parts = np.exp(scores - top[owner])
    if among is not None:
        parts = parts * among
    totals = np.maximum(np.bincount(owner, parts, choices), 1e-300)
    return np.asarray(parts / totals[owner], dtype=np.float64)
