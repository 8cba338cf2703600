"""The filter ``confidence``: on the timeline and its twins, on the pages of things; the figures; example queries."""

import csv
import io
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from graph.sparql import run_query
from graph.store import Dataset
from tests.web.pages import BROWSER, Page, fetch, json_of
from tests.web.serving import application
from tests.web.trig import load
from web.sparql.examples import examples
from web.timeline.confidence import Minimum, printed
from web.timeline.filters import FACETS, Filters

BASE = "https://zubrowka.example/"
ARTICLE = "/article/aaaaaaaaaaaa"
#: Event -> its confidence.
SURE = {"summit": 0.95, "meeting": 0.699, "call": 0.4, "accord": None, "visit": 1.0}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return load(tmp_path_factory.mktemp("confidence"), "confidence.trig", BASE)


@pytest.fixture(scope="module")
def app(dataset: Dataset) -> Iterator[Flask]:
    with application(dataset) as app:
        yield app


def keys(client: FlaskClient, query: str = "") -> set[str]:
    return {e["key"].partition("/")[2] for e in json_of(client, f"/events.json{query}")["events"]}


def options(page: Page) -> dict[str, bool]:
    """Return the values that the choice of confidence offers, and whether each is chosen."""
    offered = page.source.partition('<select id="confidence"')[2].partition("</select>")[0]
    found = [o for o in page.all("option") if f'<option value="{o.attributes["value"]}"' in offered]
    chosen: dict[str, bool] = {}
    for option in found:  # this choice is the first on the page
        if not option.text.endswith("first"):
            chosen.setdefault(option.attributes["value"], "selected" in option.attributes)
    return chosen


@pytest.mark.parametrize("minimum", ["0", "0.4", "0.5", ".7", "0.70", "0.95", "0.951", "1", "1.0"])
def test_events_of_at_least_this_confidence_are_kept(client: FlaskClient, minimum: str) -> None:
    wanted = {key for key, sure in SURE.items() if sure is not None and sure >= float(minimum)}
    found = json_of(client, f"/events.json?confidence={minimum}")
    assert {e["key"].partition("/")[2]: e["confidence"] for e in found["events"]} == {k: SURE[k] for k in wanted}
    assert found["total"] == len(wanted)
    assert found["undated"] == len(wanted & {"call"})
    assert found["filters"] == {"confidence": [minimum]}


def test_any_confidence_keeps_events_without_one(client: FlaskClient) -> None:
    assert keys(client) == keys(client, "?confidence=") == set(SURE)
    assert json_of(client, "/events.json?confidence=")["filters"] == {}


