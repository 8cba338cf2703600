"""The parse of an article, as the extractor sees it."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.article import Article
from graph.extract.learned.forward import Encoder
from graph.extract.learned.network import Network
from graph.extract.learned.parser import NETWORK_FILE, Parse, parse_sentences
from graph.extract.learned.quick_import import one_thread
from graph.extract.tagging import Tagged, split_words, tag
from graph.extract.text import segment, to_plain
from graph.files import data_path

SENTENCES = (
    "Ana Petrova met Ivo Novak in Vienna on Tuesday .",
    "The minister said that the talks were useful .",
    "The treaty was signed by the two presidents in Helsinki .",
    "Ngozi Okoro , the foreign minister , did n't comment .",
    "Officials from both countries will hold a summit in May .",
)


def _words(text: str) -> list[str]:
    return [m.group() for m in split_words(to_plain(text))]


def _parse(text: str) -> tuple[list[str], Parse]:
    words = _words(text)
    return words, parse_sentences([words])


def _tagged(text: str) -> Tagged:
    return tag(segment(Article.create(text)), [], [], [])


def _everything(parse: Parse, count: int) -> list[tuple[int, str, str, str, tuple[int, ...], tuple[int, int]]]:
    return [
        (parse.head(i), parse.relation(i), parse.tag(i), parse.form(i), tuple(parse.children(i)), parse.subtree(i))
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("text", "word", "relation", "head"),
    [
        ("Ana Petrova met Ivo Novak in Vienna.", "Ana", "nsubj", "met"),
        ("Ana Petrova met Ivo Novak in Vienna.", "Ivo", "obj", "met"),
        ("The talks ended in Vienna.", "Vienna", "obl", "ended"),
        ("Ana Petrova met Ivo Novak in Vienna.", "met", "root", "met"),
        ("The treaty was signed by the president.", "treaty", "nsubj:pass", "signed"),
        ("The treaty was signed by the president.", "was", "aux:pass", "signed"),
        ("The treaty was signed by the president.", "president", "obl:agent", "signed"),
        ("The minister said that the talks ended.", "ended", "ccomp", "said"),
        ("The envoy’s visit didn’t end.", "envoy", "nmod:poss", "visit"),
        ("The envoy’s visit didn’t end.", "didn't", "aux", "end"),
        ("She met the envoy who signed the treaty.", "signed", "acl:relcl", "envoy"),
    ],
)
def test_relations_of_plain_sentences(text: str, word: str, relation: str, head: str) -> None:
    words, parse = _parse(text)
    i = words.index(word)
    assert (parse.relation(i), words[parse.head(i)]) == (relation, head)


def test_tags_tell_parts_of_speech_and_their_forms() -> None:
    words, parse = _parse("Ana Petrova will visit the two ministers in Vienna.")
    found = {word: (parse.tag(i), parse.form(i)) for i, word in enumerate(words)}
    assert found["Petrova"] == ("PROPN", "NNP")
    assert found["visit"] == ("VERB", "VB")
    assert found["ministers"] == ("NOUN", "NNS")
    assert found["."] == ("PUNCT", ".")


def test_a_subtree_covers_all_that_hangs_on_a_word() -> None:
    words, parse = _parse("The president of the small country met the envoy.")
    start, end = parse.subtree(words.index("president"))
    assert words[start:end] == ["The", "president", "of", "the", "small", "country"]
    assert parse.subtree(words.index("met")) == (0, len(words))
    assert [words[i] for i in parse.children(words.index("country"))] == ["of", "the", "small"]


def test_words_are_numbered_through_the_article() -> None:
    tagged = _tagged("Ana Petrova met Ivo Novak.\n\nThe “talks” ended on Tuesday.")
    second = next(i for i, word in enumerate(tagged.words) if word.text == "ended")
    assert tagged.words[second].sentence == 1
    assert tagged.parse.head(second) == second
    assert tagged.words[tagged.parse.children(second)[0]].text == "talks"
    assert tagged.parse is tagged.parse


def test_each_sentence_has_its_own_tree() -> None:
    sentences = [sentence.split() for sentence in SENTENCES]
    parse, first = parse_sentences(sentences), 0
    for sentence in sentences:
        numbers = range(first, first + len(sentence))
        assert all(parse.head(i) in numbers for i in numbers)
        first += len(sentence)


@pytest.mark.parametrize("together", [1, 2, 3, 50])
def test_the_parse_does_not_depend_on_what_is_parsed_with_it(together: int) -> None:
    sentences = [sentence.split() for sentence in SENTENCES]
    alone = [_everything(parse_sentences([s]), len(s)) for s in sentences]
    for chosen in range(len(sentences)):
        parse = parse_sentences([sentences[chosen]] * together)
        assert _everything(parse, len(sentences[chosen])) == alone[chosen]


def test_the_parse_is_that_of_the_components_that_learned_it() -> None:
    network = Network.from_bytes(data_path("model", "parser", NETWORK_FILE).read_bytes())
    sentences = [sentence.split() for sentence in SENTENCES]
    docs = [network.doc(words) for words in sentences]
    for component in (network.words, network.tagger, network.parser):
        component.set_annotations(docs, component.predict(docs))
    for doc, found in zip(docs, network.parse(sentences), strict=True):
        assert found.tags == [word.tag_ for word in doc]
        assert found.heads == [word.head.i for word in doc]
        assert found.relations == [word.dep_.replace("ROOT", "root") for word in doc]


def test_the_vector_of_a_word_does_not_depend_on_the_words_it_is_met_with() -> None:
    network = Network.from_bytes(data_path("model", "parser", NETWORK_FILE).read_bytes())
    encoder = Encoder(network.words.model, network.doc)
    words = list(dict.fromkeys(" ".join(SENTENCES).split()))
    together = encoder([words])
    encoder.forget()
    for word in words:
        encoder([[word]])
    assert (encoder([words]) == together).all()


def test_numpy_is_loaded_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with one_thread():
        assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    assert "OPENBLAS_NUM_THREADS" not in os.environ
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    with one_thread():
        assert os.environ["OPENBLAS_NUM_THREADS"] == "3"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"


def test_the_same_text_gives_the_same_parse() -> None:
    text = " ".join(SENTENCES)
    first, second = _tagged(text), _tagged(text)
    assert _everything(first.parse, len(first.words)) == _everything(second.parse, len(second.words))


def test_nothing_to_parse() -> None:
    assert _everything(parse_sentences([]), 0) == []
    assert _everything(parse_sentences([[], ["Talks"], []]), 1) == [(0, "root", *_tag_of("Talks"), (), (0, 1))]


def _tag_of(word: str) -> tuple[str, str]:
    parse = parse_sentences([[word]])
    return parse.tag(0), parse.form(0)


def test_a_very_long_sentence_is_parsed_in_pieces() -> None:
    words = ["talks", "and"] * 3000
    parse = parse_sentences([words])
    widest = max(end - start for start, end in (parse.subtree(i) for i in range(len(words))))
    assert widest <= 200
    assert len(_everything(parse, len(words))) == 6000


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_text_can_be_parsed(text: str) -> None:
    _holds(_words(text))


@given(st.lists(st.lists(st.text(min_size=1, max_size=8), max_size=8), max_size=5))
@settings(max_examples=60)
def test_any_words_can_be_parsed(sentences: list[list[str]]) -> None:
    for words in sentences:
        _holds(words)


@pytest.mark.parametrize(
    "words", [["\ud800"], ["\x00"], ["a" * 100_000], ["المفاوضات", "في", "فيينا"], ["\u202e", "Talks"], ["'"] * 450]
)
def test_odd_words_can_be_parsed(words: list[str]) -> None:
    _holds(words)


def _holds(words: list[str]) -> None:
    parse = parse_sentences([words])
    for i in range(len(words)):
        start, end = parse.subtree(i)
        assert start <= i < end
        assert all(start <= child < end and parse.head(child) == i for child in parse.children(i))
        assert (parse.relation(i) == "root") == (parse.head(i) == i)
        assert parse.tag(i)
