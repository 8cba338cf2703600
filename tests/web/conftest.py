"""The whole application on a small dataset that the real ingest made of articles on invented people and countries."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import graph.ingest.ingester
from graph.facts.records import load_records
from graph.ingest.ingester import Ingester, Result
from graph.publish import publish
from graph.settings import Settings
from graph.store import Dataset
from tests.web.serving import application

BASE = "https://zubrowka.example/"
ARTICLES = {
    "geneva": """---
title: "Talks in Geneva"
published: 2021-05-03
publisher: "The Daily Zubrowkan"
url: https://news.example/2021/05/03/geneva
authors: ["Eva Novak"]
---

President Ana Petrova of Zubrowka met Prime Minister Tom Harding of Freedonia in Geneva on May 2, 2021.

Petrova said the meeting had opened a new chapter. Harding said the meeting had been long.

In February 2020, Petrova visited Vienna.
""",
    "herald": """---
title: "What Harding and Petrova agreed on"
published: 2021-05-20
publisher: "Freedonia Herald"
url: https://herald.example/petrova-harding?id=7&x='1'
---

Prime Minister Tom Harding met President Ana Petrova of Zubrowka in Geneva on May 2, 2021.

Foreign Minister Zoë Lindqvist said the meeting in Geneva was a beginning. Analysts said the meeting had changed little.

Petrova plans to visit Oslo in June 2021.
""",
    "hostile": """---
title: "<script>alert('t')</script> & \\"Zubrowka\\" <b>votes</b>"
published: 2020-03-02
publisher: "\\"><img src=x onerror=alert(1)> Gazette"
---

President Ana Petrova met Foreign Minister Zoë Lindqvist in Oslo on March 1, 2020 <script>alert('b')</script>.

Lindqvist said "<img src=x onerror=alert(2)> is no way to meet" and left.
""",
}


def make(path: Path, articles: dict[str, str], records: int = 0) -> Dataset:
    """Make and publish a dataset.

    :param records: how many of the official records go in.
    """
    dataset = Dataset.create(path / "dataset", BASE)
    add(dataset, path, articles, records)
    return dataset


def add(dataset: Dataset, path: Path, articles: dict[str, str], records: int = 0) -> None:
    """Ingest articles into a dataset and publish it."""
    for name, text in articles.items():
        (path / f"{name}.md").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch, Ingester(dataset, Settings(dataset=dataset.path)) as ingester:
        if records:
            patch.setattr(graph.ingest.ingester, "load_records", lambda: load_records()[:records])
            ingester.load_records()
        for outcome in ingester.ingest(str(path / f"{name}.md") for name in articles):
            assert outcome.result is Result.ADDED, outcome.error
    publish(dataset, Settings(dataset=dataset.path))


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application."""
    dataset = make(tmp_path_factory.mktemp("web"), ARTICLES, records=12)
    with application(dataset) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of it."""
    return app.test_client()
