"""Copies: one text in several papers is told of once, whatever came first."""

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.article import article_key
from graph.errors import RefusedError
from graph.ingest.copies import likeness
from graph.ingest.ingester import Ingester
from graph.settings import Settings
from graph.store import Dataset
from tests.graph.lives import Life

TEXT = """President Ana Petrova of Zubrowka met Prime Minister Tom Harding in Geneva on May 2, 2025. The two leaders
signed a trade agreement at the summit, which had been prepared by a commission of both countries since last winter.

Petrova said the meeting had opened a new chapter. "We will meet again in Vienna next month," Harding told reporters.
Officials of both sides are to work out by then which goods may cross the border without a fee, and which may not."""
SHORTER = TEXT.replace(" Officials of both sides are to work out by then which goods may cross", "")
OTHER = """Foreign Minister Ngozi Okoro flew to Lutz on May 3, 2025, where she opened the new embassy of Zubrowka in
front of some hundred guests. She praised the patience of the builders, who had taken three years longer than planned,
and thanked the mayor for the cake. Ivo Novak, the ambassador, said that he would move in when the heating works."""
PAPERS = {
    "zubrowkan": ("2025-05-03", TEXT),
    "courier": ("2025-05-04", TEXT.replace("Geneva on", "Geneva, Switzerland on")),
    "gazette": ("2025-05-05", f"{TEXT}\n\nReporting by the agency."),
}


def write(folder: Path, paper: str, published: str, text: str) -> str:
    path = folder / f"{paper}.md"
    front = f'---\ntitle: "Talks: {paper}"\npublished: {published}\npublisher: {paper}\nurl: https://{paper}.example/1\n---\n'
    path.write_text(f"{front}\n{text}\n", encoding="utf-8")
    return str(path)


def key(paper: str) -> str:
    return article_key(f"https://{paper}.example/1")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("papers")
    found = {paper: write(folder, paper, published, text) for paper, (published, text) in PAPERS.items()}
    return found | {"tribune": write(folder, "tribune", "2025-05-04", OTHER)}


def ingest(folder: Path, *steps: str) -> Dataset:
    dataset = Dataset.open_or_create(folder / "dataset", "https://zubrowka.example/")
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        for outcome in ingester.ingest(steps):
            assert outcome.error is None, outcome.error
    return dataset


def content(dataset: Dataset) -> set[ox.Triple]:
    found: set[ox.Triple] = set()
    with dataset.writer() as store:
        for iri in store.graphs():
            found |= {t for t in store.graph(iri) if not t.predicate.value.endswith("endedAtTime")}
    return found


def graphs(dataset: Dataset) -> list[str]:
    with dataset.writer() as store:
        return [*store.graphs()]


def versions(triples: set[ox.Triple]) -> Iterator[tuple[str, str]]:
    for triple in triples:
        if triple.predicate.value.endswith("isVersionOf"):
            yield str(triple.subject)[-13:-1], str(triple.object)[-13:-1]


def test_one_text_of_three_papers_is_told_of_once_in_any_order(sources: dict[str, str], tmp_path: Path) -> None:
    alone = content(ingest(tmp_path / "alone", sources["zubrowkan"], sources["tribune"]))
    outcomes = []
    for number, order in enumerate(itertools.permutations(PAPERS)):
        papers = [sources[paper] for paper in order]
        outcomes.append(content(ingest(tmp_path / str(number), *papers, sources["tribune"])))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    original = key("zubrowkan").removeprefix("article/")
    copies = {key(paper).removeprefix("article/") for paper in ("courier", "gazette")}
    assert set(versions(outcomes[0])) == {(copy, original) for copy in copies}
    reports = {t for t in outcomes[0] if t.predicate.value.endswith("#report")}
    assert reports
    assert reports == {t for t in alone if t.predicate.value.endswith("#report")}
    assert alone < outcomes[0]


def test_when_the_original_goes_the_first_copy_takes_its_place(sources: dict[str, str], tmp_path: Path) -> None:
    dataset = ingest(tmp_path, *(sources[paper] for paper in PAPERS))
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        assert ingester.remove(key("zubrowkan"))
    assert content(dataset) == content(ingest(tmp_path / "two", sources["courier"], sources["gazette"]))


