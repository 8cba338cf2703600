"""How well one partition of things agrees with another: pairwise, and by B-cubed (Bagga and Baldwin 1998).

A partition maps each item to the name of its cluster. Both partitions are of the same items; names of clusters mean
nothing by themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Mixture", "Score", "b_cubed", "mixtures", "pairwise"]

_Item = TypeVar("_Item", bound=Hashable)
Partition = Mapping[_Item, Hashable]


@dataclass(frozen=True)
class Score:
    """Precision and recall. Where there is nothing to be wrong about, they are 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class Mixture(Generic[_Item]):
    """A cluster of one partition that the other one parts.

    :param name: the cluster.
    :param parts: its items, by their cluster in the other partition; the largest part first.
    """

    name: Hashable
    parts: tuple[tuple[_Item, ...], ...]

    @property
    def pairs(self) -> int:
        """How many pairs of items only one of the partitions puts together."""
        return _pairs([sum(map(len, self.parts))]) - _pairs(map(len, self.parts))


def pairwise(true: Partition[_Item], found: Partition[_Item]) -> Score:
    """Return which share of the pairs put together are rightly so, and which share of the true pairs are."""
    _check(true, found)
    both = _pairs(Counter((true[item], found[item]) for item in true).values())
    alleged, wanted = _pairs(Counter(found.values()).values()), _pairs(Counter(true.values()).values())
    return Score(both / alleged if alleged else 1.0, both / wanted if wanted else 1.0)


def b_cubed(true: Partition[_Item], found: Partition[_Item], among: Iterable[_Item] | None = None) -> Score:
    """Return the mean over items of the share of its found cluster that is truly with it, and of its true cluster
    that is found with it; each item counts as one of its own cluster.

    :param among: the items that the mean is over; all by default. Clusters are of all items all the same.
    """
    _check(true, found)
    items = list(true if among is None else among)
    if not items:
        return Score(1.0, 1.0)
    both = Counter((true[item], found[item]) for item in true)
    in_true, in_found = Counter(true.values()), Counter(found.values())
    shared = [(both[true[item], found[item]], item) for item in items]
    return Score(
        sum(n / in_found[found[item]] for n, item in shared) / len(items),
        sum(n / in_true[true[item]] for n, item in shared) / len(items),
    )


def mixtures(whole: Partition[_Item], parted: Partition[_Item]) -> list[Mixture[_Item]]:
    """Return the clusters of a partition that another one parts, the one with most pairs apart first."""
    _check(whole, parted)
    clusters: dict[Hashable, dict[Hashable, list[_Item]]] = defaultdict(lambda: defaultdict(list))
    for item in whole:
        clusters[whole[item]][parted[item]].append(item)
    found = [
        Mixture(name, tuple(sorted((tuple(part) for part in parts.values()), key=_size)))
        for name, parts in clusters.items()
    ]
    return sorted((m for m in found if len(m.parts) > 1), key=lambda m: (-m.pairs, str(m.name)))


def _size(part: Sequence[Hashable]) -> tuple[int, str]:
    return -len(part), str(part)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _check(true: Mapping[_Item, Hashable], found: Mapping[_Item, Hashable]) -> None:
    if true.keys() != found.keys():
        raise ValueError(f"two partitions of one set are wanted: {len(true)} and {len(found)} items differ")
