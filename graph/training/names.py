"""Trains the name tagger on open corpora and on annotated articles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from string import ascii_uppercase

from graph.article import Article
from graph.extract.gazetteer import demonyms, places
from graph.extract.learned.crf import Crf, spans_of
from graph.extract.learned.names import KINDS, MODEL, features, sequences, word_groups
from graph.extract.model import Span
from graph.extract.text import Document, segment
from graph.extract.tokens import Token, tokenize
from graph.training.crf import train_crf
from graph.training.material import Annotated, Material

__all__ = [
    "Labelled",
    "article_sentences",
    "corpus_sentences",
    "evaluate",
    "labelled_words",
    "rename",
    "train",
    "train_names",
]

#: Corpora of sentences that are learned from: how many sentences of each at most, and how often each of them counts.
_CORPORA = {
    "gmb-train": (12_000, 1), "uner-ewt-dev": (9_999, 2), "crossner-train": (9_999, 1), "wikigold": (9_999, 1),
    "gum-open-train": (9_999, 1),
}  # fmt: skip
_TESTS = ("uner-ewt-test", "crossner-politics-test", "gum-test", "gmb-test")
_ARTICLES = 2
_SEED = 0
_L1, _L2, _MINFREQ, _ROUNDS = 0.36, 0.02, 2, 80
_KIND_OF = {"people": "PER", "organizations": "ORG", "places": "LOC"}

#: Words of these groups in a name stay when names are invented: they say what is named.
_KEPT = frozenset({"orghead", "role", "title", "modifier", "function", "stop", "site", "particle"})
_ONSETS = (
    "b", "br", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "kh", "l", "m", "n", "p", "r", "s", "sh", "st", "t",
    "tr", "v", "w", "y", "z", ""
)  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "a", "e", "i", "o", "ai", "ou", "ee")
_CODAS = ("", "", "", "n", "r", "l", "s", "m", "k", "t", "nd", "ng", "ck", "v", "ski", "son", "ov")

#: A sentence: the features of each word, and its labels.
Labelled = tuple[list[list[str]], list[str]]


def corpus_sentences(material: Material, name: str) -> Iterator[Labelled]:
    """Yield the sentences of a corpus, cut to our words and labelled anew."""
    for words, spaces, tags in material.sentences(name):
        text = ""
        spans: list[tuple[int, int, str]] = []
        for word, space, tag in zip(words, spaces, tags, strict=True):
            if tag[2:] in KINDS:
                if tag[0] == "I" and spans and spans[-1][2] == tag[2:]:
                    spans[-1] = (spans[-1][0], len(text) + len(word), tag[2:])
                else:
                    spans.append((len(text), len(text) + len(word), tag[2:]))
            text += word + " " * space
        whole = (Span(0, len(text), text),)
        tokens = tokenize(Document(Article(text, identity=""), (), whole, whole))
        if tokens:
            yield features(tokens, [(0, len(tokens))])[0], _labels(tokens, spans)


def article_sentences(annotated: Annotated, chance: Random | None = None) -> list[Labelled]:
    """Return the sentences of an annotated article.

    :param chance: invents names to print instead of those of people and organizations, so that they are learned by
        their surroundings and not by heart; None to leave them.
    """
    document = segment(annotated.article)
    tokens, labels = labelled_words(annotated, document)
    if chance is not None:
        tokens = rename(tokens, labels, chance)
    ranges = list(sequences(tokens, frozenset(s.start for s in document.sentences)))
    return [(rows, labels[i:j]) for (i, j), rows in zip(ranges, features(tokens, ranges), strict=True)]


def labelled_words(annotated: Annotated, document: Document) -> tuple[list[Token], list[str]]:
    """Return the words of an annotated article and their BIO labels; of names within names the longest counts."""
    tokens = tokenize(document)
    spans = [
        (m["start"], m["end"], kind)
        for key, kind in _KIND_OF.items()
        for entity in annotated.gold.get(key, ())
        for m in entity["mentions"]
    ]
    return tokens, _labels(tokens, spans)


def _labels(tokens: Sequence[Token], spans: Sequence[tuple[int, int, str]]) -> list[str]:
    labels = ["O"] * len(tokens)
    starts = {t.start: i for i, t in enumerate(tokens)}
    ends = {t.end: i + 1 for i, t in enumerate(tokens)}
    for start, end, kind in sorted(spans, key=lambda s: s[0] - s[1]):  # the longest first
        i, j = starts.get(start), ends.get(end)
        if i is None or j is None or any(label != "O" for label in labels[i:j]):
            continue
        labels[i:j] = [f"B-{kind}"] + [f"I-{kind}"] * (j - i - 1)
    return labels


def rename(tokens: Sequence[Token], labels: Sequence[str], chance: Random) -> list[Token]:
    """Return the tokens with each telling word of a name of a person or organization replaced, everywhere alike."""
    words = sorted(
        {t.text for t, label in zip(tokens, labels, strict=True) if label[2:] in ("PER", "ORG") and _telling(t)}
    )
    invented = {word: _invent(word, chance) for word in words}
    return [
        t._replace(text=invented[t.text]) if label != "O" and t.text in invented else t
        for t, label in zip(tokens, labels, strict=True)
    ]


def _telling(token: Token) -> bool:
    known = places().get((token.text,)) or demonyms().get((token.text,))
    return token.cap and token.text.isalpha() and not known and not _KEPT.intersection(word_groups(token.text))


def _invent(word: str, chance: Random) -> str:
    if word.isupper():
        return "".join(chance.choice(ascii_uppercase) for _ in word)
    syllables = (chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(chance.choice((1, 2, 2, 3))))
    return ("".join(syllables) + chance.choice(_CODAS)).capitalize()


def train_names(corpora: Sequence[Labelled], articles: Sequence[Annotated], path: Path) -> None:
    """Train the tagger on sentences of corpora and on articles, which count more and come with other names, too."""
    chance = Random(_SEED)  # noqa: S311 - invents names
    own = [s for a in articles for s in article_sentences(a)] * _ARTICLES
    own += [s for a in articles for s in article_sentences(a, chance)]
    train_crf([*corpora, *own], path, l1=_L1, l2=_L2, minfreq=_MINFREQ, rounds=_ROUNDS)


def evaluate(crf: Crf, sentences: Sequence[Labelled]) -> dict[str, float]:
    """Return the F1 of names, exact spans, by kind and over all."""
    counts = Counter[str]()
    for rows, labels in sentences:
        gold, found = set(spans_of(labels)), set(spans_of(crf.tag(rows)))
        for kind, spans in (("gold", gold), ("found", found), ("right", gold & found)):
            counts.update(f"{kind} {k}" for _, _, k in spans)
            counts[f"{kind} all"] += len(spans)
    return {
        kind: 2 * counts[f"right {kind}"] / max(1, counts[f"gold {kind}"] + counts[f"found {kind}"])
        for kind in ("all", *KINDS)
    }


def _weighed(material: Material, name: str, most: int, times: int) -> list[Labelled]:
    return list(islice(corpus_sentences(material, name), most)) * times


def train(material: Material, folder: Path) -> dict[str, float]:
    """Train the tagger and write it to ``folder/names.crfsuite``.

    :returns: F1 of exact spans on the test parts of the corpora.
    """
    corpora = [s for name, how in _CORPORA.items() for s in _weighed(material, name, *how)]
    path = folder / f"{MODEL}.crfsuite"
    train_names(corpora, material.articles, path)
    crf = Crf(path)
    return {name: evaluate(crf, list(corpus_sentences(material, name)))["all"] for name in _TESTS}
