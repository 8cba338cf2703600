"""Describes an article's extraction, and events, as RDF: the model of ``docs/model.md``."""

from graph.describe.article import describe_article
from graph.describe.event import describe_event
from graph.describe.links import describe_claim_links, describe_event_links, describe_links

__all__ = ["describe_article", "describe_claim_links", "describe_event", "describe_event_links", "describe_links"]
