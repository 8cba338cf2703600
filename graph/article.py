"""An article as it was read: its text, normalised once, and what is known about it."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self

from graph.errors import InputError

__all__ = ["Article", "article_key", "normalize"]


def normalize(text: str) -> str:
    r"""Return the text as it is stored: NFC, ``\n`` line ends, no byte order mark, no control characters, trimmed.

    Done once, at reading: every offset in the graph counts code points of the result.

    >>> normalize("\ufeffCafe\u0301\r\nnoir\x00  ")
    'Café\nnoir'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]", "", text)
    # Composed after the removal: it can bring a letter and its accent together.
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip(" \t") for line in text.split("\n")).strip()


def article_key(identity: str) -> str:
    """Return the key of the article with this identity: ``article/`` and twelve hexadecimal digits of its SHA-256.

    >>> article_key("https://news.example/1")
    'article/f1372b7cd058'
    """
    return f"article/{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Article:
    """One article: the value that reading hands to extraction.

    :param text: the normalised text; offsets count its code points.
    :param identity: what makes it this article and no other: its URL if it has one, else its title, publisher and date,
        else its text (see :meth:`identify`). The key, and so the IRI, follows from it.
    :param published: date of publication; None if unknown, and then relative dates stay unresolved.
    :param source: where it was read from: a path or URL, for people.
    :param related: keys of the related items that it prints; they follow from its text
        (see :mod:`graph.ingest.related`).
    :param version_of: key of the article whose text this is a copy of; it follows from those that there are (see
        :mod:`graph.ingest.copies`).
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
    related: tuple[str, ...] = ()
    version_of: str | None = None

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
        return article_key(self.identity)

    @property
    def digest(self) -> str:
        """``sha256:`` and the SHA-256 of text and metadata: two articles with equal digests say the same."""
        parts = [self.text, self.title, self.url, self.published, self.publisher, self.license, self.authors,
                 self.language, self.genre, self.keywords, self.abstract]  # fmt: skip
        return f"sha256:{hashlib.sha256(repr(parts).encode()).hexdigest()}"

    def to_dict(self) -> dict[str, Any]:
        """Return the article as JSON values; :meth:`from_dict` reads it back.

        >>> article = Article.create("They met.", title="Talks", published=date(2019, 2, 28), authors=("Ana Petrova",))
        >>> Article.from_dict(article.to_dict()) == article
        True
        """
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["published"] = self.published.isoformat() if self.published else None
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read an article from the JSON values of :meth:`to_dict`.

        :raises InputError: if they are not those of an article.
        """
        try:
            known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
            for name, value in known.items():
                several = name in ("authors", "keywords", "related")
                if several and isinstance(value, list) and all(isinstance(v, str) for v in value):
                    known[name] = tuple(value)
                elif name == "published" and value is not None:
                    known[name] = date.fromisoformat(value)
                elif several or not isinstance(value, str | None):
                    raise TypeError(name)
            if not isinstance(known["text"], str) or not isinstance(known["identity"], str):
                raise TypeError("text")
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not an article ({type(error).__name__}: {error})", "read its source again") from None
        return cls(**known)
