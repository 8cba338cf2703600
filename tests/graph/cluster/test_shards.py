"""Shards: what was prepared is kept, and a run that was cut off goes on from there."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.article import Article
from graph.cluster import Shards
from graph.cluster.shards import MANIFEST
from graph.errors import DatasetError, InputError, ParleyError
from graph.extract.backends import load_backend
from graph.extract.model import Extraction
from graph.ingest.prepare import Prepared, Preparer
from graph.iris import Iris
from graph.settings import Settings
from tests.synthetic import News

IRIS = Iris("https://zubrowka.example/")
ARTICLES = [story.article for story in News().stories(6)]


class Recorder:
    """A runner that says which articles it was asked for, and may stop in the middle."""

    def __init__(self, stop_after: int = 99) -> None:
        self.asked: list[str] = []
        self._stop_after = stop_after
        self._preparer = Preparer(IRIS, load_backend(Settings()))

    def __call__(self, articles: Iterator[Article]) -> Iterator[tuple[str, Prepared | Extraction | ParleyError]]:
        for article in articles:
            if len(self.asked) == self._stop_after:
                raise KeyboardInterrupt
            self.asked.append(article.key)
            yield article.key, self._preparer(article)


def shards(folder: Path, iris: Iris = IRIS) -> Shards:
    return Shards(folder, iris, load_backend(Settings()))


def keys(articles: list[Article]) -> list[str]:
    return [article.key for article in articles]


def test_what_was_prepared_comes_back_as_it_was(tmp_path: Path) -> None:
    first = list(shards(tmp_path).keeping(Recorder())(iter(ARTICLES)))
    again = Recorder()
    second = list(shards(tmp_path).keeping(again)(iter(ARTICLES)))
    assert second == first
    assert again.asked == []
    assert all(isinstance(found, Prepared) and found.parts[0].sound for _, found in second)


def test_a_run_that_was_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    runner = shards(tmp_path).keeping(Recorder(stop_after=4))
    with pytest.raises(KeyboardInterrupt):
        list(runner(iter(ARTICLES)))
    again = Recorder()
    found = list(shards(tmp_path).keeping(again)(iter(ARTICLES)))
    assert [key for key, _ in found] == keys(ARTICLES)
    assert again.asked == keys(ARTICLES[4:])


def test_what_is_kept_and_what_is_new_come_in_the_order_of_the_articles(tmp_path: Path) -> None:
    list(shards(tmp_path).keeping(Recorder())(iter(ARTICLES[1::2])))
    again = Recorder()
    found = list(shards(tmp_path).keeping(again)(iter(ARTICLES)))
    assert [key for key, _ in found] == keys(ARTICLES)
    assert again.asked == keys(ARTICLES[::2])


def test_a_shard_is_quads_that_any_store_loads_and_the_manifest_tells_of_them(tmp_path: Path) -> None:
    found = dict(shards(tmp_path).keeping(Recorder())(iter(ARTICLES)))
    rows = [json.loads(line) for line in (tmp_path / MANIFEST).read_text("utf-8").splitlines()]
    assert [row["article"] for row in rows] == keys(ARTICLES)
    (name,) = {row["shard"] for row in rows}
    store = ox.Store()
    store.load(gzip.decompress((tmp_path / f"{name}.nq.gz").read_bytes()), format=ox.RdfFormat.N_QUADS)
    assert len(store) == sum(row["quads"] for row in rows)
    for key, prepared in found.items():
        assert isinstance(prepared, Prepared)
        graph = ox.NamedNode(IRIS.article_graph(key))
        stored = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
        assert stored == prepared.parts[0].triples()


def test_the_same_articles_make_the_same_shards(tmp_path: Path) -> None:
    done = [(a, p) for a, (_, p) in zip(ARTICLES, Recorder()(iter(ARTICLES)), strict=True) if isinstance(p, Prepared)]
    for name in ("one", "two"):
        shards(tmp_path / name).put(done)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert len(one) == 3


def test_a_manifest_that_was_cut_off_loses_its_last_article_only(tmp_path: Path) -> None:
    list(shards(tmp_path).keeping(Recorder())(iter(ARTICLES)))
    manifest = tmp_path / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:-20])
    again = Recorder()
    list(shards(tmp_path).keeping(again)(iter(ARTICLES)))
    assert again.asked == keys(ARTICLES[-1:])
    assert len(shards(tmp_path)) == len(ARTICLES)


def test_a_damaged_shard_is_made_again(tmp_path: Path) -> None:
    first = list(shards(tmp_path).keeping(Recorder())(iter(ARTICLES)))
    for path in tmp_path.glob("*.nq.gz"):
        path.write_bytes(path.read_bytes()[:100])
    again = Recorder()
    found = list(shards(tmp_path).keeping(again)(iter(ARTICLES)))
    assert again.asked == keys(ARTICLES)
    assert [key for key, _ in found] == [key for key, _ in first]


def test_another_base_is_another_shard(tmp_path: Path) -> None:
    list(shards(tmp_path).keeping(Recorder())(iter(ARTICLES)))
    assert shards(tmp_path, Iris("https://other.example/")).get(ARTICLES[0]) is None
    assert shards(tmp_path).get(ARTICLES[0]) is not None


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    def failing(articles: Iterator[Article]) -> Iterator[tuple[str, Prepared | Extraction | ParleyError]]:
        for article in articles:
            yield article.key, InputError("it is too tangled", "split it")

    found = list(shards(tmp_path).keeping(failing)(iter(ARTICLES)))
    assert all(isinstance(error, InputError) for _, error in found)
    again = Recorder()
    list(shards(tmp_path).keeping(again)(iter(ARTICLES)))
    assert again.asked == keys(ARTICLES)


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DatasetError, match="shards cannot be read or written"):
        shards(tmp_path / "file" / "shards")
