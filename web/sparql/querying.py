"""Queries of others answered from a generation, from what is kept or by the workers: whole, or with an error."""

import contextlib
import errno
import hashlib
import select
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from flask import Response, request

from graph.errors import ParleyError
from graph.negotiation import BINDINGS, FORMATS, GRAPHS, Choice, Format, find_format, negotiate, parse_accept
from graph.settings import Settings
from graph.sparql import Query, Result, check, make_job
from graph.vocabulary import PREFIXES
from web.answers import cache_control, code_version
from web.serving.pace import PacedSocket
from web.sparql.answerers import Answerer, here
from web.sparql.observe import Observation
from web.sparql.page import PAGE_LIMIT, show
from web.sparql.protocol import NOTHING_ASKED, ProtocolRequest
from web.sparql.result_cache import Kept

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = [
    "Fetched", "Pending", "answer_query", "check_query", "choose_format", "fetch", "fetch_whole", "finish", "hung_up",
    "keep_body", "matches", "open_to_all", "preflight", "send_result", "tag_of", "take_fetched",
]  # fmt: skip

_HTML = FORMATS["html"]
# Longest query, in characters, of which it is remembered what it is.
_SHORT = 10_000
# The other end has closed its side, or the connection is broken.
_GONE = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)


@dataclass(frozen=True, slots=True)
class Pending:
    """A query that waits for its answer.

    :ivar current: the generation that its request sees.
    :ivar seen: what is observed of it.
    :ivar by: what answers it.
    :ivar asked: what else its request says of it.
    """

    query: Query
    current: "Snapshot"
    seen: Observation
    by: Answerer
    asked: ProtocolRequest = NOTHING_ASKED

    @property
    def identity(self) -> str | None:
        """What its result is kept under, and its tag is made of; None if it may be another one the next time."""
        return None if self.query.volatile else self.by.identity


class Fetched(NamedTuple):
    """What was fetched for a request before the framework gets it: a result or an error, from which generation."""

    current: "Snapshot"
    seen: Observation
    found: Kept | Result | ParleyError

    def close(self) -> None:
        """Let go of a result that nobody reads."""
        if isinstance(self.found, Result):
            self.found.close()


def take_fetched() -> Fetched | None:
    """Return what was fetched for the current request, once."""
    connection = request.environ.get("gunicorn.socket")
    if not isinstance(connection, PacedSocket) or connection.fetched is None:
        return None
    fetched, connection.fetched = connection.fetched, None
    return cast("Fetched", fetched)


def check_query(text: str, settings: Settings) -> Query:
    """Say what a query is, remembering short ones: pages, notebooks and caches ask the same again and again.

    :raises QueryError: if it may not run.
    """
    checking = _check if len(text) > _SHORT else _check_once
    return checking(text, settings.sparql_services, settings.sparql_query_limit)


def _check(text: str, services: str, length: int) -> Query:
    return check(text, services.split(), dict(PREFIXES), length)


_check_once = lru_cache(maxsize=500)(_check)


def choose_format(name: str | None, offers: Sequence[Format]) -> Choice:
    """Return the format that the current request names, else the one that its ``Accept`` likes best.

    :raises graph.negotiation.NotAcceptableError: if there is none.
    """
    return find_format(name, offers) if name else negotiate(request.headers.get("Accept"), offers)


def answer_query(
    pending: Pending, choice: Choice, graph: str | None = None, found: Kept | Result | None = None
) -> Response:
    """Answer a query: 304 to who has the answer, else the whole result, or an error.

    :param choice: format of the answer.
    :param graph: IRI that the triples are written with, in a format with room for it.
    :param found: the result, if it is there already.
    :raises QueryError: if the query is malformed.
    :raises QueryLimitError: if it ran into a limit.
    """
    query, current, by = pending.query, pending.current, pending.by
    identity = pending.identity
    tag = None if identity is None else tag_of(pending.asked, choice, current, request.path, identity)
    if matches(tag):
        pending.seen.end("not_modified", 304)
        response = finish(Response(status=304), current, tag)
    elif choice.format is _HTML:
        body = fetch_whole(pending, (GRAPHS if query.is_graph else BINDINGS)[0], PAGE_LIMIT)
        page = show(query.text, current, query=query, result=body)
        response = finish(page, current, tag if by.stood else None)
    else:
        sent = send_result(pending, choice, graph, found)
        response = finish(sent, current, tag if by.stood else None)
    if by.number is None:
        del response.headers["Parley-Generation"]
    else:
        response.headers["Parley-Generation"] = str(by.number)
    return response


def fetch_whole(pending: Pending, form: Format, limit: int | None = None) -> bytes:
    """Return the whole result of a query, from what is kept or by the workers.

    :param limit: largest result in bytes.
    :raises QueryError: if the query is malformed.
    :raises QueryLimitError: if it ran into a limit.
    """
    return cast("Kept", fetch(pending, form, _hung_up(), limit=limit, whole=True)).body


def send_result(
    pending: Pending, choice: Choice, graph: str | None = None, found: Kept | Result | None = None
) -> Response:
    """Send the result of a query as it is: at once, or as it comes if it is large.

    :param graph: IRI that the triples are written with, in a format with room for it.
    :param found: the result, if it is there already.
    :raises QueryError: if the query is malformed.
    :raises QueryLimitError: if it ran into a limit.
    """
    if found is None:
        found = fetch(pending, choice.format, _hung_up(), graph=graph)
    if isinstance(found, Kept):
        return Response(found.body, content_type=_content_type(choice))
    return _streamed(found, choice, pending.current, pending.seen)


