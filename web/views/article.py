"""An article: its metadata, what it tells and who says what in it, as quotations."""

from collections.abc import Mapping

import pyoxigraph as ox

from web.queries import number, select, text
from web.urls import outside
from web.views.paged import FIRST, Part, claims_part, natural, part_of
from web.views.shared import Json, View, local_name
from web.words import date_in_words, day

__all__ = ["article_view"]

_SCHEMA = "https://schema.org/"
_DCT = "http://purl.org/dc/terms/"
_GENRES = {"AnalysisNewsArticle": "Analysis", "OpinionNewsArticle": "Opinion", "ReportageNewsArticle": "Reportage",
           "BackgroundNewsArticle": "Background", "NewsArticle": "News article", "Article": "Article"}  # fmt: skip


def article_view(view: View, key: str, pages: Mapping[str, int] = FIRST) -> Json | None:
    """Return what the page of an article shows; None if there is no such article.

    :param pages: which page of its ``reports``, ``claims`` and ``times``.
    :raises NotFoundError: if there is no such page.
    """
    values = view.properties(key)
    if not values:
        return None
    node = ox.NamedNode(view.iris.thing(key))

    def first(prop: str) -> str | None:
        return min(values.get(prop, ()), default=None)

    published = day(first(f"{_SCHEMA}datePublished"))
    types = [_GENRES[name] for iri in values.get("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ())
             if (name := local_name(iri) or "") in _GENRES]  # fmt: skip
    url = first(f"{_SCHEMA}url")
    rows = select(view.store, "claims_in", article=node)
    claims = claims_part(view, rows, pages.get("claims", 1), node.value)
    reports, times = _reports(view, node, pages.get("reports", 1)), _times(view, node, pages.get("times", 1))
    related = {view.iris.key(iri) for iri in values.get(f"{_DCT}relation", ())}
    related_from = {view.iris.key(row["article"].value) for row in select(view.store, "related_to", thing=node)}
    version_of = {view.iris.key(iri) for iri in values.get(f"{_DCT}isVersionOf", ())}
    versions = {view.iris.key(row["article"].value) for row in select(view.store, "versions_of", thing=node)}
    return {
        **view.article(key),
        "published_words": date_in_words(published) if published else None,
        "genre": first(f"{_SCHEMA}genre") or (types[0] if types else None),
        "language": first(f"{_SCHEMA}inLanguage"),
        "authors": [view.link_iri(iri) for iri in sorted(values.get(f"{_SCHEMA}author", ()))],
        "keywords": sorted(values.get(f"{_SCHEMA}keywords", ())),
        "abstract": first(f"{_SCHEMA}abstract"),
        "rights": first(f"{_DCT}rights"),
        "identifier": first(f"{_DCT}identifier"),
        "words": int(extent) if (extent := first(f"{_DCT}extent")) and extent.isdigit() else None,
        "original": outside(url),
        "original_text": url,
        "graph": view.iris.article_graph(key),
        "reports": [{**report, "evidence": view.quotes(report["iri"])} for report in reports.items],
        **reports.described("reports"),
        "speakers": view.by_speaker(list(claims.items)),
        "claim_count": claims.total,
        **claims.described("claims"),
        "times": [{**time, "evidence": view.quotes(time["iri"])} for time in times.items],
        **times.described("times"),
        "entities": _entities(view, node),
        "related": [view.article(k) for k in sorted(k for k in related if k)],
        "related_from": [view.article(k) for k in sorted(k for k in related_from if k)],
        "version_of": [view.article(k) for k in sorted(k for k in version_of if k)],
        "versions": [view.article(k) for k in sorted(k for k in versions if k)],
        "timeline": view.timeline_of("article", key.partition("/")[2]),
    }


def _reports(view: View, node: ox.NamedNode, page: int) -> Part[Json]:
    found: dict[str, Json] = {}
    for row in sorted(select(view.store, "article_reports", article=node), key=str):
        iri, confidence = row["report"].value, number(row, "confidence")
        if iri in found or not view.minimum.admits(confidence):
            continue
        event = view.iris.key(text(row, "event") or "")
        found[iri] = {
            **view.link_iri(iri, text(row, "label")),
            "type": local_name(text(row, "type")),
            "status": local_name(text(row, "status")),
            "when": view.when(row),
            "confidence": confidence,
            "event": view.link(event) if event else None,
        }
    return part_of(sorted(found.values(), key=lambda report: natural(report["iri"])), page)


def _times(view: View, node: ox.NamedNode, page: int) -> Part[Json]:
    found: dict[str, Json] = {}
    for row in sorted(select(view.store, "article_times", article=node), key=str):
        iri, confidence = row["expression"].value, number(row, "confidence")
        if not view.minimum.admits(confidence):
            continue
        found.setdefault(
            iri,
            {
                **view.link_iri(iri),
                "timex_type": text(row, "timexType"),
                "value": text(row, "timexValue"),
                "when": view.when(row) if "time" in row else None,
                "confidence": confidence,
            },
        )
    # Their names say where they stand in the text.
    return part_of(sorted(found.values(), key=lambda time: natural(time["iri"])), page)


def _entities(view: View, node: ox.NamedNode) -> Json:
    """Return the people, organizations and places that the article names, the most named first."""
    groups: Json = {"person": [], "organization": [], "place": []}
    seen: set[str] = set()
    for row in select(view.store, "article_entities", article=node):
        key = view.iris.key(row["entity"].value)
        kind = (key or "").partition("/")[0]
        if key is None or kind not in groups or key in seen:
            continue
        seen.add(key)
        count = text(row, "count")
        groups[kind].append({**view.link(key), "count": int(count) if count and count.isdigit() else None})
    for links in groups.values():
        links.sort(key=lambda link: (-(link["count"] or 0), link["name"].casefold()))
    return groups
