"""The IRIs of a dataset, all from one builder.

A *key* is the part of a thing's IRI after ``{base}id/``: ``person/kim-jong-un``, ``article/81c930f8a2b4/report/2``.
Extraction speaks in keys, so that it is a pure function of the article; RDF, JSON and pages speak in IRIs.
"""

import re
import unicodedata
from dataclasses import dataclass

from graph.errors import InputError

__all__ = ["DEFAULT_BASE", "Iris", "slugify"]

#: Base IRI of a dataset whose creator chose none: where ``parley serve`` answers by default.
DEFAULT_BASE = "http://127.0.0.1:8000/"

_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+/\Z")


def slugify(name: str, limit: int = 80) -> str:
    """Turn a name into the readable last part of an IRI: ASCII where there is an equivalent, else the letters as such.

    >>> slugify("Hafiz al-Asad"), slugify("Côte d’Ivoire"), slugify("U.S."), slugify("習近平")
    ('hafiz-al-asad', 'cote-d-ivoire', 'us', '習近平')
    """
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = unicodedata.normalize("NFC", re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", text)).casefold()
    slug = re.sub(r"[\W_]+", "-", text).strip("-")
    return slug[:limit].rstrip("-") or "unnamed"


@dataclass(frozen=True, slots=True)
class Iris:
    """Builds and takes apart the IRIs of one dataset.

    :param base: the dataset's base IRI; http or https, ends with a slash.
    :raises InputError: if it is not such an IRI.
    """

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not _BASE.match(self.base):
            raise InputError(f"{self.base!r} is no base IRI", "give an http or https IRI that ends with a slash")

    def thing(self, key: str) -> str:
        """Return the IRI of the thing with this key.

        >>> Iris("https://parley.example/").thing("person/kim-jong-un")
        'https://parley.example/id/person/kim-jong-un'
        """
        return f"{self.base}id/{key}"

    def key(self, iri: str) -> str | None:
        """Return the key of a thing's IRI, or None if the IRI is not a thing of this dataset."""
        prefix = f"{self.base}id/"
        return iri[len(prefix) :] if iri.startswith(prefix) and len(iri) > len(prefix) else None

    def article_graph(self, article_key: str) -> str:
        """Return the IRI of the named graph with what an article says.

        >>> Iris("https://parley.example/").article_graph("article/81c930f8a2b4")
        'https://parley.example/graph/article/81c930f8a2b4'
        """
        return f"{self.base}graph/{article_key}"

    @property
    def events_graph(self) -> str:
        """The named graph of the events resolved from all reports."""
        return f"{self.base}graph/events"

    @property
    def records_graph(self) -> str:
        """The named graph of the reference facts: official travel and visit records."""
        return f"{self.base}graph/records"

    @property
    def curation_graph(self) -> str:
        """The named graph of the curations, and of the statements that they make."""
        return f"{self.base}graph/curation"

    @property
    def redirects_graph(self) -> str:
        """The named graph that says which IRI took the place of one that is no more: history, not content."""
        return f"{self.base}graph/redirects"

    @property
    def dataset_graph(self) -> str:
        """The named graph that describes the dataset itself, with its base IRI."""
        return f"{self.base}graph/dataset"

    @property
    def ontology_graph(self) -> str:
        """The named graph of the ontology."""
        return f"{self.base}graph/ontology"