def keep_body(current: "Snapshot", key: tuple[str, ...], build: Callable[[], bytes]) -> bytes:
    """Return what is built from this generation for a key; built once, as long as there is room for it."""
    cache = here(current).cache
    kept = cache.get(current.identity, key)
    if kept is None:
        kept = Kept(build(), None)
        cache.put(current.identity, key, kept)
    return kept.body


def fetch(
    pending: Pending,
    form: Format,
    gone: Callable[[], bool] | None,
    *,
    limit: int | None = None,
    graph: str | None = None,
    whole: bool = False,
) -> Kept | Result:
    """Return the result of a query: as it is, or as something to read from if it is large.

    :param gone: tells whether the client has hung up.
    :param limit: largest result in bytes.
    :param graph: IRI that the triples are written with, in a format with room for it.
    :param whole: whether a large one must come as it is, too.
    :raises QueryError: if the query is malformed.
    :raises QueryLimitError: if it ran into a limit.
    """
    query, seen, by, asked = pending.query, pending.seen, pending.by, pending.asked
    key = (query.text, asked.default_graphs, asked.named_graphs, form.name, limit, graph)
    identity = pending.identity
    kept = None if identity is None else by.cache.get(identity, key)
    if kept is not None:
        by.stood = True
        seen.end("cached", 200, rows=kept.rows, size=len(kept.body))
        return kept
    job = make_job(
        pending.current.generation.path,
        query,
        form.media_type,
        timeout=min(asked.timeout or by.pool.timeout, by.pool.timeout),
        limit=limit,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        graph=graph,
    )
    result = by.pool.run(job, seen.client, gone)
    # What is large is not held in memory, even if it is complete.
    if not whole and (result.size is None or result.size > by.pool.spool):
        return result
    kept = Kept(result.read(), result.rows)
    if identity is not None and by.check():
        by.cache.put(identity, key, kept)
    seen.end("ok", 200, rows=kept.rows, size=len(kept.body))
    return kept


def _streamed(result: Result, choice: Choice, current: "Snapshot", seen: Observation) -> Response:
    """Send a result that is too large to be held back. If it fails on its way, the connection is cut."""
    is_head = request.method == "HEAD"

    def chunks() -> Iterator[bytes]:
        try:
            yield from result.chunks()
            seen.end("ok", 200, rows=result.rows, size=result.written)
        except ParleyError as error:
            seen.end("cut", 200, size=result.written)
            # As if the client were gone: the server closes the connection, and has no fault of its own to log.
            raise BrokenPipeError(errno.EPIPE, "the answer is cut") from error

    def close() -> None:
        seen.end("ok" if is_head else "abandoned", 200, size=result.written)
        result.close()
        # The files of a generation stay as long as somebody holds it, and the worker reads them until now.
        _ = current

    response = Response(chunks(), content_type=_content_type(choice))
    response.call_on_close(close)
    return response


def _content_type(choice: Choice) -> str:
    """Return the ``Content-Type``; it announces RDF 1.2 to who says that they read it (RDF 1.2 Turtle, section 4)."""
    reads = any(("version", "1.2") in accepted.parameters for accepted in parse_accept(request.headers.get("Accept")))
    return f"{choice.content_type}; version=1.2" if reads else choice.content_type


def _hung_up() -> Callable[[], bool] | None:
    connection = request.environ.get("gunicorn.socket")
    return None if connection is None else hung_up(connection)


def hung_up(connection: socket.socket) -> Callable[[], bool]:
    """Return what tells whether the client has closed its side of a connection."""
    poll = select.poll()
    poll.register(connection, _GONE & ~(select.POLLHUP | select.POLLERR))

    def gone() -> bool:
        with contextlib.suppress(OSError, ValueError):
            return any(event & _GONE for _, event in poll.poll(0))
        return True

    return gone


def tag_of(asked: ProtocolRequest, choice: Choice, current: "Snapshot", path: str, identity: str | None = None) -> str:
    """Return the ETag of an answer: it names generation, query, graphs and format, and what else a page depends on.

    :param identity: what the answer is from, if that is not the generation that is here.
    """
    parts = (
        identity or current.identity, asked.query, asked.default_graphs, asked.named_graphs, path, choice.media_type,
        *((code_version(), request.full_path, request.script_root) if choice.format is _HTML else ()),
    )  # fmt: skip
    return f"{current.number}-{hashlib.sha256(repr(parts).encode('utf-8', 'replace')).hexdigest()[:20]}"


def matches(tag: str | None) -> bool:
    """Tell whether the client has the answer with this tag already (RFC 9110, section 13.1.2)."""
    return tag is not None and request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag)


def finish(response: Response, current: "Snapshot", tag: str | None) -> Response:
    """Put the headers on an answer that name its generation and say how long it holds."""
    response.vary.add("Accept")
    response.headers["Parley-Generation"] = str(current.number)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code not in (200, 304) or tag is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        # Weak: the order of rows is the engine's own affair.
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = cache_control()
    return response


def preflight(*methods: str) -> Response:
    """Answer the question of a browser whether scripts of other sites may ask (Fetch standard, CORS preflight)."""
    response = Response(status=204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def open_to_all(response: Response) -> Response:
    """Let scripts of all sites read the answers: the data is public and there are no sessions."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = (
        "ETag, Parley-Generation, Retry-After, Link, Memento-Datetime, Content-Location"
    )
    return response
