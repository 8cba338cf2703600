"""Commits an article with all that it changes: its graph, events, people of other articles, and the IRIs that lead on.

One transaction for each article. The graph of events holds what follows from all articles together: events, which
reports are on them, which claims are about them, where reports disagree, and which claims quote the same words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import pyoxigraph as ox
import rdflib

from graph.describe import describe_claim_links, describe_event, describe_event_links
from graph.event import Event
from graph.extract.model import EventType, Extraction
from graph.files import read_query
from graph.iris import Iris
from graph.rdf import renamed, to_graph, to_triples
from graph.resolve import ClaimChange, PersonChange, Resolution
from graph.store import Change, EmbeddedStore, Triple
from graph.vocabulary import DCT, PLY, SEM

__all__ = ["Committer"]

_REPORT = ox.NamedNode(str(PLY.report))
_DISAGREEMENT = ox.NamedNode(str(PLY.disagreement))
_PARTICIPATION = ox.NamedNode(str(PLY.participation))
_SUB_EVENT = ox.NamedNode(str(SEM.hasSubEvent))
_VERSION = ox.NamedNode(str(DCT.isVersionOf))
_REPLACED = ox.NamedNode(str(DCT.isReplacedBy))


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))


class Committer:
    """Puts articles into a store together with what resolution makes of them.

    :param published: whether anyone may know the IRIs that go: only then do they lead on to what took over.
    """

    def __init__(self, store: EmbeddedStore, iris: Iris, *, published: bool) -> None:
        self._store = store
        self._iris = iris
        self._published = published

    def commit(
        self,
        graphs: Mapping[str, frozenset[Triple]],
        resolution: Resolution,
        claims: ClaimChange,
        people: PersonChange | None = None,
        extraction: Extraction | None = None,
    ) -> None:
        """Put articles' graphs and what resolution makes of their reports, claims and people into the store at once.

        :param extraction: of the article that comes in, if one does.
        """
        people = people or PersonChange()
        events = self._iris.events_graph
        old: set[Triple] = set()
        described = rdflib.Graph(bind_namespaces="none")
        new: set[Triple] = set()
        for event in resolution.events:
            old |= self._told_of(event.key)
            described += describe_event(event, self._iris)
            described += describe_event_links(event, self._claims_on(event.reports, extraction), self._iris)
        for key, reports in resolution.additions.items():
            old |= self._told_of(key)
            new |= self.report_links(key, reports)
            bare = Event(key, EventType.VISIT, "", reports=reports)
            described += describe_event_links(bare, self._claims_on(reports, extraction), self._iris)
        for key in resolution.gone:
            old |= self._told_of(key)
        described += describe_claim_links(claims.add, self._iris)
        old |= to_triples(describe_claim_links(claims.remove, self._iris))
        new |= to_triples(described)
        living = {*(event.key for event in resolution.events), *resolution.additions, *people.living}
        add, remove = self._redirects(living, {**resolution.gone, **people.gone})
        self._store.commit(
            Change(
                replace={**self._renamed(people.others), **graphs},
                add={events: frozenset(new - old), self._iris.redirects_graph: add},
                remove={events: frozenset(old - new), self._iris.redirects_graph: remove},
            )
        )

    def context(self, resolution: Resolution) -> rdflib.Graph:
        """Describe the events that an article's reports are on, as they will be, so that they are validated with it."""
        described = rdflib.Graph(bind_namespaces="none")
        linked = set(resolution.links.values())
        for event in resolution.events:
            if event.key in linked:
                described += describe_event(event, self._iris)
        for key, reports in resolution.additions.items():
            told = self.about(key, self._iris.records_graph)
            described += to_graph((*told, *self.report_links(key, reports)))
        return described

    def named(self, triples: Iterable[Triple], names: Mapping[str, str]) -> frozenset[Triple]:
        """Return triples with other people in the place of some, by key."""
        return renamed(triples, {self._iris.thing(key): self._iris.thing(other) for key, other in names.items()})

    def _renamed(self, people: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[Triple]]:
        """Return the graphs of articles in which people have other keys now."""
        graphs = {self._iris.article_graph(article): names for article, names in people.items()}
        return {iri: self.named(self._store.graph(iri), names) for iri, names in graphs.items()}

    def about(self, key: str, graph: str) -> frozenset[Triple]:
        """Return what a graph in the store says of one thing."""
        thing = ox.NamedNode(self._iris.thing(key))
        rows = self._store.select(read_query("ingest", "subject"), graph=ox.NamedNode(graph), thing=thing)
        return frozenset(ox.Triple(thing, row["p"], row["o"]) for row in rows)

    def original_of(self, article: str) -> str | None:
        """Return the article that a stored one is a copy of, by key; None if it is none."""
        about = self.about(article, self._iris.article_graph(article))
        return next((self._iris.key(_value(t.object)) for t in about if t.predicate == _VERSION), None)

    def copies_of(self, article: str) -> set[str]:
        """Return the stored articles that are copies of one, by key."""
        rows = self._store.select(read_query("ingest", "copies_of"), original=ox.NamedNode(self._iris.thing(article)))
        return {key for row in rows if (key := self._iris.key(_value(row["article"]))) is not None}

    def extractor_of(self, article: str) -> str:
        """Return the name of what extracted a stored article."""
        graph, thing = ox.NamedNode(self._iris.article_graph(article)), ox.NamedNode(self._iris.thing(article))
        rows = self._store.select(read_query("ingest", "agent"), graph=graph, article=thing)
        return next((_value(row["name"]) for row in rows), "unknown")

    def report_links(self, event_key: str, reports: Sequence[str]) -> set[Triple]:
        """Return that an event has these reports."""
        event = ox.NamedNode(self._iris.thing(event_key))
        return {ox.Triple(event, _REPORT, ox.NamedNode(self._iris.thing(report))) for report in reports}

    def _told_of(self, event: str) -> set[Triple]:
        """Return what the graph of events says of one: all but its sub-events, which say that themselves."""
        told: set[Triple] = set()
        for triple in self.about(event, self._iris.events_graph):
            if triple.predicate in (_DISAGREEMENT, _PARTICIPATION) and (node := self._iris.key(_value(triple.object))):
                told |= self.about(node, self._iris.events_graph)
            if triple.predicate != _SUB_EVENT:
                told.add(triple)
        return told | self._leading_to(event, self._iris.events_graph)

    def _leading_to(self, key: str, graph: str) -> set[Triple]:
        thing = ox.NamedNode(self._iris.thing(key))
        rows = self._store.select(read_query("ingest", "leading_to"), graph=ox.NamedNode(graph), thing=thing)
        return {ox.Triple(row["s"], row["p"], thing) for row in rows}

    def _claims_on(self, reports: Iterable[str], extraction: Extraction | None) -> Iterator[str]:
        """Yield the keys of the claims about reports: of the article that comes in, and of those in the store."""
        article = extraction.article.key if extraction else None
        for claim in extraction.claims if extraction else ():
            if set(claim.about).intersection(reports):
                yield claim.key
        for report in reports:
            if report.startswith("article/") and report.partition("/report/")[0] != article:
                rows = self._store.select(
                    read_query("ingest", "claims_on"), report=ox.NamedNode(self._iris.thing(report))
                )
                yield from (key for row in rows if (key := self._iris.key(_value(row["claim"]))) is not None)

    def _redirects(
        self, living: Set[str], gone: Mapping[str, Iterable[str]]
    ) -> tuple[frozenset[Triple], frozenset[Triple]]:
        """Return which redirects come and go: an IRI that was published leads to what took over.

        :param living: keys that there are now.
        :param gone: keys that are no more -> those that took over.
        """
        add: set[Triple] = set()
        remove: set[Triple] = set()
        if not self._published:
            return frozenset(), frozenset()
        graph = self._iris.redirects_graph
        for key in living:
            remove |= self.about(key, graph)
        for key, heirs in gone.items():
            before = self._leading_to(key, graph)
            remove |= before
            for subject in {ox.NamedNode(self._iris.thing(key)), *(t.subject for t in before)}:
                if self._iris.key(_value(subject)) in living:
                    continue  # it has come back
                add |= {ox.Triple(subject, _REPLACED, ox.NamedNode(self._iris.thing(heir))) for heir in heirs}
        return frozenset(add), frozenset(remove - add)
