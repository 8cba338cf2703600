"""What went over the network, kept as WARC (ISO 28500): each request with its answer, as it was sent.

::

    archive/warc/20190228T101500Z-3f9a.warc.gz   records, each compressed by itself, so that one can be read alone
    archive/warc/manifest.jsonl                  a line for each answer: URL, time, status, digest, file, place

An answer that is the same as the last one of its URL is not kept again. A record is on disk before its line is; what a
crash leaves is at most a record, whole or broken off at the end of a file, that no line names.
"""

import io
import json
import os
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from graph.errors import DatasetError
from graph.sources.exchange import Exchange

__all__ = ["Exchanges"]

#: A file that is larger is followed by a new one (ISO 28500 recommends 1 GB at most).
_LARGEST = 500_000_000
#: Cookies and credentials are nobody's business.
_SECRET = frozenset({"cookie", "set-cookie", "set-cookie2", "authorization", "proxy-authorization"})


class Exchanges:
    """The exchanges of an archive. One process writes, from any number of threads.

    All methods raise :exc:`DatasetError` if the folder cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: Path | None = None
        self._last: dict[str, str] | None = None

    @property
    def manifest(self) -> Path:
        """The manifest: JSON Lines."""
        return self._path / "manifest.jsonl"

    def keep(self, exchange: Exchange) -> None:
        """Keep an exchange. It is on disk when this returns; the same answer of the same URL is not kept twice."""
        try:
            with self._lock:
                if self._last is None:
                    self._last = {line["url"]: line["sha256"] for line in self.lines()}
                if self._last.get(exchange.url) != exchange.sha256:
                    self._write(exchange)
                    self._last[exchange.url] = exchange.sha256
        except OSError as error:
            raise DatasetError(
                f"{error.filename or self._path}: the archive cannot be written ({error.strerror or error})",
                "check the disk's space and the folder's permissions",
            ) from None

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of the manifest, oldest first. A line that a crash has broken off is passed over."""
        try:
            with self.manifest.open("rb") as file:
                for line in file:
                    try:
                        values = json.loads(line)
                    except ValueError:
                        continue
                    if isinstance(values, dict) and {"url", "sha256", "file", "offset"} <= values.keys():
                        yield values
        except FileNotFoundError:
            return

    def _write(self, exchange: Exchange) -> None:
        records = _records(exchange)
        file = self._current(exchange.at)
        with file.open("ab") as target:
            offset = target.tell()
            target.write(records)
            target.flush()
            os.fsync(target.fileno())
        line = {
            "url": exchange.url,
            "at": exchange.at.isoformat(timespec="seconds"),
            "status": exchange.status,
            "sha256": exchange.sha256,
            "file": file.name,
            "offset": offset,
            "length": len(records),
        }
        with self.manifest.open("ab") as target:
            # Ends a line that a crash has broken off, if there is one.
            start = b"\n" if target.tell() and not self._ends_well() else b""
            target.write(start + json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
            target.flush()
            os.fsync(target.fileno())

    def _ends_well(self) -> bool:
        with self.manifest.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _current(self, at: datetime) -> Path:
        """Return the file to append to; each process begins one of its own, since the last one may be broken off."""
        if self._file is None or not self._file.exists() or self._file.stat().st_size > _LARGEST:
            self._path.mkdir(parents=True, exist_ok=True)
            self._file = self._path / f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}.warc.gz"
        return self._file


def _records(exchange: Exchange) -> bytes:
    """Return a request and a response record, each a gzip member (ISO 28500, annex D)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    date = exchange.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # The transfer's chunks are undone: a header that told of them would make the record unreadable.
    answer = [(n, v) for n, v in exchange.headers if n.lower() not in _SECRET | {"transfer-encoding"}]
    status = StatusAndHeaders(f"{exchange.status} {exchange.reason}".rstrip(), answer, protocol="HTTP/1.1")
    response = writer.create_warc_record(
        exchange.url, "response", payload=io.BytesIO(exchange.body), length=len(exchange.body), http_headers=status,
        warc_headers_dict={"WARC-Date": date},
    )  # fmt: skip
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = [("Host", parts.netloc), *((n, v) for n, v in exchange.request if n.lower() not in _SECRET)]
    line = StatusAndHeaders(f"GET {target} HTTP/1.1", asked, is_http_request=True)
    request = writer.create_warc_record(
        exchange.url,
        "request",
        payload=io.BytesIO(),
        length=0,
        http_headers=line,
        warc_headers_dict={"WARC-Date": date},
    )
    writer.write_request_response_pair(request, response)
    return out.getvalue()
