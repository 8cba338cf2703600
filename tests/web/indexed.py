"""A small timeline with all that the index has of events, made from a seed."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyoxigraph as ox

from graph.edtf import bounds
from graph.index import Index, build
from graph.iris import Iris
from web.timeline.timeline import Timeline

__all__ = ["BASE", "PEOPLE", "PLACES", "SCHEMA", "WORDS", "made", "quads"]

BASE = "https://zubrowka.example/"
PLY = "https://parley.example/ontology#"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
SCHEMA = "https://schema.org/"
PEOPLE = {"ana-petrova": "Ana Petrová", "tom-harding": "Tom Harding", "ngozi-okoro": "Ngozi Okoro"}
PLACES = {"lutz": "Lutz", "nebelsbad": "Nebelsbad"}
WORDS = ("talks", "border", "grain", "river", "treaty", "Straße", "türm", "harbour")
TIMES = (
    "2019-02-28",
    "2019-02",
    "2019",
    "2018-12-31/2019-01-02",
    "2019-03/..",
    "../2018-06",
    "2020-02-29",
    "2021-06-12~",
)


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def thing(key: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{key}")


def quads() -> Iterator[ox.Quad]:
    """Yield 150 events with all that the timeline shows of them."""
    chance = random.Random(4)
    kind, label = (
        node("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        node("http://www.w3.org/2000/01/rdf-schema#label"),
    )
    for names, of, called in (
        (PEOPLE, "person", "Person"),
        (PLACES, "place", "Place"),
        ({"gazette": "Gazette"}, "organization", "Organization"),
    ):
        for slug, name in names.items():
            yield ox.Quad(thing(f"{of}/{slug}"), kind, node(SCHEMA + called))
            yield ox.Quad(thing(f"{of}/{slug}"), label, ox.Literal(name))
    for n in range(150):
        event, report = thing(f"event/{n:03}"), thing(f"article/{n % 40}/report/{n}")
        yield ox.Quad(event, kind, node(f"{SEM}Event"))
        yield ox.Quad(event, kind, node(PLY + chance.choice(("Summit", "Visit", "Call"))))
        yield ox.Quad(event, label, ox.Literal(" ".join(chance.choices(WORDS, k=3))))
        yield ox.Quad(
            event, node(f"{PLY}status"), node(PLY + chance.choice(("occurred", "occurred", "planned", "cancelled")))
        )
        if chance.random() < 0.9:
            yield ox.Quad(event, node(f"{PLY}confidence"), ox.Literal(round(chance.random(), 2)))
        if chance.random() < 0.9:
            time = chance.choice(TIMES) if n % 2 else str(date(2015, 1, 1) + timedelta(days=chance.randrange(3000)))
            yield ox.Quad(event, node(f"{PLY}time"), ox.Literal(time))
            for name, day in zip(("hasEarliestBeginTimeStamp", "hasLatestEndTimeStamp"), bounds(time), strict=True):
                if day:
                    yield ox.Quad(event, node(SEM + name), ox.Literal(day.isoformat()))
        for slug in chance.sample(sorted(PEOPLE), chance.randrange(3)):
            yield ox.Quad(event, node(f"{SEM}hasActor"), thing(f"person/{slug}"))
        if chance.random() < 0.6:
            yield ox.Quad(event, node(f"{SEM}hasPlace"), thing(f"place/{chance.choice(sorted(PLACES))}"))
        if n % 11 == 0:  # a country
            yield ox.Quad(event, node(f"{SEM}hasActor"), thing("place/nebelsbad"))
        yield ox.Quad(event, node(f"{PLY}report"), report)
        yield ox.Quad(report, node("http://www.w3.org/ns/prov#wasDerivedFrom"), thing(f"article/{n % 40}"))
        yield ox.Quad(report, node(f"{PLY}evidence"), thing(f"article/{n % 40}/evidence/{n}"))
        yield ox.Quad(
            thing(f"article/{n % 40}/evidence/{n}"),
            node("http://www.w3.org/ns/oa#hasSelector"),
            thing(f"article/{n % 40}/quote/{n}"),
        )
        yield ox.Quad(
            thing(f"article/{n % 40}/quote/{n}"),
            node("http://www.w3.org/ns/oa#exact"),
            ox.Literal(" ".join(chance.choices(WORDS, k=6))),
        )
        if n % 7 == 0:
            claim = thing(f"article/{n % 40}/claim/{n}")
            yield ox.Quad(claim, kind, node(f"{SCHEMA}Claim"))
            yield ox.Quad(claim, node(f"{SCHEMA}about"), event)
            yield ox.Quad(claim, node(f"{SCHEMA}author"), thing(f"person/{chance.choice(sorted(PEOPLE))}"))
            if n % 5 == 0:  # a country
                yield ox.Quad(claim, node(f"{SCHEMA}author"), thing("place/nebelsbad"))
            yield ox.Quad(claim, node(f"{SCHEMA}text"), ox.Literal("the gate, the bridge"))


def made(folder: Path) -> Timeline:
    store = ox.Store()
    store.bulk_extend(quads())
    build(store, Iris(BASE), folder / "index")
    return Timeline(Index(folder / "index"))
