"""``/feed``: the latest articles (Atom, RFC 4287)."""

import re
from datetime import UTC, datetime, time
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from graph.negotiation import FORMATS
from web.answers import answer, pick, urls
from web.published import snapshot
from web.views.listing import article_list
from web.views.shared import View

__all__ = ["blueprint"]

blueprint = Blueprint("feed", __name__)

_ATOM = "http://www.w3.org/2005/Atom"
_LENGTH = 50
#: Characters that XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@blueprint.get("/feed")
def feed() -> Response:
    """Answer with the feed."""
    atom = FORMATS["atom"]
    return answer(pick((atom,), atom), _feed)


def _feed() -> bytes:
    view = View(snapshot(), urls())
    origin = request.host_url.rstrip("/")
    root = ElementTree.Element("feed", xmlns=_ATOM)
    _add(root, "title", "Parley: latest articles")
    _add(root, "id", f"{view.iris.base}feed")
    _add(root, "updated", view.snapshot.published_at.isoformat())
    _add(root, "link", rel="self", href=origin + view.urls.feed())
    _add(root, "link", rel="alternate", href=origin + view.urls.listing("articles"))
    for article in article_list(view)[:_LENGTH]:
        entry = _add(root, "entry")
        day = article["published"]
        stamp = datetime.combine(datetime.fromisoformat(day), time(), UTC) if day else view.snapshot.published_at
        _add(entry, "title", article["name"])
        _add(entry, "id", article["iri"])
        _add(entry, "link", rel="alternate", href=origin + view.urls.document(article["key"]))
        _add(entry, "updated", stamp.isoformat())
        _add(_add(entry, "author"), "name", article["publisher"]["name"] if article["publisher"] else "unknown")
        _add(entry, "summary", f"{article['reports']} reports of events, {article['claims']} claims")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = _NO_XML.sub("�", text) if text else None
    return element
