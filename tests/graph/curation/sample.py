"""Three articles about one summit, with what is found in them, and a dataset of them."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from graph.article import Article
from graph.extract.model import (
    Claim,
    EventType,
    Extraction,
    Manner,
    Person,
    Place,
    PlaceKind,
    Report,
    Role,
    Span,
    TimeExpression,
    TimexType,
)
from graph.extract.runner import Extracted
from graph.gate.gate import Gate
from graph.ingest.ingester import Ingester, Result
from graph.iris import Iris
from graph.publish import publish
from graph.rdf import to_graph
from graph.settings import Settings
from graph.store import Dataset

BASE = "https://zubrowka.example/"
IRIS = Iris(BASE)
HEAD = """@prefix ply: <https://parley.example/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix edtf: <http://id.loc.gov/datatypes/> .
"""
SIGNED = 'dct:creator "Ngozi Okoro" ; dct:created "2021-06-01T10:00:00Z"^^xsd:dateTime ; rdfs:comment "It is so." .\n'
TEXTS = {
    "varenna": "President Ana Petrova met Tom Harding in Varenna on 2 May 2021. Petrova said the talks went well.",
    "courier": "Anna Petrova met Tom Harding in Varenna on 4 May 2021. Ivo Novak said the summit was a failure. "
    "Ngozi Okoro visited Lutz.",
    "novak": "Ana Petrova met Tom Harding in Varenna on 2 May 2021, said Ivo Novak. Harding telephoned Ngozi Okoro.",
}
DAYS = {"varenna": "2021-05-03", "courier": "2021-05-06", "novak": "2021-05-08"}
PETROVA, ANNA, HARDING = "person/ana-petrova", "person/anna-petrova", "person/tom-harding"
NOVAK, OKORO = "person/ivo-novak", "person/ngozi-okoro"
VARENNA, LUTZ = "place/varenna", "place/lutz"


PEOPLE = {
    PETROVA: "Ana Petrova",
    ANNA: "Anna Petrova",
    HARDING: "Tom Harding",
    NOVAK: "Ivo Novak",
    OKORO: "Ngozi Okoro",
}
PLACES = {VARENNA: "Varenna", LUTZ: "Lutz"}
#: The words of a report and what it tells; those of whom it names stand before and in them.
REPORTS = (
    ("met Tom Harding in Varenna on 2 May", EventType.SUMMIT, (PETROVA, HARDING), VARENNA, 2),
    ("met Tom Harding in Varenna on 4 May", EventType.SUMMIT, (ANNA, HARDING), VARENNA, 4),
    ("visited Lutz", EventType.VISIT, (OKORO,), LUTZ, None),
    ("telephoned Ngozi Okoro", EventType.CALL, (HARDING, OKORO), None, None),
)
#: What is said, by whom, and the words that name the speaker.
CLAIMS = (
    ("the talks went well", PETROVA, "Petrova said"),
    ("the summit was a failure", NOVAK, "Ivo Novak said"),
    ("Ana Petrova met Tom Harding in Varenna on 2 May 2021", NOVAK, "said Ivo Novak"),
)


def _found(article: Article) -> Extraction:
    """Return what the tables above have for an article's text."""
    text = article.text

    def span(words: str) -> Span:
        start = text.index(words)
        return Span(start, start + len(words), words)

    reports: list[Report] = []
    times: dict[Span, TimeExpression] = {}
    for words, kind, who, where, day in REPORTS:
        if words not in text:
            continue
        when = date(2021, 5, day) if day else None
        dated = (span(f"{day} May 2021"),) if when else ()
        stamp = when.isoformat() if when else None
        key = f"{article.key}/report/{len(reports) + 1}"
        places = (where,) if where else ()
        reports.append(Report(key, kind, words, (span(words),), who, places, stamp, when, when, dated, confidence=0.9))
        for place in dated:
            times[place] = TimeExpression(place, TimexType.DATE, str(stamp), stamp, when, when, 0.9)
    claims: list[Claim] = []
    for said, speaker, naming in CLAIMS:
        if said in text and naming in text:
            key = f"{article.key}/claim/{len(claims) + 1}"
            cue, name = span("said"), span(naming.replace("said", "").strip())
            about = tuple(report.key for report in reports[:1])
            claims.append(Claim(key, (span(said),), Manner.INDIRECT, (speaker,), name, cue, about, 0.8))
    roles = (Role(span("President")),) if "President" in text else ()
    return Extraction(
        article,
        people=tuple(
            Person(key, name, (span(name),), roles if key == PETROVA else ())
            for key, name in PEOPLE.items()
            if name in text
        ),
        places=tuple(
            Place(key, name, PlaceKind.CITY, (span(name),), latitude=46.01, longitude=9.28)
            for key, name in PLACES.items()
            if name in text
        ),
        times=tuple(times.values()),
        reports=tuple(reports),
        claims=tuple(claims),
    )


def extract(articles: Iterator[Article]) -> Iterator[Extracted]:
    """Find what is in the sample's articles."""
    return ((article.key, _found(article)) for article in articles)


