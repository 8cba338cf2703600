"""Every error has one shape, in the format that the client reads."""

from collections.abc import Iterator

import pytest
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from jinja2 import DictLoader
from werkzeug.wrappers import Response

from graph.errors import DatasetError, InputError
from graph.sparql.errors import BusyError
from web.errors import register

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.jinja_loader = DictLoader(
        {"error.html": "<h1>{{ error.title }}</h1><p>{{ error.cause }}</p>{{ error.remedy }}"}
    )
    register(app)

    @app.get("/input")
    def wrong() -> str:
        raise InputError("no such place: <Atlantis>", "choose one from the list")

    @app.get("/dataset")
    def missing() -> str:
        raise DatasetError("nothing is published", "publish first")

    @app.get("/busy")
    def busy() -> str:
        raise BusyError(7)

    @app.get("/bug")
    def bug() -> str:
        raise ZeroDivisionError("secret")

    @app.get("/gone")
    def gone() -> str:
        abort(410)

    @app.get("/moved")
    def moved() -> Response:
        return redirect("/input", 303)

    @app.get("/folder/")
    def folder() -> str:
        return "here"

    with app.test_client() as client:
        yield client


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json, text/plain, */*"])
def test_programs_get_json(client: FlaskClient, accept: str | None) -> None:
    answer = client.get("/input", headers={"Accept": accept} if accept else {})
    assert answer.status_code == 400
    assert answer.content_type == "application/json"
    assert answer.json == {
        "error": {
            "status": 400,
            "title": "Bad Request",
            "cause": "no such place: <Atlantis>",
            "remedy": "choose one from the list",
        }
    }
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("accept", ["application/sparql-results+xml", "text/turtle", "image/png", "text/plain"])
def test_those_who_read_neither_get_a_line(client: FlaskClient, accept: str) -> None:
    answer = client.get("/input", headers={"Accept": accept})
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == "400 Bad Request: no such place: <Atlantis>; choose one from the list\n"


def test_browsers_get_a_page(client: FlaskClient) -> None:
    answer = client.get("/input", headers={"Accept": BROWSER})
    assert answer.status_code == 400
    assert answer.content_type == "text/html; charset=utf-8"
    assert "no such place: &lt;Atlantis&gt;" in answer.text


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nowhere", "GET", 404), ("/input", "POST", 405), ("/gone", "GET", 410), ("/dataset", "GET", 503)],
)
def test_statuses(client: FlaskClient, path: str, method: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["error"]["status"] == status
    assert answer.json["error"]["cause"]
    assert answer.json["error"]["remedy"]


def test_headers_that_belong_to_a_status(client: FlaskClient) -> None:
    assert "GET" in client.post("/input").headers["Allow"]
    assert client.get("/busy").headers["Retry-After"] == "7"


def test_a_redirect_is_no_error(client: FlaskClient) -> None:
    assert client.get("/moved").status_code == 303
    assert client.get("/folder").status_code == 308


def test_a_bug_tells_nothing_of_itself(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/bug")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret" in caplog.text
