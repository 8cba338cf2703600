"""What the dataset is (VoID), and how the server does: health, readiness, figures."""

from collections.abc import Iterator

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template

from graph import __version__
from graph.errors import DatasetError, ParleyError
from graph.negotiation import GRAPHS
from graph.vocabulary import PREFIXES
from web.answers import DATA, HTML, alternates, answer, json_body, pick, urls
from web.documents import serialize
from web.dumps import DUMPS
from web.figures import Figures, figures
from web.observe import observer
from web.published import Snapshot, published, snapshot
from web.querying import query_pool

__all__ = ["blueprint"]

blueprint = Blueprint("about", __name__)

_VOID = "http://rdfs.org/ns/void#"
_DCT = "http://purl.org/dc/terms/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TITLE = "Diplomatic events, every triple led back to the words of an article"
_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")


class StartingError(ParleyError):
    """The server is there, but cannot answer queries yet."""

    status = 503
    retry_after = 1


@blueprint.get("/healthz")
def healthz() -> Response:
    """Tell whether there is a generation to serve: 200 with its number, or 503 with the cause."""
    body: dict[str, object] = {"status": "ok", "version": __version__}
    try:
        body["generation"] = published().current().number
    except DatasetError as error:
        body |= {"status": "unavailable", "cause": error.cause, "remedy": error.remedy}
    status = 200 if "generation" in body else 503
    response = Response(json_body(body), status=status, content_type=DATA.content_type())
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/readyz")
def readyz() -> Response:
    """Tell whether queries can be answered: 200, or 503 with the cause while there is no generation or no worker."""
    number = published().current().number
    if not query_pool(current_app).ready:
        raise StartingError("the query workers are starting", "ask again in a second")
    response = Response(json_body({"status": "ready", "generation": number}), content_type=DATA.content_type())
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer with the figures of operation, in the text format of Prometheus."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # late, see web.observe

    response = Response(generate_latest(observer(current_app).registry), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the dataset: size, classes, endpoint, dumps, vocabularies (VoID, W3C interest group note 2011)."""
    choice = pick((*GRAPHS, HTML, DATA))

    def build() -> str | bytes:
        current = snapshot()
        counts = current.keep("figures", figures)
        if choice.format is HTML:
            return render_template(
                "about.html",
                figures=counts,
                base=current.iris.base,
                prefixes=PREFIXES,
                alternates=alternates((*GRAPHS, DATA), lambda f: urls().void([("format", f.name)])),
            )
        if choice.format is DATA:
            return json_body({"base": current.iris.base, "generation": current.number, **counts._asdict()})
        return serialize(_void(current, counts), choice.format)

    return answer(choice, build)


def _void(current: Snapshot, counts: Figures) -> list[ox.Triple]:
    base = current.iris.base
    return [
        *_say(
            base,
            (_TYPE, ox.NamedNode(f"{_VOID}Dataset")),
            (f"{_DCT}title", ox.Literal(f"Parley: {_TITLE[0].lower()}{_TITLE[1:]}", language="en")),
            (f"{_DCT}modified", _typed(current.published_at.isoformat(), "dateTime")),
            (f"{_DCT}hasVersion", ox.Literal(str(current.number))),
            (f"{_VOID}sparqlEndpoint", ox.NamedNode(f"{base}sparql")),
            (f"{_VOID}uriSpace", ox.Literal(f"{base}id/")),
            (f"{_VOID}triples", _typed(str(counts.triples), "integer")),
            (f"{_VOID}classes", _typed(str(len(counts.classes)), "integer")),
            (f"{_VOID}properties", _typed(str(len(counts.properties)), "integer")),
            *((f"{_VOID}dataDump", ox.NamedNode(f"{base}dumps/{dump.name}")) for dump in DUMPS),
            *((f"{_VOID}feature", ox.NamedNode(f"http://www.w3.org/ns/formats/{form}")) for form in _FORMATS),
            *((f"{_VOID}vocabulary", ox.NamedNode(namespace)) for namespace in PREFIXES.values()),
        ),
        *_partitions(base, "class", "entities", counts.classes),
        *_partitions(base, "property", "triples", counts.properties),
    ]


def _partitions(base: str, what: str, counted: str, counts: dict[str, int]) -> Iterator[ox.Triple]:
    for number, (iri, count) in enumerate(counts.items(), 1):
        part = f"{base}.well-known/void#{what}-{number}"
        yield from _say(base, (f"{_VOID}{what}Partition", ox.NamedNode(part)))
        yield from _say(
            part, (f"{_VOID}{what}", ox.NamedNode(iri)), (f"{_VOID}{counted}", _typed(str(count), "integer"))
        )


def _say(subject: str, *said: tuple[str, ox.NamedNode | ox.Literal]) -> Iterator[ox.Triple]:
    return (ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value) for predicate, value in said)


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(_XSD + datatype))
