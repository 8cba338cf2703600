"""What the site says of itself: VoID, ontology, shapes, dumps, feed, health."""

import gzip
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.files import data_path, shapes_path
from graph.settings import Settings
from graph.store import Dataset
from tests.web.conftest import ARTICLES, BASE, add
from tests.web.pages import BROWSER, fetch
from web.app import create_app
from web.published import published

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
VOID = "http://rdfs.org/ns/void#"
RDF = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
       "rdfxml": ox.RdfFormat.RDF_XML}  # fmt: skip


@pytest.fixture
def store(app: Flask) -> ox.Store:
    return published(app).current().store


def test_the_dataset_describes_itself(client: FlaskClient, store: ox.Store) -> None:
    said = [
        {q.triple for q in ox.parse(client.get(f"/.well-known/void?format={name}").data, format=form)}
        for name, form in RDF.items()
    ]
    assert all(one == said[0] for one in said)
    values = {t.predicate.value: t.object.value for t in said[0] if t.subject == ox.NamedNode(BASE)}
    merged = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert values[f"{VOID}triples"] == str(len(merged))
    assert values[f"{VOID}sparqlEndpoint"] == f"{BASE}sparql"
    assert values[f"{VOID}uriSpace"] == f"{BASE}id/"
    assert values["http://www.w3.org/ns/dcat#version"] == "1"
    assert client.get("/.well-known/void").content_type == "text/turtle; charset=utf-8"
    assert f"{len(merged):,} triples" in fetch(client, "/.well-known/void").text
    json = client.get("/.well-known/void", headers={"Accept": "application/json"}).json
    assert json is not None
    assert json["triples"] == len(merged)
    assert json["classes"]["https://schema.org/Person"] == len(
        [q for q in merged if q.predicate == RDF_TYPE and q.object == ox.NamedNode("https://schema.org/Person")]
    )


def test_dumps_hold_everything(client: FlaskClient, store: ox.Store) -> None:
    named = {quad for quad in store if quad.graph_name != ox.DefaultGraph()}
    merged = {q.triple for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    for name, form in (("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)):
        answer = client.get(f"/dumps/dataset.{name}.gz")
        assert answer.content_type == "application/gzip"
        assert "parley-1." in answer.headers["Content-Disposition"]
        text = gzip.decompress(answer.data)
        assert set(ox.parse(text, format=form)) == named
        assert text.count(b"@prefix sem:") <= 1
    text = gzip.decompress(client.get("/dumps/dataset.nt.gz").data)
    assert {q.triple for q in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)} == merged
    assert client.get("/dumps/dataset.rdf.gz").status_code == 404
    listed = client.get("/dumps", headers={"Accept": "application/json"}).json
    assert listed is not None
    assert all(client.head(dump["url"]).status_code == 200 for dump in listed["dumps"])


def test_the_ontology(client: FlaskClient) -> None:
    path = data_path("ontology", "parley.ttl")
    assert client.get("/ontology.ttl").data == path.read_bytes()
    assert client.get("/ontology", headers={"Accept": "text/turtle"}).data == path.read_bytes()
    wanted = {q.triple for q in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)}
    for extension, form in (
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdf", ox.RdfFormat.RDF_XML),
    ):
        assert {q.triple for q in ox.parse(client.get(f"/ontology.{extension}").data, format=form)} == wanted
    page = fetch(client, "/ontology")
    for term in ("Summit", "reportedTime", "unknownSpeaker", "evidence"):
        assert term in page.ids
        assert page.all("dt", id=term)[0].text
    assert client.get("/ontology.docx").status_code == 404


def test_the_shapes(client: FlaskClient) -> None:
    page = fetch(client, "/shapes")
    files = {path.stem: path for path in shapes_path().rglob("*.ttl")}
    assert files.keys() >= {"event", "curation", "version"}
    listed = client.get("/shapes", headers={"Accept": "application/json"}).json
    assert listed is not None
    assert {shape["name"] for shape in listed["shapes"]} == files.keys()
    for name, path in files.items():
        source = path.read_bytes()
        assert page.all("a", href=f"/shapes/{name}")
        assert client.get(f"/shapes/{name}.ttl").data == source
        assert client.get(f"/shapes/{name}", headers={"Accept": "text/turtle"}).data == source
        assert fetch(client, f"/shapes/{name}").one("h1").text == f"Shapes: {name}"
        count = len(list(ox.parse(source, format=ox.RdfFormat.TURTLE)))
        assert len(list(ox.parse(client.get(f"/shapes/{name}.nt").data, format=ox.RdfFormat.N_TRIPLES))) == count
    assert client.get("/shapes/nothing").status_code == 404
    assert client.get("/shapes/..%2F..%2Fpyproject").status_code == 404


def test_the_feed(client: FlaskClient) -> None:
    answer = client.get("/feed")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall(f"{atom}entry")
    assert [e.findtext(f"{atom}title") for e in entries][:2] == [
        "What Harding and Petrova agreed on",
        "Talks in Geneva",
    ]
    assert entries[1].findtext(f"{atom}updated") == "2021-05-03T00:00:00+00:00"
    for entry in entries:
        link = entry.find(f"{atom}link")
        assert link is not None
        assert client.get(link.attrib["href"]).status_code == 200


def test_health(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert (answer.json["status"], answer.json["generation"]) == ("ok", 1)


def test_without_a_dataset_every_page_says_so(tmp_path: Path) -> None:
    client = create_app(Settings(dataset=tmp_path / "none")).test_client()
    for url in ("/", "/person/ana-petrova", "/people", "/sparql", "/.well-known/void", "/feed", "/ontology", "/dumps"):
        answer = client.get(url, headers={"Accept": BROWSER})
        assert answer.status_code == 503, url
        assert "<h1" in answer.text
        told = client.get(url, headers={"Accept": "application/json"}).json
        assert told is None or told["error"]["status"] in (406, 503)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["status"] == "unavailable"


def test_a_dataset_that_is_not_published_yet_and_then_is(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "dataset", BASE)
    client = create_app(Settings(dataset=dataset.path)).test_client()
    add(dataset, tmp_path, {"geneva": ARTICLES["geneva"]})
    first = client.get("/", headers={"Accept": BROWSER})
    assert first.status_code == 200
    assert client.get("/person/zoe-lindqvist").status_code == 404
    add(dataset, tmp_path, {"herald": ARTICLES["herald"]})
    second = client.get("/", headers={"Accept": BROWSER, "If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert client.get("/person/zoe-lindqvist").status_code == 200
