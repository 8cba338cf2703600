"""The training of the parser, on a treebank of a few sentences."""

import gzip
from pathlib import Path

import pytest

from graph.extract.learned.network import Network
from graph.extract.learned.parser import NETWORK_FILE
from graph.training.material import Material
from graph.training.parser import Tree, evaluate, read_trees, to_our_words, train, train_network

#: A line is a word: number, form, UPOS, Penn tag, head, relation, and what follows it.
SENTENCES = """
1 The DET DT 2 det _
2 envoy NOUN NN 3 nsubj _
3 met VERB VBD 0 root _
4 Ana PROPN NNP 3 obj _
5 Petrova PROPN NNP 4 flat SpaceAfter=No
6 . PUNCT . 3 punct _

1 Talks NOUN NNS 4 nsubj:outer _
2-3 don’t _ _ _ _ _
2 do AUX VBP 4 aux _
3 n’t PART RB 4 advmod _
4 cost VERB VB 0 root _
5 $ SYM $ 4 obj SpaceAfter=No
6 10,000 NUM CD 5 nummod SpaceAfter=No
7 . PUNCT . 4 punct _
"""


def _conllu(sentences: str) -> str:
    rows = []
    for line in sentences.strip().splitlines():
        if line:
            number, form, upos, xpos, head, relation, misc = line.split()
            rows.append("\t".join([number, form, form, upos, xpos, "_", head, relation, "_", misc]))
        else:
            rows += ["", "# text = a comment"]
    return "\n".join(["# newdoc", *rows, ""])


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    (tmp_path / "ud").mkdir()
    for name, times in (("en_ewt-train", 40), ("en_gum-open-train", 1), ("en_ewt-test", 1), ("en_gum-open-test", 1)):
        text = "\n".join([_conllu(SENTENCES)] * times)
        (tmp_path / "ud" / f"{name}.conllu.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


@pytest.fixture
def trees(corpora: Path) -> list[Tree]:
    return list(read_trees(corpora / "ud" / "en_ewt-test.conllu.gz"))


def test_trees_are_read_with_plain_quotes_and_few_subtypes(trees: list[Tree]) -> None:
    assert len(trees) == 2
    assert trees[0] == Tree(
        ("The", "envoy", "met", "Ana", "Petrova", "."),
        (True, True, True, True, False, False),
        ("DET|DT", "NOUN|NN", "VERB|VBD", "PROPN|NNP", "PROPN|NNP", "PUNCT|."),
        (1, 2, 2, 2, 3, 2),
        ("det", "nsubj", "root", "obj", "flat", "punct"),
    )
    assert trees[1].words[1:3] == ("do", "n't")
    assert trees[1].spaces[1:3] == (False, True)
    assert trees[1].relations[0] == "nsubj"


def test_a_tree_is_cut_to_the_words_of_the_extractor(trees: list[Tree]) -> None:
    ours = to_our_words(trees[1])
    found = {
        word: (ours.words[head], relation, tag)
        for word, head, relation, tag in zip(ours.words, ours.heads, ours.relations, ours.tags, strict=True)
    }
    assert ours.words == ("Talks", "don't", "cost", "$", "10", ",", "000", ".")
    assert ours.spaces[:5] == (True, True, True, False, False)
    assert found["don't"] == ("cost", "aux", "AUX|VBP")
    assert found["10"] == ("$", "nummod", "NUM|CD")
    assert found["000"] == ("10", "flat", "NUM|CD")
    assert found[","] == ("10", "punct", "PUNCT|:")
    assert found["cost"] == ("cost", "root", "VERB|VB")


def test_a_tree_whose_words_are_those_of_the_extractor_stays(trees: list[Tree]) -> None:
    assert to_our_words(trees[0]) == trees[0]


def test_training_writes_a_network_that_parses(corpora: Path, tmp_path: Path, trees: list[Tree]) -> None:
    figures = train(Material(corpora, tmp_path / "gold"), tmp_path / "model")
    assert len(figures) == 2 * 2 * 3
    assert figures["en_ewt-test ours uas"] > 0.9
    assert figures["en_gum-open-test theirs las"] > 0.8
    network = Network.from_bytes((tmp_path / "model" / "parser" / NETWORK_FILE).read_bytes())
    assert network.parse([trees[0].words])[0].heads == list(trees[0].heads)
    assert network.parse([trees[0].words])[0].relations == list(trees[0].relations)
    assert evaluate(network, trees[:1]) == {"tag": 1.0, "uas": 1.0, "las": 1.0}


def test_the_same_trees_give_the_same_network(trees: list[Tree]) -> None:
    first, second = (train_network(trees * 40, epochs=1).to_bytes() for _ in range(2))
    assert first == second
