"""``/print``: the whole timeline on one page, with the addresses of its sources, to print or to keep as PDF."""

from flask import Blueprint, Response, render_template, request

from web.answers import HTML, answer, pick, urls
from web.published import Snapshot, snapshot
from web.queries import select
from web.timeline.selection import by_year, read_filters, select_events, timeline_title
from web.timeline.timeline import Entry
from web.urls import outside
from web.views.shared import Json, View

__all__ = ["blueprint"]

blueprint = Blueprint("printing", __name__)

#: Most events of one print; the next ones are on its next page.
PRINT_SIZE = 1000


@blueprint.get("/print")
def timeline_print() -> Response:
    """Show all events that the filters leave, with their sources."""
    return answer(pick((HTML,)), _build)


def _build() -> str:
    view, filters = View(snapshot(), urls()), read_filters()
    selected = select_events(view, filters, PRINT_SIZE)
    events = [{**view.event(entry), "told": _told(view, entry)} for entry in selected.entries]
    return render_template(
        "print.html",
        title=timeline_title(view, filters),
        selected=selected,
        first=(selected.page - 1) * PRINT_SIZE + 1,
        years=by_year(events),
        address=request.host_url.rstrip("/") + view.urls.timeline(filters.pairs()),
        back=view.urls.timeline(filters.pairs()),
        page_url=lambda number: view.urls.timeline_print(filters.pairs(number)),
        alternates=[],
    )


def _told(view: View, entry: Entry) -> list[Json]:
    """Return the articles that tell of an event, with where they stand on the web."""
    addresses = view.snapshot.keep("article addresses", _addresses)
    origin = request.host_url.rstrip("/")
    articles = [view.article(key) for key in entry.sources if key.startswith("article/")]
    return [{**one, "address": addresses.get(one["key"]) or origin + one["url"]} for one in articles]


def _addresses(current: Snapshot) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in select(current.store, "article_addresses"):
        key, url = current.iris.key(row["article"].value), outside(row["url"].value)
        if key is not None and url is not None:
            found[key] = min(found.get(key, url), url)
    return found
