"""The article on a web page."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.sources.decode import looks_like_html
from graph.sources.html import parse_html
from tests.graph.sources.server import ARTICLE

BODY = ARTICLE.partition("<body>")[2]


def page(head: str, lang: str = "") -> str:
    return f"<!DOCTYPE html><html{lang}><head>{head}</head><body>{BODY}"


def test_text_and_metadata() -> None:
    metadata, text = parse_html(ARTICLE, "https://times.example/1")
    assert metadata == {
        "title": "Ministers meet in Lutz",
        "url": "https://times.example/1",
        "published": date(2024, 5, 6),
        "publisher": "Zubrowka Times",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "authors": ("Ana Petrova",),
        "language": "en-gb",
        "abstract": "Talks on the border.",
    }
    paragraphs = text.split("\n\n")
    assert len(paragraphs) == 3
    assert paragraphs[0].startswith("The foreign ministers of Zubrowka")
    assert "café" in paragraphs[1]


@pytest.mark.parametrize(
    ("declared", "fetched", "url"),
    [
        ("https://times.example/a", "https://www.times.example/a?utm=1#top", "https://times.example/a"),
        ("https://times.example/", "https://times.example/a", "https://times.example/a"),
        ("https://other.example/a", "https://times.example/a", "https://times.example/a"),
        ("https://times.example/a", None, "https://times.example/a"),
        ("https://times.example/", None, None),
        ("javascript:alert(1)", "https://times.example/a", "https://times.example/a"),
    ],
)
def test_the_declared_address_is_believed_where_it_can_be(declared: str, fetched: str | None, url: str | None) -> None:
    metadata, _ = parse_html(page(f'<title>T</title><link rel="canonical" href="{declared}">'), fetched)
    assert metadata.get("url") == url


@pytest.mark.parametrize("lang", [' lang="x y"', ' lang=""', ""])
def test_a_language_that_is_none_is_left_out(lang: str) -> None:
    assert "language" not in parse_html(page("<title>T</title>", lang))[0]


def test_no_date_is_guessed_from_the_text() -> None:
    html = page("<title>T</title>").replace("on Monday", "on 6 May 2024")
    assert "published" not in parse_html(html)[0]


def test_scripts_and_navigation_are_no_text() -> None:
    html = ARTICLE.replace("</article>", "<script>var secret = 1;</script><style>p {}</style></article>")
    text = parse_html(html)[1]
    assert "secret" not in text
    assert "Cookies" not in text


@pytest.mark.timeout(20)
def test_looking_for_a_page_takes_no_time() -> None:
    assert not looks_like_html("<!---->" * 1000)
    assert looks_like_html("<!-- a --> <!-- b -->\n<HTML>")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", "the page is empty"),
        ("<!-- nothing -->", "content|no article text"),
        ("<html></html>", "no article text"),
        ("<html><body><script>render()</script><div id=app></div></body></html>", "no article text"),
        ("<html><body><p>...</p><p>***</p></body></html>", "no article text"),
        ("<html><body>" + "<i>They</i>" * 50_001, "more than 50000 elements"),
        ("<html><body>" + "<div>" * 3000 + "They met." + "</div>" * 3000, "nested too deeply"),
    ],
)
def test_a_page_without_text_is_refused(html: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_html(html)


@pytest.mark.parametrize(
    "html",
    [ARTICLE[: len(ARTICLE) * 2 // 3], ARTICLE.replace("</p>", ""), '<?xml version="1.0" encoding="x"?>' + ARTICLE],
)
def test_broken_markup_is_read_as_far_as_it_goes(html: str) -> None:
    assert "Zubrowka and Freedonia" in parse_html(html)[1]


_PARTS = ["<p>", "</p>", "<div>", "<a href=x>", "<table>", "<td>", "<!--", "text. ", "<meta content=1 name=date>",
          "<svg>", "<time datetime=9999-99-99>", "&#0;", "\x00", "\ud800", "</html>", "<title>"]  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_PARTS), max_size=30))
def test_any_page_is_read_or_refused_in_words(parts: list[str]) -> None:
    try:
        _, text = parse_html("".join(parts))
    except InputError as error:
        assert "; " in str(error)  # noqa: PT017
    else:
        assert text
