"""What every exchange over HTTP meets: servers that ask to be left alone for a while, and connections that fail."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from graph.errors import FetchError, LaterError, ParleyError

__all__ = ["LATER", "Exchange", "Retry", "explain", "retry_after"]

#: The remedy where nothing but time helps.
LATER = "try again later"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the network.

    :param request: headers of the request, in order; as ``headers`` are those of the answer.
    :param body: as it was sent, in the compression that its headers name.
    :param sha256: hexadecimal SHA-256 of the body without that compression.
    """

    url: str
    at: datetime
    request: tuple[tuple[str, str], ...]
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sha256: str


class Retry(Exception):  # noqa: N818 - a signal, not an error
    """Whoever asked may ask again; if not, this is the error.

    :param wait: seconds to wait first, if the server says so.
    """

    def __init__(self, error: ParleyError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


def retry_after(value: str | None) -> float | None:
    """Return the seconds to wait by a Retry-After header (RFC 9110, section 10.2.3); None if it says nothing clear."""
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def explain(url: str, error: Exception, wait: float) -> FetchError:
    """Say in words why an exchange failed, from the error and those that caused it."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        inner = getattr(at, "reason", None)
        arguments = [a for a in at.args if isinstance(a, BaseException)]
        at = inner if isinstance(inner, BaseException) else arguments[0] if arguments else at.__cause__
    names = {type(e).__name__ for e in chain}
    host = urlsplit(url).hostname
    last = chain[-1]
    if names & {"NameResolutionError", "gaierror", "LocationParseError", "InvalidURL"}:
        return LaterError(f"{url}: there is no host {host}", "check the URL and the network")
    if "CertificateError" in names or "SSLCertVerificationError" in names:
        why = getattr(last, "verify_message", "") or "it does not fit the host"
        return FetchError(
            f"{url}: the certificate of {host} is not valid ({why})", "check the URL and the machine's clock"
        )
    if names & {"SSLError", "SSLEOFError", "SSLZeroReturnError"}:
        return FetchError(f"{url}: no secure connection to {host}", "check whether the server speaks https")
    if "ProxyError" in names:
        return LaterError(f"{url}: the proxy does not let it through", "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY")
    if "ConnectionRefusedError" in names:
        return LaterError(f"{url}: {host} refuses the connection", "check the URL and whether the server runs")
    if names & {"ConnectTimeout", "ConnectTimeoutError", "ReadTimeout", "ReadTimeoutError", "TimeoutError"}:
        return LaterError(f"{url}: {host} does not answer within {wait:g} seconds", LATER)
    if names & {"IncompleteRead", "ProtocolError", "RemoteDisconnected", "ConnectionResetError", "InvalidChunkLength"}:
        return LaterError(f"{url}: the connection to {host} broke off", LATER)
    return LaterError(f"{url}: could not be fetched ({type(last).__name__}: {last})", "check the URL and the network")
