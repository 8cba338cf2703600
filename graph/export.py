"""Triples and quads written out: whole datasets, single graphs, in the usual formats."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import BinaryIO

import pyoxigraph as ox

from graph.errors import InputError
from graph.store import Generation, Triple
from graph.vocabulary import PREFIXES

__all__ = ["FORMATS", "export", "serialize"]

#: Name of a format on the command line -> format; those with graphs first.
FORMATS: Mapping[str, ox.RdfFormat] = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def serialize(graphs: Mapping[str, Iterable[Triple]], form: str) -> str:
    """Write named graphs out in a format with graphs, or the merge of their triples in one without; sorted.

    :param graphs: graph IRI -> triples.
    :param form: a key of :data:`FORMATS`.
    """
    rdf_format = FORMATS[form]
    statements: Iterable[ox.Quad] | Iterable[ox.Triple]
    if rdf_format.supports_datasets and form != "jsonld":
        statements = (
            ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph))
            for graph, triples in graphs.items()
            for t in sorted(triples, key=str)
        )
    else:
        statements = sorted(set(chain.from_iterable(graphs.values())), key=str)
    data = ox.serialize(statements, format=rdf_format, prefixes=_prefixes(rdf_format))
    return (data or b"").decode()


def export(generation: Generation, out: BinaryIO, form: str, graph: str | None = None) -> None:
    """Write a published generation out.

    Formats with graphs hold every named graph (the default graph is their merge, so it is not repeated); formats
    without hold the merge.

    :param graph: IRI of the one named graph to write; None for all.
    :raises InputError: if there is no such graph.
    """
    store = generation.open()
    rdf_format = FORMATS[form]
    if graph is not None and not store.contains_named_graph(ox.NamedNode(graph)):
        raise InputError(f"there is no graph {graph}", "list the graphs with `SELECT DISTINCT ?g { GRAPH ?g {} }`")
    statements: Iterable[ox.Quad] | Iterable[ox.Triple]
    if graph is not None:
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        statements = quads if rdf_format.supports_datasets else (q.triple for q in quads)
    elif rdf_format.supports_datasets:
        statements = (q for q in store if q.graph_name != ox.DefaultGraph())
    else:
        statements = (q.triple for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    ox.serialize(statements, out, format=rdf_format, prefixes=_prefixes(rdf_format))


def _prefixes(rdf_format: ox.RdfFormat) -> dict[str, str] | None:
    return None if rdf_format in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES) else dict(PREFIXES)
