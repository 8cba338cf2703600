"""The check list of linked data, point by point, with requests against a real server."""

import base64
import gzip
import hashlib
import json
from urllib.parse import urljoin
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import requests

from tests.linked_data.client import FORMATS, Client, same_triples
from tests.web.pages import BROWSER, page

EVENT = "event/2018-06-12-singapore-summit"
LEADER = "place/united-states"
DCAT, DCT, VOID = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://rdfs.org/ns/void#"
HYDRA, SPDX = "http://www.w3.org/ns/hydra/core#", "http://spdx.org/rdf/terms#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CHANGING = ("/", f"/{EVENT}", f"/{EVENT}.ttl", "/people", "/.well-known/void", "/ontology.ttl", "/shapes", "/feed",
            "/events.atom", "/ldes", "/ldes.ttl", "/ldes/1.ttl", "/dumps", "/dumps/dataset.nt.gz")  # fmt: skip


def values(said: set[ox.Triple], subject: str, predicate: str) -> set[str]:
    """Return the values of a property of a thing, as text."""
    node, named = ox.NamedNode(subject), ox.NamedNode(predicate)
    found = (t.object for t in said if t.subject == node and t.predicate == named)
    return {value.value for value in found if isinstance(value, ox.NamedNode | ox.Literal)}


def void(site: Client) -> set[ox.Triple]:
    return site.triples("/.well-known/void")


def block(answer: requests.Response) -> dict[str, object]:
    """Return the block of JSON-LD of a page."""
    found = page(answer.text).all("script", type="application/ld+json")
    assert len(found) == 1, answer.url
    said = json.loads(found[0].text)
    assert isinstance(said, dict)
    return said


def key_of(site: Client, kind: str) -> str:
    """Return the key of some thing of a kind."""
    article = next(a["key"] for a in site.get("/articles.json").json()["items"] if a["claims"] and a["reports"])
    if kind == "article":
        return str(article)
    shown = site.get(f"/{article}.json").json()
    if kind == "claim":
        return str(shown["speakers"][0]["claims"][0]["key"])
    if kind in ("report", "evidence"):
        report = shown["reports"][0]
        return str(report["key"] if kind == "report" else report["evidence"][0]["key"])
    if kind == "record":
        return str(site.get("/events.json?source=official-records").json()["events"][0]["key"])
    return {"event": EVENT, "person": "person/kim-jong-un", "place": "place/singapore"}[kind]


KINDS = ("event", "person", "place", "article", "claim", "report", "evidence")


@pytest.mark.parametrize("kind", KINDS)
def test_01_a_thing_is_not_its_document(site: Client, kind: str) -> None:
    key = key_of(site, kind)
    for accept, ending in (("text/turtle", "ttl"), (BROWSER, "html"), ("application/ld+json", "jsonld")):
        answer = site.get(f"{site.base}id/{key}", accept)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/{key}.{ending}"
        assert "Accept" in answer.headers["Vary"]
        assert site.targets(answer, "describedby")


@pytest.mark.parametrize("kind", KINDS)
def test_02_all_formats_say_the_same(site: Client, kind: str) -> None:
    key = key_of(site, kind)
    documents = {}
    for ending, (media_type, _, _) in FORMATS.items():
        answer = site.get(f"/{key}.{ending}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(media_type)
        documents[ending] = answer.content
    assert same_triples(documents)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ("text/html;q=0.1, text/turtle;q=0.2", "text/turtle"),
        ("image/png, */*;q=0.1", "text/html"),
        ("application/rdf+xml, text/turtle;q=0", "application/rdf+xml"),
        ("text/*;q=0.3, application/n-triples;q=0.4", "application/n-triples"),
    ],
)
def test_03_weights_are_heeded(site: Client, accept: str, media_type: str) -> None:
    answer = site.get(f"/{EVENT}", accept)
    assert answer.headers["Content-Type"].startswith(media_type)
    assert answer.headers["Content-Location"].startswith(f"/{EVENT}.")


@pytest.mark.parametrize("url", CHANGING)
def test_04_answers_vary(site: Client, url: str) -> None:
    assert "Accept" in site.get(url).headers["Vary"]


