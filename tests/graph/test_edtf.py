"""EDTF values: which days they cover, which are well formed, and how TIMEX3 values become EDTF."""

from datetime import date, timedelta
from time import struct_time

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from graph.edtf import bounds, is_edtf, timex_to_edtf


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("value", "earliest", "latest"),
    [
        ("2019-06-30", "2019-06-30", "2019-06-30"),
        ("2019-02", "2019-02-01", "2019-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("1972", "1972-01-01", "1972-12-31"),
        ("0043", "0043-01-01", "0043-12-31"),
        ("197X", "1970-01-01", "1979-12-31"),
        ("18XX", "1800-01-01", "1899-12-31"),
        ("2019-21", "2019-03-01", "2019-05-31"),
        ("2019-24", "2019-12-01", "2020-02-29"),
        ("2019-33", "2019-01-01", "2019-03-31"),
        ("2019-36", "2019-10-01", "2019-12-31"),
        ("2019-41", "2019-07-01", "2019-12-31"),
        ("2019~", "2019-01-01", "2019-12-31"),
        ("2019-02?", "2019-02-01", "2019-02-28"),
        ("2019-02-26/2019-02-28", "2019-02-26", "2019-02-28"),
        ("1939-09/1945", "1939-09-01", "1945-12-31"),
        ("../1978-09-17", None, "1978-09-17"),
        ("/1978-09-17", None, "1978-09-17"),
        ("1978-09/..", "1978-09-01", None),
        ("1978-09/", "1978-09-01", None),
        ("2019-XX-05", "2019-01-05", "2019-12-05"),
        ("2019-02-XX", "2019-02-01", "2019-02-28"),
        ("2019-02-28T10:00:00Z", "2019-02-28", "2019-02-28"),
        ("[1914,1917..1918]", "1914-01-01", "1918-12-31"),
        ("-0479", None, None),
        ("XXXX-06", None, None),
        ("-0010/0010", None, "0010-12-31"),
        ("9999-24", "9999-12-01", None),
    ],
)
def test_bounds(value: str, earliest: str | None, latest: str | None) -> None:
    assert bounds(value) == (day(earliest), day(latest))
    assert is_edtf(value)


@pytest.mark.parametrize(
    "value",
    ["", "..", "../..", "/", "2019-13", "2019-02-29", "2019-06-31", "2020/2019", "FUTURE_REF", "P9M", "2018-W24",
     "2019-21-03", "2019-02T10:00", "²019", "2019-02-01\n", "1/2/3", "9" * 10_000, "[" * 900],
)  # fmt: skip
def test_what_is_no_edtf(value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        bounds(value)
    assert not is_edtf(value)


def _date(found: struct_time) -> date:
    return date(found.tm_year, found.tm_mon, found.tm_mday)


dates = st.dates(date(1, 1, 1), date(9998, 12, 31))


@given(dates, st.sampled_from(["%Y-%m-%d", "%Y-%m", "%Y", "decade", "century", "season", "quarter"]))
def test_bounds_agree_with_the_reference_parser(when: date, form: str) -> None:
    year = f"{when.year:04d}"
    value = {
        "%Y-%m-%d": when.isoformat(),
        "%Y-%m": when.isoformat()[:7],
        "%Y": year,
        "decade": f"{max(1, when.year // 10):03d}X",
        "century": f"{max(1, when.year // 100):02d}XX",
        "season": f"{year}-{21 + when.month % 3}",
        "quarter": f"{year}-{33 + when.month % 4}",
    }[form]
    parsed = parse_edtf(value)
    assert bounds(value) == (_date(parsed.lower_strict()), _date(parsed.upper_strict()))


@given(dates, dates)
def test_intervals(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert bounds(f"{first}/{last}") == (first, last)
    assert bounds(f"{first}/..") == (first, None)
    assert bounds(f"../{last}") == (None, last)
    if first < last:
        assert not is_edtf(f"{last}/{first}")


@given(st.text(max_size=40) | st.text(alphabet="0123456789X-/.~?%[]{}T:,", max_size=30))
def test_any_text(value: str) -> None:
    if is_edtf(value):
        earliest, latest = bounds(value)
        assert earliest is None or latest is None or earliest <= latest
    edtf = timex_to_edtf(value)
    assert edtf is None or is_edtf(edtf)


@pytest.mark.parametrize(
    ("timex", "edtf"),
    [
        ("2019-06-30", "2019-06-30"),
        ("2019", "2019"),
        ("2018-W24", "2018-06-11/2018-06-17"),
        ("2018-W24-WE", "2018-06-16/2018-06-17"),
        ("1977-SP", "1977-21"),
        ("1977-WI", "1977-24"),
        ("2019-Q3", "2019-35"),
        ("2019-H2", "2019-41"),
        ("FY2019", "2018-10/2019-09"),
        ("197", "197X"),
        ("197X", "197X"),
        ("19", "19XX"),
        ("19XX", "19XX"),
        ("BC0480", "-0479"),
        ("2019-09-10TMO", "2019-09-10"),
        ("2019-09-10T14:00Z", "2019-09-10"),
        ("1904/1905", "1904/1905"),
        ("2019-W01/2019-W02", "2018-12-31/2019-01-13"),
        ("2019-W54", None),
        ("2019-02-30", None),
        ("1905/1904", None),
        ("XXXX-06", None),
        ("P9M", None),
        ("FUTURE_REF", None),
    ],
)
def test_timex_values(timex: str, edtf: str | None) -> None:
    assert timex_to_edtf(timex) == edtf


@given(dates)
def test_weeks_hold_their_days(when: date) -> None:
    year, week, _ = when.isocalendar()
    edtf = timex_to_edtf(f"{year:04d}-W{week:02d}")
    assert edtf is not None
    earliest, latest = bounds(edtf)
    assert earliest is not None
    assert latest == earliest + timedelta(6)
    assert earliest <= when <= latest
