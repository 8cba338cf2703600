"""What a commit does to the named graphs, as a value, and triples as the store keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox
from pyoxigraph import Triple

__all__ = ["Change", "Triple", "canonical"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: Datatypes whose literals the store keeps as they are.
_PLAIN = frozenset({f"{_XSD}string", f"{_RDF}langString", f"{_RDF}dirLangString"})
_PREDICATE = ox.NamedNode("urn:literal")


@dataclass(frozen=True)
class Change:
    """What one commit does: whole new contents of named graphs, and deltas to others. It happens wholly or not at all.

    Where one graph is in several of the mappings, it is replaced first, then triples are removed, then added.

    :param replace: graph IRI -> its new content; an empty one makes the graph go.
    :param add: graph IRI -> triples to add.
    :param remove: graph IRI -> triples to remove; those that are not there are passed over.
    """

    replace: Mapping[str, frozenset[Triple]] = field(default_factory=dict)
    add: Mapping[str, frozenset[Triple]] = field(default_factory=dict)
    remove: Mapping[str, frozenset[Triple]] = field(default_factory=dict)


def canonical(triples: Iterable[Triple]) -> frozenset[Triple]:
    """Return triples with their literals as the store gives them back, so that they can be compared with stored ones.

    The store keeps values, not spellings: ``"01"^^xsd:integer`` comes back as 1, ``"1.0"^^xsd:decimal`` as 1.

    :raises ValueError: if there is a blank node or a quoted triple: every thing has an IRI here, so that replacing,
        comparing and citing are exact.

    >>> number = ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    >>> [t.object.value for t in canonical([Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), number)])]
    ['1']
    """
    triples = frozenset(triples)
    typed: dict[ox.Literal, ox.Literal] = {}
    for triple in triples:
        value = triple.object
        if isinstance(value, ox.Literal):
            if value.datatype.value not in _PLAIN:
                typed[value] = value
        elif not isinstance(value, ox.NamedNode):
            raise _unstorable(triple)
        if not isinstance(triple.subject, ox.NamedNode):
            raise _unstorable(triple)
    if not typed:
        return triples
    # Ask the engine itself, so that its rules need not be known here: through a store in memory and back.
    scratch = ox.Store()
    names = {f"urn:{n}": literal for n, literal in enumerate(typed)}
    scratch.extend(ox.Quad(ox.NamedNode(name), _PREDICATE, literal) for name, literal in names.items())
    for quad in scratch:
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            typed[names[quad.subject.value]] = quad.object
    return frozenset(
        Triple(t.subject, t.predicate, typed[t.object])
        if isinstance(t.object, ox.Literal) and typed.get(t.object, t.object) != t.object
        else t
        for t in triples
    )


def _unstorable(triple: Triple) -> ValueError:
    kind = "blank nodes" if "BlankNode" in repr(triple) else "quoted triples"
    return ValueError(f"{kind} are not stored: {triple}; give the thing an IRI")
