"""A request of the SPARQL 1.1 Protocol: what it asks for, wherever in URL, form or body it says so."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import Request

from graph.errors import InputError, ParleyError
from graph.phrase import Phrase
from graph.sparql.errors import ReadOnlyError

__all__ = [
    "NOTHING_ASKED", "ProtocolRequest", "UnsupportedTypeError", "body_limit", "graph_iris", "read_parts",
    "read_request",
]  # fmt: skip

# A body has room for the longest query, each of its bytes percent-encoded, and for names of graphs.
_ENCODED = 3
_NAMES = 200_000
_NOT_ASCII = re.compile(rb"%[89A-Fa-f]|[\x80-\xff]")


class UnsupportedTypeError(ParleyError):
    """The body is of a type that the protocol does not know."""

    status = 415


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """What a request asks for.

    :param query: the query; None if there is none, which asks for the service's description.
    :param default_graphs: IRIs of ``default-graph-uri``.
    :param named_graphs: IRIs of ``named-graph-uri``.
    :param timeout: seconds, if the client wants to wait less than the server would.
    :param format: name, extension or media type of the result, over the ``Accept`` header.
    """

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    timeout: float | None
    format: str | None


#: A request that wishes for nothing special.
NOTHING_ASKED = ProtocolRequest(None, (), (), None, None)


def body_limit(length: int) -> int:
    """Return the longest body of a request that is read, in bytes.

    :param length: longest query, in bytes.
    """
    return _ENCODED * length + _NAMES


def read_request(request: Request, length: int) -> ProtocolRequest:
    """Read a request as the framework has it.

    :param length: longest query, in bytes.
    :raises ParleyError: as :func:`read_parts` does.
    """
    request.max_content_length = body_limit(length)
    return read_parts(request.method, request.query_string, request.mimetype, request.get_data)


def read_parts(method: str, query_string: bytes, kind: str, body: Callable[[], bytes]) -> ProtocolRequest:
    """Read a request by GET, by POST of a form, or by POST of the query itself (SPARQL 1.1 Protocol, section 2.1).

    :param kind: media type of the body.
    :param body: returns the body, if it is of a type that is read.
    :raises InputError: if it has no query by POST, more than one query, or a parameter that makes no sense.
    :raises ReadOnlyError: if it is an update.
    :raises UnsupportedTypeError: if its body is of another type.
    """
    parameters = _pairs(query_string)
    if method == "POST":
        if kind == "application/x-www-form-urlencoded":
            for name, values in _pairs(body()).items():
                parameters.setdefault(name, []).extend(values)
        elif kind == "application/sparql-query":
            parameters.setdefault("query", []).append(_text(body()))
        elif kind == "application/sparql-update":
            raise _read_only()
        else:
            raise UnsupportedTypeError(
                Phrase("a body of type %(kind)s is not read here", kind=kind[:60] or "unknown"),
                Phrase("send application/x-www-form-urlencoded with query=, or application/sparql-query"),
            )
    if "update" in parameters:
        raise _read_only()
    queries = parameters.get("query", [])
    if len(queries) > 1:
        raise InputError(
            Phrase("the request has %(count)s queries", count=len(queries)), Phrase("send one query in each request")
        )
    if not queries and method == "POST":
        raise InputError(
            Phrase("the request has no query"), Phrase("send it as query= in a form, or as application/sparql-query")
        )
    return ProtocolRequest(
        query=queries[0] if queries else None,
        default_graphs=graph_iris(parameters.get("default-graph-uri", [])),
        named_graphs=graph_iris(parameters.get("named-graph-uri", [])),
        timeout=_timeout(parameters.get("timeout", [None])[0]),
        format=parameters.get("format", [None])[0] or parameters.get("output", [None])[0] or None,
    )


def _pairs(encoded: bytes) -> dict[str, list[str]]:
    """Return the values of a form by name (WHATWG URL Standard, section 5.1).

    :raises InputError: if it is not UTF-8: replacement characters would get into the query.
    """
    _check_encoding(encoded)
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(encoded.decode("utf-8"), keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def _check_encoding(encoded: bytes) -> None:
    if not _NOT_ASCII.search(encoded):
        return
    try:
        unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            Phrase("the request is not valid UTF-8"), Phrase("encode it as UTF-8, then percent-encode it")
        ) from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            Phrase("the query is not valid UTF-8 at byte %(byte)s", byte=error.start), Phrase("send it as UTF-8")
        ) from None


def graph_iris(values: list[str]) -> tuple[str, ...]:
    """Return IRIs of graphs, each once.

    :raises InputError: if one is no absolute IRI.
    """
    for value in values:
        if ":" not in value or any(c in '<>"{}|^`\\' or c <= " " for c in value):
            raise InputError(
                Phrase("%(value)s is no IRI of a graph", value=f"{value[:80]!r}"), Phrase("give an absolute IRI")
            )
    return tuple(dict.fromkeys(values))


def _timeout(value: str | None) -> float | None:
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise InputError(
            Phrase("%(field)s is no time in seconds", field=f"timeout={value[:40]!r}"),
            Phrase("give a number greater than 0"),
        )
    return seconds


def _read_only() -> ReadOnlyError:
    return ReadOnlyError(
        Phrase("this endpoint is read-only"), Phrase("the dataset changes only by `parley ingest` on its own machine")
    )
