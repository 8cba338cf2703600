"""A timeline graph of any size, made from a seed. All names are numbers: nobody is real."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pyoxigraph as ox

from graph.store import Triple

__all__ = [
    "BASE",
    "PEOPLE",
    "PLACES",
    "REPORTS",
    "TRIPLES_PER_ARTICLE",
    "articles",
    "event_iri",
    "person_iri",
    "place_iri",
]

BASE = "https://zubrowka.example/"
PEOPLE, PLACES, COUNTRIES = 2_000, 400, 40
#: Reports and claims of one article; with what is said of each, about this many triples.
REPORTS, CLAIMS, TRIPLES_PER_ARTICLE = 6, 5, 141
_PLY = "https://parley.example/ontology#"
_SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
_SCHEMA = "https://schema.org/"
_PROV = "http://www.w3.org/ns/prov#"
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
_TYPES = ("Summit", "Meeting", "Visit", "Call", "Agreement", "Negotiation", "Statement", "Conflict")
_STATUSES = ("occurred",) * 8 + ("planned", "cancelled")
_WORDS = ("talks", "border", "treaty", "grain", "missile", "river", "tariff", "embassy", "truce", "harbour")
_FIRST_DAY = date(1990, 1, 1)
_DAYS = 12_000


def _ply(name: str) -> ox.NamedNode:
    return ox.NamedNode(_PLY + name)


def _sem(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SEM + name)


def _schema(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SCHEMA + name)


def _prov(name: str) -> ox.NamedNode:
    return ox.NamedNode(_PROV + name)


def person_iri(number: int) -> str:
    """Return the IRI of a person, from 0 to ``PEOPLE`` - 1; low numbers are in more events."""
    return f"{BASE}person/{number}"


def place_iri(number: int) -> str:
    """Return the IRI of a place, from 0 to ``PLACES`` - 1."""
    return f"{BASE}place/{number}"


def event_iri(number: int) -> str:
    """Return the IRI of an event."""
    return f"{BASE}event/{number}"


def articles(quads: int, seed: int = 1) -> Iterator[tuple[str, frozenset[Triple]]]:
    """Yield the named graph of each article, with its triples; a store with their merge has about so many quads.

    Three reports in four are of an event of their own; the others tell of an event that an earlier article told of.
    """
    chance = random.Random(seed)
    number = max(1, quads // (2 * TRIPLES_PER_ARTICLE))
    for n in range(number):
        yield f"{BASE}graph/article/{n}", frozenset(_article(n, chance))


def _article(n: int, chance: random.Random) -> Iterator[Triple]:
    article = ox.NamedNode(f"{BASE}article/{n}")
    published = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
    yield Triple(article, _TYPE, _schema("NewsArticle"))
    yield Triple(article, _schema("headline"), ox.Literal(f"Of {_words(chance)} and {_words(chance)} ({n})"))
    yield Triple(article, _schema("datePublished"), _day(published))
    events = []
    for i in range(REPORTS):
        own = n * REPORTS + i
        event = own if i % 4 or n == 0 else chance.randrange(own)
        events.append(event)
        report = ox.NamedNode(f"{BASE}article/{n}/report/{i}")
        yield from _event(event)
        yield Triple(ox.NamedNode(event_iri(event)), _ply("report"), report)
        yield Triple(report, _TYPE, _ply("Report"))
        yield Triple(report, _prov("wasDerivedFrom"), article)
        yield Triple(report, _ply("confidence"), _decimal(chance))
    for i in range(CLAIMS):
        yield from _claim(article, i, chance.choice(events), chance)


def _event(number: int) -> Iterator[Triple]:
    """Yield what is said of an event: always the same, so that it is the same in each article."""
    chance = random.Random(number)
    event = ox.NamedNode(event_iri(number))
    kind, status = chance.choice(_TYPES), chance.choice(_STATUSES)
    start = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
    end = start + timedelta(days=chance.choice((0, 0, 0, 1, 2, 30)))
    yield Triple(event, _TYPE, _sem("Event"))
    yield Triple(event, _TYPE, _ply(kind))
    yield Triple(event, _LABEL, ox.Literal(f"{kind} on {_words(chance)}, {start.isoformat()}", language="en"))
    yield Triple(event, _ply("status"), _ply(status))
    yield Triple(event, _ply("time"), ox.Literal(start.isoformat() if start == end else f"{start}/{end}"))
    yield Triple(event, _sem("hasEarliestBeginTimeStamp"), _day(start))
    yield Triple(event, _sem("hasLatestEndTimeStamp"), _day(end))
    for _ in range(2):
        person = _skewed(chance, PEOPLE)
        node = ox.NamedNode(person_iri(person))
        yield Triple(event, _sem("hasActor"), node)
        yield Triple(node, _TYPE, _schema("Person"))
        yield Triple(node, _schema("name"), ox.Literal(f"Person {person}"))
    place = _skewed(chance, PLACES)
    node, country = ox.NamedNode(place_iri(place)), ox.NamedNode(f"{BASE}country/{place % COUNTRIES}")
    yield Triple(event, _sem("hasPlace"), node)
    yield Triple(node, _TYPE, _schema("Place"))
    yield Triple(node, _schema("name"), ox.Literal(f"Place {place}"))
    yield Triple(node, _schema("containedInPlace"), country)


def _claim(article: ox.NamedNode, i: int, event: int, chance: random.Random) -> Iterator[Triple]:
    claim = ox.NamedNode(f"{article.value}/claim/{i}")
    yield Triple(claim, _TYPE, _schema("Claim"))
    yield Triple(claim, _schema("about"), ox.NamedNode(event_iri(event)))
    yield Triple(claim, _schema("author"), ox.NamedNode(person_iri(_skewed(chance, PEOPLE))))
    yield Triple(claim, _schema("text"), ox.Literal(" ".join(chance.choices(_WORDS, k=12))))
    yield Triple(claim, _ply("manner"), _ply(chance.choice(("quoted", "reported"))))
    yield Triple(claim, _prov("wasQuotedFrom"), article)


def _skewed(chance: random.Random, number: int) -> int:
    """A few are in much of the news, as in life."""
    return int(number * chance.random() ** 3)


def _words(chance: random.Random) -> str:
    return " ".join(chance.sample(_WORDS, 2))


def _day(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=_DATE)


def _decimal(chance: random.Random) -> ox.Literal:
    return ox.Literal(
        f"0.{chance.randrange(10, 100)}", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    )