def test_every_twin_has_the_same_events(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/events.csv?confidence=0.5").text)))
    assert {row["label"]: row["confidence"] for row in rows} == {
        "Summit in Lutz": "0.95", "Meeting of ministers": "0.699", "Visit of Tom Harding to Lutz": "1.0"
    }  # fmt: skip
    whole = list(csv.DictReader(io.StringIO(client.get("/events.csv").text)))
    assert [row["confidence"] for row in whole if row["label"] == "Accord of Lutz"] == [""]
    calendar = client.get("/events.ics?confidence=0.7").text
    assert [line for line in calendar.splitlines() if line.startswith("SUMMARY:")] == [
        "SUMMARY:Summit in Lutz",
        "SUMMARY:Visit of Tom Harding to Lutz",
    ]
    page = fetch(client, "/?confidence=0.5")
    assert [e.text for e in page.all("h3")] == [
        "Summit in Lutz",
        "Meeting of ministers",
        "Visit of Tom Harding to Lutz",
    ]
    assert "3 events, 2021." in page.one("p", class_="lede").text
    for link in page.all("link", rel="alternate"):
        # The feed is of all events that are new or changed, whatever the timeline shows.
        if link.attributes["href"].startswith("/events.") and "/events.atom" not in link.attributes["href"]:
            assert link.attributes["href"].endswith("?confidence=0.5")


def test_counts_of_facets_are_true_under_the_filter(client: FlaskClient) -> None:
    narrowed = json_of(client, "/events.json?confidence=0.5")
    assert {v["value"]: v["events"] for v in narrowed["facets"]["person"]} == {"ana-petrova": 2, "tom-harding": 2}
    for facet in FACETS:
        for value in narrowed["facets"][facet]:
            both = json_of(client, f"/events.json?confidence=0.5&{facet}={value['value']}")
            assert both["total"] == value["events"] > 0, (facet, value)


def test_it_holds_together_with_other_filters_on_every_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keys(client, "?confidence=0.9&person=tom-harding&type=Summit") == {"summit"}
    assert keys(client, "?confidence=0.9&to=2021-07") == {"summit"}
    monkeypatch.setattr("web.timeline.events.PAGE_SIZE", 1)
    page = fetch(client, "/?confidence=0.5&sort=desc&page=2")
    assert page.one("a", rel="prev").attributes["href"] == "/?confidence=0.5&sort=desc"
    assert page.one("a", rel="next").attributes["href"] == "/?confidence=0.5&sort=desc&page=3"
    assert json_of(client, "/events.json?confidence=0.5")["pages"] == 3
    assert client.get("/events.json?confidence=0.5&page=4").status_code == 404


def test_the_form_keeps_what_is_chosen_and_a_chip_takes_it_away(client: FlaskClient) -> None:
    assert options(fetch(client, "/")) == {"": True, "0.5": False, "0.7": False, "0.9": False}
    page = fetch(client, "/?person=ana-petrova&confidence=0.7")
    assert options(page) == {"": False, "0.5": False, "0.7": True, "0.9": False}
    assert "confidence at least 0.7" in page.one("ul", class_="chips").text
    assert "/?person=ana-petrova" in [e.attributes["href"] for e in page.all("a", title="Remove this filter")]
    # One that is not offered stays, too, and in its place.
    assert list(options(fetch(client, "/?confidence=0.65"))) == ["", "0.5", "0.65", "0.7", "0.9"]
    assert options(fetch(client, "/?confidence=0.65"))["0.65"]
    assert options(fetch(client, "/?confidence=0.70")) == {"": False, "0.5": False, "0.70": True, "0.9": False}


@pytest.mark.parametrize("bad", ["high", "0,7", "70%", "1.01", "-0.1", "nan", "1e-1", "inf", "0x1", "٠", "0.7 0.8"])
def test_what_is_no_confidence(client: FlaskClient, bad: str) -> None:
    page = client.get("/", query_string={"confidence": bad}, headers={"Accept": BROWSER})
    assert page.status_code == 400
    assert f"“{bad}” is no confidence: write a number from 0 to 1" in page.text
    assert 'id="confidence-problem"' in page.text
    assert "Accord of Lutz" in page.text, "the filter is left out"
    for url in ("/events.json", "/events.csv", "/events.ics", "/person/ana-petrova", f"{ARTICLE}.json"):
        answer = client.get(url, query_string={"confidence": bad}, headers={"Accept": "application/json"})
        if url == "/events.json":
            assert answer.json is not None
            assert bad in answer.json["error"]["cause"]
        assert answer.status_code == 400, url


@given(st.text() | st.floats(width=32).map(str) | st.from_regex(r"[01]?\.?[0-9]{0,4}", fullmatch=True))
def test_whatever_is_read_is_read_again(text: str) -> None:
    filters = Filters.read(MultiDict({"confidence": text}))
    again = Filters.read(MultiDict(filters.pairs()))
    assert again.confidence == filters.confidence
    assert filters.confidence.value is None or 0 <= filters.confidence.value <= 1
    assert "confidence" not in again.problems
    assert sum(offer.chosen for offer in filters.confidence.offers) == 1


@given(st.integers(0, 1000), st.integers(0, 100))
def test_what_is_printed_agrees_with_the_filter(thousandths: int, hundredths: int) -> None:
    """A confidence passes a minimum of two digits exactly if the figure that is printed does."""
    confidence, minimum = thousandths / 1000, Minimum.read(str(hundredths / 100))
    assert minimum.admits(confidence) == minimum.admits(float(printed(confidence)))


def test_an_event_shows_how_sure_its_readings_are(client: FlaskClient) -> None:
    shown = fetch(client, "/event/summit")
    assert "Confidence 0.95" in shown.one("main").text
    assert [
        c.text.rpartition("confidence of the reading ")[2].split(";")[0] for c in shown.all("li", class_="claim")
    ] == [
        "0.90",
        "0.50",
    ]
    assert [c.text.rpartition("confidence of the reading ")[2] for c in shown.all("li", class_="column")] == [
        "0.95",
        "0.60",
    ]
    assert "1.00 by an official record" in fetch(client, "/event/visit").text
    assert "confidence of the reading" not in fetch(client, "/event/visit").text


def test_a_figure_is_rounded_down(client: FlaskClient) -> None:
    """What would pass as 0.70 and is not found by ``confidence=0.7`` would look like a fault."""
    assert "confidence of the reading 0.69" in fetch(client, "/event/meeting").text


def test_an_event_s_page_keeps_sure_reports_and_claims(client: FlaskClient) -> None:
    whole, sure = json_of(client, "/event/summit"), json_of(client, "/event/summit?confidence=0.7")
    assert len(whole["reports"]) == 2
    assert [r["confidence"] for r in sure["reports"]] == [0.95]
    assert [c["text"] for group in sure["speakers"] for c in group["claims"]] == ["a new chapter"]
    page = fetch(client, "/event/summit?confidence=0.7")
    assert len(page.all("li", class_="claim")) == 1
    assert options(page)["0.7"]
    assert page.one("form", class_="least").attributes["action"] == "/event/summit"
    assert page.all("a", href="/event/summit.json?confidence=0.7")
    assert page.all("a", href="/event/summit.ttl")
    # A record is no reading: nothing is too unsure there.
    assert [r["record"] for r in json_of(client, "/event/visit?confidence=1")["reports"]] == [True]
    assert fetch(client, "/event/call?confidence=0.9").one("h1")


def test_a_person_s_page_keeps_sure_events_and_claims(client: FlaskClient) -> None:
    whole, sure = json_of(client, "/person/ana-petrova"), json_of(client, "/person/ana-petrova?confidence=0.6")
    assert [whole["event_count"], whole["claim_count"]] == [3, 2]
    assert [e["name"] for e in sure["events"]] == ["Summit in Lutz", "Meeting of ministers"]
    assert [c["confidence"] for c in sure["claims"]] == [0.9]
    assert [(other["name"], other["count"]) for other in whole["together"]] == [("Tom Harding", 2)]
    assert [(other["name"], other["count"]) for other in sure["together"]] == [("Tom Harding", 1)]
    assert sure["timeline"] == "/?person=ana-petrova&confidence=0.6"
    assert keys(client, sure["timeline"].removeprefix("/")) == {"summit", "meeting"}
    shown = fetch(client, "/person/ana-petrova?confidence=0.6")
    assert len(shown.all("li", class_="event")) == 2
    assert "confidence of the reading 0.90" in shown.one("li", class_="claim").text
    assert shown.all("a", href="/person/ana-petrova")


def test_an_article_s_page_keeps_sure_reports_claims_and_times(client: FlaskClient) -> None:
    whole, sure = json_of(client, ARTICLE), json_of(client, f"{ARTICLE}?confidence=0.7")
    for name, confidences in (("reports", [0.95, 0.4, 0.699]), ("times", [0.85, 0.55])):
        assert [one["confidence"] for one in whole[name]] == confidences
        assert [one["confidence"] for one in sure[name]] == [c for c in confidences if c >= 0.7]
    assert [whole["claim_count"], sure["claim_count"]] == [2, 1]
    shown = fetch(client, ARTICLE)
    assert [cell.text for cell in shown.all("td", class_="number")] == ["0.85", "0.55"]
    assert "confidence of the reading 0.40" in shown.text


def test_a_negotiated_page_names_its_own_address(client: FlaskClient) -> None:
    answer = client.get("/person/ana-petrova?confidence=0.7", headers={"Accept": BROWSER})
    assert answer.headers["Content-Location"] == "/person/ana-petrova.html?confidence=0.7"
    links = answer.headers.getlist("Link")
    assert '</person/ana-petrova.json?confidence=0.7>; rel="alternate"; type="application/json"' in links
    assert '</person/ana-petrova.ttl>; rel="alternate"; type="text/turtle"' in links


def test_rdf_leaves_nothing_out_and_tells_how_sure_everything_is(client: FlaskClient) -> None:
    plain = client.get("/person/ana-petrova.nt").data
    assert client.get("/person/ana-petrova.nt?confidence=0.9").data == plain
    said = {
        (quad.subject.value.rpartition("/id/")[2], float(quad.object.value))
        for quad in ox.parse(plain, format=ox.RdfFormat.N_TRIPLES)
        if quad.predicate.value.endswith("#confidence")
    }
    assert said == {
        ("event/summit", 0.95), ("event/meeting", 0.699), ("event/call", 0.4),
        (f"{ARTICLE[1:]}/claim/1", 0.9), (f"{ARTICLE[1:]}/claim/2", 0.5), (f"{ARTICLE[1:]}/report/1", 0.95),
    }  # fmt: skip


def found(dataset: Dataset, name: str) -> list[dict[str, str]]:
    """Run an example query."""
    generation = dataset.current()
    assert generation is not None
    out = io.BytesIO()
    run_query(generation.path, next(e for e in examples() if e.name == name).query, None, out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def test_an_example_keeps_sure_events(dataset: Dataset) -> None:
    assert found(dataset, "events-by-confidence") == [
        {
            "event": f"{BASE}id/event/summit",
            "label": "Summit in Lutz",
            "time": "2021-05-02",
            "surest": "0.95",
            "articles": "1",
        }
    ]


def test_an_example_lists_what_to_check_first(dataset: Dataset) -> None:
    rows = found(dataset, "findings-to-check")
    assert [(row["confidence"], row["words"], row["kind"].partition("#")[2]) for row in rows] == [
        ("0.4", "telephone", "Report"),
        ("0.55", "June", "TimeExpression"),
        ("0.699", "May 2", "Report"),
        ("0.85", "May 2", "TimeExpression"),
    ]
