"""A server on a dataset of three graphs, published twice: the second generation has changed some of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from pyoxigraph import Literal, NamedNode, Triple

from graph.store import Dataset
from graph.store.change import Change
from tests.web.serving import served

BASE = "https://zubrowka.example/"
ONE, TWO, THREE = (f"{BASE}graph/article/{name}" for name in ("one", "two", "three"))
GONE, NEW = f"{BASE}graph/article/gone", f"{BASE}graph/article/new"
PETROVA, HARDING, OKORO = (f"{BASE}id/person/{name}" for name in ("ana-petrova", "tom-harding", "ngozi-okoro"))
NAME = "https://schema.org/name"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PERSON = "https://schema.org/Person"


def named(person: str, name: str) -> frozenset[Triple]:
    """Return what a graph says of a person."""
    subject = NamedNode(person)
    return frozenset(
        {
            Triple(subject, NamedNode(_TYPE), NamedNode(_PERSON)),
            Triple(subject, NamedNode(NAME), Literal(name)),
        }
    )


ANA, TOM, NGOZI = named(PETROVA, "Ana Petrova"), named(HARDING, "Tom Harding"), named(OKORO, "Ngozi Okoro")
#: Graph -> what is in it, in the current generation. Ana Petrova is in two of them.
GRAPHS = {ONE: ANA, TWO: ANA | TOM, THREE: NGOZI, NEW: TOM}


@dataclass(frozen=True)
class Server:
    """A server that runs.

    :param base: its address.
    """

    base: str
    _session: requests.Session = field(default_factory=requests.Session)

    @property
    def sparql(self) -> str:
        """Address of the SPARQL endpoint."""
        return f"{self.base}/sparql"

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request, with no more headers than the test says."""
        headers = {"Accept": None, "Accept-Encoding": None, "User-Agent": "conformance", **options.pop("headers", {})}
        url = path if path.startswith("http") else self.base + path
        return self._session.request(method, url, headers=headers, timeout=60, allow_redirects=False, **options)

    def query(self, text: str, accept: str | None = None, /, **parameters: Any) -> requests.Response:
        """Send a query by GET."""
        return self.ask("GET", "/sparql", params={"query": text, **parameters}, headers={"Accept": accept})


def make(path: Path) -> Dataset:
    """Make the dataset and publish both generations."""
    dataset = Dataset.create(path, BASE)
    with dataset.writer() as store:
        store.commit(Change(replace={ONE: TOM, TWO: ANA, THREE: NGOZI, GONE: ANA}))
        dataset.publish()
        store.commit(Change(replace={**GRAPHS, GONE: frozenset()}))
        dataset.publish()
    return dataset


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make(tmp_path_factory.mktemp("conformance") / "dataset")


@pytest.fixture(scope="session")
def server(dataset: Dataset) -> Iterator[Server]:
    with served(dataset.path, PARLEY_SPARQL_QUERY_LIMIT="20000") as (base, _):
        yield Server(base)
