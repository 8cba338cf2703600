"""Things that are no more: their addresses lead on to what took their place, or offer what there is to choose from."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from graph.store import Change
from tests.web.conftest import ARTICLES, BASE, make
from tests.web.pages import BROWSER, fetch
from tests.web.serving import application

GENEVA, VIENNA = "event/2021-05-02-geneva-summit", "event/2020-02-vienna-visit"
REPLACED = "http://purl.org/dc/terms/isReplacedBy"
#: Gone event -> what took its place; what it says of "twice" goes on to Geneva.
GONE = {
    "event/once": [GENEVA],
    "event/twice": ["event/once"],
    "event/split": [GENEVA, VIENNA],
    "event/late-split": ["event/twice", VIENNA],
    "event/around": ["event/about"],
    "event/about": ["event/around"],
    "event/lost": ["event/never-was"],
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    dataset = make(tmp_path_factory.mktemp("replaced"), {"geneva": ARTICLES["geneva"]})
    add = {_triple(gone, heir) for gone, heirs in GONE.items() for heir in heirs}
    with dataset.writer() as writer:
        writer.commit(Change(add={dataset.iris.redirects_graph: frozenset(add)}))
    dataset.publish()
    with application(dataset) as app:
        yield app.test_client()


def _triple(gone: str, heir: str) -> ox.Triple:
    return ox.Triple(_node(gone), ox.NamedNode(REPLACED), _node(heir))


def _node(key: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{key}")


@pytest.mark.parametrize("gone", ["event/once", "event/twice"])
def test_an_iri_leads_on_to_what_took_its_place(client: FlaskClient, gone: str) -> None:
    answer = client.get(f"/id/{gone}", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/id/{GENEVA}")
    assert answer.headers["Cache-Control"] == "public, no-cache", "the event may come back under this IRI"
    followed = client.get(f"/id/{gone}", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert followed.status_code == 200
    assert [r.status_code for r in followed.history] == [301, 303]
    assert followed.request.path == f"/{GENEVA}.ttl"


@pytest.mark.parametrize("ending", ["", ".html", ".ttl", ".nt", ".jsonld", ".rdf", ".json"])
def test_its_documents_do_likewise(client: FlaskClient, ending: str) -> None:
    answer = client.get(f"/event/once{ending}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/{GENEVA}{ending}")


def test_what_was_asked_for_goes_along(client: FlaskClient) -> None:
    answer = client.get("/event/once?confidence=0.7&format=data")
    assert answer.headers["Location"] == f"/{GENEVA}?confidence=0.7&format=data"


def test_below_a_mount_point(client: FlaskClient) -> None:
    answer = client.get("/id/event/once", environ_overrides={"SCRIPT_NAME": "/parley"})
    assert answer.headers["Location"] == f"/parley/id/{GENEVA}"


@pytest.mark.parametrize("gone", ["event/split", "event/late-split"])
@pytest.mark.parametrize("prefix", ["/id/", "/"])
def test_where_it_leads_to_several_the_reader_chooses(client: FlaskClient, prefix: str, gone: str) -> None:
    page = fetch(client, f"{prefix}{gone}", 300)
    listed = [link for link in page.links if link.startswith("/event/") and "." not in link and "lang=" not in link]
    assert set(listed) == {f"/{GENEVA}", f"/{VIENNA}"}
    assert "Summit of Ana Petrova and Tom Harding in Geneva" in page.text
    assert f"{BASE}id/{gone}" in page.text
    answer = client.get(f"{prefix}{gone}", headers={"Accept": BROWSER})
    assert "Location" not in answer.headers
    assert [link for link in answer.headers.getlist("Link") if "successor-version" in link] == [
        f'<{prefix}{VIENNA}>; rel="successor-version"',
        f'<{prefix}{GENEVA}>; rel="successor-version"',
    ]


def test_programs_choose_too(client: FlaskClient) -> None:
    answer = client.get("/event/split.json")
    assert answer.status_code == 300
    assert answer.json is not None
    assert [thing["key"] for thing in answer.json["replaced_by"]] == [VIENNA, GENEVA]
    for ending, form in (("ttl", ox.RdfFormat.TURTLE), ("rdf", ox.RdfFormat.RDF_XML), ("jsonld", ox.RdfFormat.JSON_LD)):
        answer = client.get(f"/event/split.{ending}")
        assert answer.status_code == 300
        said = {quad.triple for quad in ox.parse(answer.data, format=form)}
        assert {_triple("event/split", GENEVA), _triple("event/split", VIENNA)} <= said


@pytest.mark.parametrize("gone", ["event/around", "event/lost"])
def test_what_leads_nowhere_is_not_there(client: FlaskClient, gone: str) -> None:
    answer = client.get(f"/{gone}.html", headers={"Accept": BROWSER})
    assert answer.status_code == 404


def test_what_stands_is_not_led_on(client: FlaskClient) -> None:
    assert client.get(f"/id/{GENEVA}").status_code == 303
