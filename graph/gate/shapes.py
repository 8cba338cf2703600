"""The shapes, as the gate runs them: pyshacl's part, and the rules in SPARQL, which a throwaway store answers faster.

``shapes/*.ttl`` is plain SHACL and any SHACL processor can run it. Two things are done here for speed, neither of which
changes a result (a test compares them with pyshacl on the files as they are): the rules in SPARQL are taken out, since
pyshacl asks each of them once for every thing that it is on; and a property shape is given the targets of the node
shape that it belongs to, so that pyshacl checks all things at once and not one after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import rdflib
from rdflib import BNode, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from graph.files import shapes_path
from graph.vocabulary import PLY, PROV, SCHEMA, SEM

__all__ = ["SHAPES", "Rule", "Shapes", "load_shapes"]

#: Namespace of our shapes.
SHAPES = Namespace("https://parley.example/shapes#")

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
#: What resolution says of an article's reports and claims (:mod:`graph.describe.links`).
_LINKS = frozenset({PLY.reportsOn, SCHEMA.about, PLY.repeats, PROV.wasDerivedFrom, SCHEMA.appearance})
#: The things that resolution describes.
_RESOLVED = frozenset({SEM.Event, PLY.Participation, PLY.Disagreement, PLY.Record})
#: The things of an article that it links: their closed shapes see its links.
_LINKED = frozenset({PLY.Report, SCHEMA.Claim})
#: Predicates whose value is a shape, or a list of shapes, that is run on nodes which others choose.
_USES = (SH.node, SH["not"], SH.qualifiedValueShape, SH["or"], SH["and"], SH.xone)


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint in SPARQL: every solution of its query is something wrong.

    :param select: the query; ``$this`` is bound by its own pattern to the things that the rule is on.
    :param constraint: the node of ``sh:sparql``.
    """

    shape: URIRef
    constraint: Node
    select: str
    messages: tuple[Literal, ...]
    severity: URIRef
    targets: tuple[tuple[URIRef, Node], ...]

    def focus_nodes(self, graph: rdflib.Graph) -> set[Node]:
        """Return the things in a graph that this rule is on."""
        found: set[Node] = set()
        for kind, value in self.targets:
            if kind == SH.targetNode:
                found.add(value)
            elif kind == SH.targetSubjectsOf:
                found.update(graph.subjects(value))
            elif kind == SH.targetObjectsOf:
                found.update(graph.objects(None, value))
            else:
                for class_ in graph.transitive_subjects(RDFS.subClassOf, value):
                    found.update(graph.subjects(RDF.type, class_))
        return found


@dataclass(frozen=True)
class Shapes:
    """All shapes.

    :param source: the files as they are, in one graph.
    :param core: what pyshacl runs; it adds triples of its own to this graph.
    :param own: the part of ``core`` that depends on nothing but what an article says: it finds the same in the
        article's graph by itself as in that graph with events and links.
    :param resolved: the other part.
    :param prefixes: prefix -> namespace, for the rules and for writing names.
    """

    source: rdflib.Graph
    core: rdflib.Graph
    own: rdflib.Graph
    resolved: rdflib.Graph
    rules: tuple[Rule, ...]
    prefixes: dict[str, str] = field(default_factory=dict)


def load_shapes(source: rdflib.Graph | None = None) -> Shapes:
    """Read and prepare the shapes.

    :param source: shapes other than ``shapes/*.ttl``.
    :raises ValueError: if a rule in SPARQL does not have one query and a message.
    """
    if source is None:
        source = rdflib.Graph(bind_namespaces="none")
        for path in sorted(shapes_path().glob("*.ttl")):
            source.parse(path, format="turtle")
    prefixes = {
        str(source.value(node, SH.prefix)): str(source.value(node, SH.namespace))
        for node in source.objects(None, SH.declare)
    }
    rules = tuple(sorted(_rules(source), key=lambda r: (r.shape, r.select)))
    core = _core(source)
    about = {shape for shape in _targeting(core) if _sees_resolution(core, shape)}
    own, resolved = _only(core, _targeting(core) - about), _only(core, about)
    return Shapes(source, core, own, resolved, rules, prefixes)


