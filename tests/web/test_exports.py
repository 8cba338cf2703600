"""The timeline's and the lists' exports: what each format says, and that long ones say where they go on."""

import csv
import io
import json
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from tests.web.conftest import BASE

HYDRA = "http://www.w3.org/ns/hydra/core#"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


def slides(client: FlaskClient, query: str = "") -> Any:
    answer = client.get(f"/events.timelinejs{query}")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    return answer.json


def triples(client: FlaskClient, path: str) -> set[ox.Triple]:
    # What has no ending is negotiated.
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200, path
    ending = path.partition("?")[0].rpartition("/")[2].partition(".")[2]
    form = GRAPHS[ending or "ttl"]
    return {quad.triple for quad in ox.parse(answer.data, format=form)}


def listed(client: FlaskClient, path: str) -> set[str]:
    values = client.get(path).json
    assert values is not None
    return {item["iri"] for item in values.get("events", values.get("items"))}


def members(found: set[ox.Triple]) -> set[str]:
    return {str(t.object.value) for t in found if t.predicate.value == f"{HYDRA}member"}  # type: ignore[union-attr]


def test_timelinejs_has_the_days_of_an_event(client: FlaskClient) -> None:
    event = next(e for e in slides(client, "?person=ana-petrova")["events"] if "2 May 2021" in e["display_date"])
    assert event["start_date"] == {"year": 2021, "month": 5, "day": 2}
    assert "end_date" not in event
    assert event["unique_id"] == "2021-05-02-geneva-summit"
    assert event["group"] == "Summit"
    assert '<a href="http://localhost/person/tom-harding">Tom Harding</a>' in event["text"]["text"]


def test_timelinejs_says_no_more_of_a_time_than_is_known(client: FlaskClient) -> None:
    event = next(e for e in slides(client, "?person=ana-petrova&from=2020-02&to=2020-02-29")["events"])
    assert event["start_date"] == {"year": 2020, "month": 2}
    assert event["display_date"] == "sometime in February 2020"


def test_timelinejs_draws_the_period_asked_for_as_an_era(client: FlaskClient) -> None:
    assert "eras" not in slides(client)
    (era,) = slides(client, "?from=2021&to=2021-05")["eras"]
    assert era["start_date"] == {"year": 2021, "month": 1, "day": 1}
    assert era["end_date"] == {"year": 2021, "month": 5, "day": 31}


def test_timelinejs_says_what_it_leaves_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = slides(client)
    total = client.get("/events.json").json["total"]  # type: ignore[index]
    assert f"{total} events." in everything["title"]["text"]["text"]
    monkeypatch.setattr("web.timeline.twins.SLIDES", 2)
    answer = client.get("/events.timelinejs")
    assert len(json.loads(answer.data)["events"]) == 2
    assert "This timeline shows 2 of them." in json.loads(answer.data)["title"]["text"]["text"]
    assert '</events.timelinejs?page=2>; rel="next"' in answer.headers["Link"]


def test_timelinejs_escapes_what_articles_say(client: FlaskClient) -> None:
    told = json.dumps(slides(client))
    assert "<script" not in told
    assert "<img" not in told
    title = slides(client, "?source=img-src-x-onerror-alert-1-gazette")["title"]["text"]["headline"]
    assert "&lt;img src=x onerror=alert(1)&gt;" in title


@pytest.mark.parametrize("ending", GRAPHS)
def test_the_timeline_in_rdf_has_its_events_with_names(client: FlaskClient, ending: str) -> None:
    query = "?person=ana-petrova&from=2021"
    found = triples(client, f"/events.{ending}{query}")
    wanted = listed(client, f"/events.json{query}")
    assert wanted
    assert members(found) == wanted
    events = {t.subject.value for t in found if t.predicate == RDF_TYPE and t.object == ox.NamedNode(f"{SEM}Event")}  # type: ignore[union-attr]
    assert events == wanted
    assert any(t.subject.value == f"{BASE}id/person/ana-petrova" and t.object.value == "Ana Petrova" for t in found)  # type: ignore[union-attr]
    assert found == triples(client, f"/events.nt{query}")


@pytest.mark.parametrize("name", ["people", "organizations", "places", "articles"])
def test_a_list_in_rdf_has_its_things(client: FlaskClient, name: str) -> None:
    found = triples(client, f"/{name}.ttl")
    assert members(found) == listed(client, f"/{name}.json") != set()
    assert members(triples(client, f"/{name}.jsonld?q=no+such+words")) == set()


@pytest.mark.parametrize("path", ["/events.ttl", "/people.ttl"])
def test_long_rdf_comes_in_pages_that_lead_to_each_other(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    everything = members(triples(client, path))
    monkeypatch.setattr("web.timeline.twins.EXPORT_SIZE", 2)
    monkeypatch.setattr("web.listings.EXPORT_SIZE", 2)
    found: set[str] = set()
    following: str | None = path
    while following:
        page = triples(client, following)
        assert len(members(page)) <= 2
        found |= members(page)
        after = [str(t.object.value) for t in page if t.predicate.value == f"{HYDRA}next"]  # type: ignore[union-attr]
        following = after[0].replace(BASE, "/") if after else None
    assert found == everything


@pytest.mark.parametrize("path", ["/events.csv", "/events.ics", "/people.csv", "/articles.csv"])
def test_long_tables_say_where_they_go_on(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    assert 'rel="next"' not in client.get(path).headers.get("Link", "")
    monkeypatch.setattr("web.timeline.twins.EXPORT_SIZE", 2)
    monkeypatch.setattr("web.listings.EXPORT_SIZE", 2)
    assert f'<{path}?page=2>; rel="next"' in client.get(path).headers["Link"]
    assert f'<{path}>; rel="prev"' in client.get(f"{path}?page=2").headers["Link"]
    assert client.get(f"{path}?page=999").status_code == 404


def test_lists_as_tables(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/people.csv").text)))
    assert {row["iri"] for row in rows} == listed(client, "/people.json")
    petrova = next(row for row in rows if row["name"] == "Ana Petrova")
    assert petrova["url"] == "http://localhost/person/ana-petrova"
    assert int(petrova["events"]) > 1
    told = list(csv.DictReader(io.StringIO(client.get("/articles.csv?q=talks").text)))
    assert [(row["name"], row["published"], row["publisher"]) for row in told] == [
        ("Talks in Geneva", "2021-05-03", "The Daily Zubrowkan")
    ]


@pytest.mark.parametrize("path", ["/", "/people", "/articles"])
def test_exports_are_negotiated(client: FlaskClient, path: str) -> None:
    for accept in ("text/csv", "text/turtle", "application/ld+json", "application/json", "application/rdf+xml"):
        assert client.get(path, headers={"Accept": accept}).content_type.partition(";")[0] == accept
    assert client.get(f"{path}?format=turtle").content_type.startswith("text/turtle")
