"""The program of a worker process that puts queries of others to the remote store, and writes its answers as ours.

It is the cage of :mod:`graph.worker` with a network, and in the place of a generation the store that the
environment names. The engine here reads the query first, so that what is no SPARQL 1.1 never leaves the machine, and
reads the answer, so that it comes in each of our formats and is known to be whole.
"""

from typing import Any, BinaryIO

import pyoxigraph as ox

from graph.errors import ParleyError, QueryLimitError, ServiceError
from graph.remote.address import read_address
from graph.remote.client import Answer, Client
from graph.remote.query import GRACE, check_answer, parameters
from graph.settings import Settings
from graph.sparql.errors import TimeLimitError
from graph.sparql.guard import iris
from graph.worker.messages import Failure
from graph.worker.output import GRAPHS, RESULTS, Output, write_graph, write_table
from graph.worker.program import serve

__all__ = ["ask", "connect"]

_TABLE = RESULTS["application/sparql-results+json"].media_type
_TRIPLES = ox.RdfFormat.N_TRIPLES
# In Virtuoso a truth value is a table with one variable.
_TRUTH = "__ASK_RETVAL"
# Bytes of an answer that is no result.
_SAID = 2000


def connect(_: str) -> Client:
    """Return the store that the environment names, whatever generation is wanted: it has the one that it has."""
    settings = Settings.from_environment()
    address = read_address(settings.remote_store, settings.base)
    return Client(address, settings.remote_user, settings.remote_password, timeout=settings.remote_timeout, attempts=1)


def ask(client: Client, job: dict[str, Any], output: Output) -> None:
    """Put a query to the store, and write its answer as it comes.

    :raises SyntaxError: if it is no SPARQL 1.1.
    :raises Failure: if there is no answer, or an error.
    """
    try:
        _refuse_calls(job, client.address.refused)
        # Of nothing there is nothing to find: this takes as long as to read the query.
        ox.Store().query(job["query"], prefixes=job["prefixes"])
        _ask(client, job, output)
    except ParleyError as error:
        raise Failure(_kind(error), f"{error.cause}\n{error.remedy}") from None


def _ask(client: Client, job: dict[str, Any], output: Output) -> None:
    timeout: float = job["timeout"]
    asked = parameters(client.address, job["query"], timeout, job["default"], job["named"])
    is_graph = job["format"] in GRAPHS
    with client.reading(asked, _TRIPLES.media_type if is_graph else _TABLE, timeout + GRACE) as found:
        wrong = found.status != 200
        check_answer(client, Answer(found.status, found.headers, found.body.read(_SAID) if wrong else b""), timeout)
        try:
            if is_graph:
                write_graph((quad.triple for quad in ox.parse(found.body, _TRIPLES)), job, output)
            else:
                write_table(_table(found.body), job, output)
        except SyntaxError as error:
            # Not of the query: what a store writes when it gives up in the midst of an answer.
            raise ServiceError(f"the remote store's answer is no result ({error})", "try again later") from None


def _table(body: BinaryIO) -> ox.QuerySolutions | ox.QueryBoolean:
    result = ox.parse_query_results(body, RESULTS[_TABLE])
    if isinstance(result, ox.QuerySolutions) and [each.value for each in result.variables] == [_TRUTH]:
        truth = any(str(row[_TRUTH].value) == "1" for row in result)
        return ox.parse_query_results(b'{"head": {}, "boolean": %s}' % str(truth).lower().encode(), RESULTS[_TABLE])
    return result


def _refuse_calls(job: dict[str, Any], refused: tuple[str, ...]) -> None:
    if refused:
        for iri, place in iris(job["query"], job["prefixes"]):
            if iri.startswith(refused):
                told = f"{iri[:60]} calls code of the remote store, which is not allowed"
                raise Failure("refused", f"{told}\nuse what SPARQL 1.1 itself has", place)


def _kind(error: ParleyError) -> str:
    if isinstance(error, TimeLimitError):
        return "time"
    if isinstance(error, QueryLimitError):
        return "limit"
    return "away" if isinstance(error, ServiceError) else "refused"


if __name__ == "__main__":
    serve(ask, connect)
