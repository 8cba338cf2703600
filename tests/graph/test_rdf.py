"""Between rdflib and pyoxigraph: nothing is lost, and what comes over is spelt as the store spells it."""

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, BNode, Literal, URIRef

from graph.rdf import to_graph, to_triples
from graph.store import Triple
from graph.store.change import canonical

_S, _P = URIRef("https://zubrowka.example/s"), URIRef("https://zubrowka.example/p")
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def _graph(*objects: rdflib.Literal | URIRef) -> rdflib.Graph:
    graph = rdflib.Graph()
    for value in objects:
        graph.add((_S, _P, value))
    return graph


@given(
    st.lists(
        st.one_of(
            st.builds(Literal, _TEXT),
            st.builds(lambda text: Literal(text, lang="en"), _TEXT),
            st.builds(Literal, st.integers(-(2**60), 2**60)),
            st.builds(Literal, st.booleans()),
            st.builds(Literal, st.dates()),
            st.builds(lambda n: URIRef(f"https://zubrowka.example/{n}"), st.integers()),
        ),
        max_size=6,
    )
)
def test_there_and_back(objects: list[rdflib.Literal | URIRef]) -> None:
    graph = _graph(*objects)
    triples = to_triples(graph)
    assert triples == canonical(triples)
    assert set(to_graph(triples)) == set(graph)
    assert to_triples(to_graph(triples)) == triples


def test_spelt_as_the_store_spells_it() -> None:
    graph = _graph(
        Literal("007", datatype=XSD.integer, normalize=False),
        Literal("a", lang="en-US"),
        Literal("a", datatype=XSD.string),
    )
    found = {str(triple.object) for triple in to_triples(graph)}
    assert found == {f'"7"^^<{XSD.integer}>', '"a"@en-us', '"a"'}


def test_an_edtf_value_stays_as_it_is() -> None:
    edtf = URIRef("http://id.loc.gov/datatypes/edtf")
    (triple,) = to_triples(_graph(Literal("2019-02/..", datatype=edtf)))
    assert triple.object == ox.Literal("2019-02/..", datatype=ox.NamedNode(str(edtf)))


def test_blank_nodes_are_refused() -> None:
    for statement in ((BNode(), _P, _S), (_S, _P, BNode())):
        graph = rdflib.Graph()
        graph.add(statement)
        with pytest.raises(ValueError, match="blank nodes are not stored"):
            to_triples(graph)
    with pytest.raises(ValueError, match="without an IRI"):
        to_graph([Triple(ox.BlankNode(), ox.NamedNode(str(_P)), ox.NamedNode(str(_S)))])
