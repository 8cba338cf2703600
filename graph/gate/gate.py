"""The gate: whether the shapes let a graph into the store, and if not, why, in words and as a SHACL report.

pyshacl checks all that is SHACL Core, unless a quicker look (:mod:`graph.gate.conformance`) is sure that nothing is
wrong. The rules in SPARQL are asked in a store in memory that is thrown away afterwards, which is many times faster
(``python -m tests.benchmarks.bench_gate``). Two things that no shape can see are checked here, and have a documented
shape that their results name: that quotations are slices of the article's text (``shape:QuoteExact``,
``shape:QuotePrefix``, ``shape:QuoteSuffix``), and that the store can hold every term (``shape:Storable``).
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from graph.gate.conformance import Conformance
from graph.gate.shapes import SHAPES, Rule, Shapes, load_shapes
from graph.gate.verdict import Verdict, Violation, violations
from graph.rdf import to_graph
from graph.store.change import Triple
from graph.vocabulary import OA

__all__ = ["Gate", "Verdict", "Violation"]

# Looked up once: a namespace makes a new IRI each time.
_EVIDENCE, _SELECTOR, _START, _END = OA.SpecificResource, OA.hasSelector, OA.start, OA.end
_EXACT, _PREFIX, _SUFFIX = OA.exact, OA.prefix, OA.suffix
_TYPE = ox.NamedNode(str(RDF.type))


@dataclass(frozen=True, slots=True)
class _Result:
    """A result as it enters the report."""

    focus: Node
    shape: Node
    component: Node
    severity: Node
    messages: tuple[Literal, ...]
    path: Node | None = None
    value: Node | None = None
    constraint: Node | None = None


class Gate:
    """Checks graphs against the shapes. Loading them takes a moment: keep one gate, and use it from one thread.

    :param shapes: other shapes than the project's own.
    :raises ValueError: if the shapes are broken.
    """

    def __init__(self, shapes: Shapes | None = None) -> None:
        self._shapes = shapes or load_shapes()
        self._own, self._resolved = Conformance(self._shapes.own), Conformance(self._shapes.resolved)

    def check(self, candidate: rdflib.Graph, text: str | None = None) -> Verdict:
        """Check an article's graph together with the events that its reports are on.

        :param text: the article's stored text; if given, every quotation must be the slice of it that its position
            says, in code points.
        """
        quads, results = self._quads(candidate)
        if not results and self._own.is_sure(quads) and self._resolved.is_sure(quads):
            report = _nothing_wrong()
        else:
            report = self._core(self._shapes.core, candidate)
        return self._judge(report, _store(quads), results, candidate, text)

    def is_sound(self, own: rdflib.Graph, text: str) -> bool:
        """Tell whether an article's graph, without events and links, passes all shapes that see no more than that.

        Needs nothing of the store, so it can be asked in another process than the one that writes.
        """
        quads, results = self._quads(own)
        if results or not self._own.is_sure(quads):
            report = self._core(self._shapes.own, own)
            if (None, RDF.type, SH.ValidationResult) in report:
                return False
        return not any(True for _ in self._slices(own, text))

    def check_resolved(self, own: frozenset[Triple], added: rdflib.Graph, text: str) -> Verdict:
        """Check, as :meth:`check` does, an article's graph that :meth:`is_sound` has passed, with events and links.

        Only what may depend on those is looked at, unless something is wrong there: the verdict is the same.

        :param own: the article's graph, without events and links.
        :param added: events and links.
        """
        quads, results = self._quads(added)
        if not results and self._resolved.is_sure(itertools.chain(own, quads)):
            store = _store(quads)
            store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in own)
            if not any(_finds(rule, store, self._shapes.prefixes) for rule in self._shapes.rules):
                return Verdict((), (), _nothing_wrong())
        return self.check(to_graph(own) + added, text)

    @staticmethod
    def _core(shapes: rdflib.Graph, candidate: rdflib.Graph) -> rdflib.Graph:
        report: rdflib.Graph
        _, report, _ = pyshacl.validate(
            candidate, shacl_graph=shapes, inplace=True, allow_warnings=True, do_owl_imports=False
        )
        return report

    def _judge(
        self, report: rdflib.Graph, store: ox.Store, results: list[_Result], candidate: rdflib.Graph, text: str | None
    ) -> Verdict:
        """Add to pyshacl's report what it does not look at."""
        head = next(report.subjects(RDF.type, SH.ValidationReport))
        for rule in self._shapes.rules:
            results.extend(_ask(rule, store, candidate, self._shapes.prefixes))
        if text is not None:
            results.extend(self._slices(candidate, text))
        return self._verdict(report, head, results, candidate)

    def check_quotes(self, candidate: rdflib.Graph, text: str) -> Verdict:
        """Check only that every quotation in an article's graph is the slice of its text that its position says."""
        report, head = rdflib.Graph(), BNode()
        report.add((head, RDF.type, SH.ValidationReport))
        return self._verdict(report, head, self._slices(candidate, text), candidate)

    def _verdict(
        self, report: rdflib.Graph, head: Node, results: Iterable[_Result], candidate: rdflib.Graph
    ) -> Verdict:
        for result in results:
            _write(report, head, result, self._shapes.source)
        found = violations(report, candidate)
        refusing = tuple(v for v in found if v.severity == SH.Violation)
        report.set((head, SH.conforms, Literal(not refusing)))
        return Verdict(refusing, tuple(v for v in found if v.severity != SH.Violation), report)

    def _quads(self, candidate: rdflib.Graph) -> tuple[list[ox.Quad], list[_Result]]:
        """Return the candidate as the store would hold it, and a result for each triple that it cannot hold."""
        terms: dict[Node, ox.NamedNode | ox.Literal | None] = {}
        quads, refused = [], []
        for triple in candidate:
            for term in triple:
                if term not in terms:
                    terms[term] = _to_ox(term)
            subject, predicate, value = (terms[term] for term in triple)
            if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and value is not None:
                quads.append(ox.Quad(subject, predicate, value))
            else:
                wrong = next((t for t in triple if terms[t] is None), triple[0])
                refused.append(self._result(SHAPES.Storable, triple[0], wrong))
        return quads, refused

    def _slices(self, candidate: rdflib.Graph, text: str) -> Iterator[_Result]:
        for evidence in candidate.subjects(RDF.type, _EVIDENCE):
            selectors = list(candidate.objects(evidence, _SELECTOR))
            position = [v for s in selectors for p in (_START, _END) for v in candidate.objects(s, p)]
            offsets = [v.value for v in position if isinstance(v, Literal) and isinstance(v.value, int)]
            if len(position) != 2 or len(offsets) != 2:
                continue  # a shape says so
            start, end = (max(0, offset) for offset in offsets)
            for selector in selectors:
                for exact in candidate.objects(selector, _EXACT):
                    if str(exact) != text[start:end]:
                        yield self._result(SHAPES.QuoteExact, selector, exact)
                for prefix in candidate.objects(selector, _PREFIX):
                    if str(prefix) != text[max(0, start - len(str(prefix))) : start]:
                        yield self._result(SHAPES.QuotePrefix, selector, prefix)
                for suffix in candidate.objects(selector, _SUFFIX):
                    if str(suffix) != text[end : end + len(str(suffix))]:
                        yield self._result(SHAPES.QuoteSuffix, selector, suffix)

    def _result(self, shape: URIRef, focus: Node, value: Node) -> _Result:
        source = self._shapes.source
        return _Result(
            focus=focus,
            shape=shape,
            component=source.value(shape, SHAPES.component) or shape,
            severity=source.value(shape, SH.severity) or SH.Violation,
            messages=tuple(m for m in source.objects(shape, SH.message) if isinstance(m, Literal)),
            path=source.value(shape, SH.path),
            value=value,
        )


