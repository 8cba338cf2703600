"""Whatever is sent to the addresses that answer queries: an answer or an error that makes sense, never a breakdown."""

import http.client
from http import HTTPStatus
from urllib.parse import quote, urlencode

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.abuse.bombs import MALFORMED
from tests.abuse.conftest import ATTACKER, Server, assert_shape
from tests.abuse.dataset import BASE
from tests.abuse.raw import address, connect, read_all

pytestmark = pytest.mark.slow

EXAMPLES = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
#: Errors that are honest when nothing is broken: out of a limit, or of time.
ALLOWED = {501, 503, 504}
PATHS = (
    "/sparql", "/graph-store", "/graph/article/a0", "/queries", "/queries.json", "/queries/claims-of-a-person",
    "/queries/claims-of-a-person.csv", "/queries/claims-of-a-person.json", "/queries/nothing",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X")
QUERIES = (
    *MALFORMED, "ASK {}", "SELECT * { ?s ?p ?o } LIMIT 3", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2",
    "DESCRIBE <urn:x>", "DROP ALL", "SELECT (NOW() AS ?x) {}", "ASK { SERVICE <urn:x> {} }", "SELECT ?x {",
)  # fmt: skip
NAMES = (
    "query", "update", "default-graph-uri", "named-graph-uri", "timeout", "format", "output", "view", "graph",
    "default", "generation", "person", "from", "to", "page", "%00",
)  # fmt: skip
VALUES = (
    "", "1", "-1", "nan", "1e999", "json", "csv", "html", "turtle", "timeline", "urn:x", "x", f"{BASE}graph/article/a1",
    "\ud83d", "\x00", "../..", "{{7*7}}", "%", "p0", "2019-13-45", "9" * 300,
)  # fmt: skip
HEADERS = (
    "Accept", "Content-Type", "If-None-Match", "Accept-Encoding", "Range", "Origin", "Host", "Cookie", "X-a",
    "X-Forwarded-Host", "X-Forwarded-Prefix", "Content-Encoding", "If-Modified-Since", "Accept-Language",
)  # fmt: skip
HEADER_VALUES = (
    "", "*", "*/*", "text/html", "text/turtle;q=0.1, */*;q=0", "application/sparql-query",
    "application/x-www-form-urlencoded", "application/sparql-update", "text/plain; charset=nonsense",
    "multipart/form-data", "multipart/form-data; boundary=x", 'W/"1-x"', '"', "gzip;q=x", "bytes=0-1,-5", "a b c",
    ";;;,,,", "q=1;q=2", "é",
    "x" * 4000, "evil.example\\", "/a//b", "Thu, 99 Foo",
)  # fmt: skip

text = st.text(max_size=30).filter(lambda t: t.isprintable()) | st.sampled_from(VALUES)
pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(QUERIES) | text), max_size=4)
headers = st.lists(st.tuples(st.sampled_from(HEADERS), st.sampled_from(HEADER_VALUES)), max_size=4)
bodies = (
    st.none()
    | st.binary(max_size=200)
    | st.sampled_from([query.encode("utf-8", "replace") for query in QUERIES])
    | pairs.map(lambda found: encoded(found).encode())
)


def encoded(found: list[tuple[str, str]]) -> str:
    return urlencode(found, errors="surrogatepass")


def send(
    server: Server, method: str, target: str, sent: list[tuple[str, str]], body: bytes | None
) -> requests.Response:
    """Send a request as it is, without the care that a client takes."""
    host, port = address(server.base)
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.putrequest(method, target, skip_host=any(name == "Host" for name, _ in sent), skip_accept_encoding=True)
    for name, value in [*sent, ("X-Forwarded-For", ATTACKER)]:
        connection.putheader(name, value.encode("latin-1"))
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    told = connection.getresponse()
    answer = requests.Response()
    answer.status_code, answer.reason = told.status, told.reason
    answer.headers.update(dict(told.getheaders()))
    answer._content = told.read()
    connection.close()
    return answer


def assert_sensible(answer: requests.Response, method: str) -> None:
    assert answer.status_code < 500 or answer.status_code in ALLOWED, answer.text
    assert answer.status_code in set(HTTPStatus)
    if answer.status_code >= 400 and method != "HEAD":
        assert_shape(answer)
    assert "Set-Cookie" not in answer.headers


@EXAMPLES
@given(st.sampled_from(METHODS), st.sampled_from(PATHS), pairs, headers, bodies)
def test_any_request_is_answered(
    server: Server,
    method: str,
    path: str,
    found: list[tuple[str, str]],
    sent: list[tuple[str, str]],
    body: bytes | None,
) -> None:
    target = f"{path}?{encoded(found)}"
    if len(target) < 8000:
        assert_sensible(send(server, method, target, sent, body), method)


@EXAMPLES
@given(st.text(st.sampled_from(list("SELECTaskfrom{}()[]<>?*|^!'\"\\#.,;:=&@_0123 \n\t-+/$%éß\u200b")), max_size=80))
def test_any_text_is_a_query_or_an_error(server: Server, query: str) -> None:
    answer = server.ask(query, "application/sparql-results+json, text/turtle;q=0.5, application/json;q=0.2")
    assert answer.status_code in (200, 400, 403, 503, 504), answer.text
    if answer.status_code != 200:
        assert_shape(answer)


@EXAMPLES
@given(st.binary(min_size=1, max_size=120), st.booleans())
def test_any_bytes_are_refused_or_dropped(server: Server, data: bytes, whole: bool) -> None:
    with connect(server.base, data + (b"\r\n\r\n" if whole else b"")) as connection:
        connection.shutdown(1)  # nothing more will come
        told = read_all(connection)
    assert told == b"" or told.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ", b"HTTP/1.1 4"))
    assert b"Traceback" not in told


@pytest.mark.parametrize(
    "path", [quote(path) for path in ("/sparql/", "/sparql/x", "//sparql", "/graph/", "/queries/")]
)
def test_addresses_beside(server: Server, path: str) -> None:
    assert_sensible(send(server, "GET", path, [], None), "GET")


def test_the_server_is_well_afterwards(server: Server) -> None:
    assert server.is_well()
