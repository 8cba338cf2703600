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
