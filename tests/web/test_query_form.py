"""The page of ``/sparql`` for researchers: links to things, a timeline, downloads, and faults shown where they are."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import BASE
from tests.web.pages import BROWSER, Page, fetch, page

EVENTS = "SELECT ?event ?label ?time { ?event a sem:Event ; rdfs:label ?label . OPTIONAL { ?event ply:time ?time } }"


def _page(client: FlaskClient, query: str, status: int = 200, **more: str) -> Page:
    answer = client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": BROWSER})
    assert answer.status_code == status
    return page(answer.text)


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT ?s {\n  ?s a sem:Event .\n  ?s ?p }", 3, 9, "“}” cannot stand here"),
        ("SELECT ?s {\n  ?s a sem:Event .\n  ?s ?p }\nORDER BY ?s", 3, 9, "“}” cannot stand here"),
        ("SELECT ?s {\n  ?s a ?t FILTER (?t = )\n}", 2, 24, "“)” cannot stand here"),
        ("SELECT ?s WERE {\n  ?s a ?t }", 1, 11, '"WERE"'),
        ("SELECT ?s {\n  ?s a ?t }\nLIMIT ten", 3, 7, "“ten” cannot stand here"),
        ('SELECT ?s {\n  ?s rdfs:label "open }', 2, 17, '"'),
        ("SELECT ?s {\n  ?s a", 2, 7, "the query ends too early"),
        ("SELECT ?s {\n  ?s a oops:Thing\n}", 2, 8, "the prefix oops: is not declared"),
        ("SELECT ?s\n{ SERVICE <http://far.example/> { ?s ?p ?o } }", 2, 3, "SERVICE is not allowed"),
        ("SELECT ?s ?s { ?s ?p ?o }", 1, None, "duplicated variable name in SELECT"),
        ("SELECT ?é {\r\n  ?é ?p 'ü' . oops:x ?p ?é\r\n}", 2, 15, "the prefix oops: is not declared"),
    ],
)
def test_a_fault_names_line_and_column_everywhere(
    client: FlaskClient, query: str, line: int, column: int | None, words: str
) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    error = answer.get_json()["error"]
    assert words in error["cause"]
    assert error["line"] == line
    assert column is None or error["column"] == column
    where = f"line {line}, column {error['column']}: "
    assert error["cause"].startswith(where)
    plain = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert where in plain.text
    shown = _page(client, query, 400)
    assert where in shown.one("p", id="query-problem").text.replace("Line", "line")
    field = shown.one("textarea", id="query")
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["aria-describedby"] == "query-problem"
    assert len(shown.all("mark")) == 1


def test_the_word_at_fault_is_told_in_words(client: FlaskClient) -> None:
    shown = _page(client, "SELECT ?s {\n  ?s a oops:Thing\n}", 400)
    assert "That is at “oops:Thing” in this line" in shown.text
    assert shown.one("mark").text == "oops:Thing"
    assert "That is at the end of this line" in _page(client, "SELECT ?s {", 400).text


def test_a_fault_of_the_whole_query_has_no_place(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": " "}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert "line" not in answer.get_json()["error"]


def test_prefixes_need_not_be_declared_but_may_be(client: FlaskClient) -> None:
    for query in (EVENTS, f"PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>\n{EVENTS}"):
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
        assert answer.status_code == 200
        assert "Petrova" in answer.text
    # Whoever declares a prefix gets what they declare.
    other = "PREFIX sem: <http://other.example/>\n" + EVENTS
    assert client.get("/sparql", query_string={"query": other}, headers={"Accept": "text/csv"}).text.count("\n") == 1


def test_cells_lead_to_things_and_terms(client: FlaskClient) -> None:
    shown = _page(client, "SELECT ?event ?type { ?event a sem:Event, ?type }")
    assert [link for link in shown.links if link.startswith("/id/event/")]
    assert any(link.startswith("/ontology#") for link in shown.links)
    for link in {link for link in shown.links if link.startswith("/id/")}:
        assert client.get(link).status_code == 303


def test_an_answer_has_an_address_and_every_format(client: FlaskClient) -> None:
    for query, kinds in (
        (EVENTS, {"json", "xml", "csv", "tsv"}),
        (
            "CONSTRUCT { ?s ?p ?o } { ?s a sem:Event ; ?p ?o }",
            {"turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"},
        ),
    ):
        shown = _page(client, query)
        offered = {}
        for link in shown.links:
            parts = parse_qs(urlsplit(link).query)
            if parts.get("query") == [query] and not {"view", "lang"} & set(parts):
                offered[parts["format"][0]] = link
        assert set(offered) == kinds | {"html"}
        for kind, link in offered.items():
            answer = client.get(link)
            assert answer.status_code == 200, kind
            assert answer.data


def test_rows_are_shown_in_order_of_time(client: FlaskClient) -> None:
    table = _page(client, EVENTS)
    link = next(link for link in table.links if link.endswith("&view=timeline"))
    shown = fetch(client, link)
    whens = [e.text for e in shown.all("p", class_="at")]
    assert whens.index("sometime in February 2020") < whens.index("2 May 2021")
    assert not shown.all("table")
    assert f"{len(whens)} of " in shown.text
    assert [link for link in shown.links if link.startswith("/id/event/")]


def test_two_columns_are_the_ends_of_a_time(client: FlaskClient) -> None:
    query = """SELECT ?label ?from ?to {
      BIND ("Talks & talks" AS ?label) BIND ("2019-02-27"^^xsd:date AS ?from) BIND ("2019-02-28"^^xsd:date AS ?to) }"""
    shown = _page(client, query, view="timeline")
    assert shown.one("p", class_="at").text == "27–28 February 2019"
    assert shown.one("h3").text == "Talks & talks"
    backwards = query.replace("2019-02-28", "2018-02-28")
    assert _page(client, backwards, view="timeline").one("p", class_="at").text == "27 February 2019"


@pytest.mark.parametrize(
    "value",
    ['"soon"', '"20191"^^xsd:gYear', '"2019-99-99"^^xsd:date', '"x"^^edtf:edtf', "1", '"-9999-01-01"^^xsd:date'],
)
def test_what_is_no_time_offers_no_timeline(client: FlaskClient, value: str) -> None:
    shown = _page(client, f"SELECT ?when {{ BIND ({value} AS ?when) }}", view="timeline")
    assert shown.all("table")
    assert not [link for link in shown.links if "view=timeline" in link and "lang=" not in link]


def test_hostile_words_are_shown_as_words(client: FlaskClient) -> None:
    query = 'SELECT ?label ?time { BIND ("<script>alert(1)</script>" AS ?label) BIND ("2019"^^xsd:gYear AS ?time) }'
    for view in ("", "timeline"):
        assert "<script>alert" not in _page(client, query, view=view).source
    assert "<b>" not in _page(client, "SELECT ?s {\n <b>& ?p\n }", 400).source


def test_the_base_iri_is_that_of_the_dataset(client: FlaskClient) -> None:
    shown = _page(client, f"SELECT ?who {{ BIND (<{BASE}id/person/ana-petrova> AS ?who) }}")
    assert "/id/person/ana-petrova" in shown.links
