"""Front matter: what is read, and what is said where it is wrong."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.sources.frontmatter import parse_date, split


def front(*lines: str) -> str:
    return "---\n" + "\n".join(lines) + "\n---\n\nThey met."


def test_every_key_of_an_article() -> None:
    metadata, text = split(
        front(
            'title: "Talks: the end"',
            "published: 2019-07-01",
            "publisher: Zubrowka Times",
            "url: https://news.example/1",
            "license: CC BY 4.0",
            "authors: [Ana Petrova, Jan Novy]",
            "language: en-GB",
            "genre: Analysis",
            "keywords:",
            "  - border",
            "  - talks",
            "abstract: >",
            "  Two lines",
            "  in one.",
        )
    )
    assert metadata == {
        "title": "Talks: the end",
        "published": date(2019, 7, 1),
        "publisher": "Zubrowka Times",
        "url": "https://news.example/1",
        "license": "CC BY 4.0",
        "authors": ("Ana Petrova", "Jan Novy"),
        "language": "en-gb",
        "genre": "Analysis",
        "keywords": ("border", "talks"),
        "abstract": "Two lines in one.",
    }
    assert text.strip() == "They met."


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("title: 1984", "title", "1984"),
        ("title: No", "title", "No"),
        ("title: 2019-07-01", "title", "2019-07-01"),
        ("date: 2019-07-01", "published", date(2019, 7, 1)),
        ("published: 2019-07-01T23:30:00-05:00", "published", date(2019, 7, 1)),
        ("published: '2019-07-01 08:00:00'", "published", date(2019, 7, 1)),
        ("authors: Ana Petrova", "authors", ("Ana Petrova",)),
        ("author: Ana Petrova", "authors", ("Ana Petrova",)),
        ("authors: [Ana Petrova, Ana Petrova, '']", "authors", ("Ana Petrova",)),
    ],
)
def test_values_are_read_as_they_are_meant(line: str, key: str, value: object) -> None:
    assert split(front(line))[0] == {key: value}


@pytest.mark.parametrize(
    "line", ["title:", "title: ~", "published: null", "authors: []", "unknown: {a: [1]}", "1: x\nt: y"]
)
def test_what_is_empty_or_unknown_says_nothing(line: str) -> None:
    assert split(front("x: y", line))[0] == {}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["published: 2019-13-45"], "published: '2019-13-45' is no date; write YYYY-MM-DD"),
        (["date: 1 July 2019"], "date: '1 July 2019' is no date"),
        (["published: 2019"], "published: '2019' is no date"),
        (["published: [2019-07-01]"], "published: is a list"),
        (["title: [a, b]"], "title: is a list"),
        (["title: {a: b}"], "title: is a mapping"),
        (["authors: {a: b}"], "authors: is a mapping"),
        (["authors: [[a]]"], "authors: is a list"),
        (["url: news.example"], "url: 'news.example' is no web address"),
        (["url: 'https://x.example/a b'"], "is no web address"),
        (["language: English please"], "language: 'English please' is no language tag"),
        (["title: Talks: the end"], "the front matter is no YAML in line 2"),
        (["title: 'open"], "the front matter is no YAML"),
        (["a: &a [x]", "b: *a"], "aliases are not allowed"),
        (["[title: a,", "b: c]"], "no list of keys and values"),
        (["a: " + "[" * 5000], "the front matter is no YAML"),
        (["? [a]", ": b", "title: c"], "the front matter is no YAML"),
    ],
)
def test_what_is_wrong_is_named(lines: list[str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        split(front(*lines))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_front_matter_that_does_not_end() -> None:
    with pytest.raises(InputError, match="not closed"):
        split("---\ntitle: Talks\n\nThey met.")
    with pytest.raises(InputError, match="does not end within"):
        split("---\ntitle: Talks\n" + "a: b\n" * 20_000)


@pytest.mark.parametrize("text", ["They met.", "---\nThey met.\n---\nThey talked.", "", "---", " ---\ntitle: a\n---\n"])
def test_a_text_without_front_matter_is_left_alone(text: str) -> None:
    assert split(text) == ({}, text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        metadata, below = split("---\n" + text)
    except InputError as error:
        assert "; " in str(error)  # noqa: PT017
    else:
        assert below in "---\n" + text
        assert set(metadata) <= {"title", "published", "publisher", "url", "license", "authors", "language", "genre",
                                 "keywords", "abstract"}  # fmt: skip


@given(st.dates())
def test_dates_come_back(day: date) -> None:
    assert parse_date("published", day.isoformat()) == day


def test_a_tag_makes_no_object(tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    with pytest.raises(InputError, match="title"):
        split(front(f"title: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{evil}']]"))
    assert not evil.exists()
