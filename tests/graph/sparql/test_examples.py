"""Every example query runs, and finds what it promises in a small dataset."""

from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, QueryTriples, Store

from graph.files import data_path
from web.sparql.examples import examples, read_example

#: Queries on what only years of records hold; tests/test_queries.py has what they find there.
ON_RECORDS = {
    "first-meeting-of-two-sides", "first-visit-to-each-country", "holders-of-offices", "places-by-decade",
    "same-place-same-days", "travel-by-year",
}  # fmt: skip
PATHS = sorted(data_path("queries", "examples").glob("*.rq"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_an_example_finds_something(path: Path, generation: Path) -> None:
    example = read_example(path)
    assert example.title != example.name
    assert example.description.endswith(".")
    result = Store.read_only(str(generation)).query(example.query)
    assert isinstance(result, QuerySolutions | QueryTriples)
    assert next(iter(result), None) is not None or path.stem in ON_RECORDS


def test_there_are_enough() -> None:
    assert len(examples()) == len(PATHS) >= 8
    assert len({example.title for example in examples()}) == len(PATHS)
