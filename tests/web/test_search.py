"""Search, values of facets, lanes, zoom and "on this day", as readers and programs ask for them."""

import gzip
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.web.pages import fetch, json_of


def found(client: FlaskClient, **asked: str) -> list[str]:
    answer = client.get("/events.json", query_string=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return [event["key"] for event in answer.json["events"]]


def test_quoted_words_are_searched_and_marked(client: FlaskClient) -> None:
    keys = found(client, q='"the meeting had"')
    assert keys
    assert keys != found(client)
    values = json_of(client, "/events.json?q=%22the+meeting+had%22")
    highlights = [highlight for event in values["events"] for highlight in event["highlights"]]
    marked = {piece["text"] for one in highlights for piece in one["pieces"] if piece["found"]}
    assert {text.casefold() for text in marked} == {"the meeting had"}
    assert all(one["article"]["url"].startswith("/article/") for one in highlights)
    page = fetch(client, "/?q=%22the+meeting+had%22")
    assert {e.text for e in page.all("mark")} == marked
    assert {one["article"]["url"] for one in highlights} <= set(page.links)
    assert "highlights" not in json_of(client, "/events.json")["events"][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [("petrova", "PETROVA"), ("zoe", "Zoë"), ("lindq*", "Lindqvist"), ("geneva petrova", "petrova geneva"), ("", "?!")],
)
def test_questions_that_mean_the_same(client: FlaskClient, one: str, other: str) -> None:
    assert found(client, q=one) == found(client, q=other)
    assert found(client, q=one)


def test_a_phrase_is_less_than_its_words(client: FlaskClient) -> None:
    assert found(client, q='"petrova ana"') == []
    assert set(found(client, q='"ana petrova"')) <= set(found(client, q="petrova ana")) != set()
    assert found(client, q="petrov") == []
    assert found(client, q="petrov*") == found(client, q="petrova")


@pytest.mark.parametrize(
    "q",
    [
        '"',
        '"" *',
        "*",
        "AND OR NOT",
        "label:x^9~",
        "(((",
        "\\",
        "a" * 5000,
        "\x00",
        "🦄",
        '"a*" b"',
        "%",
        "' OR 1=1",
        "|",
        "-- x",
    ],
)
@pytest.mark.parametrize("sort", ["asc", "relevance"])
def test_no_question_is_an_error(client: FlaskClient, q: str, sort: str) -> None:
    assert isinstance(found(client, q=q, sort=sort), list)
    assert client.get("/", query_string={"q": q, "sort": sort}).status_code == 200


def test_order_of_relevance(client: FlaskClient) -> None:
    best = found(client, q="meeting", sort="relevance")
    assert set(best) == set(found(client, q="meeting"))
    page = fetch(client, "/?q=meeting&sort=relevance")
    assert "Best matches" in [e.text for e in page.all("h2")]
    assert found(client, sort="relevance") == found(client)


def test_filters_hold_for_the_best_matches(client: FlaskClient) -> None:
    asked = {"q": "petrova", "place": "geneva", "from": "2021", "status": "occurred", "confidence": "0.1"}
    assert set(found(client, **asked, sort="relevance")) == set(found(client, **asked)) != set()


def test_all_values_of_a_facet_can_be_reached(client: FlaskClient) -> None:
    values = json_of(client, "/facets/person.json")
    shown = {value["value"]: value["events"] for value in values["values"]}
    assert shown == {v["value"]: v["events"] for v in json_of(client, "/events.json")["facets"]["person"]}
    narrowed = json_of(client, "/facets/person.json?find=petr&place=geneva")
    assert [value["value"] for value in narrowed["values"]] == ["ana-petrova"]
    assert narrowed["values"][0]["url"] == "/?person=ana-petrova&place=geneva"
    page = fetch(client, "/facets/person?find=petr&place=geneva")
    assert "/?person=ana-petrova&place=geneva" in page.links
    assert page.one("input", type="hidden").attributes == {"type": "hidden", "name": "place", "value": "geneva"}
    assert json_of(client, "/facets/person.json?find=etrova")["total"] == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/facets/planet", 404),
        ("/facets/person?page=9", 404),
        ("/facets/person?from=x", 400),
        (f"/facets/person?find={'x' * 201}", 400),
    ],
)
def test_values_that_there_are_not(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path, headers={"Accept": "text/html"}).status_code == status


