"""The timeline: facets, dates, words, pages, and its twins."""

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.pages import BROWSER, fetch, page
from web.timeline.filters import FACETS


def events(client: FlaskClient, query: str = "") -> dict[str, Any]:
    """Get the JSON twin."""
    answer = client.get(f"/events.json{query}")
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def keys(client: FlaskClient, query: str = "") -> set[str]:
    return {event["key"] for event in events(client, query)["events"]}


def test_events_stand_in_order_of_time_with_undated_ones_last(client: FlaskClient) -> None:
    values = events(client)
    starts = [event["when"]["earliest"] or event["when"]["latest"] for event in values["events"]]
    dated = [start for start in starts if start]
    assert dated == sorted(dated)
    assert starts == dated + [None] * values["undated"]
    descending = events(client, "?sort=desc")["events"]
    assert [e["when"]["earliest"] for e in descending if e["when"]["earliest"]] == sorted(
        (e["when"]["earliest"] for e in values["events"] if e["when"]["earliest"]), reverse=True
    )


def test_the_page_lists_what_the_json_lists(client: FlaskClient) -> None:
    values = events(client)
    page = fetch(client, "/")
    shown = [e.text for e in page.all("h3")]
    assert shown == [event["name"] for event in values["events"]]
    assert f"{values['total']} events" in page.one("header", class_="timeline-head").text
    years = [e.text for e in page.all("h2")]
    assert "2021" in years
    assert years[:-1] == sorted(years[:-1])


def test_every_facet_narrows_and_its_counts_are_true(client: FlaskClient) -> None:
    whole = events(client)
    for facet in FACETS:
        for value in whole["facets"][facet]:
            narrowed = events(client, f"?{facet}={value['value']}")
            assert narrowed["total"] == value["events"] > 0, (facet, value)
            chosen = [v for v in narrowed["facets"][facet] if v["chosen"]]
            assert [v["value"] for v in chosen] == [value["value"]]
            assert chosen[0]["events"] == value["events"]


def test_two_facets_hold_together(client: FlaskClient) -> None:
    both = keys(client, "?person=ana-petrova&place=geneva")
    assert both
    assert both == keys(client, "?person=ana-petrova") & keys(client, "?place=geneva")
    counts = {v["value"]: v["events"] for v in events(client, "?person=ana-petrova")["facets"]["place"]}
    assert counts["geneva"] == len(both)


def test_people_are_all_wanted_and_places_any(client: FlaskClient) -> None:
    petrova, harding = keys(client, "?person=ana-petrova"), keys(client, "?person=tom-harding")
    assert keys(client, "?person=ana-petrova&person=tom-harding") == petrova & harding
    geneva, oslo = keys(client, "?place=geneva"), keys(client, "?place=oslo")
    assert geneva != oslo
    assert keys(client, "?place=geneva&place=oslo") == geneva | oslo


def test_a_page_with_filters_has_them_in_its_form_and_as_chips(client: FlaskClient) -> None:
    page = fetch(client, "/?person=ana-petrova&place=geneva&from=2021&q=geneva")
    checked = {(e.attributes["name"], e.attributes["value"]) for e in page.all("input") if "checked" in e.attributes}
    assert checked == {("person", "ana-petrova"), ("place", "geneva")}
    assert page.one("input", id="from").attributes["value"] == "2021"
    assert page.one("input", id="q").attributes["value"] == "geneva"
    chips = page.one("ul", class_="chips").text
    for words in ("with Ana Petrova", "in Geneva", "from 2021", "words geneva", "Remove all filters"):
        assert words in chips
    removals = [e.attributes["href"] for e in page.all("a", title="Remove this filter")]
    assert len(removals) == 4
    assert "/?place=geneva&q=geneva&from=2021" in removals


def test_what_is_chosen_is_offered_even_where_it_leaves_nothing(client: FlaskClient) -> None:
    page = fetch(client, "/?person=nobody&type=Summit")
    assert "No event matches" in page.text
    checked = {e.attributes["value"] for e in page.all("input") if "checked" in e.attributes}
    assert checked == {"nobody", "Summit"}


@pytest.mark.parametrize(
    ("query", "inside"),
    [
        ("?from=2021&to=2021", True),
        ("?from=2021-05&to=2021-05", True),
        ("?from=2021-05-02&to=2021-05-02", True),
        ("?from=2021-05-03", False),
        ("?to=2021-05-01", False),
        ("?from=2021-05-02", True),
        ("?to=2021-05-02", True),
    ],
)
def test_a_range_of_dates(client: FlaskClient, query: str, inside: bool) -> None:
    geneva = {e["key"] for e in events(client)["events"] if e["when"]["words"] == "2 May 2021"}
    assert geneva
    found = keys(client, query)
    assert geneva <= found if inside else not geneva & found


def test_an_uncertain_event_is_in_each_range_that_it_may_be_in(client: FlaskClient) -> None:
    visit = {e["key"] for e in events(client)["events"] if e["when"]["words"] == "sometime in February 2020"}
    assert visit
    assert visit <= keys(client, "?from=2020-02-10&to=2020-02-11")
    assert not visit & keys(client, "?from=2020-03")
    page = fetch(client, "/?from=2020-02&to=2020-02")
    assert "sometime in February 2020" in [e.text for e in page.all("span", class_="uncertain")]
    bars = page.all("rect", class_="uncertain")
    assert bars
    assert all(bar.attributes["fill"] == "url(#hatch)" for bar in bars)


