"""Things: 303 from their IRIs to their documents, and one document per thing in every format."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from graph.errors import InputError
from graph.negotiation import GRAPHS, Format
from graph.phrase import Phrase
from web.answers import (
    DATA,
    DOCUMENT_FORMATS,
    HTML,
    NotFoundError,
    alternate_links,
    alternates,
    answer,
    json_body,
    link,
    pick,
    split_extension,
    urls,
)  # fmt: skip
from web.cite import CITATIONS, cite_thing, write_citation
from web.drawing.band import draw_positions
from web.drawing.drawings import drawings
from web.drawing.preview import PREVIEWED, card, event_note
from web.linked_data.documents import Linked, describe, linked, serialize
from web.linked_data.replaced import heirs, lead_on
from web.linked_data.signposts import page_links, thing_signposts
from web.linked_data.structured import thing_block
from web.mistakes import no_thing
from web.paging import page_number
from web.published import published, snapshot
from web.queries import select
from web.timeline.confidence import ANY, Minimum
from web.timeline.filters import Filters
from web.timeline.twins import EVENT_FORMATS, event_twin, events_twin
from web.views.archived import archived, item_of
from web.views.article import article_view
from web.views.curations import GoneError, curations_of, rejection_of
from web.views.entity import entity_view
from web.views.event import event_view
from web.views.full_text import full_text
from web.views.other import other_view, part_link
from web.views.questions import questions_on
from web.views.shared import Json, View, kind_of

__all__ = ["blueprint"]

blueprint = Blueprint("resources", __name__)

_Body = str | bytes | FlaskResponse

_PAGES: dict[str, tuple[Callable[[View, str], Json | None], str]] = {
    "event": (event_view, "event.html"),
    "person": (entity_view, "entity.html"),
    "organization": (entity_view, "entity.html"),
    "place": (entity_view, "entity.html"),
    "article": (article_view, "article.html"),
}
_OTHER = (other_view, "other.html")
#: Long lists on the page of a thing, each with pages of its own.
_LISTS = ("reports", "claims", "times")
_PAGE_FORMATS = (HTML, DATA, *EVENT_FORMATS, *CITATIONS)


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
    for form in GRAPHS:
        response.headers.add("Link", link(urls().document(key, form.extension), "describedby", form.media_type))
    return response


@blueprint.get(
    "/<any(event, person, organization, place, article, record, role, agent, curation, curator):kind>/<path:rest>"
)
def document(kind: str, rest: str) -> Response:
    """Answer with the document about a thing, in the format of the URL's extension or the one that the client likes."""
    offers = _offers(kind, rest, of_links=bool(request.args.get("page")))
    key, fixed = split_extension(f"{kind}/{rest}", offers)
    if kind_of(key) is None:
        raise _unknown(key)
    build = urls()
    choice = pick(offers, fixed)
    replaced_by = heirs(snapshot(), key)
    if replaced_by:
        extension, pairs = fixed.extension if fixed else None, list(request.args.items(multi=True))
        return lead_on(key, replaced_by, choice, lambda heir: build.document(heir, extension, pairs))
    minimum = _minimum(choice.format)
    page = _page(key, choice.format)

    def url(form: Format) -> str:
        return build.document(key, form.extension, [*_pairs(minimum, form), *_page_pairs(page)])

    links = [
        *alternate_links(offers, choice.format, url),
        *thing_signposts(snapshot(), build, key, choice.format, published().settings.license),
        *(page_links(page, request.script_root + quote(request.path)) if page else []),
    ]
    location = None if fixed else url(choice.format)
    return answer(choice, lambda: _body(key, choice.format, minimum, page, url), links=links, location=location)


def _offers(kind: str, rest: str, *, of_links: bool) -> tuple[Format, ...]:
    """Return the formats of a document, HTML first.

    :param of_links: whether it is a page of what is linked to the thing.
    """
    # Events, and what has events, come as tables, calendars and slides of these, too, and can be cited.
    is_whole = kind in _PAGES and "/" not in rest and not of_links
    return (*DOCUMENT_FORMATS, *EVENT_FORMATS, *CITATIONS) if is_whole else DOCUMENT_FORMATS


def _page(key: str, form: Format) -> Linked | None:
    """Return the page of what is linked to a thing; None for a page or its JSON that shows what matters most of it.

    :raises InputError: if ``page=`` is no number.
    :raises NotFoundError: if there is no such page.
    """
    asked = request.args.get("page", "")
    page = page_number(asked or "1")
    if form in _PAGE_FORMATS and not asked:
        return None
    return linked(snapshot(), key, page)


def _minimum(form: Format) -> Minimum:
    """Return the least confidence that is asked for; the RDF formats leave nothing out.

    :raises InputError: if it is none.
    """
    try:
        return Minimum.read(request.args.get("confidence", "")) if form in _PAGE_FORMATS else ANY
    except ValueError as error:
        raise InputError(Phrase(str(error)), Phrase("mend the address of this page")) from None


def _pairs(minimum: Minimum, form: Format) -> list[tuple[str, str]]:
    return minimum.pairs if form in _PAGE_FORMATS else []


