"""Pages and documents compressed on their way out, for clients that take gzip."""

import gzip

from flask import Response, request

__all__ = ["compress"]

#: Shorter bodies fit into one packet as they are.
_LEAST = 1000
_TEXTS = ("text/", "application/json", "application/ld+json", "application/rdf+xml", "application/n-triples",
          "application/atom+xml", "application/sparql-results", "image/svg+xml")  # fmt: skip


def compress(response: Response) -> Response:
    """Compress a response that is text, is not streamed and is long enough to be worth it."""
    if not (response.content_type or "").startswith(_TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.status_code != 200
        or response.is_streamed
        or response.direct_passthrough
        or response.content_encoding is not None
        or request.accept_encodings.quality("gzip") <= 0
        or len(response.get_data()) < _LEAST
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), compresslevel=5, mtime=0))
    response.content_encoding = "gzip"
    return response
