"""The example queries run, find something, and are shown in the documentation with what they find."""

import csv
import io
from pathlib import Path

import pytest

from graph.iris import DEFAULT_BASE, Iris
from graph.sparql import run_query
from graph.store import Generation
from tests.queries_page import filled, page
from web.published import Snapshot
from web.sparql.examples import Example, examples
from web.sparql.named import NamedQuery, named_queries

#: Queries that find what the samples need not hold; tests/web/test_disagreements.py and test_quotations.py have what
#: they find.
_MAY_BE_EMPTY = {"disagreements", "quotations-in-several-articles"}


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_an_example_finds_something(example: Example, demo_generation: Generation) -> None:
    out = io.BytesIO()
    run_query(demo_generation.path, example.query, None, out)
    text = out.getvalue().decode()
    if "CONSTRUCT" in example.query:
        assert "ply:Report" in text
    else:
        rows = list(csv.reader(io.StringIO(text)))[1:]
        assert rows or example.name in _MAY_BE_EMPTY
        assert len(set(map(tuple, rows))) == len(rows), "no row twice"


@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
def test_the_example_of_a_query_with_blanks_finds_something(query: NamedQuery, demo_generation: Generation) -> None:
    out = io.BytesIO()
    _, text = filled(Snapshot(demo_generation, Iris(DEFAULT_BASE)), query)
    run_query(demo_generation.path, text, None, out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode())))[1:]
    assert rows or query.name in _MAY_BE_EMPTY
    assert len(set(map(tuple, rows))) == len(rows), "no row twice"


def test_there_are_enough_to_begin_with() -> None:
    assert len(examples()) >= 20
    assert len(named_queries()) >= 8
    assert all(example.description for example in examples())


def test_the_page_shows_what_they_find(demo_generation: Generation) -> None:
    documented = Path(__file__).parents[1] / "docs" / "queries.md"
    assert documented.read_text("utf-8") == page(demo_generation), (
        "print it anew: python -m tests.queries_page DIR > docs/queries.md"
    )
