"""What the gate decides on a graph: the results of a SHACL report in words, and whether the graph may enter."""

from collections.abc import Iterator
from dataclasses import dataclass

import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from graph.vocabulary import PREFIXES, RDFS, SCHEMA, SKOS

__all__ = ["Verdict", "Violation", "violations"]

_LABELS = (RDFS.label, SCHEMA.headline, SKOS.prefLabel)
#: Longest label or value that a line shows.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong.

    :param focus: the thing it is wrong with.
    :param name: the thing as a person knows it: its key, and its label where it has one.
    :param message: what is wrong and what would be right: the ``sh:message`` of the shape.
    :param severity: ``sh:Violation``, ``sh:Warning`` or ``sh:Info``.
    :param shape: the shape that says so.
    :param component: the kind of constraint.
    :param path: the property, as a SPARQL path with prefixes; None if it is on the thing as such.
    :param value: the value that is wrong; None if it is not on a value.
    """

    focus: Node
    name: str
    message: str
    severity: Node
    shape: Node
    component: Node
    path: str | None = None
    value: Node | None = None

    def __str__(self) -> str:
        """Return one line: the thing, what is wrong with it, and the value."""
        found = "" if self.value is None or self.value == self.focus else f" Found: {_short(self.value)}."
        return f"{self.name}: {self.message}{found}"


@dataclass(frozen=True)
class Verdict:
    """What the gate decided.

    :param violations: what refuses the graph; empty if it conforms.
    :param warnings: what does not refuse it: results of severity ``sh:Warning`` and ``sh:Info``.
    :param report: the SHACL validation report, one ``sh:ValidationReport`` with a result for each of both. Its nodes
        are blank nodes of its own, so that reports can be added to each other.
    """

    violations: tuple[Violation, ...]
    warnings: tuple[Violation, ...]
    report: rdflib.Graph

    @property
    def conforms(self) -> bool:
        """Whether the graph may enter."""
        return not self.violations

    def text(self) -> str:
        """Return the report in words, one line for each violation and warning."""
        lines = [*map(str, self.violations), *(f"(warning) {w}" for w in self.warnings)]
        return "".join(f"{line}\n" for line in lines)


def violations(report: rdflib.Graph, candidate: rdflib.Graph) -> list[Violation]:
    """Return the results of a report, whatever their severity, in the order of what they are on.

    :param candidate: the graph that the report is on.
    """
    return sorted(_violations(report, candidate), key=_order)


def _violations(report: rdflib.Graph, candidate: rdflib.Graph) -> Iterator[Violation]:
    for node in report.objects(None, SH.result):
        focus = report.value(node, SH.focusNode) or BNode()
        path = report.value(node, SH.resultPath)
        messages = sorted(map(str, report.objects(node, SH.resultMessage)))
        yield Violation(
            focus=focus,
            name=_name(focus, candidate),
            message=" ".join(messages),
            severity=report.value(node, SH.resultSeverity) or SH.Violation,
            shape=report.value(node, SH.sourceShape) or BNode(),
            component=report.value(node, SH.sourceConstraintComponent) or BNode(),
            path=None if path is None else _path(path, report),
            value=report.value(node, SH.value),
        )


def _order(violation: Violation) -> tuple[str, ...]:
    return (violation.name, violation.path or "", violation.message, str(violation.value))


def _name(thing: Node, graph: rdflib.Graph) -> str:
    label = next((v for p in _LABELS for v in graph.objects(thing, p)), None)
    name = _short(thing)
    return name if label is None else f"{name} “{_cut(str(label))}”"


def _short(term: Node) -> str:
    """Return a term as a person would write it.

    >>> _short(URIRef("https://parley.example/id/person/ana-petrova")), _short(URIRef("https://schema.org/name"))
    ('person/ana-petrova', 'schema:name')
    """
    if isinstance(term, Literal):
        kind = f"@{term.language}" if term.language else f"^^{_short(term.datatype)}" if term.datatype else ""
        return f'"{_cut(str(term))}"{kind}'
    text = str(term)
    if isinstance(term, BNode):
        return "a thing without an IRI"
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text[len(namespace) :]}"
    _, found, key = text.partition("/id/")
    return key if found else f"<{text}>"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 2].rstrip() + " …"


def _path(path: Node, graph: rdflib.Graph) -> str:
    if isinstance(path, URIRef):
        return _short(path)
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{_path(inverse, graph)}"
    choices = graph.value(path, SH.alternativePath)
    if choices is not None:
        return "(" + "|".join(_path(p, graph) for p in graph.items(choices)) + ")"
    return "/".join(_path(p, graph) for p in graph.items(path))
