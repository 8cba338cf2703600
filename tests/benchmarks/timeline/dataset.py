"""A dataset with a timeline of any size, made from a seed. All names are numbers and all words are made up."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import pyoxigraph as ox

from graph.index import FOLDER, build
from graph.store import Dataset
from graph.store.generations import Amendment

__all__ = ["BASE", "TYPES", "make_dataset", "word"]

BASE = "https://zubrowka.example/"
TYPES = ("Summit", "Meeting", "Visit", "Call", "Agreement", "Negotiation", "Statement", "Conflict")
_STATUSES = ("occurred",) * 8 + ("planned", "cancelled")
_PLY = "https://parley.example/ontology#"
_SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
_SCHEMA = "https://schema.org/"
_PROV = "http://www.w3.org/ns/prov#"
_OA = "http://www.w3.org/ns/oa#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_FIRST, _DAYS = date(1945, 1, 1), 29_000
_VOCABULARY = 20_000
_SYLLABLES = ("ba", "do", "fi", "gu", "ke", "la", "mo", "nu", "pa", "ri", "so", "ta", "ve", "zu", "che", "dra", "lin")
#: Events told by one article, and events of which one has a claim.
_PER_ARTICLE, _PER_CLAIM = 6, 3
_QUOTED = 18


def word(rank: int) -> str:
    """Return the word of a rank, from 0: the most frequent one. Frequencies are as Zipf (1949) has them."""
    text, rest = "", rank + 1
    while rest:
        rest, digit = divmod(rest, len(_SYLLABLES))
        text += _SYLLABLES[digit]
    return text


def make_dataset(path: Path, events: int, seed: int = 1) -> Dataset:
    """Make and publish a dataset with so many events, or open the one that is there.

    Its history is not written: no page of the timeline reads it, and it takes as long as all the rest.
    """
    if path.exists():
        return Dataset.open(path)
    dataset = Dataset.create(path, BASE)
    with dataset.writer():
        pass  # so that the store is there, with its own description
    store = ox.Store(str(path / "store"))
    store.bulk_extend(_quads(events, random.Random(seed)))
    store.flush()
    del store
    dataset = Dataset.open(path)

    def index(copy: Path) -> None:
        build(ox.Store.read_only(str(copy)), dataset.iris, copy / FOLDER)

    dataset.publish(amendment=Amendment("", index))
    return dataset


def _quads(events: int, chance: random.Random) -> Iterator[ox.Quad]:
    people, places, publishers = max(200, events // 50), max(50, events // 500), max(10, events // 5000)
    for kind, count, name in (("person", people, "Person"), ("place", places, "Place")):
        for n in range(count):
            yield from _named(f"{kind}/{n}", name, f"{name} {n}")
    for n in range(publishers):
        yield from _named(f"organization/{n}", "Organization", f"Gazette {n}")
    weights = list(accumulate(1 / (rank + 1) for rank in range(_VOCABULARY)))
    words = [word(rank) for rank in range(_VOCABULARY)]

    def said(count: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=count))

    for n in range(events):
        article = _thing(f"article/{n // _PER_ARTICLE}")
        if n % _PER_ARTICLE == 0:
            yield ox.Quad(article, _TYPE, _node(_SCHEMA, "NewsArticle"))
            yield ox.Quad(article, _node(_SCHEMA, "headline"), ox.Literal(said(6)))
            yield ox.Quad(article, _node(_SCHEMA, "publisher"), _thing(f"organization/{_skewed(chance, publishers)}"))
        yield from _event(n, article, chance, said, people, places)


def _event(
    n: int, article: ox.NamedNode, chance: random.Random, said: Callable[[int], str], people: int, places: int
) -> Iterator[ox.Quad]:
    event, report = _thing(f"event/{n}"), _thing(f"{article.value.partition('/id/')[2]}/report/{n % _PER_ARTICLE}")
    kind, start = chance.choice(TYPES), _FIRST + timedelta(days=int(_DAYS * chance.random() ** 0.5))
    shape = chance.random()
    end: date | None = start + timedelta(days=chance.choice((0, 0, 0, 1, 2)))
    time = start.isoformat() if end == start else f"{start}/{end}"
    if shape < 0.15:  # known to the month
        start, time = start.replace(day=1), f"{start:%Y-%m}"
        end = start + timedelta(days=27)
    elif shape < 0.18:  # open
        end, time = None, f"{start}/.."
    yield ox.Quad(event, _TYPE, _node(_SEM, "Event"))
    yield ox.Quad(event, _TYPE, _node(_PLY, kind))
    yield ox.Quad(event, _LABEL, ox.Literal(f"{kind} on {said(3)}", language="en"))
    yield ox.Quad(event, _node(_PLY, "status"), _node(_PLY, chance.choice(_STATUSES)))
    yield ox.Quad(event, _node(_PLY, "confidence"), _typed(f"0.{chance.randrange(30, 100)}", "decimal"))
    if shape < 0.99:  # else undated
        yield ox.Quad(event, _node(_PLY, "time"), ox.Literal(time))
        yield ox.Quad(event, _node(_SEM, "hasEarliestBeginTimeStamp"), _typed(start.isoformat(), "date"))
        if end is not None:
            yield ox.Quad(event, _node(_SEM, "hasLatestEndTimeStamp"), _typed(end.isoformat(), "date"))
    for _ in range(2):
        yield ox.Quad(event, _node(_SEM, "hasActor"), _thing(f"person/{_skewed(chance, people)}"))
    yield ox.Quad(event, _node(_SEM, "hasPlace"), _thing(f"place/{_skewed(chance, places)}"))
    yield ox.Quad(event, _node(_PLY, "report"), report)
    yield ox.Quad(report, _TYPE, _node(_PLY, "Report"))
    yield ox.Quad(report, _node(_PLY, "reportsOn"), event)
    yield ox.Quad(report, _node(_PROV, "wasDerivedFrom"), article)
    evidence = _thing(f"{report.value.partition('/id/')[2]}/evidence")
    selector = _thing(f"{report.value.partition('/id/')[2]}/quote")
    yield ox.Quad(report, _node(_PLY, "evidence"), evidence)
    yield ox.Quad(evidence, _node(_OA, "hasSelector"), selector)
    yield ox.Quad(selector, _node(_OA, "exact"), ox.Literal(said(_QUOTED)))
    if n % _PER_CLAIM == 0:
        claim = _thing(f"{article.value.partition('/id/')[2]}/claim/{n % _PER_ARTICLE}")
        yield ox.Quad(claim, _TYPE, _node(_SCHEMA, "Claim"))
        yield ox.Quad(claim, _node(_SCHEMA, "about"), event)
        yield ox.Quad(claim, _node(_SCHEMA, "author"), _thing(f"person/{_skewed(chance, people)}"))
        yield ox.Quad(claim, _node(_SCHEMA, "text"), ox.Literal(said(_QUOTED)))
        yield ox.Quad(claim, _node(_PROV, "wasQuotedFrom"), article)


def _named(key: str, kind: str, name: str) -> Iterator[ox.Quad]:
    yield ox.Quad(_thing(key), _TYPE, _node(_SCHEMA, kind))
    yield ox.Quad(_thing(key), _LABEL, ox.Literal(name))


def _thing(key: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{key}")


def _node(namespace: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(namespace + name)


def _typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(_XSD + kind))


def _skewed(chance: random.Random, number: int) -> int:
    """A few are in much of the news, as in life."""
    return int(number * chance.random() ** 3)
