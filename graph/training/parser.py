"""Trains the parser (tags, heads, relations) on Universal Dependencies treebanks whose trees are cut to our words."""

import gzip
import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam, fix_random_seed

from graph.extract.learned.network import Network
from graph.extract.learned.parser import NETWORK_FILE
from graph.extract.tagging import split_words
from graph.extract.text import to_plain
from graph.files import write_whole
from graph.training.material import Material

__all__ = ["Tree", "evaluate", "read_trees", "to_our_words", "train", "train_network"]

_SEED = 0
_TRAINING = ("en_ewt-train", "en_gum-open-train")
#: Relations whose subtype is kept; of all others only the part before the colon is learned.
_SUBTYPES = frozenset(
    {"acl:relcl", "aux:pass", "compound:prt", "nmod:poss", "nmod:unmarked", "nsubj:pass", "obl:agent", "obl:unmarked"}
)
_EPOCHS = 14
#: Words in a batch, at the beginning and at the end of training.
_FIRST_BATCH, _LAST_BATCH = 150, 1200
#: The highest rate of learning, and after which share of the training it is reached; then it falls to nothing.
_RATE, _WARM_UP = 0.002, 0.02
_DROPOUT = 0.18
#: Every how-manieth of the sentences that the treebank cuts into other words is also learned in its words.
_OTHER_WORDS = 3
#: Share of sentences that are learned a second time in the shape of a headline.
_HEADLINES = 0.06
#: Words that stay small in a headline.
_SMALL_WORD = 3


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed sentence: per word its text, tag (``UPOS|Penn``), head (the root is its own) and relation."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    tags: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]


def train(material: Material, folder: Path) -> dict[str, float]:
    """Train the parser and write it to ``folder/parser``.

    :returns: for the test part of each treebank, in our words and in its own, what :func:`evaluate` returns.
    """
    trees = [tree for name in _TRAINING for tree in read_trees(material.corpus(f"ud/{name}.conllu.gz"))]
    ours = [to_our_words(tree) for tree in trees]
    # Sentences whose words are others in the treebank ("do n't") are also learned as they are there.
    others = [tree for tree, cut in zip(trees, ours, strict=True) if tree.words != cut.words]
    network = train_network(ours + others[::_OTHER_WORDS])
    write_whole(folder / "parser" / NETWORK_FILE, network.to_bytes())
    figures: dict[str, float] = {}
    for name in ("en_ewt-test", "en_gum-open-test"):
        tested = list(read_trees(material.corpus(f"ud/{name}.conllu.gz")))
        for words, chosen in (("ours", [to_our_words(tree) for tree in tested]), ("theirs", tested)):
            figures |= {f"{name} {words} {figure}": value for figure, value in evaluate(network, chosen).items()}
    return figures


