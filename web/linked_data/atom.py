"""Feeds (Atom, RFC 4287)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import NamedTuple
from xml.etree import ElementTree

__all__ = ["FEED_LENGTH", "FeedEntry", "midnight", "write_feed", "xml_text"]

#: Entries of a feed.
FEED_LENGTH = 50
_ATOM = "http://www.w3.org/2005/Atom"
#: Characters that XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FeedEntry(NamedTuple):
    """An entry.

    :param iri: names it for ever.
    :param url: of the page about it.
    :param authors: names; at least one.
    :param summary: plain text.
    """

    iri: str
    title: str
    url: str
    updated: datetime
    authors: tuple[str, ...]
    summary: str


def xml_text(text: str) -> str:
    """Return text without characters that XML cannot hold."""
    return _NO_XML.sub("�", text)


def midnight(day: str | None, otherwise: datetime) -> datetime:
    """Return the beginning of a day (UTC), or another time where there is no day.

    >>> midnight("2021-05-03", datetime(2021, 6, 1, tzinfo=UTC)).isoformat()
    '2021-05-03T00:00:00+00:00'
    """
    return datetime.combine(datetime.fromisoformat(day), time(), UTC) if day else otherwise


def write_feed(title: str, iri: str, itself: str, page: str, updated: datetime, entries: Iterable[FeedEntry]) -> bytes:
    """Write a feed.

    :param iri: names it for ever.
    :param itself: its URL.
    :param page: URL of the page that shows the same.
    """
    root = ElementTree.Element("feed", xmlns=_ATOM)
    _add(root, "title", title)
    _add(root, "id", iri)
    _add(root, "updated", updated.isoformat())
    _add(root, "link", rel="self", type="application/atom+xml", href=itself)
    _add(root, "link", rel="alternate", type="text/html", href=page)
    for one in entries:
        entry = _add(root, "entry")
        _add(entry, "title", one.title)
        _add(entry, "id", one.iri)
        _add(entry, "link", rel="alternate", href=one.url)
        _add(entry, "updated", one.updated.isoformat())
        for author in one.authors:
            _add(_add(entry, "author"), "name", author)
        _add(entry, "summary", one.summary)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = xml_text(text) if text else None
    return element