def _body(key: str, form: Format, minimum: Minimum, page: Linked | None, url: Callable[[Format], str]) -> _Body:
    """Return the document.

    :param url: makes its address in a format.
    """
    current, license_iri = snapshot(), published().settings.license
    if page is not None and form not in _PAGE_FORMATS:
        triples = describe(current, key, page, license_iri)
        if triples is None:
            raise _unknown(key)
        return serialize(triples, form)
    kind, _, rest = key.partition("/")
    # Parts of an article have plain pages: their reader comes from a page that shows them in place.
    # So have the pages of all that is linked to a thing.
    make, template = _OTHER if "/" in rest or page else _PAGES.get(kind, _OTHER)
    view = View(current, urls(), minimum)
    filters = Filters(facets=((kind, (rest,)),), confidence=minimum)
    values = _values(view, key, make)
    if values is None:
        raise _unknown(key)
    if form in EVENT_FORMATS:
        entry = view.timeline.entry(key)
        return event_twin(view, entry, form) if entry else events_twin(view, filters, form)
    citation = cite_thing(current, key, values, request.host_url.rstrip("/")) if _has_card(key, page) else None
    if form in CITATIONS:
        if citation is None:
            raise _unknown(key)
        return write_citation(citation, form)
    text = None
    if make is article_view:
        item = item_of(published().settings.dataset, key)
        values = {**values, "archive": archived(view, item)}
        # For readers only: the data has the quotations with their offsets.
        text = full_text(item, values) if form is HTML else None
    if page is not None:
        values = {**values, "linked": _links(view, key, page)}
    if template != _OTHER[1]:
        values = {**values, "curations": curations_of(view, key)}
    if form is DATA:
        return json_body(values)
    return render_template(
        template,
        thing=values,
        minimum=minimum,
        alternates=alternates(_offers(kind, rest, of_links=page is not None)[1:], url),
        card=_card(view, key, values) if _has_card(key, page) else None,
        linked_url=urls().document(key, pairs=[("page", "1")]) if page is None else None,
        page_url=lambda number: urls().document(key, pairs=[("page", str(number))]),
        structured=thing_block(key, values, request.host_url.rstrip("/"), license_iri) if page is None else None,
        # Drawn on the pages of those who took part in events, and of places.
        band=draw_positions(view.timeline, view.dated(kind, rest)),
        filters=filters,
        citation=citation,
        text=text,
        citations=[{"label": f.label, "url": url(f)} for f in CITATIONS],
        questions=questions_on(view, key),
        list_url=lambda name: lambda n: f"{urls().document(key, pairs=_list_pairs(minimum, name, n))}#{name}",
        **(drawings(view, key, values) if page is None else {}),
    )


def _values(view: View, key: str, make: Callable[[View, str], Json | None]) -> Json | None:
    if make is entity_view:
        return entity_view(view, key, _said(), page_number(request.args.get("claims", "1"), "claims"))
    if make in (article_view, event_view):
        pages = {name: page_number(request.args.get(name, "1"), name) for name in _LISTS}
        return article_view(view, key, pages) if make is article_view else event_view(view, key, pages)
    return make(view, key)


def _said() -> str:
    """Return the words that claims must have."""
    return " ".join(request.args.get("said", "").split())[:200]


def _list_pairs(minimum: Minimum, name: str, number: int) -> list[tuple[str, str]]:
    """Return the pairs of the address with another page of a list; the pages of the other lists stay."""
    pages = {other: request.args.get(other, "1") for other in _LISTS} | {name: str(number)}
    said = _said()
    return [
        *minimum.pairs,
        *([("said", said)] if said else []),
        *((other, page) for other, page in pages.items() if page != "1"),
    ]


def _has_card(key: str, page: Linked | None) -> bool:
    kind, _, rest = key.partition("/")
    return page is None and kind in PREVIEWED and "/" not in rest


def _card(view: View, key: str, values: Json) -> Json:
    """Return what the page of a thing says to sites that link to it."""
    build, kind = view.urls, key.partition("/")[0]
    page = build.document(key)
    if kind == "event":
        note = f"{values['type']}: {event_note(values)}"
    elif kind == "article":
        publisher = values["publisher"]["name"] if values["publisher"] else None
        note = ", ".join(part for part in (publisher, values["published_words"]) if part)
    else:
        note = f"{kind_of(key)}: events, and what was said, each led back to the words of a source."
    if kind == "article":
        return card(values["name"], note or "An article", page, build.preview(key), kind="article")
    address = request.host_url.rstrip("/") + page
    return card(values["name"], note, page, build.preview(key), lambda form: build.oembed(address, form))


def _page_pairs(page: Linked | None) -> list[tuple[str, str]]:
    # The first page goes without saying, unless it is asked for: then pages of HTML show it, too.
    return [("page", request.args["page"])] if page and "page" in request.args else []


def _links(view: View, key: str, page: Linked) -> Json:
    """Return a page of what is linked to a thing, as its page shows it."""
    items = [part_link(view, view.iris.thing(other), key) for other in page.keys]
    return {"total": page.total, "page": page.page, "pages": page.pages, "items": items}


def _unknown(key: str) -> NotFoundError:
    rejected = rejection_of(snapshot(), key)
    if rejected is not None:
        return GoneError(rejected, Phrase("look at the article that it was read from, or search the timeline"))
    return no_thing(key)
