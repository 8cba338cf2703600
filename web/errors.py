"""One shape for every error: JSON for programs, a page for browsers, one line of text for those who accept neither."""

import json
import threading
from email.utils import formatdate
from http import HTTPStatus
from typing import NamedTuple

from flask import Flask, Response, render_template, request
from gunicorn.http.errors import ParseException
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from graph.errors import ParleyError
from graph.negotiation import FORMATS, choose
from web.language import N_, speak

__all__ = ["Problem", "Refusals", "error_response", "problem", "register"]

_OFFERS = tuple(FORMATS[name] for name in ("data", "text", "html"))
#: Status -> cause and remedy, for what the server or the framework itself refuses.
_WORDS = {
    400: (N_("the request is malformed"), N_("check its URL, headers and body")),
    404: (N_("there is nothing here"), N_("check the address, or search from the start page")),
    405: (N_("this address does not take such a method"), N_("use one of those in the Allow header")),
    408: (N_("the request was not whole in time"), N_("send all of it without a pause")),
    413: (N_("the request is too large"), N_("send less in one request")),
    414: (N_("the address is too long"), N_("send the query in the body of a POST")),
    415: (
        N_("the body is of a type that is not read here"),
        N_("send the query as a form, or as application/sparql-query"),
    ),
    417: (N_("the request expects what is not done here"), N_("leave the header Expect out")),
    431: (N_("the headers of the request are too long, or too many"), N_("send fewer and shorter ones")),
    500: (N_("something here is broken"), N_("try again later; the server's log says more")),
    501: (N_("the body is sent in a way that is not read here"), N_("send it with Content-Length, or chunked")),
    503: (N_("the server has too many connections"), N_("try again in a moment")),
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
            speak()
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
    app.register_error_handler(ParseException, _body_error)


def _our_error(error: ParleyError) -> Response:
    return error_response(problem(error))


def _http_error(error: HTTPException) -> AnyResponse | HTTPException:
    # A redirect is an exception of the framework, too.
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    response = error_response(_told(error.code))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _body_error(error: ParseException) -> Response:
    """Tell of a body that the server's parser stumbles over while it is read."""
    return error_response(_told(HTTPStatus.BAD_REQUEST))


def _told(status: int) -> Problem:
    title = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    cause, remedy = _WORDS.get(status, (title.lower(), "check the request"))
    return Problem(status, title, cause, remedy)


class Refusals:
    """Whole HTTP messages that refuse what never reaches an application; they have the shape that it has for errors.

    Each is made once: who is refused a thousand times a second must cost nothing.

    :param app: the application.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._made: dict[tuple[int, str], tuple[bytes, bytes]] = {}
        self._lock = threading.Lock()

    def message(self, status: int, accept: str) -> bytes:
        """Return the message; after it, the connection is closed.

        :param accept: the header of the request, as far as it came.
        """
        choice = choose(accept, _OFFERS)
        key = status, choice.format.name if choice else ""
        with self._lock:
            if key not in self._made:
                self._made[key] = self._make(status, accept)
            line, rest = self._made[key]
        return line + f"Date: {formatdate(usegmt=True)}\r\n".encode() + rest

    def _make(self, status: int, accept: str) -> tuple[bytes, bytes]:
        told = _told(status)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            told = told._replace(retry_after=1)
        with self._app.test_request_context("/refused", headers={"Accept": accept}):
            response = self._app.process_response(error_response(told))
            body = response.get_data()
            response.headers["Connection"] = "close"
            head = "".join(f"{name}: {value}\r\n" for name, value in response.headers.items())
        return f"HTTP/1.1 {status} {told.title}\r\n".encode(), f"{head}\r\n".encode("latin-1", "replace") + body
