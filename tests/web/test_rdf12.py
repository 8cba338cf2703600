"""RDF 1.2 and SPARQL 1.2 through the endpoint: triple terms, reifiers, annotations, directions, in every format."""

import json
from collections.abc import Iterator
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.graph.sparql.sample import make_generation
from tests.web.sparql_app import create_app
from web.sparql.answerers import query_pool

TABLE = (
    "SELECT ?t (SUBJECT(?t) AS ?s) (PREDICATE(?t) AS ?p) (OBJECT(?t) AS ?o) (isTRIPLE(?t) AS ?is) "
    '(STRLANGDIR("x", "ar", "rtl") AS ?l) (LANGDIR(?l) AS ?d) (hasLANGDIR(?l) AS ?h) '
    "{ BIND(TRIPLE(<urn:a>, <urn:b>, 1) AS ?t) }"
)
GRAPH = (
    'VERSION "1.2" CONSTRUCT { <urn:s> <urn:p> <urn:o> {| <urn:q> "x"@ar--rtl |} . '
    "<urn:x> <urn:y> <<( <urn:a> <urn:b> 1 )>> . << <urn:a> <urn:b> 2 ~ <urn:r> >> <urn:n> 3 } { }"
)
REIFIES = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
TERM = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal(1))
RTL = ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(make_generation(tmp_path_factory.mktemp("rdf12") / "1"), access_log="", sparql_workers=1)
    yield app.test_client()
    query_pool(app).close()


def ask(client: FlaskClient, query: str, accept: str) -> TestResponse:
    return client.post("/sparql", data={"query": query}, headers={"Accept": accept})


def test_a_table_in_json(client: FlaskClient) -> None:
    row = json.loads(ask(client, TABLE, "application/sparql-results+json").data)["results"]["bindings"][0]
    assert row["t"]["type"] == "triple"
    assert row["t"]["value"]["subject"] == row["s"] == {"type": "uri", "value": "urn:a"}
    assert row["t"]["value"]["predicate"] == row["p"]
    assert row["t"]["value"]["object"] == row["o"]
    assert row["is"]["value"] == row["h"]["value"] == "true"
    assert row["l"] == {"type": "literal", "value": "x", "xml:lang": "ar", "its:dir": "rtl"}
    assert row["d"]["value"] == "rtl"


def test_a_table_in_xml(client: FlaskClient) -> None:
    space = "{http://www.w3.org/2005/sparql-results#}"
    found = ElementTree.fromstring(ask(client, TABLE, "application/sparql-results+xml").data)
    triple = found.find(f".//{space}triple")
    assert triple is not None
    assert [part.tag for part in triple] == [f"{space}subject", f"{space}predicate", f"{space}object"]
    directed = [e for e in found.iter(f"{space}literal") if e.get("{http://www.w3.org/2005/11/its}dir") == "rtl"]
    assert [e.text for e in directed] == ["x"]


def test_a_table_in_tsv_and_csv(client: FlaskClient) -> None:
    assert ask(client, TABLE, "text/tab-separated-values").text.splitlines()[1].split("\t")[:2] == [
        "<<( <urn:a> <urn:b> 1 )>>", "<urn:a>",
    ]  # fmt: skip
    assert '"x"@ar--rtl' in ask(client, TABLE, "text/tab-separated-values").text
    # CSV has values only (SPARQL 1.1 Query Results CSV and TSV Formats, section 3).
    assert ask(client, TABLE, "text/csv").text.splitlines()[1].startswith("urn:a urn:b 1,urn:a,")


def test_a_table_on_a_page(client: FlaskClient) -> None:
    page = ask(client, TABLE, "text/html")
    assert page.status_code == 200
    assert "urn:b" in page.text


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_a_graph(client: FlaskClient, accept: str, form: ox.RdfFormat) -> None:
    answer = ask(client, GRAPH, accept)
    assert answer.status_code == 200
    triples = {quad.triple for quad in ox.parse(answer.data, format=form)}
    assert len(triples) == 6
    assert ox.Triple(ox.NamedNode("urn:x"), ox.NamedNode("urn:y"), TERM) in triples
    assert sum(triple.predicate == REIFIES for triple in triples) == 2
    assert RTL in {triple.object for triple in triples}


def test_a_graph_in_a_format_that_has_no_room_for_it(client: FlaskClient) -> None:
    answer = ask(client, GRAPH, "application/ld+json, application/json;q=0.5")
    assert answer.status_code == 406
    assert answer.get_json()["error"]["remedy"] == "take another format, such as Turtle"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { VALUES ?t { <<( <urn:a> <urn:b> 1 )>> } FILTER(isTRIPLE(?t)) }",
        "ASK { BIND(<<( <urn:a> <urn:b> 1 )>> AS ?t) FILTER(SAMETERM(OBJECT(?t), 1)) }",
        "ASK { FILTER(NOT EXISTS { << ?s ?p ?o ~ ?r >> ?q ?v . ?a ?b ?c ~ ?d {| ?e ?f |} }) }",
        'ASK { FILTER(LANGDIR("x"@ar--rtl) = "rtl") }',
    ],
)
def test_conditions(client: FlaskClient, query: str) -> None:
    assert ask(client, query, "application/sparql-results+json").get_json(force=True)["boolean"] is True


@pytest.mark.parametrize(("query", "kind"), [(GRAPH, "text/turtle"), (TABLE, "application/sparql-results+xml")])
def test_the_version_is_announced_to_who_reads_it(client: FlaskClient, query: str, kind: str) -> None:
    for accept in (f"{kind};version=1.2", f'{kind}; version="1.2", */*;q=0.1'):
        answer = ask(client, query, accept)
        assert answer.status_code == 200
        assert answer.mimetype == kind
        assert answer.mimetype_params["version"] == "1.2"
    assert "version" not in ask(client, query, kind).mimetype_params
    # Who wants an older version gets the same triples: what is there is not left out.
    assert "version" not in ask(client, query, f"{kind};version=1.1").mimetype_params
