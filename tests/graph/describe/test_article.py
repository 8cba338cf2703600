"""What an article's graph says, down to the words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from graph.article import Article
from graph.describe import describe_article, describe_event, describe_links
from graph.event import Event
from graph.extract.model import (
    Claim,
    EventType,
    Extraction,
    Manner,
    Organization,
    Person,
    Place,
    PlaceKind,
    Report,
    Role,
    Service,
    Span,
    Status,
    TimeExpression,
    TimexType,
)
from graph.iris import Iris
from graph.rdf import to_triples
from graph.vocabulary import DCT, EDTF, OA, ORG, PLY, PROV, RDF, RDFS, SCHEMA, SEM, SKOS, XSD

IRIS = Iris("https://zubrowka.example/")
TEXT = "🕊 President Ana Petrova met the Foreign Minister, Tom Harding, in Lutz in May 2031. “It was useful,” she said."
AT = datetime(2031, 6, 1, 8, 30, tzinfo=UTC)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span.of(TEXT, start, start + len(words))


ARTICLE = Article.create(
    TEXT,
    title="Talks in Lutz",
    url="https://news.example/talks",
    published=date(2031, 5, 20),
    publisher="The Daily Zubrowkan",
    license="CC BY 4.0",
    authors=("Ivo Novak",),
    genre="Analysis",
    keywords=("talks",),
    abstract="They talked.",
)
KEY = ARTICLE.key
PETROVA = Person(
    "person/ana-petrova",
    "Ana Petrova",
    (span("Ana Petrova"),),
    (Role(span("President"), "organization/none"),),
    ("Petrova",),
)
HARDING = Person("person/tom-harding", "Tom Harding", (span("Tom Harding"),), (Role(span("the Foreign Minister")),))
LUTZ = Place("place/lutz", "Lutz", PlaceKind.CITY, (span("Lutz"),), (), 48.5, -12.25, ("https://geo.example/1",))
WHEN = TimeExpression(span("May 2031"), TimexType.DATE, "2031-05", "2031-05", date(2031, 5, 1), date(2031, 5, 31), 0.9)
MET = Report(
    f"{KEY}/report/1",
    EventType.MEETING,
    "met",
    (span("met"),),
    (PETROVA.key, HARDING.key, "person/nobody"),
    (LUTZ.key,),
    "2031-05",
    date(2031, 5, 1),
    date(2031, 5, 31),
    (WHEN.span,),
    Status.OCCURRED,
    0.93,
)
SAID = Claim(
    f"{KEY}/claim/1",
    (span("It was useful"),),
    Manner.DIRECT,
    (PETROVA.key,),
    span("she"),
    span("said"),
    (MET.key,),
    0.8,
)
EXTRACTION = Extraction(ARTICLE, (PETROVA, HARDING), (), (LUTZ,), (WHEN,), (MET,), (SAID,), (), "parley-embedded 9.9")
LINKS = {MET.key: "event/2031-05-lutz-meeting"}


def iri(key: str) -> URIRef:
    return URIRef(IRIS.thing(key))


def describe(extraction: Extraction = EXTRACTION) -> Graph:
    return describe_article(extraction, IRIS, extracted_at=AT) + describe_links(extraction, LINKS, IRIS)


def of(graph: Graph, key: str, predicate: Node) -> set[Node]:
    return set(graph.objects(iri(key), predicate))


def test_the_article_says_what_it_is() -> None:
    graph = describe()
    assert of(graph, KEY, RDF.type) == {SCHEMA.AnalysisNewsArticle, PROV.Entity}
    assert of(graph, KEY, SCHEMA.headline) == {Literal("Talks in Lutz", lang="en")}
    assert of(graph, KEY, SCHEMA.datePublished) == {Literal("2031-05-20", datatype=XSD.date)}
    assert of(graph, KEY, SCHEMA.url) == {URIRef("https://news.example/talks")}
    assert of(graph, KEY, SCHEMA.publisher) == {iri("organization/the-daily-zubrowkan")}
    assert of(graph, KEY, SCHEMA.author) == {iri("person/ivo-novak")}
    assert of(graph, KEY, DCT.rights) == {Literal("CC BY 4.0")}
    assert of(graph, KEY, DCT.identifier) == {Literal(ARTICLE.digest)}
    assert of(graph, KEY, SCHEMA.mentions) == {iri(e.key) for e in (PETROVA, HARDING, LUTZ)}
    assert of(graph, "person/ivo-novak", SCHEMA.name) == {Literal("Ivo Novak")}
    assert of(graph, "organization/the-daily-zubrowkan", RDFS.label) == {Literal("The Daily Zubrowkan", lang="en")}


@pytest.mark.parametrize(
    ("genre", "class_"),
    [
        (None, "NewsArticle"),
        ("OPINION", "OpinionNewsArticle"),
        ("Backgrounder", "BackgroundNewsArticle"),
        ("Ode", "NewsArticle"),
    ],
)
def test_the_genre_decides_the_class(genre: str | None, class_: str) -> None:
    article = Article.create("They met.", genre=genre)
    graph = describe(Extraction(article))
    assert of(graph, article.key, RDF.type) == {SCHEMA[class_], PROV.Entity}


def test_an_article_without_a_title_is_headed_by_its_first_words() -> None:
    long = "They met at length. " * 20
    for text, wanted in (("They met.\nThey left.", "They met."), (long, f"{long[:88].strip()} …")):
        article = Article.create(text)
        (found,) = describe(Extraction(article)).objects(iri(article.key), SCHEMA.headline)
        assert str(found) == wanted


def test_every_report_claim_role_mention_and_time_leads_to_its_words() -> None:
    graph = describe()
    rested = {
        subject: {str(o) for o in graph.objects(subject, PLY.evidence / OA.hasSelector / OA.exact)}
        for kind in (PLY.Report, PLY.Mention, PLY.TimeExpression, SCHEMA.Claim, ORG.Membership)
        for subject in graph.subjects(RDF.type, kind)
    }
    assert rested == {
        iri(f"{KEY}/report/1"): {"met"},
        iri(f"{KEY}/claim/1"): {"It was useful"},
        iri(f"{KEY}/role/1"): {"President"},
        iri(f"{KEY}/role/2"): {"the Foreign Minister"},
        iri(f"{KEY}/mention/1"): {"Ana Petrova"},
        iri(f"{KEY}/mention/2"): {"Tom Harding"},
        iri(f"{KEY}/mention/3"): {"Lutz"},
        iri(f"{KEY}/time/{WHEN.span.start}-{WHEN.span.end}"): {"May 2031"},
    }


def test_offsets_count_code_points_and_the_context_is_that_of_the_text() -> None:
    graph = describe()
    for evidence in graph.subjects(RDF.type, OA.SpecificResource):
        first, last, exact, prefix, suffix = (
            str(value)
            for selected in (OA.start, OA.end, OA.exact, OA.prefix, OA.suffix)
            for value in graph.objects(evidence, OA.hasSelector / selected)
        )
        start, end = int(first), int(last)
        assert exact == TEXT[start:end]
        assert TEXT[:start].endswith(prefix)
        assert TEXT[end:].startswith(suffix)
        assert (len(prefix), len(suffix)) == (min(32, start), min(32, len(TEXT) - end))
        assert str(evidence).endswith(f"/evidence/{start}-{end}")


def test_a_report_says_what_who_where_when() -> None:
    graph, key = describe(), MET.key
    assert of(graph, key, RDF.type) == {PLY.Report, PROV.Entity}
    assert of(graph, key, PLY.reportedType) == {PLY.Meeting}
    assert of(graph, key, PLY.reportedActor) == {iri(PETROVA.key), iri(HARDING.key)}, "and nobody who is not described"
    assert of(graph, key, PLY.reportedPlace) == {iri(LUTZ.key)}
    assert of(graph, key, PLY.reportedTime) == {Literal("2031-05", datatype=EDTF)}
    assert of(graph, key, PLY.reportedEarliest) == {Literal(date(2031, 5, 1))}
    assert of(graph, key, PLY.reportedLatest) == {Literal(date(2031, 5, 31))}
    assert of(graph, key, PLY.timeExpression) == {iri(f"{KEY}/time/{WHEN.span.start}-{WHEN.span.end}")}
    assert of(graph, key, PLY.status) == {PLY.occurred}
    assert of(graph, key, PLY.reportsOn) == {iri(LINKS[key])}
    assert of(graph, key, PROV.wasDerivedFrom) == {iri(KEY)}
    assert of(graph, key, PROV.wasGeneratedBy) == {iri(f"{KEY}/run")}
    assert [str(value) for value in graph.objects(iri(key), PLY.confidence)] == ["0.93"]


def test_a_claim_says_who_how_and_on_what() -> None:
    graph, key = describe(), SAID.key
    assert of(graph, key, RDF.type) == {SCHEMA.Claim, PROV.Entity}
    assert of(graph, key, SCHEMA.author) == {iri(PETROVA.key)}
    assert of(graph, key, PLY.speakerText) == {Literal("she", lang="en")}
    assert of(graph, key, PLY.cue) == {Literal("said", lang="en")}
    assert of(graph, key, PLY.manner) == {PLY.direct}
    assert of(graph, key, SCHEMA.text) == {Literal("It was useful", lang="en")}
    assert of(graph, key, PLY.aboutReport) == {iri(MET.key)}
    assert of(graph, key, SCHEMA.about) == {iri(LINKS[MET.key])}
    assert of(graph, key, PROV.wasQuotedFrom) == {iri(KEY)}


def test_a_claim_in_pieces_by_nobody_known() -> None:
    pieces = Claim(f"{KEY}/claim/1", (span("It was"), span("useful")), Manner.MIXED)
    graph = describe(Extraction(ARTICLE, claims=(pieces,)))
    assert of(graph, pieces.key, SCHEMA.author) == {PLY.unknownSpeaker}
    assert of(graph, pieces.key, SCHEMA.text) == {Literal("It was … useful", lang="en")}
    assert len(of(graph, pieces.key, PLY.evidence)) == 2
    assert not of(graph, pieces.key, PLY.speakerText)


def test_a_role_has_one_label_however_it_is_written() -> None:
    text = "President Ana Petrova, the president, and U.S. President Tom Harding spoke."

    def at(words: str) -> Role:
        return Role(Span.of(text, text.index(words), text.index(words) + len(words)))

    article = Article.create(text)
    people = (
        Person(PETROVA.key, PETROVA.name, (Span.of(text, 10, 21),), (at("President"), at("the president"))),
        Person(HARDING.key, HARDING.name, (Span.of(text, 56, 67),), (at("U.S. President"),)),
    )
    graph = describe(Extraction(article, people))
    labels = {str(role).rpartition("/")[2]: str(label) for role, label in graph.subject_objects(SKOS.prefLabel)}
    assert labels == {"president": "president", "us-president": "US president"}
    held = [
        set(map(str, graph.objects(m, PLY.evidence / OA.hasSelector / OA.exact)))
        for m in graph.subjects(RDF.type, ORG.Membership)
    ]
    assert sorted(map(sorted, held)) == [["President", "the president"], ["U.S. President"]]


def test_an_open_time_has_one_bound_and_a_vague_one_has_none() -> None:
    words = span("May 2031")
    since = TimeExpression(words, TimexType.DATE, "2031-05", "2031-05/..", date(2031, 5, 1), None)
    graph = describe(Extraction(ARTICLE, times=(since,)))
    (subject,) = graph.subjects(RDF.type, PLY.TimeExpression)
    assert set(graph.objects(subject, PLY.earliest)) == {Literal(date(2031, 5, 1))}
    assert not set(graph.objects(subject, PLY.latest))
    vague = TimeExpression(words, TimexType.DATE, "FUTURE_REF")
    graph = describe(Extraction(ARTICLE, times=(vague,)))
    assert not set(graph.objects(None, PLY.edtf))
    assert {str(value) for value in graph.objects(None, PLY.timexValue)} == {"FUTURE_REF"}


def test_the_run_is_recorded() -> None:
    graph = describe()
    assert of(graph, f"{KEY}/run", PROV.used) == {iri(KEY)}
    assert of(graph, f"{KEY}/run", PROV.wasAssociatedWith) == {iri("agent/parley-embedded-9.9")}
    assert [str(value) for value in graph.objects(None, PROV.endedAtTime)] == ["2031-06-01T08:30:00+00:00"]


def test_the_service_that_was_asked_is_recorded() -> None:
    run, service = f"{KEY}/run", Service("zubrowka/7b:q4", "https://llm.example/v1", 5120, 2)
    graph = describe(replace(EXTRACTION, extractor="parley-llm 9.9 (zubrowka/7b:q4)", service=service))
    assert of(graph, run, PLY.model) == {Literal("zubrowka/7b:q4")}
    assert of(graph, run, PLY.service) == {URIRef("https://llm.example/v1")}
    assert of(graph, run, PLY.tokens) == {Literal(5120)}
    assert of(graph, run, PLY.unverified) == {Literal(2)}
    assert of(graph, run, PROV.wasAssociatedWith) == {iri("agent/parley-llm-9.9-zubrowka-7b-q4")}
    part = describe(replace(EXTRACTION, service=replace(service, tokens=None, unverified=None)))
    assert of(part, run, PLY.tokens) == of(part, run, PLY.unverified) == set()


def test_an_article_comes_out_of_the_store_as_it_was_described() -> None:
    """Every thing has an IRI, and the same extraction gives the same triples."""
    assert to_triples(describe()) == to_triples(describe())


def test_an_event_points_to_its_reports() -> None:
    event = Event(
        "event/2031-05-lutz-meeting",
        EventType.MEETING,
        "Meeting of Ana Petrova and Tom Harding in Lutz",
        (PETROVA.key, HARDING.key),
        (LUTZ.key,),
        "2031-05",
        date(2031, 5, 1),
        date(2031, 5, 31),
        Status.OCCURRED,
        0.93,
        (MET.key,),
    )
    graph = describe_event(event, IRIS)
    assert of(graph, event.key, RDF.type) == {SEM.Event, PLY.Meeting}
    assert of(graph, event.key, SEM.hasActor) == {iri(PETROVA.key), iri(HARDING.key)}
    assert of(graph, event.key, SEM.hasPlace) == {iri(LUTZ.key)}
    assert of(graph, event.key, PLY.time) == {Literal("2031-05", datatype=EDTF)}
    assert of(graph, event.key, SEM.hasEarliestBeginTimeStamp) == {Literal(date(2031, 5, 1))}
    assert of(graph, event.key, SEM.hasLatestEndTimeStamp) == {Literal(date(2031, 5, 31))}
    assert of(graph, event.key, PLY.report) == {iri(MET.key)}


def test_an_organization_named_in_the_text_and_its_publisher_are_one() -> None:
    text = "The Daily Zubrowkan said so."
    article = Article.create(text, publisher="The daily Zubrowkan")
    paper = Organization("organization/the-daily-zubrowkan", "The Daily Zubrowkan", (Span.of(text, 0, 19),))
    graph = describe(Extraction(article, organizations=(paper,)))
    assert of(graph, article.key, SCHEMA.publisher) == {iri(paper.key)}
    assert of(graph, paper.key, SCHEMA.name) == {Literal("The Daily Zubrowkan")}
