"""Real clients ask the endpoint as researchers use them: rdflib, SPARQLWrapper, pandas, Comunica.

YASGUI is tried in ``tests/browser/test_yasgui.py``; what ``docs/recipes.md`` shows is run in ``tests/test_recipes.py``.
"""

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import requests
from rdflib import Literal, URIRef, Variable
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper

from graph.vocabulary import RDF, SCHEMA
from tests.web.conftest import ARTICLES, BASE, make
from tests.web.serving import served

pytestmark = pytest.mark.slow

COMUNICA = "4.5.0"
PEOPLE = "SELECT ?person ?name { ?person a schema:Person ; schema:name ?name } ORDER BY ?name"
DECLARED = f"PREFIX schema: <{SCHEMA}>\n{PEOPLE}"
PETROVA = URIRef(f"{BASE}id/person/ana-petrova")
_SCRIPT = """
import { QueryEngine } from "@comunica/query-sparql";
const [endpoint, query] = process.argv.slice(2);
const sources = [{ type: "sparql", value: endpoint }];
const rows = await (await new QueryEngine().queryBindings(query, { sources })).toArray();
console.log(JSON.stringify(rows.map((row) => [...row.values()].map((term) => term.value))));
"""


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the endpoint of a served dataset."""
    with served(make(tmp_path_factory.mktemp("clients"), ARTICLES).path) as (base, _):
        yield f"{base}/sparql"


@pytest.fixture(scope="module")
def people(endpoint: str) -> list[tuple[str, str]]:
    """IRI and name of each person, as the protocol gives them."""
    answer = requests.get(endpoint, {"query": PEOPLE, "format": "json"}, timeout=60).json()
    found = [(row["person"]["value"], row["name"]["value"]) for row in answer["results"]["bindings"]]
    assert (str(PETROVA), "Ana Petrova") in found
    return found


def test_rdflib_reads_the_endpoint_as_a_store(endpoint: str, people: list[tuple[str, str]]) -> None:
    store = SPARQLStore(endpoint)
    rows = store.query(DECLARED).bindings
    assert [(str(row[Variable("person")]), str(row[Variable("name")])) for row in rows] == people
    # As a graph: patterns with blanks, and one statement.
    found = {triple[0] for triple, _ in store.triples((None, RDF.type, SCHEMA.Person))}
    assert {str(subject) for subject in found} == {person for person, _ in people}
    assert [triple[2] for triple, _ in store.triples((PETROVA, SCHEMA.name, None))] == [Literal("Ana Petrova")]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_asks(endpoint: str, people: list[tuple[str, str]], method: str) -> None:
    client = SPARQLWrapper(endpoint)
    client.setMethod(method)
    client.setReturnFormat(JSON)
    client.setQuery(DECLARED)
    answer = client.queryAndConvert()
    assert isinstance(answer, dict)
    rows = answer["results"]["bindings"]
    assert [(row["person"]["value"], row["name"]["value"]) for row in rows] == people


def test_pandas_reads_csv(endpoint: str, people: list[tuple[str, str]]) -> None:
    address = requests.Request("GET", endpoint, params={"query": PEOPLE, "format": "csv"}).prepare().url
    assert address is not None
    frame = pd.read_csv(address)
    assert list(frame.columns) == ["person", "name"]
    assert list(frame.itertuples(index=False, name=None)) == people
    posted = requests.post(endpoint, {"query": PEOPLE}, headers={"Accept": "text/csv"}, timeout=60).text
    assert frame.equals(pd.read_csv(io.StringIO(posted)))


@pytest.fixture(scope="module")
def comunica(pytestconfig: pytest.Config) -> Path:
    """Folder with Comunica, fetched by npm once and kept in pytest's cache."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no npm here (on Debian: apt-get install npm)")
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir(f"comunica-{COMUNICA}")
    whole = folder / "whole"
    if not whole.is_file():
        (folder / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
        done = subprocess.run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", f"@comunica/query-sparql@{COMUNICA}"],
            cwd=folder, capture_output=True, text=True, timeout=550, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"npm cannot fetch Comunica: {(done.stderr or done.stdout).strip().splitlines()[0]}")
        whole.write_text("", "utf-8")
    (folder / "ask.js").write_text(_SCRIPT, "utf-8")
    return folder


@pytest.mark.timeout(600)
def test_comunica_asks(endpoint: str, comunica: Path, people: list[tuple[str, str]]) -> None:
    done = subprocess.run(
        ["node", "ask.js", endpoint, DECLARED], cwd=comunica, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = [tuple(row) for row in json.loads(done.stdout)]
    # Comunica passes the whole query on and keeps the order of the rows, not always that of the columns.
    assert [tuple(sorted(row, reverse=True)) for row in rows] == [tuple(sorted(row, reverse=True)) for row in people]