def test_status_is_told_in_words(client: FlaskClient) -> None:
    statuses = {v["value"]: v["label"] for v in events(client)["facets"]["status"]}
    assert statuses["occurred"] == "took place"
    assert statuses["planned"] == "planned"
    page = fetch(client, "/?status=planned")
    assert [e.text for e in page.all("span", class_="status")] == ["planned"] * len(page.all("h3"))
    assert not fetch(client, "/?status=occurred").all("span", class_="status")


def test_words_are_looked_for_in_names(client: FlaskClient) -> None:
    assert keys(client, "?q=PETROVA+geneva") == keys(client, "?person=ana-petrova&place=geneva")
    assert keys(client, "?q=petrova+%F0%9F%A6%84") == set()


def test_official_records_are_a_source(client: FlaskClient) -> None:
    records = events(client, "?source=official-records")
    assert records["total"] == 12
    assert all(e["record"] for e in records["events"])
    herald = events(client, "?source=freedonia-herald")
    assert 0 < herald["total"] < records["total"]


def test_pages_of_events(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = [event["key"] for event in events(client)["events"]]
    monkeypatch.setattr("web.timeline.events.PAGE_SIZE", 5)
    found: list[str] = []
    url: str | None = "/events.json?sort=asc"
    while url:
        values = client.get(url).json
        assert values is not None
        found += [event["key"] for event in values["events"]]
        url = values["next"]
    assert found == everything
    page = fetch(client, "/?page=2&sort=desc")
    assert page.one("a", rel="prev").attributes["href"] == "/?sort=desc"
    assert page.one("a", rel="next").attributes["href"] == "/?sort=desc&page=3"
    assert len(page.all("h3")) == 5


def test_the_band_draws_single_events_and_columns(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    single = fetch(client, "/?person=ana-petrova")
    assert single.one("svg", id="band").attributes["role"] == "img"
    titles = [e.text for e in single.all("title")]
    assert any("2 May 2021" in title for title in titles)
    monkeypatch.setattr("web.drawing.band._SINGLE", 3)
    columns = fetch(client, "/")
    links = [e.attributes["href"] for e in columns.all("a", tabindex="-1")]
    assert links
    assert all(link.startswith("/?from=") for link in links)
    counted = sum(int(e.text.split()[0]) for e in columns.all("title") if " to " in e.text)
    assert counted == events(client)["total"] - events(client)["undated"]
    for link in links:
        fetch(client, link)


def test_the_page_is_negotiated(client: FlaskClient) -> None:
    assert client.get("/", headers={"Accept": "application/json"}).json == events(client)
    assert client.get("/", headers={"Accept": "text/csv"}).data == client.get("/events.csv").data
    assert client.get("/", headers={"Accept": "text/calendar"}).data == client.get("/events.ics").data
    assert client.get("/").content_type == "text/html; charset=utf-8"
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406


def test_csv_has_all_events_and_no_formulas(client: FlaskClient) -> None:
    answer = client.get("/events.csv?place=geneva")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["iri"] for row in rows} == {e["iri"] for e in events(client, "?place=geneva")["events"]}
    assert all(row["url"].startswith("http://localhost/event/") for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_the_calendar_has_only_days_that_are_known(client: FlaskClient) -> None:
    answer = client.get("/events.ics?person=ana-petrova")
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20210502" in lines
    assert "DTEND;VALUE=DATE:20210503" in lines
    assert not any(line.startswith("DTSTART;VALUE=DATE:202002") for line in lines)
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?from=yesterday", "“yesterday” is no date"),
        ("?to=2021-13", "there is no month 13"),
        ("?to=2021-02-30", "February 2021 has 28 days"),
        ("?from=0000", "there is no year 0"),
        ("?from=2022&to=2021", "“2022” is after “2021”"),
        ("?page=0", "“0” is no page number"),
        ("?page=one", "“one” is no page number"),
        ("?sort=up", "“up” is no order"),
    ],
)
def test_a_filter_that_makes_no_sense(client: FlaskClient, query: str, words: str) -> None:
    page = fetch(client, f"/{query}", 400)
    assert words in " ".join(e.text for e in page.all("p", class_="problem"))
    assert page.all("h3"), "the other filters still work"
    answer = client.get(f"/events.json{query}")
    assert answer.status_code == 400
    assert answer.json is not None
    assert words in answer.json["error"]["cause"]


def test_a_page_that_there_is_not(client: FlaskClient) -> None:
    for query in ("?page=999999999", "?person=nobody&page=2"):
        assert "there is no page" in fetch(client, f"/{query}", 404).text.casefold()
        assert client.get(f"/events.json{query}").status_code == 404
    assert fetch(client, "/?page=9999999999", 400)


def test_the_form_sends_the_filters_by_get(client: FlaskClient) -> None:
    form = fetch(client, "/").one("form", role="search")
    assert form.attributes["method"] == "get"
    assert form.attributes["action"] == "/"
    assert client.post("/", headers={"Accept": BROWSER}).status_code == 405


def test_a_strip_of_all_years_marks_the_chosen_ones(client: FlaskClient) -> None:
    def strip(address: str) -> dict[str, bool]:
        (nav,) = re.findall(r'<nav class="years".*?</nav>', fetch(client, address).source, re.S)
        return {e.text: "aria-current" in e.attributes for e in page(nav).all("a")}

    everything, chosen = strip("/"), strip("/?from=2020&to=2020")
    assert list(everything) == list(chosen)
    assert not any(everything.values())
    assert sum(chosen.values()) == 1
    (label,) = (label for label, is_chosen in chosen.items() if is_chosen)
    (link,) = (e for e in fetch(client, "/").all("a") if e.text == label)
    assert strip(link.attributes["href"])[label]
