"""One shape for every error: JSON for programs, a page for browsers, one line of text for those who accept neither."""

import json
from http import HTTPStatus
from typing import NamedTuple

from flask import Flask, Response, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from graph.errors import ParleyError
from graph.negotiation import FORMATS, choose

__all__ = ["Problem", "error_response", "problem", "register"]

_OFFERS = tuple(FORMATS[name] for name in ("data", "text", "html"))
#: Status -> cause and remedy, for what the framework itself refuses.
_WORDS = {
    400: ("the request is malformed", "check its URL, headers and body"),
    404: ("there is nothing here", "check the address, or search from the start page"),
    405: ("this address does not take such a method", "use one of those in the Allow header"),
    413: ("the request is too large", "send less in one request"),
    414: ("the address is too long", "send the query in the body of a POST"),
    415: ("the body is of a type that is not read here", "send the query as a form, or as application/sparql-query"),
    500: ("something here is broken", "try again later; the server's log says more"),
}


class Problem(NamedTuple):
    """What is told of an error.

    :param status: HTTP status.
    :param title: the status in words.
    :param cause: what is wrong.
    :param remedy: what to do about it.
    :param retry_after: seconds after which to try again, if that makes sense.
    :param place: line and column of a query, both from 1, where that is what is wrong.
    """

    status: int
    title: str
    cause: str
    remedy: str
    retry_after: int | None = None
    place: tuple[int, int] | None = None


def problem(error: ParleyError) -> Problem:
    """Return what is told of one of our own errors.

    >>> from graph.errors import InputError
    >>> problem(InputError("no such place: Atlantis", "choose one from the list")).status
    400
    """
    retry_after = getattr(error, "retry_after", None)
    return Problem(
        error.status,
        HTTPStatus(error.status).phrase,
        error.cause,
        error.remedy,
        retry_after,
        getattr(error, "place", None),
    )


def error_response(told: Problem) -> Response:
    """Return the answer that tells of a problem, in the format that the client accepts."""
    choice = choose(request.headers.get("Accept"), _OFFERS)
    name = choice.format.name if choice else "text"
    body: str | None = None
    if name == "html":
        try:
            body = render_template("error.html", error=told)
        except TemplateNotFound:
            name = "text"
    if name == "data":
        shape: dict[str, str | int] = {
            "status": told.status,
            "title": told.title,
            "cause": told.cause,
            "remedy": told.remedy,
        }
        if told.place is not None:
            shape |= {"line": told.place[0], "column": told.place[1]}
        body = json.dumps({"error": shape}, ensure_ascii=False) + "\n"
    elif body is None:
        body = f"{told.status} {told.title}: {told.cause}; {told.remedy}\n"
    response = Response(body, told.status, content_type=FORMATS[name].content_type())
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept")
    if told.retry_after is not None:
        response.headers["Retry-After"] = str(told.retry_after)
    return response


def register(app: Flask) -> None:
    """Have an application answer all its errors in this shape."""
    app.register_error_handler(ParleyError, _our_error)
    app.register_error_handler(HTTPException, _http_error)


def _our_error(error: ParleyError) -> Response:
    return error_response(problem(error))


def _http_error(error: HTTPException) -> AnyResponse | HTTPException:
    # A redirect is an exception of the framework, too.
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    title = HTTPStatus(error.code).phrase if error.code in set(HTTPStatus) else "Error"
    cause, remedy = _WORDS.get(error.code, (title.lower(), "check the request"))
    response = error_response(Problem(error.code, title, cause, remedy))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response
