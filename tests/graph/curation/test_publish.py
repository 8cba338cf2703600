"""Publishing with curations: what readers see, and what stays as it was."""

import hashlib
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.curation import read
from graph.curation.apply import apply_to
from graph.errors import InputError
from graph.ingest.ingester import Ingester
from graph.publish import publish
from graph.settings import Settings
from graph.store import Dataset
from tests.graph.curation.sample import (
    ANNA,
    CALL,
    COURIER,
    HARDING,
    HEAD,
    IRIS,
    LUTZ,
    NOVAK,
    OKORO,
    PETROVA,
    SIGNED,
    SUMMIT,
    VARENNA,
    VISIT,
    A,
    B,
    C,
    Reader,
    curate,
    extract,
    make,
    merge,
    reject,
    say,
)  # fmt: skip


def _bytes(folder: Path) -> dict[str, str]:
    """Return the digests of the store's files; the engine's own log and the notes on what is published are none."""
    notes = ("published", "journal")
    files = (path for path in folder.rglob("*") if path.is_file())
    kept = (path for path in files if path.name not in notes and not path.name.startswith("LOG"))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def test_the_live_store_stays_as_it_is(dataset: Dataset) -> None:
    with dataset.writer() as writer:
        before = {iri: writer.graph(iri) for iri in writer.graphs()}
        count = len(writer)
        files = _bytes(dataset.path / "store")
        dataset.curation_path.mkdir()
        (dataset.curation_path / "a.ttl").write_text(
            HEAD + merge("a", PETROVA, ANNA) + reject("b", VISIT) + merge("c", SUMMIT, COURIER)
        )
        # The copy shares its table files with the live store, by hard links.
        publish(dataset, Settings(dataset=dataset.path))
        assert _bytes(dataset.path / "store") == files
        assert {iri: writer.graph(iri) for iri in writer.graphs()} == before
        assert len(writer) == count
    with dataset.writer() as writer:
        assert {iri: writer.graph(iri) for iri in writer.graphs()} == before
    assert not Reader.of(dataset).says(VISIT)


def test_a_broken_file_stops_the_publication_before_anything_is_changed(dataset: Dataset) -> None:
    before = curate(dataset, reject("a", VISIT)).merge()
    number = dataset.generations()[-1].number
    (dataset.curation_path / "b.ttl").write_text("<a> <b>")
    with pytest.raises(InputError, match=r"b\.ttl: it is no Turtle"):
        publish(dataset, Settings(dataset=dataset.path))
    assert [generation.number for generation in dataset.generations()][-1] == number
    assert Reader.of(dataset).merge() == before
    assert not list((dataset.path / "generations").glob(".new-*"))


def test_nothing_new_is_no_new_generation(dataset: Dataset) -> None:
    given = Settings(dataset=dataset.path)
    first = publish(dataset, given)
    curate(dataset, reject("a", VISIT))
    second = publish(dataset, given)
    assert second.number == first.number + 1
    assert publish(Dataset.open(dataset.path), given) == second
    (dataset.curation_path / "curations.ttl").unlink()
    assert publish(dataset, given).number == second.number + 1


def test_the_folder_is_a_setting(dataset: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "a.ttl").write_text(HEAD + reject("a", VISIT))
    publish(dataset, Settings(dataset=dataset.path, curation=str(folder)))
    assert not Reader.of(dataset).says(VISIT)


def test_a_store_restored_from_a_generation_is_what_the_articles_make_after_a_rebuild(tmp_path: Path) -> None:
    dataset = make(tmp_path)
    before = _undated(Reader.of(dataset))
    curate(dataset, merge("a", PETROVA, ANNA) + reject("b", VISIT, f"{B}/claim/1") + merge("c", SUMMIT, COURIER))
    generation = dataset.current()
    assert generation is not None
    shutil.rmtree(dataset.path / "store")
    shutil.copytree(generation.path, dataset.path / "store")
    shutil.rmtree(dataset.curation_path)
    restored = Dataset.open(dataset.path)
    given = Settings(dataset=dataset.path)
    with Ingester(restored, given) as ingester:
        assert {outcome.error for outcome in ingester.rebuild(runner=extract)} == {None}
    publish(restored, given)
    assert _undated(Reader.of(restored)) == before


def _undated(reader: Reader) -> set[ox.Triple]:
    return {t for t in reader.merge() if not t.predicate.value.endswith(("endedAtTime", "isReplacedBy"))}


