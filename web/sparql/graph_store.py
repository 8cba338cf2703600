"""The SPARQL 1.1 Graph Store HTTP Protocol, for reading: named graphs and the default graph, whole, in every format."""

from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from graph.errors import InputError, ParleyError
from graph.files import data_path
from graph.negotiation import DATASETS
from graph.phrase import Phrase
from graph.sparql import check
from graph.sparql.errors import ReadOnlyError, ResultLimitError
from web.answers import NotFoundError
from web.figures import figures
from web.published import published, snapshot
from web.sparql.answerers import here
from web.sparql.observe import observer
from web.sparql.protocol import ProtocolRequest, graph_iris
from web.sparql.querying import Pending, answer_query, choose_format, open_to_all, preflight

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["blueprint"]

blueprint = Blueprint("graph_store", __name__)
blueprint.after_request(open_to_all)

_READ = ["GET", "HEAD"]
_WRITE = ["PUT", "POST", "DELETE", "PATCH"]
_DEFAULT = ""


@blueprint.route("/graph-store", methods=_READ, provide_automatic_options=False)
def indirect() -> Response:
    """Answer with the graph that ``graph=`` or ``default`` names (Graph Store HTTP Protocol, sections 4.2 and 5.2)."""
    names = request.args.getlist("graph")
    if len(names) + ("default" in request.args) != 1 or names == [""]:
        raise InputError(
            Phrase("the request names no graph, or more than one"),
            Phrase("add either ?default or ?graph= with the IRI of a graph"),
        )
    if names and ":" not in names[0]:
        # Relative to the base of the dataset, wherever it is served (section 4.2).
        names = [snapshot().iris.base + names[0].lstrip("/")]
    return _graph(graph_iris(names)[0] if names else _DEFAULT)


@blueprint.route("/graph/<path:name>", methods=_READ, provide_automatic_options=False)
def direct(name: str) -> Response:
    """Answer with the graph whose IRI is asked for (Graph Store HTTP Protocol, sections 4.1 and 5.2)."""
    return _graph(graph_iris([f"{snapshot().iris.base}graph/{name}"])[0])


@blueprint.route("/graph-store", methods=_WRITE, provide_automatic_options=False)
@blueprint.route("/graph/<path:name>", methods=_WRITE, provide_automatic_options=False)
def refuse(name: str = "") -> Response:
    """Refuse to change a graph."""
    raise ReadOnlyError(
        Phrase("graphs cannot be changed over HTTP"),
        Phrase("the dataset changes only by `parley ingest` and by files of curations on its own machine"),
    )


@blueprint.route("/graph-store", methods=["OPTIONS"])
@blueprint.route("/graph/<path:name>", methods=["OPTIONS"])
def options(name: str = "") -> Response:
    """Answer the question of a browser whether scripts of other sites may read."""
    return preflight("GET", "HEAD", "OPTIONS")


def _graph(iri: str) -> Response:
    current = snapshot()
    settings = published().settings
    choice = choose_format(request.args.get("format"), DATASETS)
    if iri and not current.store.contains_named_graph(ox.NamedNode(iri)):
        raise NotFoundError(
            Phrase("there is no graph %(iri)s", iri=iri[:200]),
            Phrase("the description of /sparql lists the graphs there are"),
        )
    if not iri:
        _check_size(current, settings.sparql_row_limit)
    graphs = (iri,) if iri else ()
    asked = ProtocolRequest(_query(), graphs, (), None, None)
    seen = observer(current_app).start(f"{_query()}{iri}", request.remote_addr or "", current.number)
    try:
        query = check(_query(), length=max(settings.sparql_query_limit, len(_query())))
        return answer_query(Pending(query, current, seen, here(current), asked), choice, iri or None)
    except ParleyError as error:
        seen.end_with(error)
        raise


def _check_size(current: "Snapshot", limit: int) -> None:
    """Say that the default graph is too large before any of it is sent."""
    triples = current.keep("figures", figures).triples
    if 0 < limit < triples:
        raise ResultLimitError(
            Phrase(
                "the default graph has %(triples)s triples, more than the %(most)s of one answer",
                triples=f"{triples:,}",
                most=f"{limit:,}",
            ),
            Phrase("take it from /dumps, or read one named graph"),
        )


@cache
def _query() -> str:
    return data_path("queries", "graph_store", "graph.rq").read_text("utf-8")
