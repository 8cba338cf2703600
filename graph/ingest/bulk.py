"""The first build of a dataset: all articles are resolved at once and loaded in bulk, later ones committed one by one.

Articles are resolved as they come, in memory and on shelves, and nothing is stored. When all have come, each event is
described once, as it is in the end, each article is checked with its events, and everything goes into the store by one
call of the engine's bulk loader, which takes in all or nothing. What follows from the articles depends on which there
are and not on their order, so the store is the same as after as many commits.

Only plain articles are taken: what is a copy, prints related items, comes in two versions or is refused by the shapes
is left for the ordinary way, afterwards.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pyoxigraph as ox

from graph.describe import describe_claim_links, describe_event, describe_event_links, describe_links
from graph.event import Event
from graph.extract.model import EventType
from graph.gate.gate import Gate
from graph.ingest.commit import Committer
from graph.ingest.outcome import Outcome
from graph.ingest.prepare import Part, Prepared
from graph.ingest.resolver import Resolver
from graph.iris import Iris
from graph.rdf import to_graph, to_triples
from graph.resolve import Resolution, article_of, rename_people
from graph.resolve.shelf import Room, Shelf
from graph.store import EmbeddedStore, Triple

__all__ = ["FirstBuild"]

#: So many articles are in memory.
_KEPT = 512


class FirstBuild:
    """A first build at work. The store must have no articles, and nobody else may use the resolver meanwhile.

    :param folder: where a file without a name is made.
    """

    def __init__(
        self, folder: Path, iris: Iris, store: EmbeddedStore, gate: Gate, committer: Committer, resolver: Resolver
    ) -> None:
        self._folder, self._iris = folder, iris
        self._store, self._gate, self._committer, self._resolver = store, gate, committer, resolver
        self._held: Shelf[str, tuple[Part, Outcome]] = Shelf(Room(_KEPT))
        self._later: Shelf[str, tuple[Prepared, Outcome]] = Shelf(Room(_KEPT))
        # The store cannot tell yet what articles call people and places.
        self._stored_names, resolver.events.look_up = resolver.events.look_up, self._names

    def __contains__(self, key: str) -> bool:
        """Tell whether an article is going to be loaded."""
        return key in self._held

    def put(self, prepared: Prepared, outcome: Outcome, *, plain: bool) -> None:
        """Take in an article.

        :param outcome: what will have become of it.
        :param plain: whether it is like no other.
        """
        part = prepared.parts[0]
        if plain and part.sound and len(prepared.parts) == 1 and prepared.key not in self:
            self._resolver.put(part.extraction, held=True)
            self._held[prepared.key] = (part, outcome)
        else:
            self._leave(prepared, outcome)

    def load(self) -> Iterator[Outcome]:
        """Store what was taken in; yield the outcome of each article that is in the store then.

        :raises DatasetError: if the dataset cannot be written; it is as it was then.
        """
        while True:
            with TemporaryFile(dir=self._folder) as file:
                refused = self._write(file)
                if not refused:
                    file.seek(0)
                    self._store.load(file)
                    self._resolver.settled()
                    break
            # Events are others without them: all is looked at again.
            for key in refused:
                part, outcome = self._held.pop(key)
                self._resolver.withdraw(key, held=True)
                self._leave(Prepared((part,)), outcome)
        self._resolver.events.look_up = self._stored_names
        for key in self._held:
            yield self._held[key][1]

    def later(self) -> Iterator[tuple[Prepared, Outcome]]:
        """Yield what is left to be stored in the ordinary way, in the order in which it came."""
        for number in self._later:
            yield self._later[number]

    def _leave(self, prepared: Prepared, outcome: Outcome) -> None:
        self._later[f"{len(self._later):012}"] = (prepared, outcome)

    def _names(self, article: str) -> dict[str, str]:
        found = rename_people(self._held[article][0].extraction, self._resolver.people.names(article))
        return {entity.key: entity.label for entity in found.entities()}

    def _write(self, out: IO[bytes]) -> list[str]:
        """Write all as N-Quads; return the articles that the shapes refuse: what is written is of no use then."""
        refused: list[str] = []
        done: set[str] = set()
        for key in self._held:
            part, _ = self._held[key]
            resolution = self._resolver.events.standing(key)
            names = self._resolver.people.names(key)
            triples = self._committer.named(part.triples(), names) if names else part.triples()
            links = self._resolver.claims.links(key)
            added = describe_links(part.extraction, resolution.links, self._iris)
            added += describe_claim_links(links, self._iris)
            added += self._committer.context(resolution)
            # Whom a name means is said anew in its own graph: what was found sound had others in it.
            if names:
                verdict = self._gate.check(to_graph(triples) + added, part.article.text)
            else:
                verdict = self._gate.check_resolved(triples, added, part.article.text)
            if not verdict.conforms:
                refused.append(key)
            elif not refused:
                self._quads(out, self._iris.article_graph(key), triples)
                events = self._events(resolution, done) | to_triples(describe_claim_links(links, self._iris))
                self._quads(out, self._iris.events_graph, events)
        return refused

    def _events(self, resolution: Resolution, done: set[str]) -> set[Triple]:
        """Return what the graph of events says of those that are not done."""
        told: set[Triple] = set()
        for event in resolution.events:
            if event.key not in done:
                told |= to_triples(describe_event(event, self._iris))
                told |= to_triples(describe_event_links(event, self._claims_on(event.reports), self._iris))
        for key, reports in resolution.additions.items():
            if key not in done:
                told |= self._committer.report_links(key, reports)
                bare = Event(key, EventType.VISIT, "", reports=reports)
                told |= to_triples(describe_event_links(bare, self._claims_on(reports), self._iris))
        done.update(resolution.additions, (event.key for event in resolution.events))
        return told

    def _claims_on(self, reports: Iterable[str]) -> Iterator[str]:
        for report in reports:
            if report.startswith("article/"):
                claims = self._held[article_of(report)][0].extraction.claims
                yield from (claim.key for claim in claims if report in claim.about)

    def _quads(self, out: IO[bytes], graph: str, triples: Iterable[Triple]) -> None:
        lines = b"".join(f"{triple} .\n".encode() for triple in triples)
        out.write(lines)  # the merge of all graphs
        # An end of line is nowhere else: in a literal it is written as \n.
        out.write(lines.replace(b" .\n", f" {ox.NamedNode(graph)} .\n".encode()))
