"""The event tagger: which words mention an event, and of which type, as a conditional random field tells it.

It reads the words, what the lexicon of triggers takes them for, and the parse (Lafferty, McCallum and Pereira 2001).
"""

from collections.abc import Sequence
from dataclasses import replace

from graph.extract.learned.crf import Crf, shared_crf, spans_of
from graph.extract.model import EventType
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger, as_trigger

__all__ = ["Features", "find_mentions"]

#: From this probability on words that the lexicon knows are a mention, and others.
_KNOWN, _OTHER = 0.02, 0.75

#: How near, in words, a time expression is told to a word.
_TIME_NEAR = 6


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
        base = [_base(self._tagged, i, self._rules.get(i, ())) for i in range(first, end)]
        return [words + _context(base, self._tagged, i, first, end) for i, words in enumerate(base, first)]


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


def _base(tagged: Tagged, i: int, rules: Sequence[str]) -> list[str]:
    word, parse = tagged.words[i], tagged.parse
    low, head, relation = word.low, parse.head(i), parse.relation(i)
    found = [
        f"w={low}",
        f"s3={low[-3:]}",
        f"s4={low[-4:]}",
        f"p4={low[:4]}",
        f"shape={_shape(word.text)}",
        f"kind={_kind(tagged, i)}",
        f"tag={parse.tag(i)}",
        f"rel={relation}",
        f"tag|rel={parse.tag(i)}|{relation}",
        f"head={tagged.low(head)}",
        f"w|head={low}|{tagged.low(head)}",
        f"w|rel={low}|{relation}",
        *rules,
    ]
    if not rules:
        found.append("norule")
    for k in parse.children(i):
        relation = parse.relation(k)
        if relation in _TOLD:
            found += (
                f"child={relation}",
                f"child={relation}:{_kind(tagged, k)}",
                f"child={relation}:{tagged.low(k)}",
                f"w|child={low}|{relation}",
            )
    if tagged.headline(word.sentence):
        found.append("headline")
    return found


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


def _context(base: Sequence[list[str]], tagged: Tagged, i: int, first: int, end: int) -> list[str]:
    found: list[str] = []
    for offset in (-2, -1, 1, 2):
        k = i + offset
        if first <= k < end:
            found += (
                f"{offset}:w={tagged.low(k)}",
                f"{offset}:{base[k - first][5]}",
                f"{offset}:{base[k - first][6]}",
                f"{offset}:{base[k - first][4]}",
            )
            found += (f"{offset}:{feature}" for feature in base[k - first][12:14] if feature.startswith("rule="))
        else:
            found.append(f"{offset}:none")
    if i > first:
        found.append(f"-1:w|w={tagged.low(i - 1)}|{tagged.low(i)}")
    if i + 1 < end:
        found.append(f"w|+1:w={tagged.low(i)}|{tagged.low(i + 1)}")
    if any(tagged.time_at(k) is not None for k in range(max(first, i - _TIME_NEAR), min(end, i + _TIME_NEAR + 1))):
        found.append("time near")
    return found
