"""An article: its text, its identity, its JSON."""

import json
import unicodedata
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article, article_key, normalize
from graph.errors import InputError

ARTICLE = Article.create("They met.", title="Talks", published=date(2019, 2, 28), authors=("Ana Petrova", "Jan Novy"),
                         keywords=("border",), source="a.md")  # fmt: skip


@given(st.text(max_size=200))
def test_normalising_is_done_once_for_all(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode().decode() == once
    assert "\r" not in once


def test_an_article_needs_words() -> None:
    with pytest.raises(InputError, match="no text"):
        Article.create(" \n … — \x00")


@pytest.mark.parametrize(
    ("metadata", "identity"),
    [
        ({"url": "https://news.example/1", "title": "Talks"}, "https://news.example/1"),
        ({"title": "Talks", "published": date(2019, 2, 28)}, "Talks\n\n2019-02-28"),
        ({"title": "Talks", "publisher": "Times"}, "Talks\nTimes\n"),
        ({"title": "Talks"}, "sha256:" + sha256(b"They met.").hexdigest()),
    ],
)
def test_identity(metadata: dict[str, Any], identity: str) -> None:
    article = Article.create("They met.", **metadata)
    assert article.identity == identity
    assert article.key == article_key(article.identity)


def test_an_identity_that_is_given_stays() -> None:
    assert Article.create("They met.", identity="known", url="https://news.example/1").identity == "known"


def test_the_digest_follows_what_the_article_says() -> None:
    same = Article.from_dict(ARTICLE.to_dict() | {"source": "b.md"})
    other = Article.from_dict(ARTICLE.to_dict() | {"title": "Other"})
    assert same.digest == ARTICLE.digest != other.digest


@given(
    st.text(min_size=1, max_size=50),
    st.none() | st.text(max_size=9),
    st.none() | st.dates(),
    st.lists(st.text(max_size=5)),
)
def test_articles_come_back_from_json(text: str, title: str | None, published: date | None, authors: list[str]) -> None:
    article = Article.create("w" + text, title=title, published=published, authors=tuple(authors))
    assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article


@pytest.mark.parametrize(
    "change",
    [{"text": None}, {"text": 1}, {"identity": None}, {"published": "soon"}, {"published": 2019}, {"authors": "Ana"},
     {"authors": [1]}, {"title": ["a"]}, {"keywords": None}],
)  # fmt: skip
def test_what_is_no_article_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError, match="not an article"):
        Article.from_dict(ARTICLE.to_dict() | change)


def test_a_missing_text_is_refused_and_unknown_keys_are_ignored() -> None:
    with pytest.raises(InputError, match="not an article"):
        Article.from_dict({"identity": "x"})
    assert Article.from_dict(ARTICLE.to_dict() | {"colour": "red"}) == ARTICLE
