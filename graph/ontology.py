"""The ontology, as the store keeps it: ``data/ontology/*.ttl``."""

from functools import cache

import pyoxigraph as ox

from graph.files import data_path
from graph.store.change import Triple, canonical

__all__ = ["ontology_triples"]


@cache
def ontology_triples() -> frozenset[Triple]:
    """Return the triples of the ontology; there is no blank node among them."""
    files = sorted(data_path("ontology").glob("*.ttl"))
    return canonical(quad.triple for path in files for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
