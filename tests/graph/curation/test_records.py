"""Events that official records describe: curated like others, but what a record says of its event stays."""

from pathlib import Path

import pytest

import graph.ingest.ingester
from graph.facts.records import load_records
from graph.ingest.ingester import Ingester
from graph.settings import Settings
from graph.store import Dataset
from tests.graph.curation.sample import SIGNED, Reader, curate, make, merge, reject

SUMMIT = "event/2021-05-02-varenna-summit"


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Dataset, list[str]]:
    """Return a dataset of the sample with three records, and the keys of these."""
    dataset = make(tmp_path)
    some = load_records()[:3]
    monkeypatch.setattr(graph.ingest.ingester, "load_records", lambda: some)
    with Ingester(dataset, Settings(dataset=dataset.path)) as ingester:
        assert ingester.load_records() == 3
    return dataset, [record.key for record in some]


def _event(seen: Reader, record: str) -> str:
    (event,) = seen.values(record, "ply:reportsOn")
    return event


def test_what_a_record_says_of_the_event_that_stays_is_kept(recorded: tuple[Dataset, list[str]]) -> None:
    dataset, (first, second, _) = recorded
    before = curate(dataset, "")
    one, other = _event(before, first), _event(before, second)
    seen = curate(dataset, merge("a", one, other) + merge("b", one, SUMMIT))
    for prop in ("rdfs:label", "ply:time", "sem:hasActor", "sem:hasPlace", "rdf:type"):
        assert seen.values(one, prop) == before.values(one, prop)
    assert {first, second} < seen.values(one, "ply:report")
    assert seen.event("varenna") == one
    assert seen.refusals() == ""


def test_an_event_of_articles_stays_one_when_a_record_joins_it(recorded: tuple[Dataset, list[str]]) -> None:
    dataset, (first, _, _) = recorded
    before = curate(dataset, "")
    seen = curate(dataset, merge("a", SUMMIT, _event(before, first)))
    assert first in seen.values(SUMMIT, "ply:report")
    assert seen.values(SUMMIT, "rdf:type") == before.values(SUMMIT, "rdf:type")
    assert seen.values(SUMMIT, "sem:hasActor") == before.values(SUMMIT, "sem:hasActor")
    assert seen.refusals() == ""


def test_a_rejected_record_takes_its_event_along(recorded: tuple[Dataset, list[str]]) -> None:
    dataset, (first, second, third) = recorded
    before = curate(dataset, "")
    seen = curate(dataset, reject("a", first) + reject("b", _event(before, second)))
    for record in (first, second):
        assert not seen.says(record)
        assert not seen.says(_event(before, record))
        assert seen.says(record, "records")
    assert seen.says(_event(seen, third))
    assert seen.refusals() == ""


def test_a_record_can_leave_an_event(recorded: tuple[Dataset, list[str]]) -> None:
    dataset, (first, second, _) = recorded
    before = curate(dataset, "")
    one, other = _event(before, first), _event(before, second)
    # Merged by one curation, and divided again by a later one.
    split = f"<curation/b> a ply:Split ; ply:target <{one}> ; ply:leaving <{second}> ; "
    split += SIGNED.replace("06-01", "06-02")
    seen = curate(dataset, merge("a", one, other) + split)
    assert seen.values(one, "ply:report") == {first}
    new = _event(seen, second)
    assert new not in (one, other)
    assert seen.values(new, "ply:time") == before.values(other, "ply:time")
    assert seen.refusals() == ""
