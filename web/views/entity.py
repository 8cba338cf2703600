"""People, organizations and places: who they are, what they took part in, what they said, where they are named."""

from collections.abc import Sequence

import numpy as np
import pyoxigraph as ox

from graph.index import Facet, top
from graph.index.claims import Claim
from graph.index.columns import Column
from graph.index.follow import leading_to, said_of
from graph.vocabulary import PLY, PROV
from web.paging import count_pages
from web.queries import select, text
from web.urls import outside
from web.views.offices import offices_of
from web.views.said import Said
from web.views.series import meetings_in
from web.views.shared import Json, View, local_name

__all__ = ["CAP", "entity_view"]

#: Longest list on such a page; the timeline has the rest, in pages.
CAP = 100
#: Others who are shown with somebody.
_TOGETHER = 30
#: Roles of a person, and statements of one: the graph has the rest, in pages.
_ROLES, _STATED = 30, 20
_DERIVED, _ENTITY, _COUNT = (ox.NamedNode(str(p)) for p in (PROV.wasDerivedFrom, PLY.entity, PLY.mentionCount))


def entity_view(view: View, key: str, said: str = "", page: int = 1) -> Json | None:
    """Return what the page of a person, organization or place shows; None if there is no such thing.

    :param said: words that the claims shown must all have.
    :param page: which page of the claims.
    :raises NotFoundError: if there is no such page.
    """
    values = view.properties(key)
    kind, _, slug = key.partition("/")
    if not values:
        return None
    positions = view.positions(kind, slug)
    node = ox.NamedNode(view.iris.thing(key))
    name = view.link(key)["name"]
    claims = Said(view, key)
    wanted = said.casefold().split()
    found = claims.having((lambda claim: _has(claim, wanted)) if wanted else None)
    pages = count_pages(len(found), CAP, page)
    return {
        **view.link(key),
        "aliases": sorted(set(values.get("https://schema.org/alternateName", ())) - {name}),
        "same_as": [
            {"iri": iri, "url": outside(iri)} for iri in sorted(values.get("http://www.w3.org/2002/07/owl#sameAs", ()))
        ],
        **(_place(values) if kind == "place" else {}),
        **_roles(view, node),
        **(offices_of(view, node) if kind == "person" else {"offices": [], "office_count": 0}),
        "events": [view.event(entry) for entry in view.timeline.at(positions[:CAP])],
        "event_count": len(positions),
        "timeline": view.timeline_of(kind, slug),
        "together": _together(view, key, positions),
        "claims": claims.shown(found[(page - 1) * CAP : page * CAP]),
        "claim_count": len(claims),
        "claims_found": len(found),
        "claims_page": page,
        "claims_pages": pages,
        "said": said,
        "articles": _articles(view, node),
        "published_by": _published_by(view, key, node),
    }


def _has(claim: Claim, wanted: Sequence[str]) -> bool:
    words = " ".join(claim.words).casefold()
    return all(word in words for word in wanted)


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


def _roles(view: View, node: ox.NamedNode) -> Json:
    """Return the roles of a person, those stated most often first, each with the latest statements of it."""
    roles: dict[str, Json] = {}
    statements: dict[str, dict[str, str | None]] = {}
    for row in select(view.store, "roles_of", member=node):
        organization = text(row, "organization")
        name = f"{row['role'].value} {organization}"
        if name not in roles:
            link = view.link_iri(row["role"].value, text(row, "name"))
            roles[name] = {**link, "organization": view.link_iri(organization) if organization else None}
        statements.setdefault(name, {})[row["membership"].value] = text(row, "article")
    most = sorted(roles, key=lambda name: (-len(statements[name]), roles[name]["name"].casefold(), name))
    return {
        "roles": [
            {**roles[name], "count": len(statements[name]), "stated": _latest(view, statements[name])}
            for name in most[:_ROLES]
        ],
        "role_count": len(roles),
    }


def _latest(view: View, statements: dict[str, str | None]) -> list[Json]:
    """Return the latest statements of a role, the earliest of these first.

    :param statements: IRI of each -> that of its article.
    """
    articles = {iri: view.article_of(article) for iri, article in statements.items()}
    order = sorted(statements, key=lambda iri: ((articles[iri] or {}).get("published") or "", iri))
    return [
        {**view.link_iri(iri), "article": articles[iri], "evidence": view.quotes(iri)} for iri in order[-_STATED:]
    ]  # fmt: skip


def _together(view: View, key: str, positions: Column) -> list[Json]:
    """Return who else took part in the same summits, meetings, calls, talks and visits that took place."""
    if key.startswith("place/"):
        return []
    facets, met = view.timeline.index.facets, meetings_in(view, positions)
    counts: dict[str, int] = {}
    for other_kind in ("person", "organization"):
        counts |= _most(facets[other_kind], other_kind, met)
    counts.pop(key, None)
    kind, _, slug = key.partition("/")
    found = []
    for other, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_TOGETHER]:
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


def _most(facet: Facet, kind: str, positions: Column) -> dict[str, int]:
    """Return who is in most of some events, with how many; all who are in as many as the last of these."""
    counts = facet.among(positions)
    # One more than is shown: the one whose page it is may be among them.
    some = top(counts, _TOGETHER + 1)
    least = int(counts[some[-1]]) if len(some) else 0
    numbers = np.flatnonzero(counts >= least) if least else some
    return {f"{kind}/{facet.slug(number)}": int(counts[number]) for number in numbers.tolist()}


def _articles(view: View, node: ox.NamedNode) -> list[Json]:
    """Return the latest articles that name somebody or something, with how often each does."""
    latest = (view.iris.key(row["article"].value) for row in select(view.store, "mentions_of", entity=node))
    return [{**view.article(key), "count": _count(view, key, node)} for key in dict.fromkeys(latest) if key]


def _count(view: View, article: str, node: ox.NamedNode) -> int:
    """Return how often an article names somebody or something; 0 where it is not known."""
    there, counts = ox.NamedNode(view.iris.thing(article)), [0]
    for mention in leading_to(view.store, _DERIVED, there):
        if mention.value.startswith(f"{there.value}/mention/") and any(said_of(view.store, mention, _ENTITY, node)):
            said = (quad.object for quad in said_of(view.store, mention, _COUNT))
            counts += [int(count.value) for count in said if isinstance(count, ox.Literal)]
    return max(counts)


def _published_by(view: View, key: str, node: ox.NamedNode) -> list[Json]:
    if not key.startswith("organization/"):
        return []
    rows = select(view.store, "published_by", publisher=node)
    return [view.article(article) for row in rows if (article := view.iris.key(row["article"].value))]
