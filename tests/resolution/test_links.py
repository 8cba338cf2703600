"""The links made by hand are well-formed, and of the annotated articles where these are at hand."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from graph.training.material import Annotated
from tests.resolution.aligned import annotated_articles
from tests.resolution.links import event_links, person_links, true_event, true_person

HERE = Path(__file__).parent
GOLD = HERE.parents[2] / "shared" / "gold"
needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason=f"the annotated articles are not on this machine: {GOLD}")


@pytest.fixture(scope="module")
def annotated() -> list[Annotated]:
    return annotated_articles(GOLD)


def test_a_happening_is_told_by_different_articles() -> None:
    told: dict[str, list[str]] = defaultdict(list)
    for (article, _), link in event_links().items():
        told[link].append(article)
    assert all(len(set(articles)) == len(articles) > 1 for articles in told.values())


@pytest.mark.parametrize("name", ["events.tsv", "people.tsv"])
def test_each_row_is_there_once_and_holds_identifiers_only(name: str) -> None:
    rows = [line.split("\t") for line in (HERE / name).read_text("utf-8").splitlines()]
    assert {len(row) for row in rows} == {3}
    assert max(Counter((article, key) for _, article, key in rows).values()) == 1
    assert all(re.fullmatch(r"[a-z0-9-]+", row[1]) for row in rows)
    assert all(len(cell) < 80 for row in rows for cell in row)


def test_what_is_not_linked_is_by_itself() -> None:
    assert true_event("one", "summit") != true_event("other", "summit")
    assert true_person("one", "Ana Petrova") == true_person("other", "ana petrova")


def test_the_readme_counts_right() -> None:
    links, people = event_links(), person_links()
    text = (HERE / "README.md").read_text("utf-8")
    pairs = sum(n * (n - 1) // 2 for n in Counter(links.values()).values())
    assert f"{len(links)} annotated events in {len(set(links.values()))} happenings, {pairs} pairs" in text
    assert f"{len(people)} names of {len(set(people.values()))} people" in text


@pytest.mark.workplace
@needs_gold
def test_links_are_of_annotated_events_and_people(annotated: list[Annotated]) -> None:
    events = {(each.name, event["key"]) for each in annotated for event in each.gold["events"]}
    people = {(each.name, person["name"]) for each in annotated for person in each.gold["people"]}
    assert not event_links().keys() - events
    assert not person_links().keys() - people
    assert set(person_links().values()) <= {name for _, name in people}, "the name of a link is one of the names"


@pytest.mark.workplace
@needs_gold
def test_two_people_of_one_article_are_never_one(annotated: list[Annotated]) -> None:
    for each in annotated:
        people = [true_person(each.name, person["name"]) for person in each.gold["people"]]
        assert len(people) == len(set(people)), each.name
