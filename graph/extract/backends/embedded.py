"""The default back-end: the models and rules that ship."""

import graph
from graph.article import Article
from graph.extract.model import Extraction
from graph.extract.pipeline import extract

__all__ = ["EmbeddedBackend"]


class EmbeddedBackend:
    """Extracts by :func:`graph.extract.pipeline.extract`: nothing to download, nothing leaves the machine."""

    name = "embedded"
    version = graph.__version__

    def extract(self, article: Article) -> Extraction:
        """Find everything in an article."""
        return extract(article)
