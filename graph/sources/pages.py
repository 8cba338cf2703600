"""Fetching web pages: politely, within limits of time and size, and with an error in words for whatever goes wrong.

Addresses that are not public are refused unless a setting allows them: each host's address is looked up once, checked,
and that very address connected to, for every redirect anew.
"""

import contextlib
import hashlib
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from graph import __version__
from graph.errors import FetchError, InputError, LaterError
from graph.sources.addresses import public_addresses
from graph.sources.deadline import Deadline, DeadlineAdapter
from graph.sources.decode import decode_html
from graph.sources.exchange import LATER, Exchange, Retry, explain, retry_after
from graph.sources.inflate import Inflater
from graph.sources.reading import is_web_iri
from graph.sources.robots import Robots

__all__ = ["ANY", "SOURCES", "TEXTS", "Fetcher", "Keep", "Page", "content_type"]

_ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/markdown;q=0.8,text/plain;q=0.8"
_ACCEPT_ANY = f"application/atom+xml,application/rss+xml,{_ACCEPT},application/xml;q=0.8,*/*;q=0.1"
#: Media types of articles.
TEXTS = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Media types of articles and of what holds or names articles; servers are not careful with the latter.
SOURCES = TEXTS | {
    "application/atom+xml", "application/rss+xml", "application/x-rss+xml", "application/rdf+xml", "application/xml",
    "text/xml", "application/jsonl", "application/x-jsonlines", "application/x-ndjson", "application/ndjson",
    "application/json-lines", "application/warc", "application/gzip", "application/x-gzip", "application/octet-stream",
    "binary/octet-stream",
}  # fmt: skip
#: Whatever is sent.
ANY: frozenset[str] = frozenset()
_BUSY = frozenset({429, 502, 503, 504})
#: Longest robots.txt that is read (RFC 9309, section 2.5, asks for 500 kibibytes at least).
_ROBOTS_LIMIT = 1_000_000
#: Takes a finished exchange to keep it.
Keep = Callable[[Exchange], None]
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


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for: the URL, the types that will do, what is known already, and who keeps the exchange."""

    url: str
    types: frozenset[str]
    known: Mapping[str, str]
    keep: Keep | None


@dataclass(frozen=True)
class Fetcher:
    """Fetches web pages.

    :param user_agent: how to introduce ourselves; empty for name and version.
    :param timeout: seconds that one page may take with all its redirects and retries.
    :param wait: seconds to wait for a connection or for the next bytes.
    :param limit: bytes that a page may have, before and after decompression.
    :param pause: seconds between two requests to one host.
    :param backoff: seconds before the first retry; doubled for each further one.
    :param robots: whether robots.txt is heeded, its Crawl-delay included.
    :param private: whether addresses that are not public may be fetched from.
    """

    user_agent: str = ""
    timeout: float = 30.0
    wait: float = 10.0
    limit: int = 20_000_000
    redirects: int = 10
    attempts: int = 3
    pause: float = 0.5
    backoff: float = 1.0
    robots: bool = False
    private: bool = False
    _last: dict[str, float] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @cached_property
    def _rules(self) -> Robots:
        plain = replace(self, robots=False, limit=_ROBOTS_LIMIT)

        def read(url: str) -> str:
            page = plain.fetch(url, types=ANY)
            return decode_html(page.raw, page.charset)

        return Robots(read, self.user_agent.partition("/")[0] or "Parley")

    def fetch(self, url: str, *, types: frozenset[str] = TEXTS, keep: Keep | None = None) -> Page:
        """Fetch a page, following redirects, trying again where the server is busy.

        :param types: media types that will do; ``ANY`` for whatever is there.
        :param keep: given the exchange, when it is complete.
        :raises InputError: if it is no http or https URL, or has a user name or password in it.
        :raises FetchError: if it cannot be fetched, or what is there is too large or no text.
        :raises LaterError: if it may do so later.
        """
        page = self._fetch(_Wanted(url, types, {}, keep))
        if page is None:
            raise FetchError(f"{url}: the server did not give the page (HTTP 304)", "check the URL")
        return page

    def fetch_changed(
        self, url: str, known: Mapping[str, str], *, types: frozenset[str] = TEXTS, keep: Keep | None = None
    ) -> Page | None:
        """Fetch a page unless it is as it was (RFC 9110, section 13.1); None if it is.

        :param known: headers of the answer that is known, names in lower case; ``etag`` and ``last-modified`` count.
        :raises InputError: as :meth:`fetch` does.
        :raises FetchError: as :meth:`fetch` does.
        """
        return self._fetch(_Wanted(url, types, known, keep))

    def _fetch(self, wanted: _Wanted) -> Page | None:
        url = wanted.url
        _check(url)
        if not self._be_polite(url, None):
            raise AssertionError("without a deadline there is always time")
        with Deadline(self.timeout) as deadline, requests.Session() as session:
            guard = None if self.private else public_addresses
            adapter = DeadlineAdapter(deadline, guard)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            session.auth = lambda request: request  # or requests would send what ~/.netrc holds
            session.headers.update(
                {
                    "User-Agent": self.user_agent or f"Parley/{__version__} (+https://parley.example/)",
                    "Accept": _ACCEPT if wanted.types == TEXTS else _ACCEPT_ANY,
                    "Accept-Encoding": "gzip, deflate",
                }
            )
            for attempt in range(self.attempts):
                try:
                    return self._follow(session, wanted, deadline, again=attempt > 0)
                except Retry as retry:
                    error = retry.error
                    wait = self.backoff * 2**attempt if retry.wait is None else retry.wait
                    if attempt + 1 == self.attempts:
                        raise error from None
                    if wait >= deadline.remaining:
                        later = LaterError(error.cause, f"try again in {wait:.0f} seconds" if retry.wait else LATER)
                        later.wait = retry.wait
                        raise later from None
                    time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _follow(self, session: requests.Session, wanted: _Wanted, deadline: Deadline, *, again: bool) -> Page | None:
        url = wanted.url
        here, seen = url, {url}
        for step in range(self.redirects + 1):
            if (step or again) and not self._be_polite(here, deadline):
                raise self._late(url)
            if not self.private and "://" in here:
                _refuse_private(here)
            try:
                with session.get(
                    here,
                    stream=True,
                    allow_redirects=False,
                    headers=_conditions(wanted.known),
                    timeout=(self.wait, min(self.wait, deadline.remaining + 0.1)),
                ) as response:
                    if response.status_code == 304 and wanted.known:
                        return None
                    if response.status_code not in _REDIRECTS:
                        return self._page(wanted, here, response, deadline)
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

    def _page(self, wanted: _Wanted, here: str, response: requests.Response, deadline: Deadline) -> Page:
        status = response.status_code
        if status in _BUSY:
            error = LaterError(f"{here}: the server is busy (HTTP {status})", LATER)
            error.wait = retry_after(response.headers.get("Retry-After"))
            raise Retry(error, error.wait)
        if status != 200:
            reason = _REASONS.get(status, "the server failed" if status >= 500 else "the server did not give the page")
            if status >= 500:
                raise LaterError(f"{here}: {reason} (HTTP {status})", LATER)
            raise FetchError(f"{here}: {reason} (HTTP {status})", "check the URL, or save the page and read the file")
        media_type, charset = content_type(response.headers.get("Content-Type"))
        if wanted.types and media_type and media_type not in wanted.types:  # not worth the traffic
            raise FetchError(f"{here}: is {media_type}, not a web page or text", "give the URL of the article itself")
        sent, raw = self._body(here, response, whole=wanted.keep is not None)
        if deadline.expired:  # a body without a length looks complete when its socket is shut down
            raise self._late(wanted.url)
        if not media_type:
            media_type = "text/html" if raw.lstrip()[:1] == b"<" else "text/plain"
        if not raw.strip() and wanted.types:
            raise FetchError(f"{here}: the page is empty", "check that it opens in a browser")
        now = datetime.now(UTC)
        if wanted.keep is not None:
            request = response.request
            wanted.keep(
                Exchange(
                    here, now, tuple((k, str(v)) for k, v in request.headers.items()), status, response.reason or "",
                    tuple(response.headers.items()), sent, hashlib.sha256(raw).hexdigest(),
                )
            )  # fmt: skip
        headers = {k.lower(): v for k, v in response.headers.items() if k.lower() not in ("set-cookie", "set-cookie2")}
        return Page(here, raw, media_type, charset, headers, now)

    def _body(self, here: str, response: requests.Response, *, whole: bool) -> tuple[bytes, bytes]:
        """Return the body as it was sent (empty unless all of it is wanted), and without its compression."""
        too_large = FetchError(
            f"{here}: is larger than {self.limit} bytes", "raise PARLEY_FETCH_LIMIT if it is an article"
        )
        if (length := response.headers.get("Content-Length", "")).isdigit() and int(length) > self.limit:
            raise too_large
        inflate = Inflater(here, response.headers.get("Content-Encoding", ""))
        received, sent, body = 0, bytearray(), bytearray()
        for chunk in response.raw.stream(65_536, decode_content=False):
            received += len(chunk)
            if whole:
                sent += chunk
            body += inflate(chunk, self.limit + 1 - len(body))
            if received > self.limit or len(body) > self.limit:
                raise too_large
        inflate.finish()
        return bytes(sent), bytes(body)

    def _be_polite(self, url: str, deadline: Deadline | None) -> bool:
        """Wait for our turn with a host; False if the time would be up before."""
        pause = max(self.pause, self._rules.delay(url)) if self.robots else self.pause
        host = urlsplit(url).netloc.lower()
        with self._lock:
            now = time.monotonic()
            start = max(now, self._last.get(host, now - pause) + pause)
            if deadline is not None and start - now >= deadline.remaining:
                return False
            self._last[host] = start
        time.sleep(start - now)
        return True

    def _late(self, url: str) -> LaterError:
        return LaterError(
            f"{url}: took longer than {self.timeout:g} seconds", "try again, or raise PARLEY_FETCH_TIMEOUT"
        )


def _check(url: str) -> None:
    if not is_web_iri(url):
        raise InputError(f"{url[:200]!r} is no web address", "give an http or https URL")
    if "@" in urlsplit(url).netloc:
        raise InputError("the URL has a user name or password in it", "save the page and read the file")


def _refuse_private(url: str) -> None:
    """Refuse a URL that names an address which is not public: a proxy would connect to it without asking us."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost") or re.fullmatch(r"[\d.]+|.*:.*|0x[0-9a-f.x]+", host):
        with contextlib.suppress(OSError):  # connecting will say what is wrong
            public_addresses(host, 80)


def _conditions(known: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed.

    >>> _conditions({"etag": '"a"', "content-type": "text/html"})
    {'If-None-Match': '"a"'}
    """
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[name]: value for name, value in known.items() if name in names and "\n" not in value}


def content_type(value: str | None) -> tuple[str, str | None]:
    """Return media type and character set.

    >>> content_type('Text/HTML; charset="ISO-8859-2"'), content_type(None)
    (('text/html', 'ISO-8859-2'), ('', None))
    """
    if not (value or "").strip():
        return "", None
    message = Message()
    message["Content-Type"] = value or ""
    charset = message.get_param("charset")
    return (value or "").partition(";")[0].strip().lower(), charset if isinstance(charset, str) else None
