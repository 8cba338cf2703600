"""Queries of readers to a remote store."""

import io
from dataclasses import replace

import pytest

from graph.errors import QueryError, QueryLimitError, ServiceError
from graph.remote import query_remote
from graph.store import Change, Dataset
from tests.graph.remote.target import Remote
from tests.graph.store.sample import BASE, triple


def _ask(remote: Remote, query: str, media_type: str | None = None, timeout: float = 30.0) -> str:
    out = io.BytesIO()
    query_remote(remote.dataset, replace(remote.settings, sparql_timeout=timeout), query, media_type, out)
    return out.getvalue().decode().replace("\r", "").replace('"', "")


@pytest.fixture
def filled(dataset: Dataset, remote: Remote) -> Remote:
    both = triple("person/ana-petrova", "met", "person/tom-harding")
    graphs = {f"{BASE}graph/article/{n}": frozenset({both, triple(f"article/{n}", "is", "x")}) for n in (1, 2)}
    with dataset.writer() as writer:
        writer.commit(Change(replace=graphs))
    remote.publish()
    return remote


def test_a_query_sees_each_statement_once(filled: Remote) -> None:
    assert _ask(filled, f"SELECT ?o {{ ?s <{BASE}id/met> ?o }}") == f"o\n{BASE}id/person/tom-harding\n"
    articles = f'FILTER(STRSTARTS(STR(?g), "{BASE}graph/article/"))'
    assert _ask(filled, f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{BASE}id/met> ?o }} {articles} }}") == "n\n2\n"


def test_prefixes_need_not_be_declared(filled: Remote) -> None:
    assert f"{BASE}" in _ask(filled, "SELECT ?d { ?d a void:Dataset }")
    assert "sem:" in _ask(filled, "PREFIX sem: <urn:x-sem:> SELECT (sem:a AS ?x) {}").replace("urn:x-", "")


def test_the_generation_can_be_asked_for(filled: Remote) -> None:
    found = _ask(filled, f"SELECT ?l {{ GRAPH <{BASE}graph/generations> {{ ?g rdfs:label ?l }} }}")
    assert found == "l\ngeneration 1\n"


def test_graphs_and_tables_in_the_form_that_is_wanted(filled: Remote) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?p = <{BASE}id/met>) }}"
    assert "person/tom-harding>" in _ask(filled, query, "application/n-triples")
    assert _ask(filled, "SELECT ?s { ?s a void:Dataset }", "application/sparql-results+json").lstrip().startswith("{")


def test_a_fault_of_the_query_is_said(filled: Remote) -> None:
    with pytest.raises(QueryError, match="the remote store does not take the query"):
        _ask(filled, "SELECT ?s { ?s ?p }")


def test_updates_and_services_are_refused_here(filled: Remote) -> None:
    for query in ("DROP ALL", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"):
        with pytest.raises(QueryError):
            _ask(filled, query)
    assert len(filled.contents()) == 3


def test_a_query_that_takes_too_long_ends(dataset: Dataset, remote: Remote) -> None:
    if remote.kind == "oxigraph":
        pytest.skip("its limit is an option of the server, and not asked for")
    with dataset.writer() as writer:
        many = frozenset(triple(f"a/{n}", "b", f"c/{n}") for n in range(400))
        writer.commit(Change(replace={f"{BASE}graph/article/1": many}))
    remote.publish()
    parts = " ".join(f"?a{n} <{BASE}id/b> ?b{n} ." for n in range(6))
    with pytest.raises(QueryLimitError, match="gave the query up"):
        _ask(remote, f"SELECT (COUNT(DISTINCT ?a0) AS ?n) {{ {parts} }}", timeout=1.0)


def test_a_store_that_is_away_is_said(filled: Remote) -> None:
    settings = replace(filled.settings, remote_store="sparql+http://127.0.0.1:9/")
    with pytest.raises(ServiceError, match="refuses the connection"):
        query_remote(filled.dataset, settings, "ASK {}", None, io.BytesIO())
