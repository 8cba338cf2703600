"""Ingest: what becomes of articles, of those that the shapes refuse, and of the related items that they print."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.article import Article
from graph.errors import InputError, RefusedError
from graph.extract.model import Extraction, Span
from graph.extract.runner import Extracted, extract_here
from graph.gate.quarantine import Quarantine
from graph.ingest.ingester import Ingester, Outcome, Result
from graph.ontology import ontology_triples
from graph.settings import Settings
from graph.store import Dataset
from tests.graph.cli.conftest import ARTICLE
from tests.graph.test_related import PAGE

FRONT = '---\ntitle: "Petrova Meets Harding"\npublished: 2025-05-03\npublisher: The Daily Zubrowkan\n---\n\n'


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "dataset", "https://zubrowka.example/")


@contextmanager
def opened(dataset: Dataset) -> Iterator[Ingester]:
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        yield ingester


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def graphs(dataset: Dataset) -> dict[str, set[ox.Triple]]:
    """Return what is stored: graph -> triples, the run's time left out."""
    found: dict[str, set[ox.Triple]] = {}
    with dataset.writer() as store:
        for iri in store.graphs():
            kept = {t for t in store.graph(iri) if not t.predicate.value.endswith("endedAtTime")}
            found[iri.removeprefix("https://zubrowka.example/graph/")] = kept
    return found


def articles(dataset: Dataset) -> set[str]:
    return {name for name in graphs(dataset) if name.startswith("article/")}


def wrong_words(some: Iterator[Article]) -> Iterator[Extracted]:
    """Extract, then claim that the first person's name is written where it is not."""
    for key, extraction in extract_here(some):
        assert isinstance(extraction, Extraction)
        first, *others = extraction.people
        wrong = replace(first, mentions=(Span(0, 12, "Anna Petrova"),))
        yield key, replace(extraction, people=(wrong, *others))


def test_what_the_shapes_refuse_goes_to_quarantine_and_the_last_good_version_stays(
    dataset: Dataset, tmp_path: Path
) -> None:
    source = write(tmp_path, "varenna.md", ARTICLE)
    with opened(dataset) as ingester:
        (good,) = ingester.ingest([source])
    assert good.result is Result.ADDED
    before = graphs(dataset)
    write(tmp_path, "varenna.md", ARTICLE.replace("a new chapter", "another chapter"))
    with opened(dataset) as ingester:
        (bad,) = ingester.ingest([source], runner=wrong_words)
    assert (bad.result, bad.key) == (Result.REFUSED, good.key)
    assert isinstance(bad.error, RefusedError)
    assert f"quarantine show {good.key}" in str(bad.error)
    assert graphs(dataset) == before

    quarantine = Quarantine(dataset.quarantine_path)
    (entry,) = quarantine.items()
    assert entry.article.key == good.key
    assert entry.violations >= 1
    assert "Anna Petrova" in entry.report_text
    assert "ValidationReport" in entry.report_turtle
    assert "Anna Petrova" in (dataset.quarantine_path / f"{good.key.removeprefix('article/')}.ttl").read_text("utf-8")

    with opened(dataset) as ingester:
        outcome = ingester.retry(str(good.key))
    assert (outcome.result, outcome.error) == (Result.REPLACED, None)
    assert quarantine.items() == []
    assert graphs(dataset) != before


def test_a_refused_article_leaves_no_trace_in_the_events(dataset: Dataset, tmp_path: Path) -> None:
    source = write(tmp_path, "varenna.md", ARTICLE)
    with opened(dataset) as ingester:
        (refused,) = ingester.ingest([source], runner=wrong_words)
        (again,) = ingester.ingest([source])
    assert (refused.result, again.result) == (Result.REFUSED, Result.ADDED)
    events = {t.subject for t in graphs(dataset)["events"]}
    assert events
    assert not any(str(event).endswith("-2>") for event in events), "the refused reports hold no event keys"


def test_quarantine_says_what_is_not_there(dataset: Dataset) -> None:
    with pytest.raises(InputError, match="no article 0123 is in quarantine"):
        Quarantine(dataset.quarantine_path).get("article/0123")
    with pytest.raises(InputError):
        Quarantine(dataset.quarantine_path).get("article/../../etc/passwd")


def test_related_items_are_stored_apart_and_go_with_the_page_that_prints_them(dataset: Dataset, tmp_path: Path) -> None:
    source = write(tmp_path, "page.md", FRONT + PAGE)
    with opened(dataset) as ingester:
        (outcome,) = ingester.ingest([source])
    assert outcome.result is Result.ADDED, outcome.error
    assert len(articles(dataset)) == 3
    relations = [t for t in graphs(dataset)[str(outcome.key)] if t.predicate.value.endswith("/relation")]
    assert len(relations) == 2

    without = PAGE.partition("What the Summit Means")[0]
    write(tmp_path, "page.md", FRONT + without)
    with opened(dataset) as ingester:
        (outcome,) = ingester.ingest([source])
    assert outcome.result is Result.REPLACED, outcome.error
    assert len(articles(dataset)) == 2, "an item that no page prints any more is gone"

    with opened(dataset) as ingester:
        assert ingester.remove(str(outcome.key))
    assert articles(dataset) == set()
    assert not graphs(dataset).get("events")


