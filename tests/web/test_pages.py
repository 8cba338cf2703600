"""The pages: what each shows, and what holds for all of them."""

import json
import re
from collections import deque
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from tests.web.conftest import BASE
from tests.web.pages import BROWSER, Page, fetch, page

EVENT = "/event/2021-05-02-geneva-summit"
PERSON = "/person/ana-petrova"


@pytest.fixture(scope="module")
def pages(app: Flask) -> dict[str, Page]:
    """Every page that a reader can come to from the timeline by links; whatever else they come to must answer, too."""
    client = app.test_client()
    found: dict[str, Page] = {}
    seen, waiting = {"/"}, deque(["/"])
    while waiting:
        url = waiting.popleft()
        answer = client.get(url, headers={"Accept": BROWSER}, follow_redirects=url.startswith("/id/"))
        assert answer.status_code == 200, f"{answer.status_code} {url}"
        if not answer.content_type.startswith("text/html"):
            answer.close()
            continue
        found[url] = page(answer.text)
        # One set of filters is enough: any two of them would be a page of their own.
        if "?" in url and not url.startswith("/sparql"):
            continue
        for link in found[url].links:
            target = link.partition("#")[0]
            # Without a language pages are English anyway.
            if target.startswith("/") and target not in seen and "lang=en" not in target:
                seen.add(target)
                waiting.append(target)
    return found


def test_the_crawl_comes_to_every_kind_of_page(pages: dict[str, Page]) -> None:
    for pattern in (
        "/$", "/event/", "/person/", "/organization/", "/place/", "/article/[^/]+$", "/article/.+/report/",
        "/article/.+/claim/", "/article/.+/evidence/", "/article/.+/role/", "/article/.+/time/", "/article/.+/run$",
        "/record/", "/people$", "/organizations$", "/places$", "/articles$", "/ontology$", "/shapes$", "/shapes/",
        "/dumps$", "/sparql$", r"/sparql\?query=", r"/\.well-known/void$", "/queries$", "/queries/[^?]+$",
    ):  # fmt: skip
        assert any(re.match(pattern, url) for url in pages), pattern


def test_every_page_is_sound(pages: dict[str, Page]) -> None:
    for url, one in pages.items():
        assert one.source.startswith("<!doctype html>"), url
        assert one.one("html").attributes["lang"] == ("fr" if "lang=fr" in url else "en")
        assert len(one.ids) == len(set(one.ids)), url
        title = one.all("title")[0].text
        assert title.endswith("· Parley"), url
        assert len(title) > len("· Parley"), url
        assert len(one.all("h1")) == 1, url
        heads = len(one.all("header", class_="site"))
        assert heads == (0 if one.all("body", class_="embed") else 1), url
        assert len(one.all("main")) == len(one.all("footer")) == 1
        for element in one.elements:
            for name in ("aria-labelledby", "aria-describedby", "for"):
                for target in element.attributes.get(name, "").split():
                    assert target in one.ids, f"{url}: {name}={target}"
            if element.name in ("input", "select", "textarea") and element.attributes.get("type") not in (
                "checkbox",
                "hidden",
            ):
                assert one.all("label", for_=element.attributes["id"]), url
            if element.name in ("nav", "form") and element.attributes.get("class") != "sparql":
                assert element.attributes.get("aria-label"), f"{url}: a {element.name} without a name"


def test_headings_leave_out_no_level(pages: dict[str, Page]) -> None:
    for url, one in pages.items():
        levels = [int(e.name[1]) for e in one.elements if re.fullmatch(r"h[1-6]", e.name)]
        assert levels[0] == 1, url
        assert all(b - a <= 1 for a, b in pairwise(levels)), f"{url}: {levels}"


def test_no_page_has_anything_inline(pages: dict[str, Page]) -> None:
    for url, one in pages.items():
        assert not one.all("style"), url
        for element in one.elements:
            assert "style" not in element.attributes, f"{url}: {element}"
            assert not [a for a in element.attributes if a.startswith("on")], f"{url}: {element}"
            if element.name == "script" and element.attributes.get("type") == "application/ld+json":
                assert json.loads(element.text), url  # data: nothing of it runs
            elif element.name == "script":
                assert element.attributes["src"].startswith("/static/"), url
                assert not element.text


def test_no_page_asks_others_for_anything(pages: dict[str, Page]) -> None:
    for url, one in pages.items():
        for element in one.elements:
            if element.name in ("script", "img", "iframe", "source", "image", "use"):
                assert element.attributes.get("src", "/").startswith("/"), url
            if element.name == "link":
                # Those who look for a way to embed a page want a whole address.
                assert element.attributes["href"].startswith(("/", "http://localhost/oembed?")), url
            for name in ("href", "action"):
                scheme = urlsplit(element.attributes.get(name, "")).scheme
                assert scheme in ("", "http", "https", "geo"), f"{url}: {element.attributes[name]}"


def test_fragments_lead_somewhere(pages: dict[str, Page]) -> None:
    for url, one in pages.items():
        for link in one.links:
            path, sign, fragment = link.partition("#")
            if sign and (not path or path in pages):
                assert fragment in pages[path or url].ids, f"{url}: {link}"


@pytest.mark.parametrize("url", ["/", EVENT, "/nowhere", "/events.json", "/static/parley.css", "/sparql"])
def test_headers_that_protect(client: FlaskClient, url: str) -> None:
    with client.get(url, headers={"Accept": BROWSER}) as answer:
        headers = answer.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]


