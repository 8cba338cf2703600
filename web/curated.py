"""``/curations``: what people decided about the data, the latest first, as a page and its twins."""

from flask import Blueprint, Response, render_template, request

from graph.negotiation import FORMATS, GRAPHS, Format
from web.answers import DATA, HTML, alternates, answer, json_body, pick, urls
from web.language import gettext as _
from web.language import translated
from web.linked_data.documents import serialize
from web.linked_data.listed import ListPage, list_triples
from web.paging import count_pages, link_pages, page_number
from web.published import published, snapshot
from web.timeline.exports import write_table
from web.timeline.selection import EXPORT_SIZE
from web.timeline.timelinejs import SLIDES
from web.timeline.twins import EVENT_FORMATS, days_twin
from web.urls import Urls
from web.views.curations import curation_list, curations_shown
from web.views.shared import Json, View

__all__ = ["blueprint"]

blueprint = Blueprint("curated", __name__)

_CSV, _SLIDES = FORMATS["csv"], FORMATS["timelinejs"]
_TWINS = (DATA, *EVENT_FORMATS, *GRAPHS)
_PAGE_SIZE = 50
_COLUMNS = ("iri", "url", "when", "action", "things", "property", "who", "why", "source", "overruled_by")


@blueprint.get("/curations")
def curations() -> Response:
    """Show what people decided."""
    return _answer(None)


@blueprint.get("/curations.<any(json, csv, ics, timelinejs, ttl, nt, jsonld, rdf):form>")
def curations_in(form: str) -> Response:
    """Answer with the curations in one format: JSON as the page has them, the others in long pages."""
    return _answer(next(f for f in _TWINS if f.extension == form))


def _answer(fixed: Format | None) -> Response:
    choice = pick((HTML, *_TWINS), fixed)
    return answer(choice, lambda: _build(choice.format))


def _build(form: Format) -> str | bytes | Response:
    page, view = page_number(request.args.get("page", "1")), View(snapshot(), urls())
    every = curation_list(view)
    size = _PAGE_SIZE if form in (HTML, DATA) else SLIDES if form is _SLIDES else EXPORT_SIZE
    pages = count_pages(len(every), size, page)
    keys = every[(page - 1) * size : page * size]

    def url(build: Urls, number: int, extension: str | None = None) -> str:
        return build.curations(extension, [("page", str(number))] if number > 1 else [])

    if form in GRAPHS:
        base, plain = view.iris.base.rstrip("/"), Urls()
        iri = f"{base}{url(plain, 1)}#list"
        part = ListPage(iri, keys, len(every), page, pages, lambda number: base + url(plain, number))
        body = serialize(list_triples(view.snapshot, part, published().settings.license), form)
        response = Response(body, content_type=form.content_type())
        return link_pages(response, page, pages, lambda n: url(view.urls, n, form.extension), form.media_type)
    shown = curations_shown(view, keys)
    if form in EVENT_FORMATS:
        response = _twin(view, shown, form, len(every))
        return link_pages(response, page, pages, lambda n: url(view.urls, n, form.extension), form.media_type)
    values: Json = {"total": len(every), "page": page, "pages": pages, "items": shown}
    if form is DATA:
        return json_body({**values, "next": url(view.urls, page + 1, "json") if page < pages else None})
    return render_template(
        "curated.html",
        **values,
        first=(page - 1) * _PAGE_SIZE + 1,
        page_url=lambda number: url(view.urls, number),
        # The other formats have longer pages, so they begin at the first.
        alternates=alternates(_TWINS, lambda f: url(view.urls, page if f is DATA else 1, f.extension)),
    )


def _twin(view: View, shown: list[Json], form: Format, total: int) -> Response:
    if form is _CSV:
        origin = request.host_url.rstrip("/")
        return Response(write_table(_COLUMNS, (_row(one, origin) for one in shown)), content_type=form.content_type())
    days = []
    for one in shown:
        name = f"{translated(one['done'])}: {'; '.join(thing['name'] for thing in one['things'])}"
        days.append({**one, "name": name, "type": one["action"], "day": one["when"] or None})
    return days_twin(view, days, form, _("Curations"), view.urls.curations(), total)


def _row(one: Json, origin: str) -> list[str | None]:
    things, source, later = one["things"], one["source"], one["overruled_by"]
    return [
        one["iri"], origin + one["url"], one["when"], one["action"], "; ".join(thing["iri"] for thing in things),
        one["property"], one["who"], one["why"], source["iri"] if source else None, later["iri"] if later else None,
    ]  # fmt: skip
