"""Every constraint of the shapes is met by the graph that conforms, and refuses a graph that violates just it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from graph.extract.lexicon import read_table
from graph.facts.records import load_records, record_triples
from graph.gate.gate import Gate
from graph.gate.shapes import SHAPES, load_shapes
from graph.iris import Iris
from graph.rdf import to_graph
from graph.vocabulary import SCHEMA
from tests.shapes.valid import TEXT, edited, valid_graph

SOURCE = load_shapes().source

#: Parameters of constraints, as SHACL names them. ``sh:ignoredProperties`` belongs to ``sh:closed``.
PARAMETERS = {
    "minCount", "maxCount", "datatype", "pattern", "in", "class", "hasValue", "nodeKind", "minInclusive",
    "maxInclusive", "maxLength", "equals", "disjoint", "lessThan", "lessThanOrEquals", "closed", "sparql",
}  # fmt: skip
NO_PARAMETERS = {
    "path", "property", "targetClass", "message", "name", "select", "prefixes", "declare", "prefix", "namespace",
    "ignoredProperties", "inversePath", "alternativePath", "severity",
}  # fmt: skip


def _name(node: Node) -> str:
    return str(node).removeprefix(str(SHAPES))


def cases() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each case: shape, parameter, edits."""
    heading, edits = "", list[str]()
    for line in [*Path(__file__).with_name("cases.txt").read_text("utf-8").splitlines(), "end"]:
        if line.startswith("#") or not line:
            continue
        if line[0] in "+-=~" or line == "second":
            edits.append(line)
            continue
        if heading:
            shape, parameter = heading.split()
            yield shape, parameter, tuple(edits)
        heading, edits = line, []


def _constraints() -> set[tuple[str, str]]:
    found = {
        (_name(shape), parameter) for parameter in PARAMETERS - {"sparql"} for shape in SOURCE.subjects(SH[parameter])
    }
    return found | {(_name(rule), "sparql") for rule in SOURCE.objects(None, SH.sparql)}


@cache
def _gate() -> Gate:
    return Gate()


def test_the_valid_graph_conforms() -> None:
    verdict = _gate().check(valid_graph(), TEXT)
    assert (verdict.text(), verdict.warnings) == ("", ())
    assert _gate().check(edited(["second"])).text() == ""


@pytest.mark.parametrize(("shape", "parameter", "edits"), list(cases()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_constraint_refuses_what_violates_it(shape: str, parameter: str, edits: tuple[str, ...]) -> None:
    verdict = _gate().check(edited(edits))
    expected = str(SOURCE.value(SHAPES[shape], SH.message))
    warning = SOURCE.value(SHAPES[shape], SH.severity) == SH.Warning
    found, others = (verdict.warnings, verdict.violations) if warning else (verdict.violations, verdict.warnings)
    assert verdict.conforms is warning
    assert {v.message for v in found} == {expected}, verdict.text()
    assert not others
    if parameter != "sparql":
        component = f"{parameter[0].upper()}{parameter[1:]}ConstraintComponent"
        assert SH[component] in {v.component for v in found}


def test_every_constraint_has_a_case() -> None:
    covered = [(shape, parameter) for shape, parameter, _ in cases()]
    assert set(covered) == _constraints()
    assert len(covered) == len(set(covered))


def test_no_kind_of_constraint_is_overlooked() -> None:
    used = {str(p).removeprefix(str(SH)) for p in SOURCE.predicates() if str(p).startswith(str(SH))}
    assert used - PARAMETERS - NO_PARAMETERS == set()


def test_every_constraint_has_one_message_of_its_own() -> None:
    messages: dict[str, str] = {}
    for shape, _ in _constraints():
        found = list(SOURCE.objects(SHAPES[shape], SH.message))
        assert len(found) == 1, shape
        message = found[0]
        assert isinstance(message, Literal)
        assert message.language == "en"
        assert str(message).endswith("."), shape
        assert messages.setdefault(str(message), shape) == shape, "two shapes with one message"


def test_everything_in_the_shapes_is_described() -> None:
    for shape in SOURCE.subjects(RDF.type, SH.NodeShape):
        assert (shape, RDFS.label, None) in SOURCE, shape
        assert (shape, RDFS.comment, None) in SOURCE, shape
    for shape in SOURCE.subjects(RDF.type, SH.PropertyShape):
        assert (shape, SH.name, None) in SOURCE, shape
    for property_shape in SOURCE.objects(None, SH.property):
        assert (property_shape, RDF.type, SH.PropertyShape) in SOURCE, property_shape
    for shape in SOURCE.subjects(SH.path):
        assert isinstance(shape, URIRef)
        assert (None, SH.property, shape) in SOURCE or (shape, SHAPES.component, None) in SOURCE, "no one uses it"


def test_every_class_of_articles_is_known() -> None:
    known = set(SOURCE.objects(SHAPES.ArticleShape, SH.targetClass))
    assert known == set(SOURCE.objects(SHAPES.ArticleIri, SH.targetClass))
    assert {SCHEMA[row[1]] for row in read_table("genres.tsv", 2)} <= known


def test_the_files_are_valid_shacl() -> None:
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=load_shapes().source, meta_shacl=True)
    assert conforms, text


@pytest.mark.slow
def test_the_gate_answers_as_pyshacl_does_on_the_files_as_they_are() -> None:
    """The shortcuts of the gate change nothing: same results, with the same shape, thing, value and words."""
    rules = [edits for _, parameter, edits in cases() if parameter in {"sparql", "closed", "equals"}]
    graph = valid_graph()
    for edits in rules:
        if not any(line.startswith(("~", "second")) for line in edits):
            graph += edited(edits)
    for candidate in (graph, *(edited(edits) for edits in rules[::8])):
        _, theirs, _ = pyshacl.validate(candidate, shacl_graph=load_shapes().source, allow_warnings=True)
        ours = _gate().check(candidate).report
        assert _results(ours) == _results(theirs)
        assert _results(theirs)


def _n3(node: Node | None) -> str:
    return "" if node is None else node.n3()


def _results(report: rdflib.Graph) -> list[tuple[str, ...]]:
    predicates = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.sourceConstraint, SH.resultSeverity,
                  SH.value)  # fmt: skip
    return sorted(
        # Of messages the words: pyshacl drops the language of those of rules in SPARQL.
        (str(report.value(node, SH.resultMessage)), *(_n3(report.value(node, p)) for p in predicates))
        for node in report.subjects(RDF.type, SH.ValidationResult)
    )


def test_the_official_records_conform() -> None:
    records = load_records()
    some = records[:: max(1, len(records) // 60)]
    graph = to_graph(record_triples(some, Iris("https://parley.example/")))
    assert _gate().check(graph).text() == ""
