"""A drawing of whom somebody meets: one in the middle, the others around, with lines for events that they share."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from web.views.shared import Json

__all__ = ["MOST", "Line", "Network", "Node", "draw_network"]

#: Most others that are drawn.
MOST = 12
#: The ellipse on which they stand, in percent of the drawing.
_ACROSS, _DOWN = 18.0, 40.0


class Node(NamedTuple):
    """One of the others: a link with ``count``, and where it is drawn, in percent; its name stands on that side."""

    link: Json
    x: float
    y: float
    anchor: str


class Line(NamedTuple):
    """A line between two of them, with how many events both share; ``width`` in pixels."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    title: str


class Network(NamedTuple):
    """The others and the lines, and how high the drawing is, in pixels."""

    nodes: list[Node]
    lines: list[Line]
    height: int


def draw_network(name: str, others: Sequence[Json], pairs: Mapping[tuple[str, str], int]) -> Network | None:
    """Draw who is together with whom; None if there are fewer than three others.

    The layout is fixed: a circle in which those stand side by side who share most events.

    :param name: of the one in the middle.
    :param others: links with ``count``, those with most events first.
    :param pairs: how many events two of them share, by their keys in order.
    """
    chosen = {link["key"]: link for link in others[:MOST]}
    if len(chosen) < 3:
        return None
    order = _order(list(chosen), pairs)
    nodes: dict[str, Node] = {}
    for number, key in enumerate(order):
        angle = 2 * math.pi * (number + 0.5) / len(order)
        x, y = 50 + _ACROSS * math.sin(angle), 50 - _DOWN * math.cos(angle)
        nodes[key] = Node(chosen[key], round(x, 1), round(y, 1), "start" if x >= 50 else "end")
    lines = [_line((50, 50), nodes[key], link["count"], f"{name}, {link['name']}") for key, link in chosen.items()]
    for (one, other), count in sorted(pair for pair in pairs.items() if pair[1]):
        title = f"{chosen[one]['name']}, {chosen[other]['name']}"
        lines.append(_line((nodes[one].x, nodes[one].y), nodes[other], count, title))
    return Network(list(nodes.values()), lines, 160 + 16 * len(order))


def _order(keys: list[str], pairs: Mapping[tuple[str, str], int]) -> list[str]:
    """Return them so that each has beside it whom it shares most events with, of those who are left."""
    order, left = [keys[0]], keys[1:]
    while left:
        last = order[-1]
        best = max(left, key=lambda key: (pairs.get((min(last, key), max(last, key)), 0), -left.index(key)))
        order.append(best)
        left.remove(best)
    return order


def _line(start: tuple[float, float], end: Node, count: int, title: str) -> Line:
    # By the logarithm: one pair with a hundred events would hide the others.
    return Line(start[0], start[1], end.x, end.y, round(1 + math.log2(count), 1), f"{title}: {count}")
