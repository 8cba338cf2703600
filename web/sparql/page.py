"""The page of the SPARQL endpoint: the form, and a result as a table or as Turtle."""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Response, current_app, render_template, request

from graph.negotiation import BINDINGS, DATASETS, FORMATS
from graph.sparql import Query
from graph.vocabulary import PLY, PREFIXES
from web.answers import urls
from web.errors import Problem
from web.language import speak
from web.policy import policy
from web.sparql.examples import examples
from web.sparql.results import Table, read_table

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["PAGE_LIMIT", "allow_editor", "mark", "show"]

#: Largest result in bytes that a page is made of.
PAGE_LIMIT = 8_000_000
# A page shows so many characters of Turtle; the rest is one link away.
_CHARACTERS = 300_000
_AROUND = 200
# What the form holds at first.
_EXAMPLE = next((e.query for e in examples() if e.name == "who-met-whom"), "")

# What ``web/assets/build_hook.py`` makes of the npm sources; it is not there where npm could not be reached.
_BUNDLE = Path(__file__).parents[1] / "static" / "yasgui"


class _Editor(NamedTuple):
    """What the page needs to put the editor in the place of the form: a version for addresses, and what it is told."""

    version: str
    page: dict[str, Any]


@cache
def _version() -> str | None:
    """Return a digest of the bundle; None if there is none."""
    try:
        parts = [(_BUNDLE / name).read_bytes() for name in ("yasgui.js", "yasgui.css")]
    except OSError:
        return None
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def _editor(current: "Snapshot") -> _Editor | None:
    version = _version()
    if version is None:
        return None
    builder = urls()
    return _Editor(
        version,
        {
            "endpoint": builder.sparql(),
            "terms": builder.completion("terms"),
            "names": builder.completion("names"),
            "links": [[current.iris.thing(""), builder.thing("")], [str(PLY), f"{builder.ontology()}#"]],
            "bindings": [[form.name, form.label, form.extension] for form in BINDINGS],
            "graphs": [[form.name, form.label, form.extension] for form in DATASETS],
        },
    )


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
    table: Table | None = None
    turtle: str | None = None
    if query is not None and result is not None:
        if query.is_graph:
            turtle = result.decode()
        else:
            table = read_table(result, current)
    speak()
    editor = _editor(current)
    body = render_template(
        "sparql.html",
        urls=urls(),
        query=text or _EXAMPLE,
        examples=examples(),
        prefixes=PREFIXES,
        formats=DATASETS if query is not None and query.is_graph else BINDINGS,
        table=table,
        line=table.timeline() if table and request.values.get("view") == "timeline" else None,
        table_url=urls().sparql(text, "html"),
        line_url=urls().sparql(text, "html", "timeline"),
        turtle=turtle and turtle[:_CHARACTERS],
        cut=turtle is not None and len(turtle) > _CHARACTERS,
        error=error,
        marked=mark(text, error.place) if error and error.place else None,
        generation=current,
        editor=editor,
        limits=current_app.extensions["parley"].settings,
    )
    response = Response(body, error.status if error else 200, content_type=FORMATS["html"].content_type())
    if error is not None and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def allow_editor(response: Response) -> Response:
    """Let the editor ask this site by script, from its own page only.

    On every answer of the endpoint: a 304 replaces the headers of the page that a browser has (RFC 9111, section 3.2).
    """
    response.headers["Content-Security-Policy"] = policy(connect_src="'self'")
    return response


def mark(text: str, place: tuple[int, int]) -> tuple[str, str, str] | None:
    r"""Return the line of a query that an error names: what is before the place, the word there, what is after it.

    :param place: line and column, both from 1. A column behind the end of the line stands for its end.

    >>> mark("{\n  ?x a wrong:Thing }", (2, 8))
    ('  ?x a ', 'wrong:Thing', ' }')
    """
    lines = text.split("\n")
    number, column = place
    if not 0 < number <= len(lines):
        return None
    line = lines[number - 1].rstrip("\r")
    # A query may be one line of many thousand characters: some on each side are enough to find the place.
    at = min(max(column - 1, 0), len(line))
    end = at
    while end < len(line) and not line[end].isspace():
        end += 1
    before, word, after = line[:at], line[at:end], line[end:]
    return ("…" + before[-_AROUND:] if len(before) > _AROUND else before, word[:_AROUND], after[:_AROUND])
