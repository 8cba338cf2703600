"""Answers compressed for who takes it, in the coding that they like best."""

import gzip
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from web.serving.compression import compress

LINE = b"Ana Petrova met Tom Harding in Zubrowka.\n"
SHORT, LONG = LINE * 100, LINE * 50_000
_zstd = import_module("compression.zstd" if find_spec("compression") else "backports.zstd")
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "br": import_module("brotli").decompress,
    "zstd": _zstd.decompress,
    "gzip": gzip.decompress,
}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    app.after_request(compress)
    bodies = {"short": SHORT, "long": LONG, "tiny": LINE}

    @app.get("/<name>")
    def whole(name: str) -> Response:
        return Response(bodies[name], content_type="text/csv", headers={"ETag": 'W/"1"'})

    @app.get("/<name>/stream")
    def stream(name: str) -> Response:
        def pieces() -> Iterator[bytes]:
            for start in range(0, len(bodies[name]), 1000):
                yield bodies[name][start : start + 1000]

        return Response(pieces(), content_type="text/csv")

    @app.get("/image")
    def image() -> Response:
        return Response(SHORT, content_type="image/png")

    return app.test_client()


@pytest.mark.parametrize(
    ("accept", "short", "long"),
    [
        ("gzip", "gzip", "gzip"),
        ("br", "br", "br"),
        ("zstd", "zstd", "zstd"),
        ("gzip, deflate, br", "br", "gzip"),
        ("gzip, deflate, br, zstd", "br", "zstd"),
        ("*", "br", "zstd"),
        ("br;q=0.5, gzip;q=0.8", "gzip", "gzip"),
        ("br;q=0, *", "zstd", "zstd"),
        ("gzip;q=0", None, None),
        ("identity", None, None),
        ("identity, gzip;q=0.5", None, None),
        ("gzip, identity;q=0.5", "gzip", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip", "gzip"),
        ("compress, x-nonsense", None, None),
        ("", None, None),
    ],
)
def test_the_coding_that_a_client_likes_best(
    client: FlaskClient, accept: str, short: str | None, long: str | None
) -> None:
    for path, body, coding in (
        ("/short", SHORT, short), ("/long", LONG, long), ("/short/stream", SHORT, long), ("/long/stream", LONG, long),
    ):  # fmt: skip
        answer = client.get(path, headers={"Accept-Encoding": accept})
        assert answer.headers.get("Content-Encoding") == coding, path
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert (UNPACK[coding](answer.data) if coding else answer.data) == body
        if coding:
            assert len(answer.data) < len(body) / 5
        if "stream" not in path:
            assert int(answer.headers["Content-Length"]) == len(answer.data)
            assert answer.headers["ETag"] == 'W/"1"'


def test_what_is_not_worth_it_stays_as_it_is(client: FlaskClient) -> None:
    for path in ("/tiny", "/image"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip, br, zstd"})
        assert "Content-Encoding" not in answer.headers
    assert "Vary" not in client.get("/image").headers
    # The next answer at that address may be longer.
    assert "Accept-Encoding" in client.get("/tiny").headers["Vary"]


@pytest.mark.parametrize("coding", UNPACK)
def test_an_answer_that_fails_half_way_has_no_end(coding: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield SHORT
        raise BrokenPipeError

    with Flask(__name__).test_request_context(headers={"Accept-Encoding": coding}):
        answer = compress(Response(pieces(), content_type="text/csv"))
        came = bytearray()
        with pytest.raises(BrokenPipeError):
            came.extend(b"".join(map(_noted(came), answer.iter_encoded())))
    with pytest.raises((OSError, EOFError, ValueError, *_errors())):
        UNPACK[coding](bytes(came))


def _noted(came: bytearray) -> Callable[[bytes], bytes]:
    def note(piece: bytes) -> bytes:
        came.extend(piece)
        return b""

    return note


def _errors() -> tuple[type[Exception], ...]:
    return import_module("brotli").error, _zstd.ZstdError
