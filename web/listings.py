"""``/people``, ``/organizations``, ``/places``, ``/articles``: lists in pages, searchable by name, with their twins."""

from flask import Blueprint, Response, render_template, request

from graph.negotiation import FORMATS, GRAPHS, Format
from graph.phrase import Phrase
from web.answers import DATA, HTML, NotFoundError, alternates, answer, json_body, pick, urls
from web.language import gettext as _
from web.linked_data.documents import serialize
from web.linked_data.listed import ListPage, list_triples
from web.paging import count_pages, link_pages, page_number
from web.published import published, snapshot
from web.timeline.exports import write_table
from web.timeline.selection import EXPORT_SIZE
from web.timeline.timelinejs import SLIDES
from web.timeline.twins import EVENT_FORMATS, days_twin
from web.urls import Urls
from web.views.listing import LISTINGS, PAGE_SIZE, article_list, articles_shown, entities_shown, entity_list
from web.views.shared import Json, View

__all__ = ["blueprint"]

blueprint = Blueprint("listings", __name__)

_CSV = FORMATS["csv"]
_TWINS = (DATA, _CSV, *GRAPHS)
#: Of articles, which have a day each.
_CALENDARS = tuple(form for form in EVENT_FORMATS if form is not _CSV)


@blueprint.get("/<any(people, organizations, places, articles):name>")
def listing(name: str) -> Response:
    """Show a list."""
    return _listing(name, None)


@blueprint.get(
    "/<any(people, organizations, places, articles):name>.<any(json, csv, ics, timelinejs, ttl, nt, jsonld, rdf):form>"
)
def listing_in(name: str, form: str) -> Response:
    """Answer with a page of a list in one format."""
    fixed = next((f for f in _twins(name) if f.extension == form), None)
    if fixed is None:
        raise NotFoundError(
            Phrase("the things on this list have no days, so there is no %(form)s of them", form=form),
            Phrase("take another format, such as %(form)s", form="csv"),
        )
    return _listing(name, fixed)


def _twins(name: str) -> tuple[Format, ...]:
    return (*_TWINS, *_CALENDARS) if name == "articles" else _TWINS


def _listing(name: str, fixed: Format | None) -> Response:
    choice = pick((HTML, *_twins(name)), fixed)
    return answer(choice, lambda: _build(name, choice.format))


def _build(name: str, form: Format) -> str | bytes | Response:
    number, words = page_number(request.args.get("page", "1")), " ".join(request.args.get("q", "").split())[:200]
    view = View(snapshot(), urls())
    kind = LISTINGS[name]
    articles = _articles(view, words) if kind == "article" else []
    entities = [] if kind == "article" else _entities(view, kind, words)
    total = len(articles) + len(entities)
    size = PAGE_SIZE if form in (HTML, DATA) else SLIDES if form is FORMATS["timelinejs"] else EXPORT_SIZE
    pages = count_pages(total, size, number)
    here = slice((number - 1) * size, number * size)
    shown = articles_shown(view, articles[here]) if kind == "article" else entities_shown(view, entities[here])
    items = [{**item, "url": view.urls.document(item["key"])} for item in shown]
    search = [("q", words)] if words else []

    def page_url(n: int, extension: str | None = None) -> str:
        return view.urls.listing(name, extension, [*search, *([("page", str(n))] if n > 1 else [])])

    if form not in (HTML, DATA):
        if form in _CALENDARS:
            told = [{**item, "type": item["genre"] or "Article", "day": item["published"]} for item in items]
            response = days_twin(view, told, form, _("Articles"), page_url(1), total)
        else:
            response = Response(content_type=form.content_type())
        link_pages(response, number, pages, lambda other: page_url(other, form.extension), form.media_type)
        if form is _CSV:
            response.set_data(_table(kind, items))
        elif form in GRAPHS:
            base = view.iris.base.rstrip("/")
            part = ListPage(
                f"{base}{Urls().listing(name, pairs=search)}#list",
                [item["key"] for item in items],
                total,
                number,
                pages,
                # Negotiated, so that every format says the same.
                lambda n: base + Urls().listing(name, pairs=[*search, *([("page", str(n))] if n > 1 else [])]),
            )
            triples = list_triples(view.snapshot, part, published().settings.license)
            response.set_data(serialize(triples, form))
        return response
    values = {"list": name, "total": total, "page": number, "pages": pages, "items": items}
    if form is DATA:
        return json_body(values | {"next": page_url(number + 1, "json") if number < pages else None})
    return render_template(
        "listing.html",
        **values,
        first=(number - 1) * PAGE_SIZE + 1,
        kind=kind,
        words=words,
        page_url=page_url,
        # The other formats have longer pages, so they begin at the first.
        alternates=alternates(_twins(name), lambda f: page_url(number if f is DATA else 1, f.extension)),
    )


def _articles(view: View, words: str) -> list[str]:
    """Return the keys of the articles with words in their headlines, the latest first."""
    wanted = words.casefold().split()
    return [key for key, title in article_list(view) if all(word in title.casefold() for word in wanted)]


def _entities(view: View, kind: str, words: str) -> list[Json]:
    wanted = words.casefold().split()
    return [item for item in entity_list(view, kind) if all(word in item["name"].casefold() for word in wanted)]


def _table(kind: str, items: list[Json]) -> str:
    origin = request.host_url.rstrip("/")
    if kind == "article":
        return write_table(
            ("iri", "url", "name", "published", "publisher", "genre", "reports", "claims"),
            [
                [a["iri"], origin + a["url"], a["name"], a["published"], (a["publisher"] or {}).get("name"), a["genre"],
                 a["reports"], a["claims"]]
                for a in items
            ],
        )  # fmt: skip
    return write_table(
        ("iri", "url", "name", "kind", "events", "articles"),
        [
            [e["iri"], origin + e["url"], e["name"], e["place_kind"] or kind, e["events"], e["articles"]]
            for e in items
        ],
    )  # fmt: skip
