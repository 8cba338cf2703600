"""Things: 303 from their IRIs to their documents, and one document per thing in every format."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from graph.errors import InputError
from graph.negotiation import FORMATS, Format
from web.answers import (
    DATA,
    DOCUMENT_FORMATS,
    HTML,
    NotFoundError,
    alternates,
    answer,
    json_body,
    pick,
    split_extension,
    urls,
)  # fmt: skip
from web.band import draw
from web.confidence import ANY, Minimum
from web.documents import describe, serialize
from web.filters import Filters
from web.published import snapshot
from web.queries import select
from web.replaced import heirs, lead_on
from web.views.article import article_view
from web.views.curations import GoneError, curations_of, rejection_of
from web.views.entity import entity_view
from web.views.event import event_view
from web.views.other import other_view
from web.views.shared import Json, View, kind_of

__all__ = ["blueprint"]

blueprint = Blueprint("resources", __name__)

_PAGES: dict[str, tuple[Callable[[View, str], Json | None], str]] = {
    "event": (event_view, "event.html"),
    "person": (entity_view, "entity.html"),
    "organization": (entity_view, "entity.html"),
    "place": (entity_view, "entity.html"),
    "article": (article_view, "article.html"),
}
_OTHER = (other_view, "other.html")
_PAGE_FORMATS = (HTML, DATA)


@blueprint.get("/id/<path:key>")
def thing(key: str) -> Response:
    """Redirect from a thing to the document about it that the client likes best."""
    choice = pick(DOCUMENT_FORMATS)
    node = snapshot().node(key)
    if kind_of(key) is None or node is None or not select(snapshot().store, "thing", thing=node):
        raise _unknown(key)
    replaced_by = heirs(snapshot(), key)
    if replaced_by:
        return lead_on(key, replaced_by, choice, urls().thing)
    response = redirect(urls().document(key, choice.format.extension), 303)
    response.vary.add("Accept")
    return response


@blueprint.get(
    "/<any(event, person, organization, place, article, record, role, agent, curation, curator):kind>/<path:rest>"
)
def document(kind: str, rest: str) -> Response:
    """Answer with the document about a thing, in the format of the URL's extension or the one that the client likes."""
    key, fixed = split_extension(f"{kind}/{rest}", DOCUMENT_FORMATS)
    if kind_of(key) is None:
        raise _unknown(key)
    build = urls()
    choice = pick(DOCUMENT_FORMATS, fixed)
    replaced_by = heirs(snapshot(), key)
    if replaced_by:
        extension, pairs = fixed.extension if fixed else None, list(request.args.items(multi=True))
        return lead_on(key, replaced_by, choice, lambda heir: build.document(heir, extension, pairs))
    minimum = _minimum(choice.format)
    links = [
        f'<{build.document(key, form.extension, _pairs(minimum, form))}>; rel="alternate"; type="{form.media_type}"'
        for form in DOCUMENT_FORMATS
        if form is not choice.format
    ]
    links.append(f'<{quote(snapshot().iris.thing(key), safe="/:#?&=@%")}>; rel="describes"')
    if choice.format is HTML:
        links.append(f'<{build.document(key, "ttl")}>; rel="describedby"; type="{FORMATS["turtle"].media_type}"')
    location = None if fixed else build.document(key, choice.format.extension, _pairs(minimum, choice.format))
    return answer(choice, lambda: _body(key, choice.format, minimum), links=links, location=location)


def _minimum(form: Format) -> Minimum:
    """Return the least confidence that is asked for; the RDF formats leave nothing out.

    :raises InputError: if it is none.
    """
    try:
        return Minimum.read(request.args.get("confidence", "")) if form in _PAGE_FORMATS else ANY
    except ValueError as error:
        raise InputError(str(error), "mend the address of this page") from None


def _pairs(minimum: Minimum, form: Format) -> list[tuple[str, str]]:
    return minimum.pairs if form in _PAGE_FORMATS else []


def _body(key: str, form: Format, minimum: Minimum) -> str | bytes:
    current = snapshot()
    if form not in _PAGE_FORMATS:
        triples = describe(current, key)
        if triples is None:
            raise _unknown(key)
        return serialize(triples, form)
    kind, _, rest = key.partition("/")
    # Parts of an article have plain pages: their reader comes from a page that shows them in place.
    make, template = _OTHER if "/" in rest else _PAGES.get(kind, _OTHER)
    view = View(current, urls(), minimum)
    values = make(view, key)
    if values is None:
        raise _unknown(key)
    if template != _OTHER[1]:
        values = {**values, "curations": curations_of(view, key)}
    if form is DATA:
        return json_body(values)
    return render_template(
        template,
        thing=values,
        minimum=minimum,
        alternates=alternates(DOCUMENT_FORMATS[1:], lambda f: urls().document(key, f.extension, _pairs(minimum, f))),
        # Drawn on the pages of those who took part in events, and of places.
        band=draw(view.entries(kind, rest)),
        filters=Filters(facets=((kind, (rest,)),), confidence=minimum),
    )


def _unknown(key: str) -> NotFoundError:
    rejected = rejection_of(snapshot(), key)
    if rejected is not None:
        return GoneError(rejected, "look at the article that it was read from, or search the timeline")
    return NotFoundError(f"there is no {key[:200]} in this dataset", "check the address, or search the timeline")
