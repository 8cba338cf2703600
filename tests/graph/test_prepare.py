"""What is prepared beforehand is what the writer would find: shapes in two parts decide as they do in one."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
import rdflib

from graph.describe import describe_article, describe_event, describe_links
from graph.errors import InputError
from graph.extract.backends import load_backend
from graph.extract.model import Extraction, Span
from graph.gate.gate import Gate
from graph.ingest.prepare import Prepared, Preparer
from graph.iris import Iris
from graph.rdf import to_graph, to_triples
from graph.resolve import EventIndex
from graph.settings import Settings
from graph.vocabulary import PLY, RDF, SEM
from tests.synthetic import News

IRIS = Iris("https://zubrowka.example/")
ARTICLE = News().story(450).article


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    return load_backend(Settings()).extract(ARTICLE)


@pytest.fixture(scope="module")
def own(extraction: Extraction) -> rdflib.Graph:
    described = describe_article(extraction, IRIS, extracted_at=datetime(2025, 5, 3, tzinfo=UTC))
    return to_graph(to_triples(described))


@pytest.fixture(scope="module")
def added(extraction: Extraction) -> rdflib.Graph:
    resolution = EventIndex().resolve(extraction)
    graph = describe_links(extraction, resolution.links, IRIS)
    for event in resolution.events:
        graph += describe_event(event, IRIS)
    return graph


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


def copied(*graphs: rdflib.Graph) -> rdflib.Graph:
    both = rdflib.Graph()
    for graph in graphs:
        both += graph
    return both


def test_what_is_right_passes_both_parts(own: rdflib.Graph, added: rdflib.Graph, gate: Gate) -> None:
    assert (None, RDF.type, SEM.Event) in added
    assert gate.is_sound(copied(own), ARTICLE.text)
    assert gate.check_resolved(to_triples(own), added, ARTICLE.text).conforms


@pytest.mark.parametrize("seed", range(12))
def test_what_lacks_in_the_article_is_found_by_one_part_at_least(
    own: rdflib.Graph, added: rdflib.Graph, gate: Gate, seed: int
) -> None:
    damaged = copied(own)
    damaged.remove(Random(seed).choice(sorted(own)))
    whole = gate.check(copied(damaged, added), ARTICLE.text)
    sound = gate.is_sound(copied(damaged), ARTICLE.text)
    assert whole.conforms == (sound and gate.check_resolved(to_triples(damaged), added, ARTICLE.text).conforms)


@pytest.mark.parametrize("seed", range(8))
def test_what_lacks_in_events_and_links_is_found_by_the_writer(
    own: rdflib.Graph, added: rdflib.Graph, gate: Gate, seed: int
) -> None:
    damaged = copied(added)
    damaged.remove(Random(seed).choice(sorted(added)))
    whole = gate.check(copied(own, damaged), ARTICLE.text)
    resolved = gate.check_resolved(to_triples(own), damaged, ARTICLE.text)
    assert resolved.conforms == whole.conforms
    assert resolved.violations == whole.violations


def test_a_report_on_no_event_is_refused_by_the_writer(own: rdflib.Graph, gate: Gate) -> None:
    assert (None, RDF.type, PLY.Report) in own
    assert not gate.check_resolved(to_triples(own), rdflib.Graph(), ARTICLE.text).conforms


def test_an_article_is_prepared_with_its_graph(extraction: Extraction) -> None:
    prepared = Preparer(IRIS, load_backend(Settings()))(ARTICLE)
    assert isinstance(prepared, Prepared)
    assert prepared.key == ARTICLE.key
    (part,) = prepared.parts
    assert part.extraction == extraction
    assert part.sound
    times = {t for t in part.triples() if t.predicate.value.endswith("endedAtTime")}
    expected = to_triples(describe_article(extraction, IRIS, extracted_at=datetime(2025, 5, 3, tzinfo=UTC)))
    assert {t for t in expected if not t.predicate.value.endswith("endedAtTime")} == part.triples() - times
    assert len(times) == 1


def test_wrong_words_are_not_sound(extraction: Extraction) -> None:
    first, *others = extraction.people
    wrong = replace(extraction, people=(replace(first, mentions=(Span(0, 4, "Anna"),)), *others))
    assert not Preparer(IRIS).prepare(wrong).parts[0].sound


def test_what_cannot_be_extracted_says_why() -> None:
    class Broken:
        name, version = "broken", "1"

        def extract(self, article: object) -> Extraction:
            raise InputError("it cannot be read", "look at it")

    assert isinstance(Preparer(IRIS, Broken())(ARTICLE), InputError)
