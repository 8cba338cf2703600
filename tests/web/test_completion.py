"""What an editor of queries completes from: terms and names, as JSON."""

import pytest
from flask.testing import FlaskClient

from graph.vocabulary import PREFIXES
from tests.web.conftest import BASE

PLY = "https://parley.example/ontology#"


def names(client: FlaskClient, asked: str) -> list[str]:
    answer = client.get("/sparql/names.json", query_string={"q": asked})
    assert answer.status_code == 200
    assert answer.json is not None
    return [found["name"] for found in answer.json["names"]]


def test_terms_are_those_of_the_ontology_and_of_the_data(client: FlaskClient) -> None:
    answer = client.get("/sparql/terms.json")
    assert answer.content_type.startswith("application/json")
    values = answer.json
    assert values is not None
    assert values["prefixes"] == dict(PREFIXES)
    terms = {group: {term["iri"]: term for term in values[group]} for group in ("classes", "properties", "values")}
    assert terms["classes"][f"{PLY}Summit"]["label"] == "summit"
    assert terms["classes"]["https://schema.org/Person"]["count"] > 0
    assert terms["properties"]["http://semanticweb.cs.vu.nl/2009/11/sem/hasActor"]["count"] > 0
    assert f"{PLY}reportsOn" in terms["properties"]
    assert f"{PLY}occurred" in terms["values"]
    assert not set(terms["classes"]) & set(terms["properties"])
    counts = [term["count"] for term in values["properties"]]
    assert counts == sorted(counts, reverse=True)


def test_terms_hold_until_the_next_generation(client: FlaskClient) -> None:
    tag = client.get("/sparql/terms.json").headers["ETag"]
    assert client.get("/sparql/terms.json", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("asked", ["Lindqvist", "lindq", "ZOE", "zoë", "zo lind", "  Zoë   Lindqvist "])
def test_names_are_found_by_the_beginnings_of_their_words(client: FlaskClient, asked: str) -> None:
    assert names(client, asked)[0] == "Zoë Lindqvist"


@pytest.mark.parametrize("asked", ["", " ", "?!", "indqvist", "zoe harding nobody", "<script>"])
def test_what_no_name_begins_with_is_not_found(client: FlaskClient, asked: str) -> None:
    assert "Zoë Lindqvist" not in names(client, asked)


def test_a_name_comes_with_its_thing(client: FlaskClient) -> None:
    answer = client.get("/sparql/names.json?q=ana+petrova")
    assert answer.json is not None
    assert answer.json["names"][0] == {"iri": f"{BASE}id/person/ana-petrova", "name": "Ana Petrova", "kind": "Person"}
    kinds = {found["kind"] for found in answer.json["names"]}
    assert "Event" in kinds
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_there_are_never_too_many(client: FlaskClient) -> None:
    assert 0 < len(names(client, "a")) <= 20


def test_what_is_too_long_is_refused(client: FlaskClient) -> None:
    answer = client.get("/sparql/names.json", query_string={"q": "x" * 201})
    assert answer.status_code == 400
    assert answer.json is not None
    assert "beginning of a name" in answer.json["error"]["remedy"]


def test_only_the_page_of_the_endpoint_may_ask_by_script(client: FlaskClient) -> None:
    page = {"Accept": "text/html"}
    for path in ("/", "/queries", "/people", "/ontology"):
        assert "connect-src" not in client.get(path, headers=page).headers["Content-Security-Policy"]
    first = client.get("/sparql", headers=page)
    again = client.get("/sparql", headers={**page, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    for answer in (first, again, client.get("/sparql?query=oops", headers=page)):
        # A browser takes the headers of a 304 for those of the page that it has.
        assert answer.headers["Content-Security-Policy"].endswith("; connect-src 'self'")
