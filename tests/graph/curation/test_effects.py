"""What each kind of curation does to what is published."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.publish import unapplied
from graph.store import Dataset
from tests.graph.curation.sample import (
    ANNA,
    CALL,
    COURIER,
    HARDING,
    LUTZ,
    NOVAK,
    OKORO,
    PETROVA,
    SIGNED,
    SUMMIT,
    TEXTS,
    VARENNA,
    VISIT,
    A,
    B,
    C,
    Reader,
    curate,
    make,
    merge,
    reject,
    say,
)  # fmt: skip


def reasons(dataset: Dataset) -> list[str]:
    """Return why curations have no effect."""
    generation = dataset.current()
    assert generation is not None
    return [found.reason for found in unapplied(generation)]


def test_merged_events_are_made_anew_from_all_reports(dataset: Dataset) -> None:
    seen = curate(dataset, merge("a", SUMMIT, COURIER))
    assert seen.values(SUMMIT, "ply:report") == {f"{A}/report/1", f"{B}/report/1", f"{C}/report/1"}
    assert seen.values(SUMMIT, "sem:hasActor") == {PETROVA, ANNA, HARDING}
    assert seen.values(SUMMIT, "ply:time") == {"2021-05-02"}
    assert seen.event("courier") == SUMMIT
    assert seen.values(f"{B}/claim/1", "schema:about") == {SUMMIT}
    assert seen.values(COURIER, "dct:isReplacedBy") == {SUMMIT}
    assert not seen.values(COURIER, "rdf:type")
    assert seen.refusals() == ""
    assert reasons(dataset) == []


def test_merged_people_are_one_in_every_graph(dataset: Dataset) -> None:
    seen = curate(dataset, merge("a", PETROVA, ANNA))
    assert seen.values(COURIER, "sem:hasActor") == {PETROVA, HARDING}
    assert "Ana Petrova" in "".join(seen.values(COURIER, "rdfs:label"))
    assert seen.values(f"{B}/report/1", "ply:reportedActor", B) == {PETROVA, HARDING}
    assert seen.values(PETROVA, "rdfs:label") == {"Ana Petrova"}
    assert seen.values(PETROVA, "schema:alternateName") == {"Anna Petrova"}
    assert seen.values(ANNA, "dct:isReplacedBy") == {PETROVA}
    assert not seen.values(ANNA, "schema:name")
    assert seen.refusals() == ""


def test_merged_places_keep_one_description(dataset: Dataset) -> None:
    seen = curate(dataset, merge("a", VARENNA, LUTZ))
    assert seen.values(VISIT, "sem:hasPlace") == {VARENNA}
    assert seen.values(VARENNA, "schema:name") == {"Varenna"}
    assert seen.values(VARENNA, "schema:latitude") == {"46.01"}
    assert seen.refusals() == ""


def test_a_split_makes_an_event_of_the_reports_that_leave(dataset: Dataset) -> None:
    seen = curate(dataset, f"<curation/a> a ply:Split ; ply:target <{SUMMIT}> ; ply:leaving <{C}/report/1> ; {SIGNED}")
    new = seen.event("novak")
    assert new not in (SUMMIT, COURIER)
    assert seen.values(new, "ply:report") == {f"{C}/report/1"}
    assert seen.values(new, "sem:hasActor") == {PETROVA, HARDING}
    assert seen.values(SUMMIT, "ply:report") == {f"{A}/report/1"}
    assert seen.values(f"{C}/claim/1", "schema:about") == {new}
    assert seen.values(f"{A}/claim/1", "schema:about") == {SUMMIT}
    assert seen.refusals() == ""
    # The key follows from the curation, so it is the same whenever it is applied.
    assert curate(dataset, reject("b", CALL), "b").event("novak") == new


def test_a_split_takes_the_iri_that_it_names(dataset: Dataset) -> None:
    split = f"<curation/a> a ply:Split ; ply:target <{SUMMIT}> ; ply:leaving <{C}/report/1> ; ply:into <event/talks> ; "
    assert curate(dataset, split + SIGNED).event("novak") == "event/talks"


def test_a_correction_replaces_all_values_of_a_property(dataset: Dataset) -> None:
    seen = curate(
        dataset,
        say("a", "Correction", SUMMIT, "ply:time", '"2021-05"^^edtf:edtf')
        + say("b", "Correction", SUMMIT, "sem:hasActor", f"<{PETROVA}>", f"<{NOVAK}>")
        + say("c", "Correction", SUMMIT, "rdf:type", "ply:Meeting")
        + say("d", "Correction", HARDING, "rdfs:label", '"Thomas Harding"@en')
        + say("e", "Correction", f"{B}/claim/1", "schema:author", f"<{OKORO}>"),
    )
    assert seen.values(SUMMIT, "ply:time") == {"2021-05"}
    assert seen.values(SUMMIT, "sem:hasEarliestBeginTimeStamp") == {"2021-05-01"}
    assert seen.values(SUMMIT, "sem:hasLatestEndTimeStamp") == {"2021-05-31"}
    assert seen.values(SUMMIT, "sem:hasActor") == {PETROVA, NOVAK}
    assert "Meeting" in seen.values(SUMMIT, "rdf:type")
    assert "Summit" not in seen.values(SUMMIT, "rdf:type")
    assert seen.values(HARDING, "rdfs:label") == seen.values(HARDING, "schema:name") == {"Thomas Harding"}
    assert "Thomas Harding" in "".join(seen.values(COURIER, "rdfs:label"))
    assert seen.values(f"{B}/claim/1", "schema:author") == {OKORO}
    # The articles still say what they say, and the graph of the curations holds what is said instead.
    assert seen.values(HARDING, "rdfs:label", A) == {"Tom Harding"}
    assert seen.values(f"{B}/claim/1", "schema:author", B) == {NOVAK}
    assert not seen.values(SUMMIT, "ply:time", "events")
    assert seen.values(SUMMIT, "ply:time", "curation") == {"2021-05"}
    assert seen.refusals() == ""


def test_a_person_can_say_how_an_event_came_out(dataset: Dataset) -> None:
    seen = curate(
        dataset,
        say("a", "Correction", SUMMIT, "ply:outcome", "ply:noAgreement")
        + say("b", "Addition", SUMMIT, "ply:outcome", "ply:statementIssued"),
    )
    assert seen.values(SUMMIT, "ply:outcome") == {"noAgreement", "statementIssued"}
    assert seen.values(SUMMIT, "ply:outcome", "curation") == {"noAgreement", "statementIssued"}
    assert seen.refusals() == ""


def test_the_later_correction_holds(dataset: Dataset) -> None:
    def correction(name: str, day: int, value: str) -> str:
        return say(name, "Correction", SUMMIT, "ply:time", f'"{value}"^^edtf:edtf').replace("06-01", f"06-0{day}")

    seen = curate(dataset, correction("a", 3, "2021") + correction("b", 2, "2020"))
    assert seen.values(SUMMIT, "ply:time") == seen.values(SUMMIT, "ply:time", "curation") == {"2021"}
    assert seen.values("curation/b", "ply:overruledBy") == {"curation/a"}
    assert seen.refusals() == ""


def test_an_addition_leaves_what_is_there(dataset: Dataset) -> None:
    seen = curate(
        dataset,
        say("a", "Addition", SUMMIT, "sem:hasActor", f"<{NOVAK}>")
        + "<curation/a> dct:source <https://zubrowka.example/list> .\n"
        + say("b", "Addition", CALL, "ply:time", '"2021-05-07"^^edtf:edtf')
        + say("c", "Addition", SUMMIT, "ply:time", '"2021"^^edtf:edtf'),
    )
    assert seen.values(SUMMIT, "sem:hasActor") == {PETROVA, HARDING, NOVAK}
    assert seen.values(CALL, "sem:hasEarliestBeginTimeStamp") == {"2021-05-07"}
    assert seen.values(SUMMIT, "ply:time") == {"2021-05-02"}
    assert reasons(dataset) == [f"{SUMMIT} has a time already: correct it instead"]
    assert seen.values("curation/a", "dct:source") == {"https://zubrowka.example/list"}
    assert seen.refusals() == ""


def test_a_rejected_report_no_longer_counts(dataset: Dataset) -> None:
    seen = curate(dataset, reject("a", f"{C}/report/1", f"{B}/report/1"))
    assert seen.values(SUMMIT, "ply:report") == {f"{A}/report/1"}
    assert not seen.says(f"{C}/report/1")
    assert not seen.values(f"{C}/claim/1", "schema:about")
    # The event without reports is gone; the article still says what it says.
    assert not seen.says(COURIER)
    assert seen.says(f"{B}/report/1", B)
    assert seen.refusals() == ""


def test_a_rejected_event_goes_with_its_reports_and_their_evidence(dataset: Dataset) -> None:
    before = Reader.of(dataset)
    (evidence,) = before.values(f"{B}/report/2", "ply:evidence")
    seen = curate(dataset, reject("a", VISIT))
    assert before.says(evidence)
    assert not any(map(seen.says, (VISIT, f"{B}/report/2", evidence, evidence.replace("/evidence/", "/quote/"))))
    assert seen.refusals() == ""


def test_a_rejected_claim_and_role_go_alone(dataset: Dataset) -> None:
    seen = curate(dataset, reject("a", f"{B}/claim/1", f"{A}/role/1"))
    assert not seen.says(f"{B}/claim/1")
    assert not seen.says(f"{A}/role/1")
    assert not seen.says("role/president")
    assert seen.says(f"{B}/report/1")
    assert seen.refusals() == ""


def test_a_rejected_person_leaves_events_and_claims(dataset: Dataset) -> None:
    seen = curate(dataset, reject("a", NOVAK, PETROVA))
    assert not seen.says(NOVAK)
    assert seen.values(f"{B}/claim/1", "schema:author") == {"unknownSpeaker"}
    assert seen.values(SUMMIT, "sem:hasActor") == {HARDING}
    assert not any("Petrova" in label for label in seen.values(SUMMIT, "rdfs:label"))
    assert seen.refusals() == ""


def test_a_curation_says_who_when_and_why(dataset: Dataset) -> None:
    seen = curate(dataset, reject("a", VISIT))
    assert seen.values("curation/a", "prov:wasAssociatedWith") == {"curator/ngozi-okoro"}
    assert seen.values("curator/ngozi-okoro", "rdfs:label") == {"Ngozi Okoro"}
    assert seen.values("curation/a", "prov:endedAtTime") == {"2021-06-01T10:00:00Z"}
    assert seen.values("curation/a", "rdfs:comment") == {"It is so."}
    assert seen.values("curation/a", "prov:used") == {VISIT}
    assert VISIT in seen.values("curation/a", "prov:influenced")
    assert {"Rejection", "Curation"} < seen.values("curation/a", "rdf:type", "curation")


def test_corrections_stay_when_events_are_merged(dataset: Dataset) -> None:
    seen = curate(
        dataset,
        say("a", "Correction", COURIER, "ply:time", '"2021-05-03"^^edtf:edtf') + merge("b", SUMMIT, COURIER),
    )
    assert seen.values(SUMMIT, "ply:time") == {"2021-05-03"}
    assert seen.refusals() == ""


@pytest.mark.parametrize(
    ("turtle", "reason"),
    [
        ("a ply:Rejection ; ply:target <event/none> ;", "target event/none is not in the graph"),
        (f"a ply:Merge ; ply:target <{SUMMIT}>, <event/none> ;", "target event/none is not in the graph"),
        (
            f"a ply:Correction ; ply:target <{SUMMIT}> ; ply:property sem:hasActor ; ply:value <person/none> ;",
            "value person/none is not in the graph",
        ),
        (
            f"a ply:Split ; ply:target <{SUMMIT}> ; ply:leaving <{B}/report/1> ;",
            f"report {B}/report/1 is not on {SUMMIT}",
        ),
        (
            f"a ply:Split ; ply:target <{COURIER}> ; ply:leaving <{B}/report/1> ;",
            f"all reports of {COURIER} would leave it",
        ),
        (
            f"a ply:Split ; ply:target <{SUMMIT}> ; ply:leaving <{C}/report/1> ; ply:into <{COURIER}> ;",
            f"there is an event {COURIER} already",
        ),
    ],
)
def test_what_has_no_effect_is_reported_and_kept(dataset: Dataset, turtle: str, reason: str) -> None:
    before = Reader.of(dataset).merge()
    seen = curate(dataset, f"<curation/a> {turtle} {SIGNED}")
    assert reasons(dataset) == [reason]
    assert seen.values("curation/a", "ply:unapplied") == {reason}
    assert seen.values("curation/a", "rdfs:comment") == {"It is so."}
    assert before <= seen.merge()
    assert seen.refusals() == ""


def test_a_claim_with_another_number_is_found_by_its_words(tmp_path: Path) -> None:
    dataset = make(tmp_path, "courier")
    rejection = reject("a", f"{B}/claim/1")
    quoted = rejection + f'<{B}/claim/1> ply:quoted "the summit was a failure" .'
    assert not curate(dataset, quoted).says(f"{B}/claim/1")
    # The article gains a claim before it, so the rejected one has number 2 now.
    longer = "Petrova said the talks went well. " + TEXTS["courier"]
    make(tmp_path, "courier", courier=longer)
    seen = Reader.of(dataset)
    assert seen.says(f"{B}/claim/1")
    assert not seen.says(f"{B}/claim/2")
    assert reasons(dataset) == []
    # The article loses it: nothing else is rejected in its place.
    make(tmp_path, "courier", courier=longer.replace("Ivo Novak said the summit was a failure.", ""))
    assert Reader.of(dataset).says(f"{B}/claim/1")
    assert reasons(dataset) == [
        f"no claim of the article of target {B}/claim/1 rests on the words “the summit was a failure”"
    ]


def test_without_its_file_a_curation_is_undone(dataset: Dataset) -> None:
    before = Reader.of(dataset).merge()
    assert curate(dataset, merge("a", SUMMIT, COURIER)).merge() != before
    (dataset.curation_path / "curations.ttl").unlink()
    curate(dataset, reject("b", CALL), "others")
    (dataset.curation_path / "others.ttl").unlink()
    (dataset.curation_path / "notes.txt").write_text("no curation")
    assert curate(dataset, "", "empty").merge() == before


def test_a_curation_survives_a_new_extraction(tmp_path: Path) -> None:
    dataset = make(tmp_path)
    curate(dataset, merge("a", PETROVA, ANNA))
    make(tmp_path, "courier", courier=TEXTS["courier"] + " That is all.")
    seen = Reader.of(dataset)
    assert seen.values(COURIER, "sem:hasActor") == {PETROVA, HARDING}
    assert not seen.says(ANNA) or seen.values(ANNA, "dct:isReplacedBy") == {PETROVA}
    assert ox.NamedNode(f"{dataset.iris.base}graph/curation") in set(seen.store.named_graphs())
