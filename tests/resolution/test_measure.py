"""The measure of resolution: worked examples, properties, and how reports and records are brought to it."""

from collections.abc import Iterable
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article
from graph.extract.model import EventType, Extraction, PlaceKind, Report, Section, Span, Status
from graph.facts.records import Met, Record, Spot, Traveller
from graph.training.material import Annotated
from tests.resolution.aligned import people_of, reports_of
from tests.resolution.measure import b_cubed, mixtures, pairwise
from tests.resolution.official import Told, compare
from tests.resolution.oracle import extraction_of


def _partition(*clusters: Iterable[str]) -> dict[str, str]:
    return {item: "".join(cluster) for cluster in clusters for item in cluster}


#: The example of Bagga and Baldwin 1998, section 3: what is true, and two answers with one wrong link each. The second
#: joins the two large clusters, which is worse; counting links (MUC), both answers are equally good.
TRUE = _partition("12345", "67", "89ABC")
FIRST = _partition("12345", "6789ABC")
SECOND = _partition("1234589ABC", "67")

partitions = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, 4), min_size=n, max_size=n) for _ in range(2)))
)


def test_b_cubed_is_that_of_the_paper() -> None:
    first, second = b_cubed(TRUE, FIRST), b_cubed(TRUE, SECOND)
    assert (round(100 * first.precision), first.recall) == (76, 1)
    assert (round(100 * second.precision), second.recall) == (58, 1)
    assert first.f1 > second.f1


def test_recall_is_precision_seen_from_the_other_side() -> None:
    assert b_cubed(SECOND, TRUE).recall == b_cubed(TRUE, SECOND).precision
    assert pairwise(SECOND, TRUE).recall == pairwise(TRUE, SECOND).precision


def test_pairs_are_counted_by_hand() -> None:
    # 10 + 1 + 10 pairs are true; the first answer has 10 + 21, the second 45 + 1.
    assert pairwise(TRUE, FIRST).precision == pytest.approx(21 / 31)
    assert pairwise(TRUE, SECOND).precision == pytest.approx(21 / 46)
    assert pairwise(TRUE, FIRST).recall == pairwise(TRUE, SECOND).recall == 1
    assert pairwise(TRUE, {item: item for item in TRUE}).recall == 0


def test_b_cubed_over_some_items_keeps_the_clusters_of_all() -> None:
    assert b_cubed(TRUE, FIRST, among="67").precision == pytest.approx(2 / 7)
    assert b_cubed(TRUE, FIRST, among="12345").precision == 1


@given(partitions)
def test_what_agrees_is_perfect(pair: tuple[list[int], list[int]]) -> None:
    true = dict(enumerate(pair[0]))
    renamed = {item: f"cluster {name}" for item, name in true.items()}
    for score in (pairwise(true, renamed), b_cubed(true, renamed)):
        assert score.precision == score.recall == pytest.approx(1)
    assert not mixtures(true, renamed)


@given(partitions, st.randoms(use_true_random=False))
def test_neither_order_nor_names_matter(pair: tuple[list[int], list[int]], random: Random) -> None:
    true, found = (dict(enumerate(names)) for names in pair)
    order = list(true)
    random.shuffle(order)
    shuffled = {item: -true[item] for item in order}
    for measure in (pairwise, b_cubed):
        one, other = measure(true, found), measure(shuffled, found)
        assert one.precision == pytest.approx(other.precision)
        assert one.recall == pytest.approx(other.recall)
        assert 0 <= one.precision <= 1


@given(partitions)
def test_mixtures_hold_just_the_pairs_that_are_wrong(pair: tuple[list[int], list[int]]) -> None:
    true, found = (dict(enumerate(names)) for names in pair)
    wrong = sum(m.pairs for m in mixtures(found, true))
    items = list(found)
    assert wrong == sum(
        found[a] == found[b] and true[a] != true[b] for i, a in enumerate(items) for b in items[i + 1 :]
    )


def test_partitions_of_different_sets_are_refused() -> None:
    with pytest.raises(ValueError, match="one set"):
        pairwise(TRUE, {"1": "x"})


TEXT = "Ana Petrova met Bo Lund in Oslo. They met again.\n\nRelated: Summit in Rome"


def _span(words: str, after: int = 0) -> Span:
    start = TEXT.index(words, after)
    return Span(start, start + len(words), words)


