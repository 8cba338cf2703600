"""Texts compressed on their way out, with gzip or zstd: those at hand whole, long ones as they come."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, cast

from flask import Response, request

__all__ = ["compress"]

#: Shorter bodies fit into one packet as they are.
_LEAST = 1000
#: Longer ones are compressed less: time counts for more than the last percent.
_LONG = 1_000_000
_TEXTS = ("text/", "application/json", "application/ld+json", "application/rdf+xml", "application/n-triples",
          "application/n-quads", "application/trig", "application/atom+xml", "application/sparql-results",
          "image/svg+xml")  # fmt: skip


class _Stream(Protocol):
    """Compresses piece by piece."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=5 if len(body) < _LONG else 1, mtime=0)


def _gzip_stream() -> _Stream:
    return zlib.compressobj(1, wbits=31)


# Name of a coding -> what compresses a whole body, what makes a stream; the preferred one first.
_CODINGS: dict[str, tuple[Callable[[bytes], bytes], Callable[[], _Stream]]] = {}
if find_spec("compression") is not None:  # in the standard library since Python 3.14 (PEP 784)
    _zstd: Any = import_module("compression.zstd")
    _CODINGS["zstd"] = (
        lambda body: cast("bytes", _zstd.compress(body)),
        lambda: cast("_Stream", _zstd.ZstdCompressor()),
    )
_CODINGS["gzip"] = (_gzip, _gzip_stream)


def compress(response: Response) -> Response:
    """Compress a response that is text and long enough to be worth it (RFC 9110, section 8.4)."""
    if not (response.content_type or "").startswith(_TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    coding = max(_CODINGS, key=request.accept_encodings.quality)
    if (
        response.status_code != 200
        or response.direct_passthrough
        or response.content_encoding is not None
        or request.accept_encodings.quality(coding) <= 0
    ):
        return response
    whole, stream = _CODINGS[coding]
    if response.is_streamed:
        response.response = _compressed(cast("Iterable[bytes]", response.response), stream())
        response.headers.pop("Content-Length", None)
    elif len(response.get_data()) < _LEAST:
        return response
    else:
        response.set_data(whole(response.get_data()))
    response.content_encoding = coding
    return response


def _compressed(pieces: Iterable[bytes], stream: _Stream) -> Iterator[bytes]:
    """Compress what comes. If it fails half-way, so does this: there is no end that looks like one."""
    for piece in pieces:
        if packed := stream.compress(piece):
            yield packed
    yield stream.flush()
