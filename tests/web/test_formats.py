"""Every view in every format: each is offered, is what its type says, and tells of the same things."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from tests.graph.curation.sample import curate, say
from tests.web.conftest import ARTICLES, make
from tests.web.pages import fetch, json_of
from tests.web.serving import application

#: Ending -> media type.
FORMATS = {
    "csv": "text/csv",
    "ics": "text/calendar",
    "json": "application/json",
    "timelinejs": "application/json",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
EVENT = "event/2021-05-02-geneva-summit"
#: View -> its page, the address of its twins before the ending, and after it.
VIEWS = {
    "timeline": ("/", "/events", ""),
    "search": ("/?q=geneva", "/events", "?q=geneva"),
    "lanes": ("/?group=person", "/events", "?group=person"),
    "on this day": ("/on-this-day?day=05-02", "/on-this-day", "?day=05-02"),
    "person": ("/person/ana-petrova", "/person/ana-petrova", ""),
    "organization": ("/organization/the-daily-zubrowkan", "/organization/the-daily-zubrowkan", ""),
    "place": ("/place/geneva", "/place/geneva", ""),
    "event": (f"/{EVENT}", f"/{EVENT}", ""),
    "article": ("{article}", "{article}", ""),
    "comparison": (
        "/compare?a=person%2Fana-petrova&b=person%2Ftom-harding",
        "/compare",
        "?a=person%2Fana-petrova&b=person%2Ftom-harding",
    ),
    "disagreements": ("/disagreements", "/disagreements", ""),
    "curations": ("/curations", "/curations", ""),
    "articles": ("/articles", "/articles", ""),
}
#: Views that have nothing to tell on this dataset.
_EMPTY = {"organization", "disagreements"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("formats")
    dataset = make(folder, ARTICLES)
    curate(dataset, say("zoe", "Addition", "person/zoe-lindqvist", "schema:alternateName", '"Z. Lindqvist"'))
    with application(dataset) as app:
        yield app.test_client()


def _address(client: FlaskClient, view: str, ending: str | None = None) -> str:
    page, before, after = VIEWS[view]
    address = page if ending is None else f"{before}.{ending}{after}"
    article = json_of(client, "/articles.json?q=Talks+in+Geneva")["items"][0]["url"]
    return address.format(article=article)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_view_has_every_format(client: FlaskClient, view: str, ending: str) -> None:
    answer = client.get(_address(client, view, ending))
    assert answer.status_code == 200
    assert answer.content_type.partition(";")[0] == FORMATS[ending]
    text = answer.get_data(as_text=True)
    if ending in GRAPHS:
        found = {quad.triple for quad in ox.parse(answer.data, format=GRAPHS[ending])}
        assert found or view in _EMPTY
    elif ending == "csv":
        head, *rows = csv.reader(io.StringIO(text))
        assert rows or view in _EMPTY
        assert all(len(row) == len(head) for row in rows)
    elif ending == "ics":
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert text.endswith("END:VCALENDAR\r\n")
        assert "BEGIN:VEVENT" in text or view in _EMPTY
    elif ending == "timelinejs":
        assert answer.json is not None
        assert set(answer.json) >= {"title", "events"}
        assert answer.json["events"] or view in _EMPTY
    else:
        assert isinstance(answer.json, dict)


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_leads_to_all_its_formats(client: FlaskClient, view: str) -> None:
    page = fetch(client, _address(client, view))
    linked = {e.attributes["href"] for e in page.all("a", rel="alternate")}
    head = {e.attributes["href"] for e in page.all("link", rel="alternate")}
    endings = {match[1] for url in linked if (match := re.search(r"\.(\w+)(?:\?|$)", url))}
    assert set(FORMATS) <= endings
    assert linked <= head, "programs find in the head what readers find in the foot"
    for url in linked:
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("view", VIEWS)
def test_the_formats_of_a_graph_say_the_same(client: FlaskClient, view: str) -> None:
    said = [
        {quad.triple for quad in ox.parse(client.get(_address(client, view, ending)).data, format=form)}
        for ending, form in GRAPHS.items()
    ]
    assert all(one == said[0] for one in said)


@pytest.mark.parametrize("view", ["timeline", "on this day", "person", "comparison", "articles", "curations"])
def test_calendar_slides_and_table_have_the_same_things(client: FlaskClient, view: str) -> None:
    table = list(csv.DictReader(io.StringIO(client.get(_address(client, view, "csv")).get_data(as_text=True))))
    slides = client.get(_address(client, view, "timelinejs")).json
    assert slides is not None
    keys = {row["iri"].partition("/id/")[2].partition("/")[2] for row in table}
    shown = {slide["unique_id"] for slide in slides["events"]}
    assert shown <= keys
    calendar = client.get(_address(client, view, "ics")).get_data(as_text=True).replace("\r\n ", "")
    assert set(re.findall(r"UID:\S+/id/\w+/(\S+)", calendar)) <= shown


def test_a_list_of_people_has_no_days(client: FlaskClient) -> None:
    for ending in ("ics", "timelinejs"):
        answer = client.get(f"/people.{ending}", headers={"Accept": "application/json"})
        assert answer.status_code == 404
        assert answer.json is not None
        assert "have no days" in answer.json["error"]["cause"]


def test_a_curation_is_told_with_who_when_and_why(client: FlaskClient) -> None:
    (one,) = json_of(client, "/curations.json")["items"]
    assert (one["action"], one["who"], one["when"], one["why"]) == (
        "Addition",
        "Ngozi Okoro",
        "2021-06-01",
        "It is so.",
    )
    assert [thing["key"] for thing in one["things"]] == ["person/zoe-lindqvist"]
    page = fetch(client, "/curations")
    assert "Ngozi Okoro" in page.text
    assert "/person/zoe-lindqvist" in page.links
    assert client.get("/curations?page=2").status_code == 404


def test_an_export_of_a_day_goes_on_where_it_was_cut(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = json_of(client, "/events.json?person=ana-petrova")["total"]
    monkeypatch.setattr("web.timeline.twins.EXPORT_SIZE", 1)
    found, url = [], "/compare.csv?a=person%2Fana-petrova&b=person%2Ftom-harding"
    both = json_of(client, url.replace(".csv", ".json"))["both"]["events"]
    assert 1 <= both <= whole
    while url:
        answer = client.get(url)
        found += list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
        following = [
            match[1]
            for value in answer.headers.getlist("Link")
            if (match := re.fullmatch(r'<([^>]*)>; rel="next".*', value))
        ]
        url = following[0] if following else ""
    assert len({row["iri"] for row in found}) == len(found) == both
