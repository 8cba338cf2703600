"""Whom a surname alone means."""

import csv
from datetime import date

import pytest

from graph.article import Article
from graph.extract.pipeline import extract
from graph.facts.leaders import COLUMNS, leaders
from graph.facts.records import load_records
from graph.files import data_path


def _people(text: str, published: date | None) -> dict[str, str]:
    return {p.key: p.label for p in extract(Article.create(text, published=published)).people}


@pytest.mark.parametrize(
    ("text", "published", "key", "label"),
    [
        ("President Nixon spoke in Vienna.", date(1972, 5, 1), "person/richard-nixon", "Richard Nixon"),
        ("President Bush spoke in Vienna.", date(1990, 5, 1), "person/george-h-w-bush", "George H. W. Bush"),
        ("President Bush spoke in Vienna.", date(2005, 5, 1), "person/george-w-bush", "George W. Bush"),
        ("In 1946 and 1947 President Truman spoke.", None, "person/harry-s-truman", "Harry S. Truman"),
        ("Former President Obama spoke in Vienna.", date(2025, 5, 1), "person/barack-obama", "Barack Obama"),
    ],
)
def test_a_surname_means_who_led_at_the_time(text: str, published: date | None, key: str, label: str) -> None:
    assert _people(text, published) == {key: label}


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("President Petrova spoke in Vienna.", date(1972, 5, 1)),
        ("President Nixon spoke in Vienna.", date(1931, 5, 1)),
        ("President Nixon spoke in Vienna.", None),
    ],
)
def test_a_surname_of_no_one_known_or_of_no_known_time_stands_for_itself(text: str, published: date | None) -> None:
    (person,) = extract(Article.create(text, published=published)).people
    assert person.label == person.name
    assert person.key in ("person/petrova", "person/nixon")


def test_two_bearers_of_one_name_whom_a_lifetime_parts_are_two_people() -> None:
    (leader,) = _people("Boris Johnson spoke in Vienna.", date(2021, 5, 1))
    (other,) = _people("Boris Johnson spoke in Vienna.", date(1871, 5, 1))
    assert (leader, other) == ("person/boris-johnson", "person/boris-johnson-1871")


def test_the_table_is_that_of_the_records() -> None:
    with data_path("facts", "leaders.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == COLUMNS
    assert rows == [[n, str(a), str(b), str(int(chief))] for n, a, b, chief in leaders(load_records())]
