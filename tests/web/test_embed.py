"""The timeline and its things in frames of other sites, on paper, and as pictures where others link to them."""

import io
import json
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.web.pages import BROWSER, fetch
from web.drawing.picture import Picture, draw_picture

EVENT = "/event/2021-05-02-geneva-summit"
HOME = "http://localhost"


def described(client: FlaskClient, url: str, **more: str) -> Any:
    answer = client.get("/oembed", query_string={"url": url, **more})
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


@pytest.mark.parametrize("path", ["/embed", f"/embed{EVENT}", "/embed/person/ana-petrova", "/embed/place/geneva"])
def test_what_is_embedded_may_be_framed_and_nothing_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    again = client.get(path, headers={"Accept": BROWSER, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]
    for other in ("/", EVENT, "/print", "/embed/event/nothing", "/oembed", "/sparql"):
        refused = client.get(other, headers={"Accept": BROWSER})
        assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"], other
        assert refused.headers["X-Frame-Options"] == "DENY"


def test_an_embedded_timeline_has_its_filters_and_no_navigation(client: FlaskClient) -> None:
    shown = fetch(client, "/embed?person=ana-petrova&from=2021")
    whole = client.get("/events.json?person=ana-petrova&from=2021").json
    assert whole is not None
    assert len(shown.all("li", class_="event")) == whole["total"] > 0
    assert not shown.all("nav")
    assert not shown.all("form")
    assert not shown.all("script")
    assert shown.one("base").attributes == {"target": "_top"}
    assert shown.all("a", href="/?person=ana-petrova&from=2021")
    assert "href" not in shown.one("base").attributes


def test_an_embedded_person_is_their_timeline(client: FlaskClient) -> None:
    shown = fetch(client, "/embed/person/ana-petrova?from=2021")
    assert shown.one("h1").text == "Timeline: Ana Petrova, from 2021"
    assert fetch(client, "/embed/person/nobody", 404)
    assert fetch(client, "/embed/event/nothing", 404)
    assert fetch(client, "/embed?from=never", 400)


def test_an_embedded_event_has_the_words_of_its_sources(client: FlaskClient) -> None:
    shown = fetch(client, f"/embed{EVENT}")
    assert "Ana Petrova" in shown.text
    assert shown.all("blockquote")
    assert shown.one("link", rel="canonical").attributes["href"] == EVENT


def test_a_page_says_how_to_embed_it(client: FlaskClient) -> None:
    for path in ("/?person=ana-petrova", EVENT, "/person/ana-petrova"):
        page = fetch(client, path)
        link = page.one("link", type="application/json+oembed").attributes["href"]
        assert link.startswith(f"{HOME}/oembed?")
        told = client.get(link.removeprefix(HOME)).json
        assert told is not None
        assert told["type"] == "rich"
        assert told["version"] == "1.0"
        xml = client.get(page.one("link", type="text/xml+oembed").attributes["href"].removeprefix(HOME))
        assert xml.content_type == "text/xml; charset=utf-8"
        found = {child.tag: child.text for child in ElementTree.fromstring(xml.data)}
        assert found == {name: str(value) for name, value in told.items()}
        # What the frame shows is there, and may be framed.
        source = told["html"].partition('src="')[2].partition('"')[0].replace("&amp;", "&")
        framed = client.get(source.removeprefix(HOME), headers={"Accept": BROWSER})
        assert framed.status_code == 200
        assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]


def test_a_frame_is_no_larger_than_there_is_room_for(client: FlaskClient) -> None:
    told = described(client, HOME + EVENT, maxwidth="300", maxheight="200")
    assert (told["width"], told["height"]) == (300, 200)
    assert 'width="300" height="200"' in told["html"]
    assert "thumbnail_url" not in told
    assert described(client, HOME + EVENT, maxwidth="5000")["thumbnail_width"] == 1200
    for wrong in ("0", "-1", "many", "1e3", "٣"):
        assert client.get("/oembed", query_string={"url": HOME + EVENT, "maxwidth": wrong}).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "http://evil.example@localhost/",
        "http://localhost:99/",
        "//localhost/",
        "javascript:alert(1)",
        "http://[::1",
        f"{HOME}/sparql",
        f"{HOME}/event/nothing",
        f"{HOME}/person/nobody",
        f"{HOME}/static/../event/x",
        f"{HOME}/article/x",
    ],
)
def test_addresses_of_nothing_that_can_be_embedded(client: FlaskClient, url: str) -> None:
    assert client.get("/oembed", query_string={"url": url}).status_code == 404


def test_other_formats_are_not_offered(client: FlaskClient) -> None:
    assert client.get("/oembed", query_string={"url": HOME + "/", "format": "yaml"}).status_code == 501
    assert client.get("/oembed").status_code == 400


