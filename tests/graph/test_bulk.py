"""A first build in bulk stores what as many commits would, all of it or nothing, and is none where articles are."""

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib

from graph.article import Article
from graph.extract.backends import load_backend
from graph.gate.gate import Gate, Verdict
from graph.ingest.ingester import Ingester, Outcome, Result
from graph.ingest.prepare import Prepared, Preparer
from graph.iris import Iris
from graph.publish import publish
from graph.rdf import to_graph
from graph.settings import Settings
from graph.sources import expand
from graph.store import Dataset, Triple
from tests.graph.store.sample import assert_merged, contents
from tests.graph.test_namesakes import ARTICLES as NAMESAKES
from tests.synthetic import News

BASE = "https://zubrowka.example/"
SETTINGS = Settings()
ROOT = Path(__file__).parents[2]
#: Printed by two publishers within days: one is a copy.
TWICE = (
    "President Ana Petrova met Chancellor Tom Harding in Vienna on 2 May 2021. They spoke about the bridge at Lutz, "
    "about grain, about the border and about the prisoners of the last war, and agreed to meet again in autumn, when "
    "the bridge is to be opened. Neither of them answered questions, and a common statement was not handed out."
)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Lines of articles: made-up news, people of one name, copies, and one article in two versions."""
    news = News().lines(24)
    lines = [next(news) for _ in range(24)]
    # With the article on both, the two people of one name would be one.
    told = [(name, told) for name, told in NAMESAKES.items() if name in ("french", "again", "canadian", "plain")]
    told.append(("plain", ("2021-04-02", "", "Tom Harding visited Geneva in March 2021, where he met Ivo Novak.")))
    for name, (published, author, text) in told:
        url, authors = f"https://news.example/{name}", [author] if author else []
        lines.append(json.dumps({"title": name, "text": text, "published": published, "authors": authors, "url": url}))
    for day, name in ((3, "first"), (5, "second"), (4, "third")):
        published, url = f"2021-05-{day:02}", f"https://{name}.example/"
        lines.append(json.dumps({"title": name, "text": TWICE, "published": published, "url": url}))
    random.Random(7).shuffle(lines)
    return lines


Runner = Callable[[Iterator[Article]], Iterator[tuple[str, Prepared]]]


@pytest.fixture(scope="module")
def runner() -> Runner:
    """Prepares each article once for all tests: so the times of the runs are the same, too."""
    preparer = Preparer(Iris(BASE), load_backend(Settings()))
    known: dict[tuple[str, str], Prepared] = {}

    def run(found: Iterator[Article]) -> Iterator[tuple[str, Prepared]]:
        for article in found:
            at = (article.key, article.digest)
            if at not in known:
                prepared = preparer(article)
                assert isinstance(prepared, Prepared)
                known[at] = prepared
            yield article.key, known[at]

    return run


def ingest(dataset: Dataset, file: Path, runner: Runner, *, bulk: bool) -> list[Outcome]:
    with Ingester(dataset, Settings(dataset=dataset.path)) as ingester:
        return list(ingester.ingest(expand([str(file)], SETTINGS), runner=runner, bulk=bulk))


def both_ways(folder: Path, lines: list[str], runner: Runner) -> tuple[Dataset, Dataset, list[list[Outcome]]]:
    file = folder / "articles.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    made = [Dataset.create(folder / name, BASE) for name in ("bulk", "one-by-one")]
    outcomes = [ingest(d, file, runner, bulk=bulk) for d, bulk in zip(made, (True, False), strict=True)]
    return made[0], made[1], outcomes


def stored(dataset: Dataset) -> dict[str, set[Triple]]:
    """Return the named graphs without the times of runs: copies are described when they turn out to be some."""
    with dataset.writer() as writer:
        assert_merged(writer)
        found = contents(writer)
    return {iri: {t for t in graph if not t.predicate.value.endswith("endedAtTime")} for iri, graph in found.items()}


def test_the_same_is_stored_as_by_commits(tmp_path: Path, articles: list[str], runner: Runner) -> None:
    bulk, single, outcomes = both_ways(tmp_path, articles, runner)
    assert stored(bulk) == stored(single)
    assert len(outcomes[0]) == len(articles)
    assert {o.result for o in outcomes[0]} == {Result.ADDED, Result.REPLACED}
    kept = stored(bulk)
    events = [t for t in kept[bulk.iris.events_graph] if t.predicate.value.endswith("#report")]
    assert len(events) > len({t.subject for t in events}) > 10  # several articles on one event are among them
    told = {t.predicate.value for graph in kept.values() for t in graph}
    assert "http://purl.org/dc/terms/isVersionOf" in told
    assert any("--" in str(t.subject) for graph in kept.values() for t in graph)  # people of one name


def test_what_comes_after_it_is_resolved_with_it(tmp_path: Path, articles: list[str], runner: Runner) -> None:
    file = tmp_path / "articles.jsonl"
    datasets = [Dataset.create(tmp_path / name, BASE) for name in ("bulk", "one-by-one")]
    for dataset, bulk in zip(datasets, (True, False), strict=True):
        for part in (articles[: len(articles) // 2], articles[len(articles) // 2 :]):
            file.write_text("".join(f"{line}\n" for line in part), "utf-8")
            # The second time there are articles, and each is committed.
            assert all(o.error is None for o in ingest(dataset, file, runner, bulk=bulk))
            publish(dataset, Settings(dataset=dataset.path))
    first, second = (stored(dataset) for dataset in datasets)
    assert first == second


def test_what_the_shapes_refuse_leaves_no_trace(
    tmp_path: Path, articles: list[str], runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Gate.check_resolved

    def refusing(gate: Gate, own: frozenset[Triple], added: rdflib.Graph, text: str) -> Verdict:
        # With another text no quotation is what it should be.
        return gate.check(to_graph(own) + added, text[::-1]) if "summit" in text else check(gate, own, added, text)

    monkeypatch.setattr(Gate, "check_resolved", refusing)
    bulk, single, outcomes = both_ways(tmp_path, articles[:20], runner)
    assert stored(bulk) == stored(single)
    refused = [{o.key for o in some if o.result is Result.REFUSED} for some in outcomes]
    assert refused[0] == refused[1]
    assert refused[0]
    assert {p.name for p in bulk.quarantine_path.iterdir()} == {p.name for p in single.quarantine_path.iterdir()}


def test_it_is_stored_when_all_has_come_and_not_before(tmp_path: Path, articles: list[str], runner: Runner) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(f"{line}\n" for line in articles[:6]), "utf-8")
    dataset = Dataset.create(tmp_path / "dataset", BASE)
    with Ingester(dataset, Settings(dataset=dataset.path)) as ingester:

        def cut_off(found: Iterator[Article]) -> Iterator[tuple[str, Prepared]]:
            for number, each in enumerate(runner(found)):
                if number == 4:
                    raise KeyboardInterrupt
                yield each

        with pytest.raises(KeyboardInterrupt):
            list(ingester.ingest(expand([str(file)], SETTINGS), runner=cut_off, bulk=True))
        # The same writer goes on: nothing of what was cut off is in its way.
        assert all(o.result is Result.ADDED for o in ingester.ingest(expand([str(file)], SETTINGS), runner=runner))
    other = Dataset.create(tmp_path / "other", BASE)
    ingest(other, file, runner, bulk=False)
    assert stored(dataset) == stored(other)


@pytest.mark.slow
def test_killed_at_any_moment_it_has_stored_all_or_nothing(tmp_path: Path, articles: list[str]) -> None:
    file, folder = tmp_path / "articles.jsonl", tmp_path / "dataset"
    file.write_text("".join(f"{line}\n" for line in articles), "utf-8")
    command = [sys.executable, "-m", "graph.cli", "ingest", str(file), "--bulk", "--no-publish", "--jobs", "1"]
    command += ["--dataset", str(folder), "--base", BASE, "--shards", str(tmp_path / "shards")]
    chance, counts = random.Random(3), list[int]()
    for turn in range(12):
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            if turn < 11:
                # Chance decides where the blow falls: this is no waiting for something.
                threading.Event().wait(chance.uniform(1, 12))
                process.kill()
            acknowledged = process.wait() == 0
        if not Dataset.exists(folder):
            continue
        with Dataset.open(folder).writer() as writer:
            assert_merged(writer)
            found = sum(name.startswith(f"{BASE}graph/article/") for name in writer.graphs())
            assert (f"{BASE}graph/events" in set(writer.graphs())) == (found > 0)
        counts.append(found)
        assert counts == sorted(counts)
        if acknowledged:
            break
    assert acknowledged
    assert counts[-1] > 20
