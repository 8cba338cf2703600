"""Which office somebody held at the time of an event: by records, by terms between records, as stated."""

from collections.abc import Iterable
from datetime import date

import pytest

from graph.edtf import bounds
from graph.event import Event, Participation, Rule
from graph.extract.model import EventType, Office, Report
from graph.facts.records import Met, Record, Traveller
from graph.resolve.offices import Offices

PETROVA, HARDING = "person/ana-petrova", "person/tom-harding"


def _record(number: int, day: str, office: str, met: Iterable[Met] = ()) -> Record:
    start, _, end = day.partition("/")
    return Record(
        "visit", number, "f.xml", date.fromisoformat(start), date.fromisoformat(end or start), "Zubrowka", (),
        (Traveller(PETROVA, office, "Ana Petrova", ""),), tuple(met),
    )  # fmt: skip


RECORDS = (
    _record(1, "2031-03-01/2031-03-03", "Foreign Minister", [Met(HARDING, "Chancellor", "Tom Harding")]),
    _record(2, "2031-06-10", "Foreign Minister of Zubrowka"),
    _record(3, "2031-09-01", "Prime Minister of Zubrowka"),
    _record(4, "2034-01-01", "Prime Minister of Zubrowka"),
    _record(5, "2034-03-01", "Former Prime Minister"),
)


def _event(when: str | None, *actors: str) -> Event:
    earliest, latest = bounds(when) if when else (None, None)
    return Event("event/e", EventType.MEETING, "met", actors or (PETROVA,), (), when, earliest, latest)


def _at(when: str | None, *reports: Report, actors: tuple[str, ...] = (PETROVA,)) -> list[tuple[str, str, Rule]]:
    found = Offices.of(RECORDS).at(_event(when, *actors), reports, PUBLISHED)
    return [(p.person, p.office, p.rule) for p in found]


PUBLISHED = {"article/a": date(2031, 7, 1), "article/b": date(2040, 1, 1)}


def _report(article: str, office: str) -> Report:
    key = f"article/{article}"
    offices = (Office(PETROVA, office, f"{key}/role/1"),)
    return Report(f"{key}/report/1", EventType.MEETING, "met", (), (PETROVA,), offices=offices)


@pytest.mark.parametrize(
    ("when", "office", "rule"),
    [
        ("2031-03-02", "Foreign Minister", Rule.RECORD),
        ("2031-03", "Foreign Minister", Rule.RECORD),
        ("2031-05", "Foreign Minister of Zubrowka", Rule.TERM),
        ("2031-09-01", "Prime Minister of Zubrowka", Rule.RECORD),
    ],
)
def test_records_tell_who_held_which_office(when: str, office: str, rule: Rule) -> None:
    assert _at(when) == [(PETROVA, office, rule)]


@pytest.mark.parametrize(
    "when",
    [
        "2031-07-15",  # between two offices
        "2031",  # in which there were two
        "2032-06",  # far from any record
        "2034-03-01",  # out of office
        "2036",
        None,
    ],
)
def test_nobody_has_an_office_by_guess(when: str | None) -> None:
    assert _at(when) == []


def test_whom_a_record_says_was_met_held_an_office_too() -> None:
    assert _at("2031-03-01", actors=(PETROVA, HARDING)) == [
        (PETROVA, "Foreign Minister", Rule.RECORD),
        (HARDING, "Chancellor", Rule.RECORD),
    ]


def test_a_record_outweighs_what_an_article_states() -> None:
    assert _at("2031-03-02", _report("a", "ambassador")) == [(PETROVA, "Foreign Minister", Rule.RECORD)]


def test_of_several_articles_the_one_that_is_nearest_in_time_is_followed() -> None:
    reports = (_report("b", "president"), _report("a", "deputy prime minister"))
    for order in (reports, reports[::-1]):
        found = Offices.of(RECORDS).at(_event("2031-07-15"), order, PUBLISHED)
        assert found == (Participation(PETROVA, "deputy prime minister", Rule.STATED, ("article/a/role/1",)),)


def test_without_records_only_articles_tell() -> None:
    assert Offices().at(_event("2031-03-02"), [], {}) == ()
    assert Offices().at(_event(None), [_report("b", "president")], PUBLISHED) == (
        Participation(PETROVA, "president", Rule.STATED, ("article/b/role/1",)),
    )
