"""A dataset with markup, formulas and evil addresses in every field: in each page and format they stay words."""

import csv
import io
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.web.pages import BROWSER, page
from tests.web.serving import application
from tests.web.trig import load

BASE = "https://zubrowka.example/"
HOME = "http://localhost"
#: What a reader comes to by no link.
MORE = [
    "/embed", "/embed/event/talks", "/embed/person/ana-petrova", "/embed/place/lutz", "/print", "/preview.png",
    "/preview/event/talks.png", "/preview/person/ana-petrova.png", "/preview/article/aaaaaaaaaaaa.png", "/feed",
    "/disagreements.atom", "/oembed?url=http://localhost/person/ana-petrova",
    "/oembed?url=http://localhost/event/talks&format=xml", "/sparql/names.json?q=script", "/sparql/terms.json",
    "/?q=%3Cscript%3E", "/?person=%27onclick%3D%27alert(1)", "/?lang=fr", "/?lang=fr&q=alert", "/print?lang=fr",
    "/event/talks?lang=fr", "/person/ana-petrova?lang=fr", "/article/aaaaaaaaaaaa?lang=fr", "/disagreements?lang=fr",
    "/article/aaaaaaaaaaaa/report/1?lang=fr", "/embed/event/talks?lang=fr", "/place/lutz?lang=fr",
]  # fmt: skip
#: A dataset that is written by hand has no stream of changes.
_NO_STREAM = ("/events.atom", "/ldes")
_ALLOWED_SCHEMES = ("http", "https", "")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on that dataset."""
    with application(load(tmp_path_factory.mktemp("hostile"), "hostile.trig", BASE)) as app:
        yield app


@pytest.fixture
def asked(hostile: Flask) -> FlaskClient:
    """A client of it."""
    return hostile.test_client()


@pytest.fixture(scope="module")
def answers(hostile: Flask) -> dict[str, TestResponse]:
    """Every answer that a reader can come to by links, in every format, and what is reached by none."""
    client = hostile.test_client()
    found: dict[str, TestResponse] = {}
    waiting = deque(["/", *MORE])
    while waiting:
        url = waiting.popleft()
        if url in found:
            continue
        answer = client.get(url, headers={"Accept": BROWSER})
        answer.get_data()
        answer.close()
        found[url] = answer
        if answer.status_code == 200 and answer.content_type.startswith("text/html"):
            waiting += _inner(page(answer.text).links, url)
        if "Location" in answer.headers:
            waiting += _inner([answer.headers["Location"]], url)
    return found


def _inner(links: list[str], url: str) -> list[str]:
    """Return the links that stay on the site; of pages with a query string none that has one, for they have no end."""
    paths = (link.removeprefix(HOME).partition("#")[0] for link in links)
    return [
        path
        for path in paths
        if path.startswith("/") and not ("?" in url and "?" in path) and not path.startswith(("/static/", "/dumps/"))
    ]


def _html(answer: TestResponse, url: str) -> None:
    shown = page(answer.text)
    for element in shown.elements:
        where = f"{url}: <{element.name} {element.attributes}>"
        assert element.name not in ("img", "iframe", "object", "embed", "b", "style"), where
        for name, value in element.attributes.items():
            assert not name.startswith("on"), where
            assert name not in ("style", "srcdoc", "autofocus"), where
            if name in ("href", "src", "action", "formaction"):
                parts = urlsplit(value)
                assert parts.scheme in _ALLOWED_SCHEMES, where
                assert not value.startswith(("//", "/\\")), where
        if element.name == "script":
            if element.attributes.get("type") == "application/ld+json":
                assert isinstance(json.loads(element.text), dict), where
                assert "<" not in element.text, where
            else:
                assert element.attributes["src"].startswith("/static/"), where
                assert not element.text, where
    policy = answer.headers["Content-Security-Policy"]
    assert "'unsafe" not in policy, url
    assert "default-src 'none'" in policy, url


def _json(answer: TestResponse, url: str) -> None:
    told = json.loads(answer.data)
    assert answer.headers["X-Content-Type-Options"] == "nosniff", url
    if ".timelinejs" in url:
        for text in (value for slide in [told["title"], *told["events"]] for value in _texts(slide)):
            assert set(re.findall(r"<\s*/?\s*([^\s>]+)", text)) <= {"p", "a"}, text
            assert all(href.startswith(f"{HOME}/") for href in re.findall(r'href="([^"]*)"', text)), text
            assert not re.findall(r"<a (?!href=\"[^\"]*\">)", text), text
    if "html" in told and url.startswith("/oembed"):
        frame = page(told["html"]).elements
        assert [element.name for element in frame] == ["iframe"]
        assert set(frame[0].attributes) == {"src", "width", "height", "title", "loading"}


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _csv(answer: TestResponse, url: str) -> None:
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert len({len(row) for row in rows}) == 1, url
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), f"{url}: {cell}"


def _calendar(answer: TestResponse, url: str) -> None:
    lines = answer.text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    names = {re.split("[;:]", line)[0] for line in lines}
    assert names <= {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CATEGORIES",
        "URL", "STATUS", "LOCATION",
    }, url  # fmt: skip
    assert "\n" not in "".join(lines), url
    assert lines.count("BEGIN:VEVENT") == sum(line.startswith("UID:") for line in lines), url


def _xml(answer: TestResponse, url: str) -> None:
    root = ElementTree.fromstring(answer.data)
    spaces = {element.tag.partition("}")[0] for element in root.iter()}
    assert "{http://www.w3.org/1999/xhtml" not in spaces, url
    assert b"<script" not in answer.data, url


def _rdf(form: ox.RdfFormat) -> Callable[[TestResponse, str], None]:
    def check(answer: TestResponse, url: str) -> None:
        found = list(ox.parse(answer.data, format=form, base_iri=BASE))
        assert found or url.startswith("/disagreements"), url

    return check


def _picture(answer: TestResponse, url: str) -> None:
    assert Image.open(io.BytesIO(answer.data)).format == "PNG", url


def _bibtex(answer: TestResponse, url: str) -> None:
    depth = 0
    for mark in re.findall(r"(?<!\\)[{}]", answer.text):
        depth += 1 if mark == "{" else -1
        assert depth >= 0, url
    assert depth == 0, f"{url}: what an article says ends the entry"
    assert len(re.findall(r"^@", answer.text, flags=re.MULTILINE)) == 1, url


def _words(answer: TestResponse, url: str) -> None:
    assert answer.headers["X-Content-Type-Options"] == "nosniff", url


#: How each kind of answer is looked at: one that is not here has no test yet.
CHECKS: dict[str, Callable[[TestResponse, str], None]] = {
    "text/html": _html,
    "application/json": _json,
    "text/csv": _csv,
    "text/calendar": _calendar,
    "application/atom+xml": _xml,
    "application/rdf+xml": _xml,
    "text/xml": _xml,
    "application/ld+json": _rdf(ox.RdfFormat.JSON_LD),
    "text/turtle": _rdf(ox.RdfFormat.TURTLE),
    "application/n-triples": _rdf(ox.RdfFormat.N_TRIPLES),
    "application/trig": _rdf(ox.RdfFormat.TRIG),
    "application/n-quads": _rdf(ox.RdfFormat.N_QUADS),
    "image/png": _picture,
    "text/plain": _words,
    "application/x-bibtex": _bibtex,
    "application/vnd.citationstyles.csl+json": _json,
}


def test_every_answer_keeps_evil_words_words(answers: dict[str, TestResponse]) -> None:
    for url, answer in answers.items():
        if not url.startswith(_NO_STREAM):
            assert answer.status_code in (200, 300, 301, 303), f"{answer.status_code} {url}"
        if answer.status_code == 200:
            CHECKS[answer.content_type.partition(";")[0]](answer, url)


def test_no_answer_has_a_header_that_it_should_not_have(answers: dict[str, TestResponse]) -> None:
    for url, answer in answers.items():
        assert "Set-Cookie" not in answer.headers, url
        for name, value in answer.headers:
            assert "\r" not in value, (url, name)
            assert "\n" not in value, (url, name)


def test_the_evil_words_are_there_to_be_seen(answers: dict[str, TestResponse]) -> None:
    shown = page(answers["/event/talks"].text)
    assert shown.one("h1").text.startswith("=1+1</title></script><script>alert('event')</script>")
    assert "<script>alert('exact')</script>" in shown.text
    assert "alert('event')" in page(answers["/embed/event/talks"].text).text
    assert "alert('event')" in page(answers["/print"].text).text
    kinds = {answer.content_type.partition(";")[0] for answer in answers.values() if answer.status_code == 200}
    assert kinds >= {
        "text/html", "application/json", "text/csv", "text/calendar", "application/atom+xml", "application/rdf+xml",
        "application/ld+json", "text/turtle", "application/n-triples", "application/x-bibtex", "image/png", "text/xml",
    }  # fmt: skip


def test_addresses_that_would_run_are_no_links(answers: dict[str, TestResponse]) -> None:
    seen = " ".join(answer.text for answer in answers.values() if answer.content_type.startswith("text/html"))
    assert "javascript:alert(5)" in seen
    assert not re.findall(r"""(?:href|src|action|content)=["']?\s*(?:javascript|data|vbscript):""", seen)


