"""Fetching web pages: politely, within limits of time and size, and with an error in words for whatever goes wrong.

The user names each URL, so ``robots.txt``, which is for crawlers, is not asked. Private addresses are not
refused, for whoever may run Parley may reach them anyway: don't hand it URLs from strangers
on a machine inside a network that must stay closed.
"""

import threading
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from graph import __version__
from graph.errors import FetchError, InputError
from graph.sources.deadline import Deadline, DeadlineAdapter
from graph.sources.exchange import LATER, explain, retry_after
from graph.sources.reading import is_web_iri

__all__ = ["Fetcher", "Page"]

_ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/markdown;q=0.8,text/plain;q=0.8"
_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 502, 503, 504})
_REASONS = {
    401: "it asks for a password",
    402: "it asks for payment",
    403: "the server refuses to give it",
    404: "there is no such page",
    410: "the page is gone",
    451: "it is blocked for legal reasons",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page.

    :param url: where it was in the end.
    :param raw: the body, after the transfer's compression.
    :param charset: what the header names.
    :param headers: of the last answer, names in lower case, without cookies.
    """

    url: str
    raw: bytes
    media_type: str
    charset: str | None
    headers: Mapping[str, str]
    fetched_at: datetime


class _Retry(Exception):  # noqa: N818 - a signal, not an error
    def __init__(self, error: FetchError, wait: float | None = None) -> None:
        self.error = error
        self.wait = wait


@dataclass(frozen=True)
class Fetcher:
    """Fetches web pages.

    :param user_agent: how to introduce ourselves; empty for name and version.
    :param timeout: seconds that one page may take with all its redirects and retries.
    :param wait: seconds to wait for a connection or for the next bytes.
    :param limit: bytes that a page may have, before and after decompression.
    :param pause: seconds between two requests to one host.
    :param backoff: seconds before the first retry; doubled for each further one.
    """

    user_agent: str = ""
    timeout: float = 30.0
    wait: float = 10.0
    limit: int = 20_000_000
    redirects: int = 10
    attempts: int = 3
    pause: float = 0.5
    backoff: float = 1.0
    _last: dict[str, float] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def fetch(self, url: str) -> Page:
        """Fetch a page, following redirects, trying again where the server is busy.

        :raises InputError: if it is no http or https URL, or has a user name or password in it.
        :raises FetchError: if it cannot be fetched, or what is there is too large or no text.
        """
        _check(url)
        with Deadline(self.timeout) as deadline, requests.Session() as session:
            adapter = DeadlineAdapter(deadline)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            session.auth = lambda request: request  # or requests would send what ~/.netrc holds
            session.headers.update(
                {
                    "User-Agent": self.user_agent or f"Parley/{__version__} (+https://parley.example/)",
                    "Accept": _ACCEPT,
                    "Accept-Encoding": "gzip, deflate",
                }
            )
            for attempt in range(self.attempts):
                try:
                    return self._follow(session, url, deadline)
                except _Retry as retry:
                    wait = self.backoff * 2**attempt if retry.wait is None else retry.wait
                    if attempt + 1 == self.attempts:
                        raise retry.error from None
                    if wait >= deadline.remaining:
                        later = f"try again in {wait:.0f} seconds" if retry.wait else LATER
                        raise FetchError(retry.error.cause, later) from None
                    time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _follow(self, session: requests.Session, url: str, deadline: Deadline) -> Page:
        here, seen = url, {url}
        for _ in range(self.redirects + 1):
            self._be_polite(here, deadline)
            try:
                with session.get(
                    here,
                    stream=True,
                    allow_redirects=False,
                    timeout=(self.wait, min(self.wait, deadline.remaining + 0.1)),
                ) as response:
                    if response.status_code not in _REDIRECTS:
                        return self._page(url, here, response, deadline)
                    target = session.get_redirect_target(response)
            except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError, OSError) as error:
                if deadline.expired or not deadline.remaining:
                    raise self._late(url) from None
                raise explain(here, error, self.wait) from None
            if not target:
                raise FetchError(f"{here}: the server redirects without saying where", "open it in a browser")
            here = urljoin(here, target).partition("#")[0]
            try:
                _check(here)
            except InputError:
                raise FetchError(f"{url}: redirects to {here[:200]!r}, which is no web page", "check the URL") from None
            if here in seen:
                raise FetchError(f"{url}: redirects in a circle", "open it in a browser; it may want cookies")
            seen.add(here)
        raise FetchError(f"{url}: more than {self.redirects} redirects", "open it in a browser and give the last URL")

    def _page(self, url: str, here: str, response: requests.Response, deadline: Deadline) -> Page:
        status = response.status_code
        if status in _BUSY:
            error = FetchError(f"{here}: the server is busy (HTTP {status})", LATER)
            raise _Retry(error, retry_after(response.headers.get("Retry-After")))
        if status != 200:
            reason = _REASONS.get(status, "the server failed" if status >= 500 else "the server did not give the page")
            remedy = LATER if status >= 500 else "check the URL, or save the page and read the file"
            raise FetchError(f"{here}: {reason} (HTTP {status})", remedy)
        media_type, charset = _content_type(response.headers.get("Content-Type"))
        raw = self._body(here, response)
        if deadline.expired:  # a body without a length looks complete when its socket is shut down
            raise self._late(url)
        if not media_type:
            media_type = "text/html" if raw.lstrip()[:1] == b"<" else "text/plain"
        elif media_type not in _TYPES:
            raise FetchError(f"{here}: is {media_type}, not a web page or text", "give the URL of the article itself")
        if not raw.strip():
            raise FetchError(f"{here}: the page is empty", "check that it opens in a browser")
        headers = {k.lower(): v for k, v in response.headers.items() if k.lower() not in ("set-cookie", "set-cookie2")}
        return Page(here, raw, media_type, charset, headers, datetime.now(UTC))

    def _body(self, here: str, response: requests.Response) -> bytes:
        media_type, _ = _content_type(response.headers.get("Content-Type"))
        if media_type and media_type not in _TYPES:
            return b""  # not worth the traffic: the caller refuses it
        too_large = FetchError(
            f"{here}: is larger than {self.limit} bytes", "raise PARLEY_FETCH_LIMIT if it is an article"
        )
        if (length := response.headers.get("Content-Length", "")).isdigit() and int(length) > self.limit:
            raise too_large
        inflate = _Inflater(here, response.headers.get("Content-Encoding", ""))
        received, body = 0, bytearray()
        for chunk in response.raw.stream(65_536, decode_content=False):
            received += len(chunk)
            body += inflate(chunk, self.limit + 1 - len(body))
            if received > self.limit or len(body) > self.limit:
                raise too_large
        inflate.finish()
        return bytes(body)

    def _be_polite(self, url: str, deadline: Deadline) -> None:
        host = urlsplit(url).netloc.lower()
        with self._lock:
            now = time.monotonic()
            start = max(now, self._last.get(host, now - self.pause) + self.pause)
            self._last[host] = start
        time.sleep(min(start - now, deadline.remaining))

    def _late(self, url: str) -> FetchError:
        return FetchError(
            f"{url}: took longer than {self.timeout:g} seconds", "try again, or raise PARLEY_FETCH_TIMEOUT"
        )


class _Inflater:
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


def _check(url: str) -> None:
    if not is_web_iri(url):
        raise InputError(f"{url[:200]!r} is no web address", "give an http or https URL")
    if "@" in urlsplit(url).netloc:
        raise InputError("the URL has a user name or password in it", "save the page and read the file")


def _content_type(value: str | None) -> tuple[str, str | None]:
    """Return media type and character set.

    >>> _content_type('Text/HTML; charset="ISO-8859-2"'), _content_type(None)
    (('text/html', 'ISO-8859-2'), ('', None))
    """
    if not (value or "").strip():
        return "", None
    message = Message()
    message["Content-Type"] = value or ""
    charset = message.get_param("charset")
    return (value or "").partition(";")[0].strip().lower(), charset if isinstance(charset, str) else None
