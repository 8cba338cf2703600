"""Groups profiles into happenings: the same groups whatever the order in which the articles came.

Pairs that agree best are joined first (agglomerative clustering) unless something rules it out: two reports of one
article are not joined unless they call it by one name, and everything in a group must be able to be one with everything
else. Reports whose time is exact enough come first; a vague one joins the one group that it fits, and stays apart where
it fits several.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from graph.resolve.containment import Nearness, nearness
from graph.resolve.match import compatible
from graph.resolve.profile import Profile, family

__all__ = ["clusters"]

_PAIR = 2

#: How much better a vague report must fit a group than the next one to join it.
_MARGIN = 0.9


def clusters(
    members: Mapping[Profile, Collection[str]],
    articles: Callable[[str], str],
    neighbours: Callable[[Profile], Mapping[Profile, float]],
) -> list[frozenset[Profile]]:
    """Group the profiles of one connected component.

    :param members: profile -> keys of the reports that have it.
    :param articles: the article of a report's key; of two reports of one article no two are joined.
    :param neighbours: profiles that may be the same happening, with the score of each.
    """
    order = {profile: min(keys) for profile, keys in members.items()}
    told = {profile: frozenset(map(articles, keys)) for profile, keys in members.items()}
    precise = sorted((p for p in members if p.narrow), key=order.__getitem__)
    groups = _agglomerate(precise, order, told, neighbours)
    vague = sorted((p for p in members if not p.narrow), key=order.__getitem__)
    left = _attach(vague, groups, order, told, neighbours)
    return [frozenset(g) for g in groups] + [frozenset(g) for g in _agglomerate(left, order, told, neighbours)]


def _agglomerate(
    profiles: Iterable[Profile],
    order: Mapping[Profile, str],
    told: Mapping[Profile, frozenset[str]],
    neighbours: Callable[[Profile], Mapping[Profile, float]],
) -> list[set[Profile]]:
    group_of = {profile: {profile} for profile in profiles}
    pairs = sorted(
        (-points, order[p], order[q], p, q)
        for p in group_of
        for q, points in neighbours(p).items()
        if q in group_of and order[p] < order[q]
    ) if len(group_of) > 1 else []  # fmt: skip
    for _, _, _, p, q in pairs:
        one, other = group_of[p], group_of[q]
        if one is other or any(_apart(told, a, b) for a in one for b in other):
            continue
        one |= other
        for profile in other:
            group_of[profile] = one
    found = {id(group): group for group in group_of.values()}
    return sorted(found.values(), key=lambda group: min(order[p] for p in group))


def _attach(
    vague: Iterable[Profile],
    groups: list[set[Profile]],
    order: Mapping[Profile, str],
    told: Mapping[Profile, frozenset[str]],
    neighbours: Callable[[Profile], Mapping[Profile, float]],
) -> list[Profile]:
    """Put vague profiles into the one group that each fits; return those that fit none, or several alike."""
    group_of = {profile: n for n, group in enumerate(groups) for profile in group}
    wishes: list[tuple[float, str, int, Profile]] = []
    left = []
    for profile in vague:
        fits: dict[int, float] = {}
        for other, points in neighbours(profile).items():
            if other in group_of:
                fits[group_of[other]] = max(points, fits.get(group_of[other], 0.0))
        ranked = sorted(fits.items(), key=lambda row: (-row[1], row[0]))
        if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _MARGIN):
            left.append(profile)
        else:
            wishes.append((-ranked[0][1], order[profile], ranked[0][0], profile))
    for _, _, number, profile in sorted(wishes, key=lambda wish: wish[:3]):
        if any(_apart(told, profile, other) for other in groups[number]):
            left.append(profile)
        else:
            groups[number].add(profile)
    return sorted(left, key=order.__getitem__)


def _apart(told: Mapping[Profile, frozenset[str]], a: Profile, b: Profile) -> bool:
    """Tell whether two profiles cannot be of one happening.

    What the extraction keeps apart in one article stays apart, but for what it calls by one name of its own, and for
    meetings of the same people at the same place, one of which it cannot date exactly.
    """
    if not compatible(a, b):
        return True
    return bool(told[a] & told[b]) and not (a.name is not None and a.name == b.name) and not _told_twice(a, b)


def _told_twice(a: Profile, b: Profile) -> bool:
    met = family(a.type) == "Encounter" and len(a.people) >= _PAIR and a.people == b.people
    return met and a.narrow != b.narrow and nearness(a.places, b.places) is Nearness.SAME
