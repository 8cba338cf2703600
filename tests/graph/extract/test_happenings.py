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


def _by_people(text: str) -> dict[frozenset[str], list[Report]]:
    found: dict[frozenset[str], list[Report]] = {}
    for report in _reports(text):
        found.setdefault(frozenset(k for k in report.participants if k.startswith("person/")), []).append(report)
    return found


def test_other_people_are_other_meetings() -> None:
    told = _by_people(
        "President Ana Petrova and Prime Minister Ivo Novak held a summit in Brod. Twenty years later President Tom "
        "Harding and King Olaf Lund held a summit in Brod. Tom Harding and Ivo Novak met there, too."
    )
    harding, lund = "person/tom-harding", "person/olaf-lund"
    assert set(told) == {frozenset({ANA, IVO}), frozenset({harding, lund}), frozenset({harding, IVO})}


def test_the_date_of_a_meeting_stands_with_its_people() -> None:
    text = (
        f"{LEADERS} met at the old customs house and railway hotel of the small town of Bergen, Norway, on 15 March "
        "2018. Tom Harding had not been invited. He met Petrova in Oslo on 18 March 2018. Petrova and Novak had held "
        "their first full summit in Geneva on 16 July 2011."
    )
    times = {people: [r.time for r in reports] for people, reports in _by_people(text).items()}
    assert times[frozenset({ANA, IVO})] == ["2018-03-15", "2011-07-16"]


def test_visits_of_two_people_are_two() -> None:
    one, other = _reports(
        "Ana Petrova visited Oslo, Bergen and Vienna on 3 September 1998. Ivo Novak travelled to Oslo in April 2013."
    )
    assert (one.participants, one.time) == ((ANA,), "1998-09-03")
    assert (other.participants, other.time) == ((IVO,), "2013-04")


def test_a_verb_with_other_parties_is_another_event() -> None:
    told = {r.time: r.participants for r in _reports(
        "Norway and Austria signed it in Vienna on 23 May 1992. Its successor was signed by Ana Petrova and Ivo Novak "
        "on 8 April 2010."
    )}  # fmt: skip
    assert told == {"1992-05-23": ("place/norway", "place/austria"), "2010-04-08": (ANA, IVO)}


def test_a_place_of_the_clause_before_is_not_where_it_was() -> None:
    (*_, signed) = _reports("The next encounter came at Bergen, and in Vienna Petrova signed the Treaty of Brod.")
    assert signed.places == ("place/vienna",)


def test_a_declaration_of_another_year_has_not_the_people_of_an_accord() -> None:
    accord, declaration = _reports(
        "In September 1978 Ana Petrova and Ivo Novak had negotiated the accords there. This time the subject was the "
        "border, which the Declaration of Brod of September 1993 had put off."
    )
    assert (accord.participants, accord.time) == ((ANA, IVO), "1978-09")
    assert (declaration.participants, declaration.time) == ((), "1993-09")


def test_calling_off_is_not_when_it_was_and_not_all_that_was() -> None:
    text = f"{LEADERS} met in Vienna on 12 June 2018. On 24 May Petrova had cancelled the meeting in a letter to Novak."
    told = [(r.time, r.status) for r in _reports(text) if r.type == EventType.SUMMIT]
    assert told == [("2018-06-12", Status.OCCURRED)]


def test_a_press_conference_is_not_the_meeting() -> None:
    told = _reports("At a press conference Petrova was silent. The meeting in Brod had been long.")
    assert ["meeting"] in [_mentions(r) for r in told]
    assert not any({"press conference", "meeting"} <= set(_mentions(r)) for r in told)


def test_a_list_of_names_does_not_part_a_summit_from_its_date() -> None:
    accords, summit = _reports(
        "Ana Petrova and Ivo Novak concluded their accords there in September 1978, while the summit of Tom Harding, "
        "Eva Lind and Jan Berg in July 2000 was short."
    )
    assert (accords.time, summit.time) == ("1978-09", "2000-07")
