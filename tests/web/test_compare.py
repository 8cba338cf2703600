"""Two beside each other; the series of meetings; claims with words; the archive; through HTTP."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.archive.archive import Archive
from tests.web.conftest import make
from tests.web.pages import BROWSER, fetch, json_of, page
from tests.web.serving import application

MEETINGS = {
    "first": """---
title: "Ministers meet"
published: 2020-03-03
---

President Ana Petrova of Zubrowka met Prime Minister Tom Harding of Freedonia in Geneva on March 2, 2020.

Petrova said the meeting in Geneva with Harding had been useful. Harding denied that Petrova had offered anything.
""",
    "second": """---
title: "Ministers meet again"
published: 2021-05-03
---

President Ana Petrova of Zubrowka met Prime Minister Tom Harding of Freedonia in Oslo on May 2, 2021.
""",
    "third": """---
title: "Once more"
published: 2022-06-07
---

President Ana Petrova of Zubrowka met Prime Minister Tom Harding of Freedonia in Vienna on June 6, 2022.

President Ana Petrova of Zubrowka met Foreign Minister Ngozi Okoro in Vienna on June 7, 2022.
""",
}
PAIR = "?a=person/ana-petrova&b=person/tom-harding"


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Path]:
    """The application of three meetings, and where its dataset is."""
    dataset = make(tmp_path_factory.mktemp("compare"), MEETINGS)
    with application(dataset) as app:
        return app, dataset.path


@pytest.fixture
def client(met: tuple[Flask, Path]) -> FlaskClient:
    """A client of it."""
    return met[0].test_client()


def test_two_people_beside_each_other(client: FlaskClient) -> None:
    compared = json_of(client, f"/compare.json{PAIR}")
    assert [side["key"] for side in (compared["a"], compared["b"])] == ["person/ana-petrova", "person/tom-harding"]
    assert compared["both"]["meetings"] == 3
    assert compared["a"]["meetings"] == 4
    assert [event["when"]["edtf"] for event in compared["events"]][:3] == ["2020-03-02", "2021-05-02", "2022-06-06"]
    assert any("Harding" in claim["text"] for claim in compared["of_each_other"][0])
    found = fetch(client, f"/compare{PAIR}")
    assert "Ana Petrova and Tom Harding" in found.text
    assert "What each said about the other" in found.text
    lines = client.get(f"/compare.csv{PAIR}").text.splitlines()
    assert len(lines) == 1 + compared["both"]["events"]


def test_names_do_as_well_as_keys(client: FlaskClient) -> None:
    by_name = json_of(client, "/compare.json?a=ANA+petrova&b=Tom+Harding")
    assert by_name == json_of(client, f"/compare.json{PAIR}")


def test_a_place_and_a_person_can_be_compared(client: FlaskClient) -> None:
    compared = json_of(client, "/compare.json?a=place/geneva&b=Tom+Harding")
    assert compared["both"]["events"] >= 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?a=Ivo+Novak&b=Tom+Harding", "nobody and nothing here is called"),
        ("?a=person/tom-harding&b=Tom+Harding", "the same as the first"),
        ("?a=Petrova&b=Tom+Harding", "is called"),
    ],
)
def test_mistakes_are_told(client: FlaskClient, query: str, words: str) -> None:
    answer = client.get(f"/compare{query}", headers={"Accept": BROWSER})
    assert answer.status_code == 400
    assert words in page(answer.text).text.lower()
    assert client.get(f"/compare.json{query}").status_code == 400


def test_the_form_needs_nothing_and_programs_need_both(client: FlaskClient) -> None:
    assert fetch(client, "/compare").one("form", class_="pair")
    assert client.get("/compare.json?a=person/tom-harding").status_code == 400


def test_a_meeting_has_its_place_among_those_of_the_same_people(client: FlaskClient) -> None:
    events = json_of(client, f"/compare.json{PAIR}")["events"]
    series = [json_of(client, f"{event['url']}.json")["series"] for event in events]
    assert [(one["number"], one["total"]) for one in series] == [(1, 3), (2, 3), (3, 3)]
    assert series[0]["previous"] is None
    assert series[1]["previous"]["key"] == events[0]["key"]
    assert series[1]["next"]["key"] == events[2]["key"]
    assert "Meeting 2 of 3 of the same people" in fetch(client, events[1]["url"]).text


def test_claims_are_searched(client: FlaskClient) -> None:
    all_of_them = json_of(client, "/person/ana-petrova.json")
    assert all_of_them["claim_count"] == all_of_them["claims_found"] > 0
    assert json_of(client, "/person/ana-petrova.json?said=USEFUL+meeting")["claims_found"] == 1
    none = json_of(client, "/person/ana-petrova.json?said=zebra")
    assert (none["claims"], none["claim_count"]) == ([], all_of_them["claim_count"])
    assert client.get("/person/ana-petrova?claims=2").status_code == 404
    assert client.get("/person/ana-petrova?claims=x").status_code == 400


def test_a_denial_is_marked_and_nothing_else(client: FlaskClient) -> None:
    denied = json_of(client, "/person/tom-harding.json")["claims"]
    said = json_of(client, "/person/ana-petrova.json")["claims"]
    assert [claim["denies"] for claim in denied] == [True]
    assert not any(claim["denies"] for claim in said)


def test_a_report_has_the_time_in_its_own_words(client: FlaskClient) -> None:
    (event, *_) = json_of(client, f"/compare.json{PAIR}")["events"]
    (report,) = json_of(client, f"{event['url']}.json")["reports"]
    assert [(time["words"], time["value"]) for time in report["times"]] == [("March 2, 2020", "2020-03-02")]


def test_an_article_has_its_place_in_the_archive(client: FlaskClient, met: tuple[Flask, Path]) -> None:
    for item in json_of(client, "/articles.json")["items"]:
        archive = json_of(client, f"{item['url']}.json")["archive"]
        reading = Archive(met[1] / "archive").get(item["key"])
        assert reading is not None
        assert archive["sha256"] == hashlib.sha256(reading.raw).hexdigest()
        found = fetch(client, item["url"])
        assert archive["sha256"] in found.text
        assert str(met[1]) not in found.source


def test_highlights_of_an_article_lead_to_their_triples(client: FlaskClient) -> None:
    item = next(i for i in json_of(client, "/articles.json")["items"] if i["claims"])
    links = fetch(client, item["url"]).links
    values = json_of(client, f"{item['url']}.json")
    assert all(links.count(report["url"]) > 1 for report in values["reports"])


def test_a_person_has_a_map_and_questions(client: FlaskClient) -> None:
    found = fetch(client, "/person/ana-petrova")
    assert found.all("figure", class_="map")
    assert any(link.startswith("geo:") for link in found.links)
    assert "/queries/meetings-of-a-person?person=ana-petrova" in found.links
    assert "/compare?a=person%2Fana-petrova&b=person%2Ftom-harding" in [
        link.replace("&amp;", "&") for link in found.links
    ]


def test_lists_tell_namesakes_apart(tmp_path: Path) -> None:
    told = (
        "Ana Petrova met French Foreign Minister Tom Harding in Vienna on 2 May 2021.",
        "Ana Petrova met Canadian Defence Minister Tom Harding in Geneva on 30 May 2021.",
    )
    articles = {
        f"a{n}": f"---\ntitle: T{n}\npublished: 2021-06-0{n + 1}\n---\n\n{text}\n" for n, text in enumerate(told)
    }
    with application(make(tmp_path, articles)) as app:
        client = app.test_client()
        hints = {item["key"]: item["hint"] for item in json_of(client, "/people.json")["items"]}
        assert hints["person/ana-petrova"] is None
        assert "defence minister" in hints["person/tom-harding--canada"].casefold()
        assert "canada" in hints["person/tom-harding--canada"]
        assert "foreign minister" in hints["person/tom-harding"].casefold()
        assert f"({hints['person/tom-harding']})" in fetch(client, "/people").text
        answer = client.get("/compare?a=Tom+Harding&b=Ana+Petrova", headers={"Accept": BROWSER})
        assert answer.status_code == 400
        assert "person/tom-harding--canada" in page(answer.text).text


def test_the_form_is_no_graph(client: FlaskClient) -> None:
    assert client.get("/compare", headers={"Accept": "text/turtle"}).status_code == 406
    assert client.get("/compare.ttl").status_code == 400
    answer = client.get(f"/compare{PAIR}", headers={"Accept": "text/turtle"})
    assert answer.content_type.startswith("text/turtle")
