"""The queries of the pages: trusted templates in ``data/queries/pages``, run in process on one generation.

Values go in as RDF terms through substitution, never as text; the engine wants each variable that is bound so in the
projection of a SELECT.
"""

from collections.abc import Iterator
from functools import cache
from typing import cast

import pyoxigraph as ox

from graph.files import data_path

__all__ = ["Row", "Term", "construct", "number", "select", "text"]

Term = ox.NamedNode | ox.Literal
_Substitutions = dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
#: Variable -> value; unbound variables are absent.
Row = dict[str, Term]


@cache
def _template(name: str) -> str:
    return data_path("queries", "pages", f"{name}.rq").read_text("utf-8")


def _run(store: ox.Store, name: str, values: dict[str, Term]) -> object:
    substitutions: _Substitutions = {ox.Variable(variable): value for variable, value in values.items()}
    return store.query(_template(name), substitutions=substitutions)


def select(store: ox.Store, name: str, **values: Term) -> list[Row]:
    """Run the SELECT query of this name.

    :param values: variable -> term that stands in its place.
    """
    answer = cast("ox.QuerySolutions", _run(store, name, values))
    variables = [variable.value for variable in answer.variables]
    rows: list[Row] = []
    for solution in answer:
        row: Row = {}
        for variable in variables:
            value = solution[variable]
            if isinstance(value, ox.NamedNode | ox.Literal):
                row[variable] = value
        rows.append(row)
    return rows


def construct(store: ox.Store, name: str, **values: Term) -> Iterator[ox.Triple]:
    """Run the CONSTRUCT query of this name.

    :param values: variable -> term that stands in its place.
    """
    return iter(cast("ox.QueryTriples", _run(store, name, values)))


def text(row: Row, variable: str) -> str | None:
    """Return the value of a variable as text; None if it is unbound."""
    term = row.get(variable)
    return None if term is None else term.value


def number(row: Row, variable: str) -> float | None:
    """Return the value of a variable as a number; None if it is unbound or no number."""
    try:
        return float(text(row, variable) or "")
    except ValueError:
        return None
