"""RSS and Atom feeds: what they announce."""

import io
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

from graph.errors import InputError
from graph.sources.item import Document, Item
from graph.sources.reading import is_web_iri, one_line
from graph.sources.xml import refuse_entities

__all__ = ["feed_items", "parse_feed"]

_LONGEST_CONTENT = 2_000_000


def parse_feed(raw: bytes, url: str) -> list[dict[str, Any]]:
    """Return the entries of a feed: ``link``, ``id``, ``title``, ``published``, ``updated``, ``authors``, ``content``.

    RSS 0.9 to 2.0 and Atom (RFC 4287), as far as feedparser can make sense of them, which is far.

    :param url: where it is from; relative links count from there.
    :raises InputError: if it is no feed.
    """
    import feedparser

    refuse_entities(raw)
    # From bytes in a file: a text could be taken for an address and fetched.
    found = feedparser.parse(io.BytesIO(raw), response_headers={"content-location": url})
    if not found.version and not found.entries:
        why = one_line(str(found.get("bozo_exception", ""))) or "no entries"
        raise InputError(f"it is no feed that can be read ({why[:200]})", "check the address in a feed reader")
    entries = []
    for entry in found.entries:
        bodies = [part.value for part in entry.get("content", ()) if part.get("value")]
        entries.append({
            "link": urljoin(url, entry.get("link", "")) if entry.get("link") else "",
            "id": entry.get("id", ""),
            "title": entry.get("title", ""),
            "published": _time(entry.get("published_parsed")),
            # A plain look-up would give the publication where there is none, with a warning.
            "updated": _time(dict(entry).get("updated_parsed")),
            "authors": [a.name for a in entry.get("authors", ()) if a.get("name")],
            "content": max(bodies, key=len, default=entry.get("summary", ""))[:_LONGEST_CONTENT],
        })  # fmt: skip
    return entries


def _time(parsed: Any) -> str | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat() if parsed else None
    except (TypeError, ValueError, OverflowError):
        return None


def feed_items(entries: list[dict[str, Any]], where: str) -> Iterator[Item]:
    """Yield what a feed announces: pages to read, and entries without a page of their own as documents.

    :param where: path or URL of the feed.
    """
    for number, entry in enumerate(entries, 1):
        known = _known(entry)
        changed = _moment(entry["updated"]) or _moment(entry["published"])
        if is_web_iri(entry["link"]):
            yield Item(entry["link"].partition("#")[0], known=known, changed=changed)
        elif content := entry["content"].strip():
            page = f"<html><body><article>{content}</article></body></html>"
            yield Item(f"{where}#{number}", Document(page.encode(), "text/html", "utf-8"), known, changed)
        else:
            error = InputError(f"{where}: entry {number} has neither a link nor a text", "tell the feed's publisher")
            yield Item(f"{where}#{number}", error=error)


def _known(entry: Mapping[str, Any]) -> dict[str, Any]:
    published = entry["published"] or entry["updated"]
    known = {
        "title": one_line(entry["title"]),
        "published": date.fromisoformat(published[:10]) if published else None,
        "authors": tuple(dict.fromkeys(filter(None, map(one_line, entry["authors"])))),
    }
    return {key: value for key, value in known.items() if value}


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
