"""The event tagger: which words mention an event, and of which type, as a conditional random field tells it.

It reads the words, what the lexicon of triggers takes them for, and the parse (Lafferty, McCallum and Pereira 2001).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from graph.extract.learned.crf import Crf, shared_crf, spans_of
from graph.extract.model import EventType
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger, as_trigger

__all__ = ["Features", "find_mentions"]

#: From this probability on words that the lexicon knows are a mention, and others.
_KNOWN, _OTHER = 0.02, 0.75

#: How near, in words, a time expression is told to a word.
_TIME_NEAR = 6
#: So many words, and words in their places, are remembered with their features.
_CACHED = 30_000

_Beside = tuple[tuple[str, ...], ...]


def find_mentions(tagged: Tagged, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Return the mentions of events, in order, not overlapping; ``sure`` is the probability that it is one.

    :param triggers: what the lexicon found, in order.
    """
    model = shared_crf("events")
    found: list[Trigger] = []
    waiting = list(reversed(triggers))
    told = Features(tagged, triggers)
    for first, end in tagged.bounds:
        here: list[Trigger] = []
        while waiting and waiting[-1].first < end:
            here.append(waiting.pop())
        # Where the lexicon knows no word, the tagger is hardly ever sure of one, and most of its time would be spent.
        if here:
            found += _of_sentence(tagged, model, told(first, end), first, end, here)
    return found


def _of_sentence(
    tagged: Tagged, model: Crf, told: Sequence[Sequence[str]], first: int, end: int, ruled: Sequence[Trigger]
) -> list[Trigger]:
    """Return the mentions in the words ``[first, end)``: those of the lexicon that the tagger bears out, and others."""
    labels, marginals = model.tag_with_marginals(told, ("O",))
    event = [1 - m["O"] for m in marginals]
    found = []
    taken: set[int] = set()
    for trigger in ruled:
        sure = max(event[trigger.first - first : trigger.last - first])
        if sure >= _KNOWN:
            found.append(replace(trigger, sure=sure))
        taken.update(range(trigger.first, trigger.last))
    for i, j, kind in spans_of(labels):
        sure = max(event[i:j])
        i, j = i + first, j + first
        if sure >= _OTHER and taken.isdisjoint(range(i, j)) and tagged.words[i].text[0].isalnum():
            found.append(as_trigger(tagged, i, j, EventType(kind), sure))
    return sorted(found, key=lambda t: t.first)


class Features:
    """What the tagger is told of each word, in training and tagging alike.

    :param triggers: what the lexicon found (:func:`graph.extract.triggers.find_triggers`).
    """

    def __init__(self, tagged: Tagged, triggers: Sequence[Trigger]) -> None:
        self._tagged = tagged
        self._rules = _rules(triggers)

    def __call__(self, first: int, end: int) -> list[list[str]]:
        """Return the features of each word of a sentence, the words ``[first, end)``."""
        if first == end:
            return []
        tagged, parse, rules = self._tagged, self._tagged.parse, self._rules
        headline = tagged.headline(tagged.words[first].sentence)
        kinds = [_kind(tagged, i) for i in range(first, end)]
        found, beside = [], []
        for i in range(first, end):
            word, kind, tag, ruled = tagged.words[i], kinds[i - first], parse.tag(i), rules.get(i, ())
            beside.append(_beside(word.low, kind, tag, _shape(word.text), ruled[:2]))
            low, above, relation, shape = word.low, tagged.low(parse.head(i)), parse.relation(i), _shape(word.text)
            row = [
                *_of_word(low, shape),
                *_of_place(kind, tag, relation),
                f"head={above}",
                f"w|head={low}|{above}",
                f"w|rel={low}|{relation}",
                *(ruled or ("norule",)),
            ]
            for k in parse.children(i):
                relation = parse.relation(k)
                if relation in _TOLD:
                    kind = kinds[k - first] if first <= k < end else _kind(tagged, k)
                    row += _of_child(relation, kind, tagged.low(k))
                    row.append(f"w|child={low}|{relation}")
            if headline:
                row.append("headline")
            found.append(row)
        self._context(found, beside, first, end)
        return found

    def _context(self, found: Sequence[list[str]], beside: Sequence[_Beside], first: int, end: int) -> None:
        """Add to the features of each word of a sentence what stands around it."""
        tagged, count = self._tagged, end - first
        lows = [tagged.low(i) for i in range(first, end)]
        timed = {
            k for i in range(count) if tagged.time_at(i + first) is not None
            for k in range(i - _TIME_NEAR, i + _TIME_NEAR + 1)
        }  # fmt: skip
        for i, row in enumerate(found):
            for n, offset in enumerate(_OFFSETS):
                row += beside[i + offset][n] if 0 <= i + offset < count else _NOTHING[n]
            if i:
                row.append(f"-1:w|w={lows[i - 1]}|{lows[i]}")
            if i + 1 < count:
                row.append(f"w|+1:w={lows[i]}|{lows[i + 1]}")
            if i in timed:
                row.append("time near")


#: What a word is told of one that stands so many words away; where there is none.
_OFFSETS = (-2, -1, 1, 2)
_NOTHING = tuple((f"{offset}:none",) for offset in _OFFSETS)


@lru_cache(_CACHED)
def _of_word(low: str, shape: str) -> tuple[str, ...]:
    return f"w={low}", f"s3={low[-3:]}", f"s4={low[-4:]}", f"p4={low[:4]}", f"shape={shape}"


@lru_cache(_CACHED)
def _of_place(kind: str, tag: str, relation: str) -> tuple[str, ...]:
    return f"kind={kind}", f"tag={tag}", f"rel={relation}", f"tag|rel={tag}|{relation}"


@lru_cache(_CACHED)
def _of_child(relation: str, kind: str, low: str) -> tuple[str, ...]:
    return f"child={relation}", f"child={relation}:{kind}", f"child={relation}:{low}"


@lru_cache(_CACHED)
def _beside(low: str, kind: str, tag: str, shape: str, ruled: tuple[str, ...]) -> _Beside:
    """Return what the words around a word are told of it, by their offsets from it."""
    told = (f"w={low}", f"kind={kind}", f"tag={tag}", f"shape={shape}", *ruled)
    return tuple(tuple(f"{offset}:{feature}" for feature in told) for offset in _OFFSETS)


def _rules(triggers: Sequence[Trigger]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for t in triggers:
        for i in range(t.first, t.last):
            sure = f"{t.type}{round(t.sure, 1)}"
            part = "verb" if t.verb else "head" if i == t.head else "name" if t.named else "mod"
            found[i] = (
                f"rule={part}",
                f"rule={part}:{t.type}",
                f"rule={part}:{sure}",
                f"rule={'B' if i == t.first else 'I'}:{t.type}",
            )
    return found


def _shape(text: str) -> str:
    if text.isupper():
        return "XX" if len(text) > 1 else "X"
    if text[:1].isupper():
        return "Xx"
    return "d" if text[:1].isdigit() else "x" if text[:1].isalpha() else text[:1]


def _kind(tagged: Tagged, i: int) -> str:
    name = tagged.name_at(i)
    return name.kind if name is not None else "time" if tagged.time_at(i) is not None else "-"


_TOLD = frozenset(
    {
        "nsubj",
        "nsubj:pass",
        "obj",
        "obl",
        "nmod",
        "nmod:poss",
        "det",
        "aux",
        "aux:pass",
        "compound",
        "xcomp",
        "ccomp",
        "amod",
        "mark",
        "case",
    }
)
