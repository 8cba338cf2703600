"""Queries with blanks: each at a plain address, as a page, CSV and JSON, for those who know no SPARQL."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from graph.sparql import check
from graph.sparql.terms import write_term
from tests.web.conftest import BASE
from tests.web.pages import BROWSER, fetch
from web.sparql.named import named_queries, read_named

PETROVA = f"{BASE}id/person/ana-petrova"
#: A query on what the articles tell -> values, and words that the answer has.
ASKED = {
    "meetings-of-a-person": ({"person": "ana-petrova"}, "Tom Harding"),
    "meetings-of-two-people": ({"person": "ana-petrova", "other": "tom-harding"}, "Geneva"),
    "people-met-by-a-person": ({"person": "tom-harding"}, "Ana Petrova"),
    "events-at-a-place": ({"place": "geneva", "from": "2021-05", "to": "2021-05"}, "Geneva"),
    "events-with-words": ({"words": "GENEVA"}, "Geneva"),
    "claims-of-a-person": ({"person": "tom-harding", "words": "long"}, "had been long"),
    "roles-of-a-person": ({"person": "tom-harding"}, "rime"),
}


def _rows(client: FlaskClient, name: str, values: dict[str, str]) -> list[dict[str, object]]:
    answer = client.get(f"/queries/{name}.json", query_string=values)
    assert answer.status_code == 200, answer.text
    rows = answer.get_json()["rows"]
    assert isinstance(rows, list)
    return rows


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_is_the_same_as_page_csv_and_json(client: FlaskClient, name: str) -> None:
    values, words = ASKED[name]
    answer = client.get(f"/queries/{name}.json", query_string=values).get_json()
    assert answer["total"] == len(answer["rows"]) > 0
    assert words in json.dumps(answer["rows"])
    lines = list(csv.reader(io.StringIO(client.get(f"/queries/{name}.csv", query_string=values).text)))
    assert lines[0] == answer["columns"]
    assert len(lines) - 1 == answer["total"]
    page = client.get(f"/queries/{name}", query_string=values, headers={"Accept": BROWSER}).text
    assert words in page
    assert page.count("<tr>") - 1 == answer["total"]


def test_the_claims_are_those_with_the_words_only(client: FlaskClient) -> None:
    assert _rows(client, "claims-of-a-person", {"person": "tom-harding", "words": "chapter"}) == []
    assert len(_rows(client, "claims-of-a-person", {"person": "tom-harding"})) == 1


def test_who_said_what_about_an_event(client: FlaskClient) -> None:
    event = _rows(client, "events-at-a-place", {"place": "geneva"})[0]["event"]
    said = _rows(client, "who-said-what-about-an-event", {"event": str(event)})
    assert {"Ana Petrova", "Tom Harding", "Analysts"} <= {row["name"] for row in said}
    unknown = next(row for row in said if row["name"] == "Analysts")
    assert unknown["speaker"] is None, "words for somebody are no person"
    told = _rows(client, "sources-of-an-event", {"event": str(event)})
    assert {"Talks in Geneva", "What Harding and Petrova agreed on"} <= {row["title"] for row in told}


@pytest.mark.parametrize("value", ["ana-petrova", "Ana Petrova", "ana petrova ", PETROVA])
def test_a_person_is_found_by_name_and_iri(client: FlaskClient, value: str) -> None:
    answer = client.get("/queries/meetings-of-a-person.json", query_string={"person": value}).get_json()
    assert answer["parameters"] == {"person": "ana-petrova"}
    assert answer["rows"]
    assert f"<{PETROVA}>" in answer["sparql"]


def test_the_period_counts(client: FlaskClient) -> None:
    def labels(**period: str) -> set[object]:
        rows = _rows(client, "events-at-a-place", {"place": "oslo", **{k.rstrip("_"): v for k, v in period.items()}})
        return {row["label"] for row in rows}

    early, late = labels(to="2020"), labels(from_="2021-06-30")
    assert early
    assert late
    assert not early & late
    assert labels() == early | late


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "person is missing"),
        ({"from": "2021"}, "person is missing"),
        ({"person": "nobody at all"}, "no person here is called “nobody at all”"),
        ({"person": "geneva"}, "no person here is called “geneva”"),
        ({"person": "ana-petrova", "from": "2021-13"}, "there is no month 13"),
        ({"person": "ana-petrova", "to": "soon"}, "is no date: write 2019"),
        ({"person": "x" * 2000}, "longer than"),
    ],
)
def test_a_value_that_makes_no_sense_is_told_with_a_remedy(
    client: FlaskClient, values: dict[str, str], words: str
) -> None:
    for ending in (".json", ".csv"):
        answer = client.get(f"/queries/meetings-of-a-person{ending}", query_string=values)
        assert answer.status_code == 400
        error = answer.get_json()["error"]
        assert words in error["cause"]
        assert error["remedy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_form_tells_beside_the_field_and_offers_what_may_be_meant(client: FlaskClient) -> None:
    page = fetch(client, "/queries/meetings-of-a-person?person=petrova&from=2021-13", 400)
    assert "There is something to mend in 2 fields" in page.text
    field = page.one("input", id="person")
    assert field.attributes["value"] == "petrova"
    assert field.attributes["aria-invalid"] == "true"
    assert "No person here is called “petrova”" in page.one("p", id="person-problem").text
    assert "person-problem" in field.attributes["aria-describedby"].split()
    links = [link for link in page.links if "person=ana-petrova" in link]
    assert links, "the one who may be meant is a link away"
    assert dict(parse_qsl(urlsplit(links[0]).query))["from"] == "2021-13", "the rest stays as it was typed"


def test_without_values_there_is_the_form_and_no_fault(client: FlaskClient) -> None:
    page = fetch(client, "/queries/meetings-of-a-person")
    assert not page.all("p", class_="problem")
    assert {e.attributes["name"] for e in page.all("input")} == {"person", "from", "to"}
    labelled = {e.attributes["for"] for e in page.all("label")}
    assert labelled >= {"person", "from", "to"}
    assert "Ana Petrova" in {e.attributes["value"] for e in page.all("option")}


def test_the_list_has_every_query_with_what_it_takes(client: FlaskClient) -> None:
    page = fetch(client, "/queries")
    listed = client.get("/queries.json").get_json()["queries"]
    assert len(listed) >= 8
    for query in named_queries():
        assert f"/queries/{query.name}" in page.links
        assert query.title in page.text
    assert {q["name"]: [p["name"] for p in q["parameters"]] for q in listed} == {
        q.name: [p.name for p in q.parameters] for q in named_queries()
    }
    # The examples ask for people whom this dataset does not have.
    assert not any("gorbachev" in link for link in page.links)


def test_the_sparql_leads_to_the_same_answer(client: FlaskClient) -> None:
    page = fetch(client, "/queries/meetings-of-two-people?person=ana-petrova&other=tom-harding")
    link = next(link for link in page.links if link.startswith("/sparql?query="))
    answer = client.get(link, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.text == client.get("/queries/meetings-of-two-people.csv?person=ana-petrova&other=tom-harding").text


def test_formats_are_negotiated_and_kept(client: FlaskClient) -> None:
    url = "/queries/meetings-of-a-person?person=ana-petrova"
    for accept, kind in (("text/csv", "text/csv"), ("application/json", "application/json"), (BROWSER, "text/html")):
        answer = client.get(url, headers={"Accept": accept})
        assert answer.mimetype == kind
        assert "Accept" in answer.headers["Vary"]
        again = client.get(url, headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert client.get(url, headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/queries/no-such-query").status_code == 404


def test_rows_with_dates_are_shown_in_order_of_time(client: FlaskClient) -> None:
    url = "/queries/events-with-words?words=petrova"
    assert f"{url}&view=timeline" in fetch(client, url).links
    page = fetch(client, f"{url}&view=timeline")
    assert url in page.links
    days = [e.text for e in page.all("p", class_="at")]
    assert "2 May 2021" in days
    assert days.index("2 May 2021") > 0
    assert "sometime in February 2020" in days, "an uncertain time is told as what it is"
    svg = page.one("svg", id="band")
    assert "dated rows" in svg.attributes["aria-label"]
    bars = [e.attributes["href"] for e in page.all("a") if e.attributes.get("href", "").startswith("#row-")]
    assert {bar[1:] for bar in bars} <= set(page.ids)


@given(st.text() | st.sampled_from(["\\u0022 } SERVICE <http://x.example/> {", '" . ?s ?p ?o } #', "\\", "$person"]))
def test_words_are_a_value_whatever_they_are(text: str) -> None:
    written = write_term(ox.Literal(text))
    query = f"SELECT ?x {{ BIND ({written} AS ?x) }}"
    if "\x00" not in text:
        check(query)
    found = ox.Store().query(query)
    assert isinstance(found, ox.QuerySolutions)
    (row,) = found
    value = row["x"]
    assert isinstance(value, ox.Literal)
    assert value.value == text


def test_it_is_counted_among_the_queries(client: FlaskClient) -> None:
    def counted() -> float:
        found = re.findall(r'^parley_queries_total\{outcome="ok"\} ([\d.e+]+)$', client.get("/metrics").text, re.M)
        return float(found[0]) if found else 0.0

    before = counted()
    assert client.get("/queries/events-with-words.csv?words=geneva").status_code == 200
    assert counted() == before + 1


def test_what_looks_like_sparql_in_a_value_is_words(client: FlaskClient) -> None:
    for words in ('") || true) } #', "\\u0022) } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c", "$person", "'''", "\\"):
        assert _rows(client, "claims-of-a-person", {"person": "tom-harding", "words": words}) == []


def test_every_file_says_what_it_is() -> None:
    for query in named_queries():
        assert query.title
        assert query.description.endswith((".", "”")), query.name
        assert query.parameters
        assert query.example, "an example that finds something in the demo"
        assert re.search(r"LIMIT \d+\s*$", query.text), "limited, so that a page can show it"
        assert "ORDER BY" in query.text
        for parameter in query.parameters:
            assert parameter.help.endswith("."), parameter


def test_a_file_whose_parameters_do_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.rq"
    path.write_text("# title: Odd\n# parameter who (person): Who.\nSELECT ?x { ?x ?p $whom }\n", "utf-8")
    with pytest.raises(ValueError, match="not those used"):
        read_named(path)
    path.write_text("# title: Odd\n# parameter who (planet): Who.\nSELECT ?x { ?x ?p $who }\n", "utf-8")
    with pytest.raises(ValueError, match="no parameter is declared"):
        read_named(path)
