"""Log-linear choice among candidates: which date, place or earlier mention belongs to an event.

The conditional logit model (McFadden 1974): the share of a candidate is ``exp(w . f)`` over the sum of all candidates'.
A yes or no question is a choice between a candidate and one without features (logistic regression).
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import repeat
from math import exp
from pathlib import Path

from graph.extract.learned.folder import model_file

__all__ = ["LogLinear", "read_models", "write_models"]

#: Weights are kept to so many digits after the point, which no decision depends on.
_DIGITS = 3


class LogLinear:
    """A trained choice: a weight for each feature.

    >>> model = LogLinear({"near": 2.0, "far": -1.0})
    >>> [round(share, 2) for share in model.shares([["near"], ["far"], []])]
    [0.84, 0.04, 0.11]
    >>> round(model.probability(["near"]), 2)
    0.88
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights

    def score(self, features: Sequence[str]) -> float:
        """Return the sum of the weights of a candidate's features."""
        return sum(map(self.weights.get, features, repeat(0.0)))

    def shares(self, candidates: Sequence[Sequence[str]]) -> list[float]:
        """Return the probability of each candidate; together they are 1."""
        scores = [self.score(c) for c in candidates]
        top = max(scores, default=0.0)
        parts = [exp(s - top) for s in scores]
        total = sum(parts)
        return [p / total for p in parts]

    def probability(self, features: Sequence[str]) -> float:
        """Return the probability that the answer to a yes or no question is yes."""
        return self.shares([features, ()])[0]


def write_models(models: Mapping[str, LogLinear], path: Path) -> None:
    """Write models into one file (JSON, gzip), the same bytes for the same weights."""
    rounded = {
        name: {f: round(w, _DIGITS) for f, w in sorted(model.weights.items()) if round(w, _DIGITS)}
        for name, model in sorted(models.items())
    }
    text = json.dumps(rounded, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read_models(name: str) -> dict[str, LogLinear]:
    """Return the models of a file of the model folder in use, read once."""
    return _read(model_file(name))


@cache
def _read(path: Path) -> dict[str, LogLinear]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {name: LogLinear(weights) for name, weights in json.load(file).items()}