@pytest.mark.parametrize("url", CHANGING)
def test_05_what_the_client_has_is_not_sent_again(site: Client, url: str) -> None:
    tag = site.get(url).headers["ETag"]
    again = site.get(url, If_None_Match=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("url", [*CHANGING, f"/id/{EVENT}"])
def test_06_head_has_the_headers_of_get(site: Client, url: str) -> None:
    head, got = site.get(url, method="HEAD"), site.get(url)
    assert head.status_code == got.status_code
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Link", "Vary", "Location", "Cache-Control"):
        assert head.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("kind", KINDS)
def test_07_links_to_other_formats_work(site: Client, kind: str) -> None:
    answer = site.get(f"/{key_of(site, kind)}", "text/html")
    other = [link for link in site.links(answer) if link.relation == "alternate"]
    assert {link.media_type for link in other} >= {media_type for media_type, _, _ in FORMATS.values()}
    for link in other:
        got = site.get(link.target)
        assert got.status_code == 200
        assert got.headers["Content-Type"].startswith(str(link.media_type))


@pytest.mark.parametrize("kind", KINDS)
def test_08_signposts(site: Client, kind: str) -> None:
    key = key_of(site, kind)
    landing = site.get(f"/{key}", "text/html")
    assert site.targets(landing, "cite-as") == [f"{site.base}id/{key}"]
    assert site.targets(landing, "license") == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    assert "https://schema.org/AboutPage" in site.targets(landing, "type")
    assert site.targets(landing, "canonical") == [f"/{key}"]
    described = site.targets(landing, "describedby")
    assert len(described) == len(FORMATS)
    for relation in ("describedby", "item", "collection"):
        for target in site.targets(landing, relation):
            assert site.follow(target).status_code == 200, target
    content = site.get(described[0])
    assert site.targets(content, "cite-as") == site.targets(landing, "cite-as")
    assert site.targets(content, "collection")


def test_09_signposts_of_the_dataset(site: Client) -> None:
    for url in ("/", "/.well-known/void"):
        answer = site.get(url, "text/html")
        assert site.targets(answer, "cite-as") == [site.base]
        assert "https://schema.org/Dataset" in site.targets(answer, "type")
        assert site.targets(answer, "license")
        for relation in ("item", "describedby"):
            assert all(site.get(target, method="HEAD").status_code == 200 for target in site.targets(answer, relation))
    article = site.get(f"/{key_of(site, 'article')}", "text/html")
    assert all(author.startswith("http") for author in site.targets(article, "author"))


@pytest.mark.parametrize("kind", KINDS)
def test_10_a_description_stands_alone(site: Client, kind: str) -> None:
    key = key_of(site, kind)
    thing, document = f"{site.base}id/{key}", f"{site.base}{key}"
    said = site.triples(f"/{key}.ttl")
    names = {RDFS + "label", "https://schema.org/headline", "http://www.w3.org/2004/02/skos/core#prefLabel"}
    assert any(values(said, thing, name) for name in names)
    assert values(said, thing, TYPE)
    assert values(said, document, f"{DCT}license")
    assert values(said, document, f"{DCT}modified")
    assert values(said, document, "http://xmlns.com/foaf/0.1/primaryTopic") == {thing}
    assert values(said, document, f"{VOID}inDataset") == {site.base}
    assert any(t.subject == ox.NamedNode(thing) and isinstance(t.object, ox.NamedNode) for t in said), "leads nowhere"
    if kind not in ("article", "claim"):  # to which nothing need lead
        assert values(said, f"{document}#linked", f"{HYDRA}totalItems")
        assert any(t.object == ox.NamedNode(thing) and t.predicate.value.startswith("http") for t in said)


def test_11_a_long_description_comes_in_pages(site: Client) -> None:
    url, seen, pages, total = f"{site.base}{LEADER}", set[str](), 0, set[str]()
    following: set[str] = {url}
    while following:
        (url,) = following
        answer = site.get(url, "text/turtle")
        assert len(answer.content) < 300_000, url
        said = {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)}
        members = values(said, f"{site.base}{LEADER}#linked", f"{HYDRA}member")
        assert members
        assert not members & seen
        seen |= members
        total |= values(said, f"{site.base}{LEADER}#linked", f"{HYDRA}totalItems")
        following = values(said, url, f"{HYDRA}next")
        header = [urljoin(answer.url, target) for target in site.targets(answer, "next")]
        assert len(header) == len(following)
        pages += 1
        if pages == 2:
            assert site.get(url, "text/turtle").content == answer.content
            twins = {ending: site.get(f"/{LEADER}.{ending}?page=2").content for ending in FORMATS}
            assert same_triples(twins)
        if pages == 3:
            break
    assert total == {site.get(f"/{LEADER}.json?page=1").json()["linked"]["total"].__str__()}
    assert int(total.pop()) > 5000
    last = site.targets(site.get(f"/{LEADER}.ttl"), "last")[0]
    assert site.get(last).status_code == 200
    assert not site.targets(site.get(last), "next")
    assert site.get(f"/{LEADER}.ttl?page=999").status_code == 404
    assert site.get(f"/{LEADER}.ttl?page=x").status_code == 400
    assert "linked to it" in site.get(f"/{LEADER}?page=2", "text/html").text