def make(
    folder: Path, *names: str, runner: Callable[[Iterator[Article]], Iterator[Extracted]] = extract, **changed: str
) -> Dataset:
    """Make a dataset, or ingest into it, and publish it.

    :param names: articles of the sample; all if none is named.
    :param changed: article -> its text, if it is another one.
    """
    dataset = Dataset.open_or_create(folder / "dataset", default=BASE)
    paths = []
    for name in names or TEXTS:
        path = folder / f"{name}.md"
        head = f"---\ntitle: {name}\npublished: {DAYS[name]}\nurl: https://news.example/{name}\n---\n\n"
        path.write_text(head + changed.get(name, TEXTS[name]) + "\n", "utf-8")
        paths.append(str(path))
    given = Settings(dataset=dataset.path)
    with Ingester(dataset, given) as ingester:
        for outcome in ingester.ingest(paths, runner=runner):
            assert outcome.result is not Result.REFUSED, outcome.error
            assert outcome.error is None, outcome.error
    publish(dataset, given)
    return dataset


def key_of(name: str) -> str:
    """Return the key of an article of the sample."""
    return Article.create("x", url=f"https://news.example/{name}").key


#: The events of the sample, and its articles.
SUMMIT, COURIER = "event/2021-05-02-varenna-summit", "event/2021-05-04-varenna-summit"
VISIT, CALL = "event/lutz-visit", "event/ngozi-okoro-tom-harding-call"
A, B, C = (key_of(name) for name in ("varenna", "courier", "novak"))


class Reader:
    """What a published store says, in keys."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    @classmethod
    def of(cls, dataset: Dataset) -> "Reader":
        generation = dataset.current()
        assert generation is not None
        reader = cls(generation.open())
        reader._generation = generation  # type: ignore[attr-defined]  # keeps the files
        return reader

    def values(self, key: str, prop: str, graph: str | None = None) -> set[str]:
        """Return the values of a property (with its prefix) as keys and words.

        :param graph: name of a named graph; the default graph if None.
        """
        prefix, _, local = prop.partition(":")
        namespace = HEAD.partition(f"@prefix {prefix}: <")[2].partition(">")[0] if prefix != "prov" else _PROV
        where = ox.DefaultGraph() if graph is None else ox.NamedNode(f"{BASE}graph/{graph}")
        quads = self.store.quads_for_pattern(
            ox.NamedNode(IRIS.thing(key)), ox.NamedNode(namespace + local), None, where
        )
        return {_short(quad.object) for quad in quads}

    def says(self, key: str, graph: str | None = None) -> bool:
        """Tell whether anything is said of a thing."""
        where = ox.DefaultGraph() if graph is None else ox.NamedNode(f"{BASE}graph/{graph}")
        return any(True for _ in self.store.quads_for_pattern(ox.NamedNode(IRIS.thing(key)), None, None, where))

    def event(self, article: str, number: int = 1) -> str:
        """Return the key of the event that a report is on."""
        (event,) = self.values(f"{key_of(article)}/report/{number}", "ply:reportsOn")
        return event

    def refusals(self) -> str:
        """Return in words what the gate finds wrong with all that is published."""
        merged = (quad.triple for quad in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        return "".join(f"{violation}\n" for violation in Gate().check(to_graph(merged)).violations)

    def merge(self) -> set[ox.Triple]:
        """Return all of the default graph."""
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph())}


_PROV = "http://www.w3.org/ns/prov#"


def _short(term: object) -> str:
    value = str(getattr(term, "value", term))
    return IRIS.key(value) or value.removeprefix("https://parley.example/ontology#")


def merge(name: str, stays: str, *others: str) -> str:
    """Return a merge in Turtle."""
    targets = ", ".join(f"<{key}>" for key in (stays, *others))
    return f"<curation/{name}> a ply:Merge ; ply:target {targets} ; ply:into <{stays}> ; {SIGNED}"


def say(name: str, action: str, target: str, prop: str, *values: str) -> str:
    """Return a correction or addition in Turtle."""
    said = f"ply:target <{target}> ; ply:property {prop} ; ply:value {', '.join(values)}"
    return f"<curation/{name}> a ply:{action} ; {said} ; {SIGNED}"


def reject(name: str, *targets: str) -> str:
    """Return a rejection in Turtle."""
    return f"<curation/{name}> a ply:Rejection ; ply:target {', '.join(f'<{key}>' for key in targets)} ; {SIGNED}"


def curate(dataset: Dataset, turtle: str, name: str = "curations") -> Reader:
    """Write curations into the dataset's folder, publish, and return what readers see then.

    :param turtle: the curations; ``SIGNED`` ends each.
    """
    dataset.curation_path.mkdir(exist_ok=True)
    (dataset.curation_path / f"{name}.ttl").write_text(HEAD + turtle, "utf-8")
    publish(dataset, Settings(dataset=dataset.path))
    return Reader.of(dataset)
