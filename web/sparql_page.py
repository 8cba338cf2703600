"""The page of the SPARQL endpoint: the form, and a result as a table or as Turtle."""

import json
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, render_template

from graph.negotiation import BINDINGS, FORMATS, GRAPHS
from graph.sparql import Query
from graph.vocabulary import PREFIXES
from web.answers import urls
from web.errors import Problem
from web.examples import examples
from web.urls import outside

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["PAGE_LIMIT", "show"]

#: Largest result in bytes that a page is made of.
PAGE_LIMIT = 8_000_000
# A page shows so many rows, or so many characters of Turtle; the rest is one link away.
_ROWS = 1000
_CHARACTERS = 300_000
# What the form holds at first.
_EXAMPLE = next((e.query for e in examples() if e.name == "who-met-whom"), "")


def show(
    text: str,
    current: "Snapshot",
    *,
    query: Query | None = None,
    result: bytes | None = None,
    error: Problem | None = None,
) -> Response:
    """Render the page.

    :param text: the query in the form; empty for an example.
    :param query: the query that was answered.
    :param result: its result, in SPARQL JSON or Turtle.
    :param error: why there is none.
    """
    table: dict[str, Any] | None = None
    turtle: str | None = None
    if query is not None and result is not None:
        if query.is_graph:
            turtle = result.decode()
        else:
            table = _table(json.loads(result), current)
    body = render_template(
        "sparql.html",
        query=text or _EXAMPLE,
        examples=examples(),
        prefixes=PREFIXES,
        formats=GRAPHS if query is not None and query.is_graph else BINDINGS,
        table=table,
        turtle=turtle and turtle[:_CHARACTERS],
        cut=turtle is not None and len(turtle) > _CHARACTERS,
        error=error,
        generation=current,
        limits=current_app.extensions["parley"].settings,
    )
    response = Response(body, error.status if error else 200, content_type=FORMATS["html"].content_type())
    if error is not None and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _table(values: dict[str, Any], current: "Snapshot") -> dict[str, Any]:
    """Put a result in SPARQL JSON into what the template shows: columns, the first rows, how many there are."""
    if "boolean" in values:
        return {"boolean": values["boolean"], "columns": [], "rows": [], "total": 1, "limit": _ROWS}
    columns = values["head"]["vars"]
    bindings = values["results"]["bindings"]
    rows = [[_cell(row.get(column), current) for column in columns] for row in bindings[:_ROWS]]
    return {"boolean": None, "columns": columns, "rows": rows, "total": len(bindings), "limit": _ROWS}


def _cell(term: dict[str, Any] | None, current: "Snapshot") -> dict[str, Any]:
    if term is None:
        return {"text": "", "href": None, "note": ""}
    if term["type"] == "uri":
        iri = term["value"]
        key = current.iris.key(iri)
        if key is not None:
            # A path leads to the thing wherever this is served, which need not be at its base IRI.
            return {"text": key, "href": urls().thing(key), "note": iri}
        return {"text": _shorten(iri), "href": outside(iri), "note": iri}
    if term["type"] == "literal":
        note = term.get("xml:lang") or _shorten(term.get("datatype", ""))
        return {"text": term["value"], "href": None, "note": note}
    return {
        "text": json.dumps(term["value"]) if term["type"] == "triple" else f"_:{term['value']}",
        "href": None,
        "note": "",
    }


def _shorten(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
