"""Where an event is: the places around its mentions, and how each stands to them."""

from collections.abc import Mapping, Sequence

from graph.extract.happenings import Happening
from graph.extract.learned.near import bucket
from graph.extract.learned.who import Names, Spots
from graph.extract.learned.who import features as name_features

__all__ = ["candidates", "features", "no_place"]

#: How many sentences before and after a mention its place may stand.
_BACK, _AHEAD = 3, 1


def candidates(names: Names, happening: Happening, ruled: Sequence[str]) -> dict[str, Spots]:
    """Return the places that an event may be at: key -> where it is named.

    :param ruled: where the rules say that it was.
    """
    found = names.near(happening, _BACK, _AHEAD)
    for key in (*names.lands, *names.titled, *ruled):
        found.setdefault(key, ())
    return {key: spots for key, spots in found.items() if key.startswith("place/") and names.printed(key)}


def features(
    names: Names, happening: Happening, key: str, among: Mapping[str, Spots], ruled: Sequence[str]
) -> list[str]:
    """Return what speaks for and against a place."""
    rules = {k: rank for rank, k in enumerate(ruled)}
    found = name_features(names, happening, key, among[key], rules, "place")
    event, kind = happening.type.value, names.kind(key)
    actors = happening.actors()
    found += [f"actor={key in actors}:{kind}", f"{event}:actor={key in actors}:{kind}"]
    if len(happening.lands) == 1 and key in happening.lands:
        found += ["only land", f"only land:{event}"]
    finer = any(names.kind(k) == "site" for k in among if k != key)
    found.append(f"finer={finer}:{kind}")
    if names.ranks.get(key, 99) == 0:
        found += ["home", f"home:{event}:{kind}"]
    if key in names.lands:
        rank = names.lands.index(key)
        share = f"{round(5 * names.share(key)) * 20}%"
        found += [
            f"land={rank}",
            f"land={rank}:{event}",
            f"land={share}:{event}",
            f"land={rank}:{share}",
            f"land:spot={bool(among[key])}:{event}",
        ]
    if key in names.titled:
        found += ["titled", f"titled:{event}", f"titled:{kind}"]
    return found + names.told_of(key, happening)


def no_place(names: Names, happening: Happening, among: Mapping[str, Spots], ruled: Sequence[str]) -> list[str]:
    """Return what speaks for an event whose place the article does not tell."""
    event, verb = happening.type.value, happening.mentions[0][0].verb
    sites = any(names.kind(k) == "site" for k in among)
    return [
        "none",
        f"none:{event}",
        f"none:ruled={bool(ruled)}",
        f"none:{event}:ruled={bool(ruled)}",
        f"none:verb={verb}",
        f"none:sites={sites}",
        f"none:{event}:sites={sites}",
        f"none:among={bucket(len(among))}",
        f"none:lemma={happening.mentions[0][0].lemma}",
    ]
