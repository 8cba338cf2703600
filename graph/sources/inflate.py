"""Undoing compression within limits."""

import zlib

from graph.errors import FetchError
from graph.sources.exchange import LATER

__all__ = ["Inflater"]


class Inflater:
    """Undoes the transfer's compression, never past a limit: a few kilobytes can hold gigabytes."""

    def __init__(self, url: str, encoding: str) -> None:
        self._url = url
        self._encoding = encoding.strip().lower()
        self._engine = zlib.decompressobj(47) if self._encoding in ("gzip", "x-gzip", "deflate") else None
        self._first = self._encoding == "deflate"
        if self._engine is None and self._encoding not in ("", "identity"):
            raise FetchError(
                f"{url}: is sent as {encoding!r}, which was not asked for", "save the page and read the file"
            )

    def __call__(self, chunk: bytes, limit: int) -> bytes:
        """Return what a chunk holds, or the beginning of it.

        :param limit: bytes that are returned at most.
        :raises FetchError: if it is not compressed as it should be.
        """
        if self._engine is None:
            return chunk[:limit]
        try:
            if self._first and chunk and chunk[0] & 15 != 8:  # "deflate" without the zlib header it should have
                self._engine = zlib.decompressobj(-15)
            self._first = False
            return self._engine.decompress(chunk, max(1, limit))
        except zlib.error:
            raise FetchError(f"{self._url}: its compression is broken", LATER) from None

    def finish(self) -> None:
        """Check that the compressed data is complete."""
        if self._engine is not None and not self._engine.eof:
            raise FetchError(f"{self._url}: the page breaks off", LATER)