def test_a_copy_that_is_rewritten_is_none_any_more(sources: dict[str, str], tmp_path: Path) -> None:
    dataset = ingest(tmp_path, sources["zubrowkan"], sources["courier"])
    assert len(list(versions(content(dataset)))) == 1
    ingest(tmp_path, write(tmp_path, "courier", "2025-05-04", OTHER))
    assert list(versions(content(dataset))) == []


def test_when_the_original_is_rewritten_in_another_run_its_copy_is_none_any_more(
    sources: dict[str, str], tmp_path: Path
) -> None:
    dataset = ingest(tmp_path, sources["zubrowkan"], sources["courier"])
    ingest(tmp_path, rewritten := write(tmp_path, "zubrowkan", "2025-05-03", OTHER))
    assert content(dataset) == content(ingest(tmp_path / "two", rewritten, sources["courier"]))


def test_what_was_refused_is_no_original(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.run([("refuse", "agency", 0), ("refuse", "paper", 1), ("refuse", "paper", 1), ("refuse", "paper", 0)])
    assert not [iri for iri in graphs(life.dataset) if "/graph/article/" in iri]


def test_what_a_crash_left_undone_is_done_later(sources: dict[str, str], tmp_path: Path) -> None:
    dataset = ingest(tmp_path, sources["courier"], sources["tribune"])
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        settle = Ingester._settle
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Ingester, "_settle", lambda self, places: None)
            patch.setattr("graph.ingest.copies.Copies.settle", lambda self, key: None)
            list(ingester.ingest([sources["zubrowkan"]]))
        assert Ingester._settle is settle
    assert list(versions(content(dataset))) == []
    ingest(tmp_path, sources["gazette"])
    assert len(list(versions(content(dataset)))) == 2


@pytest.mark.parametrize("broken", [False, True])
def test_an_index_that_is_missing_or_broken_is_made_from_the_archive(
    sources: dict[str, str], tmp_path: Path, broken: bool
) -> None:
    dataset = ingest(tmp_path, sources["zubrowkan"])
    for file in dataset.copies_path.iterdir():
        if broken:
            file.write_bytes(b"broken" * 999)
        else:
            file.unlink()
    ingest(tmp_path, sources["courier"])
    assert len(list(versions(content(dataset)))) == 1


def test_an_index_of_an_earlier_version_is_made_anew(sources: dict[str, str], tmp_path: Path) -> None:
    dataset = ingest(tmp_path, sources["zubrowkan"])
    for file in dataset.copies_path.iterdir():
        file.unlink()
    with contextlib.closing(sqlite3.connect(dataset.copies_path / "index.sqlite")) as earlier:
        earlier.execute("CREATE TABLE text (key TEXT PRIMARY KEY, published TEXT, settled INTEGER NOT NULL)")
        earlier.execute("CREATE TABLE band (hash INTEGER NOT NULL, key TEXT NOT NULL)")
        earlier.execute("PRAGMA user_version = 1")
    ingest(tmp_path, sources["courier"])
    assert len(list(versions(content(dataset)))) == 1


@pytest.mark.parametrize("published", ["0001-01-03", "9999-12-30"])
def test_days_without_a_week_around_them_are_refused_like_other_impossible_ones(tmp_path: Path, published: str) -> None:
    dataset = Dataset.create(tmp_path / "dataset")
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        outcomes = list(ingester.ingest([write(tmp_path, "zubrowkan", published, TEXT)]))
    assert [type(outcome.error) for outcome in outcomes] == [RefusedError]


def test_a_text_without_a_date_is_compared_with_all(tmp_path: Path) -> None:
    for order in ("zubrowkan", "courier"), ("courier", "zubrowkan"):
        folder = tmp_path / order[0]
        folder.mkdir()
        days = {"zubrowkan": "2025-05-03", "courier": ""}
        papers = [write(folder, paper, days[paper], PAPERS[paper][1]) for paper in order]
        assert len(list(versions(content(ingest(folder, *papers))))) == 1, order


def test_likeness() -> None:
    assert likeness(TEXT, TEXT) == 1
    assert likeness(TEXT, SHORTER) > 0.7
    assert likeness(TEXT, OTHER) < 0.1


def test_the_same_formula_of_another_year_is_no_copy(sources: dict[str, str], tmp_path: Path) -> None:
    later = write(tmp_path, "courier", "2026-05-04", PAPERS["courier"][1])
    assert list(versions(content(ingest(tmp_path, sources["zubrowkan"], later)))) == []
