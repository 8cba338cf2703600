"""The network of the parser: a convolution over hashed words that a tagger and a transition parser of spaCy share.

It is put together here, without spaCy's configuration files and registries: reading those takes longer than parsing an
article. Weights are stored in half precision.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from threading import Lock
from typing import Any

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, NORM, PREFIX, SHAPE, SUFFIX
from spacy.lang.lex_attrs import LEX_ATTRS
from spacy.ml.models.parser import build_tb_parser_model
from spacy.ml.models.tagger import build_tagger_model
from spacy.ml.models.tok2vec import MaxoutWindowEncoder, MultiHashEmbed, build_Tok2Vec_model, tok2vec_listener_v1
from spacy.pipeline import DependencyParser, Tagger, Tok2Vec
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import use_ops

from graph.extract.learned.forward import Encoder, Transitions

__all__ = ["Network", "Parsed"]

_WIDTH, _DEPTH, _HIDDEN = 96, 4, 64
#: What is hashed of a word, and how many rows of weights share the hashes.
_FEATURES = {NORM: 5000, PREFIX: 1000, SUFFIX: 2500, SHAPE: 1000}
#: After so many words of text, those met are forgotten.
_REMEMBERED = 100_000
_COMPONENTS = ("words", "tagger", "parser")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was found on the words of a sentence.

    :param tags: universal and Penn tag of each (``VERB|VBD``).
    :param heads: the number of the head of each in the sentence; a root is its own.
    :param relations: the relation of each to its head; ``root`` of a root.
    """

    tags: list[str]
    heads: list[int]
    relations: list[str]


class Network:
    """The three components and the vocabulary they share.

    :ivar words: vectors of words in their context.
    :ivar tagger: tags from the vectors.
    :ivar parser: heads and relations from the vectors.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._memory, self._room = ExitStack(), 0
        self.vocab: Vocab = Vocab(lex_attr_getters={feature: LEX_ATTRS[feature] for feature in _FEATURES})
        # NumPy's own matrix product is several times faster than the one that spaCy brings.
        with use_ops("numpy", use_blis=False):
            embed = MultiHashEmbed(_WIDTH, list(_FEATURES), list(_FEATURES.values()), include_static_vectors=False)
            encode = MaxoutWindowEncoder(_WIDTH, window_size=1, maxout_pieces=3, depth=_DEPTH)
            self.words = Tok2Vec(self.vocab, build_Tok2Vec_model(embed, encode), name="words")
            self.tagger = Tagger(self.vocab, build_tagger_model(tok2vec_listener_v1(_WIDTH)), name="tagger")
            self.parser = DependencyParser(
                self.vocab, build_tb_parser_model(tok2vec_listener_v1(_WIDTH), "parser", False, _HIDDEN, 2, True),
                name="parser",
            )  # fmt: skip
        for component in (self.tagger, self.parser):
            self.words.find_listeners(component)

    def doc(self, words: Sequence[str]) -> Doc:
        """Return a sentence that is to be annotated; no words are parted further and it stays one sentence."""
        return Doc(self.vocab, words=_writable(words), sent_starts=[i == 0 for i in range(len(words))])

    def parse(self, sentences: Sequence[Sequence[str]]) -> list[Parsed]:
        """Parse sentences, given as words, by the weights of the first call; the memory is linear in the words.

        Safe to call from several threads; they wait for each other.
        """
        with self._lock:
            self._forget(sum(map(len, sentences)))
            sentences = [_writable(words) for words in sentences]
            docs, vectors = [self.doc(words) for words in sentences], self._encoder(sentences)
            self._transitions.annotate(docs, vectors)
            weights, bias = self._tags
            tags = [self.tagger.labels[best] for best in (vectors @ weights + bias).argmax(axis=1).tolist()]
            ends = [0, *accumulate(map(len, sentences))]
            return [self._read(doc, tags[start:end]) for doc, (start, end) in zip(docs, pairwise(ends), strict=True)]

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.words.model, self.doc)

    @cached_property
    def _transitions(self) -> Transitions:
        return Transitions(self.parser)

    @cached_property
    def _tags(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        layer = next(node for node in self.tagger.model.walk() if node.name == "softmax")
        return np.ascontiguousarray(layer.get_param("W").T), layer.get_param("b")

    def _forget(self, coming: int) -> None:
        # The vocabulary keeps every word that it meets; here only while that spares work.
        self._room -= coming
        if self._room < 0:
            self._encoder.forget()
            self._memory.close()
            self._memory.enter_context(self.vocab.memory_zone())
            self._room = _REMEMBERED

    def _read(self, doc: Doc, tags: list[str]) -> Parsed:
        values, strings = doc.to_array([HEAD, DEP]), self.vocab.strings
        heads = values[:, 0].astype(np.int64) + np.arange(len(doc))
        relations = [strings[value] for value in values[:, 1].tolist()]
        return Parsed(tags, heads.tolist(), ["root" if label == "ROOT" else label for label in relations])

    def to_bytes(self) -> bytes:
        """Return the weights (half precision) and labels."""
        weights = {name: _with_type(getattr(self, name).model.to_dict(), np.float16) for name in _COMPONENTS}
        moves = self.parser.moves.to_bytes(exclude=["strings"])
        content: bytes = srsly.msgpack_dumps({"tags": list(self.tagger.labels), "moves": moves, **weights})
        return content

    @classmethod
    def from_bytes(cls, content: bytes) -> "Network":
        """Return the network with stored weights and labels."""
        network, stored = cls(), srsly.msgpack_loads(content)
        for label in stored["tags"]:
            network.tagger.add_label(label)
        network.parser.moves.from_bytes(stored["moves"], exclude=["strings"])
        for name in _COMPONENTS:
            weights = _with_type(stored[name], np.float32)
            # Attributes are as made above, but for those of learning; to read one, thinc looks through all packages.
            getattr(network, name).model.from_dict({**weights, "attrs": [{} for _ in weights["attrs"]]})
        return network


def _writable(words: Sequence[str]) -> list[str]:
    return [word.encode("utf-8", "replace").decode("utf-8") for word in words]  # spaCy refuses lone surrogates


def _with_type(stored: dict[str, Any], kind: type[np.floating[Any]]) -> dict[str, Any]:
    weights = [{k: v if v is None else v.astype(kind) for k, v in node.items()} for node in stored["params"]]
    return {**stored, "params": weights}
