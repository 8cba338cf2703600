"""Who says it: the speaker of a reporting word, by its place in the sentence; pronouns and nouns resolved."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.extract.cues import Cue
from graph.extract.lexicon import role_heads
from graph.extract.model import Person, Span
from graph.extract.tagging import Named, Tagged, word_class

__all__ = ["Attribution", "Speaker"]

_HE = frozenset({"he", "she"})
_LINKS = frozenset({"of", "for", "from", "in", "at", "to", "with", "on", "by", "within", "inside", "among"})
_SUBJECTS = frozenset({"he", "she", "they", "it", "we", "i"})
_BODY = frozenset(
    {
        "government",
        "administration",
        "regime",
        "leadership",
        "ministry",
        "delegation",
        "authorities",
        "side",
        "republic",
        "kingdom",
    }
)
#: How many words of a sentence are looked at for its subject and for an antecedent; how many characters back a noun
#: may refer.
_BACK, _FAR, _REACH = 60, 200, 4000


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who makes a statement: keys of those that are named (none if unknown), and the words nearest the cue."""

    keys: tuple[str, ...] = ()
    span: Span | None = None


class Attribution:
    """Finds speakers in one article. Ask in the order of the text: pronouns look back to who was last spoken of."""

    def __init__(self, tagged: Tagged, people: Sequence[Person]) -> None:
        self._tagged = tagged
        self._last_person: tuple[int, str] | None = None
        self._roles: list[tuple[str, str]] = [(r.span.text.lower(), p.key) for p in people for r in p.roles]

    def remember(self, speaker: Speaker, offset: int) -> None:
        """Note who spoke last, for the pronouns that follow."""
        for key in speaker.keys[:1]:
            if key.startswith("person/"):
                self._last_person = (offset, key)

    def before(self, cue: Cue) -> Speaker:
        """Return the speaker whose name or noun stands before a reporting verb."""
        tagged = self._tagged
        first, _ = tagged.bounds[cue.sentence]
        k = self._skip(cue.first, first)
        if k < first:
            return self.implied(cue)
        low = tagged.low(k)
        if low in ("who", "which"):
            k = self._skip(k, first, comma=True)
            return self._phrase(k, first) or self.subject(cue.sentence, cue.first)
        if low in (",", ")", "-") and not cue.span.text.endswith("ing"):
            opened = self._apposition(k, first)
            if opened is not None and (found := self._phrase(opened, first)):
                inner = tagged.name_at(k - 1)  # "One senator, Ana Petrova, said"
                if not found.keys and inner is not None and inner.kind == "person":
                    return Speaker((inner.key,), inner.span)
                return found
        if low in _SUBJECTS:
            return self._pronoun(k)
        if low in (
            "and",
            "or",
            ",",
            "to",
            "that",
            "but",
            "by",
            "not",
            "in",
            "for",
            "of",
            "while",
            "after",
            "before",
            "when",
        ):
            return self.subject(cue.sentence, cue.first)
        return self._phrase(k, first) or self.subject(cue.sentence, cue.first)

    def after(self, start: int, end: int) -> Speaker:
        """Return the speaker whose name begins at word ``start`` ("said Ana Petrova", "according to ...")."""
        tagged = self._tagged
        if start >= end:
            return Speaker()
        if tagged.low(start) in _SUBJECTS | {"him", "her", "them"}:
            return self._pronoun(start)
        stop = start
        while stop < min(end, start + _BACK) and tagged.low(stop) not in (
            ",",
            ";",
            ".",
            ":",
            '"',
            "(",
            "who",
            "that",
            "which",
        ):
            stop += 1
        found: list[Named] = []
        for name in tagged.names_between(tagged.words[start].start, tagged.words[stop - 1].end) if stop > start else ():
            if not found or name.span.start >= found[-1].span.end:
                found.append(name)
        people = [n for n in found if n.kind == "person"]
        inner = tagged.name_at(stop + 1)  # "according to the mayor, Ana Petrova, ..."
        if not people and tagged.low(stop) == "," and inner is not None and inner.kind == "person":
            at = tagged.cover(inner.span)
            if at[0] == stop + 1 and tagged.low(at[1]) in (",", ".", "(") and tagged.low(stop - 1) in role_heads():
                return Speaker((inner.key,), inner.span)
        if people:
            joint = [people[0]]
            for other in people[1:]:
                if tagged.document.plain[joint[-1].span.end : other.span.start].strip() in ("and", ","):
                    joint.append(other)
            keys = tuple(dict.fromkeys(n.key for n in joint))
            return Speaker(keys, Span.of(tagged.document.text, joint[0].span.start, joint[-1].span.end))
        named = [n for n in found if n.kind in ("organization", "place")]
        if named and tagged.cover(named[0].span)[0] - start <= 2:
            at = tagged.cover(named[0].span)
            if at[1] >= stop or tagged.low(at[1]) in _LINKS or not tagged.low(at[1])[0].isalpha():
                return Speaker((named[0].key,), named[0].span)
        if stop > start:
            span = tagged.span(start, min(stop, start + 14))
            return Speaker(self._nominal(start, min(stop, start + 14)), span)
        return Speaker()

    def subject(self, sentence: int, limit: int) -> Speaker:
        """Return the subject of a sentence: its first name, pronoun or noun phrase outside a prepositional phrase."""
        tagged = self._tagged
        first, _ = tagged.bounds[sentence]
        for i in range(first, min(limit, first + _BACK)):
            low = tagged.low(i)
            if low in _SUBJECTS:
                return self._pronoun(i)
            name = tagged.name_at(i)
            if name is None or name.span.start != tagged.words[i].start:
                continue
            before = tagged.low(i - 1) if i > first else ""
            if before in word_class("determiner"):
                before = tagged.low(i - 2) if i - 1 > first else ""
            if before in word_class("preposition"):
                continue
            end = self._phrase_end(tagged.cover(name.span)[1], limit)
            if tagged.low(end) == "'s":
                continue
            titled = tagged.name_at(end)  # "Zubrowkan Prime Minister Ana Petrova"
            if titled is not None and titled.kind == "person" and end < limit:
                end = tagged.cover(titled.span)[1]
            if found := self._phrase(end - 1, first):
                return found
        return self._noun_subject(first, limit)

    def _phrase_end(self, k: int, limit: int) -> int:
        """Return where a phrase ends that a name begins: after "officials" in "Zubrowkan officials"."""
        tagged = self._tagged
        for at in range(k + (tagged.low(k) == "'s"), min(limit, k + 4)):
            if tagged.low(at) in word_class("source") or tagged.low(at) in role_heads():
                return at + 1
            if not self._is_noun(at):
                break
        return k

    def implied(self, cue: Cue) -> Speaker:
        """Return the speaker of a verb that begins its sentence: who stands next in it."""
        return (
            self.subject(cue.sentence, self._tagged.bounds[cue.sentence][1])
            if cue.span.text.endswith("ing")
            else Speaker()
        )

    def last(self) -> Speaker:
        """Return who spoke last, without words of their own (a quotation that goes on)."""
        return Speaker((self._last_person[1],)) if self._last_person else Speaker()

    def _noun_subject(self, first: int, limit: int) -> Speaker:
        tagged = self._tagged
        for i in range(first, min(limit, first + 25)):
            before = tagged.low(i - 1) if i > first else ""
            if tagged.low(i) in (
                "the",
                "some",
                "many",
                "several",
                "two",
                "three",
                "a",
                "an",
                "these",
            ) and before not in word_class("preposition"):
                j = i + 1
                while j < limit and self._is_noun(j):
                    j += 1
                if j > i + 1:
                    return Speaker(self._nominal(i, j), tagged.span(i, j))
        return Speaker()

    def _skip(self, i: int, floor: int, *, comma: bool = False) -> int:
        tagged = self._tagged
        k = i - 1
        while k >= floor:
            low = tagged.low(k)
            skip = (
                low in word_class("auxiliary")
                or low in word_class("modal")
                or low in word_class("adverb")
                or low.endswith("ly")
            )
            if tagged.time_at(k) is not None and tagged.name_at(k) is None:
                skip = True
            if (skip and tagged.name_at(k) is None) or (comma and low == ","):
                k -= 1
            else:
                break
        return k

    def _apposition(self, k: int, floor: int) -> int | None:
        """Return the last word before an insertion that ends at ``k``: "Petrova, the minister, said"."""
        tagged = self._tagged
        if tagged.low(k) not in (",", ")"):
            return None
        opening = "(" if tagged.low(k) == ")" else ","
        for i in range(k - 1, max(floor, k - 25) - 1, -1):
            if tagged.low(i) == opening:
                return i - 1 if i > floor else None
        return None

    def _phrase(self, k: int, floor: int) -> Speaker | None:
        """Return the speaker of the noun phrase that ends at word ``k``."""
        tagged = self._tagged
        if k < floor:
            return None
        name = tagged.name_at(k)
        if tagged.low(k) in _SUBJECTS:
            return self._pronoun(k)
        if name is not None and tagged.low(k) != "'s":
            i, j = tagged.cover(name.span)
            before = i - 1
            while before >= floor and tagged.low(before) in word_class("determiner"):
                before -= 1
            if before > floor and tagged.low(before) in _LINKS and name.kind != "person":
                if head := self._phrase(before - 1, floor):
                    return Speaker(
                        head.keys,
                        Span.of(tagged.document.text, head.span.start, name.span.end)
                        if head.span and not head.keys
                        else head.span,
                    )
                return None
            if name.kind == "demonym":
                some = i > floor and tagged.low(i - 1) in ("many", "some", "most", "few", "several", "other")
                start = i - 1 if some or (i > floor and tagged.low(i - 1) in ("the", "both")) else i
                return Speaker((), tagged.span(start, j))
            joint = self._joined(name, before, floor)
            keys = tuple(dict.fromkeys(n.key for n in joint))
            return Speaker(keys, Span.of(tagged.document.text, joint[0].span.start, name.span.end))
        if not self._is_noun(k):
            return None
        start = k
        while start > floor and k - start < 7 and self._joins(start - 1):
            start -= 1
        if start > floor and tagged.low(start - 1) in word_class("determiner"):
            start -= 1
        return Speaker(self._nominal(start, k + 1), tagged.span(start, k + 1))

    def _joined(self, name: Named, before: int, floor: int) -> list[Named]:
        """Return the names that stand with a name in one subject: "Petrova, Novak and Kranz"."""
        tagged, found = self._tagged, [name]
        if before <= floor or tagged.low(before) not in ("and", "or"):
            return found
        while before > floor and tagged.low(before) in ("and", "or", ","):
            before -= tagged.low(before - 1) == ","
            other = tagged.name_at(before - 1)
            if (
                other is None
                or other.kind == "demonym"
                or before - 1 < floor
                or other.span.start >= found[0].span.start
            ):
                break
            found.insert(0, other)
            before = tagged.cover(other.span)[0] - 1
            while before > floor and (tagged.low(before) == "the" or tagged.low(before) in role_heads()):
                before -= 1
        return found

    def _joins(self, k: int) -> bool:
        """Tell whether a word may stand within a noun phrase, before its noun."""
        low = self._tagged.low(k)
        if self._tagged.name_at(k) is not None or low == "'s":
            return True
        return (
            self._is_noun(k) and not low.endswith("ed") and not (low.endswith("s") and low not in word_class("source"))
        )

    def _is_noun(self, k: int) -> bool:
        low = self._tagged.low(k)
        if not low[:1].isalpha() and low != "-":
            return False
        closed = ("determiner", "pronoun", "object", "modal", "auxiliary", "preposition", "conjunction", "adverb")
        return not any(low in word_class(c) for c in closed) and not low.endswith("ly")

    def _pronoun(self, i: int) -> Speaker:
        tagged = self._tagged
        span, low = tagged.span(i, i + 1), tagged.low(i)
        if low in ("i", "we"):
            return Speaker((), span)
        kinds = (
            ("person",)
            if low in ("he", "she", "him", "her")
            else ("organization", "place")
            if low == "it"
            else ("person", "organization", "place")
        )
        key = self._antecedent(i, kinds)
        return Speaker((key,) if key else (), span)

    def _antecedent(self, i: int, kinds: Sequence[str]) -> str | None:
        """Return who a pronoun means: the first fitting name of its sentence, else of the one before, and so on."""
        tagged = self._tagged
        sentence = tagged.words[i].sentence
        for number in range(sentence, max(-1, sentence - 7), -1):
            first, end = tagged.bounds[number]
            end = min(end, i) if number == sentence else end
            first = max(first, end - _FAR)
            if end <= first:
                continue
            names = [
                n for n in tagged.names_between(tagged.words[first].start, tagged.words[end - 1].end) if n.kind in kinds
            ]
            free = [n for n in names if tagged.low(tagged.cover(n.span)[1]) != "'s"] or names
            if free:
                return free[0].key
            if (
                self._last_person
                and "person" in kinds
                and number < sentence
                and self._last_person[0] >= tagged.words[first].start
            ):
                return self._last_person[1]
        return self._last_person[1] if self._last_person and "person" in kinds else None

    def _nominal(self, i: int, j: int) -> tuple[str, ...]:
        """Resolve a noun phrase: "the minister" to a person of that role, "the Zubrowkan government" to the country."""
        tagged = self._tagged
        words = [tagged.low(k) for k in range(i, j)]
        head = words[-1]
        named = next((tagged.name_at(k) for k in range(i, j) if tagged.name_at(k) is not None), None)
        if head in _BODY:
            return (named.key,) if named is not None and named.kind == "place" else ()
        if named is not None and named.kind == "organization" and len(words) <= 4:
            return ()
        if head in role_heads() and words[0] in ("the", "his", "her"):
            fits = {key for role, key in self._roles if head in role.split()}
            last = self._last_person[1] if self._last_person else None
            if last in fits and last:
                return (last,)
            offset = tagged.words[i].start
            for name in reversed(tagged.names_between(max(0, offset - _REACH), offset) if fits else ()):
                if name.key in fits:
                    return (name.key,)
        return ()
