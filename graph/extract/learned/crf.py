"""Conditional random fields (Lafferty, McCallum and Pereira 2001) that label the words of a sentence."""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Lock

import pycrfsuite

from graph.extract.learned.folder import model_file

__all__ = ["Crf", "shared_crf", "spans_of"]


class Crf:
    """A model that labels sequences of words, each given as its features. Safe to use from several threads.

    :param path: the model file.
    :raises OSError: the file is missing or no model.
    """

    def __init__(self, path: Path) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._lock = Lock()
        try:
            self._tagger.open(str(path))
        except ValueError as error:
            raise OSError(f"{path} is no model: {error}") from error
        #: All labels, in the order of the model.
        self.labels: tuple[str, ...] = tuple(self._tagger.labels())

    def tag(self, features: Sequence[Sequence[str]]) -> list[str]:
        """Return the likeliest labels of a sequence of words, each given as its features."""
        if not features:
            return []
        with self._lock:
            self._set(features)
            return list(self._tagger.tag())

    def tag_with_marginals(
        self, features: Sequence[Sequence[str]], labels: Sequence[str] = ()
    ) -> tuple[list[str], list[dict[str, float]]]:
        """Return the likeliest labels, and for each word the probability of every label.

        :param labels: those whose probability is wanted; none for all.
        """
        if not features:
            return [], []
        with self._lock:
            self._set(features)
            marginal = self._tagger.marginal
            return list(self._tagger.tag()), [
                {y: marginal(y, t) for y in labels or self.labels} for t in range(len(features))
            ]

    def tag_with_certainty(self, features: Sequence[Sequence[str]]) -> list[tuple[str, float]]:
        """Return for each word its likeliest label, and the probability of that; of ``O`` none is asked for: 0."""
        if not features:
            return []
        with self._lock:
            self._set(features)
            marginal = self._tagger.marginal
            return [(y, marginal(y, t) if y != "O" else 0.0) for t, y in enumerate(self._tagger.tag())]

    def _set(self, features: Sequence[Sequence[str]]) -> None:
        try:
            "".join(chain.from_iterable(features)).encode("utf-8")
        except UnicodeEncodeError:  # a lone surrogate in a text, which the tagger refuses
            features = [[f.encode("utf-8", "replace").decode("utf-8") for f in word] for word in features]
        self._tagger.set(features)


@cache
def _opened(path: Path) -> Crf:
    return Crf(path)


def shared_crf(name: str) -> Crf:
    """Return the model ``NAME.crfsuite`` of the models in use, read once per process."""
    return _opened(model_file(f"{name}.crfsuite"))


def spans_of(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return the spans that BIO labels mark: first word, end, kind.

    >>> spans_of(["O", "B-Visit", "I-Visit", "O", "I-Call"])
    [(1, 3, 'Visit'), (4, 5, 'Call')]
    """
    found: list[tuple[int, int, str]] = []
    start, kind = 0, ""
    for i, label in enumerate([*labels, "O"]):
        if kind and label != f"I-{kind}":
            found.append((start, i, kind))
            kind = ""
        if label != "O" and not kind:
            start, kind = i, label[2:]
    return found
