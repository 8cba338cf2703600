"""The page of the example queries, ``docs/queries.md``: each with its text and its result on the demo's dataset.

::

    ./parley demo --no-serve --dataset DIR
    python -m tests.queries_page DIR > docs/queries.md
"""

import csv
import io
import sys
from pathlib import Path

from graph.iris import DEFAULT_BASE, Iris
from graph.sparql import run_query
from graph.store import Dataset, Generation
from web.published import Snapshot
from web.sparql.examples import Example, examples
from web.sparql.named import NamedQuery, named_queries
from web.sparql.values import read_values
from web.urls import Urls
from web.views.shared import View

__all__ = ["filled", "page"]

_HEAD = """# Example queries

The queries of [`data/queries/examples`](../data/queries/examples), with what they find in the dataset of
`./parley demo`: the first rows, and how many there are. The form at `/sparql` offers them; on the command line,
`parley query --file FILE` runs one. Those [with blanks](#queries-with-blanks) need no SPARQL. This page is printed by
`python -m tests.queries_page DIR`, DIR being the demo's dataset; a test runs each query and compares.

A hint for queries of your own: the engine joins in the order of the groups, so put each `OPTIONAL` after all that must
match. The same query with an `OPTIONAL` in the middle can take a hundred times as long.
"""
_NAMED = """## Queries with blanks

The queries of [`data/queries/named`](../data/queries/named) have blanks to fill in. `/queries` has a form for each; an
answer has an address of its own, also as CSV and JSON (put `.csv` or `.json` before the `?`): see
[HTTP](http.md#queries). In the files `$person` is a blank, declared in the comments at the head.
"""
_ROWS, _WIDEST = 5, 48


def page(generation: Generation) -> str:
    """Return the page for a published generation."""
    current = Snapshot(generation, Iris(DEFAULT_BASE))
    return "\n".join(
        [
            _HEAD,
            *(_section(generation.path, example) for example in examples()),
            _NAMED,
            *(_filled(current, query) for query in named_queries()),
        ]
    )


def filled(current: Snapshot, query: NamedQuery) -> tuple[str, str]:
    """Return the address of the example of a query with blanks, and its text with the values in it."""
    given = read_values(query, query.example, View(current, Urls()))
    assert not given.problems, given.problems
    assert not given.missing, given.missing
    return Urls().query(query.name, pairs=given.pairs.items()), query.fill(given.terms)


def _filled(current: Snapshot, query: NamedQuery) -> str:
    out = io.BytesIO()
    url, text = filled(current, query)
    run_query(current.generation.path, text, None, out)
    takes = "\n".join(
        f"- `{p.name}` ({p.kind}{'' if p.default is None else ', may be left out'}): {p.help}" for p in query.parameters
    )
    return (
        f"### {query.title}\n\n`{query.name}`: {query.description}\n\n{takes}\n\n"
        f"`{url}`\n\n{_table(out.getvalue().decode())}\n"
    )


def _section(generation: Path, example: Example) -> str:
    out = io.BytesIO()
    run_query(generation, example.query, None, out)
    text = out.getvalue().decode()
    result = _table(text) if example.query.find("CONSTRUCT") < 0 else _graph(text)
    return (
        f"## {example.title}\n\n`{example.name}.rq`: {example.description}\n\n"
        f"```sparql\n{example.query.strip()}\n```\n\n{result}\n"
    )


def _table(text: str) -> str:
    head, *rows = csv.reader(io.StringIO(text))
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows[:_ROWS])]
    return "\n".join([*lines, "", f"{len(rows):,} row{'s' * (len(rows) != 1)}."])


def _row(cells: list[str]) -> str:
    shown = (cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…" for cell in cells)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in shown) + " |"


def _graph(text: str) -> str:
    things = sum(line.startswith("<") for line in text.splitlines())
    return f"Turtle that describes {things:,} things."


if __name__ == "__main__":
    current = Dataset.open(Path(sys.argv[1])).current()
    if current is None:
        sys.exit("nothing is published there")
    sys.stdout.write(page(current))
