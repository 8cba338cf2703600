"""``/preview.png``: the picture and the words that stand for a page where others link to it (https://ogp.me)."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from graph.negotiation import FORMATS, Choice
from web.answers import answer, urls
from web.drawing.picture import HEIGHT, WIDTH, Picture, draw_picture
from web.mistakes import no_thing
from web.published import snapshot
from web.timeline.filters import Filters
from web.timeline.selection import read_filters, timeline_title
from web.timeline.timeline import Entry
from web.views.shared import Json, View, kind_of
from web.words import STATUSES

__all__ = ["HEIGHT", "PREVIEWED", "WIDTH", "blueprint", "card"]

blueprint = Blueprint("preview", __name__)

#: Kinds of things that have a picture.
PREVIEWED = ("event", "person", "organization", "place", "article")
_PNG = FORMATS["png"]
#: Pictures kept of a generation.
_KEPT = 200


@blueprint.get("/preview.png")
def timeline_preview() -> Response:
    """Send the picture of the timeline with these filters."""
    return _picture(None, read_filters())


@blueprint.get("/preview/<any(event, person, organization, place, article):kind>/<slug>.png")
def thing_preview(kind: str, slug: str) -> Response:
    """Send the picture of a thing."""
    return _picture(f"{kind}/{slug}", Filters())


def _picture(key: str | None, filters: Filters) -> Response:
    return answer(Choice(_PNG, _PNG.media_type), lambda: _drawn(key, filters))


def _drawn(key: str | None, filters: Filters) -> bytes:
    view = View(snapshot(), urls())
    picture = _of_timeline(view, filters) if key is None else _of_thing(view, key)
    kept: dict[str, bytes] = view.snapshot.keep("previews", lambda _: {})
    name = repr(picture)
    if name not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[name] = draw_picture(picture)
    return kept[name]


def _of_timeline(view: View, filters: Filters) -> Picture:
    found = view.timeline.find(filters)
    title = timeline_title(view, filters).removeprefix("Timeline: ")
    return Picture("Timeline", title, _count(found.total), view.timeline.years(found.in_time))


def _of_thing(view: View, key: str) -> Picture:
    kind, _, slug = key.partition("/")
    entry = view.timeline.entry(key)
    if entry is not None:
        event = view.event(entry)
        year = _year(entry)
        return Picture(entry.type, entry.label, event_note(event), view.timeline.years(), year)
    if kind == "article" and view.printed(key):
        article = view.article(key)
        publisher = article["publisher"]["name"] if article["publisher"] else None
        note = ", ".join(part for part in (publisher, article["published_words"]) if part)
        return Picture("Article", article["name"], note, view.timeline.years(view.timeline.positions(kind, slug)))
    if kind in ("event", "article") or key not in view.timeline.names:
        raise no_thing(key)
    positions = view.timeline.positions(kind, slug)
    note = _count(len(positions))
    return Picture(kind_of(key) or "", view.timeline.names[key], note, view.timeline.years(positions))


def event_note(event: Json) -> str:
    """Return in a line when and where an event is, with whom, and its status where that is not the usual one."""
    note = event["when"]["words"]
    if event["status"] != "occurred":
        note += f" ({STATUSES.get(event['status'], event['status'])})"
    for word, links in (("in", event["places"]), ("with", event["actors"])):
        if links:
            names = ", ".join(link["name"] for link in links[:3])
            note += f" {word} {names}" + (f" and {len(links) - 3} more" if len(links) > 3 else "")
    return str(note)


def card(
    title: str, note: str, page: str, preview: str, embedded: Callable[[str], str] | None = None, kind: str = "website"
) -> Json:
    """Return what a page says of itself to sites that link to it; addresses are absolute, as they must be.

    :param page: path of the page.
    :param preview: path of its picture.
    :param embedded: makes the path of what says how to embed it, as ``json`` or ``xml``; None if it cannot be.
    :param kind: type of the Open Graph protocol.
    """
    origin = request.host_url.rstrip("/")
    return {
        "title": title,
        "note": note,
        "url": origin + page,
        "image": origin + preview,
        "width": WIDTH,
        "height": HEIGHT,
        "kind": kind,
        "embedded": [
            {"type": f"{media}+oembed", "url": origin + embedded(form)}
            for form, media in (("json", "application/json"), ("xml", "text/xml"))
        ]
        if embedded
        else [],
    }


def _count(number: int) -> str:
    return "one event" if number == 1 else f"{number:,} events"


def _year(entry: Entry) -> int | None:
    first = entry.earliest or entry.latest
    return first.year if first else None
