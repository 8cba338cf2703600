"""What several articles quote, on the pages: once, with the other articles that print it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.settings import Settings
from graph.sparql import run_query
from graph.store import Dataset
from tests.web.conftest import BASE, make
from tests.web.pages import fetch
from tests.web.serving import application
from tests.web.trig import load
from web.app import create_app
from web.sparql.answerers import query_pool
from web.sparql.examples import examples

WORDS = "Zubrowka will not leave the table before Lutz has answered every one of our questions"
MET = "President Ana Petrova met Prime Minister Tom Harding in Geneva on May 2, 2021."


def article(title: str, day: str, said: str, publisher: str = "The Daily Zubrowkan") -> str:
    front = f'---\ntitle: "{title}"\npublished: {day}\npublisher: "{publisher}"\n---\n\n'
    return f'{front}{MET} "{said}," Petrova said of the meeting.\n'


ARTICLES = {
    "first": article("Petrova Speaks", "2021-05-03", WORDS),
    "second": article("The Words of May", "2021-05-20", WORDS.replace(" before", ", before"), "Freedonia Herald"),
    "third": article("A Year Later", "2022-05-02", WORDS.upper()),
    "near": article("In Other Words", "2021-06-01", f"Let me be clear that {WORDS}"),
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make(tmp_path_factory.mktemp("quotations"), ARTICLES)


@pytest.fixture(scope="module")
def app(dataset: Dataset) -> Iterator[Flask]:
    with application(dataset) as app:
        yield app


def document(client: FlaskClient, path: str) -> Any:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 200, path
    return json.loads(answer.text)


def keys(client: FlaskClient) -> dict[str, str]:
    """Return headline -> key of each article."""
    return {row["name"]: row["key"] for row in document(client, "/articles.json")["items"]}


def cited(claims: list[dict[str, Any]]) -> list[str]:
    return [claim["article"]["name"] for claim in claims]


def test_a_person_has_a_quotation_once_with_all_articles_that_print_it(client: FlaskClient) -> None:
    thing = document(client, "/person/ana-petrova.json")
    said, near = thing["claims"]
    assert (said["article"]["name"], cited(said["also"])) == ("Petrova Speaks", ["The Words of May", "A Year Later"])
    assert cited(said["near"]) == ["In Other Words"]
    assert (cited(near["also"]), cited(near["near"])) == ([], ["Petrova Speaks"])
    assert thing["claim_count"] == 2
    shown = fetch(client, "/person/ana-petrova").text
    assert "Also quoted in: The Words of May, Freedonia Herald, 20 May 2021 (data); A Year Later" in shown
    assert "Nearly the same words in: In Other Words" in shown
    assert "2 claims" in shown


def test_an_event_has_it_once_in_the_column_of_its_speaker(client: FlaskClient) -> None:
    (event,) = (e["key"] for e in document(client, "/events.json")["events"])
    (speaker,) = document(client, f"/{event}.json")["speakers"]
    assert cited(speaker["claims"]) == ["Petrova Speaks", "In Other Words"]


def test_an_article_shows_its_own_claim_and_where_else_it_is_printed(client: FlaskClient) -> None:
    thing = document(client, f"/{keys(client)['The Words of May']}.json")
    (said,) = thing["speakers"][0]["claims"]
    assert cited(said["also"]) == ["Petrova Speaks", "A Year Later"]
    assert "Also quoted in: Petrova Speaks" in fetch(client, f"/{keys(client)['The Words of May']}").text


def test_what_an_article_prints_twice_it_has_once(tmp_path: Path) -> None:
    twice = create_app(Settings(dataset=load(tmp_path, "quotations.trig", BASE).path, sparql_workers=1))
    client = twice.test_client()
    (said,) = document(client, "/person/ana-petrova.json")["claims"]
    assert (said["article"]["name"], cited(said["also"])) == ("May", ["June"])
    june = document(client, "/article/bbbbbbbbbbbb.json")
    assert june["claim_count"] == 1
    assert cited(june["speakers"][0]["claims"][0]["also"]) == ["May"]
    listed = document(client, "/articles.json")["items"]
    assert {row["name"]: row["claims"] for row in listed} == {"May": 1, "June": 1}
    query_pool(twice).close()


def test_the_example_queries_count_it_once(dataset: Dataset) -> None:
    generation = dataset.current()
    assert generation is not None
    found = {e.name: e.query for e in examples()}

    def rows(name: str) -> list[dict[str, str]]:
        out = io.BytesIO()
        run_query(generation.path, found[name], None, out)
        return list(csv.DictReader(io.StringIO(out.getvalue().decode())))

    (said,) = rows("quotations-in-several-articles")
    assert (said["speaker"], said["text"]) == ("Ana Petrova", WORDS)
    assert (said["articles"], said["first"], said["last"]) == ("3", "2021-05-03", "2022-05-02")
    (speaker,) = rows("speakers-by-claims")
    assert (speaker["name"], speaker["claims"], speaker["articles"]) == ("Ana Petrova", "2", "4")
    assert [row["published"] for row in rows("positions-over-time")] == ["2021-05-03", "2021-06-01"]
