"""Reading: from a file or a web address to an article.

``discover`` finds the files of folders, ``expand`` all that sources stand for, ``read`` reads one article and
``read_item`` one of many. Whatever cannot be read ends in one line that says why and what to do.
"""

from graph.sources.articles import read, read_collection, read_item
from graph.sources.expand import expand
from graph.sources.files import discover
from graph.sources.item import Collection, Document, Form, Item
from graph.sources.reading import Overrides, Reading

__all__ = [
    "Collection",
    "Document",
    "Form",
    "Item",
    "Overrides",
    "Reading",
    "discover",
    "expand",
    "read",
    "read_collection",
    "read_item",
]