def read_trees(path: Path) -> Iterator[Tree]:
    """Read the sentences of a CoNLL-U file (gzip) with plain quotes and dashes."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for block in file.read().split("\n\n"):
            rows = [line.split("\t") for line in block.splitlines() if line and not line.startswith("#")]
            if rows:
                yield _tree(rows)


def _tree(rows: Sequence[Sequence[str]]) -> Tree:
    words, spaces, tags, heads, relations = [], [], [], [], []
    inside = 0  # the last word of the written word ("don't") whose parts are being read
    after = True
    for row in rows:
        number, form, upos, xpos, head, relation, misc = (row[i] for i in (0, 1, 3, 4, 6, 7, 9))
        space = "SpaceAfter=No" not in misc.split("|")
        if "-" in number:
            inside, after = int(number.partition("-")[2]), space
        elif number.isdigit():
            index = int(number)
            words.append(to_plain(form))
            spaces.append(space if index > inside else after and index == inside)
            tags.append(f"{upos}|{xpos}")
            heads.append(int(head) - 1 if head != "0" else index - 1)
            relations.append(relation if relation in _SUBTYPES else relation.partition(":")[0])
    spaces[-1] = False
    return Tree(tuple(words), tuple(spaces), tuple(tags), tuple(heads), tuple(relations))


def to_our_words(tree: Tree) -> Tree:
    """Cut a tree to the words that the extractor reads (:func:`graph.extract.tagging.split_words`).

    A word made of several ("don't") takes the place of the one nearest to the root; of a word that is parted
    ("10,000"), the first part takes its place and the others hang on it.
    """
    text, starts = "", []
    for word, space in zip(tree.words, tree.spaces, strict=True):
        starts.append(len(text))
        text += word + " " * space
    ends = [start + len(word) for start, word in zip(starts, tree.words, strict=True)]
    ours = list(split_words(text))
    depth = [_depth(tree.heads, i) for i in range(len(tree.words))]
    place = [-1] * len(tree.words)  # the word of ours that stands for a word of the tree
    stands_for: list[int] = []  # and the other way round; -1 for a further part of the word before
    at = 0
    for number, match in enumerate(ours):
        while at < len(ends) and ends[at] <= match.start():
            at += 1
        covered, j = [], at
        while j < len(starts) and starts[j] < match.end():
            if place[j] < 0:
                covered.append(j)
                place[j] = number
            j += 1
        stands_for.append(min(covered, key=lambda i: depth[i]) if covered else -1)
    spaces = [i + 1 < len(ours) and ours[i + 1].start() > m.end() for i, m in enumerate(ours)]
    heads, tags, relations = [], [], []
    first = 0
    for number, old in enumerate(stands_for):
        if old >= 0:
            first = number
            tags.append(tree.tags[old])
            heads.append(place[tree.heads[old]])
            relations.append(tree.relations[old])
        else:
            sign = not ours[number].group()[0].isalnum()
            tags.append("PUNCT|:" if sign else tags[first])
            heads.append(first)
            relations.append("punct" if sign else "flat")
    return Tree(tuple(m.group() for m in ours), tuple(spaces), tuple(tags), tuple(heads), tuple(relations))


def _depth(heads: Sequence[int], word: int) -> int:
    depth = 0
    while heads[word] != word:
        word, depth = heads[word], depth + 1
    return depth


def train_network(trees: Sequence[Tree], epochs: int = _EPOCHS) -> Network:
    """Train a network on sentences, some of them also in the shape of a headline.

    :param epochs: how often each sentence is seen.
    :returns: the network; the same trees in the same order give the same weights.
    """
    fix_random_seed(_SEED)
    chance = random.Random(_SEED)  # noqa: S311 - shuffles sentences
    trees = [tree for tree in trees if tree.words]
    trees += [_as_headline(tree) for tree in trees if chance.random() < _HEADLINES]
    network = Network()
    examples = [_example(network, tree) for tree in trees]
    network.words.initialize(lambda: examples)
    network.tagger.initialize(lambda: examples)
    network.parser.initialize(lambda: examples)
    optimizer = Adam(_RATE, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)
    components = (network.words, network.tagger, network.parser)
    learned, all_words = 0, epochs * sum(len(tree.words) for tree in trees)
    for _ in range(epochs):
        chance.shuffle(examples)
        waiting = deque(examples)
        while waiting:
            wanted = _FIRST_BATCH + (_LAST_BATCH - _FIRST_BATCH) * learned / all_words
            batch, size = [], 0
            while waiting and size < wanted:
                batch.append(waiting.popleft())
                size += len(batch[-1].x)
            learned += size
            done = learned / all_words
            optimizer.learn_rate = _RATE * min(done / _WARM_UP, 1 - done)
            for component in components:
                component.update(batch, drop=_DROPOUT)
            for component in components:
                component.finish_update(optimizer)
    with ExitStack() as averaged:
        for component in components:
            averaged.enter_context(component.model.use_params(optimizer.averages))
        return Network.from_bytes(network.to_bytes())


def _as_headline(tree: Tree) -> Tree:
    words = tuple(w[:1].upper() + w[1:] if i == 0 or len(w) > _SMALL_WORD else w for i, w in enumerate(tree.words))
    return replace(tree, words=words)


def _example(network: Network, tree: Tree) -> Example:
    gold = Doc(
        network.vocab, words=list(tree.words), spaces=list(tree.spaces), tags=list(tree.tags), heads=list(tree.heads),
        deps=["ROOT" if head == i else tree.relations[i] for i, head in enumerate(tree.heads)],
    )  # fmt: skip
    return Example(network.doc(tree.words), gold)


def evaluate(network: Network, trees: Iterable[Tree]) -> dict[str, float]:
    """Return the share of words that got what the treebank says of them.

    ``tag``: the universal part of speech; ``uas``: the head (unlabelled attachment score), ``las``: the head and the
    relation (labelled attachment score), both without punctuation.
    """
    trees = list(trees)
    counts = Counter[str]()
    for tree, found in zip(trees, network.parse([tree.words for tree in trees]), strict=True):
        rows = zip(tree.tags, tree.heads, tree.relations, found.tags, found.heads, found.relations, strict=True)
        for tag, head, relation, found_tag, found_head, found_relation in rows:
            counts["words"] += 1
            counts["tag"] += found_tag.partition("|")[0] == tag.partition("|")[0]
            if relation != "punct":
                counts["scored"] += 1
                counts["uas"] += found_head == head
                counts["las"] += (found_head, found_relation) == (head, relation)
    return {
        "tag": counts["tag"] / counts["words"],
        "uas": counts["uas"] / counts["scored"],
        "las": counts["las"] / counts["scored"],
    }
