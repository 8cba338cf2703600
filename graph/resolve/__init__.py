"""Resolution: which reports of many articles tell of one event, which claims quote the same, whom a name means."""

from graph.resolve.claims import ClaimChange, ClaimIndex, quotations_in
from graph.resolve.index import EventIndex, Resolution
from graph.resolve.load import load_claims, load_index
from graph.resolve.load_people import load_people
from graph.resolve.people import PersonChange, PersonIndex, standings_in
from graph.resolve.rename import rename_people

__all__ = [
    "ClaimChange",
    "ClaimIndex",
    "EventIndex",
    "PersonChange",
    "PersonIndex",
    "Resolution",
    "load_claims",
    "load_index",
    "load_people",
    "quotations_in",
    "rename_people",
    "standings_in",
]