def _rules(source: rdflib.Graph) -> Iterator[Rule]:
    for shape, constraint in source.subject_objects(SH.sparql):
        selects, messages = list(source.objects(constraint, SH.select)), list(source.objects(constraint, SH.message))
        if not isinstance(shape, URIRef) or len(selects) != 1 or not messages:
            raise ValueError(f"a rule of {shape} needs a shape with an IRI, one sh:select and an sh:message")
        if (shape, SH.path, None) in source:
            raise ValueError(f"a rule in SPARQL belongs to a node shape; {shape} is a property shape")
        yield Rule(
            shape=shape,
            constraint=constraint,
            select=str(selects[0]),
            messages=tuple(m for m in messages if isinstance(m, Literal)),
            severity=_severity(source, shape),
            targets=tuple(_targets(source, shape)),
        )


def _severity(source: rdflib.Graph, shape: Node) -> URIRef:
    severity = source.value(shape, SH.severity, default=SH.Violation)
    return URIRef(str(severity))


def _targets(source: rdflib.Graph, shape: Node) -> Iterator[tuple[URIRef, Node]]:
    for kind in _TARGETS:
        for value in source.objects(shape, kind):
            yield kind, value


def _core(source: rdflib.Graph) -> rdflib.Graph:
    # pyshacl asks for this graph's triples often; a store without contexts answers faster.
    core = rdflib.Graph(store="SimpleMemory", bind_namespaces="none")
    for prefix, namespace in source.namespaces():
        core.bind(prefix, namespace)
    core += source
    for shape, constraint in source.subject_objects(SH.sparql):
        core.remove((shape, SH.sparql, constraint))
        core.remove((constraint, None, None))
    used = _used(source)
    for node_shape in set(source.subjects(SH.property)):
        targets = list(_targets(source, node_shape))
        if targets and node_shape not in used:
            _flatten(core, node_shape, targets)
    return core


def _used(source: rdflib.Graph) -> set[Node]:
    used: set[Node] = set()
    for predicate in _USES:
        for value in source.objects(None, predicate):
            used |= set(source.items(value)) or {value}
    return used


def _flatten(core: rdflib.Graph, node_shape: Node, targets: list[tuple[URIRef, Node]]) -> None:
    """Give a node shape's targets to its property shapes."""
    paths = []
    for property_shape in list(core.objects(node_shape, SH.property)):
        path = core.value(property_shape, SH.path)
        if isinstance(path, URIRef):
            paths.append(path)
        core.remove((node_shape, SH.property, property_shape))
        for kind, value in targets:
            core.add((property_shape, kind, value))
    if (node_shape, SH.closed, Literal(True)) in core:
        old = core.value(node_shape, SH.ignoredProperties)
        ignored = list(core.items(old)) if old is not None else []
        core.remove((node_shape, SH.ignoredProperties, None))
        known = Collection(core, BNode(), [*ignored, *dict.fromkeys(paths)])
        core.add((node_shape, SH.ignoredProperties, known.uri))


def _targeting(core: rdflib.Graph) -> set[Node]:
    return {shape for kind in _TARGETS for shape in core.subjects(kind)}


def _sees_resolution(core: rdflib.Graph, shape: Node) -> bool:
    """Tell whether what a shape finds may depend on events, or on links to them."""
    classes = set(core.objects(shape, SH.targetClass))
    if any(core.value(shape, kind) is not None for kind in _TARGETS if kind != SH.targetClass):
        return True
    if classes & _RESOLVED or (classes & _LINKED and (shape, SH.closed, Literal(True)) in core):
        return True
    return bool(_reach(core, shape) & (_LINKS | _RESOLVED))


def _reach(core: rdflib.Graph, shape: Node) -> set[Node]:
    """Return all that a shape is made of: paths, constraints, shapes of values. Targets do not count, they lead on."""
    seen: set[Node] = set()
    front: list[Node] = [shape]
    while front:
        node = front.pop()
        if node in seen:
            continue
        seen.add(node)
        front.extend(o for p, o in core.predicate_objects(node) if p not in _TARGETS and not isinstance(o, Literal))
    return seen


def _only(core: rdflib.Graph, shapes: set[Node]) -> rdflib.Graph:
    """Return the shapes with the targets of some only."""
    part = rdflib.Graph(store="SimpleMemory", bind_namespaces="none")
    for prefix, namespace in core.namespaces():
        part.bind(prefix, namespace)
    part += core
    for shape in _targeting(core) - shapes:
        for kind in _TARGETS:
            part.remove((shape, kind, None))
    return part
