"""Sitemaps and sitemap indexes (sitemaps.org, protocol 0.9), with the extension for news."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import lxml.etree  # type: ignore[import-untyped,unused-ignore]

from graph.errors import InputError
from graph.sources.item import Form, Item
from graph.sources.reading import is_web_iri, one_line
from graph.sources.xml import refuse_entities

__all__ = ["parse_sitemap", "sitemap_items"]

#: A sitemap has 50,000 URLs at most (protocol, "Sitemap file"); some have more.
_MOST = 200_000


def parse_sitemap(raw: bytes) -> list[dict[str, Any]]:
    """Return the entries of a sitemap: ``loc``, ``lastmod``, ``title``, ``published``, and whether it is an ``index``.

    :raises InputError: if it is no sitemap.
    """
    refuse_entities(raw)
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = lxml.etree.fromstring(raw, parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise InputError(f"it is no sitemap ({one_line(str(error))})", "check it with an XML checker") from None
    if root is None or not isinstance(root.tag, str):
        raise InputError("it is no sitemap", "check the address in a browser")
    index = lxml.etree.QName(root).localname == "sitemapindex"
    entries: list[dict[str, Any]] = []
    for element in root.iterchildren(tag=lxml.etree.Element):
        values: dict[str, Any] = {"index": index, "loc": "", "lastmod": None, "title": "", "published": None}
        for part in element.iter(tag=lxml.etree.Element):
            name = lxml.etree.QName(part).localname
            text = (part.text or "").strip()
            if name == "loc" and not values["loc"]:
                values["loc"] = text
            elif name == "lastmod":
                values["lastmod"] = text
            elif name == "title":
                values["title"] = text
            elif name == "publication_date":
                values["published"] = text
        if values["loc"] and len(entries) < _MOST:
            entries.append(values)
    return entries


def sitemap_items(entries: list[dict[str, Any]], where: str) -> Iterator[Item]:
    """Yield the pages, or the further sitemaps, that a sitemap names.

    :param where: path or URL of the sitemap.
    """
    for entry in entries:
        if not is_web_iri(entry["loc"]):
            error = InputError(f"{where}: {entry['loc'][:200]!r} is no web address", "tell the sitemap's publisher")
            yield Item(where, error=error)
            continue
        published = _moment(entry["published"])
        known = {"title": one_line(entry["title"]), "published": published.date() if published else None}
        yield Item(
            entry["loc"].partition("#")[0],
            known={key: value for key, value in known.items() if value},
            changed=_moment(entry["lastmod"]),
            form=Form.SITEMAP if entry["index"] else None,
        )


def _moment(value: str | None) -> datetime | None:
    """Return a W3C date or time; None if it is none. A day without a time counts from its beginning."""
    try:
        at = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
