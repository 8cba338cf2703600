"""What others write, in articles and in addresses, stays words."""

import json
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.web.pages import BROWSER, fetch, page
from web.urls import outside

TITLE = """<script>alert('t')</script> & "Zubrowka" <b>votes</b>"""
GAZETTE = '"><img src=x onerror=alert(1)> Gazette'
EVIL = [
    "<script>alert(1)</script>", '"><svg onload=alert(1)>', "' onfocus=alert(1) autofocus '", "{{123456*1001}}",
    "${123456*1001}",
    "%(key)s %(text)s %s %d %", "{{ config }}{% for x in y %}",
    "javascript:alert(1)", "\r\nSet-Cookie: a=b", "%00", "\x00", "../../etc/passwd", "😀" * 100, "a" * 3000, "‮",
]  # fmt: skip


def article(client: FlaskClient) -> str:
    values = client.get("/articles.json").json
    assert values is not None
    return str(next(a["url"] for a in values["items"] if a["name"] == TITLE))


def test_a_hostile_title_is_shown_as_it_is(client: FlaskClient) -> None:
    for url in (
        article(client),
        "/articles",
        "/person/ana-petrova",
        "/person/zoe-lindqvist",
        f"{article(client)}/report/1",
    ):
        shown = fetch(client, url)
        assert TITLE in shown.text, url
        # The parser saw one script, ours, perhaps a block of data, and no element that title or text would make.
        scripts = [e for e in shown.all("script") if e.attributes.get("type") != "application/ld+json"]
        assert len(scripts) == 1, url
        assert not shown.all("b"), url
        assert not shown.all("img"), url
    shown = fetch(client, article(client))
    assert shown.one("title").text.startswith(TITLE)
    assert shown.one("h1").text == TITLE
    assert shown.all("a", href="/organization/img-src-x-onerror-alert-1-gazette")[0].text == GAZETTE
    assert "<img src=x onerror=alert(2)>" in shown.text


def test_a_hostile_title_in_every_other_format(client: FlaskClient) -> None:
    url = article(client)
    assert json.loads(client.get(f"{url}.json").text)["name"] == TITLE
    feed = ElementTree.fromstring(client.get("/feed").data)
    assert TITLE in [e.text for e in feed.iter("{http://www.w3.org/2005/Atom}title")]
    for extension in ("ttl", "rdf", "jsonld", "nt"):
        answer = client.get(f"{url}.{extension}")
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    query = "SELECT ?t { ?a <https://schema.org/headline> ?t }"
    shown = fetch(client, f"/sparql?query={query}")
    assert TITLE in [cell.text for cell in shown.all("td")]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize(
    "name", ["person", "place", "type", "status", "q", "from", "page", "sort", "confidence", "unknown"]
)
def test_hostile_filters(client: FlaskClient, name: str, evil: str) -> None:
    answer = client.get("/", query_string={name: evil}, headers={"Accept": BROWSER})
    assert answer.status_code in (200, 400)
    assert "Set-Cookie" not in answer.headers
    assert answer.text.count("<script") == 1 + answer.text.count('<script type="application/ld+json">')
    assert answer.text.count('<script type="application/ld+json">') <= 1
    assert "<svg onload" not in answer.text
    assert "123579456" not in answer.text
    assert "onfocus=alert" not in answer.text.replace("&#39; onfocus=alert(1) autofocus", "")
    for form in ("json", "csv", "ics"):
        assert client.get(f"/events.{form}", query_string={name: evil}).status_code in (200, 400)


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_paths(client: FlaskClient, evil: str) -> None:
    for base in ("/person/", "/id/person/", "/article/", "/shapes/", "/", "/static/", "/dumps/", "/id/"):
        answer = client.get(base + evil, headers={"Accept": BROWSER})
        assert answer.status_code in (303, 308, 404), base + evil
        assert "Set-Cookie" not in answer.headers
        assert "<svg onload" not in answer.text
        assert answer.text.count("<script") <= 1


#: Addresses that tell of a mistake, with a place for what somebody wrote.
_MISTAKES = (
    "/person/{}", "/embed/person/{}", "/facets/{}", "/queries/{}", "/shapes/{}", "/ldes/{}", "/people?page={}",
    "/people?generation={}", "/people?format={}", "/on-this-day?day={}", "/disagreements?aspect={}", "/print?from={}",
    "/person/ana-petrova?page={}", "/person/ana-petrova?confidence={}", "/compare?a={}&b={}", "/sparql?query={}",
    "/queries/meetings-of-a-person?person={}", "/oembed?url={}", "/sparql/names.json?q={}",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("evil", EVIL)
def test_a_mistake_is_told_of_in_words(client: FlaskClient, evil: str, language: str) -> None:
    told = {}
    for address in _MISTAKES:
        url = address.replace("{}", quote(evil, safe=""))
        answer = client.get(url, headers={"Accept": BROWSER, "Accept-Language": language})
        if answer.mimetype == "text/html":
            told[url] = page(answer.text)
        assert answer.status_code in (200, 303, 308, 400, 404, 406, 501), url
        assert "Set-Cookie" not in answer.headers, url
    assert told
    for url, shown in told.items():
        # The parser knows no element or attribute that the words would make.
        scripts = [e for e in shown.all("script") if e.attributes.get("type") != "application/ld+json"]
        assert all(e.attributes.get("src", "").startswith("/static/") for e in scripts), url
        assert not [e for e in shown.elements if any(name.startswith("on") for name in e.attributes)], url
        assert "123579456" not in shown.text, url


@pytest.mark.parametrize("path", ["/%", "/%zz", "/person/%e2%82", "/?q=%ff%fe", "/people?q=%c0%af", "/?person=%00%0a"])
def test_broken_percent_encoding(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert answer.status_code in (200, 404)


@pytest.mark.parametrize("page", ["0", "-1", "1e9", "٣", "999999999", "9" * 400, " ", "1 OR 1=1"])
def test_hostile_page_numbers(client: FlaskClient, page: str) -> None:
    for url in ("/", "/people", "/events.json", "/articles.json"):
        answer = client.get(url, query_string={"page": page})
        assert answer.status_code in (200, 400, 404)


def test_a_redirect_stays_on_the_site(client: FlaskClient) -> None:
    for path in (
        "//evil.example/",
        "/id//evil.example",
        "/id/https://evil.example/",
        "/\\evil.example",
        "//evil.example/id/x",
    ):
        answer = client.get(path)
        location = urlsplit(answer.headers.get("Location", "/"))
        assert location.netloc in ("", "localhost"), path
        assert not location.path.startswith(("//", "/\\")), path


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", " https://a.example", "https://a.example/\n", "http://",
     "//a.example", "https://a.example:99999/", "https://a.example/<b>", 'https://a.example/"', "ftp://a.example/", "",
     None],
)  # fmt: skip
def test_only_safe_addresses_are_links(url: str | None) -> None:
    assert outside(url) is None


def test_the_host_header_goes_nowhere_but_into_escaped_words(client: FlaskClient) -> None:
    answer = client.get("/feed", headers={"Host": 'evil.example"><script>'})
    assert "<script>" not in answer.text
