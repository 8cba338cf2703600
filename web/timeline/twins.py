"""The events of a page in formats for programs: CSV, iCalendar, TimelineJS and RDF, whole or in long pages."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from flask import Response, request

from graph.negotiation import FORMATS, GRAPHS, Format
from web.answers import json_body
from web.linked_data.documents import serialize
from web.linked_data.listed import ListPage, list_triples
from web.paging import count_pages, link_pages
from web.published import published
from web.timeline.exports import calendar_of, table_of
from web.timeline.filters import Filters
from web.timeline.selection import EXPORT_SIZE, Selection, select_events, timeline_title
from web.timeline.timeline import Entry
from web.timeline.timelinejs import SLIDES, timelinejs_of
from web.urls import Urls
from web.views.shared import Json, View

__all__ = ["EVENT_FORMATS", "Chosen", "chosen_twin", "days_twin", "event_twin", "events_twin"]

_CSV, _ICS, _SLIDES = FORMATS["csv"], FORMATS["ics"], FORMATS["timelinejs"]
#: Formats for events and nothing else.
EVENT_FORMATS: tuple[Format, ...] = (_CSV, _ICS, _SLIDES)


class Chosen(NamedTuple):
    """Events, in the order in which a page shows them.

    :param title: of the page.
    :param events: all of them; those of one export are looked up.
    :param url: makes the address of the page by a number, or of its twin in the format with an extension.
    :param period: first and last day that were asked for.
    """

    title: str
    events: Sequence[Entry]
    url: Callable[[Urls, int, str | None], str]
    period: tuple[date, date] | None = None


def events_twin(view: View, filters: Filters, form: Format) -> Response:
    """Answer with all events that the filters leave, or a long page of them, with links to the others (RFC 8288).

    :raises NotFoundError: if there is no such page.
    """
    selected = select_events(view, filters, _size(form))

    def url(build: Urls, number: int, extension: str | None) -> str:
        pairs = filters.pairs(number)
        return build.events(extension, pairs) if extension else build.timeline(pairs)

    period = (filters.start, filters.end) if filters.start and filters.end else None
    title = timeline_title(view, filters)
    return _answer(view, selected, form, Chosen(title, selected.entries, url, period))


def chosen_twin(view: View, chosen: Chosen, page: int, form: Format) -> Response:
    """Answer with the events of a page, or a long page of them, with links to the others (RFC 8288).

    :param page: number of the long page.
    :param form: one of :data:`EVENT_FORMATS`, or of the formats of a graph.
    :raises NotFoundError: if there is no such page.
    """
    size, total = _size(form), len(chosen.events)
    pages = count_pages(total, size, page)
    some = tuple(chosen.events[(page - 1) * size : page * size])
    undated = sum(not entry.dated for entry in some)
    return _answer(view, Selection(some, total, undated, page, pages), form, chosen)


def event_twin(view: View, entry: Entry, form: Format) -> Response:
    """Answer with one event, in one of :data:`EVENT_FORMATS`."""
    selected = Selection((entry,), 1, 0 if entry.dated else 1, 1, 1)
    return _write(view, selected, form, entry.label, view.urls.document(entry.key))


def days_twin(view: View, things: Sequence[Json], form: Format, title: str, source: str, total: int) -> Response:
    """Answer with things that have a day each, such as articles, as a calendar or as slides.

    :param things: links with ``type`` and ``day`` (ISO 8601, or None).
    :param source: path of the page that shows the same.
    :param total: how many there are in all.
    """
    shown = [
        {
            **thing,
            "when": view.time(thing["day"], thing["day"], thing["day"]),
            "status": "occurred",
            "places": [],
            "actors": [],
        }
        for thing in things
    ]
    return _dated(view, shown, form, title, source, total)


def _size(form: Format) -> int:
    return SLIDES if form is _SLIDES else EXPORT_SIZE


def _answer(view: View, selected: Selection, form: Format, chosen: Chosen) -> Response:
    """Answer with a long page of events, and link it to the others."""
    if form in GRAPHS:
        response = Response(_graph(view, selected, form, chosen), content_type=form.content_type())
    else:
        response = _write(view, selected, form, chosen.title, chosen.url(view.urls, 1, None), chosen.period)

    def url(number: int) -> str:
        return chosen.url(view.urls, number, form.extension)

    return link_pages(response, selected.page, selected.pages, url, form.media_type)


def _write(
    view: View, selected: Selection, form: Format, title: str, source: str, period: tuple[date, date] | None = None
) -> Response:
    shown = selected.shown(view)
    if form is _CSV:
        return Response(table_of(shown, request.host_url.rstrip("/")), content_type=form.content_type())
    return _dated(view, shown, form, title, source, selected.total, period)


def _dated(
    view: View,
    shown: Sequence[Json],
    form: Format,
    title: str,
    source: str,
    total: int,
    period: tuple[date, date] | None = None,
) -> Response:
    origin = request.host_url.rstrip("/")
    body: str | bytes
    if form is _SLIDES:
        body = json_body(timelinejs_of(title, shown, total, origin, source, period))
    else:
        body = calendar_of(shown, origin, view.snapshot.published_at)
    return Response(body, content_type=form.content_type())


def _graph(view: View, selected: Selection, form: Format, chosen: Chosen) -> bytes:
    base, plain = view.iris.base.rstrip("/"), Urls()
    part = ListPage(
        f"{base}{chosen.url(plain, 1, None)}#events",
        [entry.key for entry in selected.entries],
        selected.total,
        selected.page,
        selected.pages,
        # Negotiated, so that every format says the same.
        lambda number: base + chosen.url(plain, number, None),
    )
    return serialize(list_triples(view.snapshot, part, published().settings.license), form)
