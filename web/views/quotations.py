"""Which claims are one quotation, printed in several articles, and which have nearly the same words."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from web.published import Snapshot
from web.queries import select

__all__ = ["Quotations", "quotations"]


@dataclass(frozen=True)
class Quotations:
    """The claims of a generation that share their words with others, by key; most claims share them with none."""

    _first: Mapping[str, str]
    _repeating: Mapping[str, list[str]]
    _near: Mapping[str, list[str]]

    def first(self, claim: str) -> str:
        """Return the claim that stands for the quotation: itself, if it repeats none."""
        return self._first.get(claim, claim)

    def same(self, claim: str) -> list[str]:
        """Return the other claims that are the same quotation."""
        first = self.first(claim)
        return [key for key in (first, *self._repeating.get(first, ())) if key != claim]

    def near(self, claim: str) -> list[str]:
        """Return the claims with nearly the same words: one of each quotation."""
        return self._near.get(self.first(claim), [])


def quotations(snapshot: Snapshot) -> Quotations:
    """Return the quotations of a generation; read once."""
    return snapshot.keep("quotations", _read)


def _read(snapshot: Snapshot) -> Quotations:
    first: dict[str, str] = {}
    repeating: dict[str, list[str]] = defaultdict(list)
    near: dict[str, list[str]] = defaultdict(list)
    rows = select(snapshot.store, "quotations", graph=ox.NamedNode(snapshot.iris.events_graph))
    for row in sorted(rows, key=str):
        claim, other = snapshot.iris.key(row["claim"].value), snapshot.iris.key(row["other"].value)
        if claim is None or other is None:
            continue
        if row["relation"].value == "repeats":
            first[claim] = other
            repeating[other].append(claim)
        else:
            near[claim].append(other)
            near[other].append(claim)
    return Quotations(first, repeating, near)
