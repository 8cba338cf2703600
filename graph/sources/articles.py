"""Reading one article: from a file, from the web, or from what a collection holds."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.article import Article
from graph.errors import FetchError, InputError
from graph.settings import Settings
from graph.sources import frontmatter, markdown
from graph.sources.canonical import canonical_url
from graph.sources.decode import decode_html, decode_text, looks_like_html
from graph.sources.files import MARKDOWN, PAGES, is_web, read_file
from graph.sources.isolate import parse_page
from graph.sources.item import Collection, Document, Form, Item
from graph.sources.jsonlines import parse_json
from graph.sources.reading import Overrides, Reading

if TYPE_CHECKING:
    from graph.archive.archive import Archive
    from graph.sources.pages import Fetcher, Keep

__all__ = ["fetcher", "read", "read_collection", "read_item"]


def read(
    source: str,
    overrides: Overrides | None = None,
    *,
    settings: Settings | None = None,
    archive: "Archive | None" = None,
    refresh: bool = False,
) -> Reading:
    """Read an article.

    :param source: path of a Markdown, text or HTML file, or an http or https URL.
    :param overrides: metadata that wins over what the source says.
    :param settings: limits of size and time; the defaults if there are none.
    :param archive: pages that are in it are taken from there instead of from the web.
    :param refresh: fetch the page again although the archive has it.
    :raises InputError: if the source cannot be read as an article.
    :raises FetchError: if a web page cannot be fetched.
    :raises DatasetError: if the archive is broken.
    """
    item = Item(source, form=Form.ARTICLE)
    found = read_item(item, overrides, settings=settings, archive=archive, refresh=refresh)
    if isinstance(found, Collection):
        raise AssertionError("what is said to be an article is read as one")
    return found


def read_item(
    item: Item,
    overrides: Overrides | None = None,
    *,
    settings: Settings | None = None,
    archive: "Archive | None" = None,
    refresh: bool = False,
    keep: "Keep | None" = None,
) -> Reading | Collection:
    """Read an item: an article, or what turns out to hold or name many.

    :param keep: given each exchange with a web server.
    :raises InputError: as :func:`read` does; or the item's own error.
    :raises FetchError: as :func:`read` does.
    :raises LaterError: if a page cannot be fetched now.
    :raises DatasetError: as :func:`read` does.
    """
    overrides = overrides or Overrides()
    settings = settings or Settings()
    if item.error is not None:
        raise item.error
    if item.document is not None:
        return _read_document(item, item.document, overrides)
    if not is_web(item.source):
        return _read_file(item, overrides, settings.file_limit)
    return _read_page(item, overrides, settings, archive, refresh, keep)


def _read_page(
    item: Item,
    overrides: Overrides,
    settings: Settings,
    archive: "Archive | None",
    refresh: bool,
    keep: "Keep | None",
) -> Reading | Collection:
    from graph.sources.pages import SOURCES, TEXTS

    source = item.source.partition("#")[0]
    known = None
    if archive is not None and item.form in (None, Form.ARTICLE):
        known = archive.find(source) or archive.find(canonical_url(source))
        if known and not refresh:
            return replace(known, article=overrides.apply(known.article), asked=source)
    types = TEXTS if item.form is Form.ARTICLE else SOURCES
    page = fetcher(settings).fetch_changed(source, known.headers if known else {}, types=types, keep=keep)
    if page is None and known is not None:
        return replace(known, article=overrides.apply(known.article), asked=source)
    if page is None:
        raise FetchError(f"{source}: the server did not give the page (HTTP 304)", "check the URL")
    form = item.form
    if form is None:
        from graph.sources.expand import held_form

        form = held_form(page.raw)
    if form is not Form.ARTICLE:
        from graph.sources.expand import held_items

        items = held_items(form, page.raw, page.url, settings, settings.fetch_limit)
        return Collection(page.url, form, items, page.headers)
    if page.media_type not in TEXTS:
        raise FetchError(
            f"{page.url}: is {page.media_type}, not a web page or text", "give the URL of the article itself"
        )
    try:
        if page.media_type in ("text/html", "application/xhtml+xml"):
            metadata, text = parse_page(decode_html(page.raw, page.charset), page.url)
        else:
            is_markdown = "markdown" in page.media_type or Path(page.url.partition("?")[0]).suffix.lower() in MARKDOWN
            metadata, text = _parse_text(decode_text(page.raw, page.charset), is_markdown=is_markdown)
            metadata.setdefault("url", page.url)
        article = _article(text, {**item.known, **metadata}, overrides, source)
    except InputError as error:
        raise InputError(f"{page.url}: {error.cause}", error.remedy) from None
    return Reading(
        article, page.raw, page.media_type, page.url, page.fetched_at, _sha256(page.raw), page.headers, source
    )


def read_collection(
    url: str, known: Mapping[str, str], settings: Settings, keep: "Keep | None" = None, form: Form | None = None
) -> Collection | None:
    """Fetch a feed, a sitemap or another collection; None if it is as it was.

    :param known: headers of the last answer, of which ``etag`` and ``last-modified`` count.
    :param form: what it is; None to see by its content.
    :raises InputError: if it is none.
    :raises FetchError: if it cannot be fetched.
    :raises LaterError: if it cannot be fetched now.
    """
    from graph.sources.expand import held_form, held_items
    from graph.sources.pages import SOURCES

    page = fetcher(settings).fetch_changed(url, known, types=SOURCES, keep=keep)
    if page is None:
        return None
    form = form or held_form(page.raw)
    if form is Form.ARTICLE:
        raise InputError(f"{page.url}: is neither a feed nor a sitemap", "look on the page for a link to its feed")
    return Collection(
        page.url, form, held_items(form, page.raw, page.url, settings, settings.fetch_limit), page.headers
    )


def fetcher(settings: Settings) -> "Fetcher":
    """Return the fetcher of these settings: one for all pages, so that it knows when a host was asked last."""
    return _fetcher(
        settings.user_agent,
        settings.fetch_timeout,
        settings.fetch_limit,
        settings.fetch_pause,
        bool(settings.fetch_robots),
        bool(settings.fetch_private),
    )


@lru_cache(maxsize=8)
def _fetcher(user_agent: str, timeout: float, limit: int, pause: float, robots: bool, private: bool) -> "Fetcher":
    from graph.sources.pages import Fetcher

    return Fetcher(
        user_agent=user_agent, timeout=timeout, limit=limit, pause=pause, robots=robots, private=private
    )  # fmt: skip


def _read_file(item: Item, overrides: Overrides, limit: int) -> Reading:
    source = item.source
    raw = read_file(source, limit)
    shown = source.encode("utf-8", "backslashreplace").decode()  # a file's name need not be text
    ending = Path(source).suffix.lower()
    try:
        if ending in PAGES:
            media_type, (metadata, text) = "text/html", parse_page(decode_html(raw), None)
        else:
            decoded = decode_text(raw)
            if looks_like_html(decoded):
                media_type, (metadata, text) = "text/html", parse_page(decode_html(raw), None)
            else:
                media_type = "text/markdown" if ending in MARKDOWN else "text/plain"
                metadata, text = _parse_text(decoded, is_markdown=ending in MARKDOWN)
        article = _article(text, {**item.known, **metadata}, overrides, shown)
    except InputError as error:
        raise InputError(f"{shown}: {error.cause}", error.remedy) from None
    path = os.path.realpath(source).encode("utf-8", "backslashreplace").decode()
    return Reading(article, raw, media_type, path, datetime.now(UTC), _sha256(raw), {}, path)


def _read_document(item: Item, document: Document, overrides: Overrides) -> Reading:
    raw, media_type, digest = document.raw, document.media_type, _sha256(document.raw)
    try:
        if media_type == "application/json":
            metadata, text = _parse_fields(raw)
        elif media_type in ("text/html", "application/xhtml+xml") or looks_like_html(raw[:4096].decode("latin-1")):
            media_type = "text/html"
            metadata, text = parse_page(decode_html(raw, document.charset), document.url)
        else:
            is_markdown = "markdown" in media_type
            metadata, text = _parse_text(decode_text(raw, document.charset), is_markdown=is_markdown)
            if document.url:
                metadata.setdefault("url", document.url)
        article = _article(text, {**item.known, **metadata}, overrides, document.url or item.source)
    except InputError as error:
        raise InputError(f"{item.source}: {error.cause}", error.remedy) from None
    # Named by its content: the numbers of records and lines change when a file grows at its top.
    source = document.url or f"{item.source.rpartition('#')[0] or item.source}#{digest[:16]}"
    return Reading(article, raw, media_type, source, document.read_at, digest, document.headers, source)


def _parse_fields(raw: bytes) -> tuple[dict[str, Any], str]:
    values = parse_json(raw)
    metadata = frontmatter.metadata({key: value for key, value in values.items() if value is not None})
    text, page = values.get("text"), values.get("html")
    if isinstance(text, str) and text.strip():
        return metadata, text
    if isinstance(page, str) and page.strip():
        found, text = parse_page(page, metadata.get("url"))
        return {**found, **metadata}, text
    raise InputError("it has no text", 'put the article\'s text under "text", or its page under "html"')


def _parse_text(decoded: str, *, is_markdown: bool) -> tuple[dict[str, Any], str]:
    metadata, text = frontmatter.split(decoded.replace("\r\n", "\n").replace("\r", "\n"))
    if is_markdown:
        if "title" not in metadata and (headline := markdown.headline(text)):
            metadata["title"], text = headline
        text = markdown.plain(text)
    return metadata, markdown.unwrap(text)


def _article(text: str, metadata: Mapping[str, Any], overrides: Overrides, source: str) -> Article:
    values = dict(metadata)
    if values.get("url"):
        values["url"] = canonical_url(values["url"])
    return overrides.apply(Article.create(text, source=source, **values))


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
