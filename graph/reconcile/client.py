"""Asks a reconciliation service over HTTP: politely, within limits of time and size, with errors in words.

The service is named by whoever runs Parley. A URL that names a host of the public network reaches no address of a
private one, whatever the name resolves to; a URL that names such an address itself, or ``localhost``, does.
"""

import ipaddress
import json
import logging
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests
import urllib3

from graph import __version__
from graph.errors import InputError, ServiceError
from graph.reconcile.answer import WrongAnswerError, read_json
from graph.sources.deadline import Deadline, DeadlineAdapter
from graph.sources.exchange import LATER, Retry, explain, retry_after
from graph.sources.reading import is_web_iri

__all__ = ["SETTING", "Client"]

_log = logging.getLogger(__name__)

SETTING = "PARLEY_RECONCILIATION_SERVICE"
_EXAMPLE = "https://wikidata.reconci.link/en/api"
#: Statuses that may be better next time, besides those of a server that failed.
_BUSY = frozenset({408, 425, 429})
_REASONS = {401: "it asks for a password", 403: "it refuses to answer", 404: "there is nothing", 410: "it is gone"}


class _TooManyError(Exception):
    """More questions at once than the service takes."""


@dataclass
class Client:
    """A reconciliation service, over HTTP.

    :param address: its URL (the endpoint of the API).
    :param user_agent: how to introduce ourselves; empty for name and version.
    :param timeout: seconds that one request may take.
    :param pause: seconds between the end of one request and the next.
    :param attempts: how often a request is made before it counts as failed.
    :param backoff: seconds before the second attempt; doubled for each further one.
    :param patience: seconds that are waited at most because the service asks for it.
    :param limit: bytes that an answer may have.
    :ivar made: how many requests were made.
    :raises InputError: if the address is missing or none.
    """

    address: str
    user_agent: str = ""
    timeout: float = 30.0
    pause: float = 1.0
    attempts: int = 4
    backoff: float = 1.0
    patience: float = 60.0
    limit: int = 5_000_000
    made: int = field(default=0, init=False)
    _ended: float | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.address = self.address.strip()
        if not self.address:
            raise InputError("no reconciliation service is set", f"set {SETTING} to its URL, such as {_EXAMPLE}")
        if not is_web_iri(self.address) or "@" in urlsplit(self.address).netloc:
            raise InputError(f"{SETTING} is no web address", f"give an http or https URL, such as {_EXAMPLE}")
        parts = urlsplit(self.address)
        #: The address without its query, which may hold a key: what errors and files show.
        self.url = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        self._public = not _names_private(parts.hostname or "")

    def manifest(self) -> dict[str, Any]:
        """Ask the service what it is (API, "Service Definition").

        :raises ServiceError: if there is no answer, or none that is JSON, after all attempts.
        """
        return self._patiently(None)

    def ask(self, questions: Sequence[Mapping[str, Any]]) -> list[object]:
        """Put questions in one request, in more if the service wants fewer at once; return what it says to each.

        :param questions: as the API has them ("Structure of a Reconciliation Query").
        :return: the values of ``result``, as they came.
        :raises ServiceError: if there is no answer, or none of the form of the API, after all attempts.
        """
        if not questions:
            return []
        names = [f"q{number}" for number in range(len(questions))]
        batch = json.dumps(dict(zip(names, questions, strict=True)), ensure_ascii=False)
        try:
            answer = self._patiently(urlencode({"queries": batch}).encode())
        except _TooManyError:
            middle = len(questions) // 2
            if not middle:
                raise self._error("it does not take even one question (HTTP 413)", "ask another service") from None
            return self.ask(questions[:middle]) + self.ask(questions[middle:])
        found = [answer.get(name) for name in names]
        if not all(isinstance(each, dict) and "result" in each for each in found):
            raise self._wrong("has no result for a question")
        return [each["result"] for each in found if isinstance(each, dict)]

    def _patiently(self, body: bytes | None) -> dict[str, Any]:
        for attempt in range(self.attempts):
            try:
                return self._once(body)
            except Retry as retry:
                if attempt + 1 == self.attempts:
                    raise retry.error from None
                wait = self.backoff * 2**attempt if retry.wait is None else retry.wait
                if wait > self.patience:
                    raise ServiceError(retry.error.cause, f"try again in {wait:.0f} seconds") from None
                _log.info("%s; asking again in %.0f seconds", retry.error.cause, wait)
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, body: bytes | None) -> dict[str, Any]:
        if self._ended is not None:
            time.sleep(max(0.0, self._ended + self.pause - time.monotonic()))
        self.made += 1
        try:
            status, headers, raw = self._exchange(body)
        finally:
            self._ended = time.monotonic()
        if status == 413 and body is not None:
            raise _TooManyError
        if status in _BUSY or status >= 500:
            what = "it failed" if status >= 500 and status != 503 else "it is busy"
            raise Retry(self._error(f"{what} (HTTP {status})", LATER), retry_after(headers.get("Retry-After")))
        if 300 <= status < 400:
            target = str(headers.get("Location", ""))[:200]
            raise self._error(f"it has moved to {target or 'where it does not say'} (HTTP {status})", f"set {SETTING}")
        if status != 200:
            why = _REASONS.get(status, "it does not take the request")
            raise self._error(f"{why} (HTTP {status})", f"check {SETTING}")
        try:
            return read_json(raw)
        except WrongAnswerError as error:
            raise self._wrong(str(error)) from None

    def _exchange(self, body: bytes | None) -> tuple[int, Mapping[str, str], bytes]:
        headers = {
            "User-Agent": self.user_agent or f"Parley/{__version__} (+https://parley.example/)",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        # What a proxy reaches is the proxy's to decide; its own address may well be private.
        proxied = urlsplit(self.address).scheme in requests.utils.get_environ_proxies(self.address)
        with _Guard(self.timeout, public=self._public and not proxied) as deadline, requests.Session() as session:
            adapter = DeadlineAdapter(deadline)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            session.auth = lambda request: request  # or requests would send what ~/.netrc holds
            wait = (min(10.0, self.timeout + 0.1), self.timeout + 0.1)
            method = "GET" if body is None else "POST"
            try:
                with session.request(
                    method, self.address, data=body, headers=headers, stream=True, allow_redirects=False, timeout=wait
                ) as response:
                    raw = bytearray()
                    for chunk in response.raw.stream(65_536, decode_content=False):
                        raw += chunk
                        if len(raw) > self.limit:
                            remedy = "lower PARLEY_RECONCILIATION_BATCH"
                            raise self._error(f"its answer is larger than {self.limit:,} bytes", remedy)
                    if not deadline.expired:  # a body without a length looks complete when its socket is shut down
                        return response.status_code, response.headers, bytes(raw)
            except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError, OSError) as error:
                if deadline.refused:
                    cause = f"its name stands for the private address {deadline.refused}"
                    raise self._error(cause, f"name the address itself in {SETTING} if that is meant") from None
                if not deadline.expired and deadline.remaining:
                    raise self._unreachable(error) from None
        late = f"it does not answer within {self.timeout:g} seconds"
        raise Retry(self._error(late, "try again later, or raise PARLEY_RECONCILIATION_TIMEOUT"))

    def _unreachable(self, error: Exception) -> Exception:
        told = explain(self.url, error, self.timeout)
        found = ServiceError(told.cause, told.remedy.replace("the URL", SETTING))
        return Retry(found) if told.remedy == LATER else found

    def _wrong(self, what: str) -> ServiceError:
        return self._error(f"its answer {what}", f"check that {SETTING} is the URL of a reconciliation service")

    def _error(self, cause: str, remedy: str) -> ServiceError:
        return ServiceError(f"{self.url}: {cause}", remedy)


class _Guard(Deadline):
    """A deadline that lets no connection through to an address of a private network.

    :ivar refused: the address that was refused; empty if none was.
    """

    def __init__(self, seconds: float, *, public: bool) -> None:
        super().__init__(seconds)
        self._public = public
        self.refused = ""

    def watch(self, connection: socket.socket) -> None:
        """Look whom a connection has reached: a name may resolve otherwise from one moment to the next."""
        peer = str(connection.getpeername()[0])
        if self._public and _is_private(peer):
            self.refused = peer
            connection.close()
            raise ConnectionAbortedError(peer)
        super().watch(connection)


def _names_private(host: str) -> bool:
    """Tell whether a host of a URL is a private address, written out.

    >>> _names_private("127.0.0.1"), _names_private("localhost"), _names_private("service.example")
    (True, True, False)
    """
    return host == "localhost" or host.endswith(".localhost") or _is_private(host)


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global