def test_an_article_that_was_read_whole_wins_over_its_teaser(dataset: Dataset, tmp_path: Path) -> None:
    page = write(tmp_path, "page.md", FRONT + PAGE)
    whole = write(
        tmp_path,
        "treaty.md",
        '---\ntitle: "Zubrowka Signs a Treaty"\npublished: 2025-04-03\npublisher: The Daily Zubrowkan\n---\n\n'
        "Prime Minister Ngozi Okoro visited Vienna on Wednesday and signed the Treaty of Lutz with Ivo Novak.",
    )
    with opened(dataset) as ingester:
        outcomes = list(ingester.ingest([whole, page]))
    assert [o.result for o in outcomes] == [Result.ADDED, Result.ADDED], outcomes
    first = graphs(dataset)
    assert len(articles(dataset)) == 3
    assert any("Treaty of Lutz" in str(t.object) for t in first[str(outcomes[0].key)])
    # Removing the page leaves the whole article alone.
    with opened(dataset) as ingester:
        ingester.remove(str(outcomes[1].key))
    assert articles(dataset) == {str(outcomes[0].key)}


def test_the_ontology_is_in_the_graph(dataset: Dataset) -> None:
    with opened(dataset):
        pass
    assert graphs(dataset)["ontology"] == ontology_triples()


def test_reading_nothing_new_writes_nothing(dataset: Dataset, tmp_path: Path) -> None:
    source = write(tmp_path, "page.md", FRONT + PAGE)
    with opened(dataset) as ingester:
        list(ingester.ingest([source]))
    first = dataset.publish()
    with opened(dataset) as ingester:
        (outcome,) = ingester.ingest([source])
    assert outcome == Outcome(source, Result.UNCHANGED, outcome.key)
    assert dataset.publish().number == first.number


def quoting(folder: Path, name: str, day: str, said: str) -> str:
    front = f'---\ntitle: "{name}"\npublished: {day}\npublisher: The Daily Zubrowkan\n---\n\n'
    return write(folder, f"{name}.md", f'{front}Ana Petrova met Tom Harding in Vienna. "{said}," Petrova said.\n')


def claim_links(dataset: Dataset) -> set[tuple[str, str, str]]:
    """Return what the graph of events says of claims: article, local name of the property, article."""
    found = set()
    for triple in graphs(dataset).get("events", ()):
        name = re.split("[#/]", triple.predicate.value)[-1]
        if name in {"repeats", "wasDerivedFrom", "appearance"} and isinstance(triple.object, ox.NamedNode):
            subject, value = (re.split("/id/|/claim/", str(n))[1] for n in (triple.subject, triple.object))
            found.add((subject, name, value.rstrip(">")))
    return found


def test_what_several_articles_quote_is_one_quotation_whatever_comes_and_goes(dataset: Dataset, tmp_path: Path) -> None:
    words = "Zubrowka will not leave the table before Lutz has answered every one of our questions"
    sources = [
        quoting(tmp_path, "June", "2025-06-03", f"Let me be clear, {words}"),
        quoting(tmp_path, "May", "2025-05-03", words),
        quoting(tmp_path, "April", "2025-04-03", words),
    ]
    with opened(dataset) as ingester:
        outcomes = list(ingester.ingest(sources))
    assert [o.result for o in outcomes] == [Result.ADDED] * 3, outcomes
    june, may, april = (str(o.key) for o in outcomes)
    same = {(may, "repeats", april), (april, "appearance", may)}
    assert claim_links(dataset) == {*same, (june, "wasDerivedFrom", april)}
    alone = graphs(dataset)[may]

    # A process that starts anew reads back what it needs.
    with opened(dataset) as ingester:
        assert ingester.remove(april)
    assert claim_links(dataset) == {(june, "wasDerivedFrom", may)}
    assert graphs(dataset)[may] == alone, "what an article says stays as it is"
    with opened(dataset) as ingester:
        list(ingester.ingest([sources[2]]))
    assert claim_links(dataset) == {*same, (june, "wasDerivedFrom", april)}
    quoting(tmp_path, "May", "2025-05-03", "We have nothing new to tell anybody about this matter today")
    with opened(dataset) as ingester:
        list(ingester.ingest([sources[1]]))
    assert claim_links(dataset) == {(june, "wasDerivedFrom", april)}


def test_a_refused_article_leaves_no_trace_in_the_quotations(dataset: Dataset, tmp_path: Path) -> None:
    words = "Zubrowka will not leave the table before Lutz has answered every one of our questions"
    april, may = quoting(tmp_path, "April", "2025-04-03", words), quoting(tmp_path, "May", "2025-05-03", words)
    with opened(dataset) as ingester:
        (refused,) = ingester.ingest([april], runner=wrong_words)
        (added,) = ingester.ingest([may])
    assert (refused.result, added.result) == (Result.REFUSED, Result.ADDED)
    assert claim_links(dataset) == set()
