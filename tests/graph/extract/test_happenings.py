"""Which mentions are one event; who takes part, where, when, and whether it happened."""

from datetime import date

import pytest

from graph.article import Article
from graph.extract.model import EventType, Report, Status
from graph.extract.pipeline import extract

ANA, IVO = "person/ana-petrova", "person/ivo-novak"
LEADERS = "President Ana Petrova and Prime Minister Ivo Novak"


def _reports(text: str) -> tuple[Report, ...]:
    return extract(Article.create(text, published=date(2019, 7, 1))).reports


def _first(text: str) -> Report:
    return _reports(text)[0]


def _mentions(report: Report) -> list[str]:
    return [m.text for m in report.mentions]


def test_three_summits_of_the_same_leaders_stay_three() -> None:
    met, first, short = _reports(
        f"{LEADERS} met on Sunday, following their first summit in Geneva in 2017, and a meeting they cut short in "
        "February in Lisbon. Petrova waited for Novak at the old mill in Bergen. The first summit was short."
    )
    assert {r.type for r in (met, first, short)} == {EventType.SUMMIT}
    assert [set(r.participants) for r in (met, first, short)] == [{ANA, IVO}] * 3
    assert [r.time for r in (met, first, short)] == ["2019-06-30", "2017", "2019-02"]
    assert [r.places for r in (met, first, short)] == [("place/bergen",), ("place/geneva",), ("place/lisbon",)]
    assert _mentions(first) == ["first summit", "first summit"]


def test_a_noun_takes_up_a_verb() -> None:
    (visit,) = _reports("Ivo Novak travelled to Vienna on 3 June 2019. The visit lasted two days.")
    assert (_mentions(visit), visit.time, visit.places) == (["travelled", "visit"], "2019-06-03", ("place/vienna",))


def test_verb_and_object_are_one_event_of_the_type_of_the_noun() -> None:
    (joined,) = _reports("Norway joined the Geneva conference.")
    assert (joined.type, _mentions(joined)) == (EventType.CONFERENCE, ["joined", "Geneva conference"])


def test_other_numbers_are_other_events() -> None:
    assert len(_reports("The first round of talks was short. The second round of talks was long.")) == 2


def test_other_times_are_other_events() -> None:
    assert len(_reports("The election of 2012 was quiet. The election of 2016 was loud.")) == 2


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("The delegations negotiated from March 3 to March 9, 2019.", "2019-03-03/2019-03-09"),
        ("The delegations negotiated in March 2019.", "2019-03"),
        ("The delegations negotiated between 2014 and 2016.", "2014/2016"),
        ("The delegations negotiated for days.", None),
    ],
)
def test_times_and_intervals(text: str, time: str | None) -> None:
    assert _first(text).time == time


def test_bounds_go_with_an_interval() -> None:
    report = _first("The delegations negotiated from March 3 to March 9, 2019.")
    assert (report.earliest, report.latest) == (date(2019, 3, 3), date(2019, 3, 9))
    assert [s.text for s in report.time_spans] == ["March 3", "March 9, 2019"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Norway and Austria will hold a summit in Vienna on 5 September 2019.", Status.PLANNED),
        ("Norway and Austria held a summit in Vienna on 5 June 2019.", Status.OCCURRED),
        ("The planned summit in Vienna was cancelled.", Status.CANCELLED),
        ("If Norway attacked Austria, few would laugh.", Status.UNREAL),
        ("A war would follow.", Status.UNREAL),
    ],
)
def test_status(text: str, status: Status) -> None:
    assert _first(text).status == status


def test_leaders_make_a_meeting_a_summit() -> None:
    assert _first(f"{LEADERS} met in Vienna.").type == EventType.SUMMIT
    assert _first("Ana Petrova and Ivo Novak met in Vienna.").type == EventType.MEETING


def test_people_of_a_meeting_of_leaders_stand_for_their_countries() -> None:
    report = _first("President Ana Petrova of Norway and Prime Minister Ivo Novak of Austria met in Vienna.")
    assert set(report.participants) == {ANA, IVO}


def test_a_country_in_a_title_takes_no_part() -> None:
    report = _first("U.S. Secretary of War Tom Harding met Ivo Novak in Vienna. The U.S. agreed.")
    assert report.type == EventType.MEETING
    assert report.participants == ("person/tom-harding", IVO)


def test_countries_fight_and_people_are_elected() -> None:
    war = _first("Norway invaded Austria in May 1902.")
    assert (war.participants, war.places) == (("place/norway", "place/austria"), ("place/austria",))
    vote = _first("Ana Petrova won the election in Norway on 5 May 2019.")
    assert (vote.type, vote.participants, vote.places) == (EventType.TRANSITION, (ANA,), ("place/norway",))


def test_bodies_named_after_events_are_no_events() -> None:
    assert _reports("The North Atlantic Treaty Organization and the War Department waited.") == ()
