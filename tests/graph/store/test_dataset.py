"""Datasets: made, opened, and what can be wrong with their folder."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from graph.errors import DatasetError, InputError
from graph.iris import DEFAULT_BASE
from graph.store import Dataset
from tests.graph.store.sample import BASE, assert_merged, change, contents, state


def _check(error: "pytest.ExceptionInfo[DatasetError]", path: Path) -> None:
    """One line that names the folder, with cause and remedy."""
    assert str(path) in error.value.cause
    assert error.value.remedy
    assert "\n" not in str(error.value)


def test_made_once_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "dataset"
    assert not Dataset.exists(path)
    made = Dataset.open_or_create(path, BASE)
    assert Dataset.exists(path)
    assert (made.path, made.iris.base) == (path, BASE)
    assert (made.archive_path, made.quarantine_path) == (path / "archive", path / "quarantine")
    assert Dataset.open(path, writable=True).iris.base == BASE
    assert Dataset.open_or_create(path).iris.base == BASE
    with pytest.raises(DatasetError, match="already a dataset"):
        Dataset.create(path, BASE)


def test_the_base_is_chosen_once(dataset: Dataset) -> None:
    for _ in range(2):  # told by the live store, then by a generation
        with pytest.raises(
            DatasetError, match=f"its base IRI is {BASE} and not https://other.example/; leave the base out"
        ):
            Dataset.open_or_create(dataset.path, "https://other.example/")
        dataset.publish()


def test_without_a_base_the_default_is_taken(tmp_path: Path) -> None:
    assert Dataset.open_or_create(tmp_path / "a").iris.base == DEFAULT_BASE
    assert Dataset.open_or_create(tmp_path / "b", default=BASE).iris.base == BASE


def test_a_base_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Dataset.open_or_create(tmp_path / "dataset", "no base")
    assert list(tmp_path.iterdir()) == []


def test_the_base_is_known_while_another_writes_once_it_is_published(dataset: Dataset) -> None:
    reader = Dataset.open(dataset.path)
    with dataset.writer():
        assert dataset.iris.base == BASE
        with pytest.raises(DatasetError, match="already writing"):
            _ = reader.iris
        dataset.publish()
        assert reader.iris.base == BASE


def test_a_dataset_made_anew_may_have_another_base(dataset: Dataset) -> None:
    dataset.publish()
    assert dataset.iris.base == BASE
    shutil.rmtree(dataset.path)
    with pytest.raises(DatasetError, match="there is no dataset"):
        _ = dataset.iris
    Dataset.create(dataset.path, "https://other.example/").publish()
    assert dataset.iris.base == "https://other.example/"


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as error:
        Dataset.open(tmp_path / "none")
    _check(error, tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")
    for make in (Dataset.open, Dataset.create, Dataset.open_or_create):
        for path in (tmp_path, tmp_path / "letter.txt"):
            with pytest.raises(DatasetError) as error:
                make(path)
            _check(error, path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_attempt_that_was_cut_off_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".new-123").mkdir()
    (tmp_path / "lock").write_text("1\n")
    (tmp_path / "archive").mkdir()
    assert Dataset.open_or_create(tmp_path, BASE).iris.base == BASE
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "lock", "store"}


def test_two_writers_in_one_process(dataset: Dataset) -> None:
    with dataset.writer() as writer:
        for other in (dataset, Dataset.open(dataset.path)):
            with pytest.raises(DatasetError, match="this process is already writing") as error:
                other.writer()
            _check(error, dataset.path)
        writer.commit(change(1))
    with Dataset.open(dataset.path).writer() as writer:
        assert contents(writer) == state(1)


def _break(store: Path, how: str) -> None:
    manifest = next(store.glob("MANIFEST-*"))
    table = max(store.glob("*.sst"), key=lambda path: path.stat().st_size)
    match how:
        case "no CURRENT":
            (store / "CURRENT").unlink()
        case "garbage in CURRENT":
            (store / "CURRENT").write_bytes(b"\xff" * 16)
        case "no MANIFEST":
            manifest.unlink()
        case "short MANIFEST":
            os.truncate(manifest, 50)
        case "a table is missing":
            table.unlink()
        case "a table is cut":
            os.truncate(table, 100)
        case "garbage in the tables":
            for path in store.glob("*.sst"):
                path.write_bytes(b"\xff" * path.stat().st_size)
        case "empty":
            shutil.rmtree(store)
            store.mkdir()


_BREAKS = [
    "no CURRENT", "garbage in CURRENT", "no MANIFEST", "short MANIFEST", "a table is missing", "a table is cut",
    "garbage in the tables", "empty",
]  # fmt: skip


@pytest.mark.parametrize("how", _BREAKS)
def test_a_damaged_store_can_be_restored_from_its_generation(dataset: Dataset, how: str) -> None:
    with dataset.writer() as writer:
        for n in range(1, 6):
            writer.commit(change(n))
    generation = dataset.publish()
    store = dataset.path / "store"
    # The tables are hard links to those of the generation: damage copies of them.
    shutil.copytree(store, dataset.path / "copy")
    shutil.rmtree(store)
    (dataset.path / "copy").rename(store)
    _break(store, how)
    with pytest.raises(DatasetError, match="it is damaged") as error:
        dataset.writer()
    _check(error, store)
    assert error.value.remedy == f"move {store} away and copy {generation.path} to {store}"
    assert dataset.iris.base == BASE, "readers are not disturbed"
    store.rename(dataset.path / "away")
    shutil.copytree(generation.path, store)
    with dataset.writer() as writer:
        assert contents(writer) == state(5)
        assert_merged(writer)
        writer.commit(change(6))
    assert contents(dataset.publish().open()) == state(6)


def test_damage_in_the_middle_of_a_table(dataset: Dataset) -> None:
    with dataset.writer() as writer:
        for n in range(1, 30):
            writer.commit(change(n))
    for table in (dataset.path / "store").glob("*.sst"):
        with table.open("r+b") as out:
            out.seek(20)
            out.write(b"\xff" * 200)
    with pytest.raises(DatasetError, match="damaged"):  # noqa: SIM117
        with dataset.writer() as writer:
            contents(writer)


def test_a_store_that_is_gone(dataset: Dataset) -> None:
    generation = dataset.publish()
    shutil.rmtree(dataset.path / "store")
    with pytest.raises(DatasetError, match=f"its store is missing; copy {generation.path} to"):
        Dataset.open_or_create(dataset.path)


def _fill(disk: Path) -> Path:
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
        while True:
            out.write(b"0" * 4096)
    return filler


def test_a_full_disk(small_disk: Path) -> None:
    dataset = Dataset.create(small_disk / "dataset", BASE)
    with dataset.writer() as writer:
        for n in range(1, 6):
            writer.commit(change(n))
    dataset.publish()
    filler = _fill(small_disk)
    reached = 5
    refused = ""
    try:
        dataset.writer().close()  # the engine may or may not need space for this
    except DatasetError as error:
        refused = error.cause
    assert not refused or "the disk is full" in refused
    filler.unlink()
    with dataset.writer() as writer:
        filler = _fill(small_disk)
        with pytest.raises(DatasetError, match="the disk is full; free some space") as raised:  # noqa: PT012
            for n in range(6, 1000):
                writer.commit(change(n))
                reached = n
        _check(raised, dataset.path)
        assert writer.closed
        with pytest.raises(DatasetError, match="open the dataset again"):
            writer.commit(change(reached + 1))
    current = dataset.current()
    assert current is not None
    assert contents(current.open()) == state(5)
    with pytest.raises(DatasetError, match="the disk is full"):
        dataset.publish()
    filler.unlink()
    with dataset.writer() as writer:
        assert contents(writer) == state(reached), "what was committed is there, and nothing of what was not"
        assert_merged(writer)
        writer.commit(change(reached + 1))
    assert contents(dataset.publish().open()) == state(reached + 1)


def test_a_disk_too_full_for_a_dataset(small_disk: Path) -> None:
    filler = _fill(small_disk)
    with pytest.raises(DatasetError, match="the disk is full") as error:
        Dataset.create(small_disk / "dataset", BASE)
    _check(error, small_disk)
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
    filler.unlink()
    assert Dataset.create(small_disk / "dataset", BASE).iris.base == BASE


def test_a_read_only_disk(small_disk: Path) -> None:
    dataset = Dataset.create(small_disk / "dataset", BASE)
    with dataset.writer() as writer:
        writer.commit(change(1))
    dataset.publish()
    with dataset.writer() as writer:
        writer.commit(change(2))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for work in (dataset.writer, dataset.publish, lambda: Dataset.open(dataset.path, writable=True)):
        with pytest.raises(DatasetError, match="it cannot be written; check its permissions") as error:
            work()
        _check(error, dataset.path)
    with pytest.raises(DatasetError, match="it cannot be written"):
        Dataset.create(small_disk / "other")
    opened = Dataset.open(dataset.path)
    current = opened.current()
    assert current is not None
    assert contents(current.open()) == state(1)
    assert opened.iris.base == BASE
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert contents(dataset.publish().open()) == state(2)
