"""The text of an article is shown where its licence is open, and nowhere else."""

import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from graph.store import Dataset
from tests.web.conftest import ARTICLES, make
from tests.web.serving import application
from web.views.full_text import is_open, paragraphs

OPEN = ARTICLES["geneva"].replace("authors:", "license: CC BY 4.0\nauthors:").replace("had opened", "had <b>opened</b>")
CLOSED = ARTICLES["herald"]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make(tmp_path_factory.mktemp("texts"), {"open": OPEN, "closed": CLOSED})


@pytest.fixture(scope="module")
def client(dataset: Dataset) -> Iterator[FlaskClient]:
    with application(dataset) as app:
        yield app.test_client()


def page(client: FlaskClient, title: str) -> str:
    listed = client.get("/articles.json").get_json()["items"]
    url = next(item["url"] for item in listed if item["name"] == title)
    return client.get(url, headers={"Accept": "text/html"}).get_data(as_text=True)


def test_an_open_text_is_shown_with_what_was_read_from_it(client: FlaskClient) -> None:
    text = page(client, "Talks in Geneva").partition('<div class="text"')[2].partition("</div>")[0]
    assert "In February 2020, " in html.unescape(re.sub(r"<[^>]*>", "", text))
    assert "&lt;b&gt;opened&lt;/b&gt;" in text
    leading = re.findall(r'<mark><a href="([^"]+)">([^<]*)</a></mark>', text)
    assert "met" in {words for _, words in leading}
    for url in {url for url, _ in leading}:
        assert client.get(url, headers={"Accept": "text/turtle"}).status_code == 200


def test_a_text_without_an_open_licence_is_not_shown(client: FlaskClient) -> None:
    assert 'class="text"' not in page(client, "What Harding and Petrova agreed on")


def test_a_text_that_is_not_the_one_of_this_generation_is_not_shown(dataset: Dataset, client: FlaskClient) -> None:
    archived = dataset.path / "archive" / "articles"
    [path] = [p for p in archived.glob("*.json") if "CC BY" in p.read_text("utf-8")]
    before = path.read_text("utf-8")
    path.write_text(before.replace("new chapter", "old chapter"), "utf-8")
    try:
        listed = client.get("/articles.json").get_json()["items"]
        url = next(item["url"] for item in listed if item["name"] == "Talks in Geneva")
        # Another address of the same page, which nothing has been kept for.
        other = client.get(f"{url}?confidence=0.01", headers={"Accept": "text/html"}).get_data(as_text=True)
        assert 'class="text"' not in other
    finally:
        path.write_text(before, "utf-8")


@pytest.mark.parametrize(
    ("rights", "is_so"),
    [
        ("CC BY 4.0", True),
        ("cc  by-sa 3.0", True),
        ("Public domain", True),
        ("https://creativecommons.org/licenses/by/4.0/", True),
        ("https://creativecommons.org/publicdomain/zero/1.0/", True),
        ("CC BY-NC 4.0", False),
        ("https://creativecommons.org/licenses/by-nd/4.0/", False),
        ("not in the public domain", False),
        ("All rights reserved", False),
        ("", False),
        (None, False),
    ],
)
def test_which_licences_are_open(rights: str | None, is_so: bool) -> None:
    assert is_open(rights) is is_so


@given(
    text=st.text(alphabet="ab \n\r\u2028é", max_size=60),
    marks=st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70), st.sampled_from(["/a", "/b"])), max_size=6),
)
def test_nothing_of_a_text_is_lost_or_told_twice(text: str, marks: list[tuple[int, int, str]]) -> None:
    shown = ["".join(piece.text for piece in paragraph) for paragraph in paragraphs(text, marks)]
    assert shown == [line.rstrip() for line in text.splitlines() if line.rstrip()]
