"""Any other thing (report, claim, role, evidence, record ...): what is said of it, and what points to it."""

import pyoxigraph as ox

from graph.vocabulary import PREFIXES
from web.queries import select
from web.views.paged import natural
from web.views.shared import Json, View, kind_of

__all__ = ["curie", "other_view", "part_link"]

#: Most links to a thing that its page lists.
_CAP = 100
#: Shapes have prefixes of their own, which no query needs.
_PREFIXES = {**PREFIXES, "sh": "http://www.w3.org/ns/shacl#", "shape": "https://parley.example/shapes#"}
_NAMES = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#prefLabel",
          "https://schema.org/text", "http://www.w3.org/ns/oa#exact")  # fmt: skip


def curie(iri: str) -> str:
    """Shorten an IRI by the usual prefixes.

    >>> curie("https://schema.org/author"), curie("https://news.example/1")
    ('schema:author', 'https://news.example/1')
    """
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def other_view(view: View, key: str) -> Json | None:
    """Return what the plain page of a thing shows; None if there is no such thing."""
    node = view.snapshot.node(key)
    if node is None:
        return None
    properties: dict[str, list[Json]] = {}
    names: dict[str, str] = {}
    for row in sorted(select(view.store, "thing", thing=node), key=str):
        predicate, value = row["p"].value, row["o"]
        properties.setdefault(predicate, []).append(_value(view, value))
        names.setdefault(predicate, value.value)
    if not properties:
        return None
    incoming: dict[str, list[Json]] = {}
    links = sorted(
        select(view.store, "links_to", thing=node), key=lambda row: (row["p"].value, natural(row["s"].value))
    )
    for row in links[:_CAP]:
        incoming.setdefault(row["p"].value, []).append(part_link(view, row["s"].value, key))
    parent = "/".join(key.split("/")[:2]) if key.startswith("article/") else None
    name = next((names[prop] for prop in _NAMES if prop in names), None)
    return {
        **view.link(key, name),
        "kind": kind_of(key),
        "article": view.article(parent) if parent else None,
        "evidence": view.quotes(node.value),
        "properties": _table(properties),
        "incoming": _table(incoming),
        "incoming_count": len(links),
    }


def part_link(view: View, iri: str, here: str) -> Json:
    """Return a link to a thing; what is a part of an article, with its headline, for each has a report 1.

    :param here: key of the thing whose page it is on: parts of its own article need no headline.
    """
    link = view.link_iri(iri)
    key = link["key"] or ""
    article = "/".join(key.split("/")[:2])
    if not key.startswith("article/") or article == key or f"{here}/".startswith(f"{article}/"):
        return link
    headline = view.printed(article).get("headline")
    return {**link, "name": f"{link['name']} · {headline}"} if headline else link


def _table(groups: dict[str, list[Json]]) -> list[Json]:
    rows: list[Json] = [{"iri": iri, "name": curie(iri), "values": values} for iri, values in groups.items()]
    return sorted(rows, key=lambda row: (row["name"] != "rdf:type", row["name"]))


def _value(view: View, term: ox.NamedNode | ox.Literal) -> Json:
    if isinstance(term, ox.NamedNode):
        link = view.link_iri(term.value)
        return link if link["key"] else {**link, "name": curie(term.value)}
    plain = term.datatype.value in (
        "http://www.w3.org/2001/XMLSchema#string",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    )
    return {
        "text": term.value,
        "language": term.language,
        "datatype": None if plain else curie(term.datatype.value),
    }
