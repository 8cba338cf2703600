"""Finds out fast that a graph is in order by shapes in SHACL Core; who finds that it may not be asks pyshacl.

Nearly all graphs conform, and pyshacl takes as long for those as for others, most of it for shapes without anything to
look at. So the shapes are made into functions once. They say that a graph conforms only where SHACL (W3C 2017,
sections 2 to 4) says so and no result of any severity would come of it; whatever they do not know, a kind of
constraint, a datatype, a subclass, they leave to pyshacl. A test damages graphs in every way that a shape refuses and
compares the two.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import Node

from graph.store.change import Triple

__all__ = ["Conformance"]

_Term = ox.NamedNode | ox.Literal
_TYPE, _SUBCLASS = str(RDF.type), str(RDFS.subClassOf)
_STRING, _LANGUAGE = str(XSD.string), str(RDF.langString)
_EDTF = "http://id.loc.gov/datatypes/edtf"
#: Datatypes whose literals are words: a pattern sees them as they are written.
_WORDS = frozenset({_STRING, _LANGUAGE, _EDTF})
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?")
#: What says nothing of the values.
_SILENT = frozenset(
    ("path", "message", "name", "description", "severity", "order", "group", "targetClass", "ignoredProperties")
)


class _Facts:
    """A graph, looked up by thing, by what leads to it, and by class."""

    def __init__(self, triples: Iterable[Triple | ox.Quad]) -> None:
        self.of: dict[str, dict[str, set[_Term]]] = defaultdict(lambda: defaultdict(set))
        self.to: dict[str, dict[str, set[_Term]]] = defaultdict(lambda: defaultdict(set))
        self.things: dict[str, set[ox.NamedNode]] = defaultdict(set)
        self.plain = True
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode | ox.Literal):
                self.plain = False
                continue
            self.of[subject.value][predicate].add(value)
            if isinstance(value, ox.NamedNode):
                self.to[value.value][predicate].add(subject)
                if predicate == _TYPE:
                    self.things[value.value].add(subject)
            if predicate == _SUBCLASS:
                self.plain = False  # instances of subclasses count, too

    def values(self, term: _Term, predicate: str) -> set[_Term]:
        """Return what a graph says of a thing by a predicate."""
        if not isinstance(term, ox.NamedNode):
            return set()
        return self.of[term.value][predicate] if predicate in self.of.get(term.value, ()) else set()

    def subjects(self, term: _Term, predicate: str) -> set[_Term]:
        """Return what leads to a thing by a predicate; of literals nobody asks."""
        if not isinstance(term, ox.NamedNode):
            raise _UnknownError
        return self.to[term.value][predicate] if predicate in self.to.get(term.value, ()) else set()


class _UnknownError(Exception):
    """What this module does not know is needed to tell."""


#: Returns the nodes that a path leads to; tells whether a thing's values meet a constraint.
_Path = Callable[[_Facts, _Term], set[_Term]]
_Constraint = Callable[[_Facts, _Term, set[_Term]], bool]
#: Compares two values of one kind.
_Comparison = Callable[[Any, Any], bool]


@dataclass
class _Shape:
    path: _Path
    targets: list[str] = field(default_factory=list)
    constraints: list[_Constraint] = field(default_factory=list)

    def holds(self, facts: _Facts) -> bool:
        for target in self.targets:
            for thing in facts.things.get(target, ()):
                values = self.path(facts, thing)
                if not all(constraint(facts, thing, values) for constraint in self.constraints):
                    return False
        return True


class Conformance:
    """Shapes as functions. Cheap to ask; the shapes are read once.

    :param shapes: with the shapes that have targets, prepared as :mod:`graph.gate.shapes` does it.
    """

    def __init__(self, shapes: rdflib.Graph) -> None:
        targeted = set(shapes.subjects(SH.targetClass))
        others = (SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
        # Shapes that choose their things in another way are not known here.
        self._known = not any(True for kind in others for _ in shapes.subjects(kind))
        self._known &= not any((shape, RDF.type, RDFS.Class) in shapes for shape in targeted)
        self._shapes = [_compiled(shapes, shape) for shape in targeted] if self._known else []

    def is_sure(self, triples: Iterable[Triple | ox.Quad]) -> bool:
        """Tell whether a graph surely conforms, without any result. If not, it may conform all the same."""
        if not self._known:
            return False
        facts = _Facts(triples)
        try:
            return facts.plain and all(shape.holds(facts) for shape in self._shapes)
        except _UnknownError:
            return False


def _compiled(shapes: rdflib.Graph, shape: Node) -> _Shape:
    path = shapes.value(shape, SH.path)
    found = _Shape(_itself if path is None else _path(shapes, path))
    found.targets = [str(target) for target in shapes.objects(shape, SH.targetClass)]
    if shapes.value(shape, SH.deactivated) is not None or shapes.value(shape, SH.property) is not None:
        found.constraints.append(_unknown)
    for predicate, value in shapes.predicate_objects(shape):
        kind = str(predicate).removeprefix(str(SH))
        if kind in _SILENT or kind == str(predicate):
            continue
        make = _KINDS.get(kind, _any_kind)
        try:
            found.constraints.append(make(shapes, shape, value))
        except (_UnknownError, ValueError, re.error):
            found.constraints.append(_unknown)
    return found


def _unknown(facts: _Facts, thing: _Term, values: set[_Term]) -> bool:
    raise _UnknownError


def _any_kind(shapes: rdflib.Graph, shape: Node, value: Node) -> "_Constraint":
    return _unknown


def _itself(facts: _Facts, thing: _Term) -> set[_Term]:
    return {thing}


def _path(shapes: rdflib.Graph, path: Node) -> _Path:
    if isinstance(path, URIRef):
        name = str(path)
        return lambda facts, thing: facts.values(thing, name)
    inverse = shapes.value(path, SH.inversePath)
    if isinstance(inverse, URIRef):
        back = str(inverse)
        return lambda facts, thing: facts.subjects(thing, back)
    if shapes.value(path, RDF.first) is None:
        return _lost
    steps = [_path(shapes, step) for step in shapes.items(path)]

    def along(facts: _Facts, thing: _Term) -> set[_Term]:
        found = {thing}
        for step in steps:
            found = {value for each in found for value in step(facts, each)}
        return found

    return along


def _lost(facts: _Facts, thing: _Term) -> set[_Term]:
    raise _UnknownError


def _term(node: Node) -> _Term:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if not isinstance(node, Literal):
        raise _UnknownError
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)


def _text(term: _Term) -> str:
    """Return what a pattern or a length looks at."""
    if isinstance(term, ox.Literal) and term.datatype.value not in _WORDS:
        # rdflib writes numbers and moments in its own way.
        return str(Literal(term.value, datatype=URIRef(term.datatype.value)))
    return term.value


def _measure(term: _Term) -> tuple[str, date | float]:
    """Return a value that can be compared with others of its kind."""
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        with suppress(ValueError):
            if kind == str(XSD.date) and len(term.value) == len("2031-05-01"):
                return ("date", date.fromisoformat(term.value))
            if kind in (str(XSD.integer), str(XSD.decimal)) and _NUMBER.fullmatch(term.value):
                return ("number", float(term.value))
    raise _UnknownError


def _is_well_formed(term: ox.Literal) -> bool:
    kind = term.datatype.value
    if kind in _WORDS:
        return True
    if kind == str(XSD.dateTime):
        with suppress(ValueError):
            return bool(_MOMENT.fullmatch(term.value) and datetime.fromisoformat(term.value))
        return False
    return bool(_measure(term)) and (kind != str(XSD.integer) or "." not in term.value)


def _min_count(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    least = int(str(value))
    return lambda facts, thing, values: len(values) >= least


def _max_count(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    most = int(str(value))
    return lambda facts, thing, values: len(values) <= most


def _pattern(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    search = re.compile(str(value)).search
    return lambda facts, thing, values: all(search(_text(v)) for v in values)


def _max_length(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    most = int(str(value))
    return lambda facts, thing, values: all(len(_text(v)) <= most for v in values)


def _datatype(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    wanted = str(value)
    return lambda facts, thing, values: all(
        isinstance(v, ox.Literal) and v.datatype.value == wanted and _is_well_formed(v) for v in values
    )


def _node_kind(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    if value != SH.IRI:
        return _unknown
    return lambda facts, thing, values: all(isinstance(v, ox.NamedNode) for v in values)


def _class(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    wanted = str(value)
    return lambda facts, thing, values: values <= facts.things.get(wanted, set())


def _in(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    allowed = {_term(each) for each in shapes.items(value)}
    return lambda facts, thing, values: values <= allowed


def _has_value(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    wanted = _term(value)
    return lambda facts, thing, values: wanted in values


def _equals(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    other = str(value)
    return lambda facts, thing, values: values == facts.values(thing, other)


def _disjoint(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    other = str(value)
    return lambda facts, thing, values: values.isdisjoint(facts.values(thing, other))


def _bound(fits: _Comparison) -> Callable[[rdflib.Graph, Node, Node], _Constraint]:
    def make(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
        limit = _measure(_term(value))
        return lambda facts, thing, values: all(_compared(_measure(v), limit, fits) for v in values)

    return make


def _order(fits: _Comparison) -> Callable[[rdflib.Graph, Node, Node], _Constraint]:
    def make(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
        other = str(value)
        return lambda facts, thing, values: all(
            _compared(_measure(v), _measure(o), fits) for v in values for o in facts.values(thing, other)
        )

    return make


def _compared(one: tuple[str, date | float], other: tuple[str, date | float], fits: _Comparison) -> bool:
    return one[0] == other[0] and fits(one[1], other[1])


def _closed(shapes: rdflib.Graph, shape: Node, value: Node) -> _Constraint:
    if value != Literal(True):
        return _unknown
    ignored = shapes.value(shape, SH.ignoredProperties)
    known = {str(each) for each in _listed(shapes, ignored)}
    return lambda facts, thing, values: all(facts.of.get(v.value, {}).keys() <= known for v in values)


def _listed(shapes: rdflib.Graph, head: Node | None) -> Iterator[Node]:
    return iter(()) if head is None else shapes.items(head)


_KINDS: dict[str, Callable[[rdflib.Graph, Node, Node], _Constraint]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "pattern": _pattern,
    "maxLength": _max_length,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "class": _class,
    "in": _in,
    "hasValue": _has_value,
    "equals": _equals,
    "disjoint": _disjoint,
    "minInclusive": _bound(operator.ge),
    "maxInclusive": _bound(operator.le),
    "lessThan": _order(operator.lt),
    "lessThanOrEquals": _order(operator.le),
    "closed": _closed,
}
