"""Which files of curations are read, and what is said of those that are not."""

import re
from pathlib import Path

import pyshacl
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import RDF, RDFS, SH

from graph.curation import check, digest, files, read
from graph.curation.folder import LIMIT
from graph.errors import InputError
from graph.files import shapes_path
from tests.graph.curation.sample import HEAD, IRIS, SIGNED, merge, reject, say

SHAPES = rdflib.Graph().parse(shapes_path("curation", "curation.ttl"))
SPLIT = "a ply:Split ; ply:target <event/a> ; ply:leaving <article/0123456789ab/report/1> ; "


def wrong(folder: Path, turtle: str) -> list[str]:
    """Return what is wrong with a file, without its name."""
    path = folder / "a.ttl"
    path.write_text(HEAD + turtle, "utf-8")
    return [problem.cause for problem in check(folder, IRIS)]


def test_what_is_right_is_read_in_order_of_dates(tmp_path: Path) -> None:
    early = merge("z", "event/a", "event/b").replace("06-01T10:00:00Z", "06-01T10:30:00+02:00")
    (tmp_path / "b.ttl").write_text(HEAD + reject("a", "person/ana-petrova"))
    (tmp_path / "a.ttl").write_text(HEAD + early + say("m", "Addition", "event/a", "sem:hasPlace", "<place/lutz>"))
    (tmp_path / ".hidden.ttl").write_text("this is no Turtle")
    (tmp_path / "README.md").write_text("nor is this")
    assert [curation.iri.value.rpartition("/")[2] for curation in read(tmp_path, IRIS)] == ["z", "a", "m"]
    assert [path.name for path in files(tmp_path)] == ["a.ttl", "b.ttl"]


def test_no_folder_is_no_curations(tmp_path: Path) -> None:
    assert read(tmp_path / "none", IRIS) == []
    assert digest(tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("turtle", "cause"),
    [
        ("<curation/a> a ply:Merge ;\n ply:target ..", r"it is no Turtle \(line \d+ column \d+: .*\)"),
        ("<curation/a> a ply:Merge ; ply:target [] .", "everything in it needs an IRI: there are no blank nodes"),
        ("<person/ana-petrova> rdfs:label 'Ana' .", "person/ana-petrova is no curation: .*"),
        (reject("a", "https://other.example/id/event/a"), "curation/a: .* is no thing of this dataset, .*"),
        (
            say("a", "Correction", "event/a", "ply:time", '"2021-02-30"^^edtf:edtf'),
            "curation/a: '2021-02-30' is no EDTF date, .*",
        ),
        (
            reject("a", "event/a").replace("2021-06-01T", "2021-06-31T"),
            "curation/a: '2021-06-31T10:00:00Z' is no date with a time, .*",
        ),
    ],
)
def test_what_no_shape_can_see_is_said(tmp_path: Path, turtle: str, cause: str) -> None:
    assert any(re.fullmatch(cause, found, flags=re.DOTALL) for found in wrong(tmp_path, turtle)), wrong(
        tmp_path, turtle
    )


