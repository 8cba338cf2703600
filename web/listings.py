"""``/people``, ``/organizations``, ``/places``, ``/articles``: lists in pages, searchable by name, with JSON twins."""

import re

from flask import Blueprint, Response, render_template, request

from graph.errors import InputError
from graph.negotiation import Format
from web.answers import DATA, HTML, NotFoundError, answer, json_body, pick, urls
from web.published import snapshot
from web.views.listing import LISTINGS, PAGE_SIZE, article_list, entity_list
from web.views.shared import View

__all__ = ["blueprint"]

blueprint = Blueprint("listings", __name__)


@blueprint.get("/<any(people, organizations, places, articles):name>")
def listing(name: str) -> Response:
    """Show a list."""
    return _listing(name, None)


@blueprint.get("/<any(people, organizations, places, articles):name>.json")
def listing_json(name: str) -> Response:
    """Answer with a page of a list as JSON."""
    return _listing(name, DATA)


def _listing(name: str, fixed: Format | None) -> Response:
    choice = pick((HTML, DATA), fixed)
    return answer(choice, lambda: _build(name, choice.format))


def _build(name: str, form: Format) -> str | bytes:
    wanted, words = request.args.get("page", "1"), " ".join(request.args.get("q", "").split())[:200]
    if not re.fullmatch(r"[1-9][0-9]{0,8}", wanted):
        raise InputError(f"page={wanted[:40]!r} is no page number", "give a number from 1 on")
    number = int(wanted)
    view = View(snapshot(), urls())
    kind = LISTINGS[name]
    found = article_list(view) if kind == "article" else entity_list(view, kind)
    if words:
        found = [item for item in found if all(w in item["name"].casefold() for w in words.casefold().split())]
    pages = max(1, -(-len(found) // PAGE_SIZE))
    if number > pages:
        raise NotFoundError(f"there is no page {number}: the list has {pages}", "go back to the first page")
    # The list is kept with the generation; links depend on where the application is mounted.
    items = [
        {
            **item,
            "url": view.urls.document(item["key"]),
            **({"publisher": view.link(item["publisher"]["key"])} if item.get("publisher") else {}),
        }
        for item in found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    ]
    search = [("q", words)] if words else []

    def page_url(n: int, extension: str | None = None) -> str:
        return view.urls.listing(name, extension, [*search, *([("page", str(n))] if n > 1 else [])])

    values = {"list": name, "total": len(found), "page": number, "pages": pages, "items": items}
    if form is DATA:
        return json_body(values | {"next": page_url(number + 1, "json") if number < pages else None})
    return render_template(
        "listing.html",
        **values,
        first=(number - 1) * PAGE_SIZE + 1,
        kind=kind,
        words=words,
        page_url=page_url,
        alternates=[{"url": page_url(number, "json"), "type": DATA.media_type, "label": DATA.label}],
    )
