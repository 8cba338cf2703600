"""The claims of an index, made of those before: what has changed is read anew, the others are copied as they are."""

from bisect import bisect_left
from collections.abc import Iterable, Set
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from graph.index.claims import Claim, confidence_of, decoded_claim, encoded_claim, read_claims
from graph.index.columns import Column, read_column, read_texts, write_column
from graph.index.follow import leading_to, resting_on, said_of, values_of
from graph.index.layout import read_description
from graph.index.moves import GONE, Moves, owners, regrouped
from graph.iris import Iris
from graph.vocabulary import OA, PLY, PROV

__all__ = ["renew_claims"]

_EVIDENCE, _SELECTOR, _FROM = (ox.NamedNode(str(p)) for p in (PLY.evidence, OA.hasSelector, PROV.wasQuotedFrom))


def renew_claims(known: Path, other: ox.Store, store: ox.Store, iris: Iris, touched: Set[str], folder: Path) -> None:
    """Write the claims of a store.

    :param known: folder of the index of another store.
    :param other: that store; it tells where a claim stood.
    :param store: to be read.
    :param touched: IRIs of the things of which the two stores may say different things.
    :raises OSError: if there is no such index, or it is of another version, or this one cannot be written.
    :raises ValueError: if the index is damaged.
    """
    read_description(known)
    claims = _claims(store, touched)
    was = {claim.key: claim for claim in _some(other, iris, claims)}
    now = {claim.key: claim for claim in _some(store, iris, claims)}
    same = {key for key, claim in was.items() if now.get(key) == claim}
    gone = [claim for key, claim in was.items() if key not in same]
    come = sorted((claim for key, claim in now.items() if key not in same), key=lambda claim: claim.order)
    # What a new claim repeats is looked for by its key, and the place of that is known only by its order.
    repeated = {ox.NamedNode(iris.thing(claim.repeats)) for claim in come if claim.repeats}
    _Renewal(known, folder, gone, come).write({claim.key: claim for claim in _some(store, iris, repeated)})


def _claims(store: ox.Store, touched: Iterable[str]) -> set[ox.NamedNode]:
    """Return what may be claims that are told otherwise, as something is touched."""
    claims: set[ox.NamedNode] = set()
    for node in map(ox.NamedNode, touched):
        claims |= {node} | leading_to(store, _FROM, node) | resting_on(store, _EVIDENCE, _SELECTOR, node)
    return claims


def _some(store: ox.Store, iris: Iris, claims: Iterable[ox.NamedNode]) -> list[Claim]:
    """Return some of the claims of a store, in order."""
    found, keys = ox.Store(), set[str | None]()
    for node in claims:
        keys.add(iris.key(node.value))
        # Of all that an article or an event is told, nothing is needed here but the day of an article.
        found.extend(said_of(store, node))
        for part in (*values_of(store, node, _FROM), *values_of(store, node, _EVIDENCE)):
            found.extend(said_of(store, part))
            for selector in values_of(store, part, _SELECTOR):
                found.extend(said_of(store, selector))
    return [claim for claim in read_claims(found, iris) if claim.key in keys]


class _Renewal:
    def __init__(self, known: Path, folder: Path, gone: Iterable[Claim], come: list[Claim]) -> None:
        self._folder, self._come = folder, come
        self._records, self._speakers = read_texts(known, "claims"), read_texts(known, "claims.speakers")
        self._ends, self._numbers, self._first, self._confidence = (
            read_column(known, f"claims.{name}") for name in ("ends", "numbers", "first", "confidence")
        )
        self._gone = sorted(self._found(claim) for claim in gone)
        self._moves = Moves(len(self._records), self._gone, [self._place(claim) for claim in come])

    def write(self, repeated: dict[str, Claim]) -> None:
        """Write all.

        :param repeated: what new claims repeat, by key.
        """
        folder, moves, come = self._folder, self._moves, self._come
        moves.write_texts(folder, "claims", self._records, [encoded_claim(claim) for claim in come])
        write_column(folder, "claims.confidence", moves.column(self._confidence, [*map(confidence_of, come)]))
        write_column(folder, "claims.first", self._firsts(repeated))
        self._write_speakers()

    def _at(self, number: int) -> Claim:
        return decoded_claim(self._records[number])

    def _place(self, claim: Claim) -> int:
        return bisect_left(range(len(self._records)), claim.order, key=lambda number: self._at(number).order)

    def _found(self, claim: Claim) -> int:
        number = self._place(claim)
        if number == len(self._records) or self._at(number).key != claim.key:
            raise ValueError(f"the index has no {claim.key}")
        return number

    def _firsts(self, repeated: dict[str, Claim]) -> Column:
        """Return, for each claim, the number that the claims of its quotation share."""
        moves, before = self._moves, len(self._records)
        old = self._first.astype(np.int64)
        there = old < before
        now = np.full(before, GONE, dtype=np.int64)
        now[there] = moves.rows[old[there]]
        firsts = moves.column(now, np.full(len(self._come), GONE))
        numbers = {claim.key: number for claim, number in zip(self._come, moves.new.tolist(), strict=True)}
        keys = {
            number: claim.repeats or claim.key for claim, number in zip(self._come, moves.new.tolist(), strict=True)
        }
        # What these repeat is gone, or was not there; it may have come.
        for number in np.flatnonzero((now == GONE) & (moves.rows != GONE)).tolist():
            keys[int(moves.rows[number])] = self._at(number).repeats
        none: dict[str, int] = {}
        for number, key in sorted(keys.items()):
            if key in numbers:
                firsts[number] = numbers[key]
            elif key in repeated:
                firsts[number] = moves.rows[self._found(repeated[key])]
            else:
                firsts[number] = none.setdefault(key, moves.count + len(none))
        return firsts.astype(np.uint32)

    def _write_speakers(self) -> None:
        folder, moves, come = self._folder, self._moves, self._come
        of = owners(self._ends)
        rows = moves.rows[self._numbers]
        left = np.bincount(of[rows != GONE], minlength=len(self._speakers))
        some = {speaker.encode() for claim in come for speaker in claim.speakers}
        lost = [number for number in np.flatnonzero(left == 0).tolist() if self._speakers[number] not in some]
        new = sorted(speaker for speaker in some if self._speakers.find(speaker) is None)
        by_name = Moves(len(self._speakers), lost, [self._speakers.place(speaker) for speaker in new])
        by_name.write_texts(folder, "claims.speakers", self._speakers, new)
        added = dict(zip(new, by_name.new.tolist(), strict=True))

        def number(speaker: bytes) -> int:
            return added[speaker] if speaker in added else int(by_name.rows[self._speakers.find(speaker) or 0])

        pairs = [
            (number(speaker.encode()), row)
            for claim, row in zip(come, moves.new.tolist(), strict=True)
            for speaker in claim.speakers
        ]
        grouped, ends = regrouped(rows, by_name.rows[of], by_name.count, pairs, sort=False)
        write_column(folder, "claims.numbers", grouped)
        write_column(folder, "claims.ends", ends)
