"""Each kind of damage is found, named with its remedy, and left as it is."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.store import Dataset
from tests.graph.durability.conftest import Parley

_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def test_a_whole_dataset(parley: Parley, dataset: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in dataset.rglob("*/archive/**/*")}
    assert parley("verify", "--deep")[:2] == (0, "")
    assert {path: path.stat().st_mtime_ns for path in dataset.rglob("*/archive/**/*")} == before


def _first(dataset: Path, pattern: str) -> Path:
    return sorted(dataset.glob(pattern))[0]


def _cut_raw(dataset: Path) -> None:
    path = _first(dataset, "archive/raw/*/*.gz")
    path.write_bytes(path.read_bytes()[:-9])


def _other_raw(dataset: Path) -> None:
    _first(dataset, "archive/raw/*/*.gz").write_bytes(gzip.compress(b"something else"))


def _no_raw(dataset: Path) -> None:
    shutil.rmtree(dataset / "archive" / "raw")


def _other_text(dataset: Path) -> None:
    path = _first(dataset, "archive/articles/*.json")
    path.write_text(path.read_text("utf-8").replace("trade agreement", "trade  agreement"), "utf-8")


def _no_json(dataset: Path) -> None:
    _first(dataset, "archive/articles/*.json").write_text("{")


def _astray(dataset: Path) -> None:
    path = _first(dataset, "archive/sources/*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"identity": "https://news.example/none"}))


def _history(dataset: Path) -> None:
    _first(dataset, "history/*.jsonl.gz").write_bytes(b"?")


def _ahead(dataset: Path) -> None:
    (dataset / "generations" / "current").write_text("1\n")


def _no_generation(dataset: Path) -> None:
    shutil.rmtree(dataset / "generations" / "000002")


def _curation(dataset: Path) -> None:
    (dataset / "curation").mkdir()
    (dataset / "curation" / "bad.ttl").write_text("nonsense")


def _unmerged(dataset: Path) -> None:
    store = ox.Store(str(dataset / "store"))
    quad = next(q for q in store if isinstance(q.graph_name, ox.NamedNode) and "graph/article" in q.graph_name.value)
    store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    store.add(ox.Quad(quad.subject, _LABEL, ox.Literal("from nowhere")))
    store.flush()


def _misquoted(dataset: Path) -> None:
    store = ox.Store(str(dataset / "store"))
    exact = ox.NamedNode("http://www.w3.org/ns/oa#exact")
    quad = next(q for q in store.quads_for_pattern(None, exact, None, None) if isinstance(q.graph_name, ox.NamedNode))
    for graph in (quad.graph_name, ox.DefaultGraph()):
        store.remove(ox.Quad(quad.subject, exact, quad.object, graph))
        store.add(ox.Quad(quad.subject, exact, ox.Literal("what nobody said"), graph))
    store.flush()


def _damaged_store(dataset: Path) -> None:
    _first(dataset, "store/CURRENT").write_text("MANIFEST-999999\n")


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file is cut off": (_cut_raw, "this file of the archive is broken"),
    "a file has other bytes": (_other_raw, "this file of the archive is broken"),
    "files are gone": (_no_raw, "the archive cannot be read"),
    "the text of an article was changed": (_other_text, "this file of the archive is broken"),
    "an article is no JSON": (_no_json, "this file of the archive is broken"),
    "a source leads to no article": (_astray, "this file of the archive is broken"),
    "a page of the history is broken": (_history, "the history is damaged"),
    "the history is ahead": (_ahead, "it tells of generation 2, and the published one is 1"),
    "the generation is gone": (_no_generation, "the generation is damaged"),
    "a curation is broken": (_curation, "bad.ttl"),
    "the merge is not the union": (_unmerged, "is in the merge, but in no named graph"),
    "a quotation is not in the text": (_misquoted, "what nobody said"),
    "the store is damaged": (_damaged_store, "it is damaged"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_with_its_remedy(parley: Parley, dataset: Path, name: str) -> None:
    damage, words = DAMAGE[name]
    damage(dataset)
    code, told, _ = parley("verify", "--quick")
    assert code == 6
    lines = [line for line in told.splitlines() if line.startswith("wrong: ")]
    assert any(words in line for line in lines), told
    assert all("; " in line for line in lines)
    again = parley("verify", "--quick")
    assert again[:2] == (code, told), "something was repaired in silence"


def test_shapes_are_looked_at_unless_it_should_be_quick(parley: Parley, dataset: Path) -> None:
    store = ox.Store(str(dataset / "store"))
    headline = ox.NamedNode("https://schema.org/headline")
    for quad in list(store.quads_for_pattern(None, headline, None, None)):
        store.remove(quad)
    store.flush()
    del store
    assert parley("verify", "--quick")[0] == 0
    code, told, _ = parley("verify", "--format", "json")
    found = json.loads(told)
    assert (code, len([each for each in found if each["wrong"]]) >= 3) == (6, True)
    assert found[0].keys() == {"where", "cause", "remedy", "wrong"}


def test_work_that_waits_is_noted_and_not_wrong(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    with Dataset.open(dataset).writer():
        code, told, said = parley("verify", "--quick")
    assert (code, said) == (0, "0 wrong, 1 noted\n")
    assert told.startswith(f"note: {dataset}: a writer is at work")
    path = next((dataset / "archive" / "articles").glob("*.json"))
    before = path.read_text("utf-8")
    parley("remove", path.stem)
    assert parley("verify", "--quick")[:2] == (0, "")
    removed = path.read_text("utf-8")
    path.write_text(before, "utf-8")  # as it is where nothing was removed
    code, told, _ = parley("verify", "--quick")
    assert (code, "1 of 3 articles are not in the graph" in told) == (0, True)
    path.write_text(removed, "utf-8")


def test_what_was_removed_and_is_there_is_wrong(parley: Parley, dataset: Path) -> None:
    path = next((dataset / "archive" / "articles").glob("*.json"))
    values = json.loads(path.read_text("utf-8")) | {"removed": "2026-01-02T03:04:05+00:00"}
    path.write_text(json.dumps(values), "utf-8")
    code, told, _ = parley("verify", "--quick")
    assert (code, f"it was removed, and is still stored; run `parley remove {path.stem}` again" in told) == (6, True)
