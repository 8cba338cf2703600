"""``/feed``: the latest articles (Atom)."""

from flask import Blueprint, Response, request

from graph.negotiation import FORMATS
from web.answers import answer, pick, urls
from web.atom import FEED_LENGTH, FeedEntry, midnight, write_feed
from web.published import snapshot
from web.views.listing import article_list
from web.views.shared import Json, View

__all__ = ["blueprint"]

blueprint = Blueprint("feed", __name__)


@blueprint.get("/feed")
def feed() -> Response:
    """Answer with the feed."""
    atom = FORMATS["atom"]
    return answer(pick((atom,), atom), _feed)


def _feed() -> bytes:
    view = View(snapshot(), urls())
    origin = request.host_url.rstrip("/")
    return write_feed(
        "Parley: latest articles",
        f"{view.iris.base}feed",
        origin + view.urls.feed(),
        origin + view.urls.listing("articles"),
        view.snapshot.published_at,
        [_entry(view, article, origin) for article in article_list(view)[:FEED_LENGTH]],
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