#: Shape -> a curation that violates it.
CASES = {
    "CurationIri": reject("a", "event/a").replace("curation/a", "event/a"),
    "curation-type": reject("a", "event/a").replace("ply:Rejection", "ply:Rejection, ply:Report"),
    "curation-one-type": reject("a", "event/a").replace("ply:Rejection", "ply:Curation"),
    "curation-who": reject("a", "event/a").replace('dct:creator "Ngozi Okoro" ;', ""),
    "curation-when": reject("a", "event/a").replace("Z", ""),
    "curation-why": reject("a", "event/a").replace("It is so.", " "),
    "curation-target": reject("a", "role/president"),
    "MergeShape": merge("a", "event/a", "event/b").replace("a ply:Merge", "a ply:Merge ; ply:value 1"),
    "merge-target": f"<curation/a> a ply:Merge ; ply:target <record/visit/1>, <record/visit/2> ; {SIGNED}",
    "merge-into": merge("a", "event/a", "event/b").replace("into <event/a>", "into <event/a>, <event/b>"),
    "merge-one-kind": merge("a", "event/a", "person/ana-petrova"),
    "merge-several": merge("a", "event/a"),
    "SplitShape": f"<curation/a> {SPLIT} ply:value 1 ; {SIGNED}",
    "split-target": f"<curation/a> {SPLIT} ply:target <event/b> ; {SIGNED}",
    "split-report": f"<curation/a> a ply:Split ; ply:target <event/a> ; {SIGNED}",
    "split-into": f"<curation/a> {SPLIT} ply:into <person/ana-petrova> ; {SIGNED}",
    "ValuesShape": say("a", "Addition", "event/a", "sem:hasPlace", "<place/lutz> ; ply:into <event/b>"),
    "values-target": say("a", "Addition", "record/visit/1", "sem:hasPlace", "<place/lutz>"),
    "values-property": say("a", "Addition", "event/a", "schema:about", "<event/b>"),
    "values-value": say("a", "Addition", "event/a", "sem:hasPlace", "1").replace("ply:value 1 ;", ""),
    "values-source": say("a", "Addition", "event/a", "sem:hasPlace", "<place/lutz> ; dct:source 'a book'"),
    "values-of-kind": say("a", "Correction", "person/ana-petrova", "ply:status", "ply:planned"),
    "values-single": say("a", "Correction", "event/a", "ply:status", "ply:planned", "ply:occurred"),
    "values-things": say("a", "Correction", "event/a", "sem:hasPlace", "<person/ana-petrova>"),
    "values-label": say("a", "Correction", "event/a", "rdfs:label", "'Lutz summit'"),
    "values-time": say("a", "Correction", "event/a", "ply:time", "'2021'"),
    "values-names": say("a", "Addition", "person/ana-petrova", "schema:alternateName", "'Ana'@en"),
    "values-choices": say("a", "Correction", "event/a", "ply:status", "ply:Summit"),
    "values-same": say("a", "Addition", "person/ana-petrova", "owl:sameAs", "'Ana'"),
    "values-degrees": say("a", "Correction", "place/lutz", "schema:latitude", "91.0"),
    "RejectionShape": reject("a", "event/a").replace("ply:target", "ply:into <event/b> ; ply:target"),
    "QuotedShape": reject("a", "article/0123456789ab/claim/1")
    + "<article/0123456789ab/claim/1> ply:quoted 'so' ; rdfs:label 'so' .",
    "QuotedIri": reject("a", "event/a") + "<event/a> ply:quoted 'so' .",
    "quoted-words": reject("a", "article/0123456789ab/claim/1") + "<article/0123456789ab/claim/1> ply:quoted 1 .",
}


@pytest.mark.parametrize("shape", CASES)
def test_a_shape_refuses_what_violates_it(tmp_path: Path, shape: str) -> None:
    message = str(SHAPES.value(rdflib.URIRef(f"https://parley.example/shapes#{shape}"), SH.message))
    causes = wrong(tmp_path, CASES[shape])
    assert any(message in cause for cause in causes), causes


def test_every_shape_has_a_case_a_message_and_a_name() -> None:
    constraining = {s for p in (SH.closed, SH.pattern, SH.minCount, SH["in"], SH.select, SH.maxCount, SH.nodeKind)
                    for s in SHAPES.subjects(p)}  # fmt: skip
    assert {str(shape).rpartition("#")[2] for shape in constraining} == set(CASES)
    for shape in constraining:
        assert len(list(SHAPES.objects(shape, SH.message))) == 1
    for shape in SHAPES.subjects(RDF.type, SH.NodeShape):
        assert (shape, RDFS.label, None) in SHAPES
        assert (shape, RDFS.comment, None) in SHAPES


def test_the_shapes_are_valid_shacl() -> None:
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


def test_one_curation_stands_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "b.ttl").write_text(HEAD + reject("a", "event/b"))
    assert "curation/a stands in b.ttl, too" in wrong(tmp_path, reject("a", "event/a"))


def test_an_error_names_file_and_remedy_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "b.ttl").write_text("<a> <b>")
    with pytest.raises(InputError, match=r"b\.ttl: it is no Turtle \(line 1 .*\); mend or remove the file") as caught:
        read(tmp_path, IRIS)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("#" * (LIMIT + 1))
    with pytest.raises(InputError, match=r"larger than 1,000,000 bytes"):
        read(tmp_path, IRIS)


@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.binary(max_size=60))
def test_whatever_is_in_a_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: str | bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.ttl").write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = check(folder, IRIS)
    assert all(str(problem).startswith(f"{folder / 'a.ttl'}: ") for problem in problems)
    if not problems:
        assert read(folder, IRIS) == []
