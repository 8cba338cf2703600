"""Where reports differ: the page, its twins and its feed; the event's own page.

Articles and a record tell of a summit, and differ; the reading itself is tested elsewhere, so they come as RDF.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.settings import Settings
from graph.sparql import run_query
from graph.store import Change, Dataset
from tests.web.conftest import ARTICLES, make
from tests.web.pages import BROWSER, Page, fetch, json_of, page
from tests.web.serving import application
from tests.web.trig import load
from web.app import create_app
from web.sparql.examples import examples

BASE = "https://zubrowka.example/"
SUMMIT, TALKS, VISIT = "event/lutz-summit", "event/lutz-talks", "event/lutz-visit"
ATOM = "{http://www.w3.org/2005/Atom}"
PLY = "https://parley.example/ontology#"
GRAPHS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
          "rdf": ox.RdfFormat.RDF_XML}  # fmt: skip


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return load(tmp_path_factory.mktemp("disagreements"), "disagreements.trig", BASE)


@pytest.fixture(scope="module")
def app(dataset: Dataset) -> Iterator[Flask]:
    with application(dataset) as app:
        yield app


def sides(one: dict[str, Any]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return what is said on each side of a disagreement, with the reports that say it."""
    taken, differing = (
        {side["value"]: [report["key"] for report in side["reports"]] for side in one[name]}
        for name in ("taken", "differing")
    )
    return taken, differing


def report(article: str, number: int = 1) -> str:
    return f"article/{article * 12}/report/{number}"


def test_the_page_tells_what_is_taken_why_and_what_else_is_said_by_whom(client: FlaskClient) -> None:
    found = fetch(client, "/disagreements")
    for words in (
        "2 events, the newest first",
        "When it was The graph has 2 May 2021: by an official record. The record is among the sources that say so.",
        "Said otherwise: 3 May 2021 Harding & Petrova <b>meet</b>, Freedonia Herald, 20 May 2021",
        "Where it was The graph has Lutz, Varenna: all that are named. The event keeps all that its reports name.",
        "Whether it happened The graph has took place: what happened outweighs.",
        "Said otherwise: cancelled",
        "they met on May 3 in",
    ):
        assert words in found.text, words
    assert found.all("a", href="/ontology#officialRecord"), "the rule leads to its definition"
    assert found.all("a", href=f"/{report('b')}"), "and who says it to all that it says"
    assert [e.text for e in found.all("h2")] == ["Summit in Lutz", "Talks in Zubrowka"], "the newest first"
    assert not found.all("b"), "a title is no markup"


def test_an_aspect_is_chosen_in_the_address(client: FlaskClient) -> None:
    found = fetch(client, "/disagreements?aspect=time")
    assert {e.text for e in found.all("h3")} == {"When it was"}
    chosen = [e for e in found.all("option") if "selected" in e.attributes]
    assert [e.text for e in chosen] == ["when it was (2)"]
    assert [e["key"] for e in json_of(client, "/disagreements.json?aspect=place")["events"]] == [SUMMIT]
    nobody = fetch(client, "/disagreements?aspect=actor")
    assert "On who took part no reports differ. Show all disagreements" in nobody.text


