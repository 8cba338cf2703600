"""What may be said: for a reporting word, all stretches of its sentence and of quotations by it that it may report.

Which of them is, is for :mod:`claims` to judge. Stretches begin and end where a clause of the parse, a quotation or a
comma does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.extract.cues import Cue
from graph.extract.model import Span
from graph.extract.quotes import Quote
from graph.extract.tagging import Tagged, word_class

__all__ = ["LONGEST", "Content", "Contents"]

#: Most words of a content in a sentence: beyond it, a "sentence" is a list, a table or noise.
LONGEST = 250
#: Relations to a cue of what may be its content, behind it and before it.
_BEHIND = frozenset(
    {"ccomp", "xcomp", "obj", "obl", "nmod", "acl", "advcl", "parataxis", "iobj", "nsubj", "nsubj:pass", "dep", "conj"}
) | {"appos", "advmod", "obl:agent"}
_BEFORE = frozenset(
    ["ccomp", "parataxis", "obj", "nsubj", "nsubj:pass", "dep", "obl", "nsubj:outer", "csubj", "compound", "amod"]
)
_SIGNS = frozenset({",", ":", ";", ")", ".", "-", "?", "!"})
_BREAKS = frozenset({",", ";", "-", "(", ")"})
#: How far behind a cue "that", "to" and a comma are looked for, in words; how far before it a comma; how far behind
#: "according to" the comma behind the source.
_THAT, _TO, _COMMA, _BACK, _SOURCE = 12, 8, 12, 25, 40
#: Most starts, ends and quotations that are looked at.
_STARTS, _ENDS, _QUOTES, _COMMAS = 8, 12, 2, 3


@dataclass(frozen=True, slots=True)
class Content:
    """A stretch that may be a content.

    :param parts: ranges of words, in order.
    :param order: ``after`` the cue, ``before`` it, or ``around`` it.
    :param start: why the first part begins where it does; ``stop`` why the last ends there.
    """

    parts: tuple[tuple[int, int], ...]
    order: str
    start: str
    stop: str


class Contents:
    """Lists what may be the content of the cues of one article."""

    def __init__(self, tagged: Tagged, quotes: Sequence[Quote]) -> None:
        self.tagged = tagged
        self.source = quotes
        #: The words of each quotation, without its marks.
        self.quotes = [tagged.cover(q.span) for q in quotes]
        #: Per word, the number of the quotation that it is in, or -1.
        self.quoted = [-1] * len(tagged.words)
        for n, (i, j) in enumerate(self.quotes):
            self.quoted[i:j] = [n] * (j - i)
        #: How many verbs stand before each word.
        self.verbs = [0]
        for k in range(len(tagged.words)):
            self.verbs.append(self.verbs[-1] + (tagged.parse.tag(k) in ("VERB", "AUX")))
        starts = [i for i, _ in self.quotes]
        self._next: list[int] = []
        n = 0
        for k in range(len(tagged.words)):
            while n < len(starts) and starts[n] < k:
                n += 1
            self._next.append(n)

    def of(self, cue: Cue) -> list[Content]:
        """Return what may be the content of a cue, each stretch once."""
        found: dict[tuple[tuple[int, int], ...], Content] = {}
        for content in (*self._after(cue), *self._before(cue)):
            found.setdefault(content.parts, content)
        parted = [c for c in found.values() if c.order == "around" and self._is_parted(c)]
        return parted or list(found.values())

    def _is_parted(self, content: Content) -> bool:
        """Tell whether a content is a quotation that its cue interrupts: `"Now," he said, "we wait."`."""
        (_, end), (start, _) = content.parts
        low = self.tagged.low
        within = content.start == content.stop == "quote" and low(start - 1) == '"' and low(start - 2) in (",", "-")
        return within and '"' in (low(end), low(end + 1))

    def span(self, part: tuple[int, int]) -> Span:
        """Return the words of a part without signs at its ends, and without quotation marks around all of it."""
        return self.tagged.span(*self.trim(*part))

    def trim(self, i: int, j: int) -> tuple[int, int]:
        """Leave out signs at the ends, and quotation marks around all; take in a mark whose partner is within."""
        tagged = self.tagged
        while i < j - 1 and (tagged.low(i) in _SIGNS or tagged.low(i) == "that"):
            i += 1
        while i < j - 1 and tagged.low(j - 1) in (",", ";", ":", "-", "and", "but", "("):
            j -= 1
        if tagged.low(j - 1) == "." and self.quoted[j - 1] < 0 and i < j - 1:
            j -= 1
        marks = [k for k in range(i, j) if tagged.low(k) == '"']
        if marks == [i, j - 1] and j - i > 2:
            i, j = i + 1, j - 1
        elif len(marks) % 2:
            if marks[-1] == j - 1 and len(marks) == 1 and i and tagged.low(i - 1) == '"':
                j -= 1
            elif tagged.low(j) == '"':
                j += 1
            elif i and tagged.low(i - 1) == '"' and tagged.words[i - 1].sentence == tagged.words[i].sentence:
                i -= 1
        return (i, j) if i < j else (i, i + 1)

    def next_quotes(self, k: int) -> list[tuple[int, int]]:
        """Return the first quotations that begin at or after a word."""
        n = self._next[k] if k < len(self._next) else len(self.quotes)
        return self.quotes[n : n + _QUOTES]

    def _end(self, sentence: int) -> int:
        first, end = self.tagged.bounds[sentence]
        while end - 1 > first and self.tagged.low(end - 1) in (".", "?", "!"):
            end -= 1
        return end

    def _after(self, cue: Cue) -> Iterator[Content]:
        end = min(self._end(cue.sentence), cue.last + LONGEST)
        if cue.last >= end and not self.next_quotes(cue.last):
            return
        subtrees = self._subtrees(cue)
        for start, why in self._starts(cue, end, subtrees).items():
            for stop, because in self._stops(cue, start, end, subtrees).items():
                yield Content(((start, stop),), "after", why, because)

    def _subtrees(self, cue: Cue) -> list[tuple[int, int, str]]:
        parse = self.tagged.parse
        return [
            (max(parse.subtree(c)[0], cue.last), parse.subtree(c)[1], parse.relation(c))
            for k in range(cue.first, cue.last)
            for c in parse.children(k)
            if c >= cue.last and parse.relation(c) in _BEHIND
        ][:_STARTS]

    def _starts(self, cue: Cue, end: int, subtrees: Sequence[tuple[int, int, str]]) -> dict[int, str]:
        tagged = self.tagged
        found: dict[int, str] = {}
        first = cue.last

        def add(k: int, why: str) -> None:
            while k < end and (tagged.low(k) in _SIGNS or tagged.low(k) in ('"', "that")):
                k += 1
            if k < end:
                found.setdefault(k, why)

        for i, j in self.next_quotes(first):
            if i <= min(end + 1, first + LONGEST):
                if i < end:
                    found.setdefault(i, "quote")
                elif j > i:
                    found[i] = "next quote"  # the sentence ends before it
        if "according" in cue.frames:
            for n, k in enumerate(self._behind_source(cue, end)):
                add(k, "behind source" if n == 0 else "behind comma")
        for k in range(first, min(end, first + _THAT)):
            if tagged.low(k) == "that":
                add(k + 1, "that")
                break
        clause = "that" in found.values() and "that" in cue.frames
        for lo, hi, relation in subtrees:
            if clause and relation in ("obl", "nmod"):
                continue  # "said at the summit that ..."
            if relation in ("obl", "nmod", "obl:agent") and tagged.low(lo) in word_class("preposition"):
                add(lo + 1, f"{relation}+1")
            else:
                add(lo, relation)
            if relation in ("obj", "iobj", "obl") and hi < end:
                add(hi, "recipient")
        for k in range(first, min(end, first + _COMMA)):
            if tagged.low(k) == ":":
                add(k + 1, "colon")
                break
        k = first
        while k < end and (
            tagged.low(k) in word_class("adverb") or tagged.low(k).endswith("ly") or tagged.time_at(k) is not None
        ):
            k += 1
        add(k, "next")
        if tagged.low(k) in word_class("preposition") and not clause:
            add(k + 1, "preposition")
        name = tagged.name_at(k) or tagged.name_at(k + 1)
        if name is not None and k < end:
            add(tagged.cover(name.span)[1], "name")
        for k in range(first, min(end, first + _TO)):
            if tagged.low(k) == "to":
                add(k, "to")
                break
        return dict(list(found.items())[:_STARTS])

    def _behind_source(self, cue: Cue, end: int) -> list[int]:
        """Return where what "according to" reports may begin: behind commas, first the one that ends the source."""
        tagged, parse = self.tagged, self.tagged.parse
        commas = [k for k in range(cue.last, min(end, cue.last + _SOURCE)) if tagged.low(k) == ","][:_COMMAS]
        head = parse.head(cue.head)
        shut = max(
            (parse.subtree(c)[1] for c in parse.children(head) if parse.relation(c) == "appos"), default=head + 1
        )
        return sorted((k + 1 for k in commas if not self._is_name(k + 1, end)), key=lambda k: k <= shut)

    def _is_name(self, i: int, j: int) -> bool:
        """Tell whether words are a name and no more, up to ``j`` or a comma: "the mayor, Ana Petrova, ..."."""
        name = self.tagged.name_at(i)
        end = self.tagged.cover(name.span)[1] if name is not None else i
        return name is not None and (end >= j or (name.kind == "person" and self.tagged.low(end) in (",", "(")))

    def _stops(self, cue: Cue, start: int, end: int, subtrees: Sequence[tuple[int, int, str]]) -> dict[int, str]:
        tagged, parse = self.tagged, self.tagged.parse
        found: dict[int, str] = {}
        if self.quoted[start] >= 0 and self.quotes[self.quoted[start]][1] > start:
            found[self.quotes[self.quoted[start]][1]] = "quote"
        if start >= end:
            return found
        for _, hi, relation in subtrees:
            if start < hi <= end:
                found.setdefault(hi, relation)
        hi = parse.subtree(cue.head)[1]
        if start < hi < end:
            found.setdefault(hi, "own")
        found.setdefault(end, "sentence")
        joints, strong = 0, word_class("strong joint")
        for k in range(start + 1, end):
            word = tagged.low(k)
            if word in _BREAKS and self.quoted[k] < 0:
                found.setdefault(k, "break")
            elif (
                word in word_class("joint")
                and k > start + 1
                and self.quoted[k] < 0
                and (word in strong or joints < _COMMAS)
            ):
                joints += word not in strong
                found.setdefault(k, "joint")
            elif word == '"':
                found.setdefault(k + (self.quoted[k - 1] >= 0), "mark")
            if len(found) >= _ENDS:
                break
        return found

    def _before(self, cue: Cue) -> Iterator[Content]:
        tagged, parse = self.tagged, self.tagged.parse
        first, _ = tagged.bounds[cue.sentence]
        for k in range(cue.first, cue.last):
            for c in parse.children(k):
                if c < cue.first and parse.relation(c) in _BEFORE:
                    lo, hi = parse.subtree(c)
                    yield Content(
                        ((max(lo, first), min(hi, cue.first)),), "before", parse.relation(c), parse.relation(c)
                    )
        if parse.relation(cue.head).startswith("acl") and parse.head(cue.head) < cue.first:
            lo, own = parse.subtree(parse.head(cue.head))[0], parse.subtree(cue.head)[0]
            if lo < own <= cue.first:
                yield Content(((lo, own),), "before", "acl", "acl")
        if first < cue.first and cue.frames & {"according", "hearsay"}:
            yield from self._upto(cue, cue.first, first)
        commas = 0
        for k in range(cue.first - 1, max(first - 2, cue.first - _BACK, 0), -1):
            if k < first and self.quoted[k] < 0 and tagged.low(k) != '"':
                break
            if tagged.low(k) not in (",", '"', "-", ":", "?", "!") or tagged.low(k - 1) in (",", "-", ":", "?", "!"):
                continue
            quote = self.quoted[k - 1] if k else -1
            if quote >= 0 and tagged.low(k) != '"' and self.quoted[k] == quote and self.quotes[quote][1] > k + 1:
                continue  # a comma within a quotation
            commas += 1
            yield from self._upto(cue, k, first)
            if commas == _COMMAS:
                break

    def _upto(self, cue: Cue, stop: int, first: int) -> Iterator[Content]:
        """Yield the contents that end before a comma or closing mark, and those that go on behind the cue."""
        tagged = self.tagged
        quote = self.quoted[stop - 1] if stop else -1
        why = "quote" if quote >= 0 else "break"
        starts: dict[int, str] = {}
        if quote >= 0:
            starts[self.quotes[quote][0]] = "quote"
        if first < stop:
            starts.setdefault(first, "sentence")
            if tagged.low(first) in word_class("joint"):
                starts.setdefault(first + 1, "joint")
            for k in range(stop - 2, max(first, stop - LONGEST), -1):
                if tagged.low(k) in (",", "and", "but", "-", ";", ":") and self.quoted[k] < 0:
                    starts.setdefault(k + 1, tagged.low(k))
                    if len(starts) > _COMMAS + 1:
                        break
        nearest = list(starts)[:2]
        for start, because in starts.items():
            if start < stop:
                yield Content(((start, stop),), "before", because, why)
        for again, end, behind in self._resumed(cue):
            for start in nearest:
                if start < stop:
                    yield Content(((start, stop), (again, end)), "around", starts[start], behind)

    def _resumed(self, cue: Cue) -> Iterator[tuple[int, int, str]]:
        """Yield where a content may go on behind a cue that interrupts it."""
        tagged = self.tagged
        end = self._end(cue.sentence)
        for i, j in self.next_quotes(cue.last)[:1]:
            if i <= min(end, cue.last + _COMMA) and i < j:
                yield i, j, "quote"
        for k in range(cue.last, min(end - 1, cue.last + _COMMA)):
            if tagged.low(k) == ",":
                if tagged.low(k + 1) != '"' and not self._is_name(k + 1, end):
                    yield k + 1, min(end, k + LONGEST), "sentence"
                break
