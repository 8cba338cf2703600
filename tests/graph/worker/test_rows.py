"""Rows are counted from the bytes that the engine writes, whatever is in them."""

import json
import random

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from graph.worker.rows import Rows

FORMATS = (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV, QueryResultsFormat.TSV)
# What could be taken for the end of a row, or of a string.
VALUES = [
    "Ana Petrova", "", '"', '""', "\\", "\\\\", '\\"', "\n", "\r\n", "a,b\nc", "},{", "}},{", '"},{"', "[{", "<result>",
    "</result><result>", "\\n", "Ngozi\tOkoro", '\\\\"},{"\\', "{}", "🙂",
]  # fmt: skip


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    for n, value in enumerate(VALUES):
        store.add(Quad(NamedNode(f"urn:s{n}"), NamedNode("urn:says"), Literal(value)))
    return store


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.file_extension)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?value { ?s <urn:says> ?value }",
        "SELECT * { ?s <urn:says> ?value . ?t <urn:says> ?other }",
        "SELECT ?none { ?s <urn:says> ?value }",
        "SELECT ?value ?none { ?s <urn:says> ?value }",
        "SELECT * { ?s <urn:nothing> ?value }",
        "SELECT ?value { ?s <urn:says> ?value } LIMIT 1",
        "SELECT * { }",
    ],
)
@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100, 1_000_000])
def test_rows_are_counted_exactly(store: Store, form: QueryResultsFormat, query: str, piece: int) -> None:
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    number = len(list(solutions))
    again = store.query(query)
    assert isinstance(again, QuerySolutions)
    written = again.serialize(format=form) or b""
    rows = Rows(form.media_type.partition(";")[0])
    for start in range(0, len(written), piece):
        rows.feed(written[start : start + piece])
    assert rows.number == number


def test_pieces_of_any_size(store: Store) -> None:
    solutions = store.query("SELECT * { ?s <urn:says> ?value . ?t <urn:says> ?other }")
    assert isinstance(solutions, QuerySolutions)
    written = solutions.serialize(format=QueryResultsFormat.JSON) or b""
    assert len(json.loads(written)["results"]["bindings"]) == len(VALUES) ** 2
    chance = random.Random(7)
    for _ in range(50):
        rows, position = Rows("application/sparql-results+json"), 0
        while position < len(written):
            size = chance.randint(1, 400)
            rows.feed(written[position : position + size])
            position += size
        assert rows.number == len(VALUES) ** 2
