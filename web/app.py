"""The application factory: what ``parley serve`` and any WSGI server run."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.http import http_date
from werkzeug.middleware.proxy_fix import ProxyFix

from graph import __version__
from graph.settings import Settings
from web import about, cite, compare, curated, disagreements, errors, listings, oembed
from web.answers import code_version, urls
from web.drawing import preview
from web.drawing.marks import drawn, rectangles, row_words
from web.language import LANGUAGES, N_, install, is_spoken, language, translated
from web.linked_data import dumps, feed, ldes, resources, vocabularies
from web.links import as_read, link, links
from web.policy import is_framed, policy
from web.published import Published
from web.serving.compression import compress
from web.sparql import asking, completion, endpoint, graph_store
from web.timeline import embed, events, facets, on_this_day, printing
from web.timeline.confidence import printed
from web.timeline.timeline import Entry, FacetValue
from web.views.other import curie
from web.views.passages import passages
from web.words import DRAWN, MANNERS, STATUSES, date_in_words, day, facet_words, time_in_words

__all__ = ["create_app", "template_filters", "template_globals"]

_HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Everything is public and read-only, and no answer depends on who asks.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Location, Memento-Datetime",
}


def create_app(settings: Settings) -> Flask:
    """Make the application that serves one dataset.

    The dataset may be made or published later: until then every page says so with status 503.

    :param settings: names the dataset's folder and the limits of SPARQL.
    """
    app = Flask("web")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        # Each client has a share of the query service, so their own address counts and not the proxy's.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n, x_prefix=n)  # type: ignore[method-assign]
    app.extensions["parley"] = Published(settings)
    for part in (
        events, facets, on_this_day, listings, disagreements, curated, resources, endpoint, completion, asking, cite,
        compare, graph_store, about, vocabularies, dumps, feed, ldes, printing, embed, oembed, preview,
    ):  # fmt: skip
        app.register_blueprint(part.blueprint)
    errors.register(app)
    app.jinja_env.filters |= template_filters()
    app.jinja_env.globals |= template_globals()
    install(app)
    app.context_processor(_context)
    app.after_request(_finish)
    return app


def template_filters() -> dict[str, Callable[..., Any]]:
    """Return what the templates call by name, besides what speaks of the language."""
    return {
        "in_words": date_in_words,
        "day": day,
        "bare": _without_scheme,
        "facet_words": _facet_words,
        "entry_words": _entry_words,
        "status_words": _status_words,
        "manner_words": _manner_words,
        "drawn_words": _drawn_words,
        "row_words": row_words,
        "drawn": drawn,
        "rectangles": rectangles,
        "curie": curie,
        "passages": passages,
        "confidence": printed,
    }


def template_globals() -> dict[str, Callable[..., Any]]:
    """Return what the templates make links with."""
    return {"as_read": as_read, "link": link, "links": links}


def _context() -> dict[str, Any]:
    # Pages that tell of trouble with the dataset have no generation.
    return {
        "urls": urls(),
        "parley_version": __version__,
        "code_version": code_version(),
        "generation": g.get("snapshot"),
        "other_languages": _other_languages(),
    }


def _other_languages() -> list[tuple[str, str, str]]:
    """Return each language, its name in itself, and the address of this page in it."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    # The page has one address in each language, however its format was asked for.
    path = request.path.removesuffix(".html")
    return [(tag, name, urls().same(path, [*pairs, ("lang", tag)])) for tag, name in LANGUAGES.items()]


def _without_scheme(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://")


def _facet_words(value: FacetValue | dict[str, Any], facet: str) -> str:
    known = value._asdict() if isinstance(value, FacetValue) else value
    return facet_words(facet, known["value"], known["label"])


def _entry_words(entry: Entry) -> str:
    return time_in_words(entry.edtf, entry.earliest, entry.latest)


def _status_words(status: str) -> str:
    return translated(STATUSES.get(status, status))


def _drawn_words(kind: str) -> str:
    return translated(DRAWN[kind])


def _manner_words(manner: str | None) -> str:
    return translated(MANNERS.get(manner or "", N_("manner unknown")))


def _finish(response: Response) -> Response:
    if request.args.get("generation") and "snapshot" in g and response.status_code < 400:
        _remember(response)
    if request.method == "OPTIONS":
        response.headers.setdefault("Access-Control-Allow-Methods", response.headers.get("Allow", "GET"))
        response.headers.setdefault("Access-Control-Allow-Headers", "Accept, If-None-Match")
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if is_spoken() and (response.mimetype == "text/html" or response.status_code == 304):
        response.vary.add("Accept-Language")
        response.headers["Content-Language"] = language()
    if is_framed(response):
        del response.headers["X-Frame-Options"]  # it knows only the own site, or none
    return compress(response)


def _remember(response: Response) -> None:
    """Say of an answer from a generation that was named when it was published, and where the current one is.

    (RFC 7089, section 2.1.1; RFC 5829, section 3.2.)
    """
    response.headers["Memento-Datetime"] = http_date(g.snapshot.published_at)
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "generation"]
    response.headers.add("Link", f'<{urls().same(request.path, pairs)}>; rel="original latest-version"')
