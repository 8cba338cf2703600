"""The events that filters leave in formats for programs: CSV, iCalendar, TimelineJS and RDF, whole or in long pages."""

from flask import Response, request

from graph.negotiation import FORMATS, GRAPHS, Format
from web.answers import json_body, link
from web.documents import serialize
from web.exports import calendar_of, table_of
from web.filters import Filters
from web.listed import ListPage, list_triples
from web.published import published
from web.selection import EXPORT_SIZE, Selection, select_events, timeline_title
from web.timeline import Entry
from web.timelinejs import SLIDES, timelinejs_of
from web.urls import Urls
from web.views.shared import View

__all__ = ["EVENT_FORMATS", "event_twin", "events_twin"]

_CSV, _ICS, _SLIDES = FORMATS["csv"], FORMATS["ics"], FORMATS["timelinejs"]
#: Formats for events and nothing else.
EVENT_FORMATS: tuple[Format, ...] = (_CSV, _ICS, _SLIDES)


def events_twin(view: View, filters: Filters, form: Format) -> Response:
    """Answer with all events that the filters leave, or a long page of them, with links to the others (RFC 8288).

    :raises NotFoundError: if there is no such page.
    """
    selected = select_events(view, filters, SLIDES if form is _SLIDES else EXPORT_SIZE)
    if form in GRAPHS:
        response = Response(_graph(view, filters, selected, form), content_type=form.content_type())
    else:
        response = _write(view, filters, selected, form, timeline_title(view, filters))
    for relation, number in (("prev", selected.page - 1), ("next", selected.page + 1)):
        if 1 <= number <= selected.pages:
            target = view.urls.events(form.extension, filters.pairs(number))
            response.headers.add("Link", link(target, relation, form.media_type))
    return response


def event_twin(view: View, entry: Entry, form: Format) -> Response:
    """Answer with one event, in one of :data:`EVENT_FORMATS`."""
    selected = Selection((entry,), 1, 0 if entry.dated else 1, 1, 1)
    return _write(view, Filters(), selected, form, entry.label, view.urls.document(entry.key))


def _write(
    view: View, filters: Filters, selected: Selection, form: Format, title: str, source: str | None = None
) -> Response:
    origin = request.host_url.rstrip("/")
    shown = selected.shown(view)
    body: str | bytes
    if form is _SLIDES:
        period = (filters.start, filters.end) if filters.start and filters.end else None
        address = source or view.urls.timeline(filters.pairs())
        body = json_body(timelinejs_of(title, shown, selected.total, origin, address, period))
    elif form is _CSV:
        body = table_of(shown, origin)
    else:
        body = calendar_of(shown, origin, view.snapshot.published_at)
    return Response(body, content_type=form.content_type())


def _graph(view: View, filters: Filters, selected: Selection, form: Format) -> bytes:
    base = view.iris.base.rstrip("/")
    part = ListPage(
        f"{base}{Urls().timeline(filters.pairs())}#events",
        [entry.key for entry in selected.entries],
        selected.total,
        selected.page,
        selected.pages,
        # Negotiated, so that every format says the same.
        lambda number: base + Urls().timeline(filters.pairs(number)),
    )
    return serialize(list_triples(view.snapshot, part, published().settings.license), form)