def test_12_the_front_page_is_a_dataset(site: Client) -> None:
    said = block(site.get("/", "text/html"))
    assert said["@type"] == "Dataset"
    assert said["@id"] == site.base
    assert said["license"]
    assert len(str(said["description"])) >= 50
    files = said["distribution"]
    assert isinstance(files, list)
    assert all(site.get(file["contentUrl"], method="HEAD").status_code == 200 for file in files)


@pytest.mark.parametrize(
    ("kind", "type_", "needed"),
    [
        ("event", "Event", {"name", "startDate", "location", "attendee", "subjectOf"}),
        ("person", "Person", {"name", "url"}),
        ("place", "Place", {"name", "geo"}),
        ("article", "NewsArticle", {"headline", "publisher", "mentions"}),
        ("claim", "Claim", {"text", "author", "appearance"}),
    ],
)
def test_13_pages_speak_schema_org(site: Client, kind: str, type_: str, needed: set[str]) -> None:
    key = key_of(site, kind)
    said = block(site.get(f"/{key}", "text/html"))
    types = said["@type"] if isinstance(said["@type"], list) else [said["@type"]]
    assert type_ in types
    assert said["@id"] == f"{site.base}id/{key}"
    assert needed <= said.keys()

    def whole(value: object) -> bool:
        if isinstance(value, dict):
            return bool(value) and all(map(whole, value.values()))
        return all(map(whole, value)) and len(value) > 1 if isinstance(value, list) else value not in (None, "")

    assert whole(said)
    # With the context out of the way, which leads elsewhere, it is JSON-LD.
    said["@context"] = {"@vocab": "https://schema.org/"}
    assert len(list(ox.parse(json.dumps(said), format=ox.RdfFormat.JSON_LD))) > 3


def test_14_the_dataset_is_described(site: Client) -> None:
    said = void(site)
    assert {f"{VOID}Dataset", f"{DCAT}Dataset"} <= values(said, site.base, TYPE)
    for predicate in (f"{DCT}title", f"{DCT}description", f"{DCT}license", f"{DCT}modified", f"{VOID}sparqlEndpoint",
                      f"{VOID}uriSpace", f"{VOID}vocabulary", f"{DCAT}landingPage", f"{DCT}temporal"):  # fmt: skip
        assert values(said, site.base, predicate), predicate
    catalogs = {t.subject for t in said if t.object == ox.NamedNode(f"{DCAT}Catalog")}
    assert len(catalogs) == 1
    documents = {
        ending: site.get("/.well-known/void", media_type).content for ending, (media_type, _, _) in FORMATS.items()
    }
    assert same_triples(documents)


@pytest.mark.parametrize("ending", ["nq", "trig", "nt"])
def test_15_dumps_are_what_they_are_said_to_be(site: Client, ending: str) -> None:
    said, iri = void(site), f"{site.base}dumps/dataset.{ending}.gz"
    (url,) = values(said, iri, f"{DCAT}downloadURL")
    answer = site.get(url)
    assert answer.status_code == 200
    assert values(said, iri, f"{DCAT}byteSize") == {str(len(answer.content))}
    (checksum,) = values(said, iri, f"{SPDX}checksum")
    digest = hashlib.sha256(answer.content)
    assert values(said, checksum, f"{SPDX}checksumValue") == {digest.hexdigest()}
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert f"{digest.hexdigest()}  dataset.{ending}.gz" in site.get("/dumps/sha256sums.txt").text.splitlines()
    part = site.get(url, Range="bytes=100-299")
    assert (part.status_code, part.content) == (206, answer.content[100:300])
    assert site.get(url, Range="bytes=999999999-").status_code == 416
    assert site.get(url, method="HEAD").headers["Content-Length"] == str(len(answer.content))


@pytest.fixture(scope="module")
def quads(site: Client) -> set[ox.Quad]:
    """What the dump of all named graphs holds."""
    return set(ox.parse(gzip.decompress(site.get("/dumps/dataset.nq.gz").content), format=ox.RdfFormat.N_QUADS))


def test_16_figures_are_those_of_the_dumps(site: Client, quads: set[ox.Quad]) -> None:
    said = void(site)
    merged = gzip.decompress(site.get("/dumps/dataset.nt.gz").content)
    triples = [quad.triple for quad in ox.parse(merged, format=ox.RdfFormat.N_TRIPLES)]
    assert values(said, site.base, f"{VOID}triples") == {str(len(triples))}
    typed = [t for t in triples if t.predicate.value == TYPE]
    assert values(said, site.base, f"{VOID}entities") == {str(len({t.subject for t in typed}))}
    assert values(said, site.base, f"{VOID}classes") == {str(len({t.object for t in typed}))}
    assert values(said, site.base, f"{VOID}properties") == {str(len({t.predicate for t in triples}))}
    assert {quad.triple for quad in quads} == set(triples)


