"""Asks a remote store over HTTP, patiently: the SPARQL 1.1 Protocol, and N-Quads to the Graph Store Protocol's URL.

Every request may be repeated without harm: queries change nothing, and :mod:`graph.remote.run` sees to it that updates
happen once.
"""

import logging
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self, cast

import pyoxigraph as ox
import requests
import urllib3
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from graph import __version__
from graph.errors import ServiceError
from graph.remote.address import SETTING, Address
from graph.sources.exchange import LATER, Retry, explain, retry_after

__all__ = ["Answer", "Client", "Reading"]

_log = logging.getLogger(__name__)
#: Statuses that may be better next time, besides those of a server that failed.
_BUSY = frozenset({408, 425, 429})
_RESULTS = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the store said.

    :param headers: names in lower case.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What the store says, as it says it.

    :param headers: names in lower case.
    """

    status: int
    headers: Mapping[str, str]
    body: BinaryIO


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Client:
    """A remote store, over HTTP. A context manager: leaving it closes the connections.

    :param timeout: seconds that one request may take.
    :param attempts: how often a request is made before it counts as failed.
    :param backoff: seconds before the second attempt; doubled for each further one, plus up to half by chance.
    :param patience: seconds that are waited at most because the store asks for it.
    """

    def __init__(
        self,
        address: Address,
        user: str = "",
        password: str = "",
        *,
        timeout: float = 60.0,
        attempts: int = 6,
        backoff: float = 1.0,
        patience: float = 120.0,
    ) -> None:
        self.address = address
        self._timeout = timeout
        self._attempts = max(1, attempts)
        self._backoff = backoff
        self._patience = patience
        self._session = requests.Session()
        self._session.auth = _auth(address.auth, user, password)
        self._session.headers["User-Agent"] = f"Parley/{__version__} (+https://parley.example/)"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._session.close()

    def select(self, query: str) -> Iterator[ox.QuerySolution]:
        """Run a SELECT query and return its solutions.

        :raises ServiceError: if there is no answer, or none of the form of SPARQL 1.1 Query Results JSON.
        """
        answer = self._patiently(self.address.query, [("query", query)], {"Accept": _RESULTS})
        # A 200 with a part of the rows: Virtuoso, when its own limit of time is reached.
        if answer.headers.get("x-sql-state", "").startswith("S1T"):
            raise self._error("it ran out of time over a query of ours", "raise its limit of time")
        try:
            found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
            return iter(list(found) if isinstance(found, ox.QuerySolutions) else [])
        except (SyntaxError, ValueError):
            remedy = f"check that {SETTING} names its kind and its URL"
            raise self._error("its answer is no SPARQL result", remedy) from None

    def update(self, text: str) -> None:
        """Run an update (SPARQL 1.1 Protocol, section 2.2.2, "update via POST directly").

        :raises ServiceError: if it is not done after all attempts.
        """
        headers = {"Content-Type": "application/sparql-update", "Accept": "*/*"}
        self._patiently(self.address.update, text.encode(), headers)

    def load(self, quads: bytes) -> None:
        """Add N-Quads.

        :raises ServiceError: if they are not taken after all attempts.
        """
        self._patiently(self.address.graphs, quads, {"Content-Type": "application/n-quads", "Accept": "*/*"})

    def ask(self, data: Sequence[tuple[str, str]], accept: str, timeout: float) -> Answer:
        """Put somebody's query once and return the answer whatever its status.

        :raises ServiceError: if there is none within the time.
        """
        try:
            return self._once(self.address.query, data, {"Accept": accept}, timeout)
        except Retry as retry:
            raise retry.error from None

    @contextmanager
    def reading(self, data: Sequence[tuple[str, str]], accept: str, timeout: float) -> Iterator[Reading]:
        """Put somebody's query once and yield the answer, whatever its status, to be read as it comes.

        :param timeout: seconds in which each part of it has to come.
        :raises ServiceError: if there is none, or it ends too early.
        """
        try:
            with self._session.post(
                self.address.query,
                data=list(data),
                headers={"Accept": accept},
                stream=True,
                allow_redirects=False,
                timeout=(min(10.0, timeout), timeout),
            ) as response:
                # Read as a file, it would be as it was compressed.
                response.raw.decode_content = True
                found = {name.lower(): value for name, value in response.headers.items()}
                yield Reading(response.status_code, found, cast("BinaryIO", response.raw))
        except requests.Timeout:
            raise self._late(timeout) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._broken(error, timeout) from None

    def _patiently(self, url: str, data: Sequence[tuple[str, str]] | bytes, headers: Mapping[str, str]) -> Answer:
        for attempt in range(self._attempts):
            try:
                return self._checked(self._once(url, data, headers, self._timeout))
            except Retry as retry:
                if attempt + 1 == self._attempts:
                    raise retry.error from None
                wait = retry.wait
                if wait is None:
                    # By chance, so that several who failed together do not come back together.
                    wait = self._backoff * 2**attempt * random.uniform(1.0, 1.5)  # noqa: S311 - no secret
                if wait > self._patience:
                    raise ServiceError(retry.error.cause, f"try again in {wait:.0f} seconds") from None
                _log.info("%s; trying again in %.1f seconds", retry.error.cause, wait)
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(
        self, url: str, data: Sequence[tuple[str, str]] | bytes, headers: Mapping[str, str], timeout: float
    ) -> Answer:
        late = time.monotonic() + timeout
        try:
            with self._session.post(
                url,
                data=data if isinstance(data, bytes) else list(data),
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(min(10.0, timeout), timeout),
            ) as response:
                body = bytearray()
                for chunk in response.iter_content(262_144):
                    body += chunk
                    if time.monotonic() > late:
                        raise Retry(self._late(timeout))
                found = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, found, bytes(body))
        except requests.Timeout:
            raise Retry(self._late(timeout)) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError, OSError) as error:
            failed = self._broken(error, timeout)
            lasting = "certificate" in failed.cause or "secure" in failed.cause
            raise (failed if lasting else Retry(failed)) from None

    def checked(self, answer: Answer) -> Answer:
        """Return the answer if it is one.

        :raises ServiceError: if the store refuses the request, or has failed.
        """
        try:
            return self._checked(answer)
        except Retry as retry:
            raise retry.error from None

    def _checked(self, answer: Answer) -> Answer:
        status = answer.status
        if status in _BUSY or status >= 500:
            what = "it is busy" if status in _BUSY or status == 503 else "it failed"
            error = self._error(f"{what} (HTTP {status}{_words(answer)})", LATER)
            raise Retry(error, retry_after(answer.headers.get("retry-after")))
        if status in (401, 403):
            remedy = "check PARLEY_REMOTE_USER and PARLEY_REMOTE_PASSWORD, and what that user may do there"
            raise self._error(f"it does not let us in (HTTP {status})", remedy)
        if status == 404:
            raise self._error("there is no such address (HTTP 404)", f"check {SETTING}")
        if status not in (200, 201, 202, 204):
            cause = f"it does not take the request (HTTP {status}{_words(answer)})"
            raise self._error(cause, f"check that {SETTING} names its kind and its URL")
        return answer

    def _broken(self, error: Exception, timeout: float) -> ServiceError:
        told = explain(self.address.query, error, timeout)
        return ServiceError(told.cause, told.remedy.replace("the URL", SETTING))

    def _late(self, timeout: float) -> ServiceError:
        return self._error(
            f"it does not answer within {timeout:g} seconds", "try again later, or raise PARLEY_REMOTE_TIMEOUT"
        )

    def _error(self, cause: str, remedy: str) -> ServiceError:
        return ServiceError(f"{self.address.query}: {cause}", remedy)


def _auth(kind: str, user: str, password: str) -> AuthBase:
    if kind == "bearer" or not user:
        return _Bearer(password if kind == "bearer" else "")  # never nothing: requests would send what ~/.netrc holds
    return (HTTPDigestAuth if kind == "digest" else HTTPBasicAuth)(user, password)


def _words(answer: Answer) -> str:
    """Return the first words of an answer that are for people."""
    if "html" in answer.headers.get("content-type", ""):
        return ""
    words = " ".join(answer.body[:400].decode("utf-8", "replace").split())
    words = "".join(c for c in words if c.isprintable())[:150]
    return f": {words}" if words else ""
