"""Pages of what is told of without end: each list is shown in part, all of it is reached, and no page grows with it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from graph.store import Change, Dataset
from graph.vocabulary import OA, ORG, PLY, PROV, RDF, RDFS, SCHEMA, SEM, XSD
from tests.web.pages import fetch, json_of
from tests.web.serving import application

BASE = "https://zubrowka.example/"
ANA, SUMMIT, LONG = "person/ana-petrova", "event/the-summit", f"article/{0:012x}"
#: Articles of the smaller dataset and of the larger one.
SOME, MORE = 130, 260
#: Roles and offices that she has.
ROLES, OFFICES = 50, 40
_DAY = date(1990, 1, 1)


def _node(key: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{key}")


class _Told:
    """Collects what is told of invented people."""

    def __init__(self) -> None:
        self.triples: set[ox.Triple] = set()

    def put(self, key: str, prop: str, *values: str | int | date | ox.NamedNode) -> None:
        for value in values:
            self.triples.add(ox.Triple(_node(key), ox.NamedNode(str(prop)), _term(value)))

    def thing(self, key: str, kind: str, name: str) -> None:
        self.put(key, RDF.type, ox.NamedNode(str(kind)))
        self.put(key, SCHEMA.name, name)
        self.put(key, RDFS.label, name)

    def words(self, key: str, article: str, start: int, exact: str) -> None:
        place = f"{start}-{start + len(exact)}"
        self.put(key, PLY.evidence, _node(f"{article}/evidence/{place}"))
        self.put(f"{article}/evidence/{place}", OA.hasSelector, *(_node(f"{article}/{p}/{place}") for p in _SELECTORS))
        self.put(f"{article}/position/{place}", OA.start, start)
        self.put(f"{article}/position/{place}", OA.end, start + len(exact))
        self.put(f"{article}/quote/{place}", OA.exact, exact)

    def report(self, article: str, number: int, event: str, day: date) -> None:
        report = f"{article}/report/{number}"
        self.put(report, RDF.type, ox.NamedNode(str(PLY.Report)))
        self.put(report, RDFS.label, "met")
        self.put(report, PLY.reportedActor, _node(ANA))
        self.put(report, PROV.wasDerivedFrom, _node(article))
        self.put(report, PLY.reportsOn, _node(event))
        self.words(report, article, 1000 * number, "met")
        self.put(event, PLY.report, _node(report))
        self.put(event, RDF.type, ox.NamedNode(str(SEM.Event)), ox.NamedNode(str(PLY.Summit)))
        self.put(event, RDFS.label, f"Summit {event[-6:]}")
        self.put(event, SEM.hasActor, _node(ANA))
        self.put(event, SEM.hasEarliestBeginTimeStamp, day)
        self.put(event, SEM.hasLatestEndTimeStamp, day)

    def claim(self, article: str, number: int, event: str, said: str) -> None:
        claim = f"{article}/claim/{number}"
        self.put(claim, RDF.type, ox.NamedNode(str(SCHEMA.Claim)))
        self.put(claim, SCHEMA.author, _node(ANA))
        self.put(claim, SCHEMA.text, said)
        self.put(claim, PROV.wasQuotedFrom, _node(article))
        self.put(claim, SCHEMA.about, _node(event))
        self.words(claim, article, 1000 * number + 500, said)


_SELECTORS = ("position", "quote")


def _term(value: str | int | date | ox.NamedNode) -> ox.NamedNode | ox.Literal:
    if isinstance(value, ox.NamedNode):
        return value
    if isinstance(value, date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(str(XSD.date)))
    return ox.Literal(value)


def _dataset(folder: Path, articles: int) -> Dataset:
    """Make a dataset in which one person, one event and one article have as much as there are articles."""
    told = _Told()
    told.thing(ANA, SCHEMA.Person, "Ana Petrova")
    for n in range(articles):
        article, event, day = f"article/{n:012x}", f"event/e{n:05}", _DAY + timedelta(days=n)
        told.put(article, RDF.type, ox.NamedNode(str(SCHEMA.NewsArticle)))
        told.put(article, SCHEMA.headline, f"Talks {n}")
        told.put(article, SCHEMA.datePublished, day)
        told.put(article, SCHEMA.mentions, _node(ANA))
        told.report(article, 1, event, day)
        told.report(article, 2, SUMMIT, _DAY)
        told.claim(article, 1, event, f"it is number {n}")
        told.claim(article, 2, SUMMIT, f"of the summit, {n}")
        role, place = f"{article}/role/1", f"{event}/participation/ana-petrova"
        told.put(role, RDF.type, ox.NamedNode(str(ORG.Membership)))
        told.put(role, ORG.member, _node(ANA))
        # Most statements are of one role.
        told.put(role, ORG.role, _node(f"role/r{max(0, n - articles + ROLES):02}"))
        told.put(role, PROV.wasDerivedFrom, _node(article))
        told.words(role, article, 10, "President")
        told.put(event, PLY.participation, _node(place))
        told.put(place, PLY.participant, _node(ANA))
        told.put(place, PLY.officeHeld, f"office {n % OFFICES}")
    for n in range(3, articles):
        told.report(LONG, n, f"event/e{n:05}", _DAY + timedelta(days=n))
        told.claim(LONG, n, f"event/e{n:05}", f"once more, {n}")
    dataset = Dataset.create(folder / f"{articles}", BASE)
    with dataset.writer() as writer:
        writer.commit(Change(replace={f"{BASE}graph/all": frozenset(told.triples)}))
    dataset.publish()
    return dataset


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, FlaskClient]]:
    """Clients of the smaller dataset and of the larger one."""
    folder = tmp_path_factory.mktemp("long")
    with application(_dataset(folder, SOME)) as some, application(_dataset(folder, MORE)) as more:
        yield some.test_client(), more.test_client()


@pytest.fixture(scope="module")
def client(clients: tuple[FlaskClient, FlaskClient]) -> FlaskClient:
    return clients[1]


def _claims(values: dict[str, Any]) -> list[str]:
    return [claim["key"] for group in values["speakers"] for claim in group["claims"]]


def _reports(values: dict[str, Any]) -> list[str]:
    return [report["key"] for report in values["reports"]]


@pytest.mark.parametrize(
    ("key", "name", "read", "expected"),
    [
        (SUMMIT, "reports", _reports, {f"article/{n:012x}/report/2" for n in range(MORE)}),
        (SUMMIT, "claims", _claims, {f"article/{n:012x}/claim/2" for n in range(MORE)}),
        (LONG, "reports", _reports, {f"{LONG}/report/{n}" for n in range(1, MORE)}),
        (LONG, "claims", _claims, {f"{LONG}/claim/{n}" for n in range(1, MORE)}),
    ],
)
def test_a_long_list_comes_in_pages_that_have_each_thing_once(
    client: FlaskClient, key: str, name: str, read: Any, expected: set[str]
) -> None:
    first = json_of(client, f"/{key}.json")
    assert first[f"{name}_total"] == len(expected)
    pages = [read(json_of(client, f"/{key}.json?{name}={n}")) for n in range(1, first[f"{name}_pages"] + 1)]
    assert read(first) == pages[0]
    assert all(len(page) <= 100 for page in pages)
    everything = [one for page in pages for one in page]
    assert len(everything) == len(expected)
    assert set(everything) == expected
    assert client.get(f"/{key}?{name}={len(pages) + 1}").status_code == 404
    assert client.get(f"/{key}?{name}=x").status_code == 400


def test_pages_lead_from_one_part_of_a_list_to_the_next_and_keep_the_others(client: FlaskClient) -> None:
    page = fetch(client, f"/{SUMMIT}?claims=2")
    following = {e.attributes["href"] for e in page.all("a", rel="next")}
    assert following == {
        f"/{SUMMIT}?reports=2&claims=2#reports",
        f"/{SUMMIT}?claims=3#claims",
    }
    assert f"As told by {MORE} sources" in page.text


def test_reports_stand_by_the_days_of_their_articles_and_in_the_order_of_a_text(client: FlaskClient) -> None:
    assert _reports(json_of(client, f"/{SUMMIT}.json"))[:3] == [f"article/{n:012x}/report/2" for n in range(3)]
    assert _reports(json_of(client, f"/{LONG}.json"))[8:11] == [f"{LONG}/report/{n}" for n in (9, 10, 11)]


def test_roles_and_offices_are_the_foremost_and_the_rest_is_reached(client: FlaskClient) -> None:
    values = json_of(client, f"/{ANA}.json")
    assert (len(values["roles"]), values["role_count"]) == (30, ROLES)
    assert values["roles"][0]["count"] == MORE - ROLES + 1
    stated = [place["article"]["published"] for place in values["roles"][0]["stated"]]
    latest = _DAY + timedelta(days=MORE - ROLES)
    assert stated == [(latest - timedelta(days=days)).isoformat() for days in reversed(range(20))]
    assert (len(values["offices"]), values["office_count"]) == (30, OFFICES)
    page = fetch(client, f"/{ANA}")
    assert f"These are the 30 stated most often, of {ROLES}." in page.text
    assert f"These are the 30 with most events, of {OFFICES}." in page.text
    assert f"/{ANA}?page=1" in page.links
    linked: set[str] = set()
    for number in range(1, json_of(client, f"/{ANA}.json?page=1")["linked"]["pages"] + 1):
        linked |= {one["key"] for one in json_of(client, f"/{ANA}.json?page={number}")["linked"]["items"]}
    assert {f"article/{n:012x}/role/1" for n in range(MORE)} <= linked


def test_the_latest_articles_name_somebody(client: FlaskClient) -> None:
    articles = json_of(client, f"/{ANA}.json")["articles"]
    assert [one["key"] for one in articles] == [f"article/{n:012x}" for n in range(MORE - 1, MORE - 101, -1)]


def test_articles_are_listed_with_what_they_tell(client: FlaskClient) -> None:
    first = json_of(client, "/articles.json")
    assert first["total"] == MORE
    assert [item["key"] for item in first["items"]] == [f"article/{n:012x}" for n in range(MORE - 1, MORE - 101, -1)]
    assert {(item["reports"], item["claims"]) for item in first["items"]} == {(2, 2)}
    (last,) = (item for item in json_of(client, "/articles.json?page=3")["items"] if item["key"] == LONG)
    assert (last["reports"], last["claims"]) == (MORE - 1, MORE - 1)
    assert json_of(client, "/articles.json?q=talks+200")["total"] == 1


@pytest.mark.parametrize("path", [f"/{ANA}", f"/{SUMMIT}", f"/{LONG}", "/articles", "/people", "/feed", f"/{ANA}.ttl"])
def test_no_page_grows_with_what_there_is(clients: tuple[FlaskClient, FlaskClient], path: str) -> None:
    some, more = (len(client.get(path, headers={"Accept": "text/html, */*;q=0.1"}).data) for client in clients)
    assert some > 1000 or path == "/people"
    assert more < 1.1 * some
