"""Turns trees in the CLEAR style, which spaCy's own English pipelines draw, into Universal Dependencies.

The two differ in what hangs on what: CLEAR hangs a noun on its preposition, what is said of a subject on its copula,
and each conjunct on the one before it. Other relations have other names (``data/lexicons/clear_relations.tsv``).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache

from graph.extract.lexicon import read_table

__all__ = ["is_clear", "to_universal"]

_BE = frozenset({"be", "am", "is", "are", "was", "were", "been", "being", "'s", "'re", "'m"})
_VERBAL = frozenset({"VERB", "AUX", "ADJ", "ADV"})


def is_clear(relations: Collection[str]) -> bool:
    """Tell whether the relations that a parser knows are of the CLEAR style."""
    return "pobj" in relations and "dobj" in relations


@cache
def _names() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("clear_relations.tsv", 2)}


def to_universal(
    words: Sequence[str], tags: Sequence[str], heads: Sequence[int], relations: Sequence[str]
) -> tuple[list[int], list[str]]:
    """Return heads and relations in Universal Dependencies.

    :param words: in lower case.
    :param tags: universal parts of speech.
    :param heads: the number of each word's head; a root is its own.

    >>> words, tags = ["they", "met", "in", "vienna"], ["PRON", "VERB", "ADP", "PROPN"]
    >>> to_universal(words, tags, [1, 1, 1, 2], ["nsubj", "ROOT", "prep", "pobj"])
    ([1, 1, 3, 1], ['nsubj', 'root', 'case', 'obl'])
    """
    named = ["root" if head == i else relation for i, (head, relation) in enumerate(zip(heads, relations, strict=True))]
    tree = _Tree(words, tags, list(heads), named)
    tree.raise_objects()
    tree.raise_predicates()
    tree.flatten_conjuncts()
    return tree.heads, [_names().get(r, r) for r in tree.relations]


class _Tree:
    def __init__(self, words: Sequence[str], tags: Sequence[str], heads: list[int], relations: list[str]) -> None:
        self.words, self.tags = words, tags
        self.heads, self.relations = heads, relations
        self.children: dict[int, list[int]] = defaultdict(list)
        for i, head in enumerate(heads):
            if head != i:
                self.children[head].append(i)

    def _hang(self, i: int, head: int, relation: str) -> None:
        if self.heads[i] != i:
            self.children[self.heads[i]].remove(i)
        self.heads[i], self.relations[i] = head, relation
        if head != i:
            self.children[head].append(i)

    def _swap(self, i: int, relation: str, own: str) -> None:
        """Put a word in the place of its head, and the head, with all that hangs on it, below the word.

        :param relation: of the word to its new head.
        :param own: of the old head to the word.
        """
        old = self.heads[i]
        above = self.heads[old] if self.heads[old] != old else i
        self._hang(i, above, relation)
        for child in list(self.children[old]):
            if child != i:
                self._hang(child, i, self.relations[child])
        self._hang(old, i, own)

    def raise_objects(self) -> None:
        """Hang nouns where their prepositions hang: ``met <- in <- Vienna`` becomes ``met <- Vienna <- in``."""
        for i, relation in enumerate(self.relations):
            if relation not in ("pobj", "pcomp") or self.relations[self.heads[i]] not in ("prep", "agent", "dative"):
                continue
            if self.heads[i] == i or self.heads[self.heads[i]] == self.heads[i]:
                continue
            verbal = self.tags[self.heads[self.heads[i]]] in _VERBAL
            if relation == "pobj":
                self._swap(i, "obl" if verbal else "nmod", "case")
            else:
                self._swap(i, "advcl" if verbal else "acl", "mark")

    def raise_predicates(self) -> None:
        """Let what is said of a subject govern the copula: ``is <- minister`` becomes ``minister <- is``."""
        for i, relation in enumerate(self.relations):
            head = self.heads[i]
            if relation in ("attr", "acomp") and head != i and self.words[head] in _BE:
                self._swap(i, self.relations[head], "cop")

    def flatten_conjuncts(self) -> None:
        """Hang all conjuncts on the first, and a conjunction on the conjunct behind it."""
        for i, relation in enumerate(self.relations):
            if relation == "cc":
                after = (c for c in sorted(self.children[self.heads[i]]) if c > i and self.relations[c] == "conj")
                if (conjunct := next(after, None)) is not None:
                    self._hang(i, conjunct, "cc")
        for i in range(len(self.heads)):
            while self.relations[i] == "conj" and self.relations[self.heads[i]] == "conj":
                self._hang(i, self.heads[self.heads[i]], "conj")
