"""The timeline page and its twins with the same filters: JSON, CSV, iCalendar, TimelineJS, RDF."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from graph.negotiation import GRAPHS, Format
from web.answers import DATA, HTML, alternates, answer, json_body, pick, urls
from web.drawing.band import Band, draw_found
from web.drawing.preview import card
from web.language import gettext as _
from web.language import number
from web.linked_data.signposts import dataset_signposts
from web.linked_data.structured import dataset_block
from web.paging import count_pages
from web.published import published, snapshot
from web.timeline.filters import FACETS, PAGE_SIZE, Filters
from web.timeline.found import LISTED
from web.timeline.lanes import draw_lanes
from web.timeline.selection import by_year, read_filters, timeline_title
from web.timeline.timeline import Entry, FacetValue, Found
from web.timeline.twins import EVENT_FORMATS, events_twin
from web.timeline.zoom import years_of, zoom_of
from web.views.highlights import highlights_of
from web.views.shared import Json, View
from web.words import facet_words

__all__ = ["blueprint"]

blueprint = Blueprint("events", __name__)

_TWINS = (DATA, *EVENT_FORMATS, *GRAPHS)
#: Values of a facet that the page offers, and the JSON; the search finds the others.
_OFFERED = 10


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
    return _json() if form is DATA else events_twin(View(snapshot(), urls()), read_filters(), form)


def _read() -> tuple[View, Filters, Found]:
    """Read the filters and apply them; the page tells in place of one that makes no sense."""
    filters = Filters.read(request.args)
    view = View(snapshot(), urls())
    return view, filters, view.timeline.find(filters)


def _paged(view: View, filters: Filters, found: Found) -> Json:
    """Return one page of events, and where it stands among all.

    :raises NotFoundError: if there is no such page.
    """
    pages = count_pages(found.listed, PAGE_SIZE, filters.page)
    first = (filters.page - 1) * PAGE_SIZE
    positions = found.page(first, first + PAGE_SIZE)
    return {
        "total": found.total,
        "undated": len(found.undated),
        "page": filters.page,
        "pages": pages,
        "events": [_event(view, filters, view.timeline.entries[position]) for position in positions],
    }


def _event(view: View, filters: Filters, entry: Entry) -> Json:
    event = view.event(entry)
    if filters.text:
        event["highlights"] = highlights_of(view, entry.key, filters.question)
    return event


def _json() -> bytes:
    view, filters = View(snapshot(), urls()), read_filters()
    found = view.timeline.find(filters)
    values = _paged(view, filters, found)
    following = view.urls.events("json", filters.pairs(filters.page + 1)) if filters.page < values["pages"] else None
    facets = {facet: [value._asdict() for value in found.facets[facet][:LISTED]] for facet in FACETS}
    facets["confidence"] = [
        FacetValue(offer.value, offer.words, found.at_least(offer.minimum), offer.chosen)._asdict()
        for offer in filters.confidence.offers
        if offer.value
    ]
    band = draw_found(view.timeline, found, filters)
    return json_body(
        {**values, "next": following, "filters": filters.given(), "facets": facets, "density": _density(band)}
    )


def _density(band: Band | None) -> Json | None:
    """Return the columns of the band in figures; None where each event is drawn."""
    if band is None or not band.rows:
        return None
    return {"unit": band.unit, "columns": [row._asdict() | {"events": row.total} for row in band.rows]}


def _page() -> str | Response:
    view, filters, found = _read()
    values = _paged(view, filters, found)
    band = draw_found(view.timeline, found, filters)
    body = render_template(
        "timeline.html",
        **values,
        filters=filters,
        years=[{"best": True, "events": values["events"]}] if filters.by_relevance else by_year(values["events"]),
        listed=found.listed,
        page_url=lambda number: view.urls.timeline(filters.pairs(number)),
        band=band,
        lanes=draw_lanes(view.timeline, found, filters, band),
        zoom=zoom_of(filters, view.timeline.span),
        all_years=years_of(filters, view.timeline.span),
        least=[(offer, found.at_least(offer.minimum)) for offer in filters.confidence.offers],
        offered=_offered(found),
        chips=_chips(view, filters),
        structured=dataset_block(view.snapshot, view.urls, request.host_url.rstrip("/"), published().settings.license),
        card=_card(view, filters, found.total),
        alternates=[
            *alternates(_TWINS, lambda f: view.urls.events(f.extension, filters.pairs())),
            {"url": view.urls.timeline_print(filters.pairs()), "type": HTML.media_type, "label": _("a page to print")},
            {"url": view.urls.embedded(pairs=filters.pairs()), "type": HTML.media_type, "label": _("a page to embed")},
        ],
    )
    return Response(body, status=400, content_type=HTML.content_type()) if filters.problems else body


def _card(view: View, filters: Filters, total: int) -> Json:
    page = view.urls.timeline(filters.pairs())
    address = request.host_url.rstrip("/") + page
    note = _("%(total)s diplomatic events, each led back to the words of a source.", total=number(total))
    preview = view.urls.preview(pairs=filters.pairs())
    return card(timeline_title(view, filters), note, page, preview, lambda form: view.urls.oembed(address, form))


def _offered(found: Found) -> dict[str, Any]:
    """Return the values of each facet that the page offers: all chosen ones, and those with most events."""
    offered = {}
    for facet in FACETS:
        values = found.values(facet, _OFFERED)
        chosen = sum(v.chosen for v in values)
        shown = values[: max(_OFFERED, chosen)]
        offered[facet] = {"values": shown, "more": found.more(facet, len(shown)), "chosen": chosen}
    return offered


def _chips(view: View, filters: Filters) -> list[Json]:
    """Return what is filtered by, each with the address of the timeline without it."""
    chips = [
        {
            "facet": facet,
            "label": facet_words(facet, value, view.timeline.label(facet, value)),
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
