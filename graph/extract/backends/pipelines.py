"""The back-end ``spacy:PIPELINE``: any installed spaCy pipeline names and parses, all else is as in the embedded one.

What the pipeline cannot do (a blank one has no parser, a parser no names) the embedded steps do.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import graph
from graph.article import Article
from graph.errors import InputError
from graph.extract.backends.clear import is_clear, to_universal
from graph.extract.backends.recognised import Recognised, entities_of
from graph.extract.learned.parser import Parse
from graph.extract.learned.quick_import import no_spacy_commands
from graph.extract.model import Extraction, PlaceKind, Span
from graph.extract.pipeline import Steps, extract_by
from graph.extract.tagging import Tagged
from graph.extract.text import Document, segment

__all__ = ["SpacyBackend"]

#: Labels of names (OntoNotes and CoNLL-03) -> kind, and the sort of place where the gazetteer does not know it. Peoples
#: (NORP) are read by the lexicon of demonyms, which knows the country of each.
_LABELS = {
    "PERSON": ("person", PlaceKind.CITY), "PER": ("person", PlaceKind.CITY),
    "ORG": ("organization", PlaceKind.CITY),
    "GPE": ("place", PlaceKind.CITY), "LOC": ("place", PlaceKind.REGION), "FAC": ("place", PlaceKind.SITE),
}  # fmt: skip
#: Components whose work nobody asks for.
_UNUSED = ["lemmatizer", "trainable_lemmatizer", "textcat", "textcat_multilabel", "entity_linker"]
#: A sentence of more characters is read in pieces; how many pieces are read at once.
_LONGEST, _BATCH = 2_000, 64


@dataclass(slots=True)
class _Reading:
    """What a pipeline says of an article: names, and tokens with tags, heads (numbers of tokens) and relations."""

    names: list[Recognised] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)


class SpacyBackend:
    """A spaCy pipeline at work.

    :param pipeline: the name, or folder, that it was loaded by.
    :param nlp: the ``spacy.Language``.
    """

    def __init__(self, pipeline: str, nlp: Any) -> None:
        self.name = f"spacy:{pipeline}"
        self._nlp = nlp
        # The name in its own description: that of a folder would tell of this machine.
        meta = nlp.meta
        own = "_".join(str(meta.get(key)) for key in ("lang", "name") if meta.get(key))
        self.version = f"{graph.__version__} ({own} {meta.get('version') or '0'})"
        assigned = {value for name in nlp.pipe_names for value in nlp.get_pipe_meta(name).assigns}
        self._names = "doc.ents" in assigned or "span_ruler" in nlp.pipe_names
        self._parses = "token.dep" in assigned and "token.head" in assigned
        labels = {label for name in nlp.pipe_names for label in nlp.pipe_labels.get(name, ())}
        self._clear = is_clear(labels)

    @classmethod
    def load(cls, pipeline: str) -> "SpacyBackend":
        """Load a pipeline by the name of its package or by its folder.

        :raises InputError: if it is not installed or cannot be loaded.
        """
        with no_spacy_commands():
            import spacy
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on versions; what matters is whether it loads
                nlp = spacy.load(pipeline, exclude=_UNUSED)
        except OSError:
            raise InputError(
                f"spaCy has no pipeline {pipeline!r}", f"install it (python -m spacy download {pipeline})"
            ) from None
        except Exception as error:  # whatever the code of a pipeline raises
            why = (str(error).strip().splitlines() or [""])[0]
            raise InputError(
                f"spaCy cannot load {pipeline!r} ({type(error).__name__}: {why[:200]})", "install what it needs"
            ) from None
        return cls(pipeline, nlp)

    def extract(self, article: Article) -> Extraction:
        """Find everything in an article."""
        return extract_by(self.steps(segment(article)), article, f"parley-spacy {self.version}")

    def steps(self, document: Document) -> Steps:
        """Ask the pipeline about an article and return steps that go by what it says."""
        reading = self._read(document)
        steps = Steps(structure=lambda _: document)
        if self._names:
            steps = replace(steps, names=lambda _: entities_of(document, reading.names))
        if self._parses:
            steps = replace(steps, parse=lambda tagged: _parse(tagged, reading))
        return steps

    def _read(self, document: Document) -> _Reading:
        """Ask the pipeline, sentence by sentence, and keep nothing of what it makes but values."""
        reading = _Reading()
        pieces = list(_pieces(document))
        texts = (document.plain[i:j] for i, j in pieces)
        with self._nlp.memory_zone():
            docs = self._nlp.pipe(texts, batch_size=_BATCH)
            for (offset, _), doc in zip(pieces, docs, strict=True):
                for name in doc.ents:
                    if name.label_ in _LABELS:
                        kind, place = _LABELS[name.label_]
                        span = Span.of(document.text, offset + name.start_char, offset + name.end_char)
                        reading.names.append(Recognised(span, kind, place=place))
                if self._parses:
                    self._add(reading, doc, offset)
        return reading

    def _add(self, reading: _Reading, doc: Any, offset: int) -> None:
        first = len(reading.heads)
        tags = [token.pos_ or "X" for token in doc]
        heads = [token.head.i for token in doc]
        relations = [token.dep_ or "dep" for token in doc]
        if self._clear:
            heads, relations = to_universal([token.lower_ for token in doc], tags, heads, relations)
        reading.spans += ((offset + token.idx, offset + token.idx + len(token)) for token in doc)
        reading.tags += (f"{tag}|{token.tag_}" for tag, token in zip(tags, doc, strict=True))
        reading.heads += (first + head for head in heads)
        reading.relations += ("root" if i == h else r for i, (h, r) in enumerate(zip(heads, relations, strict=True)))


def _pieces(document: Document) -> Iterator[tuple[int, int]]:
    for sentence in document.sentences:
        start = sentence.start
        while sentence.end - start > _LONGEST:
            space = document.plain.rfind(" ", start + 1, start + _LONGEST)
            end = space if space > start else start + _LONGEST
            yield start, end
            start = end
        yield start, sentence.end


def _parse(tagged: Tagged, reading: _Reading) -> Parse:
    """Carry the parse of a pipeline's tokens over to the article's words, which are parted in another way.

    A word that several tokens make up hangs where the token hangs that is nearest to the root; of several words in one
    token, the last has its place and the others hang on that. So every word hangs on one that is nearer to the root.
    """
    depths = _depths(reading.heads)
    anchors, best = _anchors(tagged, reading.spans, depths)
    tags, heads, relations = [], [], []
    for i in range(len(tagged.words)):
        token, held = best[i]
        if token is None:
            anchor = i if held is None else anchors[held]
            tags.append("X|" if held is None else reading.tags[held])
            heads.append(anchor)
            relations.append("root" if anchor == i else "compound")
            continue
        head = anchors[reading.heads[token]]
        tags.append(reading.tags[token])
        heads.append(i if reading.heads[token] == token else head)
        relations.append("root" if heads[i] == i else reading.relations[token])
    return Parse(tags, heads, relations)


def _depths(heads: Sequence[int]) -> list[int]:
    depths = [-1] * len(heads)
    for start in range(len(heads)):
        path, i = [], start
        while depths[i] < 0 and heads[i] != i:
            path.append(i)
            i = heads[i]
        depth = max(depths[i], 0)
        depths[i] = depth
        for k in reversed(path):
            depth += 1
            depths[k] = depth
    return depths


def _anchors(
    tagged: Tagged, spans: Sequence[tuple[int, int]], depths: Sequence[int]
) -> tuple[list[int], list[tuple[int | None, int | None]]]:
    """Return the word that stands for each token; per word, the token that it stands for and one that covers it."""
    words = tagged.words
    anchors = [0] * len(spans)
    best: list[tuple[int | None, int | None]] = [(None, None)] * len(words)
    i = 0
    for token, (start, end) in enumerate(spans):
        while i < len(words) - 1 and words[i].end <= start:
            i += 1
        last = i
        while last + 1 < len(words) and words[last + 1].start < end:
            last += 1
        anchors[token] = last
        if words[last].start >= end:  # white space
            continue
        held = best[last][0]
        if held is None or depths[token] < depths[held]:
            best[last] = (token, token)
        for k in range(i, last):
            best[k] = (best[k][0], token)
        i = last
    return anchors, best
