"""``/on-this-day``: what is known to have happened on one day of all years, with its twins."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, render_template, request

from graph.errors import InputError
from graph.negotiation import GRAPHS, Format
from graph.phrase import Phrase
from web.answers import DATA, HTML, alternates, answer, json_body, pick, urls
from web.language import gettext as _
from web.paging import count_pages, page_number
from web.published import snapshot
from web.timeline.filters import PAGE_SIZE
from web.timeline.selection import by_year
from web.timeline.timeline import Entries
from web.timeline.twins import EVENT_FORMATS, Chosen, chosen_twin
from web.urls import Urls
from web.views.shared import Json, View
from web.words import day_of_year_in_words

__all__ = ["blueprint"]

blueprint = Blueprint("on_this_day", __name__)

_TWINS = (DATA, *EVENT_FORMATS, *GRAPHS)
_DAY = re.compile(r"(?:-|--)?(\d\d)-(\d\d)")
# A leap year has all days.
_YEAR = 2000


@blueprint.get("/on-this-day")
def on_this_day() -> Response:
    """Show the events of a day: today, if none is named."""
    return _answer(None)


@blueprint.get("/on-this-day.<any(json, csv, ics, timelinejs, ttl, nt, jsonld, rdf):form>")
def on_this_day_in(form: str) -> Response:
    """Answer with the events of a day in one format: JSON as the page has them, the others in long pages."""
    return _answer(next(f for f in _TWINS if f.extension == form))


def _answer(fixed: Format | None) -> Response:
    choice = pick((HTML, *_TWINS), fixed)
    asked = request.args.get("day", "").strip()
    if asked:
        return answer(choice, lambda: _build(choice.format, _read(asked)))
    today = datetime.now(UTC).date()
    day = date(_YEAR, today.month, today.day)
    # What no address says goes into the tag: tomorrow it is another page.
    return answer(choice, lambda: _build(choice.format, day), tag=f"{snapshot().identity} {today}")


def _build(form: Format, day: date) -> str | bytes | Response:
    wanted = request.args.get("page", "1").strip() or "1"
    page, view = page_number(wanted), View(snapshot(), urls())
    found = view.timeline.on_day(day.month, day.day)
    latest_first = found[::-1]

    def url(build: Urls, number: int, extension: str | None = None) -> str:
        more = [("page", str(number))] if number > 1 else []
        return build.on_this_day(extension, [("day", _text(day)), *more])

    if form in EVENT_FORMATS or form in GRAPHS:
        title = _("On this day: %(words)s", words=day_of_year_in_words(day.month, day.day))
        return chosen_twin(view, Chosen(title, Entries(view.timeline.index, latest_first), url), page, form)
    pages = count_pages(len(found), PAGE_SIZE, page)
    positions = latest_first[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    before, after = ([("day", _text(day + timedelta(days=step)))] for step in (-1, 1))
    values: Json = {
        "day": _text(day),
        "total": len(found),
        "page": page,
        "pages": pages,
        "events": [view.event(view.timeline.entries[position]) for position in positions],
    }
    if form is DATA:
        steps = {"previous_day": before, "next_day": after}
        links = {name: view.urls.on_this_day("json", pairs) for name, pairs in steps.items()}
        return json_body({**values, "next": url(view.urls, page + 1, "json") if page < pages else None, **links})
    return render_template(
        "on_this_day.html",
        **values,
        words=day_of_year_in_words(day.month, day.day),
        years=by_year(values["events"]),
        before=(view.urls.on_this_day(None, before), _in_words(day - timedelta(days=1))),
        after=(view.urls.on_this_day(None, after), _in_words(day + timedelta(days=1))),
        page_url=lambda number: url(view.urls, number),
        # The other formats have longer pages, so they begin at the first.
        alternates=alternates(_TWINS, lambda f: url(view.urls, page if f is DATA else 1, f.extension)),
    )


def _read(text: str) -> date:
    """Return a day of the leap year that stands for all.

    :raises InputError: if it is none.
    """
    match = _DAY.fullmatch(text)
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(_YEAR, month)[1]:
        raise InputError(
            Phrase("%(field)s is no day of the year", field=f"day={text[:40]!r}"),
            Phrase("write month and day, such as 06-12"),
        )
    return date(_YEAR, month, day)


def _text(day: date) -> str:
    return f"{day:%m-%d}"


def _in_words(day: date) -> str:
    return day_of_year_in_words(day.month, day.day)
