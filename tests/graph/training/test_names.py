"""The training of the name tagger, on a corpus of a few sentences and one article."""

import gzip
import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article
from graph.errors import InputError
from graph.extract.learned.crf import Crf, spans_of
from graph.extract.learned.folder import models_from
from graph.extract.learned.names import features, guess_names, sequences
from graph.extract.text import segment
from graph.extract.tokens import tokenize
from graph.training.material import Material
from graph.training.names import article_sentences, corpus_sentences, evaluate, train

SENTENCE = ["Envoy", "Ana", "Petrova", "met", "the", "Harbour", "Party", "in", "Vienna", "."]
TAGS = ["O", "B-PER", "I-PER", "O", "O", "B-ORG", "I-ORG", "O", "B-LOC", "O"]
OTHER = [
    "The",
    "mayor",
    ",",
    "Tom",
    "Harding",
    ",",
    "did",
    "not",
    "like",
    "the",
    "don",
    "'t",
    "-",
    "U.S.-led",
    "talks",
    ".",
]
OTHER_TAGS = ["O", "O", "O", "B-PER", "I-PER", *["O"] * 11]
ARTICLE = "Envoy Ana Petrova met the Harbour Party in Vienna. Petrova’s aide said that Vienna was cold.\n"


@pytest.fixture
def material(tmp_path: Path) -> Material:
    (tmp_path / "ner").mkdir()
    rows = [[SENTENCE, [1] * 8 + [0, 0], TAGS], [OTHER, [1] * 10 + [0] * 3 + [1, 0, 0], OTHER_TAGS]]
    names = ("gmb-train", "uner-ewt-dev", "crossner-train", "wikigold", "gum-open-train")
    for name in (*names, "uner-ewt-test", "crossner-politics-test", "gum-test", "gmb-test"):
        lines = "".join(json.dumps(row) + "\n" for row in rows) * 5
        (tmp_path / "ner" / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "one.md").write_text(f"---\ntitle: One\n---\n\n{ARTICLE}", encoding="utf-8")
    entities = {
        "people": [{"name": "Ana Petrova", "mentions": [_span("Ana Petrova"), _span("Petrova’s", cut=2)]}],
        "organizations": [{"name": "Harbour Party", "mentions": [_span("Harbour Party")]}],
        "places": [{"name": "Vienna", "kind": "city", "mentions": [_span("Vienna")]}],
    }
    (gold / "one.gold.json").write_text(json.dumps(entities), encoding="utf-8")
    return Material(tmp_path, gold)


def _span(text: str, cut: int = 0) -> dict[str, object]:
    start = ARTICLE.index(text)
    return {"start": start, "end": start + len(text) - cut, "text": text[: len(text) - cut]}


def test_sentences_of_a_corpus_are_cut_to_our_words(material: Material) -> None:
    first, second = list(corpus_sentences(material, "wikigold"))[:2]
    assert first[1] == TAGS
    # "don't" is one word of ours, "U.S.-led" three.
    assert second[1] == [*OTHER_TAGS[:5], *["O"] * 12]


def test_mentions_of_an_article_become_labels(material: Material) -> None:
    first, second = article_sentences(material.articles[0])
    assert first[1] == TAGS
    assert [label for label in second[1] if label != "O"] == ["B-PER"]


def test_names_are_replaced_alike_and_places_and_heads_stay(material: Material) -> None:
    def words(chance: Random | None) -> list[list[str]]:
        sentences = article_sentences(material.articles[0], chance)
        return [[f[2:] for row in rows for f in row if f.startswith("w=")] for rows, _ in sentences]

    (plain, after), (first, second) = words(None), words(Random(1))
    assert {"Ana", "Petrova", "Harbour", "Party", "Vienna"} <= set(plain)
    assert not {"Ana", "Petrova", "Harbour"} & {*first, *second}
    assert {"Envoy", "Party", "Vienna"} <= set(first)
    assert first[plain.index("Petrova")] == second[after.index("Petrova")]


def test_training_is_repeatable_and_learns(material: Material, tmp_path: Path) -> None:
    figures = train(material, tmp_path / "a")
    train(material, tmp_path / "b")
    model = (tmp_path / "a" / "names.crfsuite").read_bytes()
    assert model == (tmp_path / "b" / "names.crfsuite").read_bytes()
    assert figures == dict.fromkeys(("uner-ewt-test", "crossner-politics-test", "gum-test", "gmb-test"), 1.0)
    document = segment(Article.create("Envoy Ana Petrova met the Harbour Party in Vienna."))
    with models_from(tmp_path / "a"):
        guesses = guess_names(tokenize(document), frozenset({0}))
    assert [(g.start, g.end, g.kind) for g in guesses] == [(1, 3, "PER"), (5, 7, "ORG"), (8, 9, "LOC")]
    assert all(0.5 < g.probability <= 1 for g in guesses)


def test_a_wrong_label_lowers_the_score_of_its_kind(material: Material, tmp_path: Path) -> None:
    train(material, tmp_path)
    rows, labels = next(corpus_sentences(material, "wikigold"))
    wrong = ["O" if label.endswith("LOC") else label for label in labels]
    assert evaluate(Crf(tmp_path / "names.crfsuite"), [(rows, labels), (rows, wrong)]) == pytest.approx(
        {"all": 10 / 11, "PER": 1.0, "ORG": 1.0, "LOC": 2 / 3}
    )


@given(st.text(max_size=300))
def test_every_word_of_any_text_has_features(text: str) -> None:
    try:
        document = segment(Article.create(text))
    except InputError:
        return
    tokens = tokenize(document)
    ranges = list(sequences(tokens, frozenset(s.start for s in document.sentences)))
    assert [k for i, j in ranges for k in range(i, j)] == list(range(len(tokens)))
    assert [len(rows) for rows in features(tokens, ranges)] == [j - i for i, j in ranges]
    assert all(row for rows in features(tokens, ranges) for row in rows)


@given(st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-ORG", "I-ORG"]), max_size=12))
def test_spans_of_labels_cover_what_is_labelled(labels: list[str]) -> None:
    spans = spans_of(labels)
    covered = {k for i, j, _ in spans for k in range(i, j)}
    assert covered == {k for k, label in enumerate(labels) if label != "O"}
    assert all(labels[i][2:] == kind for i, _, kind in spans)
