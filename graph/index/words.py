"""Words as the search knows them, and what a reader asks for: words, "phrases" and prefix*.

The same function splits what is indexed, what is asked and what is highlighted, so that the three agree.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["GAP", "Part", "Question", "Word", "fold", "folded", "in_words", "marked", "split"]

#: Stands between two texts of one field, so that no phrase goes from one into the next. It is no word.
GAP = "|"
# Scripts without spaces: each sign is a word, and a name of several signs is a phrase.
_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGNS}]|(?:[^\W_{_SIGNS}][\u0300-\u036f]*)+")
_ASCII = re.compile(r"[a-z0-9]+")
_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question: words that must stand one after the other; the last may be the beginning of one.

    :param words: folded; none for what no text can have.
    """

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader looks for: all parts must be there."""

    parts: tuple[Part, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Question":
        """Read a question. Whatever is written makes one; what is punctuation only is passed over.

        >>> Question.read('Petrova "new chapter" zub*').parts[1:]
        (Part(words=('new', 'chapter'), prefix=False), Part(words=('zub',), prefix=True))
        >>> Question.read('" * ?').parts
        ()
        """
        parts: list[Part] = []
        for match in _ASKED.finditer(text):
            asked = match[1] if match[1] is not None else match[2]
            words = tuple(word.word for word in split(asked))
            if words:
                part = Part(words, asked.endswith("*"))
            elif all(c.isspace() or c.isascii() or unicodedata.category(c)[0] in "PMZC" for c in asked):
                continue
            else:
                part = Part(())
            if part not in parts:
                parts.append(part)
        return cls(tuple(parts))


def fold(word: str) -> str:
    """Return a word without case and accents.

    >>> fold("Lindqvíst"), fold("Straße")
    ('lindqvist', 'strasse')
    """
    if word.isascii():
        return word.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain)


def split(text: str) -> Iterator[Word]:
    """Yield the words of a text."""
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        if folded:
            yield Word(folded, match.start(), match.end())


def folded(text: str) -> list[str]:
    """Return the words of a text, folded; faster than :func:`split` where there is nothing but ASCII."""
    return _ASCII.findall(text.lower()) if text.isascii() else [word.word for word in split(text)]


def in_words(text: str) -> bytes:
    r"""Return the words of a text, each with a space before it: texts with words that begin so are found in one sweep.

    >>> in_words("Zoë Lindqvist, of Lutz")
    b' zoe lindqvist of lutz\n'
    """
    return f" {' '.join(folded(text))}\n".encode()


def marked(text: str, question: Question) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is what was asked for.

    >>> marked("Ana Petrova's visit", Question.read("petrova"))
    [('Ana ', False), ('Petrova', True), ("'s visit", False)]
    """
    words = list(split(text))
    hits = [False] * len(words)
    for part in question.parts:
        for at in range(len(words) - len(part.words) + 1):
            if part.words and _matches(words[at : at + len(part.words)], part):
                hits[at : at + len(part.words)] = [True] * len(part.words)
    pieces: list[tuple[str, bool]] = []
    done = 0
    at = 0
    while at < len(words):
        if hits[at]:
            last = at
            while last + 1 < len(words) and hits[last + 1]:
                last += 1
            if words[at].start > done:
                pieces.append((text[done : words[at].start], False))
            pieces.append((text[words[at].start : words[last].end], True))
            done, at = words[last].end, last
        at += 1
    if done < len(text):
        pieces.append((text[done:], False))
    return pieces


def _matches(words: Sequence[Word], part: Part) -> bool:
    *before, last = part.words
    if any(word.word != wanted for word, wanted in zip(words, before, strict=False)):
        return False
    return words[-1].word.startswith(last) if part.prefix else words[-1].word == last
