"""Queries that would have the server fetch something: nothing on this machine is ever connected to, or read."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.abuse.conftest import Server, assert_shape
from tests.abuse.machine import processes

pytestmark = pytest.mark.slow


class Listener:
    """Listens on a port of this machine and counts who connects."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.connections = 0
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    # It does hear.
    host, port = made.address.split(":")
    socket.create_connection((host, int(port)), timeout=5).close()
    while not made.connections:
        pass
    made.connections = 0
    yield made
    made.close()


#: {0} is the listener's address. Each fetches it somewhere, if nobody forbids that.
SERVICES = [
    "SELECT * {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ sErViCe<http://{0}/>{{?s ?p ?o}} }}",
    "SELECT * {{ SERVICE # a comment\\n <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE/**/<http://{0}/> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ \u0053ERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ \U00000053\u0045\u0052VICE <http://{0}/> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ \u005Cu0053ERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ SERVICE <\u0068ttp://{0}/> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ SERVICE <http:\u002F\u002F{0}/> {{ ?s ?p ?o }} }}",
    r"SELECT * {{ SERVICE \u003Chttp://{0}/\u003E {{ ?s ?p ?o }} }}",
    "SELECT * {{ # \\u000A SERVICE <http://{0}/> {{ ?s ?p ?o }}\n}}",
    r"SELECT * {{ BIND('\u0027 AS ?x) SERVICE <http://{0}/> {{ ?s ?p ?o }} #' AS ?y) }}",
    "PREFIX a: <http://{0}/> SELECT * {{ SERVICE a:x {{ ?s ?p ?o }} }}",
    "PREFIX : <http://{0}/> SELECT * {{ SERVICE : {{ ?s ?p ?o }} }}",
    "PREFIX : <http://{0}/> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "PREFIX SERVICE: <http://{0}/> SELECT * {{ SERVICE SERVICE: {{ ?s ?p ?o }} }}",
    "BASE <http://{0}/a/> SELECT * {{ SERVICE <../b> {{ ?s ?p ?o }} }}",
    "BASE <http://{0}/> BASE <x> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<http://{0}/> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?x {{ <http://{0}/> }} SERVICE SILENT ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p true SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p trueSERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 1SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER(?a <?b) ?s ?p '<' SERVICE <http://{0}/> {{ ?s ?p '>' }} }}",
    "SELECT * {{ FILTER(?a <#x) \n SERVICE <http://{0}/> {{ ?s ?p ?o }}\n #> \n }}",
    "SELECT * {{ OPTIONAL {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ FILTER EXISTS {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "ASK {{ GRAPH <urn:g> {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }} }}",
    "\ufeffSELECT * {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \u017fERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
]
UPDATES = [
    "LOAD <http://{0}/>",
    "LOAD SILENT <http://{0}/> INTO GRAPH <urn:g>",
    r"\u004COAD <http://{0}/>",
    "PREFIX a: <http://{0}/> LOAD a:x",
    "BASE <http://{0}/> LOAD <x>",
    "# ASK\nLOAD <http://{0}/>",
    "ASK {{}} ; LOAD <http://{0}/>",
    "INSERT DATA {{ <urn:a> <urn:b> <urn:c> }} ; LOAD <http://{0}/>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
]
FROMS = [
    "SELECT * FROM <http://{0}/> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <http://{0}/> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <http://{0}/> {{ ?s ?p ?o }} }}",
    r"SELECT * \u0046ROM <http://{0}/> {{ ?s ?p ?o }}",
    "BASE <http://{0}/> SELECT * FROM <x> {{ ?s ?p ?o }}",
    "PREFIX a: <http://{0}/> SELECT * FROM a:x FROM a:y {{ ?s ?p ?o }}",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "SELECT * FROM <file:///etc/passwd> FROM <file:///etc/hosts> {{ ?s ?p ?o }}",
    "BASE <file:///etc/> SELECT * FROM <passwd> FROM NAMED <hosts> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
]


@pytest.mark.parametrize("query", SERVICES)
def test_a_service_is_not_asked(server: Server, listener: Listener, query: str) -> None:
    answer = server.ask(query.format(listener.address))
    assert answer.status_code == 400, answer.text
    assert_shape(answer)
    assert listener.connections == 0


@pytest.mark.parametrize("update", UPDATES)
def test_nothing_is_loaded(server: Server, listener: Listener, update: str) -> None:
    answer = server.ask(update.format(listener.address))
    assert answer.status_code in (400, 403), answer.text
    assert_shape(answer)
    assert listener.connections == 0


@pytest.mark.parametrize("query", FROMS)
def test_a_graph_that_is_not_here_is_empty(server: Server, listener: Listener, query: str) -> None:
    answer = server.ask(query.format(listener.address))
    # To an engine that decodes escapes later than others, some are malformed.
    assert answer.status_code in (200, 400), answer.text
    assert answer.status_code == 400 or answer.text.count("\n") == 1  # the names of the columns
    assert listener.connections == 0


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize(
    "iri", ["http://{0}/", "file:///etc/passwd", "https://{0}/", "data:text/turtle,<a:b><a:c><a:d>"]
)
def test_a_graph_of_the_protocol_is_not_fetched(server: Server, listener: Listener, parameter: str, iri: str) -> None:
    options = {parameter: iri.format(listener.address)}
    answer = server.ask("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", **options)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.text.count("\n") == 1
    assert listener.connections == 0


def test_a_worker_has_no_network(server: Server) -> None:
    """Should a query get through all the same: there is nothing that its process could reach."""
    ours = Path("/proc/self/ns/net").readlink()
    spaces = {
        Path(f"/proc/{pid}/ns/net").readlink()
        for pid in processes(server.pid)
        if b".worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }
    if spaces == {ours}:
        pytest.skip("this system lets no process leave its network")
    assert spaces
    assert ours not in spaces
