"""Plain queries answered without the framework, which would cost more than the query.

A request is looked at byte by byte here only if it is of the plainest kind: ``GET`` or ``POST`` of ``/sparql`` with
headers that are known and single, and a body of the length that it names. All others, all errors, and answers that
are sent as they come are the framework's; it gets what was fetched here, so no query runs twice. The head of an answer
is what the framework itself writes for one of its kind.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask, Response, g
from gunicorn.http.wsgi import SERVER
from gunicorn.util import http_date

from graph.errors import ParleyError
from graph.negotiation import BINDINGS, DATASETS, FORMATS, Choice, find_format, negotiate
from graph.sparql import Result
from web.published import published
from web.serving.compression import pack
from web.serving.pace import PacedSocket
from web.sparql.answerers import Here
from web.sparql.observe import observer
from web.sparql.protocol import read_parts
from web.sparql.querying import Fetched, Pending, check_query, fetch, finish, hung_up, tag_of
from web.sparql.result_cache import Kept

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["Direct"]

_PATH = "/sparql"
_LINE = re.compile(rb"(GET|POST) /sparql(?:\?([!-\"$-~]*))? HTTP/1\.1")
_HEADER = re.compile(rb"([A-Za-z-]+):[ \t]*([ -~]{0,8000}?)[ \t]*")
# None of them changes what is answered but Accept, Accept-Encoding and those of the body.
_KNOWN = frozenset((
    b"accept", b"accept-encoding", b"accept-language", b"cache-control", b"connection", b"content-length",
    b"content-type", b"dnt", b"host", b"origin", b"pragma", b"referer", b"user-agent",
))  # fmt: skip
_TAG = "tag"
# As gunicorn begins an answer.
_FIRST = f"HTTP/1.1 200 OK\r\nServer: {SERVER}\r\nConnection: keep-alive\r\n".encode()


class _Request(NamedTuple):
    method: str
    query_string: bytes
    headers: dict[bytes, str]
    body: bytes


class Direct:
    """Answers the plainest requests of an application.

    :param app: whose other requests, and all that is out of the ordinary, are the framework's.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._published = published(app)
        self._settings = self._published.settings
        self._heads: dict[tuple[str, bool], tuple[str, bytes]] = {}
        self._offers = {graph: (*offers, FORMATS["html"]) for graph, offers in ((False, BINDINGS), (True, DATASETS))}

    def answer(self, received: bytes, connection: PacedSocket, client: str) -> bytes | None:
        """Return the answer to a request, head and body; None if the framework has to give it.

        :param received: the whole request.
        :param connection: that it came on; on it stays what was fetched, for the framework.
        :param client: address of who asks.
        """
        # Behind a proxy the address and the path are in headers; what a remote store answers is no quick one.
        elsewhere = self._settings.trusted_proxies or self._settings.sparql_remote
        asked_for = None if elsewhere else _read(received)
        if asked_for is None:
            return None
        accept = asked_for.headers.get(b"accept")
        try:
            asked = read_parts(
                asked_for.method, asked_for.query_string, _kind(asked_for.headers), lambda: asked_for.body
            )
            if asked.query is None:
                return None
            current = self._published.current()
            query = check_query(asked.query, self._settings)
            offers = self._offers[query.is_graph]
            choice = find_format(asked.format, offers) if asked.format else negotiate(accept, offers)
        except ParleyError:
            return None
        if choice.format is FORMATS["html"]:
            return None
        seen = observer(self._app).start(asked.query, client, current.number)
        found: Kept | Result | ParleyError
        try:
            pending = Pending(query, current, seen, Here(self._app, current), asked)
            found = fetch(pending, choice.format, hung_up(connection))
        except ParleyError as error:
            found = error
        if not isinstance(found, Kept):
            connection.fetched = Fetched(current, seen, found)
            return None
        tag = None if query.volatile else tag_of(asked, choice, current, _PATH)
        body, coding = pack(found.body, asked_for.headers.get(b"accept-encoding", ""))
        return self._head(choice, current, tag, len(body), coding) + body

    def _head(self, choice: Choice, current: "Snapshot", tag: str | None, length: int, coding: str | None) -> bytes:
        key = choice.content_type, tag is None
        kept = self._heads.get(key)
        if kept is None or kept[0] != current.identity:
            kept = self._heads[key] = (current.identity, self._headers(choice, current, tag))
        named = b"" if tag is None else b'ETag: W/"%s"\r\n' % tag.encode()
        coded = b"" if coding is None else b"Content-Encoding: %s\r\n" % coding.encode()
        return b"%sDate: %s\r\n%s%s%sContent-Length: %d\r\n\r\n" % (
            _FIRST, http_date().encode(), kept[1], named, coded, length,
        )  # fmt: skip

    def _headers(self, choice: Choice, current: "Snapshot", tag: str | None) -> bytes:
        """Return the headers that the framework puts on an answer of a format, without its tag and length."""
        with self._app.test_request_context(_PATH):
            g.snapshot = current
            response = finish(Response(b"", content_type=choice.content_type), current, tag and _TAG)
            headers = self._app.process_response(response).headers
            lines = [f"{k}: {v}\r\n" for k, v in headers if k.lower() not in ("etag", "content-length")]
        return "".join(lines).encode("latin-1")


def _read(received: bytes) -> _Request | None:
    """Return a request if it is of the plainest kind (a subset of RFC 9112 that can be read in one way only)."""
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    line = _LINE.fullmatch(first)
    if line is None or b"generation" in first:
        return None
    headers: dict[bytes, str] = {}
    for field in lines:
        header = _HEADER.fullmatch(field)
        if header is None:
            return None
        name = header[1].lower()
        if name not in _KNOWN or name in headers:
            return None
        headers[name] = header[2].decode("ascii")
    length = headers.get(b"content-length", "0")
    if (
        not headers.get(b"host")
        or headers.get(b"connection", "keep-alive").lower() != "keep-alive"
        or "version" in headers.get(b"accept", "")
        or not length.isdigit()
        or int(length) != len(body)
        or (line[1] == b"GET" and body)
    ):
        return None
    return _Request(line[1].decode(), line[2] or b"", headers, body)


def _kind(headers: dict[bytes, str]) -> str:
    return headers.get(b"content-type", "").partition(";")[0].strip().lower()
