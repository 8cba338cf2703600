"""``/feed``: the latest articles; ``/events.atom``: the latest changes of events (Atom)."""

from flask import Blueprint, Response, request

from graph.history import Version
from graph.negotiation import FORMATS
from web.answers import answer, pick, urls
from web.linked_data.atom import FEED_LENGTH, FeedEntry, midnight, write_feed
from web.linked_data.ldes import label_of, stream_of
from web.published import snapshot
from web.timeline.timeline import RECORDS
from web.views.listing import article_list, articles_shown
from web.views.shared import Json, View
from web.words import CHANGES, time_in_words

__all__ = ["blueprint"]

blueprint = Blueprint("feed", __name__)


@blueprint.get("/feed")
def feed() -> Response:
    """Answer with the feed."""
    atom = FORMATS["atom"]
    return answer(pick((atom,), atom), _feed)


@blueprint.get("/events.atom")
def events_feed() -> Response:
    """Answer with the latest changes of events: those that are new, other than they were, or gone."""
    atom = FORMATS["atom"]
    return answer(pick((atom,), atom), _events_feed)


def _events_feed() -> bytes:
    view = View(snapshot(), urls())
    latest: dict[str, Version] = {}
    for version in stream_of(view.snapshot).latest():
        if version.key.startswith("event/"):
            latest.setdefault(version.key, version)
        if len(latest) == FEED_LENGTH:
            break
    origin = request.host_url.rstrip("/")
    newest = max((version.published for version in latest.values()), default=view.snapshot.published_at)
    return write_feed(
        "Parley: new and changed events",
        f"{view.iris.base}events.atom",
        origin + view.urls.events("atom"),
        origin + view.urls.timeline(),
        newest.replace(microsecond=0),
        [_event_entry(view, version, origin) for version in latest.values()],
    )


def _event_entry(view: View, version: Version, origin: str) -> FeedEntry:
    entry = view.timeline.entry(version.key)
    sources = entry.sources if entry else ()
    names = {view.timeline.label("source", source) for source in sources if _named(view, source)}
    when = time_in_words(entry.edtf, entry.earliest, entry.latest) if entry else ""
    return FeedEntry(
        view.iris.thing(version.key),
        label_of(version),
        origin + view.urls.document(version.key),
        version.published.replace(microsecond=0),
        tuple(sorted(names)) or ("Parley",),
        f"{CHANGES[version.change].capitalize()} in generation {version.generation}" + (f"; {when}" if when else ""),
    )


def _named(view: View, source: str) -> bool:
    """Tell whether a source has a name: an article whose publisher is not known has none."""
    return source == RECORDS or f"organization/{source}" in view.timeline.names


def _feed() -> bytes:
    view = View(snapshot(), urls())
    origin = request.host_url.rstrip("/")
    latest = [key for key, _ in article_list(view)[:FEED_LENGTH]]
    return write_feed(
        "Parley: latest articles",
        f"{view.iris.base}feed",
        origin + view.urls.feed(),
        origin + view.urls.listing("articles"),
        view.snapshot.published_at,
        [_entry(view, article, origin) for article in articles_shown(view, latest)],
    )


def _entry(view: View, article: Json, origin: str) -> FeedEntry:
    return FeedEntry(
        article["iri"],
        article["name"],
        origin + view.urls.document(article["key"]),
        midnight(article["published"], view.snapshot.published_at),
        (article["publisher"]["name"] if article["publisher"] else "unknown",),
        f"{article['reports']} reports of events, {article['claims']} claims",
    )
