"""Reading: from a file or a web address to an article.

``discover`` finds what there is to read, ``read`` reads one source. Whatever cannot be read ends in one line that says
why and what to do.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.article import Article
from graph.errors import InputError
from graph.settings import Settings
from graph.sources import frontmatter, markdown
from graph.sources.decode import decode_html, decode_text, looks_like_html
from graph.sources.files import MARKDOWN, PAGES, discover, is_web, read_file
from graph.sources.reading import Overrides, Reading

if TYPE_CHECKING:
    from graph.archive import Archive
    from graph.sources.pages import Fetcher

__all__ = ["Overrides", "Reading", "discover", "read"]


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
    overrides = overrides or Overrides()
    settings = settings or Settings()
    if not is_web(source):
        return _read_file(source, overrides, settings.file_limit)
    source = source.partition("#")[0]
    if archive is not None and not refresh and (known := archive.find(source)):
        return replace(known, article=overrides.apply(known.article), asked=source)
    page = _fetcher(settings.user_agent, settings.fetch_timeout, settings.fetch_limit).fetch(source)
    try:
        if page.media_type in ("text/html", "application/xhtml+xml"):
            metadata, text = _parse_page(decode_html(page.raw, page.charset), page.url)
        else:
            is_markdown = "markdown" in page.media_type or Path(page.url.partition("?")[0]).suffix.lower() in MARKDOWN
            metadata, text = _parse_text(decode_text(page.raw, page.charset), is_markdown=is_markdown)
            metadata.setdefault("url", page.url)
        article = _article(text, metadata, overrides, source)
    except InputError as error:
        raise InputError(f"{page.url}: {error.cause}", error.remedy) from None
    return Reading(
        article, page.raw, page.media_type, page.url, page.fetched_at, _sha256(page.raw), page.headers, source
    )


@lru_cache(maxsize=8)
def _fetcher(user_agent: str, timeout: float, limit: int) -> "Fetcher":
    from graph.sources.pages import Fetcher

    # One for all pages, so that it knows when a host was asked last.
    return Fetcher(user_agent=user_agent, timeout=timeout, limit=limit)


def _parse_page(page: str, url: str | None = None) -> tuple[dict[str, Any], str]:
    from graph.sources.html import parse_html  # its parser takes as long to load as a text to read

    return parse_html(page, url)


def _read_file(source: str, overrides: Overrides, limit: int) -> Reading:
    raw = read_file(source, limit)
    shown = source.encode("utf-8", "backslashreplace").decode()  # a file's name need not be text
    ending = Path(source).suffix.lower()
    try:
        if ending in PAGES:
            media_type, (metadata, text) = "text/html", _parse_page(decode_html(raw))
        else:
            decoded = decode_text(raw)
            if looks_like_html(decoded):
                media_type, (metadata, text) = "text/html", _parse_page(decode_html(raw))
            else:
                media_type = "text/markdown" if ending in MARKDOWN else "text/plain"
                metadata, text = _parse_text(decoded, is_markdown=ending in MARKDOWN)
        article = _article(text, metadata, overrides, shown)
    except InputError as error:
        raise InputError(f"{shown}: {error.cause}", error.remedy) from None
    path = os.path.realpath(source).encode("utf-8", "backslashreplace").decode()
    return Reading(article, raw, media_type, path, datetime.now(UTC), _sha256(raw), {}, path)


def _parse_text(decoded: str, *, is_markdown: bool) -> tuple[dict[str, Any], str]:
    metadata, text = frontmatter.split(decoded.replace("\r\n", "\n").replace("\r", "\n"))
    if is_markdown:
        if "title" not in metadata and (headline := markdown.headline(text)):
            metadata["title"], text = headline
        text = markdown.plain(text)
    return metadata, markdown.unwrap(text)


def _article(text: str, metadata: Mapping[str, Any], overrides: Overrides, source: str) -> Article:
    return overrides.apply(Article.create(text, source=source, **metadata))


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
