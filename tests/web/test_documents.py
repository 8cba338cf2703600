"""Linked data: 303 from a thing to its document, a URL per format, the same triples in each, caching, errors."""

from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.web.conftest import BASE
from tests.web.pages import BROWSER, fetch

PERSON = "person/ana-petrova"
KINDS = (
    "event/2021-05-02-geneva-summit", PERSON, "place/geneva", "organization/freedonia-herald", "article", "record",
    "report", "claim", "evidence", "position", "quote", "run", "agent",
)  # fmt: skip
FORMATS = {
    "ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}


def key_of(client: FlaskClient, kind: str) -> str:
    """Return the key of a thing of this kind."""
    if "/" in kind:
        return kind
    article = next(a for a in json_of(client, "/articles.json")["items"] if a["name"] == "Talks in Geneva")["key"]
    values = json_of(client, f"/{article}.json")
    report = values["reports"][0]
    evidence = str(report["evidence"][0]["key"])
    run = next(p for p in json_of(client, f"/{report['key']}.json")["properties"] if p["name"] == "prov:wasGeneratedBy")
    return {
        "article": str(article),
        "record": str(json_of(client, "/events.json?source=official-records")["events"][0]["key"]),
        "report": str(report["key"]),
        "claim": str(values["speakers"][0]["claims"][0]["key"]),
        "evidence": evidence,
        "position": evidence.replace("/evidence/", "/position/"),
        "quote": evidence.replace("/evidence/", "/quote/"),
        "run": str(run["values"][0]["key"]),
        "agent": "agent/" + str(json_of(client, f"/{article}/run.json")).partition("agent/")[2].partition("'")[0],
    }[kind]


def json_of(client: FlaskClient, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    assert isinstance(answer.json, dict)
    return answer.json


def values_of(said: set[ox.Triple], prop: str) -> set[str]:
    """Return the values of a property, as text."""
    found = (t.object for t in said if t.predicate.value == prop)
    return {value.value for value in found if isinstance(value, ox.NamedNode | ox.Literal)}


def triples(data: bytes, form: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, format=form)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_twin_says_the_same(client: FlaskClient, kind: str) -> None:
    key = key_of(client, kind)
    said = []
    for extension, (content_type, form) in FORMATS.items():
        answer = client.get(f"/{key}.{extension}")
        assert answer.status_code == 200
        assert answer.content_type == content_type
        said.append(triples(answer.data, form))
    assert said[0]
    assert all(one == said[0] for one in said)
    subjects = {t.subject.value for t in said[0] if isinstance(t.subject, ox.NamedNode)}
    assert f"{BASE}id/{key}" in subjects
    assert json_of(client, f"/{key}.json")
    assert fetch(client, f"/{key}.html").all("h1")


def test_another_parser_reads_the_same(client: FlaskClient) -> None:
    graphs = [
        Graph().parse(data=client.get(f"/{PERSON}.{extension}").data, format=name)
        for extension, name in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"))
    ]
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_redirects_to_its_document(client: FlaskClient, kind: str) -> None:
    key = key_of(client, kind)
    for accept, extension in (("text/turtle", "ttl"), (BROWSER, "html"), ("application/json", "json")):
        answer = client.get(f"/id/{key}", headers={"Accept": accept})
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/{key}.{extension}"
        assert answer.vary.as_set() >= {"accept"}
        assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        (None, "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("application/xhtml+xml", "html"),
        ("text/turtle", "ttl"),
        ("application/x-turtle", "ttl"),
        ("application/n-triples", "nt"),
        ("text/plain", "nt"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("application/xml", "rdf"),
        ("application/json", "json"),
        ("text/turtle;q=0.5, application/ld+json", "jsonld"),
        ("text/html;q=0.1, text/turtle;q=0.2", "ttl"),
        ("image/png, */*;q=0.1", "html"),
    ],
)
def test_each_accept_header(client: FlaskClient, accept: str | None, extension: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = client.get(f"/{PERSON}", headers=headers)
    assert answer.status_code == 200
    assert answer.data == client.get(f"/{PERSON}.{extension}").data
    assert answer.headers["Content-Location"] == f"/{PERSON}.{extension}"
    assert "accept" in answer.vary.as_set()
    assert client.get(f"/id/{PERSON}", headers=headers).headers["Location"] == f"/{PERSON}.{extension}"


def test_format_over_accept(client: FlaskClient) -> None:
    answer = client.get(f"/{PERSON}?format=turtle", headers={"Accept": BROWSER})
    assert answer.content_type == "text/turtle; charset=utf-8"
    assert client.get(f"/{PERSON}?format=docx").status_code == 406


@pytest.mark.parametrize("url", [f"/{PERSON}", f"/id/{PERSON}", "/ontology", "/people", "/sparql"])
def test_what_cannot_be_sent(client: FlaskClient, url: str) -> None:
    answer = client.get(url, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "text/html" in answer.text


def test_links_of_a_document(client: FlaskClient) -> None:
    links = client.get(f"/{PERSON}.html").headers.getlist("Link")
    for extension, media_type in (
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("rdf", "application/rdf+xml"),
    ):
        assert f'</{PERSON}.{extension}>; rel="alternate"; type="{media_type}"' in links
    assert f'<{BASE}id/{PERSON}>; rel="describes"' in links
    assert f'</{PERSON}.ttl>; rel="describedby"; type="text/turtle"' in links
    assert not any(f"</{PERSON}.html>" in link for link in links)
    alternates = fetch(client, f"/{PERSON}").all("link", rel="alternate")
    assert {e.attributes["href"] for e in alternates} >= {f"/{PERSON}.ttl", f"/{PERSON}.json"}


@pytest.mark.parametrize(
    "url",
    ["/", f"/{PERSON}", f"/{PERSON}.ttl", "/people", "/ontology", "/shapes", "/dumps", "/feed", "/.well-known/void",
     "/events.csv", "/dumps/dataset.nq.gz", "/sparql", "/disagreements", "/disagreements.ttl", "/disagreements.atom"],
)  # fmt: skip
def test_an_answer_is_sent_once(client: FlaskClient, url: str) -> None:
    first = client.get(url)
    assert first.status_code == 200
    tag = first.headers["ETag"]
    again = client.get(url, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == tag
    assert again.vary.as_set() >= {"accept"}
    assert client.get(url, headers={"If-None-Match": '"another"'}).status_code == 200
    head = client.head(url)
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == tag
    assert head.headers["Content-Type"] == first.headers["Content-Type"]


def test_no_two_formats_share_a_tag(client: FlaskClient) -> None:
    tags = [client.get(f"/{PERSON}", headers={"Accept": a}).headers["ETag"] for a in ("text/turtle", "text/html")]
    assert tags[0] != tags[1]


def test_pages_are_compressed_for_who_takes_it(client: FlaskClient) -> None:
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < len(plain.data) / 3
    assert len(packed.data) < 100_000
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "accept-encoding" in plain.vary.as_set()
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip;q=0"}).headers


@pytest.mark.parametrize(
    "path",
    [
        "person/nobody", "person/ana-petrova/mention", "event/", "planet/mars", "article/000000000000",
        "article/000000000000/report/1", "person/ana petrova", "person/<ana>", "place/..", "place/%00", "person/%ff",
        "place/" + "a" * 5000, "role/x.ttl", "record/visit/999999",
    ],
)  # fmt: skip
def test_what_there_is_not(client: FlaskClient, path: str) -> None:
    for prefix in ("/", "/id/"):
        answer = client.get(prefix + path)
        assert answer.status_code == 404, prefix
        assert answer.json is not None
        assert answer.json["error"]["status"] == 404
        page = client.get(prefix + path, headers={"Accept": BROWSER})
        assert page.status_code == 404
        assert page.content_type == "text/html; charset=utf-8"
        assert "<ana>" not in page.text


def test_a_document_stands_alone(client: FlaskClient) -> None:
    """An event's document has its reports, their quoted words and the claims about it; all that is named has a name."""
    found = triples(client.get("/event/2021-05-02-geneva-summit.nt").data, ox.RdfFormat.N_TRIPLES)
    assert values_of(found, "http://www.w3.org/ns/oa#exact")
    named = {t.subject for t in found if t.predicate.value == "http://www.w3.org/2000/01/rdf-schema#label"}
    assert ox.NamedNode(f"{BASE}id/person/tom-harding") in named
    assert "the meeting had been long" in values_of(found, "https://schema.org/text")
    assert values_of(found, "http://xmlns.com/foaf/0.1/primaryTopic") == {f"{BASE}id/event/2021-05-02-geneva-summit"}


def test_below_a_mount_point_all_links_have_it(client: FlaskClient) -> None:
    mounted = {"SCRIPT_NAME": "/parley"}
    answer = client.get(f"/{PERSON}", headers={"Accept": BROWSER}, environ_overrides=mounted)
    assert answer.status_code == 200
    local = [part.partition('"')[0] for part in answer.text.split('href="/')[1:]]
    assert local
    assert all(link.startswith("parley/") for link in local)
    thing = client.get(f"/id/{PERSON}", environ_overrides=mounted)
    assert thing.headers["Location"] == f"/parley/{PERSON}.html"


@pytest.mark.parametrize("query", ["", "?page=1"])
def test_parts_of_several_articles_are_told_apart(client: FlaskClient, query: str) -> None:
    page = fetch(client, f"/{key_of(client, 'agent')}{query}")
    runs = {e.text for e in page.all("a") if e.attributes["href"].endswith("/run")}
    assert {"run · Talks in Geneva", "run · What Harding and Petrova agreed on"} <= runs


def test_parts_of_one_article_stand_in_the_order_of_its_text(client: FlaskClient) -> None:
    run = json_of(client, f"/{key_of(client, 'run')}.json")
    (made,) = (row["values"] for row in run["incoming"] if row["name"] == "prov:wasGeneratedBy")
    names = [one["name"] for one in made if one["key"].partition("/claim/")[1]]
    assert names == [f"claim {n}" for n in range(1, len(names) + 1)]