def test_an_event_puts_its_sources_and_speakers_side_by_side(client: FlaskClient) -> None:
    shown = fetch(client, EVENT)
    assert shown.all("time", class_="when", datetime="2021-05-02")
    reports = shown.one("ol", class_="reports")
    columns = [e for e in shown.all("li", class_="column") if e.text in reports.text]
    assert len(columns) == 2
    assert "Talks in Geneva The Daily Zubrowkan, 3 May 2021" in columns[0].text
    assert "What Harding and Petrova agreed on Freedonia Herald, 20 May 2021" in columns[1].text
    speakers = {s.text.split(" 1 claim")[0]: s for s in shown.all("section", class_="column")}
    values = client.get(f"{EVENT}.json").json
    assert values is not None
    assert list(speakers) == [group["name"] for group in values["speakers"]]
    assert {"Ana Petrova", "Tom Harding"} <= set(speakers)
    assert "Petrova said the meeting had opened a new chapter." in speakers["Ana Petrova"].text
    assert "Talks in Geneva" in speakers["Ana Petrova"].text
    assert "the meeting had been long" in [m.text for m in shown.all("mark")]
    assert shown.one("nav", class_="neighbours").text


def test_the_quoted_words_are_marked_in_what_stands_around_them(client: FlaskClient) -> None:
    shown = fetch(client, EVENT)
    quotes = shown.all("blockquote")
    assert quotes
    for quote in quotes:
        marked = [m.text for m in shown.all("mark") if m.text in quote.text]
        assert marked
    assert any(len(quote.text) > len(m.text) for quote in quotes for m in shown.all("mark") if m.text in quote.text)


def test_a_person(client: FlaskClient) -> None:
    shown = fetch(client, PERSON)
    assert shown.one("h1").text == "Ana Petrova"
    for words in (
        "Roles, as sources state them",
        "Most often together with",
        "1 claim",
        "Named in",
        "Tom Harding",
    ):
        assert words in shown.text
    assert shown.one("svg", id="band")
    values = client.get(f"{PERSON}.json").json
    assert values is not None
    assert f"{values['event_count']} events" in shown.text
    assert [e["url"] for e in values["events"]] == [
        a.attributes["href"] for a in shown.all("a") if a.text in {e["name"] for e in values["events"]}
    ][: len(values["events"])]


def test_a_place_and_an_organization(client: FlaskClient) -> None:
    geneva = fetch(client, "/place/geneva")
    assert geneva.one("p", class_="kind").text == "City"
    assert "46." in geneva.text
    assert "° N" in geneva.text
    herald = fetch(client, "/organization/freedonia-herald")
    assert "Published by it" in herald.text
    assert "What Harding and Petrova agreed on" in herald.text


def test_an_article(client: FlaskClient) -> None:
    listing = client.get("/articles.json").json
    assert listing is not None
    article = next(a for a in listing["items"] if a["name"] == "Talks in Geneva")
    shown = fetch(client, article["url"])
    assert "The Daily Zubrowkan" in shown.text
    assert shown.all("a", href="https://news.example/2021/05/03/geneva")
    assert shown.one("a", href=article["url"].replace("/article/", "/?article="))
    assert "2 claims, by who makes them" in shown.text
    assert "May 2, 2021" in shown.one("table").text
    # Evidence only: the text as a whole is not published.
    assert "President Ana Petrova of Zubrowka met Prime Minister Tom Harding of Freedonia in Geneva" not in shown.text


def test_a_report_has_all_that_is_said_of_it(client: FlaskClient) -> None:
    listing = client.get("/articles.json").json
    assert listing is not None
    article = next(a for a in listing["items"] if a["name"] == "Talks in Geneva")
    shown = fetch(client, f"{article['url']}/report/1")
    assert [e.text for e in shown.all("dt", title="https://parley.example/ontology#reportedPlace")] == [
        "ply:reportedPlace"
    ]
    for words in ("Ana Petrova", "edtf:edtf", "What leads to it", f"{BASE}id/{article['key']}/report/1"):
        assert words in shown.text
    assert shown.all("a", href=EVENT)
    assert any(a.attributes["href"].startswith("/ontology#") for a in shown.all("a") if "href" in a.attributes)


def test_lists(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("people", "organizations", "places", "articles"):
        values = client.get(f"/{name}.json").json
        assert values is not None
        shown = fetch(client, f"/{name}")
        for item in values["items"]:
            assert shown.all("a", href=item["url"])
        assert values["total"] == len(values["items"])
        assert client.get(f"/{name}", headers={"Accept": "application/json"}).json == values
    assert fetch(client, "/people?q=PETROVA").one("ol", class_="tally").text.startswith("Ana Petrova")
    assert "0 people" in fetch(client, "/people?q=nobody").text
    monkeypatch.setattr("web.listings.PAGE_SIZE", 2)
    second = fetch(client, "/places?page=2")
    assert second.one("a", rel="prev").attributes["href"] == "/places"
    assert second.one("a", rel="next").attributes["href"] == "/places?page=3"
    assert second.one("ol", class_="tally").attributes["start"] == "3"
    assert fetch(client, "/places?page=99999999", 404)
    assert fetch(client, "/places?page=x", 400)


def test_status_and_manner_have_words_for_everything(app: Flask) -> None:
    with app.test_request_context("/"):
        words = render_template_string(
            "{% from 'macros.html' import status %}"
            "{{ status('cancelled') }}{{ status('occurred') }}{{ status('unreal') }}"
        )
    assert words == '<span class="status">cancelled</span><span class="status">hypothetical</span>'
