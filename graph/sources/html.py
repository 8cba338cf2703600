"""Main text and metadata of a web page, found by trafilatura."""

import itertools
import logging
import re
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.etree  # type: ignore[import-untyped,unused-ignore]
import lxml.html  # type: ignore[import-untyped,unused-ignore]

from graph.errors import InputError
from graph.sources.reading import is_language, is_web_iri, one_line

__all__ = ["parse_html"]

# Their libraries warn of every odd page; what matters to the user is raised here.
for _name in ("trafilatura", "htmldate", "courlan", "justext", "readability", "charset_normalizer"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

# No text of the page's body may be taken for its date: only what the page declares.
_DATES = {"original_date": True, "extensive_search": False}


def parse_html(page: str, url: str | None = None) -> tuple[dict[str, Any], str]:
    """Find the article on a web page.

    :param page: the decoded page.
    :param url: where it was fetched from, after redirects; None for a file.
    :returns: metadata, named as the fields of an article; and the main text, its paragraphs separated by blank lines.
    :raises InputError: if there is no text on the page.
    """
    # Imported when a page is read: it takes longer to load than an article that is no page to extract.
    import trafilatura
    from trafilatura.settings import Document

    tree = _tree(page)
    try:
        # Read before trafilatura prunes the tree.
        language, license_ = _language(tree), _license(tree, url)
        found = trafilatura.bare_extraction(
            tree, url=url, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATES)
        )
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError, lxml.etree.LxmlError) as error:
        # Pages can be broken in more ways than the libraries foresee; the page is at fault, not the program's state.
        raise InputError(f"the page cannot be taken apart ({type(error).__name__})", _SAVE) from None
    if not isinstance(found, Document):
        raise InputError(_NOTHING, _SAVE)
    paragraphs = [line.strip() for line in (found.text or "").split("\n")]
    title = one_line(found.title)
    if paragraphs and one_line(paragraphs[0]) == title:
        paragraphs = paragraphs[1:]  # the headline is metadata, as in a text file
    text = "\n\n".join(filter(None, paragraphs))
    if not re.search(r"\w", text):
        raise InputError(_NOTHING, _SAVE)
    metadata = {
        "title": title,
        "url": _canonical(found.url, url),
        "published": _date(found.date),
        "publisher": one_line(found.sitename),
        "license": one_line(license_ or found.license),
        "authors": tuple(dict.fromkeys(filter(None, map(one_line, (found.author or "").split(";"))))),
        "language": language,
        "keywords": tuple(dict.fromkeys(filter(None, map(one_line, found.tags or ())))),
        "abstract": one_line(found.description),
    }
    return {key: value for key, value in metadata.items() if value}, text


#: More elements than any article's page has (a long encyclopedia page has 20,000). The search for the main text takes
#: time that grows with their square in the worst case: half a minute for 20,000 nested tables.
_MOST_ELEMENTS = 50_000
_NOTHING = "no article text was found on the page"
_SAVE = "save the article's text to a .txt or .md file and read that"


def _tree(page: str) -> lxml.html.HtmlElement:
    if not page.strip():
        raise InputError("the page is empty", "check that it opens in a browser")
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        # As bytes: lxml refuses text with an encoding declaration.
        tree = lxml.html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        raise InputError("the page has no content", _SAVE) from None
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise InputError("the page's elements are nested too deeply (more than 256)", _SAVE)
    if sum(1 for _ in itertools.islice(tree.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        raise InputError(f"the page has more than {_MOST_ELEMENTS} elements", _SAVE)
    return tree


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _language(tree: lxml.html.HtmlElement) -> str | None:
    found = tree.xpath("(//html/@lang | //html/@xml:lang | //meta[@http-equiv='content-language']/@content)[1]")
    language = str(found[0]).strip().replace("_", "-").lower() if found else ""
    return language if is_language(language) else None


def _license(tree: lxml.html.HtmlElement, url: str | None) -> str | None:
    for link in tree.xpath("//*[contains(concat(' ', normalize-space(@rel), ' '), ' license ')]/@href"):
        address = urljoin(url or "", str(link).strip())
        if is_web_iri(address):
            return address
    return None


def _canonical(declared: str | None, fetched: str | None) -> str | None:
    """Return the page's URL: what it declares if that can be believed, else where it was fetched.

    Pages declare their site's front page by mistake, and copies declare another site: neither may make one of
    two articles.
    """
    declared, fetched = _plain_url(declared), _plain_url(fetched)
    if not declared:
        return fetched
    there = urlsplit(declared)
    if there.path.strip("/") == "" and not there.query:
        return fetched
    if fetched and _host(fetched) != _host(declared):
        return fetched
    return declared


def _plain_url(url: str | None) -> str | None:
    url = (url or "").strip().partition("#")[0]
    return url if is_web_iri(url) else None


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}:{parts.port or ''}"
