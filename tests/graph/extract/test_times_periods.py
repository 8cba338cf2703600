"""Time expressions: parts of years, years in words, before Christ, times of day, and what is counted from them."""

from datetime import date

import pytest

from tests.graph.extract.test_times import pairs, times


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It grew in the third quarter of 2018.", "the third quarter of 2018", "2018-Q3"),
        ("It grew in the 2018 second quarter.", "the 2018 second quarter", "2018-Q2"),
        ("It grew in Q2 2018.", "Q2 2018", "2018-Q2"),
        ("It grew in H1 2018.", "H1 2018", "2018-H1"),
        ("It grew in fiscal 2018.", "fiscal 2018", "FY2018"),
        ("It was signed in nineteen ninety-six.", "nineteen ninety-six", "1996"),
        ("It was signed in two thousand and five.", "two thousand and five", "2005"),
        ("It was signed in twenty nineteen.", "twenty nineteen", "2019"),
        ("It fell in the 4th century BC.", "the 4th century BC", "BC03"),
        ("It fell in the 470s BC.", "the 470s BC", "BC047"),
        ("They meet on Friday, July 12: a talk.", "Friday, July 12", "2019-07-12"),
        ("They met for 2 1/2 years.", "2 1/2 years", "P2Y6M"),
        ("They met for 5½ hours.", "5½ hours", "PT5H30M"),
        ("They talked for “three days” there.", "three days", "P3D"),
        ("It fell over the past year.", "the past year", "P1Y"),
        ("Borders will one day open.", "one day", "FUTURE_REF"),
        ("It took one day.", "one day", "P1D"),
        ("They hope for peace soon.", "soon", "FUTURE_REF"),
        ("It took one month to the day, until dawn.", "one month", "P1M"),
    ],
)
def test_expressions_that_need_no_date(text: str, words: str, value: str) -> None:
    assert pairs(text)[0] == (words, value)


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It grew in the first quarter.", "the first quarter", "2019-Q1"),
        ("It grew in the fourth quarter.", "the fourth quarter", "2018-Q4"),
        ("It will grow in the fourth quarter.", "the fourth quarter", "2019-Q4"),
        ("It will tell the results of last year's second quarter.", "last year's second quarter", "2018-Q2"),
        ("It grew in the latest quarter.", "the latest quarter", "2019-Q2"),
        ("It grew last quarter.", "last quarter", "2019-Q2"),
        ("It grew this fiscal year.", "this fiscal year", "FY2019"),
        ("It grew in the last fiscal year.", "the last fiscal year", "FY2018"),
        ("It was due by year-end.", "year-end", "2019-12"),
        ("It was due by mid-year.", "mid-year", "2019"),
        ("They met last Thanksgiving.", "last Thanksgiving", "2018-11-22"),
        ("They met on Easter Monday 2018.", "Easter Monday 2018", "2018-04-02"),
        ("They met at Easter.", "Easter", "2019-04-21"),
        ("They met on Good Friday.", "Good Friday", "2019-04-19"),
        ("They met in Easter week.", "Easter week", "2019-W16"),
        ("They met at dawn.", "dawn", "2019-07-10TMO"),
        ("They met over the weekend.", "the weekend", "2019-W27-WE"),
        ("They must answer by Tuesday.", "Tuesday", "2019-07-16"),
        ("She asked both sides to report on Tuesday.", "Tuesday", "2019-07-16"),
        ("They had answered by Tuesday.", "Tuesday", "2019-07-09"),
        ("She explained the July 30 deadline.", "the July 30", "2019-07-30"),
        ("The case is heard in September.", "September", "2019-09"),
        ("In September they met.", "September", "2018-09"),
    ],
)
def test_the_nearest_by_publication_and_tense(text: str, words: str, value: str) -> None:
    assert pairs(text) == [(words, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It grew in the third quarter of 2018. A year earlier it had shrunk.", "2017-Q3"),
        ("It grew in the third quarter of 2018. In the year-ago quarter it shrank.", "2017-Q3"),
        ("It grew in the third quarter of 2018. The quarter was the best.", "2018-Q3"),
        ("It grew in the third quarter of 2018. The 2016 quarter was the best.", "2016-Q3"),
        ("It grew in the fourth quarter of 2018. The following quarter was the best.", "2019-Q1"),
        ("It began in the 1970s. The decade ended badly.", "197X"),
        ("It began in the 1970s. By the end of the decade it was over.", "197X"),
        ("It began in 1971. At mid-decade it was over.", "1975"),
        ("It began in 1903. At the turn of the century it had been quiet.", "1900"),
        ("They met on May 3, 1990. The talks of that date failed.", "1990-05-03"),
        ("They met at 10:39 a.m. on May 3, 1990. Six minutes later they left.", "1990-05-03T10:45"),
        ("They met on May 3, 1990. They left at noon on Saturday, May 5, 1990.", "1990-05-05T12:00"),
    ],
)
def test_what_is_counted_from_a_period_told(text: str, value: str) -> None:
    assert times(text, None)[-1].value == value


def test_a_date_behind_says_what_is_meant() -> None:
    found = pairs("They met in May 1971. Two years later, in June 1974, they met again.", None)
    assert [value for _, value in found] == ["1971-05", "1974-06", "1974-06"]


def test_a_time_of_day_is_of_the_day_that_its_sentence_says() -> None:
    found = pairs("They met on May 3, 1990. The talks began at 9:15 a.m. in Brod on May 7, 1990.", None)
    assert [value for _, value in found] == ["1990-05-03", "1990-05-07T09:15", "1990-05-07"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met on 3 and 4 May 1990.", ["1990-05-03", "1990-05-04"]),
        ("They met on May 3 and 4, 1990.", ["1990-05-03", "1990-05-04"]),
        ("It lasted from 28 to 30 May 1990.", ["1990-05-28", "1990-05-30"]),
        ("It was led by Petrova, 1981–1991, and Harding, 1991–2004.", ["1981", "1991", "1991", "2004"]),
        ("The class of '99 met.", ["1999"]),
    ],
)
def test_lists_and_ranges(text: str, expected: list[str]) -> None:
    assert [value for _, value in pairs(text, None)] == expected


def test_years_of_two_digits_follow_the_century_told() -> None:
    assert pairs("They met in 1890. The law of '85 was old.", None)[-1] == ("'85", "1885")


@pytest.mark.parametrize(
    "text",
    ["The quarter-final began.", "They live in the Latin quarter of the town.", "She ate one quarter of it.",
     "The fall of the town was near.", "The Winter Palace fell.", "They sang nineteen hundred thousand songs."],
)  # fmt: skip
def test_what_is_no_period(text: str) -> None:
    assert pairs(text) == []


def test_days_before_christ_have_no_bounds() -> None:
    (found,) = times("It fell in 480 BC.")
    assert (found.edtf, found.earliest, found.latest) == ("-0479", None, None)
    (found,) = times("It fell in the 4th century BC.")
    assert (found.edtf, found.earliest, found.latest) == ("-0399/-0300", None, None)
    (found,) = times("It fell in the 1st century BC.")
    assert found.edtf == "-0099/0000"


def test_a_fiscal_year_begins_in_the_year_before() -> None:
    (found,) = times("It grew in fiscal 2018.")
    assert (found.earliest, found.latest) == (date(2017, 10, 1), date(2018, 9, 30))