def test_only_one_function_publishes() -> None:
    root = Path(__file__).parents[3]
    for path in [*(root / "graph").rglob("*.py"), *(root / "web").rglob("*.py")]:
        if path.name != "publish.py" and path.parent.name != "store":
            text = path.read_text("utf-8")
            assert ".publish(" not in text, f"{path}: curations are applied by graph.publish.publish only"


_ENTITIES = st.sampled_from([PETROVA, ANNA, HARDING, NOVAK, OKORO])
_EVENTS = st.sampled_from([SUMMIT, COURIER, VISIT, CALL])
_PLACES = st.sampled_from([VARENNA, LUTZ])
_REPORTS = st.sampled_from([f"{A}/report/1", f"{B}/report/1", f"{B}/report/2", f"{C}/report/1", f"{C}/report/2"])
_FINDINGS = st.sampled_from([f"{A}/claim/1", f"{B}/claim/1", f"{C}/claim/1", f"{A}/role/1"])
_TIMES = st.sampled_from(["2021-05", "2021-05-02/2021-05-04", "2021/..", "2021-05~"])


@st.composite
def _curations(draw: st.DrawFn) -> str:
    """Return some curations, in any order of dates."""
    lines = []
    for number in range(draw(st.integers(1, 6))):
        name = f"n{number}"
        kind = draw(st.sampled_from("MPSRETLXCA"))
        if kind in "MP":
            source = {"M": _EVENTS, "P": st.one_of(_ENTITIES)}[kind]
            pair = draw(st.lists(source, min_size=2, max_size=3, unique=True))
            line = merge(name, *pair)
        elif kind == "L":
            line = merge(name, VARENNA, LUTZ)
        elif kind == "S":
            line = (
                f"<curation/{name}> a ply:Split ; ply:target <{draw(_EVENTS)}> ; "
                f"ply:leaving <{draw(_REPORTS)}> ; {SIGNED}"
            )
        elif kind == "R":
            line = reject(name, draw(st.one_of(_REPORTS, _FINDINGS, _EVENTS)))
        elif kind == "E":
            line = reject(name, draw(st.one_of(_ENTITIES, _PLACES)))
        elif kind == "T":
            line = say(name, "Correction", draw(_EVENTS), "ply:time", f'"{draw(_TIMES)}"^^edtf:edtf')
        elif kind == "X":
            line = say(name, "Correction", draw(_EVENTS), "sem:hasActor", f"<{draw(_ENTITIES)}>")
        elif kind == "C":
            line = say(name, "Correction", f"{B}/claim/1", "schema:author", f"<{draw(_ENTITIES)}>")
        else:
            line = say(name, "Addition", draw(_EVENTS), "sem:hasPlace", f"<{draw(_PLACES)}>")
        lines.append(line.replace("06-01", f"06-{draw(st.integers(1, 28)):02}"))
    return "".join(lines)


@pytest.fixture(scope="session")
def quads(made: Path) -> list[ox.Quad]:
    """Return all that is published without curations."""
    generation = Dataset.open(made).current()
    assert generation is not None
    return list(generation.open())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_curations())
def test_whatever_is_curated_conforms_and_nothing_dangles(
    quads: list[ox.Quad], tmp_path_factory: pytest.TempPathFactory, turtle: str
) -> None:
    folder = tmp_path_factory.mktemp("curations")
    (folder / "a.ttl").write_text(HEAD + turtle)
    curations = read(folder, IRIS)
    stores = []
    for _ in range(2):
        store = ox.Store()
        store.extend(quads)
        effects = apply_to(store, IRIS, curations)
        stores.append(store)
    assert set(stores[0]) == set(stores[1]), "the same curations make the same graph"
    reader = Reader(stores[0])
    assert reader.refusals() == ""
    for effect in effects:
        done = effect.reasons or effect.influenced or effect.overruled_by or effect.used
        assert done, "what has no effect is reported"
    merged = reader.merge()
    described = {triple.subject for triple in merged}
    for triple in merged:
        about = IRIS.key(getattr(triple.subject, "value", "")) or ""
        key = IRIS.key(getattr(triple.object, "value", "") if isinstance(triple.object, ox.NamedNode) else "")
        if key and not about.startswith("curation/"):
            assert triple.object in described, triple
