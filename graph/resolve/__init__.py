"""Resolution: which reports, from many articles, tell of one event, and which of their claims quote the same words."""

from graph.resolve.claims import ClaimChange, ClaimIndex, quotations_in
from graph.resolve.index import EventIndex, Resolution
from graph.resolve.load import load_claims, load_index

__all__ = ["ClaimChange", "ClaimIndex", "EventIndex", "Resolution", "load_claims", "load_index", "quotations_in"]
