"""The interface of back-ends."""

from typing import Protocol

from graph.article import Article
from graph.extract.model import Extraction

__all__ = ["Backend"]


class Backend(Protocol):
    """What extracts articles.

    :ivar name: as it is chosen: ``embedded``, ``spacy:PIPELINE``, ``llm``.
    :ivar version: of what decides what is found: the program, and the pipeline or model that it asks.
    """

    @property
    def name(self) -> str:
        """Return the name that it is chosen by."""

    @property
    def version(self) -> str:
        """Return the version of what decides what is found."""

    def extract(self, article: Article) -> Extraction:
        """Find everything in an article; ``Extraction.extractor`` has name and version.

        :raises ServiceError: if a service that it asks cannot extract this article.
        :raises UnavailableError: if that service will extract nothing more in this run.
        """
