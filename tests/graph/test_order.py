"""The graph follows from the articles that are in it: their order, and those that came and went, leave no trace."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

from graph.gate.gate import Gate
from graph.ingest.ingester import Ingester, Result
from graph.rdf import to_graph
from graph.settings import Settings
from graph.store import Dataset

BASE = "https://zubrowka.example/"
#: The text of each article, in two versions; each with a day of publication.
ARTICLES = {
    "summit": (
        ("2021-05-03", "President Ana Petrova met Chancellor Tom Harding in Vienna on 2 May 2021."),
        ("2021-05-03", "President Ana Petrova and Chancellor Tom Harding held a summit in Vienna on 3 May 2021."),
    ),
    "again": (
        (
            "2021-05-04",
            "Ana Petrova and Tom Harding held a summit in Vienna in May 2021. They signed the Vienna Accord.",
        ),
        ("2021-05-04", "At the Vienna summit on 2 May 2021 Ana Petrova and Tom Harding signed the Vienna Accord."),
    ),
    "lutz": (
        ("2021-06-01", "Ngozi Okoro visited Geneva in June 2021, where she met Ana Petrova."),
        ("2021-06-01", "Tom Harding and Ngozi Okoro met in Switzerland, in Geneva, on 1 June 2021."),
    ),
    "war": (
        ("2021-07-01", "The Second World War ended in 1945. In 1946 Ivo Novak was elected."),
        ("2021-07-01", "World War II began in 1939. Ana Petrova died in May 2021."),
    ),
    "comment": (
        ("2021-07-02", '"We will meet again and again until peace is made," Ana Petrova said of the summit in Vienna.'),
        ("2021-07-02", "Ana Petrova's death in 2021 shook Vienna. World War Two was long ago, said Tom Harding."),
    ),
}


def _write(folder: Path, name: str, version: int) -> str:
    published, text = ARTICLES[name][version]
    path = folder / f"{name}.md"
    path.write_text(f"---\ntitle: {name.title()}\npublished: {published}\n---\n\n{text}\n", encoding="utf-8")
    return str(path)


def _content(dataset: Dataset) -> dict[str, set[ox.Triple]]:
    """Return the named graphs but that of the IRIs that went, which is history."""
    with dataset.writer() as store:
        return {iri: set(store.graph(iri)) for iri in store.graphs() if not iri.endswith("graph/redirects")}


def _lasting(dataset: Dataset) -> dict[str, set[ox.Triple]]:
    """Return the named graphs without the time of each run."""
    return {
        iri: {t for t in triples if not t.predicate.value.endswith("endedAtTime")}
        for iri, triples in _content(dataset).items()
    }


def _ingest(dataset: Dataset, sources: Iterable[str]) -> None:
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        assert {o.result for o in ingester.ingest(sources)} <= {Result.ADDED, Result.REPLACED, Result.UNCHANGED}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_came_and_went_the_graph_is_that_of_a_clean_build(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    folder = tmp_path / "articles"
    folder.mkdir()
    dataset = Dataset.create(tmp_path / "lived", BASE)
    keys: dict[str, str] = {}
    kept: dict[str, int] = {}
    # Each session reads back what those before it have stored.
    for steps in (5, 1, 4):
        with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
            for _ in range(steps):
                name = random.choice(sorted(ARTICLES))
                if name in kept and random.random() < 0.3:
                    assert ingester.remove(keys[name])
                    del kept[name]
                else:
                    kept[name] = random.randrange(2)
                    (outcome,) = ingester.ingest([_write(folder, name, kept[name])])
                    assert outcome.error is None
                    keys[name] = outcome.key or ""
    clean = Dataset.create(tmp_path / "clean", BASE)
    names = list(kept)
    random.shuffle(names)
    _ingest(clean, [_write(folder, name, kept[name]) for name in names])
    assert _lasting(dataset) == _lasting(clean)


def test_it_makes_no_difference_whether_an_event_is_told_in_one_session_or_two(tmp_path: Path) -> None:
    sources = []
    for name, day in (("first", "2021-05-03"), ("second", "2021-05-04")):
        path = tmp_path / f"{name}.md"
        text = "Tom Harding and Ana Petrova met in Zurich, Switzerland, on 2 May 2021."
        path.write_text(f"---\ntitle: {name}\npublished: {day}\n---\n\n{text} It was {name}.\n", encoding="utf-8")
        sources.append(str(path))
    one, two = Dataset.create(tmp_path / "one", BASE), Dataset.create(tmp_path / "two", BASE)
    _ingest(one, sources)
    for source in sources:
        _ingest(two, [source])
    assert _lasting(one) == _lasting(two)
    events = _content(one)[f"{BASE}graph/events"]
    labels = {str(t.object) for t in events if t.predicate.value.endswith("#label")}
    assert any("Meeting of Ana Petrova and Tom Harding in Zurich" in label for label in labels)


def test_it_makes_no_difference_whether_articles_or_records_come_first(tmp_path: Path) -> None:
    text = "---\ntitle: {}\npublished: 2021-05-03\n---\n\n{}\n"
    told = {
        "met.md": "Richard Nixon and Leonid Brezhnev held a summit in Moscow in May 1972.",
        "visit.md": "Henry Kissinger visited Beijing in October 1973. Ana Petrova was not there.",
    }
    sources = []
    for name, words in told.items():
        (tmp_path / name).write_text(text.format(name, words), encoding="utf-8")
        sources.append(str(tmp_path / name))
    contents = []
    for first in ("articles", "records"):
        dataset = Dataset.create(tmp_path / first, BASE)
        with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
            for step in (first, *({"articles", "records"} - {first})):
                if step == "records":
                    ingester.load_records()
                else:
                    assert all(o.result is Result.ADDED for o in ingester.ingest(sources))
        contents.append(_lasting(dataset))
    assert contents[0] == contents[1]
    borne = {
        (t.subject.value, t.object.value)
        for t in contents[0][f"{BASE}graph/events"]
        if t.predicate.value.endswith("#reportsOn")
        and isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode)
    }
    assert any("/record/president-travel/" in record and "/event/1972-05" in event for record, event in borne)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> set[ox.Triple]:
    """All that is said in a dataset of all articles, one of them replaced."""
    folder = tmp_path_factory.mktemp("whole")
    dataset = Dataset.create(folder / "dataset", BASE)
    _ingest(dataset, [_write(folder, name, 0) for name in ARTICLES])
    _ingest(dataset, [_write(folder, "summit", 1)])
    return set().union(*_content(dataset).values())


def test_all_shapes_hold_on_the_whole_graph(whole: set[ox.Triple]) -> None:
    verdict = Gate().check(to_graph(whole), None)
    assert [str(v) for v in verdict.violations] == []


def test_no_iri_of_the_dataset_leads_nowhere(whole: set[ox.Triple]) -> None:
    told = {t.subject for t in whole}
    named = {t.object for t in whole if isinstance(t.object, ox.NamedNode) and t.object.value.startswith(f"{BASE}id/")}
    assert named - told == set()


def test_nobody_and_no_place_is_there_that_no_article_names(whole: set[ox.Triple]) -> None:
    kinds = tuple(f"{BASE}id/{kind}/" for kind in ("person", "organization", "place"))
    there = {t.subject for t in whole if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(kinds)}
    named = {t.object for t in whole if t.predicate.value.endswith(("/mentions", "/publisher", "/author"))}
    assert there - named == set()
