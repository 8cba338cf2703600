"""Answers: negotiated, named by the generation that they come from, and rendered as a page or as JSON."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Response, request

from graph.errors import ParleyError
from graph.files import data_path
from graph.negotiation import FORMATS, GRAPHS, Choice, Format, find_format, negotiate
from web.language import carried, is_spoken, language, speak
from web.published import published, snapshot
from web.urls import Urls

__all__ = [
    "DATA", "DOCUMENT_FORMATS", "HTML", "NotFoundError", "alternate_links", "alternates", "answer",
    "cache_control", "code_version", "json_body", "link", "pick", "split_extension", "urls",
]  # fmt: skip

HTML: Format = FORMATS["html"]
DATA: Format = FORMATS["data"]
#: Formats of a thing's document, the preferred one first.
DOCUMENT_FORMATS: tuple[Format, ...] = (HTML, *GRAPHS, DATA)


class NotFoundError(ParleyError):
    """Nothing has this address."""

    status = 404


def urls() -> Urls:
    """Return the URL builder for the mount point of the current request; links of a page carry the language on."""
    return Urls(request.script_root, carried() if is_spoken() else None)


@cache
def code_version() -> str:
    """Return a digest of all that shapes an answer besides the data: code, templates, styles, queries."""
    digest = hashlib.sha256()
    shaping = {".py", ".html", ".css", ".js", ".svg", ".rq", ".ttl", ".po"}
    for folder in (Path(__file__).parent, data_path("queries"), data_path("ontology")):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in shaping):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def split_extension(path: str, offers: Sequence[Format]) -> tuple[str, Format | None]:
    """Take a format's extension off the end of a path.

    >>> path, form = split_extension("person/ana-petrova.ttl", GRAPHS)
    >>> path, form.name
    ('person/ana-petrova', 'turtle')
    >>> split_extension("agent/parley-embedded-0.1.0", GRAPHS)
    ('agent/parley-embedded-0.1.0', None)
    """
    stem, dot, extension = path.rpartition(".")
    form = next((f for f in offers if dot and stem and f.extension == extension), None)
    return (stem, form) if form else (path, None)


def pick(offers: Sequence[Format], fixed: Format | None = None) -> Choice:
    """Return the format to answer in: the URL's own, else ``format=``, else what ``Accept`` likes best.

    A page is in the language that is asked for.

    :raises graph.negotiation.NotAcceptableError: if there is none.
    """
    if fixed is not None:
        choice = Choice(fixed, fixed.media_type)
    elif request.args.get("format"):
        choice = find_format(request.args["format"], offers)
    else:
        choice = negotiate(request.headers.get("Accept"), offers)
    if choice.format is HTML:
        speak()
    return choice


def answer(
    choice: Choice,
    build: Callable[[], str | bytes | Response],
    *,
    links: Iterable[str] = (),
    location: str | None = None,
    tag: str | None = None,
) -> Response:
    """Answer a request from the current generation, with an ETag; 304 without building where the client has it already.

    :param links: values of ``Link``.
    :param location: path of what is sent, where the request's own path stands for several formats.
    :param tag: what the answer comes from, in a word, where that is not the generation alone.
    :raises graph.errors.DatasetError: if nothing is published.
    """
    current = snapshot()
    # The path as the client wrote it, query included: two pages never share a tag.
    parts = (
        tag or current.identity, code_version(), request.full_path, request.script_root, request.host,
        choice.media_type, language(),
    )  # fmt: skip
    tag = f"{'' if tag else current.number}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:20]}"
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        built = build()
        response = built if isinstance(built, Response) else Response(built, content_type=choice.content_type)
    if response.status_code in (200, 304):
        # Weak: the same tag stands for the plain and the compressed body.
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = cache_control()
        if location is not None:
            response.headers["Content-Location"] = location
    response.vary.add("Accept")
    for link in links:
        response.headers.add("Link", link)
    return response


def cache_control() -> str:
    """Return how long an answer may be used without asking: by a reverse proxy as long as the setting says, else never.

    (RFC 9111, section 5.2.2.10.)
    """
    seconds = published().settings.shared_max_age
    return f"public, max-age=0, s-maxage={seconds}" if seconds else "public, no-cache"


def link(target: str, relation: str, media_type: str | None = None) -> str:
    """Return a value of ``Link`` (RFC 8288).

    >>> link("https://zubrowka.example/id/person/ana-petrova", "cite-as")
    '<https://zubrowka.example/id/person/ana-petrova>; rel="cite-as"'
    """
    escaped = quote(target, safe="/:#?&=@%+,;!$'()*~[]")
    return f'<{escaped}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else "")


def alternate_links(offers: Iterable[Format], chosen: Format, url: Callable[[Format], str]) -> list[str]:
    """Return the values of ``Link`` that lead to the other formats of an answer (RFC 8288).

    :param url: makes the address of the answer in a format.
    """
    return [link(url(form), "alternate", form.media_type) for form in offers if form is not chosen]


def alternates(offers: Iterable[Format], url: Callable[[Format], str]) -> list[dict[str, str]]:
    """Return the other formats of a page as its template lists them.

    :param url: makes the address of the page in a format.
    """
    return [{"url": url(form), "type": form.media_type, "label": form.label} for form in offers]


def json_body(values: Mapping[str, Any]) -> bytes:
    """Write a page's values as JSON."""
    return json.dumps(values, ensure_ascii=False, indent=1, default=str).encode() + b"\n"
