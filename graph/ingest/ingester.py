"""Ingest: articles in at one end, validated triples in the store at the other.

``read -> extract -> describe -> resolve -> validate -> commit``, one article at a time, in that order. What needs no
store (:mod:`graph.ingest.prepare`) may run in other processes; what touches the dataset runs in this one, its writer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from graph.archive.archive import Archive
from graph.article import Article
from graph.describe import describe_claim_links, describe_links
from graph.errors import ParleyError, RefusedError, UnavailableError
from graph.extract.backends import load_backend
from graph.extract.model import Extraction
from graph.extract.runner import Runner, runner_here
from graph.facts.records import load_records, record_triples
from graph.files import read_query
from graph.gate.gate import Gate, Verdict
from graph.gate.quarantine import Quarantine
from graph.ingest.bulk import FirstBuild
from graph.ingest.commit import Committer
from graph.ingest.copies import Copies, copy_of
from graph.ingest.intake import Failure, Intake
from graph.ingest.outcome import Outcome, Result
from graph.ingest.prepare import Part, Prepared, Preparer, PreparingRunner
from graph.ingest.resolver import Resolver
from graph.ontology import ontology_triples
from graph.rdf import to_graph
from graph.resolve import ClaimChange
from graph.settings import Settings
from graph.sources import Item, Overrides, Reading
from graph.store import Change, Dataset
from graph.vocabulary import DCT

__all__ = ["Ingester", "Outcome", "Result"]

_RELATION = ox.NamedNode(str(DCT.relation))


class Ingester:
    """The one writer of a dataset at work. A context manager: leaving it flushes the store.

    :raises DatasetError: if the dataset cannot be opened for writing.
    """

    def __init__(self, dataset: Dataset, settings: Settings) -> None:
        self._settings = settings
        self.iris = dataset.iris
        self._archive = Archive(dataset.archive_path)
        self.quarantine = Quarantine(dataset.quarantine_path)
        self._gate = Gate()
        self._preparer = Preparer(dataset.iris, gate=self._gate)
        self._copying: Copies | None = None
        self._path, self._copies_path = dataset.path, dataset.copies_path
        self._build: FirstBuild | None = None
        self._store = dataset.writer(settings.flush_every)
        try:
            # Today's ontology, whatever version of Parley made the dataset; nothing is written where nothing differs.
            self._store.commit(Change(replace={self.iris.ontology_graph: ontology_triples()}))
            self._committer = Committer(self._store, self.iris, published=dataset.current() is not None)
            self._resolver = Resolver(self._store, self.iris)
        except BaseException:
            self._store.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Flush the store and let go of it."""
        if self._copying is not None:
            self._copying.close()
        self._resolver.close()
        self._store.close()

    def flush(self) -> None:
        """Put everything on disk; only then is it safe to say that it is stored."""
        self._store.flush()

    def ingest(
        self,
        sources: Iterable[str | Item],
        overrides: Overrides | None = None,
        *,
        refresh: bool = False,
        runner: PreparingRunner | None = None,
        bulk: bool = False,
    ) -> Iterator[Outcome]:
        """Ingest articles, yielding an outcome for each; a source may be one or, such as a feed, name many.

        One source that cannot be read does not stop the others; trouble with the dataset stops everything. A service
        that will extract nothing more ends the outcomes: what is done stays, what comes after is not tried. What an
        outcome reports is sure to survive a power cut only after :meth:`flush`.

        :param refresh: fetch web pages again although the archive has them.
        :param runner: extracts articles in order, or prepares them, perhaps in other processes; in this one if None.
        :param bulk: store nothing before all has come, where there is no article yet; see :mod:`graph.ingest.bulk`.
        :raises DatasetError: if the dataset cannot be written.
        """
        items = (Item(source) if isinstance(source, str) else source for source in sources)
        intake = Intake(self._settings, self._archive, overrides or Overrides(), refresh)
        readings = self._readings(intake.read(items))
        if bulk and self._is_bare():
            return self._first_build(readings, runner)
        return self._run(readings, runner, again=False)

    def rebuild(self, *, runner: PreparingRunner | None = None, after: str = "") -> Iterator[Outcome]:
        """Extract every archived article again, yielding an outcome for each. Nothing is fetched.

        A store that was restored from a generation has the curations of that generation in it: it is emptied first.

        :param after: key of an article; only those that come after it, in the order of keys, are extracted.
        """
        if self._store.has_graph(self.iris.curation_graph):
            self._start_over()
        readings = (
            self._archive.get(item.key) for item in self._archive.items() if item.key > after and not item.removed
        )
        return self._run((reading for reading in readings if reading is not None), runner, again=True)

    def _start_over(self) -> None:
        """Take out of a store all that articles, records and curations made."""
        recorded = self.has_records()
        kept = {self.iris.dataset_graph, self.iris.ontology_graph, self.iris.redirects_graph}
        # The graph that shows what kind of store it is goes last, so that a crash leads here again.
        for iri in set(self._store.graphs()) - kept - {self.iris.curation_graph}:
            self._store.commit(Change(replace={iri: frozenset()}))
        self._store.mend()
        self._store.commit(Change(replace={self.iris.curation_graph: frozenset()}))
        self._resolver.forget()
        if recorded:
            self.load_records()

    @property
    def _copies(self) -> Copies:
        """Which texts are alike; opened when first needed, and what a crash has left undone is done then."""
        if self._copying is None:
            self._copying = Copies(self._copies_path, self._archive, self._is_stored)
            for key in self._copying.unsettled():
                if self._is_stored(key):
                    self._settle(self._copying.place([key]))
                    self._copying.settle(key)
                else:
                    self._settle(self._copying.remove(key))
        return self._copying

    def _is_stored(self, key: str) -> bool:
        return (self._build is not None and key in self._build) or self._store.has_graph(self.iris.article_graph(key))

    def _is_bare(self) -> bool:
        """Tell whether the store has nothing that articles make."""
        kept = {self.iris.dataset_graph, self.iris.ontology_graph, self.iris.records_graph}
        return all(iri in kept for iri in self._store.graphs())

    def _readings(self, found: Iterable[Reading | Failure]) -> Iterator[Reading | Outcome]:
        for reading in found:
            if isinstance(reading, Failure):
                yield Outcome(reading.source, Result.FAILED, error=reading.error, asked=reading.source)
                continue
            known = self._archive.by_source(reading.source) if reading.article.url is None else None
            if known is not None and known != reading.article.identity:
                # The file was read before and has changed: it is still that article.
                reading = replace(reading, article=replace(reading.article, identity=known))
            yield reading

    def _run(
        self, readings: Iterable[Reading | Outcome], runner: PreparingRunner | None, *, again: bool
    ) -> Iterator[Outcome]:
        waiting: dict[str, tuple[Reading, Result]] = {}
        settled: list[Outcome] = []
        unavailable = False

        def to_extract() -> Iterator[Article]:
            for reading in readings:
                if unavailable:
                    return
                if isinstance(reading, Outcome):
                    settled.append(reading)
                    continue
                article = reading.article
                stored = self._stored_digest(article)
                if article.key in waiting or (stored == article.digest and not again):
                    self._archive.put(reading)
                    settled.append(Outcome(reading.source, Result.UNCHANGED, article.key, asked=reading.asked))
                    continue
                waiting[article.key] = (reading, Result.REPLACED if stored else Result.ADDED)
                yield article

        for article_key, found in (runner or self._extract_here())(to_extract()):
            yield from settled
            settled.clear()
            reading, result = waiting.pop(article_key)
            if isinstance(found, UnavailableError):
                if unavailable:
                    continue  # said already
                unavailable = True
            if isinstance(found, ParleyError):
                yield Outcome(reading.source, Result.FAILED, article_key, found, reading.asked)
                continue
            self._archive.put(reading)
            if self._build is not None:
                prepared = found if isinstance(found, Prepared) else self._preparer.prepare(found)
                plain = len(self._copies.put(prepared.parts[0].article)) == 1
                self._build.put(
                    prepared, Outcome(reading.source, result, article_key, asked=reading.asked), plain=plain
                )
                continue
            yield replace(self._outcome(reading.source, found, result), asked=reading.asked)
        yield from settled

    def _first_build(self, readings: Iterable[Reading | Outcome], runner: PreparingRunner | None) -> Iterator[Outcome]:
        build = self._build = FirstBuild(
            self._path, self.iris, self._store, self._gate, self._committer, self._resolver
        )
        try:
            yield from self._run(readings, runner, again=False)
            yield from self._built(build)
        finally:
            if self._build is not None:  # it was cut off: the store has nothing of what was resolved
                self._build = None
                self._resolver.forget()

    def _built(self, build: FirstBuild) -> Iterator[Outcome]:
        """Store what a first build has taken in, and what it has left."""
        for outcome in build.load():
            if outcome.key is not None:
                self._copies.settle(outcome.key)
                self.quarantine.remove(outcome.key)
            yield outcome
        self._build = None
        for prepared, outcome in build.later():
            article = prepared.parts[0].article
            stored = self._stored_digest(article)
            if stored == article.digest:
                yield replace(outcome, result=Result.UNCHANGED)
            else:
                result = Result.REPLACED if stored else Result.ADDED
                yield replace(self._outcome(outcome.source, prepared, result), asked=outcome.asked)

    def _extract_here(self) -> Runner:
        return runner_here(load_backend(self._settings))

    def has_records(self) -> bool:
        """Tell whether the reference facts are loaded."""
        return self._store.has_graph(self.iris.records_graph)

    def load_records(self) -> int:
        """Load the reference facts into their own graph, replacing those that are there; return how many records.

        What articles told before is resolved anew, so that it makes no difference which came first.

        :raises DatasetError: if the dataset cannot be written.
        """
        records = load_records()
        triples = frozenset(record_triples(records, self.iris))
        self._store.commit(Change(replace={self.iris.records_graph: triples}))
        self._resolver.settled()  # whom names mean, and who quotes whom, does not depend on them
        self._resolver.forget(only_events=True)
        if any(key.startswith("article/") for key in self._resolver.events.reports):
            self._committer.commit({}, self._resolver.again(), ClaimChange())
            self._resolver.settled()
        self._store.flush()
        return len(records)

    def retry(self, key: str) -> Outcome:
        """Extract a quarantined article again and store it if the shapes let it in now.

        :raises InputError: if no such article is in quarantine.
        """
        article = self.quarantine.get(key).article
        result = Result.REPLACED if self._stored_digest(article) else Result.ADDED
        ((_, extraction),) = self._extract_here()(iter([article]))
        if isinstance(extraction, ParleyError):
            return Outcome(article.source or key, Result.FAILED, key, extraction)
        return self._outcome(article.source or key, extraction, result)

    def remove(self, key: str) -> bool:
        """Take an article out of the graph (the archive keeps it, with a note of that). Tell whether it was there."""
        if not re.fullmatch(r"[\w./-]+", key) or not self._store.has_graph(self.iris.article_graph(key)):
            return False
        self._archive.remove(key)  # first: were this cut off, the next call would find the article still stored
        related = self._related(key)
        self._withdraw(key)
        self._settle(self._copies.remove(key, self._committer.copies_of(key)))
        self._drop_orphans(related)
        self._store.flush()
        return True

    def _outcome(self, source: str, found: Prepared | Extraction, result: Result) -> Outcome:
        main, *related = (found if isinstance(found, Prepared) else self._preparer.prepare(found)).parts
        key = main.article.key
        for item in related:
            # What was read whole says more than what another page prints of it.
            if (
                self._archive.text(item.article.key) is None
                and self._stored_digest(item.article) != item.article.digest
            ):
                self._store_article(item)
        before = self._related(key)
        places = self._copies.put(main.article, self._committer.copies_of(key) if result is Result.REPLACED else ())
        if original := places.pop(key):
            main = self._preparer.part(copy_of(main.article, original, main.extraction.extractor))
        verdict = self._store_article(main)
        if verdict.conforms:
            self._settle(places)
            self._copies.settle(key)
            self._drop_orphans(before - {item.article.key for item in related})
            self.quarantine.remove(key)
            return Outcome(source, result, key)
        self._copies.remove(key)  # its text is told nowhere, so nothing is a copy of it
        words = verdict.violations[0].message if verdict.violations else "the shapes refuse it"
        more = f" (and {len(verdict.violations) - 1} more)" if len(verdict.violations) > 1 else ""
        error = RefusedError(f"{source}: {words}{more}", f"see `parley quarantine show {key}`")
        return Outcome(source, Result.REFUSED, key, error)

    def _settle(self, places: Mapping[str, str | None]) -> None:
        """Store other articles anew where another is their original now, or where they are originals themselves."""
        for key, original in places.items():
            item = self._archive.item(key)
            if item is None or not self._is_stored(key) or self._committer.original_of(key) == original:
                continue
            if original is not None:
                article = replace(item.article, related=tuple(sorted(self._related(key))))
                copy = copy_of(article, original, self._committer.extractor_of(key))
                self._store_article(self._preparer.part(copy))
                continue
            ((_, extraction),) = self._extract_here()(iter([item.article]))
            if isinstance(extraction, Extraction):
                self._store_article(self._preparer.prepare(extraction).parts[0])

    def _related(self, key: str) -> set[str]:
        """Return the keys of the related items that a stored article prints."""
        about = self._committer.about(key, self.iris.article_graph(key))
        found = (
            self.iris.key(t.object.value)
            for t in about
            if t.predicate == _RELATION and isinstance(t.object, ox.NamedNode)
        )
        return {item for item in found if item is not None}

    def _withdraw(self, key: str) -> None:
        """Take an article's graph, and its reports on events, out of the store."""
        gone = self._resolver.withdraw(key)
        self._committer.commit({self.iris.article_graph(key): frozenset()}, gone.resolution, gone.claims, gone.people)
        self._resolver.settled()

    def _drop_orphans(self, keys: Iterable[str]) -> None:
        """Withdraw related items that no article prints any more and that were never read whole."""
        for key in sorted(keys):
            printed = self._store.select(read_query("ingest", "printed_by"), item=ox.NamedNode(self.iris.thing(key)))
            if not printed and self._archive.text(key) is None:
                self._withdraw(key)

    def _stored_digest(self, article: Article) -> str | None:
        rows = self._store.select(
            read_query("ingest", "identifier"),
            graph=ox.NamedNode(self.iris.article_graph(article.key)),
            article=ox.NamedNode(self.iris.thing(article.key)),
        )
        return next((str(row["identifier"].value) for row in rows), None)

    def _store_article(self, part: Part) -> Verdict:
        """Resolve, validate and commit one article; a refused one goes to quarantine."""
        extraction, article = part.extraction, part.article
        found = self._resolver.put(extraction)
        resolution, people = found.resolution, found.people
        triples = part.triples()
        if people.names:
            triples = self._committer.named(triples, people.names)
        added = describe_links(extraction, resolution.links, self.iris)
        added += describe_claim_links(found.links, self.iris)
        added += self._committer.context(resolution)
        # Whom a name means is said anew in its own graph: what was found sound had others in it.
        if part.sound and not people.names:
            verdict = self._gate.check_resolved(triples, added, article.text)
        else:
            verdict = self._gate.check(to_graph(triples) + added, article.text)
        if verdict.conforms:
            graphs = {self.iris.article_graph(article.key): triples}
            self._committer.commit(graphs, resolution, found.claims, people, extraction)
            self._resolver.settled()
        else:
            # Resolving has already changed all indexes. What a version before told is not known any more.
            if self._store.has_graph(self.iris.article_graph(article.key)):
                self._resolver.forget()
            else:
                self._resolver.undo(article.key)
            self.quarantine.put(article, to_graph(triples) + added, verdict)
        return verdict
