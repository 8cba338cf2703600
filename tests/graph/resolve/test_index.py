"""Which reports, from many articles, become one event."""

import re
from dataclasses import replace

import pytest

from graph.article import Article
from graph.edtf import bounds
from graph.extract.model import EventType, Extraction, Person, Place, PlaceKind, Report, Span, Status
from graph.resolve import EventIndex

PETROVA, HARDING, OKORO = "person/ana-petrova", "person/tom-harding", "person/ngozi-okoro"
VARENNA, LUTZ = "place/varenna", "place/lutz"
NAMES = {PETROVA: "Ana Petrova", HARDING: "Tom Harding", OKORO: "Ngozi Okoro"}


def report(
    kind: EventType = EventType.SUMMIT,
    *,
    who: tuple[str, ...] = (PETROVA, HARDING),
    where: tuple[str, ...] = (VARENNA,),
    when: str | None = "2031-05-02",
    label: str = "summit",
    status: Status = Status.OCCURRED,
) -> Report:
    earliest, latest = bounds(when) if when else (None, None)
    return Report("", kind, label, (), who, where, when, earliest, latest, (), status)


def article(name: str, *reports: Report) -> Extraction:
    value = Article.create(f"The text of {name}.", identity=name)
    span = Span(0, 3, "The")
    return Extraction(
        value,
        people=tuple(Person(key, label, (span,)) for key, label in NAMES.items()),
        places=(Place(VARENNA, "Varenna", PlaceKind.CITY, (span,)), Place(LUTZ, "Lutz", PlaceKind.CITY, (span,))),
        reports=tuple(replace(r, key=f"{value.key}/report/{n}") for n, r in enumerate(reports, 1)),
    )


def events_of(index: EventIndex, extraction: Extraction) -> list[str]:
    links = index.resolve(extraction).links
    return [links[r.key] for r in extraction.reports]


def _events(index: EventIndex, *articles: Extraction) -> set[str]:
    for each in articles:
        index.resolve(each)
    return {index.event_of(r.key) for each in articles for r in each.reports}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (report(), report()),
        (report(), report(when="2031-05")),
        (report(), report(EventType.MEETING)),
        (report(), report(where=())),
        (report(), report(who=(PETROVA,))),
        (report(), report(when="2031")),
        (report(when="2031-05-01/2031-05-03"), report()),
        (report(status=Status.PLANNED), report()),
        (report(label="Varenna Peace Summit", where=()), report(label="the Varenna Peace Summit", when=None, who=())),
        (report(EventType.VISIT, who=(PETROVA,)), report(EventType.VISIT, who=(PETROVA,), when="2031-05")),
        (
            report(EventType.AGREEMENT, label="Treaty of Varenna"),
            report(EventType.AGREEMENT, label="Treaty of Varenna", when="2031", where=()),
        ),
    ],
)
def test_two_tellings_of_one_happening_become_one_event(first: Report, second: Report) -> None:
    for one, other in ((first, second), (second, first)):
        index = EventIndex()
        assert len(_events(index, article("a", one), article("b", other))) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (report(), report(when="2031-06-02")),
        (report(), report(when="2032")),
        (report(), report(who=(OKORO,))),
        (report(), report(when=None)),
        (report(), report(when="2031", where=(LUTZ,))),
        (report(), report(status=Status.UNREAL)),
        (report(), report(EventType.AGREEMENT)),
        (report(EventType.VISIT, who=(PETROVA,)), report(EventType.VISIT, who=(PETROVA,), where=(LUTZ,))),
        (report(EventType.MEETING, who=()), report(EventType.MEETING, who=())),
        (
            report(EventType.MILITARY, label="attack", when="2031-05-02"),
            report(EventType.MILITARY, label="attack", when="2031-05", where=(LUTZ,)),
        ),
    ],
)
def test_two_happenings_stay_two_events(first: Report, second: Report) -> None:
    for one, other in ((first, second), (second, first)):
        index = EventIndex()
        assert len(_events(index, article("a", one), article("b", other))) == 2


def test_two_reports_of_one_article_are_two_events() -> None:
    one, other = events_of(EventIndex(), article("a", report(), report()))
    assert one != other


def test_an_event_has_the_best_supported_values_of_its_reports() -> None:
    index = EventIndex()
    index.resolve(article("a", report(when="2031-05", where=())))
    resolution = index.resolve(article("b", report(EventType.MEETING, who=(PETROVA, HARDING, OKORO))))
    (event,) = resolution.events
    assert event.time == "2031-05-02"
    assert str(event.earliest) == str(event.latest) == "2031-05-02"
    assert set(event.actors) == {PETROVA, HARDING, OKORO}
    assert event.places == (VARENNA,)
    assert len(event.reports) == 2


def test_a_key_can_be_read_and_is_never_taken_twice() -> None:
    index = EventIndex()
    assert events_of(index, article("a", report())) == ["event/2031-05-02-varenna-summit"]
    first, second = events_of(index, article("a", report(), report()))
    assert first != second
    assert all(re.fullmatch("event/2031-05-02-varenna-summit-[0-9a-f]{6}", key) for key in (first, second))


def test_the_iri_of_an_event_leads_on_when_its_article_is_read_anew() -> None:
    index = EventIndex()
    before = events_of(index, article("a", report(when="2031-05", where=())))
    resolution = index.resolve(article("a", report(EventType.VISIT), report(when="2031-05-02")))
    after = [resolution.links[f"{article('a').article.key}/report/2"]]
    assert resolution.gone == {before[0]: tuple(after)}


def test_an_event_goes_when_its_last_report_does() -> None:
    index = EventIndex()
    (key,) = events_of(index, article("a", report()))
    assert events_of(index, article("b", report())) == [key]
    assert index.withdraw(article("a").article.key).gone == {}
    assert index.withdraw(article("b").article.key).gone == {key: ()}
    assert events_of(index, article("c", report(who=(OKORO, HARDING)))) == [key]


def test_labels_are_for_readers() -> None:
    (event,) = EventIndex().resolve(article("a", report())).events
    assert event.label == "Summit of Ana Petrova and Tom Harding in Varenna"
    (event,) = EventIndex().resolve(article("a", report(EventType.AGREEMENT, label="Treaty of Varenna", who=()))).events
    assert event.label == "Treaty of Varenna"


def test_the_part_of_an_event_stays_its_part_when_the_whole_gets_another_key() -> None:
    index = EventIndex()
    told = article("a", report(), report(EventType.AGREEMENT, label="signed"))
    told = replace(told, reports=(told.reports[0], replace(told.reports[1], within=told.reports[0].key)))
    index.resolve(told)
    part, whole = index.event_of(told.reports[1].key), index.event_of(told.reports[0].key)
    # Another summit there on that day: both get a key of their own.
    resolution = index.resolve(article("b", report(EventType.SUMMIT, who=(OKORO, "person/ivo-novak"))))
    moved = index.event_of(told.reports[0].key)
    assert moved != whole
    assert {e.key: e.within for e in resolution.events}[part] == (moved,)


def test_numbers_tell_meetings_of_the_same_people_apart_and_bring_tellings_of_one_together() -> None:
    first = replace(report(when="2031", where=()), ordinal=1)
    second = replace(report(when="2031", where=()), ordinal=2)
    assert len(_events(EventIndex(), article("a", first), article("b", second))) == 2
    undated = replace(report(when=None, where=()), ordinal=2)
    index = EventIndex()
    assert len(_events(index, article("a", second), article("b", undated))) == 1
    assert index.resolve(article("b", undated)).events[0].ordinal == 2
