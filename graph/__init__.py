"""From an article to validated, stored triples: read, extract, resolve, describe, validate, commit, publish."""

__all__ = ["__version__"]

__version__ = "0.1.0"
