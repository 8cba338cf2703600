"""``/embed``: the timeline, or a thing of it, as other sites show it in a frame: links open the whole page."""

from collections.abc import Callable

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from web.answers import HTML, answer, pick, urls
from web.linked_data.replaced import heirs, lead_on
from web.mistakes import no_thing
from web.policy import allow_framing
from web.published import snapshot
from web.timeline.filters import Filters
from web.timeline.selection import by_year, read_filters, select_events, timeline_title
from web.views.event import event_view
from web.views.shared import View

__all__ = ["EMBEDDED", "blueprint", "filters_of"]

blueprint = Blueprint("embed", __name__)

#: Kinds of things that have such a page: events, and what the timeline can be filtered by.
EMBEDDED = ("event", "person", "organization", "place")
#: Most events of such a page, and quoted reports of an event; the whole page has all of them.
_EVENTS = 50
_REPORTS = 3


@blueprint.get("/embed")
def timeline_embedded() -> Response:
    """Show the events that the filters leave."""
    return _framed(lambda: _timeline(read_filters()))


@blueprint.get("/embed/<any(event, person, organization, place):kind>/<slug>")
def thing_embedded(kind: str, slug: str) -> Response:
    """Show an event, or the timeline of a person, organization or place."""
    key = f"{kind}/{slug}"
    replaced_by = heirs(snapshot(), key)
    if replaced_by:
        return lead_on(key, replaced_by, pick((HTML,)), urls().embedded)
    if kind == "event":
        return _framed(lambda: _event(key))
    return _framed(lambda: _timeline(filters_of(key, read_filters())))


def filters_of(key: str, filters: Filters) -> Filters:
    """Return filters that leave the events of a person, organization or place, and nothing that other filters drop.

    :raises NotFoundError: if there is no such thing.
    """
    kind, _, slug = key.partition("/")
    if key not in View(snapshot(), urls()).timeline.names:
        raise no_thing(key)
    chosen = tuple(dict.fromkeys((slug, *filters.chosen(kind))))
    others = tuple((facet, values) for facet, values in filters.facets if facet != kind)
    return filters.with_facets(((kind, chosen), *others))


def _framed(build: Callable[[], str]) -> Response:
    response = answer(pick((HTML,)), build)
    allow_framing(response)
    return response


def _timeline(filters: Filters) -> str:
    view = View(snapshot(), urls())
    selected = select_events(view, filters, _EVENTS)
    return render_template(
        "embed_timeline.html",
        title=timeline_title(view, filters),
        selected=selected,
        years=by_year(selected.shown(view)),
        more=view.urls.timeline(filters.pairs(filters.page)),
    )


def _event(key: str) -> str:
    view = View(snapshot(), urls(), read_filters().confidence)
    values = event_view(view, key)
    if values is None:
        raise no_thing(key)
    return render_template("embed_event.html", thing=values, reports=values["reports"][:_REPORTS])
