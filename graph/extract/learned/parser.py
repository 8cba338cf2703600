"""The parse of an article: tag, head and relation (Universal Dependencies) of each of its words.

The parser is the spaCy network of ``data/model/parser``, trained by ``graph/training/parser.py`` and read when an
article first asks for it.
"""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from graph.extract.learned.quick_import import no_collection, no_spacy_commands, one_thread
from graph.extract.text import to_plain
from graph.files import data_path

if TYPE_CHECKING:
    from graph.extract.learned.network import Network

__all__ = ["NETWORK_FILE", "Parse", "parse_sentences"]

#: The file of weights and labels in ``data/model/parser``.
NETWORK_FILE = "network.msgpack"
#: A sentence of more words is parsed in pieces, so that time and memory stay linear in the text.
_LONGEST = 200
#: Words that are parsed at once.
_BATCH = 1000


class Parse:
    """Tags and trees over the words of an article, by their numbers.

    :param tags: per word, its universal and its Penn tag (``VERB|VBD``).
    :param heads: per word, the number of its head; a root is its own head.
    :param relations: per word, its relation to its head (``nsubj``, ``obl``, ``acl:relcl``); ``root`` of a root.
    """

    def __init__(self, tags: Sequence[str], heads: Sequence[int], relations: Sequence[str]) -> None:
        self._universal, self._forms = [t.partition("|")[0] for t in tags], [t.partition("|")[2] for t in tags]
        self._heads = heads
        self._relations = relations

    def head(self, i: int) -> int:
        """Return the number of the word that a word hangs on; a root hangs on itself."""
        return self._heads[i]

    def relation(self, i: int) -> str:
        """Return the relation of a word to its head: a Universal Dependencies relation, ``root`` or ``dep``."""
        return self._relations[i]

    def tag(self, i: int) -> str:
        """Return the universal part of speech of a word (``VERB``, ``PROPN``)."""
        return self._universal[i]

    def form(self, i: int) -> str:
        """Return the Penn tag of a word, which tells forms of verbs and nouns apart (``VBD``, ``VBN``, ``NNS``)."""
        return self._forms[i]

    def children(self, i: int) -> Sequence[int]:
        """Return the words that hang on a word, in order."""
        return self._children[i]

    def subtree(self, i: int) -> tuple[int, int]:
        """Return the first word, and the word after the last, of what a word governs, itself included."""
        return self._covers[i]

    @cached_property
    def _children(self) -> list[list[int]]:
        children: list[list[int]] = [[] for _ in self._heads]
        for i, head in enumerate(self._heads):
            if head != i:
                children[head].append(i)
        return children

    @cached_property
    def _covers(self) -> list[tuple[int, int]]:
        order = [i for i, head in enumerate(self._heads) if head == i]
        for i in order:  # grows: words after their heads
            order += self._children[i]
        covers = [(i, i + 1) for i in range(len(self._heads))]
        for i in reversed(order):
            head = self._heads[i]
            covers[head] = min(covers[head][0], covers[i][0]), max(covers[head][1], covers[i][1])
        return covers


def parse_sentences(sentences: Sequence[Sequence[str]]) -> Parse:
    """Parse the sentences of an article, given as words; the words are numbered through."""
    network = _network()
    tags: list[str] = []
    heads: list[int] = []
    relations: list[str] = []
    for batch in _batches(sentences):
        for found in network.parse(batch):
            first = len(heads)
            tags += found.tags
            heads += (first + head for head in found.heads)
            relations += found.relations
    return Parse(tags, heads, relations)


@cache
def _network() -> "Network":
    # Imported when a parse is asked for: spaCy takes longer to load than all the rest.
    with no_spacy_commands(), one_thread(), no_collection():
        from graph.extract.learned.network import Network

        return Network.from_bytes(data_path("model", "parser", NETWORK_FILE).read_bytes())


def _batches(sentences: Sequence[Sequence[str]]) -> Iterator[list[list[str]]]:
    batch: list[list[str]] = []
    size = 0
    for sentence in sentences:
        for start in range(0, len(sentence), _LONGEST):
            piece = [to_plain(word) for word in sentence[start : start + _LONGEST]]
            if size + len(piece) > _BATCH:
                yield batch
                batch, size = [], 0
            batch.append(piece)
            size += len(piece)
    if batch:
        yield batch