def test_the_print_has_all_events_with_their_sources(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.timeline.events.PAGE_SIZE", 3)
    total = client.get("/events.json").json["total"]  # type: ignore[index]
    assert total > 3
    page = fetch(client, "/print")
    assert len(page.all("li", class_="event")) == total
    assert "https://news.example/2021/05/03/geneva" in page.text
    assert len(fetch(client, "/print?person=ana-petrova").all("li", class_="event")) < total
    monkeypatch.setattr("web.timeline.printing.PRINT_SIZE", 5)
    bounded = fetch(client, "/print")
    assert len(bounded.all("li", class_="event")) == 5
    assert "These are events 1 to 5." in bounded.text
    assert bounded.one("a", rel="next").attributes["href"] == "/print?page=2"


@pytest.mark.parametrize(
    ("page", "preview"),
    [
        ("/?person=ana-petrova", "/preview.png?person=ana-petrova"),
        (EVENT, f"/preview{EVENT}.png"),
        ("/person/ana-petrova", "/preview/person/ana-petrova.png"),
        ("/place/geneva", "/preview/place/geneva.png"),
    ],
)
def test_a_page_announces_itself_with_a_picture(client: FlaskClient, page: str, preview: str) -> None:
    shown = fetch(client, page)
    said = {e.attributes["property"]: e.attributes["content"] for e in shown.all("meta") if "property" in e.attributes}
    assert said["og:image"] == HOME + preview
    assert said["og:url"] == HOME + page
    assert said["og:title"]
    assert said["og:description"] == shown.one("meta", name_="description").attributes["content"]
    assert shown.one("meta", name_="twitter:card").attributes["content"] == "summary_large_image"
    answer = client.get(preview)
    assert answer.content_type == "image/png"
    image = Image.open(io.BytesIO(answer.data))
    assert image.format == "PNG"
    assert image.size == (int(said["og:image:width"]), int(said["og:image:height"]))
    assert client.get(preview).data == answer.data
    assert client.get(preview, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_article_announces_itself(client: FlaskClient) -> None:
    values = client.get("/articles.json?q=Geneva").json
    assert values is not None
    path = values["items"][0]["url"]
    shown = fetch(client, path)
    said = {e.attributes["property"]: e.attributes["content"] for e in shown.all("meta") if "property" in e.attributes}
    assert said["og:title"] == "Talks in Geneva"
    assert said["og:description"] == "The Daily Zubrowkan, 3 May 2021"
    assert client.get(urlsplit(said["og:image"]).path).status_code == 200
    assert not shown.all("link", type="application/json+oembed"), "articles are not ours to embed"


def test_there_is_no_picture_of_nothing(client: FlaskClient) -> None:
    for path in ("/preview/event/nothing.png", "/preview/person/nobody.png", "/preview/article/x.png"):
        assert client.get(path).status_code == 404
    assert client.get("/preview.png?from=never").status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "",
        "習近平",
        "Zoë Łukasz Žižek",
        "a" * 10_000,
        "\x00\x1b[31m\u202eevil\n\r",
        "😀" * 500,
        "<b>&amp;",
        "\ud7ff\uffff",
    ],
)
def test_no_name_breaks_a_picture(name: str) -> None:
    picture = Picture("Person", name, name, {2019: 3, 2021: 1})
    drawn = draw_picture(picture)
    assert drawn == draw_picture(picture)
    assert Image.open(io.BytesIO(drawn)).size == (1200, 630)


def test_bars_stand_for_years_and_mark_the_year_of_an_event() -> None:
    plain = Picture("Event", "A", "", {1: 1, 9999: 2})
    assert draw_picture(plain) != draw_picture(Picture("Event", "A", "", {1: 1, 9999: 2}, 9999))
    assert draw_picture(plain) != draw_picture(Picture("Event", "A", "", {}))


def test_the_events_of_a_thing_in_formats_for_programs(client: FlaskClient) -> None:
    for path, pairs in (("/person/ana-petrova", "person=ana-petrova"), ("/place/geneva", "place=geneva")):
        for ending in ("csv", "ics", "timelinejs"):
            assert client.get(f"{path}.{ending}").data == client.get(f"/events.{ending}?{pairs}").data
    one = client.get(f"{EVENT}.csv").text.splitlines()
    assert len(one) == 2
    assert client.get(f"{EVENT}.ics").text.count("BEGIN:VEVENT") == 1
    slides = client.get(f"{EVENT}.timelinejs").json
    assert slides is not None
    assert len(slides["events"]) == 1
    assert client.get("/person/nobody.csv").status_code == 404
    assert client.get("/person/ana-petrova.csv?confidence=2").status_code == 400
