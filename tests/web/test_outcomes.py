"""How events came out, and in which offices people took part: on the pages, in the twins, in the queries."""

import csv
import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.store import Dataset
from tests.web.pages import fetch, json_of
from tests.web.serving import application
from tests.web.test_disagreements import report, rows_of, sides
from tests.web.trig import load

BASE = "https://zubrowka.example/"
TALKS, VISIT = "event/lutz-talks", "event/lutz-visit"
PLY = "https://parley.example/ontology#"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return load(tmp_path_factory.mktemp("outcomes"), "outcomes.trig", BASE)


@pytest.fixture(scope="module")
def app(dataset: Dataset) -> Iterator[Flask]:
    with application(dataset) as app:
        yield app


def test_an_event_says_how_it_came_out_in_which_words(client: FlaskClient) -> None:
    found = fetch(client, f"/{TALKS}")
    assert "agreement reached, no agreement" in found.text
    assert {e.text for e in found.all("mark")} >= {"collapsed", "reached a deal"}
    event = json_of(client, f"/{TALKS}.json")
    assert [o["name"] for o in event["outcomes"]] == ["agreement reached", "no agreement"]
    assert [o["name"] for r in event["reports"] for o in r["outcomes"]] == ["no agreement", "agreement reached"]


def test_reports_that_contradict_each_other_are_among_the_disagreements(client: FlaskClient) -> None:
    (event,) = json_of(client, "/disagreements.json?aspect=outcome")["events"]
    (one,) = event["disagreements"]
    assert (one["aspect"], one["name"]) == ("outcome", "how it came out")
    assert sides(one) == ({"no agreement": [report("a")]}, {"agreement reached": [report("b")]})
    assert one["differing"][0]["reports"][0]["words"][-1]["exact"] == "reached a deal"
    feed = client.get("/disagreements.atom?aspect=outcome").text
    assert "reports differ on how it came out" in feed


def test_a_query_finds_them_too(dataset: Dataset) -> None:
    rows = [(row["aspect"], row["side"], row["value"]) for row in rows_of(dataset, "disagreements")]
    assert rows == [
        (f"{PLY}outcome", "taken", f"{PLY}noAgreement"),
        (f"{PLY}outcome", "differing", f"{PLY}agreementReached"),
    ]


def test_the_table_of_events_has_the_outcomes(client: FlaskClient) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/events.csv").text))
    assert {row["label"]: row["outcomes"] for row in rows} == {
        "Talks in Lutz": "agreement reached; no agreement",
        "Visit of Ana Petrova to Lutz": "",
    }


def test_an_event_says_in_which_offices_people_took_part(client: FlaskClient) -> None:
    actors = {a["name"]: a["office"] for a in json_of(client, f"/{TALKS}.json")["actors"]}
    assert actors["Ivo Novak"] is None
    assert actors["Ana Petrova"]["name"] == "President of Zubrowka"
    assert [s["key"] for s in actors["Ana Petrova"]["sources"]] == ["record/visit/1"]
    assert (actors["Tom Harding"]["name"], actors["Tom Harding"]["rule"]["iri"]) == ("envoy", f"{PLY}nearestStated")
    text = fetch(client, f"/{TALKS}").text
    assert "Ana Petrova, President of Zubrowka (by an official record of these days: record 1)" in text
    assert "Tom Harding, envoy (as stated by an article: its words)" in text


def test_of_an_event_on_record_the_record_says_it(client: FlaskClient) -> None:
    (actor,) = json_of(client, f"/{VISIT}.json")["actors"]
    assert actor["office"]["name"] == "President of Zubrowka"


def test_a_person_has_the_offices_held_at_events(client: FlaskClient) -> None:
    offices = json_of(client, "/person/ana-petrova.json")["offices"]
    assert offices == [
        {
            "name": "President of Zubrowka",
            "events": 2,
            "days": ["2021-05-02", "2021-05-03"],
            "first": "2021-05-02",
            "last": "2021-05-03",
        }
    ]
    assert "Offices held at the time of events" not in fetch(client, "/person/ivo-novak").text


def test_queries_find_outcomes_and_offices(dataset: Dataset) -> None:
    assert {(r["outcome"], r["taken"], r["words"]) for r in rows_of(dataset, "outcomes")} == {
        (f"{PLY}noAgreement", "true", "collapsed"),
        (f"{PLY}agreementReached", "true", "reached a deal"),
    }
    assert {(r["name"], r["office"], r["source"]) for r in rows_of(dataset, "offices-at-events")} == {
        ("Ana Petrova", "President of Zubrowka", "record/visit/1"),
        ("Tom Harding", "envoy", "article/aaaaaaaaaaaa/role/1"),
    }


def test_a_participation_has_an_address_of_its_own(client: FlaskClient) -> None:
    assert "Participation" in fetch(client, f"/{TALKS}/participation/tom-harding").text