@pytest.mark.parametrize("query", ["aspect=weather", "page=0", "page=x"])
def test_what_makes_no_sense(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/disagreements?{query}")
    assert answer.status_code == 400
    assert answer.json is not None
    assert query.partition("=")[2] in answer.json["error"]["cause"]
    assert answer.json["error"]["remedy"]


def test_a_page_that_is_not_there(client: FlaskClient) -> None:
    assert client.get("/disagreements?page=2").status_code == 404


def test_many_events_come_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.disagreements._PAGE_SIZE", 1)
    first = json_of(client, "/disagreements.json?aspect=time")
    assert (first["page"], first["pages"], [e["key"] for e in first["events"]]) == (1, 2, [SUMMIT])
    assert first["next"] == "/disagreements.json?aspect=time&page=2"
    second = json_of(client, first["next"])
    assert ([e["key"] for e in second["events"]], second["next"]) == ([TALKS], None)
    links = fetch(client, "/disagreements?aspect=time&page=2").all("a", rel="prev")
    assert [link.attributes["href"] for link in links] == ["/disagreements?aspect=time"]


def test_none_at_all_is_said_in_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    dataset = make(tmp_path_factory.mktemp("agreeing"), {"geneva": ARTICLES["geneva"]})
    client = create_app(Settings(dataset=dataset.path, sparql_workers=1)).test_client()
    assert "No reports on one event differ" in fetch(client, "/disagreements").text
    assert json_of(client, "/disagreements.json")["events"] == []
    assert not ElementTree.fromstring(client.get("/disagreements.atom").data).findall(f"{ATOM}entry")
    assert not list(ox.parse(client.get("/disagreements.nt").data, format=ox.RdfFormat.N_TRIPLES))


def test_json_says_who_says_what(client: FlaskClient) -> None:
    summit = json_of(client, "/disagreements.json")["events"][0]
    assert {one["aspect"]: sides(one) for one in summit["disagreements"]} == {
        "time": ({"2 May 2021": [report("a"), "record/visit/1"]}, {"3 May 2021": [report("b")]}),
        "place": ({"Lutz": [report("a"), report("b")]}, {"Varenna": [report("c")]}),
        "status": ({"took place": [report("a"), report("b"), report("c")]}, {"cancelled": [report("d")]}),
    }
    time = summit["disagreements"][0]
    assert (time["takes"], time["rule"]["iri"]) == ("2 May 2021", f"{PLY}officialRecord")
    said = time["differing"][0]["reports"][0]
    assert (said["article"]["name"], said["article"]["published"]) == ("Harding & Petrova <b>meet</b>", "2021-05-20")
    assert [words["exact"] for words in said["words"]] == ["met", "May 3"], "the words of the time are quoted, too"


def test_csv_has_a_line_for_each_report_on_each_side(client: FlaskClient) -> None:
    answer = client.get("/disagreements.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 3 + 3 + 4 + 2
    [row] = [r for r in rows if r["side"] == "differing" and r["aspect"] == "time" and r["label"] == "Summit in Lutz"]
    assert (row["takes"], row["says"], row["rule"]) == ("2 May 2021", "3 May 2021", "by an official record")
    assert (row["report"], row["published"]) == (f"{BASE}id/{report('b')}", "2021-05-20")
    assert row["words"] == "met … May 3"
    [risky] = {r["title"] for r in rows if r["report"].endswith(report("c"))}
    assert risky == "'=SUM(A1) in Varenna", "a spreadsheet runs no title as a formula"


def test_the_graphs_say_the_same_with_words_and_sources(client: FlaskClient) -> None:
    said = [{q.triple for q in ox.parse(client.get(f"/disagreements.{e}").data, format=f)} for e, f in GRAPHS.items()]
    assert all(one == said[0] for one in said)
    node = ox.NamedNode(f"{BASE}id/{SUMMIT}/disagreement/time")
    assert ox.Triple(node, ox.NamedNode(f"{PLY}differing"), ox.NamedNode(f"{BASE}id/{report('b')}")) in said[0]
    values = {t.object.value for t in said[0] if isinstance(t.object, ox.Literal)}
    assert {"2021-05-02", "2021-05-03", "met", "Harding & Petrova <b>meet</b>", "2021-05-20"} <= values
    some = {q.triple for q in ox.parse(client.get("/disagreements.ttl?aspect=place").data, format=GRAPHS["ttl"])}
    assert {t.subject for t in some if t.predicate.value == f"{PLY}rule"} == {
        ox.NamedNode(f"{BASE}id/{SUMMIT}/disagreement/place")
    }


@pytest.mark.parametrize("form", ["csv", "nt"])
def test_long_twins_come_in_pages_that_say_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    whole = client.get(f"/disagreements.{form}")
    assert "Link" not in whole.headers
    monkeypatch.setattr("web.disagreements._LONG_PAGE", 1)
    count = json_of(client, "/disagreements.json")["total"]
    pages = [client.get(f"/disagreements.{form}?page={n}") for n in range(1, count + 1)]
    assert count > 1
    assert len({page.data for page in pages}) == count
    assert f'</disagreements.{form}?page=2>; rel="next"' in pages[0].headers["Link"]
    assert 'rel="next"' not in pages[-1].headers["Link"]
    assert {line for page in pages for line in page.data.splitlines()} == set(whole.data.splitlines())
    assert client.get(f"/disagreements.{form}?page={count + 1}").status_code == 404


def test_each_form_is_negotiated(client: FlaskClient) -> None:
    for accept, extension in (("text/turtle", "ttl"), ("text/csv", "csv"), ("application/atom+xml", "atom")):
        answer = client.get("/disagreements?aspect=time", headers={"Accept": accept})
        assert answer.content_type.partition(";")[0] == accept
        assert answer.headers["Content-Location"] == f"/disagreements.{extension}?aspect=time"
        assert client.get("/disagreements", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200
        assert (
            client.get(
                "/disagreements?aspect=time", headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]}
            ).status_code
            == 304
        )
    assert client.get("/disagreements", headers={"Accept": BROWSER}).content_type == "text/html; charset=utf-8"


def test_the_feed_is_atom(client: FlaskClient) -> None:
    answer = client.get("/disagreements.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    assert feed.findtext(f"{ATOM}id") == f"{BASE}disagreements"
    assert feed.findtext(f"{ATOM}updated")
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": "http://localhost/disagreements.atom", "alternate": "http://localhost/disagreements"}
    entries = feed.findall(f"{ATOM}entry")
    told = {entry.findtext(f"{ATOM}id"): entry for entry in entries}
    assert len(told) == len(entries) == 4
    time = told[f"{BASE}id/{SUMMIT}/disagreement/time"]
    assert time.findtext(f"{ATOM}title") == "Summit in Lutz: reports differ on when it was"
    assert time.findtext(f"{ATOM}updated") == "2021-05-20T00:00:00+00:00", "when the last of its articles came out"
    assert time.findtext(f"{ATOM}summary") == (
        "The graph has 2 May 2021 (by an official record). Said otherwise: 3 May 2021 (Harding & Petrova <b>meet</b>)."
    )
    assert [e.text for e in time.findall(f"{ATOM}author/{ATOM}name")] == ["Freedonia Herald"]
    stamps = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert stamps == sorted(stamps, reverse=True)
    undated = told[f"{BASE}id/{TALKS}/disagreement/time"]
    assert undated.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated"), (
        "no article is dated: the generation is"
    )
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert entry.findall(f"{ATOM}author")
        where, _, anchor = link.attrib["href"].partition("#")
        assert anchor in page(client.get(where, headers={"Accept": BROWSER}).text).ids


def test_the_feed_of_an_aspect(client: FlaskClient) -> None:
    feed = ElementTree.fromstring(client.get("/disagreements.atom?aspect=status").data)
    assert feed.findtext(f"{ATOM}id") == f"{BASE}disagreements?aspect=status"
    assert [e.findtext(f"{ATOM}id") for e in feed.findall(f"{ATOM}entry")] == [f"{BASE}id/{SUMMIT}/disagreement/status"]


def test_readers_of_feeds_find_it(client: FlaskClient) -> None:
    for url in ("/", "/disagreements"):
        found = fetch(client, url)
        assert found.all("link", rel="alternate", type="application/atom+xml", href="/disagreements.atom"), url
        assert found.all("a", href="/disagreements"), url


def facts(found: Page) -> dict[str, str]:
    """Return the facts at the head of an event's page."""
    terms, values = found.all("dt"), found.all("dd")
    said: dict[str, str] = {}
    for term, value in zip(terms, values, strict=True):
        said.setdefault(term.text, value.text)
    return said


def test_the_event_says_it_beside_the_value(client: FlaskClient) -> None:
    said = facts(fetch(client, f"/{SUMMIT}"))
    assert said["Where"] == "Lutz, Varenna (all that are named; 1 report says Varenna)"
    assert said["Status"] == "took place (so say 3 reports; 1 report says cancelled)"
    talks = facts(fetch(client, f"/{TALKS}"))
    assert talks["When"] == "2 May 2020 (best supported by 1 report; 1 report says 9 May 2020)"


def test_the_event_tells_who_says_what(client: FlaskClient) -> None:
    found = fetch(client, f"/{SUMMIT}")
    assert "2 May 2021 (by an official record; 1 report says 3 May 2021)" in found.text
    assert found.all("h3", id="disagreement-time")
    assert found.all("a", href="#disagreement-time")
    assert found.text.count("Said otherwise") == 3
    assert "Where the sources disagree" not in fetch(client, f"/{VISIT}").text


def test_reports_that_are_left_out_differ_from_nothing(client: FlaskClient) -> None:
    assert [d["aspect"] for d in json_of(client, f"/{SUMMIT}.json?confidence=0.7")["disagreements"]] == ["time"]


def test_a_correction_by_hand_is_no_rule(tmp_path: Path) -> None:
    dataset = load(tmp_path, "disagreements.trig", BASE)
    curation, event = ox.NamedNode(f"{BASE}id/curation/lutz"), ox.NamedNode(f"{BASE}id/{TALKS}")
    days = ox.NamedNode("http://id.loc.gov/datatypes/edtf")
    said = {
        ox.Triple(
            curation, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(f"{PLY}Correction")
        ),
        ox.Triple(curation, ox.NamedNode("http://www.w3.org/ns/prov#influenced"), event),
        ox.Triple(curation, ox.NamedNode(f"{PLY}property"), ox.NamedNode(f"{PLY}time")),
    }
    time = ox.NamedNode(f"{PLY}time")
    old, new = (
        frozenset({ox.Triple(event, time, ox.Literal(day, datatype=days))}) for day in ("2020-05-02", "2020-05-08")
    )
    with dataset.writer() as writer:
        writer.commit(
            Change(
                add={dataset.iris.curation_graph: frozenset(said), dataset.iris.events_graph: new},
                remove={dataset.iris.events_graph: old},
            )
        )
    dataset.publish()
    client = create_app(Settings(dataset=dataset.path, sparql_workers=1)).test_client()
    assert (
        facts(fetch(client, f"/{TALKS}"))["When"]
        == "8 May 2020 (corrected; 1 report says 2 May 2020; 1 report says 9 May 2020)"
    )
    found = fetch(client, "/disagreements")
    assert "The graph has 8 May 2020: corrected. A person has decided so, with reasons." in found.text
    assert "Best of what reports say: 2 May 2020" in found.text
    assert found.all("a", href="/curation/lutz")


def test_parts_wholes_and_the_record_that_bears_it_out(client: FlaskClient) -> None:
    summit, visit = json_of(client, f"/{SUMMIT}.json"), json_of(client, f"/{VISIT}.json")
    assert [e["key"] for e in summit["part_of"]] == [VISIT]
    assert [e["key"] for e in visit["parts"]] == [SUMMIT]
    assert [r["key"] for r in summit["records"]] == ["record/visit/1"]
    said = facts(fetch(client, f"/{SUMMIT}"))
    assert said["Part of"] == "Visit to Lutz 1–4 May 2021"
    assert said["Official record"] == "Visit of Ana Petrova to Lutz 2 May 2021"
    assert said["Confidence"] == "0.90", "the reading is not surer for the record"
    found = fetch(client, f"/{VISIT}")
    assert "What happened within it 2 May 2021 Summit in Lutz" in found.text
    assert facts(found)["Confidence"] == "1.00 by an official record"


def test_the_event_in_rdf_has_it_all(client: FlaskClient) -> None:
    said = {q.triple for q in ox.parse(client.get(f"/{SUMMIT}.nt").data, format=ox.RdfFormat.N_TRIPLES)}
    subjects = {t.subject.value for t in said if isinstance(t.subject, ox.NamedNode)}
    assert f"{BASE}id/{SUMMIT}/disagreement/place" in subjects
    whole = ox.NamedNode("http://semanticweb.cs.vu.nl/2009/11/sem/hasSubEvent")
    assert ox.Triple(ox.NamedNode(f"{BASE}id/{VISIT}"), whole, ox.NamedNode(f"{BASE}id/{SUMMIT}")) in said


def test_a_disagreement_has_an_address_of_its_own(client: FlaskClient) -> None:
    answer = client.get(f"/id/{SUMMIT}/disagreement/time", headers={"Accept": BROWSER}, follow_redirects=True)
    assert answer.status_code == 200
    assert page(answer.text).one("p", class_="kind").text == "Disagreement"
    assert client.get(f"/id/{SUMMIT}/opinion/time").status_code == 404


def test_claims_stand_by_speaker_in_order_of_time(client: FlaskClient) -> None:
    speakers = json_of(client, f"/{SUMMIT}.json")["speakers"]
    assert {s["name"]: [c["text"] for c in s["claims"]] for s in speakers} == {
        "Ana Petrova": ["it was a new chapter", "it was long", "the chapter is closed", "no comment"],
        "Tom Harding": ["nothing came of it"],
    }
    column = fetch(client, f"/{SUMMIT}").all("section", aria_labelledby="speaker-1")[0].text
    days = [day for day in ("3 May 2021", "20 May 2021") if day in column]
    assert days == ["3 May 2021", "20 May 2021"]
    headings = [e.text for e in fetch(client, f"/{SUMMIT}").all("p", class_="day")]
    assert headings == ["3 May 2021", "20 May 2021", "20 May 2021"], "a date stands once above what was said that day"


def rows_of(dataset: Dataset, name: str) -> list[dict[str, str]]:
    """Return what an example query finds."""
    generation, out = dataset.current(), io.BytesIO()
    assert generation is not None
    run_query(generation.path, next(e.query for e in examples() if e.name == name), None, out)
    rows = csv.DictReader(io.StringIO(out.getvalue().decode()))
    return [{key: value.rpartition("/id/")[2] for key, value in row.items()} for row in rows]


def test_a_query_finds_what_each_report_says(dataset: Dataset) -> None:
    rows = rows_of(dataset, "disagreements")
    assert len(rows) == 3 + 3 + 4 + 2
    found = [
        (row["side"], row["value"], row["report"], row["published"])
        for row in rows
        if (row["event"], row["aspect"]) == (SUMMIT, f"{PLY}time")
    ]
    assert found == [
        ("taken", "2021-05-02", "record/visit/1", ""),
        ("taken", "2021-05-02", report("a"), "2021-05-03"),
        ("differing", "2021-05-03", report("b"), "2021-05-20"),
    ]
    assert {row["value"] for row in rows if row["aspect"].endswith("hasPlace")} == {"Lutz", "Varenna"}
    assert {row["value"] for row in rows if row["aspect"] == f"{PLY}status"} == {f"{PLY}occurred", f"{PLY}cancelled"}


def test_a_query_finds_positions_in_order_of_time(dataset: Dataset) -> None:
    rows = rows_of(dataset, "positions-over-time")
    assert {row["event"] for row in rows} == {SUMMIT}
    assert [(row["speaker"], row["published"], row["text"]) for row in rows] == [
        ("Ana Petrova", "2021-05-03", "it was a new chapter"),
        ("Ana Petrova", "2021-05-03", "it was long"),
        ("Ana Petrova", "2021-05-20", "the chapter is closed"),
        ("Tom Harding", "2021-05-20", "nothing came of it"),
    ]


def test_queries_find_what_a_record_bears_out_and_what_is_part_of_what(dataset: Dataset) -> None:
    [row] = rows_of(dataset, "meetings-borne-out-by-records")
    assert row == {
        "meeting": SUMMIT, "label": "Summit in Lutz", "time": "2021-05-02", "recorded": "2021-05-02",
        "record": "record/visit/1", "says": "Visit of Ana Petrova to Lutz",
    }  # fmt: skip
    [row] = rows_of(dataset, "sub-events")
    assert (row["whole"], row["wholeTime"], row["part"]) == (VISIT, "2021-05-01/2021-05-04", SUMMIT)