def _mark(span: Span) -> dict[str, object]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _annotated() -> Annotated:
    met, again, summit = _span("met"), _span("met", 30), _span("Summit in Rome")
    event = {"participants": ["Ana Petrova", "Bo Lund"], "places": ["Oslo"], "status": "occurred"}
    gold = {
        "people": [{"name": "Ana Petrova", "mentions": [_mark(_span("Ana Petrova"))]},
                   {"name": "Bo Lund", "mentions": [_mark(_span("Bo Lund"))]}],
        "organizations": [],
        "places": [{"name": "Oslo", "kind": "city", "mentions": [_mark(_span("Oslo"))]}],
        "events": [
            {"key": "oslo", "type": "Meeting", "label": "x", "time": "2019-W02", "mentions": [_mark(met)], **event},
            {"key": "again", "type": "Meeting", "label": "x", "time": None, "mentions": [_mark(again)], **event},
            {"key": "rome", "type": "Summit", "label": "x", "time": "2019", "mentions": [_mark(summit)], **event},
        ],
    }  # fmt: skip
    return Annotated("sample", Article.create(TEXT, title="Sample"), gold)


def test_the_annotation_comes_to_an_extraction() -> None:
    annotated = _annotated()
    extraction = extraction_of(annotated, annotated.article)
    first = extraction.reports[0]
    assert first.participants == ("person/ana-petrova", "person/bo-lund")
    assert (first.places, first.label, first.type) == (("place/oslo",), "met", EventType.MEETING)
    # A week is put as its days.
    assert (first.time, first.earliest) == ("2019-01-07/2019-01-13", date(2019, 1, 7))
    assert extraction.reports[1].time is None
    assert extraction.reports[0].status is Status.OCCURRED
    assert people_of(annotated, extraction) == {"person/ana-petrova": "Ana Petrova", "person/bo-lund": "Bo Lund"}


def test_reports_are_aligned_one_to_one_by_the_largest_share_and_in_related_items_too() -> None:
    annotated = _annotated()
    key = annotated.article.key
    item = TEXT[TEXT.index("Related") :]
    section = Section("related", Span(TEXT.index("Related"), len(TEXT), item), "Summit in Rome")
    extraction = Extraction(
        annotated.article,
        reports=(
            Report(f"{key}/report/1", EventType.MEETING, "met", (_span("met"), _span("met", 30))),
            Report(f"{key}/report/2", EventType.MEETING, "met again", (_span("met", 30),)),
            Report(f"{key}/report/3", EventType.SUMMIT, "Summit", (_span("Summit"),)),
        ),
        sections=(section,),
    )
    aligned = reports_of(annotated, extraction)
    assert {aligned[f"{key}/report/1"], aligned[f"{key}/report/2"]} == {"oslo", "again"}
    # The item is an article of its own, so its report has another key.
    (elsewhere,) = (report for report, event in aligned.items() if event == "rome")
    assert not elsewhere.startswith(key)


def _record(number: int, first: str, last: str) -> Record:
    return Record(
        "president-travel", number, "a.xml", date.fromisoformat(first), date.fromisoformat(last), "Norway",
        (Spot("place/oslo", "Oslo", PlaceKind.CITY),), (Traveller("person/ana", "President", "Ana", "Ana"),),
        (Met("person/bo", "King", "Bo"), Met(None, "Minister", "Cy")),
    )  # fmt: skip


def test_events_are_compared_with_records() -> None:
    one, two = _record(1, "2019-02-01", "2019-02-03"), _record(2, "2020-02-01", "2020-02-03")
    days = (date(2019, 2, 2), date(2019, 2, 2))
    both, oslo = {"person/ana", "person/bo"}, {"place/oslo"}
    carries = Told("event/a", "Summit", True, days, both, oslo, {one.key})
    loose = Told("event/b", "Meeting", True, days, {"person/ana"}, {"place/norway"})
    elsewhere = Told("event/c", "Meeting", True, days, both, {"place/rome"})
    imagined = Told("event/d", "Meeting", False, days, both, oslo)
    wrong = Told("event/e", "Summit", True, days, both, oslo, {two.key})
    joined = compare([carries, loose, elsewhere, imagined], [one, two])
    assert [e.key for _, e in joined.carried] == ["event/a"]
    assert [e.key for _, e in joined.loose] == ["event/b"]
    assert joined.pairs == joined.named == joined.found == {(one.key, "person/ana", "person/bo")}
    joined = compare([loose, elsewhere, wrong], [one, two])
    assert [(r.key, e.key) for r, e in joined.odd] == [(two.key, "event/e")]
    assert joined.named
    assert not joined.found
