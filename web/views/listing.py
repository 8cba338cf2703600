"""The lists of people, organizations, places and articles, with how much there is on each."""

from collections import Counter

import pyoxigraph as ox

from web.published import Snapshot
from web.queries import select, text
from web.views.shared import Json, View, as_printed, local_name, readable

__all__ = ["LISTINGS", "PAGE_SIZE", "article_list", "entity_list"]

PAGE_SIZE = 100
#: List -> kind of the things on it.
LISTINGS = {"people": "person", "organizations": "organization", "places": "place", "articles": "article"}


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
    for key, item in found.items():
        item["hint"] = _hint(view, key, item["iri"]) if names[item["name"].casefold()] > 1 else None
    return sorted(found.values(), key=lambda e: (-e["events"] - e["articles"], e["name"].casefold(), e["key"]))


def _hint(view: View, key: str, iri: str) -> str | None:
    """Return what tells a thing from its namesakes: a role of it and the end of its key, such as a country."""
    roles = sorted(
        {role for row in select(view.store, "roles_of", member=ox.NamedNode(iri)) if (role := text(row, "name"))}
    )
    end = key.partition("--")[2]
    return ", ".join([*roles[:1], *([readable(end)] if end else [])]) or None


def article_list(view: View) -> list[Json]:
    """Return all articles, the latest first."""
    return view.snapshot.keep("list articles", lambda snapshot: _articles(view, snapshot))


def _printed(snapshot: Snapshot) -> dict[str, Json]:
    """Return headline, date, publisher and genre of every article by key, related items included."""
    found: dict[str, Json] = {}
    for row in sorted(select(snapshot.store, "articles"), key=str):
        key = snapshot.iris.key(row["article"].value)
        if key is None or key in found:
            continue
        publisher = snapshot.iris.key(text(row, "publisher") or "")
        found[key] = as_printed(text(row, "headline"), text(row, "published"), publisher, text(row, "genre"))
    return found


def _articles(view: View, snapshot: Snapshot) -> list[Json]:
    counts: dict[str, dict[str, int]] = {}
    for row in select(snapshot.store, "article_counts"):
        counts.setdefault(row["article"].value, {})[row["what"].value] = int(row["n"].value)
    found = []
    for key, known in _printed(snapshot).items():
        told = counts.get(snapshot.iris.thing(key), {})
        publisher = known["publisher"]
        found.append(
            {
                "key": key,
                "name": known["headline"],
                "iri": snapshot.iris.thing(key),
                "published": known["published"],
                "published_words": None,  # said by each page in its language
                "publisher": {"key": publisher, "name": view.link(publisher)["name"]} if publisher else None,
                "genre": known["genre"],
                "reports": told.get("reports", 0),
                "claims": told.get("claims", 0),
            }
        )
    return sorted(found, key=lambda a: (a["published"] or "", a["key"]), reverse=True)
