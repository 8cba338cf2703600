"""The store: named graphs on disk with one writer, and published generations of it for any number of readers."""

from graph.store.change import Change, Triple
from graph.store.dataset import Dataset
from graph.store.embedded import EmbeddedStore, Term
from graph.store.generations import Generation

__all__ = ["Change", "Dataset", "EmbeddedStore", "Generation", "Term", "Triple"]
