"""An article as it was read: its text, normalised once, and what is known about it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from graph.errors import InputError

__all__ = ["Article", "normalize"]


def normalize(text: str) -> str:
    r"""Return the text as it is stored: NFC, ``\n`` line ends, no byte order mark, no control characters, trimmed.

    Done once, at reading: every offset in the graph counts code points of the result.

    >>> normalize("\ufeffCafe\u0301\r\nnoir\x00  ")
    'Café\nnoir'
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]", "", text)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip()


@dataclass(frozen=True, slots=True)
class Article:
    """One article: the value that reading hands to extraction.

    :param text: the normalised text; offsets count its code points.
    :param identity: what makes it this article and no other: its URL if it has one, else its title, publisher and date,
        else its text (see :meth:`identify`). The key, and so the IRI, follows from it.
    :param published: date of publication; None if unknown, and then relative dates stay unresolved.
    :param source: where it was read from: a path or URL, for people.
    """

    text: str
    identity: str
    title: str | None = None
    url: str | None = None
    published: date | None = None
    publisher: str | None = None
    license: str | None = None
    authors: tuple[str, ...] = ()
    language: str = "en"
    genre: str | None = None
    keywords: tuple[str, ...] = ()
    abstract: str | None = None
    source: str | None = None
    related: tuple[str, ...] = field(default=())

    @classmethod
    def create(cls, text: str, *, identity: str | None = None, **metadata: object) -> Self:
        """Make an article from raw text and metadata.

        :raises InputError: if no text is left after normalisation.
        """
        text = normalize(text)
        if not re.search(r"\w", text):
            raise InputError("the article has no text", "check that the source holds the article itself")
        article = cls(text=text, identity=identity or "", **metadata)  # type: ignore[arg-type]
        return article if identity else replace(article, identity=article.identify())

    def identify(self) -> str:
        """Return what identifies the article: URL, else title + publisher + date, else the hash of its text."""
        if self.url:
            return self.url
        if self.title and (self.published or self.publisher):
            return "\n".join((self.title, self.publisher or "", str(self.published or "")))
        return f"sha256:{hashlib.sha256(self.text.encode()).hexdigest()}"

    @property
    def key(self) -> str:
        """``article/`` and twelve hexadecimal digits of the identity's SHA-256."""
        return f"article/{hashlib.sha256(self.identity.encode()).hexdigest()[:12]}"

    @property
    def digest(self) -> str:
        """``sha256:`` and the SHA-256 of text and metadata: two articles with equal digests say the same."""
        parts = [self.text, self.title, self.url, self.published, self.publisher, self.license, self.authors,
                 self.language, self.genre, self.keywords, self.abstract, self.related]  # fmt: skip
        return f"sha256:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
