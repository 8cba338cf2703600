"""What sources hold: things to read, each by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from graph.errors import ParleyError

__all__ = ["Collection", "Document", "Form", "Item"]


class Form(StrEnum):
    """The forms that a source can have; all but ``ARTICLE`` hold or name many things to read."""

    ARTICLE = "article"
    FEED = "feed"
    SITEMAP = "sitemap"
    JSONL = "jsonl"
    WARC = "warc"
    URLS = "urls"


@dataclass(frozen=True, slots=True)
class Document:
    """A text or page that is at hand, without a file or address of its own to read it from.

    :param raw: its bytes, without any compression.
    :param media_type: of the bytes.
    :param url: where it is published; None if it does not say.
    :param headers: of the HTTP answer that it was, names in lower case.
    """

    raw: bytes
    media_type: str
    charset: str | None = None
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Item:
    """Something to read.

    :param source: its path or URL, or where in which file it is.
    :param document: what is at hand; None if the source has to be read.
    :param known: metadata that the list has that names it; the article's own wins.
    :param changed: when it last changed, as the list says.
    :param form: what it is; None if that is to be seen.
    :param error: why it cannot be read, where that is known already.
    """

    source: str
    document: Document | None = None
    known: Mapping[str, Any] = field(default_factory=dict)
    changed: datetime | None = None
    form: Form | None = None
    error: ParleyError | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A source that turned out to hold or name many things to read.

    :param headers: of the HTTP answer that it was, names in lower case.
    """

    source: str
    form: Form
    items: Iterator[Item]
    headers: Mapping[str, str] = field(default_factory=dict)
