"""A dataset with a timeline of any size, made from a seed. All names are numbers and all words are made up."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate, islice
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
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_FIRST, _DAYS = date(1945, 1, 1), 29_000
_VOCABULARY = 20_000
_SYLLABLES = ("ba", "do", "fi", "gu", "ke", "la", "mo", "nu", "pa", "ri", "so", "ta", "ve", "zu", "che", "dra", "lin")
#: Events told by one article, and events of which one has a claim.
_PER_ARTICLE, _PER_CLAIM = 6, 3
_QUOTED = 18
#: Statements loaded at once: the loader sorts them in memory.
_LOADED = 2_000_000


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
    statements = _statements(events, random.Random(seed))
    # As text, which the engine reads faster than Python makes terms.
    while part := "".join(islice(statements, _LOADED)):
        store.bulk_load(part.encode(), ox.RdfFormat.N_TRIPLES)
    store.flush()
    del store
    dataset = Dataset.open(path)

    def index(copy: Path) -> None:
        build(ox.Store.read_only(str(copy)), dataset.iris, copy / FOLDER)

    dataset.publish(amendment=Amendment("", index))
    return dataset


def _statements(events: int, chance: random.Random) -> Iterator[str]:
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
        article = f"article/{n // _PER_ARTICLE}"
        if n % _PER_ARTICLE == 0:
            yield _statement(article, _TYPE, _node(_SCHEMA, "NewsArticle"))
            yield _statement(article, _node(_SCHEMA, "headline"), _text(said(6)))
            publisher = f"organization/{_skewed(chance, publishers)}"
            yield _statement(article, _node(_SCHEMA, "publisher"), _thing(publisher))
        yield from _event(n, article, chance, said, people, places)


def _event(
    n: int, article: str, chance: random.Random, said: Callable[[int], str], people: int, places: int
) -> Iterator[str]:
    event, report = f"event/{n}", f"{article}/report/{n % _PER_ARTICLE}"
    kind, start = chance.choice(TYPES), _FIRST + timedelta(days=int(_DAYS * chance.random() ** 0.5))
    shape = chance.random()
    end: date | None = start + timedelta(days=chance.choice((0, 0, 0, 1, 2)))
    time = start.isoformat() if end == start else f"{start}/{end}"
    if shape < 0.15:  # known to the month
        start, time = start.replace(day=1), f"{start:%Y-%m}"
        end = start + timedelta(days=27)
    elif shape < 0.18:  # open
        end, time = None, f"{start}/.."
    yield _statement(event, _TYPE, _node(_SEM, "Event"))
    yield _statement(event, _TYPE, _node(_PLY, kind))
    yield _statement(event, _LABEL, _text(f"{kind} on {said(3)}") + "@en")
    yield _statement(event, _node(_PLY, "status"), _node(_PLY, chance.choice(_STATUSES)))
    yield _statement(event, _node(_PLY, "confidence"), _typed(f"0.{chance.randrange(30, 100)}", "decimal"))
    if shape < 0.99:  # else undated
        yield _statement(event, _node(_PLY, "time"), _text(time))
        yield _statement(event, _node(_SEM, "hasEarliestBeginTimeStamp"), _typed(start.isoformat(), "date"))
        if end is not None:
            yield _statement(event, _node(_SEM, "hasLatestEndTimeStamp"), _typed(end.isoformat(), "date"))
    for _ in range(2):
        yield _statement(event, _node(_SEM, "hasActor"), _thing(f"person/{_skewed(chance, people)}"))
    yield _statement(event, _node(_SEM, "hasPlace"), _thing(f"place/{_skewed(chance, places)}"))
    yield _statement(event, _node(_PLY, "report"), _thing(report))
    yield _statement(report, _TYPE, _node(_PLY, "Report"))
    yield _statement(report, _node(_PLY, "reportsOn"), _thing(event))
    yield _statement(report, _node(_PROV, "wasDerivedFrom"), _thing(article))
    evidence = f"{report}/evidence"
    selector = f"{report}/quote"
    yield _statement(report, _node(_PLY, "evidence"), _thing(evidence))
    yield _statement(evidence, _node(_OA, "hasSelector"), _thing(selector))
    yield _statement(selector, _node(_OA, "exact"), _text(said(_QUOTED)))
    if n % _PER_CLAIM == 0:
        claim = f"{article}/claim/{n % _PER_ARTICLE}"
        yield _statement(claim, _TYPE, _node(_SCHEMA, "Claim"))
        yield _statement(claim, _node(_SCHEMA, "about"), _thing(event))
        yield _statement(claim, _node(_SCHEMA, "author"), _thing(f"person/{_skewed(chance, people)}"))
        yield _statement(claim, _node(_SCHEMA, "text"), _text(said(_QUOTED)))
        yield _statement(claim, _node(_PROV, "wasQuotedFrom"), _thing(article))


def _named(key: str, kind: str, name: str) -> Iterator[str]:
    yield _statement(key, _TYPE, _node(_SCHEMA, kind))
    yield _statement(key, _LABEL, _text(name))


def _statement(key: str, predicate: str, value: str) -> str:
    return f"{_thing(key)} {predicate} {value} .\n"


def _thing(key: str) -> str:
    return f"<{BASE}id/{key}>"


def _node(namespace: str, name: str) -> str:
    return f"<{namespace}{name}>"


def _text(text: str) -> str:
    return f'"{text}"'  # nothing here needs escapes


def _typed(text: str, kind: str) -> str:
    return f"{_text(text)}^^{_node(_XSD, kind)}"


def _skewed(chance: random.Random, number: int) -> int:
    """A few are in much of the news, as in life."""
    return int(number * chance.random() ** 3)
