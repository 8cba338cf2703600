"""Events as TimelineJS reads them (https://timeline.knightlab.com/docs/json-format.html).

TimelineJS puts texts into its page as HTML, so whatever comes from articles is escaped here.
"""

import re
from collections.abc import Sequence
from datetime import date

from markupsafe import Markup, escape

from web.views.shared import Json
from web.words import date_in_words

__all__ = ["SLIDES", "timelinejs_of"]

#: Most events of one timeline; TimelineJS draws all of them at once.
SLIDES = 500
#: A year or a month, which TimelineJS can draw as what it is.
_ROUGH = re.compile(r"(\d{4})(?:-(\d\d))?")


def timelinejs_of(
    title: str,
    events: Sequence[Json],
    total: int,
    origin: str,
    source: str,
    period: tuple[date, date] | None = None,
) -> Json:
    """Return events as a timeline of TimelineJS. Undated ones have no place on it; its title says how many there are.

    :param total: how many events there are in all, of which these are a part.
    :param origin: scheme and host of the addresses.
    :param source: path of the page that shows the same.
    :param period: first and last day that the reader asked for; drawn as an era.
    """
    slides = [_slide(event, origin) for event in events if _start(event["when"])]
    undated = len(events) - len(slides)
    notes = [f"{total:,} events." if total != 1 else "One event."]
    if len(events) < total:
        notes.append(f"This timeline shows {len(events):,} of them.")
    if undated:
        notes.append(f"{undated:,} without a date are left out.")
    link = Markup('<p><a href="{}">{}</a></p>').format(origin + source, "The same events with their sources")
    text = {"headline": str(escape(title)), "text": str(Markup("<p>{}</p>").format(" ".join(notes)) + link)}
    timeline: Json = {"title": {"unique_id": "title", "autolink": False, "text": text}, "scale": "human"}
    timeline["events"] = slides
    if period is not None:
        first, last = period
        words = f"{date_in_words(first)} to {date_in_words(last)}"
        timeline["eras"] = [{"start_date": _day(first), "end_date": _day(last), "text": {"headline": words}}]
    return timeline


def _slide(event: Json, origin: str) -> Json:
    when = event["when"]
    about = [Markup("{}").format(event["type"])]
    if event["places"]:
        about.append(Markup("in {}").format(_links(event["places"], origin)))
    if event["actors"]:
        about.append(Markup("with {}").format(_links(event["actors"], origin)))
    status = Markup("<p>{}</p>").format(event["status"]) if event["status"] != "occurred" else Markup()
    more = Markup('<p><a href="{}">{}</a></p>').format(origin + event["url"], "Sources and what was said about it")
    slide: Json = {
        "unique_id": event["key"].partition("/")[2],
        "start_date": _start(when),
        "display_date": str(escape(when["words"])),
        "text": {
            "headline": str(escape(event["name"])),
            "text": str(Markup("<p>{}</p>").format(Markup(" ").join(about)) + status + more),
        },
        "group": str(escape(event["type"])),
        "autolink": False,
    }
    end = _end(when)
    return {**slide, "end_date": end} if end else slide


def _links(links: Sequence[Json], origin: str) -> Markup:
    return Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(origin + link["url"], link["name"]) for link in links
    )  # fmt: skip


def _start(when: Json) -> Json | None:
    """Return the beginning, no more exact than it is known; None for what has no date at all."""
    rough = _ROUGH.fullmatch(when["edtf"] or "")
    if rough and rough[1] != "0000" and (rough[2] is None or 1 <= int(rough[2]) <= 12):
        year = {"year": int(rough[1])}
        return {**year, "month": int(rough[2])} if rough[2] else year
    first = when["earliest"] or when["latest"]
    return _day(date.fromisoformat(first)) if first else None


def _end(when: Json) -> Json | None:
    """Return the end, where there is one besides the beginning: of a time that lasts, or of what is uncertain."""
    first, last = when["earliest"], when["latest"]
    if not first or not last or first == last or _ROUGH.fullmatch(when["edtf"] or ""):
        return None
    return _day(date.fromisoformat(last))


def _day(day: date) -> Json:
    return {"year": day.year, "month": day.month, "day": day.day}
