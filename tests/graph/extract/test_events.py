"""Reports of events: types, mentions, participants, time, status, coreference."""

from datetime import date

import pytest

from graph.article import Article
from graph.extract.model import EventType, Extraction, Report, Status
from graph.extract.pipeline import extract


def _extract(text: str) -> Extraction:
    return extract(Article.create(text, published=date(2024, 5, 10)))


def _reports(text: str) -> list[Report]:
    return list(_extract(text).reports)


def _told(text: str) -> list[tuple[str, list[str]]]:
    return [(r.type.value, [m.text for m in r.mentions]) for r in _reports(text)]


@pytest.mark.parametrize(
    ("text", "kind", "mention"),
    [
        ("Delegates attended the annual summit in Vienna.", EventType.SUMMIT, "annual summit"),
        ("Envoy Ana Petrova met Ivo Novak in Vienna.", EventType.MEETING, "met"),
        ("The two ministers held a phone call.", EventType.CALL, "phone call"),
        ("The talks in Geneva stalled.", EventType.NEGOTIATION, "talks"),
        ("France sent delegates to the peace conference.", EventType.CONFERENCE, "peace conference"),
        ("Ana Petrova visited Norway.", EventType.VISIT, "visited"),
        ("France and Norway signed a fishing treaty.", EventType.AGREEMENT, "signed"),
        ("Norway was attacked at dawn.", EventType.MILITARY, "attacked"),
        ("The council lifted economic sanctions.", EventType.SANCTION, "economic sanctions"),
        ("Ana Petrova resigned on Monday.", EventType.TRANSITION, "resigned"),
    ],
)
def test_each_type_has_its_words(text: str, kind: EventType, mention: str) -> None:
    assert (kind, mention) in [(r.type, m.text) for r in _reports(text) for m in r.mentions]


def test_a_word_is_a_verb_or_a_noun_by_its_place() -> None:
    assert _told("They want to visit Norway.")[0] == ("Visit", ["visit"])
    assert _told("The first state visit was brief.")[0] == ("Visit", ["first state visit"])


def test_a_name_goes_on_after_its_noun() -> None:
    assert _told("Norway never ratified the Treaty of Aberdeen.")[-1][1] == ["ratified", "Treaty of Aberdeen"]


def test_later_words_for_the_same_event_are_its_mentions() -> None:
    told = _told("France joined the Geneva conference. Norway stayed away. The conference lasted a week.")
    assert ("Conference", ["joined", "Geneva conference", "conference"]) in told


def test_verb_and_object_are_one_event() -> None:
    assert _told("France and Norway signed the fishing treaty.") == [("Agreement", ["signed", "fishing treaty"])]


def test_another_meeting_is_another_event() -> None:
    told = _told("The meeting in Oslo was short. Another meeting in Rome was long.")
    assert [kind for kind, _ in told] == ["Meeting", "Meeting"]


def test_who_and_where() -> None:
    found = _extract("Envoy Ana Petrova met Envoy Ivo Novak in Vienna.")
    (report,) = found.reports
    assert report.participants == ("person/ana-petrova", "person/ivo-novak")
    assert report.places == ("place/vienna",)
    assert report.label == "Envoy Ana Petrova met Envoy Ivo Novak in Vienna"


def test_leaders_who_meet_hold_a_summit() -> None:
    (report,) = _reports("President Ana Petrova met Prime Minister Ivo Novak in Vienna.")
    assert report.type == EventType.SUMMIT


def test_time_of_the_clause() -> None:
    (report, *_) = _reports("Ana Petrova visited Norway on March 3, 2024.")
    assert (report.time, report.earliest) == ("2024-03-03", date(2024, 3, 3))
    assert [s.text for s in report.time_spans] == ["March 3, 2024"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ana Petrova visited Norway.", Status.OCCURRED),
        ("Ana Petrova will visit Norway.", Status.PLANNED),
        ("Ana Petrova could visit Norway if she is asked.", Status.UNREAL),
        ("The planned summit was cancelled.", Status.CANCELLED),
        ("The summit takes place on June 3, 2024.", Status.PLANNED),
    ],
)
def test_status(text: str, status: Status) -> None:
    assert _reports(text)[0].status == status


def test_reports_are_numbered_by_first_mention() -> None:
    found = _extract("The talks failed. Then a war began. The talks had lasted a year.")
    assert [r.key for r in found.reports] == [
        f"{found.article.key}/report/{n}" for n in range(1, len(found.reports) + 1)
    ]
    assert [r.mentions[0].start for r in found.reports] == sorted(r.mentions[0].start for r in found.reports)


def test_speech_is_no_event() -> None:
    assert not _reports("Ana Petrova said that she was tired. Ivo Novak announced nothing.")


@pytest.mark.parametrize(
    "text",
    [
        "Ana Petrova had chosen a place with a history.",
        "The paper soon ran into trouble.",
        "A wooden house became the scene of it.",
        "They buried the prisoners of war.",
        "Further chapters deal with trade.",
        "Tom Harding joined them in the last days.",
        "They were at the presidential retreat.",
    ],
)
def test_words_that_are_no_diplomatic_events(text: str) -> None:
    assert not _reports(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ana Petrova was chosen as chancellor.", EventType.TRANSITION),
        ("Ana Petrova ran for president.", EventType.TRANSITION),
        ("Ana Petrova replaced Ivo Novak.", EventType.TRANSITION),
        ("Norway joined the alliance.", EventType.AGREEMENT),
        ("The treaty entered into force.", EventType.AGREEMENT),
        ("Ana Petrova won the long election campaign.", EventType.TRANSITION),
    ],
)
def test_the_same_words_with_an_office_or_a_body(text: str, kind: EventType) -> None:
    assert [r.type for r in _reports(text)][:1] == [kind]


@pytest.mark.parametrize(
    "name",
    [
        "Treaty on the Non-Proliferation of Nuclear Weapons",
        "Treaty on Co-operation",
        "Convention on the Law of the Sea",
    ],
)
def test_the_name_of_a_treaty_is_whole(name: str) -> None:
    assert _told(f"Zubrowka left the {name} in January 2003.")[-1][1] == [name]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            "On 15 August 1998 a bomb planted by a small splinter group killed 29 soldiers in Oslo.",
            "On 15 August 1998 a bomb planted by a small splinter group killed 29 soldiers in Oslo",
        ),
        (
            "The men agreed on one thing and decided at last on the evening of 15 August 1998 that Norway be attacked.",
            "…on one thing and decided at last on the evening of 15 August 1998 that Norway be attacked",
        ),
    ],
)
def test_a_label_is_not_cut_in_a_date_and_shows_where_it_is_cut(text: str, label: str) -> None:
    assert label in [r.label for r in _reports(text)]


def test_a_name_at_the_edge_of_what_belongs_to_a_verb_is_whole() -> None:
    text = "President Ana M. Petrova of the United States and President Tom Harding of South Korea met in Vienna."
    (report,) = _extract(text).reports
    assert set(report.participants) == {"person/ana-m-petrova", "person/tom-harding"}
