"""What generations changed: which things may differ between two, and the history that is kept of all."""

from graph.history.log import CLASSES, PAGE_LENGTH, Change, History, Version, lines_of, things

__all__ = ["CLASSES", "PAGE_LENGTH", "Change", "History", "Version", "lines_of", "things"]
