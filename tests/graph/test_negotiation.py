"""The choice of a format by ``Accept``: RFC 9110, section 12.5.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.negotiation import (
    BINDINGS,
    FORMATS,
    GRAPHS,
    NotAcceptableError,
    choose,
    find_format,
    negotiate,
    parse_accept,
)

HTML = FORMATS["html"]
DOCUMENT = (HTML, *GRAPHS, FORMATS["data"])


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("*", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv; Q=0.5, text/tab-separated-values;q=0.4", "text/csv"),
        # The most specific range decides, wherever it stands.
        ("*/*, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        ("application/*;q=0.2, */*;q=0.3", "text/csv"),
        ("text/*;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        # Named exactly goes before a wildcard of the same weight.
        ("text/csv, */*", "text/csv"),
        # Other names of a format.
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("application/json, application/sparql-results+json", "application/sparql-results+json"),
        ("application/json, */*;q=0.1", "application/json"),
        # Parameters.
        ("text/csv;charset=utf-8", "text/csv"),
        ('text/csv;charset="utf-8";q=0.5, text/tab-separated-values;q=0.2', "text/csv"),
        ("text/csv;header=absent, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        # What is malformed is passed over.
        ("nonsense, text/csv", "text/csv"),
        ("text/csv;q=high, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        (", ,text/csv,", "text/csv"),
        # Browsers that do not want what we have as a page.
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
    ],
)
def test_the_format_of_a_table(accept: str | None, wanted: str) -> None:
    assert negotiate(accept, BINDINGS).media_type == wanted


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/rdf+xml", "rdfxml"),
        ("text/turtle, application/rdf+xml;q=0.9, */*;q=0.1", "turtle"),
        ("application/json", "data"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"', "jsonld"),
        ("text/plain", "ntriples"),
        ("text/turtle;q=0.5, text/html;q=0.4", "turtle"),
    ],
)
def test_the_format_of_a_document(accept: str | None, name: str) -> None:
    assert negotiate(accept, DOCUMENT).format.name == name


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0", "text/csv;q=0", "nonsense", "text/csv;q=2"])
def test_none_is_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptableError, match="application/sparql-results\\+json, ") as caught:
        negotiate(accept, BINDINGS)
    assert caught.value.status == 406


@given(st.text(st.sampled_from('textcsv/*;q=0.19, "\\+plain'), max_size=80))
def test_any_header_has_an_answer(accept: str) -> None:
    choice = choose(accept, BINDINGS)
    assert choice is None or choice.format in BINDINGS
    assert all(0 <= r.weight <= 1 for r in parse_accept(accept))


@given(st.permutations(["text/csv;q=0.3", "text/*;q=0.9", "*/*;q=0.1", "application/sparql-results+xml;q=0.8"]))
def test_the_order_of_ranges_means_nothing(ranges: list[str]) -> None:
    assert negotiate(", ".join(ranges), BINDINGS).media_type == "text/tab-separated-values"


@pytest.mark.parametrize("name", ["turtle", "ttl", "TEXT/TURTLE", " ttl "])
def test_a_format_by_name(name: str) -> None:
    assert find_format(name, GRAPHS).format is FORMATS["turtle"]


def test_a_format_that_the_result_does_not_have() -> None:
    with pytest.raises(NotAcceptableError, match="json, xml, csv, tsv"):
        find_format("turtle", BINDINGS)


def test_names_and_content_types() -> None:
    assert len({f.name for f in FORMATS.values()}) == len(FORMATS)
    assert negotiate("text/csv", BINDINGS).content_type == "text/csv; charset=utf-8"
    assert negotiate("application/json", BINDINGS).content_type == "application/json"
