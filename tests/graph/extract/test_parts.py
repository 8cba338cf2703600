"""Which event is a part of which, and which of its kind an event is."""

import pytest

from graph.article import Article
from graph.extract.model import EventType, Report
from graph.extract.pipeline import extract


def _reports(text: str) -> list[Report]:
    return list(extract(Article.create(text)).reports)


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        (
            "At the Lutz summit in May 2031, Ana Petrova and Chancellor Tom Harding signed a trade agreement.",
            EventType.AGREEMENT,
            EventType.SUMMIT,
        ),
        ("During his visit to Vienna, Tom Harding met Ana Petrova.", EventType.MEETING, EventType.VISIT),
    ],
)
def test_what_takes_place_at_a_gathering_is_a_part_of_it(text: str, part: EventType, whole: EventType) -> None:
    reports = _reports(text)
    by_key = {r.key: r for r in reports}
    told = [(r.type, by_key[r.within].type) for r in reports if r.within]
    assert told == [(part, whole)]


def test_what_is_told_beside_a_gathering_is_no_part_of_it() -> None:
    reports = _reports("Ana Petrova signed a treaty in Vienna. A summit in Lutz followed in June 2031.")
    assert len(reports) > 1
    assert all(r.within is None for r in reports)


@pytest.mark.parametrize(
    ("words", "ordinal"),
    [("third meeting", 3), ("first meeting", 1), ("inaugural meeting", 1), ("last meeting", None), ("meeting", None)],
)
def test_a_number_says_which_of_its_kind_it_is(words: str, ordinal: int | None) -> None:
    (report,) = _reports(f"Ana Petrova and Tom Harding held their {words} in Vienna on 3 May 2031.")
    assert report.ordinal == ordinal
