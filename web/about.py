"""What the dataset is (VoID), and how the server does: health, readiness, figures."""

from flask import Blueprint, Response, current_app, render_template, request

from graph import __version__
from graph.errors import DatasetError, ParleyError
from graph.negotiation import GRAPHS
from graph.vocabulary import PREFIXES
from web.answers import DATA, HTML, alternates, answer, json_body, pick, urls
from web.cite import CITATIONS, cite_dataset
from web.figures import figures
from web.linked_data.catalog import CATALOG_PREFIXES, describe_dataset
from web.linked_data.documents import serialize
from web.linked_data.dumps import files_in_time
from web.linked_data.signposts import dataset_signposts
from web.linked_data.structured import dataset_block
from web.published import published, snapshot
from web.sparql.answerers import query_pool
from web.sparql.observe import observer

__all__ = ["blueprint"]

blueprint = Blueprint("about", __name__)

#: How long the description of the dataset waits for the sizes and checksums of the dumps, in seconds.
_PATIENCE = 30.0


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
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # late, see web.sparql.observe

    response = Response(generate_latest(observer(current_app).registry), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the dataset: size, classes, endpoint, dumps with their checksums, vocabularies (VoID, DCAT)."""
    choice, current, license_iri = pick((*GRAPHS, HTML, DATA)), snapshot(), published().settings.license
    written = files_in_time(current, _PATIENCE) if choice.format in GRAPHS else None

    def build() -> str | bytes:
        counts = current.keep("figures", figures)
        if choice.format is HTML:
            return render_template(
                "about.html",
                figures=counts,
                base=current.iris.base,
                prefixes=PREFIXES,
                license=license_iri,
                citation=cite_dataset(current, request.host_url.rstrip("/") + urls().timeline()),
                citations=[{"label": f.label, "url": urls().citation(f.extension)} for f in CITATIONS],
                structured=dataset_block(current, urls(), request.host_url.rstrip("/"), license_iri),
                alternates=alternates((*GRAPHS, DATA), lambda f: urls().void([("format", f.name)])),
            )
        if choice.format is DATA:
            return json_body({"base": current.iris.base, "generation": current.number, **counts._asdict()})
        return serialize(describe_dataset(current, counts, written or {}, license_iri), choice.format, CATALOG_PREFIXES)

    links = dataset_signposts(current, urls(), license_iri)
    return answer(choice, build, links=links, tag=f"{current.identity} {written is None}")
