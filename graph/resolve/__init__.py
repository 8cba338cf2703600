"""Resolution: which reports of many articles tell of one event, which claims quote the same, whom a name means."""

from graph.resolve.claims import ClaimChange, ClaimIndex, ClaimLink, quotations_in
from graph.resolve.index import EventIndex, article_of
from graph.resolve.load import load_claims, load_index
from graph.resolve.load_people import load_people
from graph.resolve.people import PersonChange, PersonIndex, standings_in
from graph.resolve.rename import rename_people
from graph.resolve.resolution import Resolution

__all__ = [
    "ClaimChange",
    "ClaimIndex",
    "ClaimLink",
    "EventIndex",
    "PersonChange",
    "PersonIndex",
    "Resolution",
    "article_of",
    "load_claims",
    "load_index",
    "load_people",
    "quotations_in",
    "rename_people",
    "standings_in",
]