def test_17_both_dumps_of_graphs_hold_the_same(site: Client, quads: set[ox.Quad]) -> None:
    trig = gzip.decompress(site.get("/dumps/dataset.trig.gz").content)
    assert set(ox.parse(trig, format=ox.RdfFormat.TRIG)) == quads
    said = void(site)
    for ending in ("nq", "trig"):
        assert values(said, f"{site.base}dumps/dataset.{ending}.gz", f"{VOID}triples") == {str(len(quads))}


def test_18_the_service_describes_itself(site: Client) -> None:
    said = site.triples("/sparql")
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert any(t.predicate.value == f"{sd}endpoint" for t in said)
    assert any(t.predicate.value == f"{sd}namedGraph" for t in said)


@pytest.mark.parametrize(
    "url", ["/id/person/nobody", "/person/nobody", "/person/nobody.ttl", "/ldes/9999", "/shapes/no"]
)
def test_19_what_there_is_not_is_404(site: Client, url: str) -> None:
    assert site.get(url, method="HEAD").status_code == 404
    answer = site.get(url)
    assert answer.status_code == 404
    assert answer.json()["error"]["remedy"]
    assert page(site.get(url, BROWSER).text).all("h1")


@pytest.mark.parametrize("url", [f"/{EVENT}", f"/id/{EVENT}", "/ontology", "/shapes", "/ldes", "/.well-known/void"])
def test_20_what_cannot_be_sent_is_406_with_a_list(site: Client, url: str) -> None:
    answer = site.get(url, "image/png")
    assert answer.status_code == 406
    assert all(media_type in answer.text for media_type in ("text/turtle", "application/ld+json", "text/html"))


@pytest.mark.parametrize("url", [*CHANGING, f"/id/{EVENT}", "/person/nobody"])
def test_21_scripts_of_all_sites_may_read(site: Client, url: str) -> None:
    answer = site.get(url, Origin="https://elsewhere.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "Content-Location"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert site.get(url, method="OPTIONS").status_code in (200, 204)


def test_22_ontology_and_shapes_are_documents(site: Client) -> None:
    listed = {shape["name"] for shape in site.get("/shapes.json").json()["shapes"]}
    assert {"event", "report", "curation", "version"} <= listed
    for url in ("/ontology", "/shapes", *(f"/shapes/{name}" for name in sorted(listed))):
        documents = {ending: site.get(f"{url}.{ending}").content for ending in FORMATS}
        shown = page(site.get(url, BROWSER).text)
        for triple in ox.parse(documents["nt"], format=ox.RdfFormat.N_TRIPLES):
            if isinstance(triple.subject, ox.NamedNode) and triple.predicate.value == TYPE:
                _, _, name = triple.subject.value.partition("#")
                assert not name or name in shown.ids, f"{url}: {triple.subject}"
        # A shape has lists, whose blank nodes are named anew in each answer: rdflib takes minutes to match thousands.
        counts = {len(list(ox.parse(data, format=FORMATS[ending][1]))) for ending, data in documents.items()}
        assert len(counts) == 1, url


def test_23_feeds_are_whole(site: Client) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    for url in ("/feed", "/events.atom", "/disagreements.atom"):
        root = ElementTree.fromstring(site.get(url).content)
        assert root.find(f"{atom}id") is not None
        entries = root.findall(f"{atom}entry")
        assert entries or url == "/disagreements.atom"
        for entry in entries[:3]:
            for name in ("id", "title", "updated", "summary"):
                assert entry.findtext(f"{atom}{name}"), f"{url} {name}"
            link = entry.find(f"{atom}link")
            assert link is not None
            assert site.follow(link.attrib["href"]).status_code == 200
        updated = [entry.findtext(f"{atom}updated") for entry in entries]
        assert updated == sorted(updated, key=str, reverse=True)


def test_24_generations_can_be_named(site: Client) -> None:
    number = site.get("/healthz").json()["generation"]
    answer = site.get(f"/{EVENT}.ttl?generation={number}")
    assert answer.status_code == 200
    assert answer.headers["Memento-Datetime"]
    assert f"/{EVENT}.ttl" in site.targets(answer, "latest-version")
    assert site.get(f"/{EVENT}.ttl?generation={number + 1}").status_code == 404
