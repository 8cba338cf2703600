"""From an article to the values that are found in it: people, organizations, places, times, reports, claims."""

from graph.extract.pipeline import extract

__all__ = ["extract"]
