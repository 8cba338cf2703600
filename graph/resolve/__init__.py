"""Resolution: which reports, from many articles, tell of one event."""

from graph.resolve.index import EventIndex, Resolution

__all__ = ["EventIndex", "Resolution"]
