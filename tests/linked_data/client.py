"""A client of linked data: gets what an IRI stands for, and reads it with two parsers."""

import re
import warnings
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import rdflib
import requests
from rdflib.compare import to_isomorphic

from graph.store import Dataset

__all__ = ["FORMATS", "Client", "Link", "same_triples"]

#: Ending -> media type, as pyoxigraph and rdflib name the format.
FORMATS: dict[str, tuple[str, ox.RdfFormat, str]] = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE, "turtle"),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES, "nt"),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD, "json-ld"),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML, "xml"),
}


class Link(NamedTuple):
    """A value of the header ``Link``."""

    target: str
    relation: str
    media_type: str | None


class Client:
    """Speaks to one server. IRIs of the dataset are asked for where it is served.

    :param address: of the server, without a slash at its end.
    :param dataset: the folder that it serves.
    """

    def __init__(self, address: str, dataset: Path) -> None:
        self.address = address
        self.base = Dataset.open(dataset).iris.base
        self._session = requests.Session()

    def url(self, iri: str) -> str:
        """Return where an IRI of the dataset, or a path, is served."""
        if iri.startswith(self.base):
            return f"{self.address}/{iri.removeprefix(self.base)}"
        return iri if iri.startswith("http") else f"{self.address}{iri}"

    def own(self, iri: str) -> bool:
        """Tell whether an IRI is one of this dataset, or of this server."""
        return iri.startswith((self.base, f"{self.address}/"))

    def get(self, iri: str, accept: str = "*/*", *, method: str = "GET", **headers: str) -> requests.Response:
        """Ask for an IRI or path, without following where it leads; underscores in names of headers are hyphens."""
        given = {"Accept": accept, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self._session.request(method, self.url(iri), headers=given, allow_redirects=False, timeout=120)

    def follow(self, iri: str, accept: str = "*/*") -> requests.Response:
        """Ask for an IRI or path, and for what it leads to."""
        return self._session.get(self.url(iri), headers={"Accept": accept}, timeout=120)

    def triples(self, iri: str) -> set[ox.Triple]:
        """Return what the Turtle that an IRI leads to says."""
        answer = self.follow(iri, "text/turtle")
        assert answer.status_code == 200, f"{answer.status_code} {iri}"
        return {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)}

    def links(self, answer: requests.Response) -> list[Link]:
        """Return the values of ``Link``."""
        found = re.findall(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)', answer.headers.get("Link", ""))
        parsed = []
        for target, parameters in found:
            named = dict(re.findall(r'([a-z]+)="([^"]*)"', parameters))
            parsed += [Link(target, relation, named.get("type")) for relation in named["rel"].split()]
        return parsed

    def targets(self, answer: requests.Response, relation: str) -> list[str]:
        """Return where the links of one relation lead."""
        return [link.target for link in self.links(answer) if link.relation == relation]


def same_triples(documents: dict[str, bytes]) -> bool:
    """Tell whether documents say the same, whichever of two parsers reads them.

    :param documents: ending -> content.
    """
    ours = [ox.Dataset(ox.parse(data, format=FORMATS[form][1])) for form, data in documents.items()]
    for one in ours:
        one.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    graphs = [_parsed(data, FORMATS[form][2]) for form, data in documents.items()]
    return all(one == ours[0] for one in ours) and all(_same(graph, graphs[0]) for graph in graphs[1:])


def _same(one: rdflib.Graph, other: rdflib.Graph) -> bool:
    sides = set(one), set(other)
    if any(isinstance(term, rdflib.BNode) for side in sides for triple in side for term in triple):
        return bool(to_isomorphic(one) == to_isomorphic(other))
    return sides[0] == sides[1]  # a fraction of that work


def _parsed(data: bytes, form: str) -> rdflib.Graph:
    with warnings.catch_warnings():
        # rdflib's reader of JSON-LD uses what rdflib itself deprecates.
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)
        return rdflib.Graph().parse(data=data, format=form)
