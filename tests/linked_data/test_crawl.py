"""A crawler: from the front page on, every link leads somewhere, and every IRI in every document stands for something.

Of each kind of address a few are read whole, in every format; that all the others are there is asked of each.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pyoxigraph as ox
import pytest

from tests.linked_data.client import FORMATS, Client, same_triples
from tests.web.pages import BROWSER, page

# The first test crawls, and before that it may wait for the dataset, which another process makes.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

#: Addresses of one kind that are read whole.
READ = 2
#: Addresses of one kind that are asked for.
ASKED = 6
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
NAMES = frozenset({
    "http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#prefLabel",
    "https://schema.org/headline", "https://schema.org/name", "http://purl.org/dc/terms/title",
    "https://schema.org/text", "http://www.w3.org/ns/oa#exact", "http://www.w3.org/ns/shacl#name",
})  # fmt: skip
#: What the documents of things have: all but these stand in pages only.
PLAIN = ("disagreements", "static", "sparql", "queries", "graph", "graph-store", "feed", "metrics")
#: Addresses of one format: what they hold is read at the address that is negotiated.
ENDINGS = (".ttl", ".nt", ".jsonld", ".rdf", ".csv", ".ics", ".json", ".atom", ".html", ".gz", ".txt", ".bib",
           ".csl", ".timelinejs")  # fmt: skip


class Crawl:
    """What a crawler has seen.

    :param site: a client of the server.
    """

    def __init__(self, site: Client) -> None:
        self.site = site
        self.found: dict[str, str] = {"/": "the start"}
        self.documents: dict[str, dict[str, bytes]] = {}
        self.faults: list[str] = []
        self._read: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()

    def run(self) -> None:
        """Go from the front page to wherever links and IRIs lead."""
        waiting = ["/"]
        while waiting:
            path = waiting.pop(0)
            kind = kind_of(path)
            if self._asked[kind] >= ASKED:
                continue
            self._asked[kind] += 1
            whole = self._read[kind] < READ
            self._read[kind] += whole
            for target in self._visit(path, whole=whole):
                if target not in self.found:
                    self.found[target] = path
                    waiting.append(target)

    def _visit(self, path: str, *, whole: bool) -> Iterator[str]:
        answer = self.site.get(path, BROWSER, method="GET" if whole else "HEAD")
        if answer.status_code in (301, 303):
            yield urlsplit(answer.headers["Location"])._replace(fragment="").geturl()
            return
        if answer.status_code != 200:
            self.faults.append(f"{answer.status_code} {path}, from {self.found[path]}")
            return
        if not whole:
            return
        yield from (self.path(link.target, path) for link in self.site.links(answer) if self.own(link.target))
        if answer.headers["Content-Type"].startswith("text/html"):
            yield from self._page(path, answer.text)
        if first(path) not in PLAIN and "?" not in path and not path.endswith(ENDINGS):
            yield from self._document(path)

    def _page(self, path: str, source: str) -> Iterator[str]:
        read = page(source)
        for target in read.links:
            if self.own(target):
                yield self.path(target, path)
        for element in read.all("script", type="application/ld+json"):
            for iri in re.findall(r'"(http[^"]+)"', json.dumps(json.loads(element.text))):
                if self.own(iri):
                    yield self.path(iri, path)

    def _document(self, path: str) -> Iterator[str]:
        answers = {ending: self.site.get(path, media_type) for ending, (media_type, _, _) in FORMATS.items()}
        if any(answer.status_code == 406 for answer in answers.values()):
            return  # a page that is no document about anything
        for ending, answer in answers.items():
            if answer.status_code != 200 or not answer.headers["Content-Type"].startswith(FORMATS[ending][0]):
                self.faults.append(f"{answer.status_code} {answer.headers['Content-Type']} {path} as {ending}")
                return
        self.documents[path] = {ending: answer.content for ending, answer in answers.items()}
        for triple in parsed(self.documents[path]["nt"]):
            for term in (triple.subject, triple.predicate, triple.object):
                if isinstance(term, ox.NamedNode) and self.own(term.value):
                    yield self.path(term.value, path)

    def own(self, target: str) -> bool:
        return self.site.own(target) or target.startswith(("/", "?"))

    def path(self, target: str, at: str) -> str:
        """Return the path, with its query, that a link or IRI leads to."""
        plain, _ = urldefrag(
            urljoin(self.site.url(at), self.site.url(target))
            if target[0] != "?"
            else urljoin(self.site.url(at), target)
        )
        return plain.removeprefix(self.site.address) or "/"


def first(path: str) -> str:
    return path.lstrip("/").partition("/")[0].partition("?")[0].partition(".")[0]


def kind_of(path: str) -> str:
    """Return what kind of address this is: alike ones are read alike."""
    parts = urlsplit(path)
    names = parts.path.strip("/").split("/")
    if names[0] == "id":
        names = names[1:] and ["id", *names[1:]]
    # Of keys the first and each second part is what kind of thing it is: article/81c930f8a2b4/report/2.
    start = 1 if names[0] in ("id", "graph") and len(names) > 1 else 0
    shape = [name for number, name in enumerate(names) if number <= start or (number - start) % 2 == 0]
    shape = shape[: start + 1] if names[start] == "record" else shape  # record/visit/1 has no parts
    ending = names[-1].rpartition(".")[2] if "." in names[-1][-7:] else ""
    return "/".join([*shape, ending, "?" if parts.query else ""])


def parsed(data: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)}


@pytest.fixture(scope="module")
def crawl(site: Client) -> Crawl:
    done = Crawl(site)
    done.run()
    return done


def test_every_link_and_every_iri_leads_somewhere(crawl: Crawl) -> None:
    assert not crawl.faults, "\n".join(crawl.faults)
    kinds = {kind_of(path) for path in crawl.found}
    for kind in ("event", "person", "organization", "place", "article", "record", "article/report", "article/claim",
                 "article/evidence", "role", "agent"):  # fmt: skip
        assert any(one.startswith(f"{kind}/") for one in kinds), kind
    assert {"/ldes", "/dumps", "/ontology", "/shapes", "/.well-known/void"} <= crawl.found.keys()
    assert len(crawl.found) > 500


def test_every_document_says_the_same_in_each_format(crawl: Crawl) -> None:
    assert len(crawl.documents) > 30
    for path, documents in crawl.documents.items():
        if first(path) in ("shapes", "ldes"):
            continue  # blank nodes of lists, which take rdflib minutes; test_stream compares the pages of the stream
        assert same_triples(documents), path


def test_every_described_thing_has_a_name_and_a_type(crawl: Crawl) -> None:
    for path, documents in crawl.documents.items():
        said = parsed(documents["nt"])
        for triple in said:
            if triple.predicate.value == "http://xmlns.com/foaf/0.1/primaryTopic":
                for subject in (triple.subject, triple.object):
                    given = {t.predicate.value for t in said if t.subject == subject}
                    assert TYPE in given, f"{subject} in {path}"
                    assert given & NAMES, f"{subject} in {path}"
