"""The timeline page and its twins with the same filters: JSON, CSV, iCalendar, TimelineJS, RDF."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from graph.negotiation import FORMATS, GRAPHS, Format
from web.answers import DATA, HTML, NotFoundError, alternates, answer, json_body, link, pick, urls
from web.band import draw
from web.documents import serialize
from web.exports import calendar_of, table_of
from web.filters import FACETS, PAGE_SIZE, Filters
from web.listed import ListPage, list_triples
from web.published import published, snapshot
from web.selection import EXPORT_SIZE, Selection, read_filters, select_events, timeline_title
from web.signposts import dataset_signposts
from web.structured import dataset_block
from web.timeline import Found
from web.timelinejs import SLIDES, timelinejs_of
from web.urls import Urls
from web.views.shared import Json, View

__all__ = ["blueprint"]

blueprint = Blueprint("events", __name__)

_CSV, _ICS, _SLIDES = FORMATS["csv"], FORMATS["ics"], FORMATS["timelinejs"]
_TWINS = (DATA, _CSV, _ICS, _SLIDES, *GRAPHS)
#: Values of a facet that the page offers, and the JSON; the search finds the others.
_OFFERED = 10
_LISTED = 100


@blueprint.get("/")
def timeline_page() -> Response:
    """Show the timeline."""
    return _answer(None)


@blueprint.get("/events.<any(json, csv, ics, timelinejs, ttl, nt, jsonld, rdf):form>")
def events(form: str) -> Response:
    """Answer with the events that the filters leave, in one format."""
    return _answer(next(f for f in _TWINS if f.extension == form))


def _answer(fixed: Format | None) -> Response:
    choice = pick((HTML, *_TWINS), fixed)
    is_page = choice.format is HTML and not fixed
    links = dataset_signposts(snapshot(), urls(), published().settings.license) if is_page else []
    return answer(choice, lambda: _build(choice.format), links=links)


def _build(form: Format) -> str | bytes | Response:
    if form is HTML:
        return _page()
    return _json() if form is DATA else _whole(form)


def _read() -> tuple[View, Filters, Found]:
    """Read the filters and apply them; the page tells in place of one that makes no sense."""
    filters = Filters.read(request.args)
    view = View(snapshot(), urls())
    return view, filters, view.timeline.find(filters)


def _whole(form: Format) -> Response:
    """Answer with all events that the filters leave, or a long page of them, with links to the others (RFC 8288)."""
    view, filters = View(snapshot(), urls()), read_filters()
    selected = select_events(view, filters, SLIDES if form is _SLIDES else EXPORT_SIZE)
    response = Response(_export(view, filters, selected, form), content_type=form.content_type())
    for relation, number in (("prev", selected.page - 1), ("next", selected.page + 1)):
        if 1 <= number <= selected.pages:
            response.headers.add(
                "Link", link(view.urls.events(form.extension, filters.pairs(number)), relation, form.media_type)
            )
    return response


def _export(view: View, filters: Filters, selected: Selection, form: Format) -> str | bytes:
    origin = request.host_url.rstrip("/")
    if form in GRAPHS:
        base = view.iris.base.rstrip("/")
        part = ListPage(
            f"{base}{Urls().timeline(filters.pairs())}#events",
            [entry.key for entry in selected.entries],
            selected.total,
            selected.page,
            selected.pages,
            lambda number: base + Urls().events(form.extension, filters.pairs(number)),
        )
        return serialize(list_triples(view.snapshot, part, published().settings.license), form)
    shown = selected.shown(view)
    if form is _SLIDES:
        period = (filters.start, filters.end) if filters.start and filters.end else None
        title, source = timeline_title(view, filters), view.urls.timeline(filters.pairs())
        return json_body(timelinejs_of(title, shown, selected.total, origin, source, period))
    return table_of(shown, origin) if form is _CSV else calendar_of(shown, origin, view.snapshot.published_at)


def _paged(view: View, filters: Filters, found: Found) -> Json:
    """Return one page of events, and where it stands among all.

    :raises NotFoundError: if there is no such page.
    """
    pages = max(1, -(-found.total // PAGE_SIZE))
    if filters.page > pages:
        raise NotFoundError(f"there is no page {filters.page}: these events fill {pages}", "go back to the first page")
    first = (filters.page - 1) * PAGE_SIZE
    positions = [*found.dated, *found.undated][first : first + PAGE_SIZE]
    return {
        "total": found.total,
        "undated": len(found.undated),
        "page": filters.page,
        "pages": pages,
        "events": [view.event(view.timeline.entries[p]) for p in positions],
    }


def _json() -> bytes:
    view, filters = View(snapshot(), urls()), read_filters()
    found = view.timeline.find(filters)
    values = _paged(view, filters, found)
    following = view.urls.events("json", filters.pairs(filters.page + 1)) if filters.page < values["pages"] else None
    facets = {facet: [value._asdict() for value in found.facets[facet][:_LISTED]] for facet in FACETS}
    return json_body({**values, "next": following, "filters": filters.given(), "facets": facets})


def _page() -> str | Response:
    view, filters, found = _read()
    values = _paged(view, filters, found)
    body = render_template(
        "timeline.html",
        **values,
        filters=filters,
        years=_by_year(values["events"]),
        page_url=lambda number: view.urls.timeline(filters.pairs(number)),
        band=draw([view.timeline.entries[p] for p in found.dated]),
        offered=_offered(found),
        chips=_chips(view, filters),
        structured=dataset_block(view.snapshot, view.urls, request.host_url.rstrip("/"), published().settings.license),
        alternates=alternates(_TWINS, lambda f: view.urls.events(f.extension, filters.pairs())),
    )
    return Response(body, status=400, content_type=HTML.content_type()) if filters.problems else body


def _by_year(events: Sequence[Json]) -> list[Json]:
    """Group events as the page shows them: by year of the earliest day that they can be on, undated ones apart."""
    groups: list[Json] = []
    for event in events:
        start = event["when"]["earliest"] or event["when"]["latest"]
        year = str(int(start[:4])) if start else None
        if not groups or groups[-1]["year"] != year:
            groups.append({"year": year, "events": []})
        groups[-1]["events"].append(event)
    return groups


def _offered(found: Found) -> dict[str, Any]:
    """Return the values of each facet that the page offers: all chosen ones, and those with most events."""
    offered = {}
    for facet in FACETS:
        values = found.facets[facet]
        chosen = sum(v.chosen for v in values)
        shown = values[: max(_OFFERED, chosen)]
        offered[facet] = {"values": shown, "more": len(values) - len(shown), "chosen": chosen}
    return offered


def _chips(view: View, filters: Filters) -> list[Json]:
    """Return what is filtered by, each with the address of the timeline without it."""
    chips = [
        {
            "facet": facet,
            "label": view.timeline.label(facet, value),
            "url": view.urls.timeline(filters.without(facet, value).pairs()),
        }
        for facet, values in filters.facets
        for value in values
    ]
    for name, label in (
        ("q", filters.text),
        ("from", filters.from_text),
        ("to", filters.to_text),
        ("confidence", filters.confidence.words if filters.confidence.text else ""),
    ):
        if label:
            rest = [(key, value) for key, value in filters.pairs() if key != name]
            chips.append({"facet": name, "label": label, "url": view.urls.timeline(rest)})
    return chips