def _nothing_wrong() -> rdflib.Graph:
    """Return the report of a graph that conforms."""
    report, head = rdflib.Graph(), BNode()
    report.add((head, RDF.type, SH.ValidationReport))
    report.add((head, SH.conforms, Literal(True)))
    return report


def _store(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


def _rows(rule: Rule, store: ox.Store, prefixes: dict[str, str]) -> list[dict[str, Any]]:
    """Return what a rule finds, on whatever thing it is."""
    solutions = store.query(rule.select, prefixes=prefixes)
    if not isinstance(solutions, ox.QuerySolutions):
        raise TypeError(f"the rule of {rule.shape} is not a SELECT query")
    names = [variable.value for variable in solutions.variables]
    return [{n: t for n in names if (t := row[n]) is not None} for row in solutions]


def _finds(rule: Rule, store: ox.Store, prefixes: dict[str, str]) -> bool:
    """Tell whether a rule finds anything on the things that it is on, in a graph that says nothing of subclasses."""
    classes = [ox.NamedNode(str(value)) for kind, value in rule.targets if kind == SH.targetClass]
    rows = _rows(rule, store, prefixes)
    if len(classes) < len(rule.targets):
        return bool(rows)
    return any(ox.Quad(row["this"], _TYPE, each) in store for row in rows for each in classes)


def _ask(rule: Rule, store: ox.Store, candidate: rdflib.Graph, prefixes: dict[str, str]) -> Iterator[_Result]:
    rows = _rows(rule, store, prefixes)
    if not rows:
        return
    focus_nodes = rule.focus_nodes(candidate)
    seen: set[tuple[tuple[str, Node], ...]] = set()
    for row in rows:
        values = {name: _from_ox(term) for name, term in row.items()}
        key = tuple(sorted(values.items()))
        if values["this"] not in focus_nodes or key in seen:
            continue
        seen.add(key)
        yield _Result(
            focus=values["this"],
            shape=rule.shape,
            component=SH.SPARQLConstraintComponent,
            severity=rule.severity,
            messages=tuple(Literal(_filled(str(m), values), lang=m.language) for m in rule.messages),
            path=values.get("path"),
            value=values.get("value", values["this"]),
            constraint=rule.constraint,
        )


def _filled(message: str, values: dict[str, Node]) -> str:
    return re.sub(r"\{[?$](\w+)\}", lambda m: str(values.get(m[1], m[0])), message)


def _write(report: rdflib.Graph, head: Node | None, result: _Result, shapes: rdflib.Graph) -> None:
    node = BNode()
    triples: list[tuple[URIRef, Node | None]] = [
        (RDF.type, SH.ValidationResult),
        (SH.focusNode, result.focus),
        (SH.sourceShape, result.shape),
        (SH.sourceConstraintComponent, result.component),
        (SH.resultSeverity, result.severity),
        (SH.resultPath, result.path),
        (SH.value, result.value),
        (SH.sourceConstraint, result.constraint),
    ]
    for predicate, value in [*triples, *((SH.resultMessage, m) for m in result.messages)]:
        if value is not None:
            report.add((node, predicate, value))
    if isinstance(result.constraint, BNode):
        report += shapes.cbd(result.constraint)
    if head is not None:
        report.add((head, SH.result, node))


def _to_ox(term: Node) -> ox.NamedNode | ox.Literal | None:
    """Return a term as the store has it; None if the store cannot hold it."""
    try:
        if isinstance(term, URIRef):
            return ox.NamedNode(str(term))
        if not isinstance(term, Literal):
            return None
        if term.language is not None:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=None if term.datatype is None else ox.NamedNode(str(term.datatype)))
    except ValueError:
        return None


def _from_ox(term: object) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if not isinstance(term, ox.Literal):
        raise TypeError(f"a rule found {term}, which is neither an IRI nor a literal")
    if term.language is not None:
        return Literal(term.value, lang=term.language)
    datatype = None if term.datatype.value == str(rdflib.XSD.string) else URIRef(term.datatype.value)
    return Literal(term.value, datatype=datatype)
