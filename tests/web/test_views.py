"""Views of what the small dataset has none of: dates of every kind, bands of many events."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from web.drawing.band import Band, draw
from web.timeline.timeline import Entry
from web.views.passages import passages
from web.words import certain, time_in_words


def entry(key: str, edtf: str | None, first: date | None, last: date | None, status: str = "occurred") -> Entry:
    return Entry(key, key, "Summit", status, edtf, first, last, (), (), ())


def days(count: int) -> list[Entry]:
    found = [date.fromordinal(date(1950, 1, 1).toordinal() + 90 * n) for n in range(count)]
    return [entry(f"event/{n}", day.isoformat(), day, day) for n, day in enumerate(found)]


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2019-02-28", "28 February 2019"),
        ("2019-02", "sometime in February 2019"),
        ("2019", "sometime in 2019"),
        ("201X", "sometime in the 2010s"),
        ("19XX", "sometime in the years 1900 to 1999"),
        ("2019-21", "sometime in spring 2019"),
        ("2019-02-28~", "around 28 February 2019"),
        ("2019-02?", "perhaps February 2019"),
        ("2019%", "perhaps around 2019"),
        ("2019-02-27/2019-02-28", "27–28 February 2019"),
        ("2019-02-27/2019-03-01", "27 February – 1 March 2019"),
        ("2018-12-31/2019-01-01", "31 December 2018 – 1 January 2019"),
        ("2019-02/2019-04", "from February 2019 to April 2019"),
        ("2019-03/..", "since March 2019"),
        ("../2018", "before 2019"),
        ("[2018,2019]", "either 2018 or 2019"),
        ("-0043", "sometime in 44 BC"),
        ("nonsense", "nonsense"),
        ("2019-13", "2019-13"),
        (None, "undated"),
    ],
)
def test_times_in_words(edtf: str | None, words: str) -> None:
    assert time_in_words(edtf) == words


def test_only_days_are_certain() -> None:
    assert certain("2019-02-28")
    assert not any(map(certain, ("2019-02", "2019-02-30", "2019-02-28/..", "", None, "nonsense")))


def test_a_few_events_are_drawn_one_by_one() -> None:
    band = draw(
        [*days(20), entry("event/u", "1952", date(1952, 1, 1), date(1952, 12, 31)), entry("event/n", None, None, None)]
    )
    assert band is not None
    assert (band.total, band.uncertain) == (21, 1)
    assert len({bar.entry.key for bar in band.bars if bar.entry}) == 21
    for bar in band.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 101
        assert 0 <= bar.y < bar.y + bar.height <= band.height
    for one in band.bars:
        for other in band.bars:
            if one is not other and one.y == other.y:
                assert one.x + one.width <= other.x or other.x + other.width <= one.x


@pytest.mark.parametrize("count", [61, 300, 5000])
def test_many_events_are_counted(count: int) -> None:
    some = [e for e in days(count) if e.earliest]
    band = draw(some)
    assert band is not None
    assert sum(bar.count for bar in band.bars) == len(some)
    assert len(band.bars) <= 200
    for bar in band.bars:
        assert bar.first
        assert bar.last
        assert bar.first <= bar.last
        assert 0 <= bar.x <= bar.x + bar.width <= 100


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_the_ends_of_the_calendar(edge: date) -> None:
    assert draw([entry("event/e", edge.isoformat(), edge, edge)]) is not None
    assert draw([*days(100), entry("event/e", edge.isoformat(), edge, edge)]) is not None


def test_nothing_dated_is_not_drawn() -> None:
    assert draw([]) is None
    assert draw([entry("event/n", None, None, None)]) is None


def test_an_open_end_is_drawn_where_it_is_known() -> None:
    band = draw([entry("event/o", "2019-03/..", date(2019, 3, 1), None), *days(3)])
    assert band is not None
    assert band.uncertain == 1


def test_the_edge_cuts_no_label_off() -> None:
    def spanning(*ends: date) -> Band:
        band = draw([entry(f"event/{end}", end.isoformat(), end, end) for end in ends])
        assert band is not None
        return band

    # The last mark has room behind it for no label: that stands before the mark, where it meets none.
    last = spanning(date(1866, 1, 1), date(2025, 1, 1)).ticks[-1]
    assert (last.label, last.end) == ("2020", True)
    for band in (
        spanning(date(2000, 1, 1), date(2000, 1, 13)),
        spanning(date(2000, 1, 1), date(2001, 6, 1)),
        spanning(date(2000, 1, 1), date(2010, 12, 31)),
    ):
        for before, tick in pairwise(band.ticks):
            assert not tick.end or not tick.label or tick.x - before.x >= 10
    days_apart = spanning(date(2000, 1, 1), date(2000, 1, 13)).ticks[-1]
    assert (days_apart.end, days_apart.label) == (True, "")


def quote(prefix: str, exact: str, suffix: str, start: int) -> dict[str, Any]:
    return {"prefix": prefix, "exact": exact, "suffix": suffix, "start": start}


def test_passages() -> None:
    assert passages([]) == []
    at_the_start = passages([quote("", "Ana Petrova", " met him.", 0)])
    assert [(p.text, p.quoted) for p in at_the_start[0]] == [("Ana Petrova", True), (" met him.", False)]
    apart = passages([quote("d by ", "two", " hun", 500), quote("e was ", "one", " and an", 20)])
    assert ["".join(p.text for p in passage) for passage in apart] == ["… was one and …", "… by two …"]
    overlapping = passages([quote("x ", "one two", " y.", 10), quote("one ", "two y", ".", 14)])
    assert [(p.text, p.quoted) for p in overlapping[0]] == [("… ", False), ("one two y", True), (".", False)]
