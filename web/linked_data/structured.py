"""Pages in the terms of schema.org, for machines that read pages: blocks of JSON-LD with nothing empty in them.

(JSON-LD 1.1, section 7; schema.org as its validator and search engines read it.)
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from web.linked_data.dumps import DUMPS
from web.published import Snapshot
from web.timeline.timeline import timeline
from web.urls import Urls
from web.views.shared import Json

__all__ = ["DESCRIPTION", "TITLE", "dataset_block", "thing_block"]

TITLE = "Parley: diplomatic events, every triple led back to the words of an article"
DESCRIPTION = (
    "Diplomatic events read from articles and official records: who met whom, where and when, and what was said about "
    "it. Every statement leads back to the words that it rests on."
)
_CONTEXT = "https://schema.org"
_DAY = re.compile(r"-?\d{4}(-\d\d(-\d\d)?)?")
_STATUSES = {"planned": "https://schema.org/EventScheduled", "cancelled": "https://schema.org/EventCancelled"}
_TYPES = {"person": "Person", "organization": "Organization", "place": "Place"}


def thing_block(key: str, values: Mapping[str, Any], origin: str, license_iri: str) -> Json | None:
    """Return the block of the page of a thing; None where schema.org has no word for such a thing.

    :param values: what the page shows.
    :param origin: scheme and host of the server.
    """
    kind, _, rest = key.partition("/")
    if "/" in rest:
        said = _claim(values, origin) if values["kind"] == "Claim" else None
    elif kind == "event":
        said = _event(values, origin)
    elif kind in _TYPES:
        said = _entity(values, origin)
    else:
        said = _article(values, origin) if kind == "article" else None
    if said is None:
        return None
    about = {"@type": "WebPage", "@id": origin + values["url"], "license": license_iri}
    return _pruned({"@context": _CONTEXT, **said, "mainEntityOfPage": about})


def dataset_block(current: Snapshot, urls: Urls, origin: str, license_iri: str) -> Json:
    """Return the block of the front page: the dataset.

    :param origin: scheme and host of the server.
    """
    span = timeline(current).span
    block = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": current.iris.base,
        "name": TITLE,
        "description": DESCRIPTION,
        "url": origin + urls.timeline(),
        "license": license_iri,
        "version": str(current.number),
        "dateModified": current.published_at.isoformat(),
        "temporalCoverage": f"{span[0].isoformat()}/{span[1].isoformat()}" if span else None,
        "isAccessibleForFree": True,
        "keywords": ["diplomacy", "summits", "international relations", "news", "linked data"],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": "Parley", "url": origin + urls.void()},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{dump.format.label}, {dump.holds}",
                "encodingFormat": dump.format.media_type,
                "contentUrl": origin + urls.dumps(dump.name),
            }
            for dump in DUMPS
        ],
    }
    return _pruned(block)


def _event(values: Mapping[str, Any], origin: str) -> Json:
    start, end = _dates(values["when"])
    articles = {r["article"]["iri"]: r["article"] for r in values["reports"] if r["article"]}
    return {
        **_head("Event", values, origin),
        "startDate": start,
        "endDate": end,
        "eventStatus": _STATUSES.get(values["status"]),
        "location": [_named(place, origin) for place in values["places"]],
        "attendee": [_named(actor, origin) for actor in values["actors"] if actor["kind"] != "Place"],
        "superEvent": [{**_head("Event", e, origin)} for e in values["part_of"]],
        "subEvent": [{**_head("Event", e, origin)} for e in values["parts"]],
        "subjectOf": [_cited(article, origin) for article in articles.values()],
    }


def _entity(values: Mapping[str, Any], origin: str) -> Json:
    kind = values["key"].partition("/")[0]
    said: Json = {
        **_head(_TYPES[kind], values, origin),
        "alternateName": values["aliases"],
        "sameAs": [same["iri"] for same in values["same_as"]],
    }
    if kind == "person":
        said["jobTitle"] = list(dict.fromkeys(role["name"] for role in values["roles"]))
    if kind == "place" and values.get("position"):
        said["geo"] = {
            "@type": "GeoCoordinates", "latitude": values["latitude"], "longitude": values["longitude"],
        }  # fmt: skip
    return said


def _article(values: Mapping[str, Any], origin: str) -> Json:
    mentioned = [_named(link, origin) for links in values["entities"].values() for link in links]
    return {
        **_cited(values, origin),
        "url": values["original"] or origin + values["url"],
        "author": [_named(author, origin) for author in values["authors"]],
        "inLanguage": values["language"],
        "keywords": values["keywords"],
        "abstract": values["abstract"],
        "wordCount": values["words"],
        "mentions": mentioned,
    }


def _claim(values: Mapping[str, Any], origin: str) -> Json:
    said = {row["name"]: row["values"] for row in values["properties"]}
    direct = any(value.get("iri", "").endswith("#direct") for value in said.get("ply:manner", ()))
    author = [_named(value, origin) for value in said.get("schema:author", ()) if value.get("iri")]
    # What is said in its speaker's own words is a quotation, too.
    return {
        **_head("Claim", values, origin),
        "@type": ["Claim", "Quotation"] if direct else "Claim",
        "text": next((value["text"] for value in said.get("schema:text", ()) if "text" in value), None),
        "author": author,
        "spokenByCharacter": author if direct else None,
        "about": [_named(value, origin) for value in said.get("schema:about", ()) if value.get("iri")],
        "appearance": _cited(values["article"], origin) if values["article"] else None,
    }


def _head(kind: str, link: Mapping[str, Any], origin: str) -> Json:
    return {"@type": kind, "@id": link["iri"], "name": link["name"], "url": _url(link, origin)}


def _url(link: Mapping[str, Any], origin: str) -> str | None:
    url = link["url"]
    return None if url is None else f"{origin}{url}" if url.startswith("/") else str(url)


def _named(link: Mapping[str, Any], origin: str) -> Json:
    kind = (link["key"] or "").partition("/")[0]
    return _head("Event" if kind == "event" else _TYPES.get(kind, "Thing"), link, origin)


def _cited(article: Mapping[str, Any], origin: str) -> Json:
    publisher = article["publisher"]
    return {
        **_head("NewsArticle", article, origin),
        "headline": article["name"],
        "datePublished": article["published"],
        "publisher": _named(publisher, origin) if publisher else None,
    }


def _dates(when: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return beginning and end as ISO 8601 has them; none of what is uncertain, which it cannot say."""
    first, slash, last = str(when["edtf"] or "").partition("/")
    if not _DAY.fullmatch(first) or (slash and not _DAY.fullmatch(last)):
        return None, None
    return str(first), str(last or first)


def _pruned(values: Mapping[str, Any]) -> Json:
    """Return a block without what is empty; a list of one is that one."""
    found: Json = {}
    for name, value in values.items():
        kept = value
        if isinstance(value, Mapping):
            kept = _pruned(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            kept = [_pruned(one) if isinstance(one, Mapping) else one for one in value if one not in (None, "", {})]
            kept = kept[0] if len(kept) == 1 else kept
        if kept not in (None, "", [], {}):
            found[name] = kept
    return found