def _routes(app: Flask) -> list[str]:
    return [rule.rule for rule in app.url_map.iter_rules() if "<" in rule.rule and "GET" in (rule.methods or ())]


_TRAVERSALS = [
    "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//....//etc/passwd",
    "..\\..\\etc\\passwd", "%00/etc/passwd", "/etc/passwd", "%252e%252e%252fetc%252fpasswd", "file:///etc/passwd",
    "x/../../../pyproject.toml", "~root/.bashrc", "CON", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("path", _TRAVERSALS)
def test_no_route_leads_out_of_its_folder(asked: FlaskClient, hostile: Flask, path: str) -> None:
    routes = _routes(hostile)
    assert any("static" in route for route in routes)
    for route in routes:
        choices = re.search(r"<any\(([^)]*)\):\w+>", route)
        begun = route
        for one in choices[1].split(", ") if choices else [""]:
            begun = route.replace(choices[0], one) if choices else route
            url = re.sub(r"<[^<>]+>", lambda _: path, begun)
            answer = asked.get(url, headers={"Accept": BROWSER})
            answer.get_data()
            answer.close()
            assert answer.status_code in (200, 301, 303, 308, 400, 404, 406, 410), url
            assert b"root:" not in answer.data, url
            assert b"[build-system]" not in answer.data, url


_SPLITS = [
    "%0d%0aSet-Cookie:%20evil=1",
    "%0aLocation:%20https://evil.example",
    "%E5%98%8A%E5%98%8DSet-Cookie:evil=1",
    "%0d",
]


@pytest.mark.parametrize("split", _SPLITS)
def test_nothing_of_a_request_ends_a_header(asked: FlaskClient, hostile: Flask, split: str) -> None:
    urls = [re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", route) for route in _routes(hostile)]
    urls = [re.sub(r"<[^<>]+>", lambda _: f"x{split}", url) for url in urls]
    for name in ("q", "person", "page", "format", "generation", "confidence", "url", "query", "aspect", "view", "sort"):
        urls += [f"{path}?{name}=x{split}" for path in ("/", "/people", "/event/talks", "/sparql", "/oembed", "/embed")]
    urls += [f"/id/person/ana{split}", f"/person/ana-petrova?x=1{split}", f"/event/talks.csv?page=1{split}"]
    for url in urls:
        answer = asked.get(url, headers={"Accept": BROWSER})
        answer.get_data()
        answer.close()
        assert answer.status_code < 500 or answer.status_code == 501, url
        assert "Set-Cookie" not in answer.headers, url
        assert not answer.headers.get("Location", "").startswith("https://evil"), url
        for _, value in answer.headers:
            assert "\r" not in value, url
            assert "\n" not in value, url


_AWAY = [
    "//evil.example", "///evil.example", "/\\evil.example", "/%5cevil.example", "/%2f%2fevil.example",
    "/id//evil.example/x", "/id/https://evil.example", "/id/person//evil.example", "/id/person/%2f%2fevil.example",
    "/person//evil.example/",
    "/person/..//evil.example", "/?next=https://evil.example", "/event/talks?url=//evil.example",
    "//evil.example/%2e%2e", "/embed//evil.example", "/embed/person/%2f%2fevil.example", "/https://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("path", _AWAY)
def test_no_redirect_leads_away(asked: FlaskClient, path: str) -> None:
    answer = asked.get(path, headers={"Accept": BROWSER})
    if answer.status_code in (301, 302, 303, 307, 308):
        target = urlsplit(answer.headers["Location"])
        assert target.netloc in ("", "localhost"), answer.headers["Location"]
        assert not answer.headers["Location"].startswith(("//", "/\\")), path
        assert not target.path.startswith(("//", "/\\")), path
    else:
        assert answer.status_code in (200, 400, 404), path


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        'evil.example"><script>alert(1)</script>',
        "evil.example\\@localhost",
        "localhost@evil.example",
        "a b",
    ],
)
def test_a_host_that_is_made_up_stays_words(asked: FlaskClient, host: str) -> None:
    for path in (
        "/",
        "/event/talks",
        "/embed",
        "/feed",
        "/events.csv",
        "/events.timelinejs",
        "/oembed?url=http://localhost/",
    ):
        answer = asked.get(path, headers={"Host": host, "Accept": BROWSER})
        assert answer.status_code in (200, 400, 404)
        assert "<script>alert(1)" not in answer.text
        assert "evil" not in answer.headers.get("Location", "")


def test_who_is_no_trusted_proxy_changes_no_address(asked: FlaskClient) -> None:
    forwarded = {
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript", "X-Forwarded-Prefix": "//evil.example",
        "Forwarded": "host=evil.example;proto=https", "X-Original-URL": "/metrics", "X-Rewrite-URL": "/metrics",
    }  # fmt: skip
    for path in ("/", "/event/talks", "/embed", "/feed", "/events.csv", "/events.timelinejs", "/id/event/talks"):
        plain = asked.get(path, headers={"Accept": BROWSER})
        answer = asked.get(path, headers={"Accept": BROWSER, **forwarded})
        assert answer.data == plain.data, path
        assert answer.headers.get("Location") == plain.headers.get("Location"), path


@pytest.mark.parametrize("key", ["person/'onclick='alert(1)", "event/'onclick='alert(16)", "person/x..%2F..%2Fetc"])
def test_things_with_evil_names_have_pages_all_the_same(asked: FlaskClient, key: str) -> None:
    answer = asked.get(f"/id/{quote(key)}", headers={"Accept": BROWSER})
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).netloc == ""
    shown = asked.get(answer.headers["Location"])
    assert shown.status_code == 200
    _html(shown, key)
