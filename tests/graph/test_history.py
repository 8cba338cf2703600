"""The history: whoever reads it from the first page knows how all things stand, whatever was cut off and when."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import DatasetError
from graph.history import CLASSES, PAGE_LENGTH, History, Version, lines_of, things
from graph.publish import publish
from graph.settings import Settings
from graph.store import Change, Dataset, Generation, Triple

BASE = "https://zubrowka.example/"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
EVENT = ox.NamedNode("http://semanticweb.cs.vu.nl/2009/11/sem/Event")
REPLACED = ox.NamedNode("http://purl.org/dc/terms/isReplacedBy")


def told(labels: dict[str, str], replaced: dict[str, str] | None = None) -> frozenset[Triple]:
    """Return events with these labels."""
    found = set()
    for name, label in labels.items():
        node = ox.NamedNode(f"{BASE}id/event/{name}")
        found |= {Triple(node, TYPE, EVENT), Triple(node, LABEL, ox.Literal(label, language="en"))}
    for old, new in (replaced or {}).items():
        found.add(Triple(ox.NamedNode(f"{BASE}id/event/{old}"), REPLACED, ox.NamedNode(f"{BASE}id/event/{new}")))
    return frozenset(found)


def store(dataset: Dataset, labels: dict[str, str], replaced: dict[str, str] | None = None) -> None:
    with dataset.writer() as writer:
        writer.commit(Change(replace={dataset.iris.events_graph: told(labels, replaced)}))


def published(dataset: Dataset, labels: dict[str, str], replaced: dict[str, str] | None = None) -> Generation:
    store(dataset, labels, replaced)
    return publish(dataset, Settings(dataset=dataset.path))


def every(history: History) -> list[Version]:
    return [version for number in range(1, history.pages + 1) for version in history.page(number)]


def replay(history: History) -> dict[str, str]:
    """Follow the history from the first page; return what is said of each thing in the end."""
    found: dict[str, str] = {}
    for version in every(history):
        if version.change == "deleted":
            del found[version.key]
        else:
            assert (version.change == "changed") == (version.key in found)
            found[version.key] = version.said
    return found


def stands(generation: Generation) -> dict[str, str]:
    """Return what a generation says of each thing."""
    opened, found = generation.open(), {}
    for name in CLASSES:
        for quad in opened.quads_for_pattern(None, TYPE, ox.NamedNode(name), ox.DefaultGraph()):
            assert isinstance(quad.subject, ox.NamedNode)
            said = opened.quads_for_pattern(quad.subject, None, None, ox.DefaultGraph())
            key = quad.subject.value.removeprefix(f"{BASE}id/")
            found[key] = "".join(sorted(f"{one.triple} .\n" for one in said))
    return found


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "dataset", BASE)


def test_what_each_generation_did(dataset: Dataset) -> None:
    history = History(dataset.history_path)
    assert history.pages == 0
    published(dataset, {"a": "Summit", "b": "Meeting"})
    published(dataset, {"a": "Summit in Lutz", "b": "Meeting", "c": "Call"})
    last = published(dataset, {"a": "Summit in Lutz", "c": "Call"}, {"b": "a"})
    assert [(v.generation, v.change, v.key) for v in every(history)] == [
        (1, "created", "event/a"), (1, "created", "event/b"),
        (2, "changed", "event/a"), (2, "created", "event/c"),
        (3, "deleted", "event/b"),
    ]  # fmt: skip
    gone = next(history.latest())
    assert [t.object for t in gone.triples()] == [ox.NamedNode(f"{BASE}id/event/a")]
    assert replay(history) == stands(last)
    times = [v.published for v in every(history)]
    assert times == sorted(times)


def test_publishing_without_a_change_adds_nothing(dataset: Dataset) -> None:
    published(dataset, {"a": "Summit"})
    publish(dataset, Settings(dataset=dataset.path))
    assert len(every(History(dataset.history_path))) == 1


def test_full_pages_never_change_and_outlive_generations(dataset: Dataset) -> None:
    history, seen = History(dataset.history_path), dict[int, bytes]()
    names = [f"{n:04}" for n in range(PAGE_LENGTH + 20)]
    for turn in range(6):
        last = published(dataset, {name: f"Summit {turn if name < '0100' else ''}" for name in names})
        for number in range(1, history.pages + 1):
            content = (dataset.history_path / f"{number:06}.jsonl.gz").read_bytes()
            if len(history.page(number)) == PAGE_LENGTH:
                assert seen.setdefault(number, content) == content
    assert len(seen) == 3
    assert len(dataset.generations()) == 3
    assert replay(history) == stands(last)
    assert [len(history.page(n)) for n in range(1, history.pages)] == [PAGE_LENGTH] * (history.pages - 1)


@pytest.mark.parametrize("left", range(4))
def test_what_was_cut_off_is_made_up_for(dataset: Dataset, left: int) -> None:
    """The pages are written in order, the state last: whatever was reached, the next publication goes on from there."""
    labels = {f"{n:04}": "Summit" for n in range(2 * PAGE_LENGTH + 9)}
    first = published(dataset, labels)
    history = History(dataset.history_path)
    for number in range(history.pages, left, -1):
        (dataset.history_path / f"{number:06}.jsonl.gz").unlink()
    (dataset.history_path / "state").unlink()
    assert publish(dataset, Settings(dataset=dataset.path)) == first
    assert replay(history) == stands(first)
    last = published(dataset, labels | {"0000": "Meeting"})
    assert replay(history) == stands(last)
    assert len(every(history)) == len(labels) + 1


def test_a_generation_that_was_never_recorded_is_part_of_the_next(dataset: Dataset) -> None:
    published(dataset, {"a": "Summit", "b": "Call"})
    store(dataset, {"a": "Meeting"})
    dataset.publish()
    last = published(dataset, {"a": "Meeting", "c": "Visit"})
    history = History(dataset.history_path)
    assert replay(history) == stands(last)
    assert {v.generation for v in every(history)} == {1, 3}


def test_an_older_generation_is_passed_over(dataset: Dataset) -> None:
    first = published(dataset, {"a": "Summit"})
    published(dataset, {"a": "Meeting"})
    assert History(dataset.history_path).record(first, dataset.iris) == 0
    assert len(every(History(dataset.history_path))) == 2


def test_where_the_generations_were_removed_it_begins_anew(dataset: Dataset) -> None:
    published(dataset, {"a": "Summit"})
    published(dataset, {"a": "Meeting"})
    shutil.rmtree(dataset.path / "generations")
    again = publish(Dataset.open(dataset.path), Settings(dataset=dataset.path))
    assert again.number == 1
    assert [(v.generation, v.change) for v in every(History(dataset.history_path))] == [(1, "created")]


def test_a_damaged_page_is_told(dataset: Dataset) -> None:
    published(dataset, {"a": "Summit"})
    (dataset.history_path / "000001.jsonl.gz").write_bytes(b"no page")
    with pytest.raises(DatasetError, match="the history is damaged") as raised:
        History(dataset.history_path).page(1)
    assert "begins anew" in raised.value.remedy


@pytest.mark.parametrize("end", ["\u2028", "\x85", "\x0b", "\x1c", "\r"], ids=ascii)
def test_a_line_ends_where_a_statement_does(tmp_path: Path, end: str) -> None:
    dataset = Dataset.create(tmp_path / "dataset", BASE)
    said = things(published(dataset, {"a": f"one{end}two", "b": "other"}).open(), dataset.iris)
    assert sorted(said) == ["event/a", "event/b"]
    for text in said.values():
        assert len(lines_of(text)) == 2
        assert all(len(list(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))) == 1 for line in lines_of(text))
