"""Curation: what people merge, split, correct, reject and add, kept in files and applied to what is published.

The live store stays a pure function of the articles, so a curation survives every new extraction, and without its file
it is undone.
"""

from graph.curation.apply import apply
from graph.curation.effect import Effect
from graph.curation.folder import Problem, check, digest, files, read
from graph.curation.model import Action, Curation
from graph.curation.properties import PROPERTIES, Kind, Property, find, kind_of

__all__ = [
    "PROPERTIES",
    "Action",
    "Curation",
    "Effect",
    "Kind",
    "Problem",
    "Property",
    "apply",
    "check",
    "digest",
    "files",
    "find",
    "kind_of",
    "read",
]
