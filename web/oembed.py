"""``/oembed``: what a site needs to show a page of this one in a frame (oEmbed 1.0, https://oembed.com)."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Response, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from graph.errors import InputError, ParleyError
from graph.negotiation import Choice, Format
from graph.phrase import Phrase
from web.answers import DATA, NotFoundError, answer, json_body, urls
from web.drawing.preview import HEIGHT, WIDTH
from web.linked_data.atom import xml_text
from web.published import snapshot
from web.timeline.embed import EMBEDDED, filters_of
from web.timeline.filters import Filters
from web.timeline.selection import timeline_title
from web.views.shared import View

__all__ = ["NotOfferedError", "blueprint"]

blueprint = Blueprint("oembed", __name__)

#: The specification wants this type of XML.
_XML = Format("xml", "text/xml", "xml", "XML", charset=True)
_FORMATS = {"json": DATA, "xml": _XML}
#: Pixels of a frame where nothing is asked for: of an event, and of a list of events.
_WIDTH, _HEIGHT, _LONG = 640, 480, 640


class NotOfferedError(ParleyError):
    """A format of oEmbed that is not offered."""

    status = 501


@blueprint.get("/oembed")
def oembed() -> Response:
    """Say how to embed the page with this address.

    (oEmbed 1.0, section 2.2, consumer request, and 2.3, provider response.)
    """
    name = (request.args.get("format") or "json").strip().lower()
    if name not in _FORMATS:
        raise NotOfferedError(
            Phrase("%(field)s is not offered", field=f"format={name[:40]!r}"), Phrase("ask for json or xml")
        )
    url = request.args.get("url", "").strip()
    if not url:
        raise InputError(Phrase("there is no url="), Phrase("give the address of the page to embed"))
    form = _FORMATS[name]
    widest, highest = _limit("maxwidth"), _limit("maxheight")
    return answer(Choice(form, form.media_type), lambda: _write(_describe(url, widest, highest), form))


def _limit(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text)):
        raise InputError(
            Phrase("%(field)s is no number of pixels", field=f"{name}={text[:40]!r}"), Phrase("give a number from 1 on")
        )
    return int(text)


def _describe(url: str, widest: int | None, highest: int | None) -> dict[str, str | int]:
    origin, build = request.host_url.rstrip("/"), urls()
    key, filters = _page(url)
    view = View(snapshot(), build)
    if key is None:
        title, path, height = timeline_title(view, filters), build.embedded(pairs=filters.pairs()), _LONG
        preview = build.preview(pairs=filters.pairs())
    else:
        entry = view.timeline.entry(key)
        if not key.startswith("event/"):
            filters_of(key, Filters())
        elif entry is None:
            raise _foreign(url)
        title, path = str(view.link(key)["name"]), build.embedded(key, filters.pairs())
        height, preview = _HEIGHT if entry else _LONG, build.preview(key)
    width, height = min(_WIDTH, widest or _WIDTH), min(height, highest or height)
    frame = Markup('<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"></iframe>')
    told: dict[str, str | int] = {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": "Parley",
        "provider_url": origin + build.timeline(),
        "html": str(frame.format(origin + path, width, height, title)),
        "width": width,
        "height": height,
    }
    # A picture that is larger than the client has room for is not offered.
    if (widest or WIDTH) >= WIDTH and (highest or HEIGHT) >= HEIGHT:
        told |= {"thumbnail_url": origin + preview, "thumbnail_width": WIDTH, "thumbnail_height": HEIGHT}
    return told


def _page(url: str) -> tuple[str | None, Filters]:
    """Return the key of the thing that an address of this site shows, None for the timeline, and the filters in it.

    :raises NotFoundError: if it is the address of nothing that can be embedded here.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _foreign(url) from None
    root = urls().root
    path = unquote(parts.path)
    # A proxy may end TLS without saying so: the scheme makes no difference, the host does.
    if parts.scheme not in ("http", "https") or parts.netloc.casefold() != request.host.casefold():
        raise _foreign(url)
    if not (path + "/").startswith(f"{root}/"):
        raise _foreign(url)
    filters = Filters.read(MultiDict(parse_qsl(parts.query)))
    steps = path.removeprefix(root).removesuffix(".html").strip("/").split("/")
    steps = steps[1:] or [""] if steps[0] in ("embed", "id") else steps
    if steps == [""]:
        return None, filters
    if len(steps) == 2 and steps[0] in EMBEDDED and steps[1]:
        return "/".join(steps), filters
    raise _foreign(url)


def _foreign(url: str) -> NotFoundError:
    return NotFoundError(
        Phrase("%(url)s is no page here that can be embedded", url=url[:200]),
        Phrase("give the address of the timeline, an event, person, organization or place of this site"),
    )


def _write(told: Mapping[str, str | int], form: Format) -> bytes:
    if form is DATA:
        return json_body(told)
    root = ElementTree.Element("oembed")
    for name, value in told.items():
        ElementTree.SubElement(root, name).text = xml_text(str(value))
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body
