"""Somebody with more events and claims than a page shows: what the page counts and shows is what a plain look finds."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.store import Change, Dataset
from graph.vocabulary import OA, PLY, PROV, RDF, RDFS, SCHEMA, SEM
from tests.web.pages import fetch
from tests.web.serving import application

BASE = "https://zubrowka.example/"
NAMES = {
    "person/ana-petrova": "Ana Petrova",
    "person/tom-harding": "Tom Harding",
    "person/ngozi-okoro": "Ngozi Okoro",
    "person/ivo-novak": "Ivo Novak",
    "organization/gazette": "Gazette",
    "place/lutz": "Lutz",
    "place/nebelsbad": "Nebelsbad",
    "place/zubrowka": "Zubrowka",
}
ANA, TOM, NGOZI, IVO = list(NAMES)[:4]


class Event(NamedTuple):
    key: str
    type: str
    status: str
    confidence: float
    day: date | None
    actors: tuple[str, ...]
    place: str


class Claim(NamedTuple):
    key: str
    article: str
    start: int
    confidence: float
    about: tuple[str, ...]
    text: str
    exact: str
    repeats: str


def _event(n: int) -> Event:
    others = [other for other, step in ((TOM, 2), (NGOZI, 3), (IVO, 5), ("place/zubrowka", 4)) if n % step == 0]
    return Event(
        f"event/{n:03}",
        ("Summit", "Visit", "Statement")[n % 3 if n % 6 else 0],
        "planned" if n % 10 == 9 else "occurred",
        0.9 if n % 4 else 0.5,
        date(2001, 1, 1) + timedelta(days=37 * (n * 7 % 130)) if n % 13 else None,
        (ANA, *others) if n < 130 else (TOM,),
        "place/lutz" if n % 7 else "place/nebelsbad",
    )


EVENTS = [_event(n) for n in range(140)]
#: Every seventh article has no day.
PUBLISHED = {f"article/{n:02}": None if n % 7 == 6 else date(2020, 5, 1) - timedelta(days=n * 3) for n in range(60)}


def _claim(n: int) -> Claim:
    article = f"article/{n % 60:02}"
    about = (EVENTS[n % 130].key, EVENTS[n * 11 % 140].key)
    words = f"grain number {n}" if n % 3 else f"no word of Harding on {n}"
    # Of three of one article the second is a part of the first one's article, where it stands later.
    repeats = f"article/{(n - 7) % 60:02}/claim/{n - 7:03}" if n > 200 else ""
    return Claim(
        f"{article}/claim/{n:03}", article, 1000 - n, 0.9 if n % 5 else 0.4, about, words, f"the bridge {n}", repeats
    )


CLAIMS = [_claim(n) for n in range(230)]


def _triples() -> Iterator[tuple[str, object, object]]:
    for key, name in NAMES.items():
        yield key, RDF.type, SCHEMA[key.partition("/")[0].capitalize()]
        yield key, RDFS.label, name
    yield "place/lutz", SCHEMA.latitude, 46.2
    yield "place/lutz", SCHEMA.longitude, 6.1
    yield "place/zubrowka", SCHEMA.latitude, 48.0
    yield "place/zubrowka", SCHEMA.longitude, 14.0
    for event in EVENTS:
        yield event.key, RDF.type, SEM.Event
        yield event.key, RDF.type, PLY[event.type]
        yield event.key, RDFS.label, f"Talks {event.key[-3:]}"
        yield event.key, PLY.status, PLY[event.status]
        yield event.key, PLY.confidence, event.confidence
        yield event.key, SEM.hasPlace, f"id/{event.place}"
        for actor in event.actors:
            yield event.key, SEM.hasActor, f"id/{actor}"
        if event.day:
            yield event.key, PLY.time, event.day.isoformat()
            yield event.key, SEM.hasEarliestBeginTimeStamp, event.day
            yield event.key, SEM.hasLatestEndTimeStamp, event.day
    for article, day in PUBLISHED.items():
        yield article, RDF.type, SCHEMA.NewsArticle
        yield article, SCHEMA.headline, f"Paper {article[-2:]}"
        yield article, SCHEMA.publisher, "id/organization/gazette"
        yield article, SCHEMA.mentions, f"id/{ANA}"
        if day:
            yield article, SCHEMA.datePublished, day
    for claim in CLAIMS:
        yield claim.key, RDF.type, SCHEMA.Claim
        yield claim.key, SCHEMA.author, f"id/{ANA}"
        yield claim.key, SCHEMA.text, claim.text
        yield claim.key, PLY.confidence, claim.confidence
        yield claim.key, PROV.wasQuotedFrom, f"id/{claim.article}"
        yield claim.key, PLY.evidence, f"id/{claim.key}/evidence"
        yield f"{claim.key}/evidence", OA.hasSelector, f"id/{claim.key}/quote"
        yield f"{claim.key}/evidence", OA.hasSelector, f"id/{claim.key}/position"
        yield f"{claim.key}/quote", OA.exact, claim.exact
        yield f"{claim.key}/position", OA.start, claim.start
        for key in claim.about:
            yield claim.key, SCHEMA.about, f"id/{key}"
        if claim.repeats:
            yield claim.key, PLY.repeats, f"id/{claim.repeats}"


def _term(value: object) -> ox.NamedNode | ox.Literal:
    if isinstance(value, str) and value.startswith("id/"):
        return ox.NamedNode(BASE + value)
    if isinstance(value, date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    if isinstance(value, str) and value.startswith("http"):
        return ox.NamedNode(value)
    assert isinstance(value, str | int | float)
    return ox.Literal(value)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    dataset = Dataset.create(tmp_path_factory.mktemp("often") / "dataset", BASE)
    triples = {
        ox.Triple(ox.NamedNode(f"{BASE}id/{key}"), ox.NamedNode(str(p)), _term(value)) for key, p, value in _triples()
    }
    with dataset.writer() as writer:
        writer.commit(Change(replace={f"{BASE}graph/events": frozenset(triples)}))
    dataset.publish()
    with application(dataset) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def shown(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.json


def of(key: str, least: float = 0) -> list[Event]:
    """Return the events of somebody in order."""
    some = [event for event in EVENTS if key in (*event.actors, event.place) and event.confidence >= least]
    return sorted(some, key=lambda event: (event.day is None, event.day or date.max, event.key))


def said(least: float = 0) -> dict[str, set[str]]:
    """Return the claims without those that repeat others, in order, each with what it is about."""
    some = [claim for claim in CLAIMS if claim.confidence >= least]
    some.sort(key=lambda c: (str(PUBLISHED[c.article] or "9999"), c.article, c.start, c.key))
    found: dict[str, tuple[str, set[str]]] = {}
    for claim in some:
        found.setdefault(claim.repeats or claim.key, (claim.key, set()))[1].update(claim.about)
    return dict(found.values())


@pytest.mark.parametrize("least", [0, 0.7])
def test_events_are_counted_and_the_first_are_shown(client: FlaskClient, least: float) -> None:
    page = shown(client, f"/{ANA}.json" + (f"?confidence={least}" if least else ""))
    assert page["event_count"] == len(of(ANA, least))
    assert [event["key"] for event in page["events"]] == [event.key for event in of(ANA, least)][:100]
    met = [e for e in of(ANA, least) if e.status == "occurred" and e.type != "Statement"]
    counts = Counter(actor for event in met for actor in event.actors if actor not in (ANA, "place/zubrowka"))
    assert {other["key"]: other["count"] for other in page["together"]} == counts


def test_drawings_are_of_all_events(client: FlaskClient) -> None:
    page = fetch(client, f"/{ANA}")
    dated = sum(event.day is not None for event in of(ANA))
    assert f"{dated} dated events between" in page.one("svg", id="band").attributes["aria-label"]
    # A country that takes part is not where it was: Lutz is the only place on the map.
    at_lutz = sum(event.status == "occurred" and event.place == "place/lutz" for event in of(ANA))
    places = page.all("ul", class_="tally")[0].text
    assert places.startswith("Lutz")
    assert f"{at_lutz} events" in places
    titles = {title.text for title in page.all("title")}
    for one, other in combinations((IVO, NGOZI, TOM), 2):
        shared = sum({one, other} <= set(event.actors) for event in of(ANA))
        assert f"{NAMES[one]}, {NAMES[other]}: {shared}" in titles


@pytest.mark.parametrize("least", [0, 0.7])
def test_claims_stand_in_order_of_article_and_text_on_their_pages(client: FlaskClient, least: float) -> None:
    query, wanted = f"confidence={least}&" if least else "", said(least)
    pages = [shown(client, f"/{ANA}.json?{query}claims={number}") for number in range(1, -(-len(wanted) // 100) + 1)]
    assert len(pages) > 1
    assert {(page["claim_count"], page["claims_found"], page["claims_pages"]) for page in pages} == {
        (len(wanted), len(wanted), len(pages))
    }
    claims = [claim for page in pages for claim in page["claims"]]
    assert {claim["key"]: {event["key"] for event in claim["about"]} for claim in claims} == wanted
    assert [claim["key"] for claim in claims] == list(wanted)
    by_key = {claim.key: claim for claim in CLAIMS}
    for claim in claims:
        known = by_key[claim["key"]]
        assert (claim["text"], claim["article"]["key"]) == (known.text, known.article)
        assert [(words["exact"], words["start"]) for words in claim["evidence"]] == [(known.exact, known.start)]
    assert client.get(f"/{ANA}.json?{query}claims={len(pages) + 1}").status_code == 404


@pytest.mark.parametrize("asked", ["Harding", "BRIDGE grain", "17", "bridge nobody"])
def test_words_are_found_in_all_claims(client: FlaskClient, asked: str) -> None:
    page = shown(client, f"/{ANA}.json?said={asked.replace(' ', '+')}")
    by_key, words = {claim.key: claim for claim in CLAIMS}, asked.casefold().split()
    wanted = [k for k in said() if all(w in f"{by_key[k].text} {by_key[k].exact}".casefold() for w in words)]
    assert page["claims_found"] == len(wanted)
    assert [claim["key"] for claim in page["claims"]] == wanted[:100]
    assert page["claim_count"] == len(said())


def test_articles_are_the_latest(client: FlaskClient) -> None:
    latest = sorted(PUBLISHED, key=lambda key: (str(PUBLISHED[key] or ""), key), reverse=True)
    assert [article["key"] for article in shown(client, f"/{ANA}.json")["articles"]] == latest
    assert [one["key"] for one in shown(client, "/organization/gazette.json")["published_by"]] == latest


def test_a_comparison_counts_all_and_shows_what_is_about_both(client: FlaskClient) -> None:
    compared = shown(client, f"/compare.json?a={ANA}&b={TOM}")
    keys = {event.key for event in of(ANA)} & {event.key for event in of(TOM)}
    assert compared["both"]["events"] == len(keys)
    assert [event["key"] for event in compared["events"]] == [event.key for event in of(TOM) if event.key in keys]
    for side, key in (("a", ANA), ("b", TOM)):
        days = [event.day.isoformat() for event in of(key) if event.day]
        assert (compared[side]["events"], compared[side]["first"], compared[side]["last"]) == (
            len(of(key)),
            min(days),
            max(days),
        )
    wanted = [key for key, about in said().items() if about & keys]
    assert [claim["key"] for claim in compared["common_claims"][0]] == wanted[:100]
    assert compared["common_claims"][1] == compared["same_event"] == []
    naming = [key for key in said() if next(c for c in CLAIMS if c.key == key).text.startswith("no word of Harding")]
    assert [claim["key"] for claim in compared["of_each_other"][0]] == naming[:100]


def test_strokes_that_cannot_be_told_apart_are_one(client: FlaskClient) -> None:
    page = fetch(client, f"/compare?a={ANA}&b={TOM}")
    alone = [event for event in of(ANA) if TOM not in event.actors]
    dated = {event.day for event in alone if event.day}
    [row] = [svg for svg in page.all("svg", role="img") if svg.attributes["aria-label"].startswith("Ana Petrova: ")]
    assert f": {sum(event.day is not None for event in alone)} events on" in row.attributes["aria-label"]
    strokes = [line for line in page.all("line", class_="tick") if row in line.lineage]
    assert len({stroke.attributes["x1"] for stroke in strokes}) == len(strokes) <= len(dated)
