"""People, organizations and places: who they are, what they took part in, what they said, where they are named."""

from collections import Counter

import pyoxigraph as ox

from web.answers import NotFoundError
from web.queries import select, text
from web.timeline import Entry
from web.urls import outside
from web.views.offices import offices_of
from web.views.series import MEETINGS
from web.views.shared import Json, View, local_name

__all__ = ["CAP", "entity_view"]

#: Longest list on such a page; the timeline has the rest, in pages.
CAP = 100


def entity_view(view: View, key: str, said: str = "", page: int = 1) -> Json | None:
    """Return what the page of a person, organization or place shows; None if there is no such thing.

    :param said: words that the claims shown must all have.
    :param page: which page of the claims.
    :raises NotFoundError: if there is no such page.
    """
    values = view.properties(key)
    kind, _, slug = key.partition("/")
    entries = view.entries(kind, slug)
    if not values:
        return None
    node = ox.NamedNode(view.iris.thing(key))
    name = view.link(key)["name"]
    claims = view.claims(select(view.store, "claims_by", by=node))
    wanted = said.casefold().split()
    found = [claim for claim in claims if all(word in _words(claim) for word in wanted)]
    pages = max(1, -(-len(found) // CAP))
    if page > pages:
        raise NotFoundError(f"there is no page {page} of these claims: there are {pages}", "go back to the first page")
    return {
        **view.link(key),
        "aliases": sorted(set(values.get("https://schema.org/alternateName", ())) - {name}),
        "same_as": [
            {"iri": iri, "url": outside(iri)} for iri in sorted(values.get("http://www.w3.org/2002/07/owl#sameAs", ()))
        ],
        **(_place(values) if kind == "place" else {}),
        "roles": _roles(view, node),
        "offices": offices_of(view, node) if kind == "person" else [],
        "events": [view.event(entry) for entry in entries[:CAP]],
        "event_count": len(entries),
        "timeline": view.timeline_of(kind, slug),
        "together": _together(view, key, entries),
        "claims": found[(page - 1) * CAP : page * CAP],
        "claim_count": len(claims),
        "claims_found": len(found),
        "claims_page": page,
        "claims_pages": pages,
        "said": said,
        "articles": _articles(view, node),
        "published_by": _published_by(view, key),
    }


def _words(claim: Json) -> str:
    return " ".join([claim["text"], *(quote["exact"] for quote in claim["evidence"])]).casefold()


def _place(values: dict[str, list[str]]) -> Json:
    def number(prop: str) -> float | None:
        try:
            return float(values[f"https://schema.org/{prop}"][0])
        except (KeyError, ValueError):
            return None

    latitude, longitude = number("latitude"), number("longitude")
    position = None
    if latitude is not None and longitude is not None:
        north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
        position = f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east}"
    return {
        "place_kind": local_name(next(iter(values.get("https://parley.example/ontology#placeKind", ())), None)),
        "latitude": latitude,
        "longitude": longitude,
        "position": position,
    }


def _roles(view: View, node: ox.NamedNode) -> list[Json]:
    """Return the roles of a person, each with all the places that state it."""
    roles: dict[str, Json] = {}
    for row in select(view.store, "roles_of", member=node):
        role = view.link_iri(row["role"].value, text(row, "name"))
        organization = text(row, "organization")
        known = roles.setdefault(
            f"{role['iri']} {organization}",
            {**role, "organization": view.link_iri(organization) if organization else None, "stated": {}},
        )
        membership = row["membership"].value
        known["stated"].setdefault(
            membership,
            {
                **view.link_iri(membership),
                "article": view.article_of(text(row, "article")),
                "evidence": view.quotes(membership),
            },
        )
    for role in roles.values():
        role["stated"] = sorted(
            role["stated"].values(), key=lambda s: ((s["article"] or {}).get("published") or "9999", s["key"] or "")
        )
    return sorted(roles.values(), key=lambda r: (-len(r["stated"]), r["name"].casefold()))


def _together(view: View, key: str, entries: list[Entry]) -> list[Json]:
    """Return who else took part in the same summits, meetings, calls, talks and visits that took place."""
    if key.startswith("place/"):
        return []
    counts = Counter(
        actor
        for entry in entries
        if entry.status == "occurred" and entry.type in MEETINGS
        for actor in entry.actors
        if actor != key and actor.startswith(("person/", "organization/"))
    )
    kind, _, slug = key.partition("/")
    found = []
    for other, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:30]:
        other_kind, _, other_slug = other.partition("/")
        both = view.urls.timeline([(kind, slug), (other_kind, other_slug), *view.minimum.pairs])
        found.append(
            {
                **view.link(other),
                "count": count,
                "timeline": both,
                "compare": view.urls.compare(pairs=[("a", key), ("b", other)]),
            }
        )
    return found


def _articles(view: View, node: ox.NamedNode) -> list[Json]:
    counts: dict[str, int] = {}
    for row in select(view.store, "mentions_of", entity=node):
        key = view.iris.key(row["article"].value)
        if key:
            count = text(row, "count")
            counts[key] = max(counts.get(key, 0), int(count) if count and count.isdigit() else 0)
    found = [{**view.article(key), "count": count} for key, count in counts.items()]
    return sorted(found, key=lambda a: (a["published"] or "", a["key"]), reverse=True)[:CAP]


def _published_by(view: View, key: str) -> list[Json]:
    if not key.startswith("organization/"):
        return []
    found = [view.article(a) for a, known in view.articles.items() if known["publisher"] == key]
    return sorted(found, key=lambda a: (a["published"] or "", a["key"]), reverse=True)[:CAP]
