"""Texts compressed on their way out, with Brotli, Zstandard or gzip: those at hand whole, long ones as they come."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, cast

from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

__all__ = ["compress", "is_text", "pack"]

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


_brotli: Any = import_module("brotli")
# In the standard library since Python 3.14 (PEP 784).
_zstd: Any = import_module("compression.zstd" if find_spec("compression") else "backports.zstd")


class _BrotliStream:
    def __init__(self) -> None:
        self._compressor: Any = _brotli.Compressor(quality=1)

    def compress(self, data: bytes, /) -> bytes:
        return cast("bytes", self._compressor.process(data))

    def flush(self) -> bytes:
        return cast("bytes", self._compressor.finish())


def _by_size(body: bytes, short: int, long: int) -> int:
    return short if len(body) < _LONG else long


#: Name of a coding (RFC 7932, RFC 8878, RFC 1952) -> what compresses a whole body, what makes a stream.
_CODINGS: dict[str, tuple[Callable[[bytes], bytes], Callable[[], _Stream]]] = {
    "br": (lambda body: cast("bytes", _brotli.compress(body, quality=_by_size(body, 5, 1))), _BrotliStream),
    "zstd": (
        lambda body: cast("bytes", _zstd.compress(body, _by_size(body, 3, 1))),
        lambda: cast("_Stream", _zstd.ZstdCompressor(1)),
    ),
    "gzip": (
        lambda body: gzip.compress(body, compresslevel=_by_size(body, 5, 1), mtime=0),
        lambda: zlib.compressobj(1, wbits=31),
    ),
}
# Where a client takes several alike: the smallest for a page, the fastest for what is long.
_FOR_SHORT = ("br", "zstd", "gzip")
_FOR_LONG = ("zstd", "gzip", "br")


def compress(response: Response) -> Response:
    """Compress a response that is text and long enough to be worth it (RFC 9110, section 8.4)."""
    if not is_text(response.content_type or ""):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or response.direct_passthrough or response.content_encoding is not None:
        return response
    accepted = request.headers.get("Accept-Encoding", "")
    if response.is_streamed:
        coding = _choose(accepted, _FOR_LONG)
        if coding is not None:
            response.response = _compressed(cast("Iterable[bytes]", response.response), _CODINGS[coding][1]())
            response.headers.pop("Content-Length", None)
    else:
        body, coding = pack(response.get_data(), accepted)
        if coding is not None:
            response.set_data(body)
    if coding is not None:
        response.content_encoding = coding
    return response


def is_text(content_type: str) -> bool:
    """Tell whether what is of this type is worth compressing."""
    return content_type.startswith(_TEXTS)


def pack(body: bytes, accepted: str) -> tuple[bytes, str | None]:
    """Return a text compressed as a client likes it, and the name of the coding; as it is, and None, if it is short.

    :param accepted: the client's ``Accept-Encoding``.
    """
    coding = None if len(body) < _LEAST else _choose(accepted, _FOR_LONG if len(body) >= _LONG else _FOR_SHORT)
    return (body, None) if coding is None else (_CODINGS[coding][0](body), coding)


# Clients send the same few headers again and again.
@lru_cache(maxsize=256)
def _choose(header: str, codings: Sequence[str]) -> str | None:
    """Return the coding that the client likes best, the first of those that it likes alike; None for none.

    (RFC 9110, section 12.5.3.)
    """
    accepted = parse_accept_header(header, Accept)
    coding = max(codings, key=accepted.quality)
    plain = next((weight for name, weight in accepted if name == "identity"), 0)
    return coding if accepted.quality(coding) > 0 and accepted.quality(coding) >= plain else None


def _compressed(pieces: Iterable[bytes], stream: _Stream) -> Iterator[bytes]:
    """Compress what comes. If it fails half-way, so does this: there is no end that looks like one."""
    for piece in pieces:
        if packed := stream.compress(piece):
            yield packed
    yield stream.flush()
