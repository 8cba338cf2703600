"""Resolution is a function of the set of articles: their order, and articles that came and went, leave no trace."""

from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.article import Article
from graph.edtf import bounds
from graph.event import Event
from graph.extract.model import EventType, Extraction, Report, Status
from graph.resolve import EventIndex
from graph.resolve.labels import name_key
from graph.resolve.shelf import Room

#: On a busy machine examples take longer; what counts is that they agree.
unhurried = settings(suppress_health_check=[HealthCheck.too_slow])
PEOPLE = tuple(f"person/{name}" for name in ("ana-petrova", "tom-harding", "ngozi-okoro"))
PLACES = ("place/hanoi", "place/vietnam", "place/lutz", "place/geneva")
TIMES = (None, "2031", "2031-05", "2031-05-02", "2031-05-03", "2031-05-02/2031-05-04", "2031-06-01", "2030/..")
LABELS = ("summit", "met", "Lutz Peace Conference", "the Lutz Peace Conferences", "First Zubrowkan War")


@st.composite
def reports(draw: st.DrawFn) -> Report:
    time = draw(st.sampled_from(TIMES))
    earliest, latest = bounds(time) if time else (None, None)
    return Report(
        "",
        draw(st.sampled_from([EventType.SUMMIT, EventType.MEETING, EventType.VISIT, EventType.MILITARY])),
        draw(st.sampled_from(LABELS)),
        (),
        tuple(draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3))),
        tuple(draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=2))),
        time,
        earliest,
        latest,
        (),
        draw(st.sampled_from([Status.OCCURRED, Status.OCCURRED, Status.PLANNED, Status.UNREAL, Status.CANCELLED])),
        ordinal=draw(st.sampled_from([None, None, 1, 2])),
    )


@st.composite
def articles(draw: st.DrawFn) -> Extraction:
    name = draw(st.sampled_from("abcdef"))
    published = draw(st.sampled_from([None, date(2031, 5, 1), date(2031, 7, 1)]))
    article = replace(Article.create(f"The text of {name}.", identity=name), published=published)
    told = draw(st.lists(reports(), max_size=4))
    numbered = [replace(r, key=f"{article.key}/report/{n}") for n, r in enumerate(told, 1)]
    for n in range(1, len(numbered)):
        whole = draw(st.none() | st.integers(0, n - 1))
        numbered[n] = replace(numbered[n], within=None if whole is None else numbered[whole].key)
    return Extraction(article, reports=tuple(numbered))


def state(index: EventIndex) -> dict[str, str]:
    return {key: index.event_of(key) for key in index.reports}


def run(each: list[Extraction], kept: int = 100) -> tuple[EventIndex, dict[str, Event]]:
    """Resolve articles one after the other, and keep the events as whoever follows the resolutions would have them.

    :param kept: so much of each sort is kept in memory.
    """
    index, events = EventIndex(room=Room(kept)), dict[str, Event]()
    for extraction in each:
        resolution = index.resolve(extraction)
        for key in resolution.gone:
            del events[key]
        events |= {event.key: event for event in resolution.events}
    return index, events


@unhurried
@given(st.lists(articles(), max_size=6, unique_by=lambda e: e.article.key), st.randoms(use_true_random=False))
def test_the_order_of_articles_makes_no_difference(found: list[Extraction], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    one, events = run(found)
    other, others = run(shuffled, kept=1)
    assert state(one) == state(other)
    assert events == others


@unhurried
@given(st.lists(articles(), max_size=8))
def test_articles_that_are_replaced_or_taken_out_leave_no_trace(found: list[Extraction]) -> None:
    last = {e.article.key: e for e in found}
    index, events = run(found)
    gone = sorted(last)[::2]
    for key in gone:
        resolution = index.withdraw(key)
        for event in resolution.gone:
            del events[event]
        events |= {event.key: event for event in resolution.events}
    clean, expected = run([e for key, e in last.items() if key not in gone])
    assert state(index) == state(clean)
    assert events == expected


@unhurried
@given(st.lists(articles(), max_size=5, unique_by=lambda e: e.article.key), articles())
def test_an_index_that_is_read_back_goes_on_as_the_one_that_was_kept(found: list[Extraction], more: Extraction) -> None:
    kept, _ = run(found)
    again = EventIndex(published=dict(kept.published))
    again.fill(kept.reports.values(), state(kept))
    assert again.resolve(more) == kept.resolve(more)
    assert state(again) == state(kept)


@unhurried
@given(st.lists(articles(), max_size=6, unique_by=lambda e: e.article.key))
def test_every_report_is_on_one_event_and_two_of_an_article_only_if_it_can_mean_but_one(
    found: list[Extraction],
) -> None:
    index, events = run(found)
    told = [report for event in events.values() for report in event.reports]
    assert sorted(told) == sorted(index.reports)
    for event in events.values():
        by_article: dict[str, list[Report]] = {}
        for key in event.reports:
            by_article.setdefault(key.partition("/report/")[0], []).append(index.reports[key])
        for reports in by_article.values():
            names = {name_key(r.label) for r in reports}
            people = {frozenset(r.participants) for r in reports}
            assert (
                len(reports) == 1
                or (len(names) == 1 and None not in names)
                or (len(people) == 1 and "place/" in str(reports))
            )