def test_who_speaks_of_an_event_is_a_facet(client: FlaskClient) -> None:
    values = {v["value"]: v for v in json_of(client, "/events.json")["facets"]["speaker"]}
    assert values["ana-petrova"]["label"] == "Ana Petrova"
    assert len(found(client, speaker="ana-petrova")) == values["ana-petrova"]["events"] > 0


def test_the_least_confidence_has_counts(client: FlaskClient) -> None:
    values = json_of(client, "/events.json")["facets"]["confidence"]
    assert [value["value"] for value in values] == ["0.5", "0.7", "0.9"]
    for value in values:
        assert json_of(client, f"/events.json?confidence={value['value']}")["total"] == value["events"]
        assert f"{value['label']} ({value['events']})" in fetch(client, "/").text


@pytest.mark.parametrize("facet", ["person", "place"])
def test_lanes(client: FlaskClient, facet: str) -> None:
    page = fetch(client, f"/?group={facet}")
    lanes = page.all("svg", class_="lane")
    assert 1 < len(lanes) <= 12
    values = json_of(client, "/events.json")["facets"][facet]
    assert f"{values[0]['label']} {values[0]['events']} events" in page.text
    assert f"/?{facet}={values[0]['value']}&group={facet}" in page.links
    assert not fetch(client, "/").all("svg", class_="lane")
    assert "nothing to group by" in fetch(client, "/?group=type", 400).text


def test_zoom_and_pan_are_links(client: FlaskClient) -> None:
    def steps(path: str) -> dict[str, str]:
        return {
            e.attributes["data-zoom"]: e.attributes["href"]
            for e in fetch(client, path).all("a")
            if "data-zoom" in e.attributes
        }

    assert set(steps("/")) == {"closer"}
    there = steps("/?from=2021-05&to=2021-05&place=geneva")
    assert set(there) == {"closer", "wider", "earlier", "later"}
    assert all(path.startswith("/?place=geneva") for path in there.values())
    nothing = fetch(client, "/?from=1801&to=1802")
    assert "No event matches" in nothing.text
    assert any("data-zoom" in e.attributes for e in nothing.all("a")), "there is a way out"


def test_the_density_in_figures(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.drawing.band._SINGLE", 3)
    values = json_of(client, "/events.json")
    counted = sum(column["events"] for column in values["density"]["columns"])
    assert counted == values["total"] - values["undated"]
    page = fetch(client, "/")
    assert len(page.one("table").text) > 0
    monkeypatch.setattr("web.drawing.band._SINGLE", 0)
    days = json_of(client, "/events.json?from=2021-04-20&to=2021-06-20")
    assert days["density"]["unit"] == "day"
    kinds = {kind for column in values["density"]["columns"] for kind in column["counts"]}
    legend = page.one("figcaption").text
    assert {"certain", "uncertain", "planned"} <= kinds
    assert all(words in legend for words in ("known to the day", "of uncertain day", "planned"))


def test_on_this_day(client: FlaskClient) -> None:
    values = json_of(client, "/on-this-day.json?day=05-02")
    assert values["total"] == len(values["events"]) > 0
    assert all(event["when"]["earliest"].endswith("-05-02") and event["when"]["certain"] for event in values["events"])
    assert (values["previous_day"], values["next_day"]) == (
        "/on-this-day.json?day=05-01",
        "/on-this-day.json?day=05-03",
    )
    page = fetch(client, "/on-this-day?day=05-02")
    assert "2 May" in page.one("h1").text
    assert [e.text for e in page.all("h3")] == [event["name"] for event in values["events"]]
    assert {"/on-this-day?day=05-01", "/on-this-day?day=05-03"} <= set(page.links)
    assert json_of(client, "/on-this-day.json?day=02-29")["next_day"].endswith("03-01")
    before = datetime.now(UTC)
    assert json_of(client, "/on-this-day.json")["day"] in {f"{before:%m-%d}", f"{datetime.now(UTC):%m-%d}"}
    assert "/on-this-day" in fetch(client, "/").links


@pytest.mark.parametrize("query", ["day=02-30", "day=13-01", "day=today", "day=05-02&page=0", "day=00-00"])
def test_a_day_that_there_is_not(client: FlaskClient, query: str) -> None:
    assert client.get(f"/on-this-day.json?{query}").status_code == 400


def test_the_page_stays_small(client: FlaskClient) -> None:
    page = client.get("/?group=person&q=petrova", headers={"Accept": "text/html"})
    assert len(gzip.compress(page.data)) < 100_000
