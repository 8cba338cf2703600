"""The made-up news: the same for the same seed, each article by its number alone, and true to what it tells."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from graph.ingest.copies import likeness
from tests.synthetic import News


def test_the_same_seed_makes_the_same_news_and_another_makes_other() -> None:
    assert list(News(1).lines(60)) == list(News(1).lines(60))
    assert list(News(1).lines(60)) != list(News(2).lines(60))


def test_an_article_is_made_by_its_number_alone() -> None:
    assert list(News().stories(5, start=900_000)) == [News().story(number) for number in range(900_000, 900_005)]


def test_an_article_tells_what_is_true() -> None:
    news = News()
    for story in news.stories(100, start=1_000):
        for number in story.tells:
            event = news.happening(number)
            assert event.day < (story.article.published or event.day)
            assert f"{event.day.day} {event.day:%B %Y}" in story.article.text
            assert all(person.titled in story.article.text for person in event.people)
            assert event.city is None or event.city in story.article.text


def test_a_meeting_of_two_heads_is_a_summit() -> None:
    heads = {"President", "Prime Minister", "Chancellor"}
    met = [event for event in map(News().happening, range(500)) if event.told_as == "Meeting"]
    assert {event.type for event in met} == {"Meeting", "Summit"}
    for event in met:
        assert (event.type == "Summit") == all(person.office in heads for person in event.people)


def test_events_are_told_by_several_articles() -> None:
    counts = Counter(number for story in News().stories(1_000) for number in story.tells)
    assert 2 < sum(counts.values()) / len(counts) < 5


def test_one_article_in_twenty_is_a_copy_and_no_other_is_like_another() -> None:
    stories = list(News().stories(100))
    copies = [story for story in stories if story.copy_of is not None]
    assert len(copies) == 5
    for story in copies:
        original = stories[story.copy_of or 0]
        assert likeness(original.article.text, story.article.text) == 1
        assert original.article.publisher != story.article.publisher
    others = [story for story in stories if story.copy_of is None]
    pairs = pairwise(others)
    assert max(likeness(one.article.text, other.article.text) for one, other in pairs) < 0.7


def test_articles_and_people_are_all_different() -> None:
    news = News()
    assert len({story.article.key for story in news.stories(500)}) == 500
    assert len({news.person(number).key for number in range(20_000)}) == 20_000


def test_people_grow_in_number_with_the_news() -> None:
    news = News()
    few, many = (
        {p.key for story in news.stories(count) for n in story.tells for p in news.happening(n).people}
        for count in (500, 4_000)
    )
    assert len(many) > 2 * len(few)


def test_lines_are_what_ingest_reads() -> None:
    command = [sys.executable, "-m", "tests.synthetic", "3"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert [json.loads(line)["url"] for line in done.stdout.splitlines()] == [
        story.article.url for story in News().stories(3)
    ]
