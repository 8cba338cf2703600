"""``/sparql``: the SPARQL 1.1 Protocol for programs, a form and tables for people."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, g, request

from graph.errors import ParleyError
from graph.negotiation import BINDINGS, DATASETS, FORMATS, GRAPHS
from web.errors import problem
from web.published import published, snapshot
from web.sparql.observe import observer
from web.sparql.page import allow_editor, show
from web.sparql.protocol import ProtocolRequest, read_request
from web.sparql.querying import (
    Pending,
    answer_query,
    check_query,
    choose_format,
    finish,
    keep_body,
    matches,
    open_to_all,
    preflight,
    tag_of,
    take_fetched,
)  # fmt: skip
from web.sparql.remote import answerer
from web.sparql.service import describe_service

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["blueprint"]

blueprint = Blueprint("sparql", __name__)
blueprint.after_request(open_to_all)
blueprint.after_request(allow_editor)

_HTML = FORMATS["html"]


@blueprint.route("/sparql", methods=["GET", "HEAD", "POST"], provide_automatic_options=False)
def sparql() -> Response:
    """Answer a query; without one, describe the service, or show the form (SPARQL 1.1 Protocol, section 2)."""
    settings = published().settings
    asked = read_request(request, settings.sparql_query_limit)
    fetched = take_fetched()
    if fetched is not None:
        g.snapshot = fetched.current
    current = snapshot()
    if asked.query is None:
        return _describe(asked, current)
    seen = (
        fetched.seen if fetched else observer(current_app).start(asked.query, request.remote_addr or "", current.number)
    )
    page = _wants_page(asked)
    try:
        found = fetched.found if fetched else None
        if isinstance(found, ParleyError):
            raise found
        query = check_query(asked.query, settings)
        choice = choose_format(asked.format, (*(DATASETS if query.is_graph else BINDINGS), _HTML))
        return answer_query(Pending(query, current, seen, answerer(current), asked), choice, found=found)
    except ParleyError as error:
        seen.end_with(error)
        if not page:
            raise
        # Who sees a page sees the query again, to mend it.
        return finish(show(asked.query, current, error=problem(error)), current, None)


@blueprint.route("/sparql", methods=["OPTIONS"])
def options() -> Response:
    """Answer the question of a browser whether scripts of other sites may query."""
    return preflight("GET", "HEAD", "POST", "OPTIONS")


def _wants_page(asked: ProtocolRequest) -> bool:
    try:
        return choose_format(asked.format, (*BINDINGS, *DATASETS, _HTML)).format is _HTML
    except ParleyError:
        return False


def _describe(asked: ProtocolRequest, current: "Snapshot") -> Response:
    """Describe the service (SPARQL 1.1 Service Description, section 2), or show the form."""
    choice = choose_format(asked.format, (*GRAPHS, _HTML))
    tag = tag_of(asked, choice, current, request.path)
    if matches(tag):
        return finish(Response(status=304), current, tag)
    if choice.format is _HTML:
        return finish(show("", current), current, tag)

    def build() -> bytes:
        graphs = sorted(name.value for name in current.store.named_graphs())
        services = bool(published().settings.sparql_services.split())
        return describe_service(request.base_url, current.iris.base, graphs, choice.format, services=services)

    body = keep_body(current, ("description", request.base_url, choice.format.name), build)
    return finish(Response(body, content_type=choice.content_type), current, tag)
