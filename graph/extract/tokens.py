"""Words of an article as name finding sees them: tokens with their case and place, and phrases of tokens."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from graph.extract.lexicon import read_words
from graph.extract.model import Span
from graph.extract.text import Document

__all__ = ["Phrases", "Token", "span_of", "tokenize", "words_of"]

T = TypeVar("T")

# Abbreviations of letters ("U.S."), words with inner apostrophes ("O'Neill") without the possessive, any other sign.
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|'s\b|[^\W_]+(?:'(?!s\b)[^\W_]+)*|[^\w\s]|_")
#: A "word" longer than this is no name, whatever its case (a URL, a line of a table, noise).
_LONGEST = 40
#: From this share of capitalised words on, a line is printed in title case: capitals say nothing there.
_TITLE_CASE = 0.8


class Token(NamedTuple):
    """A word or sign; a tuple, which is made faster than any other value of several names.

    :param cap: begins with a capital and may be (part of) a name.
    :param first: first word of its sentence or quotation, where a capital says nothing.
    :param headline: stands in a line printed in title case or capitals.
    :param tight: nothing stands between it and the token before.
    :param line: number of its paragraph; no name goes over the end of one.
    """

    start: int
    end: int
    text: str
    cap: bool
    first: bool
    headline: bool
    tight: bool
    line: int

    @property
    def low(self) -> str:
        """The word in lower case."""
        return self.text.casefold()


def words_of(text: str) -> tuple[str, ...]:
    """Return the token texts of a name, as :func:`tokenize` would part it.

    >>> words_of("U.S.-China Board of Trade")
    ('U.S.', '-', 'China', 'Board', 'of', 'Trade')
    """
    return tuple(_TOKEN.findall(text))


def span_of(document: Document, tokens: Sequence[Token], i: int, j: int) -> Span:
    """Return the span of the tokens ``[i, j)`` in the article's own text."""
    return Span.of(document.text, tokens[i].start, tokens[j - 1].end)


def tokenize(document: Document) -> list[Token]:
    """Take the plain text of an article apart into tokens, paragraph by paragraph."""
    plain = document.plain
    starts = [s.start for s in document.sentences]
    tokens: list[Token] = []
    for number, paragraph in enumerate(document.paragraphs):
        matches = list(_TOKEN.finditer(plain, paragraph.start, paragraph.end))
        headline = _is_headline(matches, plain[paragraph.end - 1] if paragraph.end else "")
        next_sentence = bisect_right(starts, paragraph.start - 1)
        end, fresh = -1, True
        for m in matches:
            word, start = m.group(), m.start()
            if word == "-" and document.text[start] == "\u2014":
                word = "\u2014"  # a dash between clauses joins no names
            if next_sentence < len(starts) and start >= starts[next_sentence]:
                fresh, next_sentence = True, next_sentence + 1
            letter = word[0].isalpha()
            cap = letter and (word[0].isupper() or (word[1:2] == "'" and word[2:3].isupper())) and len(word) <= _LONGEST
            tokens.append(Token(start, m.end(), word, cap, fresh and letter, headline, start == end, number))
            fresh = fresh and not letter if letter else fresh or word in '":•'
            end = m.end()
    return tokens


def _is_headline(matches: Sequence[re.Match[str]], last: str) -> bool:
    words = [m.group() for m in matches if m.group()[0].isalpha() and len(m.group()) > 1]
    if len(words) < 3 or last in '.!?,"':
        return False
    small = read_words("function_words.txt") | {"a", "an", "and", "the", "of", "to"}
    content = [w for w in words if w.casefold() not in small]
    return bool(content) and sum(w[0].isupper() for w in content) >= _TITLE_CASE * len(content)


class Phrases(Generic[T]):
    """Names of several words, found in one step per token (a trie). Case counts, but CAPITALS match a name too."""

    def __init__(self, entries: Iterable[tuple[str, T]] = ()) -> None:
        self._root: dict[str, dict[str, object]] = {}
        self._values: dict[tuple[str, ...], T] = {}
        for phrase, value in entries:
            self.add(words_of(phrase), value)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, words: object) -> bool:
        return words in self._values

    def get(self, words: tuple[str, ...]) -> T | None:
        """Return the value of exactly these words."""
        return self._values.get(words)

    def add(self, words: tuple[str, ...], value: T) -> None:
        """Add a name, unless the same words stand for something already."""
        if not words or words in self._values:
            return
        self._values[words] = value
        node = self._root
        for word in words:
            node = node.setdefault(word, {})  # type: ignore[assignment]

    def match(self, tokens: Sequence[Token], i: int) -> tuple[int, T] | None:
        """Return the end and the value of the longest name that begins at token ``i``."""
        token = tokens[i]
        if token.text not in self._root and not token.headline:
            return None  # most words
        node, found, line = self._root, None, token.line
        path: tuple[str, ...] = ()
        j = i
        while j < len(tokens) and tokens[j].line == line:
            word = tokens[j].text
            if word not in node:
                word = word.capitalize() if len(word) > 3 and word.isupper() and tokens[j].headline else ""
                if word not in node:
                    break
            node = node[word]  # type: ignore[assignment]
            path = (*path, word)
            j += 1
            if path in self._values:
                found = (j, self._values[path])
        return found
