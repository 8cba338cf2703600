"""The gate: quotations against the text, severities, words, reports, and what the store cannot hold."""

from collections.abc import Iterable

import pytest
import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS, SH, XSD

from graph.gate.gate import Gate, Verdict, Violation
from graph.gate.shapes import SHAPES, load_shapes
from graph.vocabulary import OA, PLY, SCHEMA
from tests.shapes.valid import TEXT, edited, evidence, valid_graph

ARTICLE = "https://parley.example/id/article/0123456789ab"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


def _shapes(verdict: Verdict) -> list[str]:
    return [str(v.shape).removeprefix(str(SHAPES)) for v in verdict.violations]


def _with_quotation(text: str, start: int, end: int) -> rdflib.Graph:
    graph = valid_graph() + evidence(start, end, text)
    graph.add((URIRef(f"{ARTICLE}/report/1"), PLY.evidence, URIRef(f"{ARTICLE}/evidence/{start}-{end}")))
    return graph


def test_a_quotation_is_the_slice_of_the_text_that_its_position_says(gate: Gate) -> None:
    moved = "x" + TEXT
    verdict = gate.check(valid_graph(), moved)
    wrong = {v for v in verdict.violations if v.shape == SHAPES.QuoteExact}
    assert len(wrong) == len(set(valid_graph().subjects(RDF.type, OA.TextQuoteSelector)))
    assert all(v.component == SHAPES.SliceComponent and v.path == "oa:exact" for v in wrong)


@pytest.mark.parametrize(("predicate", "shape"), [("prefix", "QuotePrefix"), ("suffix", "QuoteSuffix")])
def test_what_stands_around_a_quotation_is_compared_too(gate: Gate, predicate: str, shape: str) -> None:
    graph = edited([f'= quote:57-61 oa:{predicate} "elsewhere"'])
    assert gate.check(graph).conforms
    assert _shapes(gate.check(graph, TEXT)) == [shape]


def test_offsets_count_code_points(gate: Gate) -> None:
    text = f"{TEXT} 🕊️ 𝒜na Petrova shook hands 👩‍👩‍👧 twice."
    start = text.index("𝒜na")
    end = text.index(" twice")
    assert gate.check(_with_quotation(text, start, end), text).text() == ""
    utf16 = len(text[:start].encode("utf-16-le")) // 2
    assert utf16 != start
    shifted = _with_quotation(text, start, end)
    quote = URIRef(f"{ARTICLE}/quote/{start}-{end}")
    shifted.set((quote, OA.exact, Literal(text[utf16 : utf16 + end - start])))
    assert _shapes(gate.check(shifted, text)) == ["QuoteExact"]


@pytest.mark.parametrize("span", [(150, 151), (140, 1000)])
def test_a_position_past_the_end_of_the_text_is_refused(gate: Gate, span: tuple[int, int]) -> None:
    start, end = span
    graph = edited([f'= quote:133-143 oa:exact "{"x" * (end - start)}"', f"= position:133-143 oa:start {start}",
                    f"= position:133-143 oa:end {end}", f"~ position:133-143 position:{start}-{end}",
                    f"~ quote:133-143 quote:{start}-{end}", f"~ words:133-143 words:{start}-{end}"])  # fmt: skip
    assert "QuoteExact" in _shapes(gate.check(graph, TEXT))


def test_without_a_text_quotations_are_not_compared(gate: Gate) -> None:
    assert gate.check(edited(['= quote:57-61 oa:exact "Wien"'])).conforms


@pytest.mark.parametrize(
    "triple",
    [
        (BNode(), RDFS.label, Literal("nobody")),
        (URIRef(f"{ARTICLE}/report/1"), PLY.reportedActor, BNode()),
        (URIRef(f"{ARTICLE}/claim/1"), SCHEMA.about, URIRef("https://parley.example/id/event/no space")),
    ],
)
def test_what_the_store_cannot_hold_is_refused(
    gate: Gate, triple: tuple[rdflib.term.Node, URIRef, rdflib.term.Node]
) -> None:
    graph = valid_graph()
    graph.add(triple)
    assert "Storable" in _shapes(gate.check(graph, TEXT))


