"""The network of the parser as it reads: weights laid out for NumPy's matrix product, and nothing kept for learning.

Gives what the components of :mod:`graph.extract.learned.network` give, in half the time. Their own way through the
layers embeds a word each time that it is met, and takes Python's lock eight times for every step of every sentence.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.ml.parser_model import ParserStepModel
from spacy.pipeline import DependencyParser
from spacy.tokens import Doc

__all__ = ["Encoder", "Transitions"]

_Floats = NDArray[np.float32]

#: What is added to a variance before it divides.
_SMALL = np.float32(1e-8)


class _Layer:
    """The largest of some pieces of each value, and the norm of them, in the precision of the weights.

    :param kind: the precision.
    """

    def __init__(self, maxout: Any, norm: Any, kind: type[np.floating[Any]] = np.float32) -> None:
        weights = maxout.get_param("W").astype(kind)
        self.width, self._pieces, inner = weights.shape
        # The pieces one beside the other.
        self._weights = np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, inner).T)
        self._bias = maxout.get_param("b").T.flatten().astype(kind)
        self._scale, self._shift = (norm.get_param(name).astype(kind) for name in ("G", "b"))
        self._mean = np.full(self.width, 1 / self.width, kind)

    def __call__(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what comes out for each row of values."""
        width = self.width
        pieces = values @ self._weights
        pieces += self._bias
        best: NDArray[Any] = np.maximum(pieces[:, :width], pieces[:, width : 2 * width])
        for n in range(2, self._pieces):
            np.maximum(best, pieces[:, n * width : (n + 1) * width], out=best)
        best -= (best @ self._mean)[:, None]
        variance = np.einsum("ij,ij->i", best, best) / self._mean.dtype.type(width) + _SMALL
        best *= (1 / np.sqrt(variance))[:, None]
        best *= self._scale
        best += self._shift
        return best


def _layers(model: Any, kind: type[np.floating[Any]] = np.float32) -> list[_Layer]:
    maxouts, norms = ([node for node in model.walk() if node.name == name] for name in ("maxout", "layernorm"))
    return [_Layer(maxout, norm, kind) for maxout, norm in zip(maxouts, norms, strict=True)]


class Encoder:
    """Vectors of words in their context: of each what is hashed of it, then layers of a convolution over neighbours.

    :param model: the layers that :class:`spacy.pipeline.Tok2Vec` has learned.
    :param document: makes a document of words.
    """

    def __init__(self, model: Any, document: Callable[[Sequence[str]], Doc]) -> None:
        embed, encode = model.get_ref("embed"), model.get_ref("encode")
        self._document, self._hashed = document, embed.layers[:3]
        # What comes out for a word is not to depend on the words beside it, by which a matrix product rounds; what is
        # worked out in double precision and then rounded does not.
        (self._mixed,) = _layers(embed, np.float64)
        self._layers, self._width = _layers(encode), self._mixed.width
        self._pad: int = encode.attrs["pad"]
        self.forget()

    def forget(self) -> None:
        """Forget the words that were met."""
        self._numbers: dict[str, int] = {}
        self._known = np.zeros((0, self._width), np.float32)

    def __call__(self, sentences: Sequence[Sequence[str]]) -> _Floats:
        """Return the vectors of all words of some sentences, in order."""
        width, size = self._width, sum(map(len, sentences)) + self._pad * (len(sentences) + 1)
        # Rows of zeros part the sentences, so many that none is told of another; one more is at either end.
        values = np.zeros((size + 2, width), np.float32)
        places: list[int] = []
        start = 1
        for words in sentences:
            start += self._pad
            places += range(start, start + len(words))
            start += len(words)
        values[places] = self._by_themselves([word for words in sentences for word in words])
        around = np.empty((size, 3 * width), np.float32)
        for layer in self._layers:
            for n in range(3):
                around[:, n * width : (n + 1) * width] = values[n : n + size]
            values[1:-1] += layer(around)
        found: _Floats = values[places]
        return found

    def _by_themselves(self, words: Sequence[str]) -> _Floats:
        """Return the vectors of words without context; those of words met before are not worked out again."""
        numbers = self._numbers
        if new := [word for word in dict.fromkeys(words) if word not in numbers]:
            numbers.update(zip(new, range(len(numbers), len(numbers) + len(new)), strict=True))
            hashed: Any = [self._document(new)]
            for layer in self._hashed:
                hashed = layer.predict(hashed)
            vectors = self._mixed(hashed.dataXd.astype(np.float64)).astype(np.float32)
            self._known = np.concatenate([self._known, vectors])
        found: _Floats = self._known[[numbers[word] for word in words]]
        return found


class Transitions:
    """Heads and relations: the likeliest step of a transition system, again and again, for all sentences at once.

    :param parser: the component that has learned.
    """

    def __init__(self, parser: DependencyParser) -> None:
        self._parser = parser
        before, lower, upper = parser.model.layers
        narrow = before.layers[-1]
        self._narrow = np.ascontiguousarray(narrow.get_param("W").T), narrow.get_param("b")
        weights, bias, nothing = (lower.get_param(name) for name in ("W", "b", "pad"))
        self._features, self._hidden, pieces, inner = weights.shape
        # Of each word and each place of it in a state, both pieces one beside the other.
        self._size = self._hidden * pieces
        self._lower = np.ascontiguousarray(weights.transpose(3, 0, 2, 1).reshape(inner, -1))
        self._nothing, self._bias = nothing[0].transpose(0, 2, 1).flatten(), bias.T.flatten()
        self._upper = np.ascontiguousarray(upper.get_param("W").T), upper.get_param("b")
        self._places = np.arange(self._features) + self._features
        # All that the step model's function is to know of a model.
        self._told = SimpleNamespace(state2vec=SimpleNamespace(nF=self._features))

    def annotate(self, docs: Sequence[Doc], vectors: _Floats) -> None:
        """Set heads and relations of sentences.

        :param vectors: of their words, in order.
        """
        (narrow, narrow_bias), (upper, upper_bias) = self._narrow, self._upper
        # What a word gives to a state in each of its places there; the first row is of no word.
        given = np.empty((len(vectors) + 1, self._features * self._size), np.float32)
        given[0] = self._nothing
        np.dot(vectors @ narrow + narrow_bias, self._lower, out=given[1:])
        rows, hidden = given.reshape(-1, self._size), self._hidden
        states = self._parser.moves.init_batch(docs)
        waiting = [state for state in states if not state.is_final()]
        while waiting:
            # Numbers of words, -1 for none.
            words = ParserStepModel.get_token_ids(self._told, waiting)
            sums = rows[words * self._features + self._places].sum(axis=1)
            sums += self._bias
            scores = np.maximum(sums[:, :hidden], sums[:, hidden:]) @ upper
            scores += upper_bias
            waiting = self._parser.transition_states(waiting, scores)
        self._parser.set_annotations(docs, states)
