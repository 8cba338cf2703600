"""Two people of one full name have two IRIs, and the graph follows from the articles whatever their order."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

from graph.gate.gate import Gate
from graph.ingest.ingester import Ingester
from graph.rdf import to_graph
from graph.settings import Settings
from graph.store import Dataset

BASE = "https://zubrowka.example/"
SAID = '"We will meet again and again until peace is made," Tom Harding said.'
#: Day of publication, author and text of each article; of one in two versions.
ARTICLES = {
    "french": ("2021-05-03", "", "Ana Petrova met French Foreign Minister Tom Harding in Vienna on 2 May 2021."),
    "again": (
        "2021-05-04",
        "",
        f"Ana Petrova and Tom Harding, the foreign minister of France, held a summit in Vienna on 2 May 2021. {SAID}",
    ),
    "canadian": (
        "2021-06-01",
        "Tom Harding",
        f"Ana Petrova met Canadian Defence Minister Tom Harding in Geneva on 30 May 2021. {SAID}",
    ),
    "plain": ("2021-04-01", "", "Tom Harding visited Geneva in March 2021, where he met Ngozi Okoro."),
    "both": (
        "2021-06-02",
        "",
        "Ana Petrova met Tom Harding, the Canadian defence minister and former foreign minister of France, in Geneva.",
    ),
    "canadian-2": ("2021-06-01", "", "Ana Petrova met French Defence Minister Tom Harding in Geneva on 30 May 2021."),
}
ORDERS = (("french", "canadian", "again"), ("canadian", "again", "french"), ("again", "french", "canadian"))
FRENCH, CANADIAN = "person/tom-harding", "person/tom-harding--canada"


def _write(folder: Path, name: str, version: str | None = None) -> str:
    folder.mkdir(exist_ok=True)
    published, author, text = ARTICLES[version or name]
    by = f"authors: [{author}]\n" if author else ""
    path = folder / f"{name}.md"
    path.write_text(f"---\ntitle: {name.title()}\npublished: {published}\n{by}---\n\n{text}\n", encoding="utf-8")
    return str(path)


def _ingest(ingester: Ingester, sources: Iterable[str]) -> list[str]:
    outcomes = list(ingester.ingest(sources))
    assert [o.error for o in outcomes if o.error] == []
    return [o.key or "" for o in outcomes]


def _lasting(dataset: Dataset) -> dict[str, set[ox.Triple]]:
    """Return the named graphs without the time of each run, and without the IRIs that went, which is history."""
    with dataset.writer() as store:
        return {
            iri: {t for t in store.graph(iri) if not t.predicate.value.endswith("endedAtTime")}
            for iri in store.graphs()
            if not iri.endswith("graph/redirects")
        }


def _build(folder: Path, sources: Iterable[str]) -> Dataset:
    dataset = Dataset.create(folder, BASE)
    with Ingester(dataset, Settings(dataset=folder, jobs=1)) as ingester:
        _ingest(ingester, sources)
    return dataset


def _whom(graphs: dict[str, set[ox.Triple]], key: str) -> set[str]:
    """Return the people of the name whom an article's graph names."""
    told = graphs[f"{BASE}graph/{key}"]
    values = {t.object.value for t in told if t.predicate.value == "https://schema.org/mentions"}  # type: ignore[union-attr]
    return {value.removeprefix(f"{BASE}id/") for value in values if "tom-harding" in value}


def test_offices_of_two_countries_are_of_two_people_whoever_comes_first(tmp_path: Path) -> None:
    found = []
    for number, names in enumerate(ORDERS):
        dataset = Dataset.create(tmp_path / str(number), BASE)
        with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
            keys = dict(zip(names, _ingest(ingester, [_write(tmp_path / "a", n) for n in names]), strict=True))
        graphs = _lasting(dataset)
        found.append(graphs)
        assert {name: _whom(graphs, key) for name, key in keys.items()} == {
            "french": {FRENCH}, "again": {FRENCH}, "canadian": {CANADIAN},
        }  # fmt: skip
    assert all(graphs == found[0] for graphs in found)
    # Their meetings are two, and nobody repeats what a namesake says.
    events = found[0][f"{BASE}graph/events"]
    actors = {(t.subject, t.object.value) for t in events if t.predicate.value.endswith("hasActor")}  # type: ignore[union-attr]
    french, canadian = ({s for s, o in actors if o == f"{BASE}id/{key}"} for key in (FRENCH, CANADIAN))
    assert french
    assert canadian
    assert not french & canadian
    assert not any(t.predicate.value.endswith("#repeats") for t in events)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_came_and_went_the_graph_is_that_of_a_clean_build(seed: int, tmp_path: Path) -> None:
    random, folder = Random(seed), tmp_path / "articles"
    dataset = Dataset.create(tmp_path / "lived", BASE)
    kept: dict[str, str] = {}
    keys: dict[str, str] = {}
    for _ in range(4):
        # Each time read back from the store.
        with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
            for _ in range(3):
                name = random.choice(["french", "again", "canadian", "plain", "both"])
                if name in kept and random.random() < 0.5:
                    assert ingester.remove(keys[name])
                    del kept[name]
                else:
                    kept[name] = random.choice(["canadian", "canadian-2"]) if name == "canadian" else name
                    (keys[name],) = _ingest(ingester, [_write(folder, name, kept[name])])
    clean = _build(tmp_path / "clean", [_write(folder, name, version) for name, version in sorted(kept.items())])
    assert _lasting(dataset) == _lasting(clean)


def test_a_namesake_has_a_valid_graph_that_leads_nowhere_else(tmp_path: Path) -> None:
    sources = [_write(tmp_path / "a", name) for name in ("french", "canadian", "plain")]
    with _build(tmp_path / "dataset", sources).writer() as store:
        whole = {triple for iri in store.graphs() for triple in store.graph(iri)}
    assert [str(v) for v in Gate().check(to_graph(whole), None).violations] == []
    named = {t.object for t in whole if isinstance(t.object, ox.NamedNode) and t.object.value.startswith(f"{BASE}id/")}
    assert named - {t.subject for t in whole} == set()


def test_an_iri_that_was_published_leads_on_when_two_turn_out_to_be_one(tmp_path: Path) -> None:
    dataset = _build(tmp_path / "dataset", [_write(tmp_path / "a", name) for name in ("french", "canadian")])
    dataset.publish()
    redirect = (f"<{BASE}id/{CANADIAN}>", f"<{BASE}id/{FRENCH}>")
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        (key,) = _ingest(ingester, [_write(tmp_path / "a", "both")])
    assert redirect in _redirects(dataset)
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        assert ingester.remove(key)
    assert redirect not in _redirects(dataset)


def _redirects(dataset: Dataset) -> set[tuple[str, str]]:
    with dataset.writer() as store:
        return {(str(t.subject), str(t.object)) for t in store.graph(f"{BASE}graph/redirects")}
