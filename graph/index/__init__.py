"""The index of a generation: what the timeline shows, counts and searches, as files that are mapped and not read.

::

    generations/000042/index/
        index.json       version, how many events, which facets
        *.npy            columns by event, facets by event and by value
        *.bin, *.at.npy  texts one after the other, and where each begins
        text/            the full-text index (tantivy)

It is written while a generation is made, so it appears and goes with it. Any number of processes map the same files:
the pages of memory are shared, and opening takes a few milliseconds whatever the size.
"""

from graph.index.build import Known, build
from graph.index.check import is_index_of
from graph.index.event import Entry
from graph.index.facet import Facet, top
from graph.index.index import Index
from graph.index.layout import CERTAINTIES, FACETS, FOLDER, STATUSES
from graph.index.text import BEST, Limits
from graph.index.words import Question, folded, marked

__all__ = [
    "BEST",
    "CERTAINTIES",
    "FACETS",
    "FOLDER",
    "STATUSES",
    "Entry",
    "Facet",
    "Index",
    "Known",
    "Limits",
    "Question",
    "build",
    "folded",
    "is_index_of",
    "marked",
    "top",
]
