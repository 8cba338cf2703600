"""How words stand to the mention of an event: features that all questions about an event share."""

from bisect import bisect_left

from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["bucket", "distance", "position"]

#: Upper ends of the classes that numbers of words and sentences fall in.
_ENDS = (0, 1, 2, 3, 5, 8, 12, 20, 40)
_BUCKETS = (*map(str, _ENDS), "more")
_BREAKS = frozenset({";", ":", '"', "(", ")"})
#: Longest way up the tree from either side, in relations.
_UP = 4


def bucket(number: int) -> str:
    """Return the class of a count: small numbers apart, large ones together."""
    return _BUCKETS[bisect_left(_ENDS, number)]


def distance(trigger: Trigger, i: int, j: int) -> int:
    """Return how many words lie between a mention and the words ``[i, j)``; 0 within it or next to it."""
    return max(i - trigger.last, trigger.first - j, 0)


def position(tagged: Tagged, trigger: Trigger, i: int, j: int) -> list[str]:
    """Return how the words ``[i, j)`` stand to a mention: side, distance, what is between, and the way in the parse."""
    sentence = tagged.words[i].sentence
    if sentence != trigger.sentence:
        delta = sentence - trigger.sentence
        return [f"sentence={'+' if delta > 0 else '-'}{bucket(abs(delta))}", "sentence=other"]
    gap = distance(trigger, i, j)
    inside = trigger.first <= i < trigger.last
    side = "in" if inside else "before" if i < trigger.first else "after"
    found = ["sentence=same", f"side={side}", f"gap={side}{bucket(gap)}"]
    lo, hi = (j, trigger.first) if side == "before" else (trigger.last, i)
    between = [tagged.low(k) for k in range(lo, hi)] if not inside else []
    commas, clauses = between.count(","), sum(map(word_class("clause").__contains__, between))
    found += [f"commas={side}{min(commas, 3)}", f"clauses={side}{min(clauses, 2)}"]
    if not _BREAKS.isdisjoint(between):
        found.append(f"break={side}")
    before = tagged.low(i - 1) if i > tagged.bounds[sentence][0] else "^"
    if before in ("the", "a", "an"):
        before = tagged.low(i - 2)
    found += [f"prep={before}" if before in word_class("preposition") or before in "^-,'s" else "prep=other"]
    if len(between) <= 2:
        found.append(f"between={side}:{' '.join(between)}")
    return found + _path(tagged, trigger, i, j)


def _path(tagged: Tagged, trigger: Trigger, i: int, j: int) -> list[str]:
    """Return the way in the parse from the words to the mention: relations up to what is above both, and down."""
    parse = tagged.parse
    head = next((k for k in range(i, j) if not i <= parse.head(k) < j or parse.head(k) == k), i)
    up, down = _above(tagged, head), _above(tagged, trigger.head)
    rise = next((n for n, k in enumerate(up) if k in down), None)
    if rise is None:
        return ["path=far"]
    ups = [parse.relation(k) for k in up[:rise]]
    downs = [parse.relation(k) for k in down[: down.index(up[rise])]]
    case = next((tagged.low(k) for k in parse.children(head) if parse.relation(k) == "case"), "-")
    steps, way = len(ups) + len(downs), f"{'^'.join(ups)}|{'_'.join(reversed(downs))}"
    found = [
        f"steps={steps}",
        f"way={way}",
        f"case={case}",
        f"rel={parse.relation(head)}",
    ]
    if steps <= 2:
        found.append(f"way+case={way}|{case}")
    if not downs:
        found.append(f"under={ups[-1] if ups else 'self'}")
    if not ups:
        found.append(f"over={downs[-1] if downs else 'self'}")
    return found


def _above(tagged: Tagged, i: int) -> list[int]:
    chain, parse = [i], tagged.parse
    while len(chain) <= _UP:
        above = parse.head(i)
        if above == i:
            break
        chain.append(above)
        i = above
    return chain
