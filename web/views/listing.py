"""The lists of people, organizations, places and articles, with how much there is on each.

What is kept with a generation is which things are on a list, in order; all else is looked up for what is shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from graph.index.follow import leading_to, values_of
from graph.vocabulary import PLY, PROV
from web.published import Snapshot
from web.queries import select, text
from web.views.shared import Json, View, local_name, readable
from web.words import day

__all__ = ["LISTINGS", "PAGE_SIZE", "article_list", "articles_shown", "entities_shown", "entity_list"]

PAGE_SIZE = 100
#: List -> kind of the things on it.
LISTINGS = {"people": "person", "organizations": "organization", "places": "place", "articles": "article"}
_DERIVED, _QUOTED, _REPEATS = (
    ox.NamedNode(str(p)) for p in (PROV.wasDerivedFrom, PROV.wasQuotedFrom, PLY.repeats)
)  # fmt: skip


def entity_list(view: View, kind: str) -> list[Json]:
    """Return all people, organizations or places, those in most events first."""
    return view.snapshot.keep(f"list {kind}", lambda snapshot: _entities(view, snapshot, kind))


def _entities(view: View, snapshot: Snapshot, kind: str) -> list[Json]:
    mentions: dict[str, int] = {}
    for row in select(snapshot.store, "entity_mentions"):
        mentions[row["entity"].value] = int(row["n"].value)
    events = view.timeline.counts(kind)
    found: dict[str, Json] = {}
    for row in sorted(select(snapshot.store, "entities"), key=str):
        iri = row["thing"].value
        key = snapshot.iris.key(iri)
        if key is None or not key.startswith(f"{kind}/") or key in found:
            continue
        name = view.timeline.names.get(key) or key
        found[key] = {
            "key": key,
            "name": name,
            "iri": iri,
            "place_kind": local_name(text(row, "placeKind")),
            "events": events.get(key.partition("/")[2], 0),
            "articles": mentions.get(iri, 0),
        }
    names = Counter(item["name"].casefold() for item in found.values())
    for item in found.values():
        item["alike"] = names[item["name"].casefold()] > 1
    return sorted(found.values(), key=lambda e: (-e["events"] - e["articles"], e["name"].casefold(), e["key"]))


def entities_shown(view: View, items: Iterable[Json]) -> list[Json]:
    """Return some things of a list as pages show them: each of those with namesakes has a hint which one it is."""
    return [
        {**{name: value for name, value in item.items() if name != "alike"}, "hint": _hint(view, item)}
        for item in items
    ]  # fmt: skip


def _hint(view: View, item: Json) -> str | None:
    """Return what tells a thing from its namesakes: a role of it and the end of its key, such as a country."""
    if not item["alike"]:
        return None
    rows = select(view.store, "roles_of", member=ox.NamedNode(item["iri"]))
    roles = sorted({role for row in rows if (role := text(row, "name"))})
    end = item["key"].partition("--")[2]
    return ", ".join([*roles[:1], *([readable(end)] if end else [])]) or None


def article_list(view: View) -> list[tuple[str, str]]:
    """Return key and headline of all articles, related items included, the latest first."""
    return view.snapshot.keep("list articles", _articles)


def _articles(snapshot: Snapshot) -> list[tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for row in select(snapshot.store, "articles"):
        key = snapshot.iris.key(row["article"].value)
        if key is not None:
            published = day(text(row, "published"))
            told = (text(row, "headline") or "", published.isoformat() if published else "")
            found[key] = min(told, found.get(key, told))
    order = sorted(found, key=lambda key: (found[key][1], key), reverse=True)
    return [(key, found[key][0]) for key in order]


def articles_shown(view: View, keys: Sequence[str]) -> list[Json]:
    """Return some articles as lists show them, with how many reports and claims each has."""
    found = []
    for key in keys:
        known = view.article(key)
        found.append(
            {
                "key": key,
                "name": known["name"],
                "iri": known["iri"],
                "published": known["published"],
                "published_words": known["published_words"],
                "publisher": known["publisher"],
                "genre": known["genre"],
                **_told(view, ox.NamedNode(known["iri"])),
            }
        )
    return found


def _told(view: View, article: ox.NamedNode) -> Json:
    """Return how many reports and claims an article has; what it quotes twice is one claim."""
    claims = {next(iter(values_of(view.store, c, _REPEATS)), c) for c in leading_to(view.store, _QUOTED, article)}
    derived = leading_to(view.store, _DERIVED, article)
    reports = sum(node.value.startswith(f"{article.value}/report/") for node in derived)
    return {"reports": reports, "claims": len(claims)}
