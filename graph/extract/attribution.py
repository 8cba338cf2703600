"""Who may have said it: names, nouns and pronouns around a statement, and whom a noun or pronoun may mean.

Which of them it is, is for :mod:`claims` to judge.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.extract.cues import Cue
from graph.extract.lexicon import role_heads
from graph.extract.model import Person, Span
from graph.extract.tagging import Named, Tagged, word_class

__all__ = ["LAST", "NOBODY", "Attribution", "Referent", "Source", "noun_phrase"]

#: Relations of what belongs to a noun phrase before its head, and behind it.
_LEFT = frozenset(
    {"det", "amod", "compound", "nummod", "nmod:poss", "advmod", "nmod", "flat", "nmod:unmarked", "det:predet"}
)
_RIGHT = frozenset({"nmod", "flat", "compound", "nummod"})
_WORDS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})
#: Prepositions of sources: "according to the survey".
_SOURCED = frozenset({"according", "per"})
_ROLES = frozenset({"nsubj", "nsubj:pass", "obl:agent", "nmod:poss", "nsubj:outer"})
#: Most sources on either side of a cue that are looked at; most words of a noun phrase.
_MOST, _PHRASE = 20, 18
#: How many entities a pronoun may mean, how many sentences back.
_REFERENTS, _BACK = 10, 12
#: Most words of the titles before a name, and of an acronym in brackets behind it.
_TITLE, _BRACKETS = 8, 4
_JOINTS = frozenset({"and", "nor", "&"})


@dataclass(frozen=True, slots=True)
class Source:
    """Words that may name a speaker: ``[first, last)`` around ``head``, and the entities that they are names of.

    Joint sources have keys only if all of them are named.

    :param kind: ``name``, ``pronoun``, ``noun``; ``last`` (who spoke last; without words), ``none`` (nobody is named).
    """

    kind: str
    first: int = -1
    last: int = -1
    head: int = -1
    keys: tuple[str, ...] = ()
    joint: bool = False


#: Nobody is named; who spoke last goes on speaking.
NOBODY, LAST = Source("none"), Source("last")


@dataclass(frozen=True, slots=True)
class Referent:
    """An entity that a pronoun or noun may mean, by its last mention before: a name at words ``[first, last)``.

    :param rank: how many other entities were named since.
    """

    key: str
    kind: str
    first: int
    last: int
    rank: int


def noun_phrase(tagged: Tagged, head: int) -> tuple[int, int]:
    """Return the words of the noun phrase of a head: from its first modifier to the end of what is joined with "of"."""
    parse = tagged.parse
    first = last = head
    for c in reversed(parse.children(head)):
        if c < first and parse.relation(c) in _LEFT and head - c < _PHRASE:
            low, high = parse.subtree(c)
            if high == first and low >= head - _PHRASE:
                first = low
    last = head + 1
    for c in parse.children(head):
        if c >= last and parse.relation(c) in _RIGHT:
            low, high = parse.subtree(c)
            if low == last and high - head < _PHRASE and tagged.low(low) not in (",", "(", "-"):
                last = high
    while first < head and tagged.low(first) in (",", '"', "("):
        first += 1
    return first, last


class Attribution:
    """Lists who may be the speaker of the statements of one article."""

    def __init__(self, tagged: Tagged, people: Sequence[Person]) -> None:
        self.tagged = tagged
        #: Words of the roles of each person.
        self.roles: dict[str, frozenset[str]] = {
            p.key: frozenset(w for r in p.roles for w in r.span.text.lower().split()) for p in people
        }
        #: Words of the names of each entity, and how often it is named.
        self.names: dict[str, frozenset[str]] = {}
        self.count: dict[str, int] = {}
        for n in tagged.named:
            if n.kind == "demonym":
                continue
            self.names[n.key] = self.names.get(n.key, frozenset()) | frozenset(n.span.text.lower().split())
            self.count[n.key] = self.count.get(n.key, 0) + 1
        #: In which order entities are first named.
        self.order = {key: n for n, key in enumerate(self.count)}
        self._sources: dict[int, list[Source]] = {}

    def sources(self, sentence: int) -> list[Source]:
        """Return the names, nouns and pronouns of a sentence that may be a speaker, in order."""
        if sentence not in self._sources:
            self._sources[sentence] = sorted(self._find(sentence), key=lambda s: s.head)
        return self._sources[sentence]

    def among(self, cue: Cue | None, parts: Sequence[tuple[int, int]]) -> list[Source]:
        """Return who may be the speaker of a statement: nobody, who spoke last, and the sources around it.

        :param cue: the cue, None of a quotation without one; then the sentences around it count too.
        :param parts: the words of the statement.
        """
        words = self.tagged.words
        if cue is not None:
            near, at = [cue.sentence], cue.first
        else:
            at = parts[0][0]
            first, last = words[at].sentence, words[parts[-1][1] - 1].sentence
            near = sorted({max(0, first - 1), first, last})
        found: list[Source] = []
        for number in near:
            sources = self.sources(number)
            middle = bisect_left(sources, at, key=lambda s: s.head)
            found += sources[max(0, middle - _MOST) : middle + _MOST]
        return [NOBODY, LAST, *found]

    def _find(self, sentence: int) -> Iterator[Source]:
        tagged, parse = self.tagged, self.tagged.parse
        first, end = tagged.bounds[sentence]
        k = first
        while k < end:
            name, low = tagged.name_at(k), tagged.low(k)
            if name is not None and name.kind != "demonym" and name.span.start == tagged.words[k].start:
                i, j = tagged.cover(name.span)
                head = next((h for h in range(i, j) if not i <= parse.head(h) < j or parse.head(h) == h), j - 1)
                yield self._joined(Source("name", i, j, head, (name.key,)))
                k = max(j, k + 1)
                continue
            if low in word_class("speaking pronoun"):
                yield Source("pronoun", k, k + 1, k)
            elif parse.tag(k) in _WORDS and low[:1].isalnum() and tagged.time_at(k) is None and self._may_speak(k):
                yield self._joined(Source("noun", *noun_phrase(tagged, k), k))
            k += 1

    def _may_speak(self, k: int) -> bool:
        tagged, parse, low = self.tagged, self.tagged.parse, self.tagged.low(k)
        name = tagged.name_at(k)
        if low in ("who", "which", "that"):
            return False
        if low in word_class("source") or low in role_heads() or (name is not None and name.kind == "demonym"):
            return parse.relation(k) not in ("amod", "compound", "det")
        return parse.relation(k) in _ROLES or any(tagged.low(c) in _SOURCED for c in parse.children(k))

    def _joined(self, source: Source) -> Source:
        """Take in what a source is joined with: "Petrova, Novak and the ministry"."""
        tagged, parse = self.tagged, self.tagged.parse
        last, keys = source.last, source.keys
        named, joint = bool(keys), False
        for c in self._conjuncts(source):
            if c >= last and c - last < _PHRASE and parse.tag(c) in ("PROPN", "NOUN", "PRON"):
                low, high = parse.subtree(c)
                if low > last + 1 or not any(tagged.low(m) in ("and", ",", "&") for m in range(last, c)):
                    break
                name = self._titled(c)
                if name is not None and name.kind != "demonym":
                    high = tagged.cover(name.span)[1]
                    keys = (*keys, name.key)
                else:
                    high, named = noun_phrase(tagged, c)[1], False
                last, joint = max(last, high), True
        if named and (more := self._listed(source)) and len(more[0]) + 1 > len(keys):
            keys, last, joint = (*source.keys, *more[0]), more[1], True
        return Source(source.kind, source.first, last, source.head, tuple(dict.fromkeys(keys)) if named else (), joint)

    def _conjuncts(self, source: Source) -> list[int]:
        """Return the heads that the parse joins with a source, or with the title before its name."""
        parse = self.tagged.parse
        heads = [source.head]
        title = parse.head(source.head)
        if source.keys and source.first - _TITLE < title < source.first and self.tagged.in_role(title):
            heads.append(title)
        return sorted(c for head in heads for c in parse.children(head) if parse.relation(c) == "conj")

    def _titled(self, k: int) -> Named | None:
        """Return the name that a word belongs to, or that it is the title of: "President" of "President Novak"."""
        tagged = self.tagged
        end = min(k + _TITLE, tagged.bounds[tagged.words[k].sentence][1])
        for m in range(k, end):
            name = tagged.name_at(m)
            if name is not None and name.kind == "person":
                return name
            if name is None and not tagged.in_role(m) and tagged.low(m) not in role_heads():
                break
        return tagged.name_at(k)

    def _listed(self, source: Source) -> tuple[list[str], int] | None:
        """Return the keys of the names that follow a name in a list, and its end: "Petrova, Novak, and Mr. Harding"."""
        tagged = self.tagged
        first = tagged.name_at(source.head)
        end = tagged.bounds[tagged.words[source.head].sentence][1]
        keys: list[str] = []
        k = source.first if first is None else self._behind(first, end)
        while first is not None and k < end:
            comma = tagged.low(k) == ","
            shut = tagged.low(k + comma) in _JOINTS
            at = k + comma + shut
            if not (comma or shut) or at >= end or (shut and comma and not keys):
                return None
            at += tagged.low(at) == "the"
            name = self._titled(at) if at < end else None
            if name is None or (name.kind == "person") != (first.kind == "person") or name.kind == "demonym":
                return None
            keys.append(name.key)
            k = self._behind(name, end)
            if shut:
                return keys, k
        return None

    def _behind(self, name: Named, end: int) -> int:
        """Return the word behind a name and an acronym in brackets."""
        k = self.tagged.cover(name.span)[1]
        if k < end and self.tagged.low(k) == "(":
            return next((m + 1 for m in range(k, min(end, k + _BRACKETS)) if self.tagged.low(m) == ")"), k)
        return k

    def referents(self, source: Source) -> list[Referent]:
        """Return the entities that are named in a noun phrase or last before it, nearest first."""
        tagged = self.tagged
        at, end = source.head, source.last
        sentence = tagged.words[at].sentence
        found: dict[str, Referent] = {}
        start = tagged.words[tagged.bounds[max(0, sentence - _BACK)][0]].start
        for name in reversed(tagged.names_between(start, tagged.words[end - 1].end)):
            if name.key not in found and (name.kind != "demonym" or name.key in self.count):
                i, j = tagged.cover(name.span)
                if j <= end:
                    found[name.key] = Referent(name.key, name.kind, i, j, len(found))
                    if len(found) >= _REFERENTS:
                        break
        return list(found.values())

    def span(self, source: Source) -> Span | None:
        """Return the words of a source; None if it has none."""
        return self.tagged.span(source.first, source.last) if source.first >= 0 else None
