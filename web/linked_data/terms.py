"""The terms that a Turtle file of ours defines: ontology and shapes, for the pages that list them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from web.views.other import curie

__all__ = ["Described", "read_graph", "terms"]

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SH = "http://www.w3.org/ns/shacl#"
_OWL = "http://www.w3.org/2002/07/owl#"
_KIND = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class Described:
    """A term, or a shape, as its file describes it."""

    iri: str
    name: str
    kind: str
    label: str | None
    definition: str | None
    example: str | None
    broader: tuple[str, ...]


def read_graph(path: Path) -> list[ox.Triple]:
    """Return the triples of a Turtle file."""
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


@cache
def terms(path: Path) -> tuple[Described, ...]:
    """Return what a Turtle file defines, in order of kind and name."""
    about: dict[str, dict[str, list[str]]] = {}
    for triple in read_graph(path):
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            about.setdefault(triple.subject.value, {}).setdefault(triple.predicate.value, []).append(
                triple.object.value
            )
    found = []
    for iri, values in about.items():
        kinds = [kind for kind in values.get(_KIND, ()) if kind != f"{_OWL}NamedIndividual"]
        if not kinds or f"{_OWL}Ontology" in kinds:
            continue

        def first(*names: str, values: dict[str, list[str]] = values) -> str | None:
            return next((values[name][0] for name in names if name in values), None)

        found.append(
            Described(
                iri=iri,
                name=curie(iri),
                kind=curie(sorted(kinds)[0]),
                label=first(f"{_RDFS}label", f"{_SKOS}prefLabel", f"{_SH}name"),
                definition=first(f"{_SKOS}definition", f"{_RDFS}comment", f"{_SH}description", f"{_SH}message"),
                example=first(f"{_SKOS}example"),
                broader=tuple(
                    curie(v)
                    for name in (f"{_RDFS}subClassOf", f"{_RDFS}subPropertyOf", f"{_SH}targetClass")
                    for v in values.get(name, ())
                ),
            )
        )
    return tuple(sorted(found, key=lambda term: (term.kind, term.name.casefold())))
