"""Resolution: which reports, from many articles, tell of one event, and where they disagree."""

from graph.resolve.index import EventIndex, Resolution
from graph.resolve.load import load_index

__all__ = ["EventIndex", "Resolution", "load_index"]
