"""Generations: never a mixture, never gone while somebody reads them."""

import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import DatasetError
from graph.store import Change, Dataset, EmbeddedStore, Generation
from tests.graph.store.sample import BASE, assert_merged, change, contents, number, state, triple, version_of

ROOT = Path(__file__).parents[3]


def _numbers(dataset: Dataset) -> list[int]:
    return [generation.number for generation in dataset.generations()]


def _names(dataset: Dataset) -> set[str]:
    return {path.name for path in (dataset.path / "generations").iterdir()}


def _commit(dataset: Dataset, *numbers: int) -> None:
    with dataset.writer() as writer:
        for n in numbers:
            writer.commit(change(n))


def test_nothing_is_published_at_first(dataset: Dataset) -> None:
    assert dataset.current() is None
    assert dataset.generations() == []


def test_the_last_three_are_kept(dataset: Dataset) -> None:
    for n in range(1, 6):
        _commit(dataset, n)
        generation = dataset.publish()
        assert generation.number == n
        assert dataset.current() == generation
        assert contents(generation.open()) == state(n)
        del generation
    assert _numbers(dataset) == [3, 4, 5]
    assert [contents(generation.open()) for generation in dataset.generations()] == [state(3), state(4), state(5)]
    _commit(dataset, 6)
    dataset.publish(keep=1)
    assert _numbers(dataset) == [6]


def test_nothing_new_is_no_new_generation(dataset: Dataset) -> None:
    first = dataset.publish()
    assert dataset.publish() == first
    assert Dataset.open(dataset.path).publish() == first
    with dataset.writer() as writer:
        writer.commit(Change())
        writer.commit(Change(replace={f"{BASE}graph/none": frozenset()}))
        assert dataset.publish() == first
        writer.commit(change(1))
    assert dataset.publish().number == 2


def test_a_writer_publishes_what_it_has_committed(dataset: Dataset) -> None:
    with dataset.writer() as writer:
        for n in range(1, 4):
            writer.commit(change(n))
            assert contents(dataset.publish().open()) == state(n)
        writer.commit(change(4))
    current = dataset.current()
    assert current is not None
    assert contents(current.open()) == state(3), "what is not published is not seen"


def _scatter(writer: EmbeddedStore) -> None:
    """Put the content into more files than the engine opens at once."""
    for n in range(30):
        triples = frozenset(triple(f"article/{n}", f"part/{i}", number(str(i * n))) for i in range(50))
        writer.commit(Change(replace={f"{BASE}graph/article/{n}": triples}))
        writer.flush()


def test_a_generation_stays_while_it_is_read(dataset: Dataset) -> None:
    with dataset.writer() as writer:
        _scatter(writer)
        before = contents(writer)
        generation = dataset.publish()
        assert len(list(generation.path.glob("*.sst"))) > 20, "else this test would prove nothing"
        store = generation.open()
        for n in range(30):
            writer.commit(Change(replace={f"{BASE}graph/article/{n}": frozenset()}))
        for n in range(1, 6):
            writer.commit(change(n))
            dataset.publish()
        assert _numbers(dataset) == [1, 4, 5, 6]
        assert contents(store) == before
        assert_merged(store)
        del store, generation
        writer.commit(change(6))
        dataset.publish()
        assert _numbers(dataset) == [5, 6, 7]


def test_another_process_keeps_its_generation_too(dataset: Dataset) -> None:
    _commit(dataset, 1)
    dataset.publish()
    script = (
        "import sys; from pathlib import Path; from graph.store import Dataset\n"
        "held = Dataset.open(Path(sys.argv[1])).current(); print(held.number, flush=True); sys.stdin.read()\n"
        "print(len(held.open()), flush=True)"
    )
    command = [sys.executable, "-c", script, str(dataset.path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "1\n"
        for n in range(2, 7):
            _commit(dataset, n)
            dataset.publish()
        assert _numbers(dataset) == [1, 4, 5, 6]
        answer, _ = reader.communicate("")
        assert int(answer) > 0
    _commit(dataset, 7)
    dataset.publish()
    assert _numbers(dataset) == [5, 6, 7]


@pytest.mark.slow
def test_readers_see_the_old_or_the_new(dataset: Dataset) -> None:
    """Readers in threads of this process, while another process commits and publishes."""
    dataset.publish()
    stop = threading.Event()
    seen: list[list[int]] = [[], []]
    wrong: list[str] = []

    def read(versions: list[int]) -> None:
        own = Dataset.open(dataset.path)
        while not stop.is_set():
            try:
                generation = own.current()
                assert generation is not None
                store = generation.open()
                graphs = contents(store)
                version = version_of(graphs)
                if graphs != state(version):
                    wrong.append(f"generation {generation.number} is no state that there ever was")
                assert_merged(store)
                versions.append(version)
            except Exception as error:
                wrong.append(repr(error))
                return

    readers = [threading.Thread(target=read, args=(versions,)) for versions in seen]
    for reader in readers:
        reader.start()
    command = [sys.executable, "-m", "tests.graph.store.child", str(dataset.path), "publish", "120"]
    try:
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    for versions in seen:
        assert versions == sorted(versions), "a reader went back in time"
        assert len(set(versions)) > 3


def test_a_generation_is_read_only(dataset: Dataset) -> None:
    generation = dataset.publish()
    with pytest.raises(RuntimeError, match="read-write"):
        generation.open().add(ox.Quad(*triple("a", "b", "c")))


def test_leftovers_of_a_crash_are_cleared(dataset: Dataset) -> None:
    _commit(dataset, 1)
    dataset.publish()
    folder = dataset.path / "generations"
    for name in (".new-123", ".old-000000-123", "000002"):
        (folder / name).mkdir()
        (folder / name / "CURRENT").write_text("cut off")
    (folder / ".new-current").write_text("2")
    assert _numbers(dataset) == [1]
    _commit(dataset, 2)
    assert contents(dataset.publish().open()) == state(2)
    assert _names(dataset) == {"000001", "000002", "current"}


@pytest.mark.parametrize("content", ["", "two", "99"])
def test_a_damaged_pointer_is_said_and_mended(dataset: Dataset, content: str) -> None:
    _commit(dataset, 1)
    dataset.publish()
    (dataset.path / "generations" / "current").write_text(content)
    with pytest.raises(DatasetError, match="run `parley publish`"):
        dataset.current()
    generation = dataset.publish()
    assert dataset.current() == generation
    assert contents(generation.open()) == state(1)


def test_a_damaged_generation_is_said(dataset: Dataset) -> None:
    generation = dataset.publish()
    (generation.path / "CURRENT").write_text("nonsense")
    with pytest.raises(DatasetError, match=f"{generation.path}: the generation is damaged"):
        generation.open()


def test_publishing_says_when(dataset: Dataset) -> None:
    generation: Generation = dataset.publish()
    assert generation.published.tzinfo is not None
    assert generation.published.timestamp() == pytest.approx(generation.path.stat().st_mtime, abs=0.001)
