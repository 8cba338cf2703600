"""Puts a reader's query to the remote store, which keeps its own limits, and ours where it can be asked to."""

import re
from collections.abc import Sequence
from string import Template
from typing import BinaryIO

from graph.errors import QueryError
from graph.files import read_query
from graph.negotiation import BINDINGS, DATASETS, FORMATS, find_format
from graph.remote.address import Address
from graph.remote.carry import client_of
from graph.remote.client import Answer, Client
from graph.settings import Settings
from graph.sparql import check
from graph.sparql.errors import ResultLimitError, TimeLimitError
from graph.store import Dataset
from graph.vocabulary import PREFIXES

__all__ = ["GRACE", "check_answer", "parameters", "query_remote"]

#: Seconds beyond the deadline that the store has to say that it was missed.
GRACE = 5.0
_LATE = frozenset({408, 503, 504})
# A query that names graphs itself.
_NAMING = re.compile(r"\b(?:GRAPH|FROM)\b", re.IGNORECASE)


def query_remote(dataset: Dataset, settings: Settings, query: str, media_type: str | None, out: BinaryIO) -> None:
    """Run one query on the remote store and write its result, all of it or nothing.

    Where the merge has a named graph, that is the query's default graph, unless the query names graphs by FROM or
    GRAPH: a default graph that is sent with it would hide those from Virtuoso.

    :param media_type: of the result; None for CSV of a table and Turtle of a graph.
    :raises InputError: if the settings name no store.
    :raises QueryError: if the query is malformed or not allowed.
    :raises NotAcceptableError: if its result has no such media type.
    :raises QueryLimitError: if it ran past a limit of the store's or ours.
    :raises ServiceError: if the store cannot be asked.
    """
    checked = check(query, prefixes=dict(PREFIXES))
    preferred = FORMATS["turtle" if checked.is_graph else "csv"]
    offers = DATASETS if checked.is_graph else BINDINGS
    form = preferred if media_type is None else find_format(media_type, offers).format
    timeout = settings.sparql_timeout
    with client_of(dataset, settings) as client:
        asked = parameters(client.address, query, timeout)
        answer = client.ask(asked, form.media_type, timeout + GRACE)
        check_answer(client, answer, timeout)
    out.write(answer.body)


def parameters(
    address: Address,
    query: str,
    timeout: float,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
) -> list[tuple[str, str]]:
    """Return what is sent for a query: the SPARQL 1.1 Protocol's parameters (section 2.1), and the kind's own.

    :param default_graphs: IRIs of the default graph's parts; None where nobody names any.
    :param named_graphs: IRIs of the named graphs; likewise.
    """
    # On one line, so that lines of the query keep their numbers in what the store says of it.
    one = Template(read_query("remote", "prefix").strip())
    declared = " ".join(one.substitute(prefix=name, namespace=iri) for name, iri in PREFIXES.items())
    asked = [("query", f"{declared} {query}")]
    asked += [("default-graph-uri", iri) for iri in default_graphs or ()]
    asked += [("named-graph-uri", iri) for iri in named_graphs or ()]
    if address.merge and default_graphs is None and named_graphs is None and not _NAMING.search(query):
        asked.append(("default-graph-uri", address.merge))
    name, _, value = address.timeout.partition("=")
    if name:
        asked.append((name, value.format(s=max(1, round(timeout)), ms=round(timeout * 1000))))
    return asked


def check_answer(client: Client, answer: Answer, timeout: float) -> None:
    """See that an answer is the result of a query.

    :param timeout: the query's, in seconds.
    :raises QueryError: if the store does not take the query.
    :raises QueryLimitError: if it ran past a limit of the store's.
    :raises ServiceError: if the store refuses the request, or has failed.
    """
    if answer.status in _LATE or answer.headers.get("x-sql-state", "").startswith("S1T"):
        cause = f"the remote store gave the query up (limit {timeout:g} s, or its own)"
        raise TimeLimitError(cause, "make it more selective, or give it a longer --timeout")
    if answer.status == 400:
        raise QueryError(f"the remote store does not take the query ({_words(answer)})", "mend the query")
    client.checked(answer)
    if "x-sparql-maxrows" in answer.headers:
        cause = f"the remote store returns {answer.headers['x-sparql-maxrows']} rows at most"
        raise ResultLimitError(cause, "give the query a LIMIT below that, or raise the store's limit")


def _words(answer: Answer) -> str:
    words = " ".join(answer.body[:1000].decode("utf-8", "replace").split()).partition(" SPARQL query: ")[0]
    return "".join(c for c in words if c.isprintable())[:200] or "without a reason"
