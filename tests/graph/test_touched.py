"""What a publication leaves unread makes no difference: the index and the history are those of the whole store."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from graph.history import History, Version, things
from graph.history.touched import touched_in
from graph.index import FOLDER, build
from graph.ingest.ingester import Ingester
from graph.publish import publish
from graph.settings import Settings
from graph.store import Change, Dataset, Generation, journal
from graph.verify import Depth, verify
from tests.graph.curation.sample import (
    ANNA,
    COURIER,
    HARDING,
    PETROVA,
    SUMMIT,
    TEXTS,
    VISIT,
    curate,
    key_of,
    make,
    merge,
    reject,
    say,
)


def published(dataset: Dataset) -> Generation:
    return publish(dataset, Settings(dataset=dataset.path))


def current(dataset: Dataset) -> Generation:
    generation = dataset.current()
    assert generation is not None
    return generation


def replayed(dataset: Dataset) -> dict[str, str]:
    """Follow the history from the first page; return what is said of each thing in the end."""
    history, found = History(dataset.history_path), dict[str, str]()
    for version in (v for number in range(1, history.pages + 1) for v in history.page(number)):
        if version.change == "deleted":
            del found[version.key]
        else:
            assert (version.change == "changed") == (version.key in found)
            assert version.said != found.get(version.key)
            found[version.key] = version.said
    return found


def check(dataset: Dataset, folder: Path) -> None:
    """Compare the index of the current generation with one that is made anew, and the history with all things."""
    generation = current(dataset)
    store = generation.open()
    shutil.rmtree(folder, ignore_errors=True)
    build(store, dataset.iris, folder)
    made, anew = (
        {p.name: p.read_bytes() for p in f.iterdir() if p.is_file()} for f in (generation.path / FOLDER, folder)
    )
    assert set(made) == set(anew)
    assert [name for name in sorted(made) if made[name] != anew[name]] in ([], ["index.json"])
    # The engine of the full text names its files by chance.
    for name in ("frequent.bin", "frequent.bits.npy"):
        assert (generation.path / FOLDER / "text" / name).read_bytes() == (folder / "text" / name).read_bytes()
    assert replayed(dataset) == things(store, dataset.iris)


def remove(dataset: Dataset, name: str) -> None:
    with Ingester(dataset, Settings(dataset=dataset.path)) as ingester:
        assert ingester.remove(key_of(name))


def test_articles_come_change_and_go_and_curations_do(tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna")
    assert touched_in(current(dataset)) is None  # the first generation has none before it
    fresh = tmp_path / "fresh"
    check(dataset, fresh)

    def small() -> Iterator[str]:
        make(tmp_path, "courier")
        yield "an article comes"
        make(tmp_path, "novak")
        yield "one on the same event"
        curate(
            dataset, merge("petrova", PETROVA, ANNA) + say("name", "Correction", PETROVA, "rdfs:label", '"Ana P."@en')
        )
        yield "people are merged and named anew"
        curate(dataset, merge("petrova", PETROVA, ANNA) + reject("visit", VISIT))
        yield "an event is rejected, a correction taken back"
        make(tmp_path, "courier", courier=TEXTS["courier"].replace("visited Lutz", "came"))
        yield "an article changes under curations"
        curate(dataset, merge("summits", SUMMIT, COURIER))
        yield "events are merged"
        (dataset.curation_path / "curations.ttl").unlink()
        published(dataset)
        yield "no curation is left"
        remove(dataset, "varenna")
        published(dataset)
        yield "an article goes"
        make(tmp_path, "varenna", varenna=TEXTS["varenna"].replace("well", "badly"))
        yield "it comes back with other words"

    for step in small():
        touched = touched_in(current(dataset))
        assert touched is not None, step
        assert touched.things, step
        check(dataset, fresh)


def test_what_did_not_change_is_not_looked_at(tmp_path: Path) -> None:
    dataset = make(tmp_path)
    make(tmp_path, "courier", courier=TEXTS["courier"].replace("visited Lutz", "came"))
    touched = touched_in(current(dataset))
    assert touched is not None
    assert touched.since == dataset.generations()[-2].name
    assert dataset.iris.thing(VISIT) in touched.things
    assert dataset.iris.thing(HARDING) not in touched.things
    assert not any(thing.startswith(dataset.iris.thing(key_of("varenna"))) for thing in touched.things)


@pytest.mark.parametrize("lost", ["journal", "curated", "index", "state", "speakers"])
def test_where_something_is_lost_all_is_read(lost: str, tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna", "courier")
    generation = current(dataset)
    path = {
        "journal": dataset.path / "store" / "journal",
        "curated": generation.path / "curated",
        "index": generation.path / FOLDER / "index.json",
        "state": dataset.history_path / "state",
        "speakers": generation.path / FOLDER / "speakers.bin",
    }[lost]
    path.unlink()
    make(tmp_path, "novak")
    assert (touched_in(current(dataset)) is None) == (lost in ("journal", "curated"))
    check(dataset, tmp_path / "fresh")


def test_where_much_has_changed_all_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.history.touched._FEW", 20)
    dataset = make(tmp_path, "varenna", "courier")
    make(tmp_path, "novak", varenna=TEXTS["varenna"].replace("well", "badly"))
    assert touched_in(current(dataset)) is None
    check(dataset, tmp_path / "fresh")


def test_a_generation_that_was_never_recorded_is_looked_for_in_all(tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna")
    given = Settings(dataset=dataset.path)
    history = dataset.history_path
    shutil.copytree(history, tmp_path / "history")
    make(tmp_path, "courier")
    shutil.rmtree(history)
    shutil.copytree(tmp_path / "history", history)  # as if that publication had been cut off before the history
    make(tmp_path, "novak")
    assert touched_in(current(dataset)) is not None
    check(dataset, tmp_path / "fresh")
    assert publish(dataset, given).number == 3


def test_a_store_that_was_put_back_has_no_journal_of_another_time(tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna")
    shutil.copytree(dataset.path / "store", tmp_path / "older")
    make(tmp_path, "courier")
    make(tmp_path, "novak")
    shutil.rmtree(dataset.path / "store")
    shutil.copytree(tmp_path / "older", dataset.path / "store")
    dataset = Dataset.open(dataset.path)
    published(dataset)
    make(tmp_path, "novak")
    check(dataset, tmp_path / "fresh")


def test_another_run_of_the_machine_trusts_only_a_journal_that_was_closed(tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna")
    store = dataset.path / "store"
    path = store / journal.JOURNAL
    assert journal.read(store) is not None
    path.write_text(path.read_text("utf-8").replace("open ", "open another-"), "utf-8")
    assert journal.read(store) is not None  # it was closed
    path.write_text(path.read_text("utf-8").removesuffix("closed\n"), "utf-8")
    assert journal.read(store) is None
    make(tmp_path, "courier")
    assert touched_in(current(dataset)) is None
    check(dataset, tmp_path / "fresh")


def test_each_commit_is_noted_before_it_is_made(tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna")
    store = dataset.path / "store"
    random, iris = Random(3), dataset.iris
    with dataset.writer() as writer:
        before = set(writer.graph(iris.events_graph))
        for triple in random.sample(sorted(before, key=str), 5):
            writer.commit(Change(remove={iris.events_graph: frozenset({triple})}))
            found = journal.read(store)
            assert found is not None
            ends = (str(triple.subject)[1:-1], str(triple.object)[1:-1])
            assert found[1].issuperset(end for end in ends if end.startswith(iris.base))


@pytest.mark.parametrize("lost", ["index", "history"])
def test_what_is_not_of_what_is_published_is_found_and_mended(lost: str, tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna", "courier")
    given = Settings(dataset=dataset.path)
    assert not list(verify(dataset, given, Depth.DEEP))
    generation, state = current(dataset), dataset.history_path / "state"
    if lost == "index":
        names = generation.path / FOLDER / "names.bin"
        names.write_bytes(names.read_bytes().replace(b"Ana Petrova", b"Ivo Petrova"))
    else:
        head, *lines = state.read_text("utf-8").splitlines(keepends=True)
        state.write_text(head + "".join(lines[1:]), "utf-8")
    (found,) = verify(dataset, given, Depth.DEEP)
    assert found.where == str(generation.path / FOLDER if lost == "index" else dataset.history_path)
    for path in (dataset.path / "store" / "journal", dataset.path / "store" / "published"):
        assert str(path) in found.remedy
        path.unlink()
    assert published(dataset).number == 2
    assert not list(verify(dataset, given, Depth.DEEP))


def test_the_history_says_nothing_of_what_stayed(tmp_path: Path) -> None:
    dataset = make(tmp_path, "varenna", "courier")
    make(tmp_path, "novak")
    history = History(dataset.history_path)
    new: list[Version] = [v for v in history.latest() if v.generation == 2]
    assert {v.key for v in new if v.change == "created"} >= {key_of("novak")}
    assert key_of("varenna") not in {v.key for v in new}
