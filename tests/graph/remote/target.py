"""What the suite does with any store: publish to it, and look at what it holds."""

from collections.abc import Sequence
from typing import Protocol

import pyoxigraph as ox
import requests

from graph.remote import Carried, State, carry, state_of
from graph.settings import Settings
from graph.store import Dataset, Triple
from graph.store.change import canonical
from graph.store.generations import AS_STORED, Amendment
from tests.graph.remote.peers import Peer
from tests.graph.store.sample import BASE

__all__ = ["MERGE", "Embedded", "Remote", "Target"]

#: Name of the merge in :meth:`Target.contents`.
MERGE = ""
_MARKERS = f"{BASE}graph/generations"


class Target(Protocol):
    """A store that a dataset is published to."""

    def publish(self, amendment: Amendment = AS_STORED) -> None:
        """Publish what is stored, and see that the store has it."""

    def contents(self) -> dict[str, frozenset[Triple]]:
        """Return the named graphs, without that of the dataset, and the merge."""


class Embedded:
    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def publish(self, amendment: Amendment = AS_STORED) -> None:
        self._dataset.publish(amendment=amendment)

    def contents(self) -> dict[str, frozenset[Triple]]:
        current = self._dataset.current()
        assert current is not None
        found: dict[str, set[Triple]] = {}
        for quad in current.open():
            found.setdefault(_name(quad.graph_name), set()).add(quad.triple)
        return _shown(found)


class Remote:
    """A server, empty at first.

    :ivar settings: what makes the dataset be carried over to it.
    """

    def __init__(self, dataset: Dataset, peer: Peer) -> None:
        self.dataset = dataset
        self.peer = peer
        self.settings = Settings(
            dataset=dataset.path, remote_store=peer.setting, remote_user=peer.user, remote_password=peer.password,
            remote_backoff=0.05, remote_timeout=60,
        )  # fmt: skip
        self.kind, _, self._url = peer.setting.partition("+")
        self._merge = f"{BASE}graph/merge" if self.kind == "virtuoso" else ""
        self.update("DROP ALL" if not self._merge else self._dropping())

    def publish(self, amendment: Amendment = AS_STORED) -> None:
        self.dataset.publish(amendment=amendment)
        self.carry()

    def carry(self) -> Carried:
        return carry(self.dataset, self.settings)

    def state(self) -> State:
        return state_of(self.dataset, self.settings)

    def contents(self) -> dict[str, frozenset[Triple]]:
        # Asked here in another way than the program does: that one could be wrong both ways.
        found: dict[str, set[Triple]] = {}
        if not self._merge:
            for row in self.select("SELECT * { GRAPH ?g { ?s ?p ?o } }"):
                found.setdefault(str(row["g"].value), set()).add(_triple(row))
            found[MERGE] = {_triple(row) for row in self.select("SELECT * { ?s ?p ?o }")}
            return _shown(found)
        for row in self.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"):
            name = str(row["g"].value)
            if name.startswith(BASE) and name != self._merge:
                found[name] = self._triples(f"GRAPH <{name}> {{ ?s ?p ?o }}")
        found[MERGE] = self._triples(f"GRAPH <{self._merge}> {{ ?s ?p ?o }}")
        return _shown(found)

    def select(self, query: str) -> Sequence[ox.QuerySolution]:
        path = "/sparql" if self.kind == "virtuoso" else "/query"
        headers = {"Accept": "application/sparql-results+json"}
        answer = requests.post(self._url + path, data={"query": query}, headers=headers, timeout=60)
        answer.raise_for_status()
        rows = ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.JSON)
        assert isinstance(rows, ox.QuerySolutions)
        return list(rows)

    def update(self, text: str) -> None:
        path = "/sparql-auth" if self.kind == "virtuoso" else "/update"
        auth = requests.auth.HTTPDigestAuth(self.peer.user, self.peer.password) if self.peer.user else None
        headers = {"Content-Type": "application/sparql-update"}
        requests.post(self._url + path, data=text.encode(), headers=headers, auth=auth, timeout=60).raise_for_status()

    def _triples(self, pattern: str) -> set[Triple]:
        found: set[Triple] = set()
        (count,) = self.select(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
        assert isinstance(count["n"], ox.Literal)
        # Virtuoso returns 10,000 rows at most.
        for part in "0123456789abcdef" if int(count["n"].value) > 9_000 else [""]:
            only = f'FILTER(STRSTARTS(MD5(CONCAT(STR(?s), STR(?p), STR(?o))), "{part}"))' if part else ""
            found |= {_triple(row) for row in self.select(f"SELECT ?s ?p ?o {{ {pattern} {only} }}")}
        return found

    def _dropping(self) -> str:
        names = {str(row["g"].value) for row in self.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
        drops = [f"DROP SILENT GRAPH <{name}>" for name in names if name.startswith(BASE)]
        return " ;\n".join(drops) or "DROP SILENT GRAPH <urn:none>"


def _triple(row: ox.QuerySolution) -> Triple:
    subject, predicate = row["s"], row["p"]
    assert isinstance(subject, ox.NamedNode)
    assert isinstance(predicate, ox.NamedNode)
    return Triple(subject, predicate, row["o"])


def _name(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else MERGE


def _shown(found: dict[str, set[Triple]]) -> dict[str, frozenset[Triple]]:
    hidden = {_MARKERS, f"{BASE}graph/dataset"}
    merge = {t for t in found.get(MERGE, set()) if t.subject != ox.NamedNode(BASE)}
    # Virtuoso spells some values in another way.
    return {name: canonical(v) for name, v in {**found, MERGE: merge}.items() if name not in hidden}
