"""Whatever happens to a dataset: afterwards it verifies clean, and nothing that was acknowledged is lost."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graph.backup.backup import back_up
from graph.backup.restore import restore
from graph.errors import DatasetError, InUseError
from graph.history import History
from graph.ingest.ingester import Ingester
from graph.publish import publish
from graph.settings import Settings
from graph.store import Dataset
from graph.verify import verify
from tests.chaos.rounds import BASE, Chaos
from tests.chaos.sample import article_of, source
from tests.web.serving import application


def _wrong(dataset: Path) -> list[str]:
    return [str(each) for each in verify(Dataset.open(dataset), Settings(dataset=dataset)) if each.wrong]


def _keys(dataset: Path) -> set[str]:
    current = Dataset.open(dataset).current()
    assert current is not None
    names = (str(graph.value) for graph in current.open().named_graphs())
    return {name.removeprefix(f"{BASE}graph/") for name in names if "/graph/article/" in name}


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    Dataset.create(tmp_path / "dataset", BASE)
    return tmp_path / "dataset"


def _ingest(dataset: Path, sources: Path, number: int, version: int = 0) -> str:
    with Ingester(Dataset.open(dataset), Settings(dataset=dataset)) as ingester:
        (outcome,) = ingester.ingest([str(source(sources, number, version))])
    assert outcome.key is not None, outcome.error
    return outcome.key


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_random_moments(tmp_path: Path) -> None:
    with Chaos(tmp_path, seed=20190228) as chaos:
        for number in range(8):
            chaos.round(number)
        for number, operation in enumerate(("ingest", "publish", "rebuild", "backup"), 100):
            chaos.round(number, operation, after=1)
    assert chaos.killed.total() == 12
    assert all(chaos.acknowledged[name] for name in ("ingest", "publish", "rebuild", "backup"))


def test_a_clock_that_goes_back(dataset: Path, tmp_path: Path) -> None:
    given, opened = Settings(dataset=dataset), Dataset.open(dataset)
    first = _ingest(dataset, tmp_path, 0)
    publish(opened, given)
    generation = opened.current()
    assert generation is not None
    ahead = generation.published.timestamp() + 86_400
    os.utime(generation.path, (ahead, ahead))  # as if it had been published tomorrow
    shutil.rmtree(opened.history_path)
    History(opened.history_path).record(generation, opened.iris)
    del generation
    second = _ingest(dataset, tmp_path, 1)
    assert publish(opened, given).number == 2
    assert _keys(dataset) == {first, second}
    moments = [version.published for version in reversed(list(History(opened.history_path).latest()))]
    assert moments == sorted(moments), "the history must not go back in time"
    assert {version.generation for version in History(opened.history_path).latest()} == {1, 2}
    assert not _wrong(dataset)


def test_two_writers_at_once(dataset: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "graph.cli", "ingest", "--jobs", "1", "--dataset", str(dataset)]
    articles = [str(source(tmp_path / "sources", number, 0)) for number in range(2)]
    both = [subprocess.Popen([*command, path], stderr=subprocess.PIPE, text=True) for path in articles]
    said = [process.communicate(timeout=200)[1] for process in both]
    stored = set()
    for number, process in enumerate(both):
        if process.returncode == 0:
            stored.add(article_of(tmp_path / "sources", number, 0).key)
        else:
            assert process.returncode == 6
            assert "in use by process" in said[number]
    assert stored
    assert stored <= _keys(dataset)
    assert not _wrong(dataset)


def test_a_corrupt_archive_stops_no_other_article(dataset: Path, tmp_path: Path) -> None:
    key = _ingest(dataset, tmp_path, 0)
    for path in (dataset / "archive" / "raw").rglob("*.gz"):
        path.write_bytes(b"rotten")
    other = _ingest(dataset, tmp_path, 1)
    publish(Dataset.open(dataset), Settings(dataset=dataset))
    assert _keys(dataset) == {key, other}
    (line,) = _wrong(dataset)
    assert "this file of the archive is broken" in line
    # The remedy that it names.
    remedied = line.rsplit("; ", 1)[1]
    assert remedied == "restore it, or delete it and ingest its source again"
    next(path for path in (dataset / "archive" / "raw").rglob("*.gz") if path.read_bytes() == b"rotten").unlink()
    _ingest(dataset, tmp_path, 0)
    assert not _wrong(dataset)


def _ingest_for_ever(dataset: Path, sources: Path) -> None:
    for version in itertools.count(1):
        _ingest(dataset, sources, 1, version)
        publish(Dataset.open(dataset), Settings(dataset=dataset))


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    dataset = small_disk / "dataset"
    Dataset.create(dataset, BASE)
    first = _ingest(dataset, tmp_path, 0)
    publish(Dataset.open(dataset), Settings(dataset=dataset))
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    with filler.open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, max(1, free - 20_000))
    with pytest.raises(DatasetError, match=r"disk is full|No space left"):
        _ingest_for_ever(dataset, tmp_path)
    filler.unlink()
    assert not _wrong(dataset)
    assert first in _keys(dataset)
    other = _ingest(dataset, tmp_path, 2)
    publish(Dataset.open(dataset), Settings(dataset=dataset))
    assert {first, other} <= _keys(dataset)
    assert not _wrong(dataset)


def test_verifying_and_writing_at_once(dataset: Path, tmp_path: Path) -> None:
    key = _ingest(dataset, tmp_path, 0)
    publish(Dataset.open(dataset), Settings(dataset=dataset))
    with Dataset.open(dataset).writer():
        assert not _wrong(dataset)
        with pytest.raises(InUseError):
            _ingest(dataset, tmp_path, 1)
    assert _keys(dataset) == {key}


def test_a_dataset_that_goes_under_a_running_server(dataset: Path, tmp_path: Path) -> None:
    key = _ingest(dataset, tmp_path, 0)
    publish(Dataset.open(dataset), Settings(dataset=dataset))
    back_up(Dataset.open(dataset), tmp_path / "backup")
    with application(Dataset.open(dataset)) as app:
        server = app.test_client()

        def answers() -> list[int]:
            paths = ("/healthz", "/", f"/id/{key}")
            return [server.get(path, follow_redirects=True).status_code for path in paths]

        assert answers() == [200, 200, 200]
        shutil.rmtree(dataset)
        assert answers() == [503, 503, 503]
        assert server.get("/healthz").is_json
        restore(tmp_path / "backup", dataset)
        assert answers() == [200, 200, 200]
    assert not _wrong(dataset)
