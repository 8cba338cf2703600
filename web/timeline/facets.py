"""``/facets/person``: all values of a facet of the timeline under its filters, searchable by name, with a JSON twin."""

from typing import Any

import numpy as np
from flask import Blueprint, Response, render_template, request

from graph.errors import InputError
from graph.index import FACETS, top
from graph.negotiation import Format
from graph.phrase import Phrase
from web.answers import DATA, HTML, NotFoundError, alternates, answer, json_body, pick, urls
from web.paging import count_pages
from web.published import snapshot
from web.timeline.filters import Filters
from web.timeline.found import LISTED
from web.timeline.selection import read_filters, timeline_title
from web.views.shared import View

__all__ = ["blueprint"]

blueprint = Blueprint("facets", __name__)

_LONGEST = 200


@blueprint.get("/facets/<facet>")
def facet_values(facet: str) -> Response:
    """Show the values of a facet."""
    return _answer(facet, None)


@blueprint.get("/facets/<facet>.json")
def facet_values_json(facet: str) -> Response:
    """Answer with a page of the values of a facet as JSON."""
    return _answer(facet, DATA)


def _answer(facet: str, fixed: Format | None) -> Response:
    if facet not in FACETS:
        raise NotFoundError(
            Phrase("the timeline has no facet %(name)s", name=repr(facet[:40])),
            Phrase("it has these: %(facets)s", facets=", ".join(FACETS)),
        )
    choice = pick((HTML, DATA), fixed)
    return answer(choice, lambda: _build(facet, choice.format))


def _build(facet: str, form: Format) -> str | bytes:
    find, filters = " ".join(request.args.get("find", "").split()), read_filters()
    if len(find) > _LONGEST:
        raise InputError(
            Phrase("%(field)s is longer than %(most)s characters", field="find", most=_LONGEST),
            Phrase("give the beginning of a name"),
        )
    view = View(snapshot(), urls())
    timeline = view.timeline
    known, counts = timeline.index.facets[facet], timeline.find(filters).counts(facet)
    if find:
        wanted = np.zeros(len(counts), dtype=bool)
        wanted[known.find(find)] = True
        counts = np.where(wanted, counts, 0)
    total = int(np.count_nonzero(counts))
    pages = count_pages(total, LISTED, filters.page)
    numbers = top(counts, filters.page * LISTED)[(filters.page - 1) * LISTED :]
    values = [_value(view, filters, facet, known.slug(number), int(counts[number])) for number in numbers]
    pairs = [*filters.pairs(), *([("find", find)] if find else [])]

    def page_url(number: int, extension: str | None = None) -> str:
        return view.urls.facet(facet, extension, [*pairs, *([("page", str(number))] if number > 1 else [])])

    shown = {"facet": facet, "total": total, "page": filters.page, "pages": pages, "values": values}
    if form is DATA:
        following = page_url(filters.page + 1, "json") if filters.page < pages else None
        return json_body({**shown, "next": following, "filters": filters.given()})
    return render_template(
        "facet.html",
        **shown,
        find=find,
        filters=filters,
        first=(filters.page - 1) * LISTED + 1,
        title=timeline_title(view, filters) if filters.pairs() else None,
        page_url=page_url,
        alternates=alternates((DATA,), lambda f: page_url(filters.page, f.extension)),
    )


def _value(view: View, filters: Filters, facet: str, value: str, events: int) -> dict[str, Any]:
    return {
        "value": value,
        "label": view.timeline.label(facet, value),
        "events": events,
        "chosen": value in filters.chosen(facet),
        "url": view.urls.timeline(filters.having(facet, value).pairs()),
    }
