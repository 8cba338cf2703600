"""Datasets that live through much: articles come, change, are refused and go, in runs that may go on with shelves."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

import pyoxigraph as ox

from graph.article import Article, article_key
from graph.extract.backends import load_backend
from graph.extract.model import Extraction, Span
from graph.ingest.ingester import Ingester, Result
from graph.publish import publish
from graph.settings import Settings
from graph.store import Dataset, EmbeddedStore
from graph.store.embedded import Term
from graph.store.seal import RESOLUTION

__all__ = ["BASE", "TEXTS", "Life", "Step", "reading_back", "steps_of"]

BASE = "https://zubrowka.example/"
_SAID = '"We will meet again and again until peace is made in all of Zubrowka," Tom Harding said.'
_NEARLY = '"We will meet again and again until peace is made in most of Zubrowka," Tom Harding said.'
_AGENCY = (
    "Ana Petrova and Ngozi Okoro met in Helsinki on 5 June 2021 to speak of the river between their two countries. "
    "They agreed on a commission that is to measure the water on both banks each spring, and to print what it finds. "
    "Ngozi Okoro will visit Lutz next year, where the commission is going to have its seat in the old town hall."
)
#: Day of publication and text of each article, in its versions.
TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "summit": (
        ("2021-05-03", "President Ana Petrova met Chancellor Tom Harding in Vienna on 2 May 2021."),
        ("2021-05-03", "President Ana Petrova and Chancellor Tom Harding held a summit in Vienna on 3 May 2021."),
    ),
    "again": (
        ("2021-05-04", "Ana Petrova and Tom Harding held a summit in Vienna in May 2021. They signed an accord."),
        ("2021-05-04", f"At the Vienna summit on 2 May 2021 Ana Petrova met Tom Harding. {_SAID}"),
    ),
    "war": (
        ("2021-07-01", "The Second World War ended in 1945. In 1946 Ivo Novak was elected."),
        ("2021-07-01", "World War II began in 1939. Ana Petrova died in May 2021."),
    ),
    "french": (
        ("2021-05-03", f"Ana Petrova met French Foreign Minister Tom Harding in Vienna on 2 May 2021. {_SAID}"),
        ("2021-05-03", "Ana Petrova met French Defence Minister Tom Harding in Geneva on 30 May 2021."),
    ),
    "canadian": (
        ("2021-06-01", f"Ana Petrova met Canadian Defence Minister Tom Harding in Geneva on 30 May 2021. {_NEARLY}"),
        ("2021-04-01", f"Canadian senator Tom Harding visited Geneva in March 2021. {_SAID}"),
    ),
    "both": (
        ("2021-06-02", "Ana Petrova met Tom Harding, Canadian senator and former foreign minister of France, in Lutz."),
        ("2021-06-02", "Tom Harding and Ngozi Okoro met in Switzerland, in Geneva, on 1 June 2021."),
    ),
    "agency": (("2021-06-06", _AGENCY), ("2021-06-06", "Ngozi Okoro died in June 2021.")),
    "paper": (("2021-06-07", f"{_AGENCY} It rained."), ("2021-06-05", f"{_AGENCY} It snowed.")),
    "moscow": (
        ("2021-05-03", "Richard Nixon and Leonid Brezhnev held a summit in Moscow in May 1972."),
        ("2021-05-03", "Henry Kissinger visited Beijing in October 1973. Ana Petrova was not there."),
    ),
}
#: What is done and to what: ingest an article in a version, have one refused, remove one, load records, or publish.
Step = tuple[str, str, int]


def steps_of(chance: Random, count: int) -> list[Step]:
    """Return steps by chance."""
    kinds = chance.choices(["ingest", "refuse", "remove", "records", "publish"], [24, 2, 8, 1, 2], k=count)
    return [(kind, chance.choice(sorted(TEXTS)), chance.randrange(2)) for kind in kinds]


class Life:
    """A dataset, and the folder that its articles come from.

    :param folder: where both are made, unless they are there.
    """

    def __init__(self, folder: Path) -> None:
        self._sources = folder / "sources"
        self._sources.mkdir(parents=True, exist_ok=True)
        self.dataset = Dataset.open_or_create(folder / "dataset", BASE)
        self.kept = self.dataset.path / "store" / RESOLUTION

    def run(self, steps: Iterable[Step]) -> None:
        """Take steps in one run of the writer."""
        with self.opened() as ingester:
            for step in steps:
                self.take(ingester, *step)

    def opened(self) -> Ingester:
        """Return the writer."""
        return Ingester(self.dataset, Settings(dataset=self.dataset.path, jobs=1))

    def take(self, ingester: Ingester, kind: str, name: str, version: int) -> None:
        """Take one step."""
        source = self._sources / f"{name}.md"
        if kind == "records":
            ingester.load_records()
        elif kind == "publish":
            publish(self.dataset, Settings(dataset=self.dataset.path))
        elif kind == "remove":
            ingester.remove(article_key(f"https://news.example/{name}"))
        else:
            published, text = TEXTS[name][version]
            source.write_text(
                f"---\ntitle: {name}\npublished: {published}\nurl: https://news.example/{name}\n---\n\n{text}\n",
                "utf-8",
            )
            (outcome,) = ingester.ingest([str(source)], runner=_refused if kind == "refuse" else _extracted)
            assert outcome.result is not Result.FAILED, outcome.error

    def lasting(self) -> set[ox.Quad]:
        """Return all that is stored, without the times of the runs."""
        store = ox.Store.read_only(str(self.dataset.path / "store"))
        return {quad for quad in store if not quad.predicate.value.endswith("endedAtTime")}


@contextmanager
def reading_back(*, allowed: bool = True) -> Iterator[list[str]]:
    """Note the queries that read back what resolution knows, or fail where there is one."""
    queries: list[str] = []
    each = EmbeddedStore.each

    def noted(store: EmbeddedStore, query: str, /, **bindings: Term) -> Iterator[ox.QuerySolution]:
        assert allowed, f"it reads all of the store: {query}"
        queries.append(query)
        return each(store, query, **bindings)

    with patch.object(EmbeddedStore, "each", noted):
        yield queries


@cache
def _extraction(article: Article) -> Extraction:
    return load_backend(Settings()).extract(article)


def _extracted(articles: Iterator[Article]) -> Iterator[tuple[str, Extraction]]:
    """Extract articles; what was extracted once is not again."""
    yield from ((article.key, _extraction(article)) for article in articles)


def _refused(articles: Iterator[Article]) -> Iterator[tuple[str, Extraction]]:
    """Extract articles, then claim that a place is named where it is not: the shapes refuse that."""
    for article in articles:
        found = _extraction(article)
        first, *others = found.people
        yield article.key, replace(found, people=(replace(first, mentions=(Span(0, 12, "Anna Petrova"),)), *others))
