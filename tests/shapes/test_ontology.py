"""The ontology defines every term of ours that is used anywhere, and no other."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from graph import __version__
from graph.extract.model import EventType, Manner, PlaceKind, Status
from graph.files import data_path
from graph.ontology import ontology_triples
from graph.vocabulary import PLY, SEM

ROOT = Path(__file__).parents[2]
ONTOLOGY = rdflib.Graph().parse(data_path("ontology", "parley.ttl"))
HEADER = URIRef(str(PLY).removesuffix("#"))
TERMS = {str(s).removeprefix(str(PLY)) for s in ONTOLOGY.subjects() if str(s).startswith(str(PLY))}
SOURCES = {"graph": "*.py", "web": "*.py", "shapes": "*.ttl", "data/queries": "*.rq", "docs": "*.md"}


def _used() -> set[str]:
    found = {str(value) for kind in (EventType, Manner, PlaceKind, Status) for value in kind}
    for folder, pattern in SOURCES.items():
        for path in (ROOT / folder).rglob(pattern):
            # In code, a term is `PLY.report`, `_ply("report")`, or part of a query or path: `ply:report`.
            found |= set(re.findall(r"\b(?:ply:|PLY\.|_ply\(\")([A-Za-z]\w*)", path.read_text("utf-8")))
    return found


def test_every_term_that_is_used_is_defined() -> None:
    assert _used() - TERMS == set()


def test_every_term_that_is_defined_is_used() -> None:
    # A class of individuals may be used by the ontology alone.
    within = {str(o).removeprefix(str(PLY)) for o in ONTOLOGY.objects(None, RDF.type)}
    assert TERMS - _used() - within == set()


@pytest.mark.parametrize("term", sorted(TERMS))
def test_a_term_is_described(term: str) -> None:
    for predicate in (RDFS.label, SKOS.definition, SKOS.example):
        values = list(ONTOLOGY.objects(PLY[term], predicate))
        assert len(values) == 1, predicate
        assert str(values[0]).strip()
    assert str(ONTOLOGY.value(PLY[term], SKOS.definition)).endswith(".")
    assert ONTOLOGY.value(PLY[term], RDFS.isDefinedBy) == HEADER
    assert ONTOLOGY.value(PLY[term], RDF.type) is not None


def test_types_of_event_are_kinds_of_event() -> None:
    assert set(ONTOLOGY.subjects(RDFS.subClassOf, SEM.Event)) == {PLY[kind] for kind in EventType}


def test_values_are_individuals_of_their_class() -> None:
    for name, kind in {"Status": Status, "Manner": Manner, "PlaceKind": PlaceKind}.items():
        assert set(ONTOLOGY.subjects(RDF.type, PLY[name])) == {PLY[value] for value in kind}


def test_the_header_says_what_it_is() -> None:
    assert (HEADER, RDF.type, OWL.Ontology) in ONTOLOGY
    assert str(ONTOLOGY.value(HEADER, OWL.versionInfo)) == __version__
    assert str(ONTOLOGY.value(HEADER, DCTERMS.creator)) == "The Parley developers"
    assert ONTOLOGY.value(HEADER, DCTERMS.license) is not None
    assert ONTOLOGY.value(HEADER, DCTERMS.title) is not None


def test_the_store_can_keep_it() -> None:
    assert not any(isinstance(node, ox.BlankNode) for t in ontology_triples() for node in (t.subject, t.object))
    assert len(ontology_triples()) == len(ONTOLOGY)


def test_examples_in_turtle_are_turtle() -> None:
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in ONTOLOGY.namespaces() if p)
    written = [str(e) for e in ONTOLOGY.objects(None, SKOS.example) if re.search(r"\bply:\w+ ", str(e))]
    assert len(written) > 30
    for example in written:
        assert len(rdflib.Graph().parse(data=prefixes + example, format="turtle")) > 0
