"""``/sparql``: the SPARQL 1.1 Protocol for programs, a form and tables for people."""

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Flask, Response, current_app, g, render_template, request

from graph.errors import DatasetError, ParleyError
from graph.negotiation import BINDINGS, FORMATS, GRAPHS, Choice, Format, find_format, negotiate
from graph.sparql import Query, QueryPool, check, make_job
from graph.vocabulary import PREFIXES
from web.answers import urls
from web.errors import Problem, problem
from web.examples import examples
from web.protocol import ProtocolRequest, read_request
from web.service import describe_service
from web.urls import outside

if TYPE_CHECKING:
    from web.published import Published, Snapshot

__all__ = ["blueprint", "query_pool"]

blueprint = Blueprint("sparql", __name__)

_HTML = FORMATS["html"]
_POOL = "parley.sparql"
_LOCK = threading.Lock()
# A page shows so many rows, or so many characters of Turtle; the rest is one link away.
_ROWS = 1000
_CHARACTERS = 300_000
_PAGE_LIMIT = 8_000_000
#: What the form holds at first.
_EXAMPLE = next((e.query for e in examples() if e.name == "who-met-whom"), "")


def query_pool(app: Flask) -> QueryPool:
    """Return the workers of an application, started at the first call in each process: no thread outlives a fork."""
    with _LOCK:
        held = app.extensions.get(_POOL)
        if held is None or held[0] != os.getpid():
            held = (os.getpid(), _start_pool(cast("Published", app.extensions["parley"])))
            app.extensions[_POOL] = held
        return cast("QueryPool", held[1])


def _start_pool(published: "Published") -> QueryPool:
    settings = published.settings

    def generation() -> tuple[int, Path] | None:
        try:
            current = published.current()
        except DatasetError:
            return None
        return current.number, current.generation.path

    return QueryPool(
        generation,
        workers=settings.sparql_workers,
        timeout=settings.sparql_timeout,
        memory=settings.sparql_memory,
        result_limit=settings.sparql_result_limit,
        services=settings.sparql_services.split(),
        # Some threads of the server are always left for the pages.
        max_waiting=max(2, settings.threads - settings.sparql_workers - 2),
    )


@blueprint.route("/sparql", methods=["GET", "HEAD", "POST"], provide_automatic_options=False)
def sparql() -> Response:
    """Answer a query; without one, describe the service, or show the form."""
    asked = read_request(request)
    current = _snapshot()
    if asked.query is None:
        return _describe(asked, current)
    pool = query_pool(current_app)
    page = _wants_page(asked)
    try:
        query = check(asked.query, pool.services, dict(PREFIXES))
        choice = _choose(asked.format, (*(GRAPHS if query.is_graph else BINDINGS), _HTML))
        return _answer(asked, query, choice, current, pool)
    except ParleyError as error:
        if not page:
            raise
        # Who sees a page sees the query again, to mend it.
        return _page(asked.query, current, error=problem(error))


@blueprint.route("/sparql", methods=["OPTIONS"])
def options() -> Response:
    """Answer the question of a browser whether scripts of other sites may query."""
    response = Response(status=204)
    response.headers["Allow"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


@blueprint.after_request
def open_to_all(response: Response) -> Response:
    """Let scripts of all sites read the answers: the data is public and there are no sessions."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Parley-Generation, Retry-After"
    return response


def _snapshot() -> "Snapshot":
    # One generation for the whole request, also for those who render the page around ours.
    if "snapshot" not in g:
        g.snapshot = cast("Published", current_app.extensions["parley"]).current()
    return cast("Snapshot", g.snapshot)


def _choose(name: str | None, offers: Sequence[Format]) -> Choice:
    return find_format(name, offers) if name else negotiate(request.headers.get("Accept"), offers)


def _wants_page(asked: ProtocolRequest) -> bool:
    try:
        return _choose(asked.format, (*BINDINGS, *GRAPHS, _HTML)).format is _HTML
    except ParleyError:
        return False


def _answer(asked: ProtocolRequest, query: Query, choice: Choice, current: "Snapshot", pool: QueryPool) -> Response:
    tag = None if query.volatile else _tag(asked, choice, current)
    if tag is not None and request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        return _finish(Response(status=304), current, tag)
    as_page = choice.format is _HTML
    shown = (GRAPHS if query.is_graph else BINDINGS)[0] if as_page else choice.format
    job = make_job(
        current.generation.path,
        query,
        shown.media_type,
        timeout=min(asked.timeout or pool.timeout, pool.timeout),
        limit=_PAGE_LIMIT if as_page else None,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )
    result = pool.run(job, request.remote_addr or "")
    if as_page:
        return _finish(_page(query.text, current, query=query, result=result.read()), current, tag)
    response = Response(result.chunks(), content_type=choice.content_type)
    response.call_on_close(result.close)
    if result.size is not None:
        response.content_length = result.size
    return _finish(response, current, tag)


def _tag(asked: ProtocolRequest, choice: Choice, current: "Snapshot") -> str:
    parts = (current.identity, asked.query, asked.default_graphs, asked.named_graphs, choice.media_type)
    return f"{current.number}-{hashlib.sha256(repr(parts).encode('utf-8', 'replace')).hexdigest()[:20]}"


def _finish(response: Response, current: "Snapshot", tag: str | None) -> Response:
    response.vary.add("Accept")
    response.headers["Parley-Generation"] = str(current.number)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code not in (200, 304) or tag is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        # Weak: the order of rows is the engine's own affair.
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def _describe(asked: ProtocolRequest, current: "Snapshot") -> Response:
    choice = _choose(asked.format, (*GRAPHS, _HTML))
    tag = _tag(asked, choice, current)
    if request.if_none_match.contains_weak(tag):
        return _finish(Response(status=304), current, tag)
    if choice.format is _HTML:
        return _finish(_page("", current), current, tag)
    graphs = sorted(name.value for name in current.store.named_graphs())
    body = describe_service(request.base_url, current.iris.base, graphs, choice.format)
    return _finish(Response(body, content_type=choice.content_type), current, tag)


def _page(
    text: str,
    current: "Snapshot",
    *,
    query: Query | None = None,
    result: bytes | None = None,
    error: Problem | None = None,
) -> Response:
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
    response = Response(body, error.status if error else 200, content_type=_HTML.content_type())
    if error is not None and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response if error is None else _finish(response, current, None)


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
