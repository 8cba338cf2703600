"""Where on the calendar expressions lie: values narrowed by "early" and opened by "since"."""

import json
from datetime import date

import pytest

from graph.edtf import bounds, is_edtf
from graph.extract.times import unmodified
from graph.extract.times.basis import Basis, confidence_of
from graph.files import data_path
from tests.graph.extract.test_times import times


@pytest.mark.parametrize(
    ("text", "value", "edtf"),
    [
        ("They met in early 1908.", "1908", "1908-01/1908-04"),
        ("They met in mid-1908.", "1908", "1908-05/1908-08"),
        ("They met in late 1908.", "1908", "1908-09/1908-12"),
        ("They met at the beginning of 1908.", "1908", "1908-01/1908-04"),
        ("They met at the end of 1908.", "1908", "1908-09/1908-12"),
        ("They met in the early 1970s.", "197X", "1970/1973"),
        ("They met in the mid-1970s.", "197X", "1974/1976"),
        ("They met in the late 1970s.", "197X", "1977/1979"),
        ("They met in the second half of the 1980s.", "198X", "1985/1989"),
        ("They met in the mid-nineteenth century.", "18XX", "1834/1866"),
        ("They met in early May 1990.", "1990-05", "1990-05-01/1990-05-10"),
        ("They met in mid-May 1990.", "1990-05", "1990-05-11/1990-05-20"),
        ("They met in late February 1990.", "1990-02", "1990-02-19/1990-02-28"),
        ("They met early last week.", "2019-W27", "2019-07-01/2019-07-02"),
        ("They met in late summer 1990.", "1990-SU", "1990-08"),
        ("They met in the first half of 1990.", "1990-H1", "1990-40"),
        ("They met earlier this year.", "2019", "2019-01-01/2019-07-10"),
        ("They will meet later this month.", "2019-07", "2019-07-10/2019-07-31"),
        ("They have met since May 1990.", "1990-05", "1990-05/.."),
        ("They have met since early 1990.", "1990", "1990-01/.."),
        ("They have met since the 1970s.", "197X", "1970/.."),
        ("They have met since the third quarter of 1990.", "1990-Q3", "1990-07/.."),
        ("They met until the spring of 1990.", "1990-SP", "../1990-21"),
        ("They met until the late 1970s.", "197X", "../1979"),
        ("They met before June 12, 1990.", "1990-06-12", "../1990-06-12"),
        ("They met after the week of May 7, 1990.", "1990-W19", "1990-05-07/.."),
        ("It takes 1990 and beyond.", "1990", "1990/.."),
        ("From 1990 onwards they met.", "1990", "1990/.."),
        ("They met in 1990 or earlier.", "1990", "../1990"),
    ],
)
def test_words_around_a_value_narrow_or_open_it(text: str, value: str, edtf: str) -> None:
    (found,) = times(text)
    assert (found.value, found.edtf) == (value, edtf)
    assert is_edtf(edtf)
    assert (found.earliest, found.latest) == bounds(edtf)


def test_counting_from_a_day_opens_nothing() -> None:
    for text in ("Two days after June 12, 1990 they met.", "They met the day before June 12, 1990."):
        assert times(text, None)[-1].edtf == "1990-06-12"


def test_an_expression_without_the_words_around_it() -> None:
    (found,) = times("They have met since early 1990.")
    assert (found.earliest, found.latest) == (date(1990, 1, 1), None)
    plain = unmodified(found)
    assert (plain.edtf, plain.earliest, plain.latest) == ("1990", date(1990, 1, 1), date(1990, 12, 31))
    assert (plain.span, plain.value) == (found.span, found.value)
    (duration,) = times("It took nine months.")
    assert unmodified(duration) == duration


def test_each_basis_has_a_share_that_was_counted() -> None:
    table = json.loads(data_path("model", "times.json").read_text(encoding="utf-8"))
    assert set(table) == {basis.value for basis in Basis}
    assert all(0 < confidence_of(basis) < 1 for basis in Basis)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("They met on June 12, 2018.", Basis.EXPLICIT),
        ("They met yesterday.", Basis.PUBLISHED),
        ("They met on Monday.", Basis.TENSE),
        ("They met at noon.", Basis.CLOCK),
        ("It took nine months.", Basis.COUNTED),
        ("It took several months.", Basis.UNCOUNTED),
        ("They met recently.", Basis.VAGUE),
    ],
)
def test_confidence_is_that_of_what_a_value_rests_on(text: str, basis: Basis) -> None:
    (found,) = times(text)
    assert found.confidence == confidence_of(basis)


def test_what_follows_a_date_told_is_less_sure() -> None:
    told, following = times("They met on May 3, 1990. The following day they signed.", None)
    assert (told.confidence, following.confidence) == (confidence_of(Basis.EXPLICIT), confidence_of(Basis.TOLD))
    (unknown,) = times("They met in June.", None)
    assert unknown.confidence == confidence_of(Basis.UNKNOWN)
