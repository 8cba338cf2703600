"""The quick look at the shapes is sure of nothing that pyshacl finds fault with, and of what is right."""

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH, XSD

from graph.gate.conformance import Conformance
from graph.gate.shapes import load_shapes
from graph.rdf import to_triples
from tests.shapes.test_shapes import cases
from tests.shapes.valid import edited, valid_graph

CORE = load_shapes().core
QUICK = Conformance(CORE)
THING, CLASS, SAYS, OTHER = (URIRef(f"https://zubrowka.example/{name}") for name in ("thing", "Class", "says", "other"))


def shape(parameter: str, value: rdflib.term.Node) -> rdflib.Graph:
    graph = rdflib.Graph()
    node = URIRef("https://zubrowka.example/shape")
    for predicate, term in ((SH.targetClass, CLASS), (SH.path, SAYS), (SH[parameter], value)):
        graph.add((node, predicate, term))
    graph.add((node, RDF.type, SH.PropertyShape))
    return graph


def said(*values: rdflib.term.Node) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.add((THING, RDF.type, CLASS))
    for value in values:
        graph.add((THING, SAYS, value))
    return graph


def is_sure(shapes: rdflib.Graph, graph: rdflib.Graph) -> bool:
    return Conformance(shapes).is_sure(to_triples(graph))


@pytest.mark.parametrize("edits", [(), ("second",)])
def test_it_is_sure_of_a_graph_that_conforms(edits: tuple[str, ...]) -> None:
    assert QUICK.is_sure(to_triples(edited(list(edits)) if edits else valid_graph()))


@pytest.mark.parametrize(
    ("name", "parameter", "edits"), [case for case in cases() if case[1] != "sparql"], ids=lambda v: str(v)[:40]
)
def test_it_is_not_sure_of_what_a_constraint_refuses(name: str, parameter: str, edits: tuple[str, ...]) -> None:
    try:
        triples = to_triples(edited(edits))
    except ValueError:
        return  # the store cannot hold it: the gate asks no shape at all
    assert not QUICK.is_sure(triples), (name, parameter)


DAY = XSD.date
PAIRS = [
    ("datatype", XSD.date, Literal("2031-02-28", datatype=DAY), Literal("2031-02-30", datatype=DAY, normalize=False)),
    ("datatype", XSD.string, Literal("a"), Literal("a", lang="en")),
    ("datatype", XSD.integer, Literal(7), Literal("7.5", datatype=XSD.decimal)),
    ("minInclusive", Literal(1), Literal(1), Literal(0)),
    ("maxInclusive", Literal("0.5", datatype=XSD.decimal), Literal("0.5", datatype=XSD.decimal), Literal(1)),
    (
        "minInclusive",
        Literal("2031-05-01", datatype=DAY),
        Literal("2031-05-01", datatype=DAY),
        Literal("2031-04-30", datatype=DAY),
    ),
    ("pattern", Literal("^a"), Literal("ab"), Literal("ba")),
    ("maxLength", Literal(2), Literal("ab"), Literal("abc")),
    ("nodeKind", SH.IRI, OTHER, Literal("other")),
    ("hasValue", OTHER, OTHER, THING),
]


@pytest.mark.parametrize(("parameter", "value", "right", "wrong"), PAIRS, ids=lambda v: str(v)[-20:])
def test_it_says_what_pyshacl_says(
    parameter: str, value: rdflib.term.Node, right: rdflib.term.Node, wrong: rdflib.term.Node
) -> None:
    shapes = shape(parameter, value)
    for each, expected in ((right, True), (wrong, False)):
        assert pyshacl.validate(said(each), shacl_graph=shapes)[0] is expected
        assert is_sure(shapes, said(each)) is expected


@pytest.mark.parametrize(
    "unknown",
    [
        shape("languageIn", OTHER),
        shape("pattern", Literal("(")),
        shape("deactivated", Literal(False)),
        shape("targetNode", THING),
        shape("datatype", XSD.gYear),
    ],
)
def test_it_leaves_to_pyshacl_what_it_does_not_know(unknown: rdflib.Graph) -> None:
    assert not is_sure(unknown, said(Literal("2031", datatype=XSD.gYear)))


def test_it_leaves_subclasses_to_pyshacl() -> None:
    shapes = shape("minCount", Literal(1))
    graph = rdflib.Graph()
    graph.add((THING, RDF.type, OTHER))
    assert is_sure(shapes, graph), "of another class"
    graph.add((OTHER, RDFS.subClassOf, CLASS))
    assert not pyshacl.validate(graph, shacl_graph=shapes)[0]
    assert not is_sure(shapes, graph)


def test_it_leaves_blank_nodes_to_pyshacl() -> None:
    blank = ox.Triple(ox.BlankNode("b"), ox.NamedNode(str(RDF.type)), ox.NamedNode(str(CLASS)))
    assert not Conformance(shape("maxCount", Literal(9))).is_sure([blank])
