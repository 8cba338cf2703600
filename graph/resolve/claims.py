"""Which claims, from many articles, quote the same words, and which nearly the same.

Claims of one speaker in the same words are one *quotation*: the claim that came out first stands for it, the others
repeat it. Quotations of one speaker that have most of their runs of four words in common ("shingles"; Broder 1997, On
the resemblance and containment of documents) are near-duplicates. Articles come, change and go one at a time: only the
quotations of that article and their near-duplicates are looked at again, found by the shingles that they share. The
outcome depends on which articles there are, never on their order.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import blake2b

from graph.extract.model import Extraction, Manner
from graph.resolve.codec import codec
from graph.resolve.shelf import Lookup, Room, Shelf, mark_of

__all__ = ["ClaimChange", "ClaimIndex", "ClaimLink", "Quotation", "Relation", "quotation_of", "quotations_in"]

#: Fewer words than these may be said twice by chance.
_SAME_WORDS = 6
_NEAR_WORDS = 8
_SHINGLE = 4
#: So much of the shorter quotation must be in the longer one.
_CONTAINED = 0.8
#: Stands before the words for a speaker without a key.
_UNKNOWN = "? "
# Punctuation is the editor's, not the speaker's; signs that are spoken are words.
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[%$€£]")


class Relation(StrEnum):
    """How a claim is linked."""

    #: To the claim that came out first with the same words.
    REPEATS = "repeats"
    #: To a claim that came out before with nearly the same words.
    DERIVED = "derived"
    #: To another article that has a claim with the same words.
    APPEARANCE = "appearance"


@dataclass(frozen=True, slots=True, order=True)
class ClaimLink:
    """A link of a claim.

    :param claim: key of the claim.
    :param other: key of what it leads to: a claim or an article.
    """

    claim: str
    relation: Relation
    other: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """What two claims have in common that quote the same words.

    :param speaker: keys of those who say it; of an unknown speaker the words for it.
    :param words: what is said, in lower case and without punctuation.
    """

    speaker: str
    words: str


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """Which links come and which go."""

    add: frozenset[ClaimLink] = frozenset()
    remove: frozenset[ClaimLink] = frozenset()

    def then(self, other: "ClaimChange") -> "ClaimChange":
        """Return what this change and another one after it come to."""
        add, remove = (self.add - other.remove) | other.add, self.remove | other.remove
        return ClaimChange(add, remove - add)


def quotation_of(manner: Manner, text: str, speakers: Iterable[str], speaker_words: str | None) -> Quotation | None:
    """Return what a claim is compared by; None if it is not in the speaker's words, too short, or of nobody.

    >>> quotation_of(Manner.DIRECT, "“We’ll meet again – in Lutz … soon.”", ["person/ana-petrova"], "she")
    Quotation(speaker='person/ana-petrova', words="we'll meet again in lutz soon")
    """
    known = " ".join(sorted(speakers)) or _UNKNOWN + " ".join(_words(speaker_words or ""))
    words = _words(text)
    if manner is Manner.INDIRECT or len(words) < _SAME_WORDS or known == _UNKNOWN:
        return None
    return Quotation(known, " ".join(words))


def quotations_in(extraction: Extraction) -> dict[str, Quotation]:
    """Return the quotations in an article: claim key -> what it is compared by."""
    known = {entity.key for entity in extraction.entities()}
    found: dict[str, Quotation] = {}
    for claim in extraction.claims:
        quotation = quotation_of(
            claim.manner,
            " ".join(span.text for span in claim.content),
            known.intersection(claim.speakers),
            claim.speaker_span.text if claim.speaker_span else None,
        )
        if quotation is not None:
            found[claim.key] = quotation
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).replace("’", "'").casefold())


@dataclass
class ClaimIndex:
    """The quotations of all articles, with the look-ups that linking needs. Belongs to the one writer.

    :param published: article key -> day of publication.
    :param room: where all that grows with the number of articles is kept: in memory as far as it was used last.
    """

    published: MutableMapping[str, date] = field(default_factory=dict)
    room: Room = field(default_factory=Room)

    def __post_init__(self) -> None:
        published: Shelf[str, date] = Shelf(self.room, codec(date))
        published.update(self.published)
        self.published = published
        #: Claim key -> digest of its quotation; and that -> the quotation, and the claims that have it.
        self._digests: Shelf[str, bytes] = Shelf(self.room, codec(bytes))
        having = codec(tuple[Quotation, frozenset[str]])
        self._claims: Shelf[bytes, tuple[Quotation, frozenset[str]]] = Shelf(self.room, having)
        self._by_article: Shelf[str, frozenset[str]] = Shelf(self.room, codec(frozenset[str]))
        #: Which quotations have which shingles.
        self._shingles = Lookup(self.room)
        #: Claim key -> its links.
        self._links: Shelf[str, frozenset[ClaimLink]] = Shelf(self.room, codec(frozenset[ClaimLink]))

    def __len__(self) -> int:
        """Return how much is kept: claims, and what they are looked up by."""
        return len(self._digests) + len(self._claims) + len(self._by_article) + len(self._shingles) + len(self._links)

    def fill(self, quotations: Mapping[str, Quotation], links: Iterable[ClaimLink]) -> None:
        """Take in quotations that are linked already.

        :param quotations: claim key -> quotation.
        """
        for key, quotation in quotations.items():
            self._add(key, quotation)
        for link in links:
            self._links[link.claim] = self._links.get(link.claim, frozenset()) | {link}

    def put(self, article: str, published: date | None, quotations: Mapping[str, Quotation]) -> ClaimChange:
        """Take in an article, in the place of what it said before; return which links this changes.

        :param quotations: claim key -> quotation, of all claims of the article that quote.
        """
        before = sorted(self._by_article.get(article, ()))
        touched = self._with_near(self._quotation(key) for key in before)
        for key in before:
            self._remove(key)
        self.published.pop(article, None)
        if published is not None and quotations:
            self.published[article] = published
        for key, quotation in quotations.items():
            self._add(key, quotation)
        touched |= self._with_near(quotations.values())
        old = {link for key in before for link in self._links.pop(key, ())}
        new: set[ClaimLink] = set()
        for quotation in touched:
            old |= {link for key in self._having(quotation) for link in self._links.pop(key, ())}
            for link in self._linked(quotation):
                new.add(link)
                self._links[link.claim] = self._links.get(link.claim, frozenset()) | {link}
        return ClaimChange(frozenset(new - old), frozenset(old - new))

    def withdraw(self, article: str) -> ClaimChange:
        """Take back all claims of an article; return which links this changes."""
        return self.put(article, None, {})

    def rename(self, article: str, names: Mapping[str, str]) -> ClaimChange:
        """Give other keys to people who speak in an article; return which links this changes.

        :param names: key -> the one that takes its place.
        """
        quotations = {key: self._quotation(key) for key in sorted(self._by_article.get(article, ()))}
        said = {
            key: replace(q, speaker=" ".join(sorted(names.get(speaker, speaker) for speaker in q.speaker.split(" "))))
            for key, q in quotations.items()
            if not q.speaker.startswith(_UNKNOWN)
        }
        return self.put(article, self.published.get(article), quotations | said)

    def links(self, article: str) -> frozenset[ClaimLink]:
        """Return the links of an article's claims."""
        return frozenset(link for key in self._by_article.get(article, ()) for link in self._links.get(key, ()))

    def _linked(self, quotation: Quotation) -> Iterator[ClaimLink]:
        """Yield the links of the claims of a quotation, as they follow from all articles."""
        claims = sorted(self._having(quotation), key=self._order)
        if not claims:
            return
        first, *later = claims
        for key in later:
            yield ClaimLink(key, Relation.REPEATS, first)
        for article in sorted({_article_of(key) for key in later} - {_article_of(first)}):
            yield ClaimLink(first, Relation.APPEARANCE, article)
        origins = (min(self._having(other), key=self._order) for other in self._near(quotation))
        # Whoever came out on the same day, or on an unknown one, follows nobody.
        earlier = [key for key in origins if self._day(key) < self._day(first) != date.max]
        if earlier:
            yield ClaimLink(first, Relation.DERIVED, min(earlier, key=self._order))

    def _day(self, claim: str) -> date:
        return self.published.get(_article_of(claim), date.max)

    def _order(self, claim: str) -> tuple[date, str, int, str]:
        article, _, number = claim.partition("/claim/")
        return (self._day(claim), article, int(number) if number.isdecimal() else 0, claim)

    def _with_near(self, quotations: Iterable[Quotation]) -> set[Quotation]:
        found = set(quotations)
        return found.union(*map(self._near, found))

    def _near(self, quotation: Quotation) -> Set[Quotation]:
        """Return the other quotations that have nearly the same words. Symmetric."""
        mine = _shingles(quotation)
        if not mine:
            return set()
        found: set[Quotation] = set()
        for digest, shared in self._shingles.sharing(mine).items():
            other = self._claims[digest][0]
            if other != quotation and shared >= _CONTAINED * min(len(mine), len(_shingles(other))):
                found.add(other)
        return found

    def _quotation(self, claim: str) -> Quotation:
        return self._claims[self._digests[claim]][0]

    def _having(self, quotation: Quotation) -> frozenset[str]:
        """Return the claims of a quotation."""
        found = self._claims.get(_digest(quotation))
        return found[1] if found else frozenset()

    def _add(self, key: str, quotation: Quotation) -> None:
        digest, having, article = _digest(quotation), self._having(quotation), _article_of(key)
        self._digests[key] = digest
        self._by_article[article] = self._by_article.get(article, frozenset()) | {key}
        if not having and (shingles := _shingles(quotation)):
            self._shingles.add(digest, shingles)
        self._claims[digest] = (quotation, having | {key})

    def _remove(self, key: str) -> None:
        quotation, article = self._quotation(key), _article_of(key)
        digest = self._digests.pop(key)
        told, left = self._by_article[article] - {key}, self._having(quotation) - {key}
        if told:
            self._by_article[article] = told
        else:
            del self._by_article[article]
        if left:
            self._claims[digest] = (quotation, left)
        else:
            del self._claims[digest]
            self._shingles.remove(digest, _shingles(quotation))


def _digest(quotation: Quotation) -> bytes:
    return blake2b(f"{quotation.speaker}\n{quotation.words}".encode(), digest_size=16).digest()


def _article_of(claim: str) -> str:
    return claim.partition("/claim/")[0]


def _shingles(quotation: Quotation) -> frozenset[int]:
    """Return the runs of four words of a quotation, as marks that those of no other speaker have."""
    words = quotation.words.split(" ")
    if len(words) < _NEAR_WORDS:
        return frozenset()
    return frozenset(
        mark_of(quotation.speaker, *words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)
    )
