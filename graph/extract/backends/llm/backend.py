"""The back-end itself: asks, verifies, counts."""

import logging
from dataclasses import replace

import graph
from graph.article import Article
from graph.errors import ServiceError
from graph.extract.backends.llm.asking import ask
from graph.extract.backends.llm.budget import Budget
from graph.extract.backends.llm.exchange import Exchange
from graph.extract.backends.meter import Meter
from graph.extract.model import Extraction, Service
from graph.extract.text import segment
from graph.settings import Settings

__all__ = ["LlmBackend"]

_log = logging.getLogger(__name__)


class LlmBackend:
    """A language model behind an HTTP API.

    :param exchange: the service.
    :param meter: counts what the run costs.
    """

    name = "llm"

    def __init__(self, exchange: Exchange, settings: Settings, meter: Meter) -> None:
        self.version = f"{graph.__version__} ({exchange.model})"
        self._exchange = exchange
        self._settings = settings
        self._meter = meter

    @classmethod
    def from_settings(cls, settings: Settings, meter: Meter) -> "LlmBackend":
        """Make the back-end that the settings describe.

        :raises InputError: if a setting is missing or wrong.
        """
        return cls(Exchange(settings), settings, meter)

    def extract(self, article: Article) -> Extraction:
        """Find everything in an article.

        :raises ServiceError: if the service does not give a usable answer for each of its pieces.
        :raises UnavailableError: if the service will answer nothing more in this run.
        """
        document = segment(article)
        budget = Budget(self._settings, self._meter)
        source = article.source or article.key
        try:
            findings = ask(document, self._exchange, budget, self._settings.llm_chunk)
        except ServiceError as error:
            raise type(error)(f"{source}: {error.cause}", error.remedy) from None
        if findings.unverified:
            _log.warning("%s: left out %d quotations that are not in the text", source, findings.unverified)
        service = Service(self._exchange.model, self._exchange.url, budget.spent, findings.unverified)
        return replace(findings.extraction(f"parley-llm {self.version}"), service=service)
