"""Words of an article with what stands on them (entities, demonyms, times), and a light sense of verbs and nouns.

The parse is made when first asked for. Without it, closed word classes (``data/lexicons/word_classes.txt``), inflected
forms and the neighbours decide.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from graph.extract.learned.parser import Parse, parse_sentences
from graph.extract.lexicon import read_sections
from graph.extract.model import Organization, Person, Place, PlaceKind, Span, TimeExpression
from graph.extract.text import Document

__all__ = ["Named", "Parser", "Tagged", "Word", "parse_words", "split_words", "tag", "word_class"]

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|'s\b|n't\b|\w+(?:'(?!s\b)\w+)*|[^\w\s]")
_LANDS = (PlaceKind.COUNTRY, PlaceKind.REGION)
#: A headline has so many words at least that are longer than so many letters, and this share of them capitalised.
_TITLE_WORDS, _SMALL_WORD, _TITLE_CASE = 4, 3, 0.85


@dataclass(frozen=True, slots=True)
class Named:
    """What stands on some words: an entity by its name, or a country by its demonym.

    :param kind: ``person``, ``organization``, ``place`` or ``demonym``.
    """

    key: str
    kind: str
    span: Span


class Word(NamedTuple):
    """A word or sign. ``low`` is in lower case, with plain quotes and dashes; ``sentence`` counts from 0."""

    start: int
    end: int
    text: str
    low: str
    sentence: int

    @property
    def cap(self) -> bool:
        """Tell whether it begins with a capital letter."""
        return self.text[:1].isupper()


@cache
def word_class(name: str) -> frozenset[str]:
    """Return the words of a closed class of ``word_classes.txt``."""
    return frozenset(w for line in read_sections("word_classes.txt")[name] for w in line.split())


def split_words(plain: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """Take a text with plain quotes and dashes apart into words and signs.

    >>> [m.group() for m in split_words("Kim's U.S. trip can't wait.")]
    ['Kim', "'s", 'U.S.', 'trip', "can't", 'wait', '.']
    """
    return _WORD.finditer(plain, start, len(plain) if end is None else end)


class Tagged:
    """The words of a document, by number, with the names and times on them."""

    def __init__(
        self, document: Document, words: Sequence[Word], bounds: Sequence[tuple[int, int]],
        named: Sequence[Named], times: Sequence[TimeExpression], roles: Sequence[Span] = (),
        countries: frozenset[str] = frozenset(), regions: frozenset[str] = frozenset(), parser: "Parser | None" = None,
    ) -> None:  # fmt: skip
        self.document = document
        self.words = words
        #: First word and end of each sentence, by its number.
        self.bounds = bounds
        self.named = named
        self.times = times
        #: Keys of places that are countries; of places that are regions.
        self.countries = countries
        self.regions = regions
        self._parser = parser or parse_words
        self._starts = [w.start for w in words]
        self._lows, self._count = [w.low for w in words], len(words)
        self._at: dict[int, Named] = {}
        for name in named:
            for i in range(*self.cover(name.span)):
                held = self._at.get(i)
                if held is None or len(held.span.text) < len(name.span.text):
                    self._at[i] = name
        self._time_at: dict[int, TimeExpression] = {i: t for t in times for i in range(*self.cover(t.span))}
        self._in_role = {i for span in roles for i in range(*self.cover(span))}
        self._headline: dict[int, bool] = {}
        self._named_starts = [n.span.start for n in named]
        self._time_starts = [t.span.start for t in times]

    @cached_property
    def parse(self) -> Parse:
        """The parse of all sentences, by the numbers of the words."""
        return self._parser(self)

    def cover(self, span: Span) -> tuple[int, int]:
        """Return the numbers of the first word of a span and of the word after it."""
        first = bisect_right(self._starts, span.start) - 1
        if first < 0 or self.words[first].end <= span.start:
            first += 1
        return first, max(first, bisect_left(self._starts, span.end))

    def span(self, i: int, j: int) -> Span:
        """Return the span of the words ``[i, j)``; an empty range gives an empty span."""
        if i >= j:
            return Span(0, 0, "")
        return Span.of(self.document.text, self.words[i].start, self.words[j - 1].end)

    def name_at(self, i: int) -> Named | None:
        """Return the longest name that covers a word."""
        return self._at.get(i)

    def time_at(self, i: int) -> TimeExpression | None:
        """Return the time expression that covers a word."""
        return self._time_at.get(i)

    def in_role(self, i: int) -> bool:
        """Tell whether a word states a role of a person ("the U.S. secretary of state")."""
        return i in self._in_role

    def headline(self, sentence: int) -> bool:
        """Tell whether a sentence is printed in title case: capitals say nothing there."""
        if sentence not in self._headline:
            words = [w for w in self.words[slice(*self.bounds[sentence])] if len(w.text) > _SMALL_WORD]
            capitals = sum(w.cap for w in words)
            self._headline[sentence] = len(words) >= _TITLE_WORDS and capitals >= _TITLE_CASE * len(words)
        return self._headline[sentence]

    def names_between(self, start: int, end: int) -> Sequence[Named]:
        """Return the names that begin in ``[start, end)``, in order; also those inside longer names."""
        return self.named[bisect_left(self._named_starts, start) : bisect_left(self._named_starts, end)]

    def times_between(self, start: int, end: int) -> Sequence[TimeExpression]:
        """Return the time expressions that begin in ``[start, end)``, in order."""
        return self.times[bisect_left(self._time_starts, start) : bisect_left(self._time_starts, end)]

    def low(self, i: int) -> str:
        """Return a word in lower case; empty outside the article."""
        return self._lows[i] if 0 <= i < self._count else ""

    def previous(self, i: int, floor: int) -> int:
        """Return the number of the word before ``i`` that is no adverb; ``floor - 1`` if there is none."""
        i -= 1
        while (
            i >= floor and (self.low(i) in word_class("adverb") or self.low(i).endswith("ly")) and not self.name_at(i)
        ):
            i -= 1
        return i

    def is_verb(self, i: int) -> bool:
        """Tell whether an open-class word is used as a (finite or infinite) verb, judged by its form and neighbours."""
        low, floor = self.low(i), self.bounds[self.words[i].sentence][0]
        at = self.previous(i, floor)
        before = self.low(at) if at >= floor else ""
        after = self.low(i + 1)
        if before in ("to",) or before in word_class("modal") or before in ("do", "does", "did", "n't", "cannot"):
            return True
        if before in word_class("pronoun"):
            return True
        if low.endswith("ed") or low in word_class("irregular past"):
            if before in word_class("determiner") or before == "'s" or before in word_class("preposition"):
                return before in ("that", "all", "both", "as", "than") or after in word_class("after participle")
            return True
        if before in word_class("determiner") or before == "'s":
            return False
        if low.endswith("ing"):
            return (
                after in word_class("determiner")
                or after in word_class("object")
                or after in ("that", "with")
                or (self.name_at(i + 1) is not None and before in word_class("preposition"))
            )
        name = self.name_at(at) if at >= floor else None
        follows = (
            after in word_class("determiner") or after in word_class("object") or after in ("that", "to", "on", "in")
        )
        if name is not None:
            if name.kind == "person" and after in ("for", "with", "at", "next"):
                return True
            return name.kind != "demonym" and (
                follows or self.name_at(i + 1) is not None or after in word_class("adverb")
            )
        if before in word_class("preposition") or not before:
            return False
        return (follows and after not in ("to", "on", "in")) or (
            before in ("and", "or") and follows and at - 1 >= floor and self.low(at - 1).endswith(("ed", "s"))
        )


#: What parses the words of an article.
Parser = Callable[[Tagged], Parse]


def parse_words(tagged: Tagged) -> Parse:
    """Parse all sentences of an article with the parser that ships."""
    return parse_sentences([[word.text for word in tagged.words[i:j]] for i, j in tagged.bounds])


def tag(
    document: Document,
    entities: Iterable[Person | Organization | Place],
    demonyms: Iterable[tuple[Span, str]],
    times: Sequence[TimeExpression],
    parser: Parser = parse_words,
) -> Tagged:
    """Take an article apart into words and lay the names and times that were found on them.

    :param parser: what parses the words when a parse is asked for.
    """
    plain, text = document.plain, document.text
    words: list[Word] = []
    bounds: list[tuple[int, int]] = []
    for number, sentence in enumerate(document.sentences):
        first = len(words)
        words += (
            Word(m.start(), m.end(), text[m.start() : m.end()], m.group().lower(), number)
            for m in split_words(plain, sentence.start, sentence.end)
        )
        bounds.append((first, len(words)))
    entities = list(entities)
    named = [Named(e.key, _kind(e), s) for e in entities for s in e.mentions]
    named += [Named(key, "demonym", span) for span, key in demonyms]
    named.sort(key=lambda n: (n.span.start, -n.span.end, n.key))
    roles = [role.span for e in entities if isinstance(e, Person) for role in e.roles]
    kinds = {e.key: e.kind for e in entities if isinstance(e, Place)}
    countries, regions = (frozenset(k for k, v in kinds.items() if v == kind) for kind in _LANDS)
    return Tagged(
        document, words, bounds, named, sorted(times, key=lambda t: t.span), roles, countries, regions, parser
    )


def _kind(entity: Person | Organization | Place) -> str:
    return "person" if isinstance(entity, Person) else "organization" if isinstance(entity, Organization) else "place"
