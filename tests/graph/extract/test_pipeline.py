"""The whole extraction: never raises, is consistent in itself, pure and quick."""

import cProfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.article import Article
from graph.errors import InputError
from graph.extract.pipeline import extract
from tests.graph.extract.consistency import check

PIECES = (
    "Ana Petrova", "Ivo Novak", "said", "that", "the summit", "met", "in Vienna", ",", ".", '"', "“", "”", ":", "\n\n",
    "\n", "Norway", "Norwegian", "officials", "according to", "agreed to", "he", "on Monday", "treaty of", "Q:",
    "Ana Petrova:",
    "Related Items", "3 May 2023", "Type: Analysis", "View all", "-", "'s", "which", "and", ";", "(", ")", "war",
    "n't", "?",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)).filter(
    lambda t: any(c.isalnum() for c in t)
)


@settings(max_examples=150)
@given(TEXTS)
def test_any_text_gives_a_consistent_extraction(text: str) -> None:
    try:
        article = Article.create(text, published=date(2024, 5, 10))
    except InputError:  # no article: the subject of other tests
        return
    check(extract(article))


def test_same_input_same_output() -> None:
    article = Article.create("Ana Petrova met Ivo Novak in Vienna on Monday. She said that it was cold.")
    assert extract(article) == extract(article)


def test_it_says_what_extracted() -> None:
    assert extract(Article.create("They met.")).extractor.startswith("parley-embedded ")


@pytest.mark.parametrize(
    "text",
    [
        "x" + '"' * 50_000,
        "the meeting " * 1_500,
        "Ana Petrova: yes.\n" * 1_000,
        "Officials agreed, and said that the war " * 500,
        "Related Items\nA title\n3 May 2023\n" * 600,
    ],
    ids=["quotes", "meetings", "turns", "cues", "related"],
)
@pytest.mark.timeout(120)
def test_no_text_takes_more_than_its_length(text: str) -> None:
    """Twice the text takes about twice the calls, not four times; what one call does itself is held by the timeout."""

    def calls(words: str) -> int:
        article = Article.create(words)
        with cProfile.Profile() as profile:
            found = extract(article)
        check(found)
        return sum(entry.callcount for entry in profile.getstats())

    calls("Ana Petrova met Ivo Novak.")  # the lexicons are read once
    assert calls(text) < 2.6 * calls(text[: len(text) // 2])