def _one_shape(severity: str) -> Gate:
    shapes = rdflib.Graph().parse(
        data=f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix shape: <{SHAPES}> .
        <urn:shapes> sh:declare [ sh:prefix "schema" ; sh:namespace "https://schema.org/" ] .
        shape:Core a sh:PropertyShape ; sh:targetClass schema:Person ; sh:path schema:email ; sh:minCount 1 ;
          sh:severity sh:{severity} ; sh:message "A person has an address."@en .
        shape:Rule a sh:NodeShape ; sh:targetClass schema:Person ; sh:severity sh:{severity} ; sh:sparql [
          sh:message "A person is not called {{?value}}."@en ;
          sh:select "SELECT $this ?value {{ $this schema:name ?value }}" ] .""",
        format="turtle",
    )
    return Gate(load_shapes(shapes))


def _person() -> rdflib.Graph:
    graph = rdflib.Graph()
    person = URIRef("https://parley.example/id/person/ana-petrova")
    graph.add((person, RDF.type, SCHEMA.Person))
    graph.add((person, SCHEMA.name, Literal("Ana Petrova")))
    return graph


@pytest.mark.parametrize("severity", ["Warning", "Info"])
def test_a_warning_does_not_refuse(severity: str) -> None:
    verdict = _one_shape(severity).check(_person())
    assert verdict.conforms
    assert verdict.violations == ()
    assert {w.severity for w in verdict.warnings} == {SH[severity]}
    assert verdict.text() == (
        '(warning) person/ana-petrova: A person is not called Ana Petrova. Found: "Ana Petrova".\n'
        "(warning) person/ana-petrova: A person has an address.\n"
    )
    assert list(verdict.report.objects(None, SH.conforms)) == [Literal(True)]
    assert len(list(verdict.report.objects(None, SH.result))) == 2


def test_a_violation_does() -> None:
    verdict = _one_shape("Violation").check(_person())
    assert not verdict.conforms
    assert len(verdict.violations) == 2
    assert verdict.warnings == ()
    assert list(verdict.report.objects(None, SH.conforms)) == [Literal(False)]


def test_a_line_names_the_thing_what_is_wrong_and_the_value(gate: Gate) -> None:
    verdict = gate.check(edited(["= report:1 ply:status ply:maybe", "- claim:1 ply:manner *"]), TEXT)
    first, second = verdict.text().splitlines()
    assert first == (
        "article/0123456789ab/claim/1: "
        "A claim has exactly one manner (ply:manner): ply:direct, ply:indirect, ply:mixed or ply:interview."
    )
    assert second == (
        "article/0123456789ab/report/1 “met envoys in Lutz”: There is exactly one status (ply:status): ply:occurred, "
        "ply:planned, ply:cancelled or ply:unreal. Found: ply:maybe."
    )
    claim, report = verdict.violations
    assert (claim.path, claim.value, claim.component) == ("ply:manner", None, SH.MinCountConstraintComponent)
    assert (report.path, report.value, report.component) == ("ply:status", PLY.maybe, SH.InConstraintComponent)
    assert report.focus == URIRef(f"{ARTICLE}/report/1")


def test_paths_are_written_as_in_sparql(gate: Gate) -> None:
    verdict = gate.check(edited(["- article:0123456789ab schema:mentions place:lutz",
                                 "- event:lutz-meeting ply:report report:1"]))  # fmt: skip
    assert {v.path for v in verdict.violations} == {"^prov:wasDerivedFrom/ply:entity", "^ply:report"}


def test_a_long_value_is_cut() -> None:
    violation = Violation(
        URIRef("urn:a"),
        "a thing",
        "It is long.",
        SH.Violation,
        URIRef("urn:s"),
        URIRef("urn:c"),
        None,
        Literal("x" * 500),
    )
    assert len(str(violation)) < 120


def test_reports_can_be_added_to_each_other(gate: Gate) -> None:
    first = gate.check(edited(["- claim:1 ply:manner *", "- mention:1 ply:evidence *", "+ b:x a ply:Mention"]), TEXT)
    second = gate.check(edited(["= report:1 ply:status ply:maybe"]), TEXT)
    fine = gate.check(valid_graph(), TEXT)
    merged = first.report + second.report + fine.report
    assert len(merged) == len(first.report) + len(second.report) + len(fine.report)
    reports = {
        (str(merged.value(r, SH.conforms)), len(list(merged.objects(r, SH.result))))
        for r in merged.subjects(RDF.type, SH.ValidationReport)
    }
    assert reports == {("true", 0), ("false", 1), ("false", len(first.violations))}
    again = rdflib.Graph().parse(data=merged.serialize(format="turtle"), format="turtle")
    assert isomorphic(again, merged)


def test_results_say_what_shacl_wants_them_to_say(gate: Gate) -> None:
    edits: Iterable[str] = ["+ claim:1 schema:author ply:unknownSpeaker", '= quote:57-61 oa:prefix "x"']
    report = gate.check(edited(edits), TEXT).report
    results = set(report.objects(None, SH.result))
    assert len(results) == 2
    for result in results:
        assert (result, RDF.type, SH.ValidationResult) in report
        for predicate in (
            SH.focusNode,
            SH.resultSeverity,
            SH.sourceConstraintComponent,
            SH.sourceShape,
            SH.resultMessage,
        ):
            assert len(list(report.objects(result, predicate))) == 1, predicate


def test_a_gate_can_be_used_again_and_again(gate: Gate) -> None:
    broken = edited(["- claim:1 ply:manner *"])
    before = gate.check(broken, TEXT).text()
    for _ in range(3):
        assert gate.check(valid_graph(), TEXT).conforms
        assert gate.check(broken, TEXT).text() == before


def test_checking_leaves_the_candidate_as_it_is(gate: Gate) -> None:
    graph = edited(["- claim:1 ply:manner *"])
    before = set(graph)
    gate.check(graph, TEXT)
    assert set(graph) == before


def test_an_empty_graph_conforms(gate: Gate) -> None:
    assert gate.check(rdflib.Graph(), "").conforms


@pytest.mark.parametrize("broken", ['sh:select "ASK {}"', 'sh:message "x"', 'sh:select "SELECT $this {}" , "x"'])
def test_a_rule_without_query_or_message_is_an_error(broken: str) -> None:
    shapes = rdflib.Graph().parse(
        data=f"@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetClass <urn:c> ; sh:sparql [ {broken} ] .",
        format="turtle",
    )
    with pytest.raises(ValueError, match="one sh:select and an sh:message"):
        load_shapes(shapes)


def test_dates_out_of_order_are_told_as_such(gate: Gate) -> None:
    graph = valid_graph()
    time = URIRef(f"{ARTICLE}/time/62-78")
    graph.set((time, PLY.latest, Literal("2019-01-31", datatype=XSD.date)))
    assert "time-order" in _shapes(gate.check(graph, TEXT))
