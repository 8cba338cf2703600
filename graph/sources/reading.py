"""What reading a source gives, and what the command line can say instead of the source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from graph.article import Article, normalize
from graph.errors import InputError

__all__ = ["Overrides", "Reading", "is_language", "is_web_iri", "one_line"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")


@dataclass(frozen=True, slots=True)
class Overrides:
    """Metadata from the command line; None says nothing, anything else wins over what the source says.

    :raises InputError: if the URL or the language is not one.
    """

    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    url: str | None = None
    license: str | None = None
    authors: tuple[str, ...] | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if self.url is not None and not is_web_iri(self.url):
            raise InputError(f"url: {self.url!r} is no web address", "give an http or https URL")
        if self.language is not None and not _LANGUAGE.match(self.language):
            raise InputError(f"language: {self.language!r} is no language tag", "give a tag like en or pt-br")

    def apply(self, article: Article) -> Article:
        """Return the article with these values in place of its own; another URL makes it another article."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        if self.language:
            said["language"] = self.language.lower()
        article = replace(article, **said)
        return replace(article, identity=self.url) if self.url else article


@dataclass(frozen=True, slots=True)
class Reading:
    """A source that was read.

    :param raw: the bytes as they were read (web pages: after the transfer's compression).
    :param source: absolute path, or URL after redirects.
    :param headers: of the HTTP answer, names in lower case; empty for files.
    :param read_at: when it was read or fetched, in UTC.
    :param sha256: hexadecimal SHA-256 of ``raw``.
    :param asked: the URL as it was asked for, before redirects; the source itself for files.
    """

    article: Article
    raw: bytes
    media_type: str
    source: str
    read_at: datetime
    sha256: str
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""


def is_web_iri(value: str) -> bool:
    """Tell whether a value can stand as an http or https IRI.

    >>> is_web_iri("https://news.example/a?b=1"), is_web_iri("news.example"), is_web_iri("http://a b/")
    (True, False, False)
    """
    if re.search(r"[\s<>\"{}|\\^`\x00-\x20\ud800-\udfff]", value):
        return False
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def is_language(value: str) -> bool:
    """Tell whether a value has the form of a BCP 47 language tag."""
    return bool(_LANGUAGE.match(value))


def one_line(value: str | None) -> str | None:
    r"""Return metadata as one clean line; None if nothing is left.

    >>> one_line(" Talks in \n Zubrowka ")
    'Talks in Zubrowka'
    """
    return " ".join(normalize(value or "").split()) or None
