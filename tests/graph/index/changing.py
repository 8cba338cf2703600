"""A made-up store that changes step by step, with all that the index is made of."""

from datetime import date, timedelta
from random import Random

import pyoxigraph as ox

from graph.vocabulary import OA, PLY, PROV, RDF, RDFS, SCHEMA, SEM

__all__ = ["BASE", "WORDS", "Changing"]

BASE = "https://zubrowka.example/"
WORDS = ("talks", "border", "grain", "river", "treaty", "Straße", "türm", "harbour", "gate", "bridge", "bridges", "bri")
_NAMES = ("Ana Petrová", "Tom Harding", "Ngozi Okoro", "Zoë", "ana petrová", "Lutz", "Nebelsbad")
_PEOPLE, _PLACES, _ARTICLES = 9, 5, 30
_Said = list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]


class Changing:
    """A store with events, people, places, articles and claims; each step changes some of them.

    :param seed: makes the steps.
    :param events: how many there are at first.
    """

    def __init__(self, seed: int, events: int) -> None:
        self._chance = Random(seed)
        self._said: dict[str, list[ox.Quad]] = {}
        self._touched: set[str] = set()
        for n in range(_PEOPLE):
            self._name("person", n)
        for n in range(_PLACES):
            self._name("place", n)
        for n in range(_ARTICLES):
            self._article(n)
        self._next = 0
        for _ in range(events):
            self._come()

    @property
    def store(self) -> ox.Store:
        """What is said now."""
        store = ox.Store()
        store.extend(quad for some in self._said.values() for quad in some)
        return store

    def step(self, most: int = 4) -> set[str]:
        """Change something; return the IRIs of all that may differ."""
        self._touched = set()
        for _ in range(self._chance.randrange(1, most + 1)):
            kinds = ("event", "come", "come", "go", "person", "place", "article", "claim", "nobody")
            match self._chance.choice(kinds):
                case "event":
                    self._event(self._some())
                case "come":
                    self._come()
                case "go":
                    self._go(self._some())
                case "person" | "place" as kind:
                    self._name(kind, self._chance.randrange(_PEOPLE if kind == "person" else _PLACES))
                case "article":
                    self._article(self._chance.randrange(_ARTICLES))
                case "claim":
                    self._claim(self._some())
                case _:
                    self._touched.add(f"{BASE}id/person/{self._chance.randrange(_PEOPLE)}")
        return self._touched

    def grow(self, events: int) -> set[str]:
        """Let so many events come, and nothing else change; return the IRIs of all that may differ."""
        self._touched = set()
        for _ in range(events):
            self._come()
        return self._touched

    def _some(self) -> int:
        return self._chance.randrange(self._next)

    def _say(self, key: str, *said: tuple[ox.NamedNode, ox.NamedNode | ox.Literal]) -> None:
        """Let this be all that is said of a thing."""
        before = self._said.get(key, [])
        self._said[key] = [ox.Quad(_thing(key), predicate, value) for predicate, value in said]
        for quad in set(before) ^ set(self._said[key]):
            ends = (quad.subject, quad.object)
            self._touched.update(
                end.value for end in ends if isinstance(end, ox.NamedNode) and end.value.startswith(BASE)
            )

    def _name(self, kind: str, n: int) -> None:
        known = {"person": SCHEMA.Person, "place": SCHEMA.Place}[kind]
        named = [(_node(RDFS.label), ox.Literal(self._chance.choice(_NAMES)))] if self._chance.random() < 0.8 else []
        self._say(f"{kind}/{n}", (_node(RDF.type), _node(known)), *named)

    def _article(self, n: int) -> None:
        said: _Said = [(_node(RDF.type), _node(SCHEMA.NewsArticle)), (_node(SCHEMA.headline), self._words(2))]
        if self._chance.random() < 0.8:
            day = date(2019, 1, 1) + timedelta(days=self._chance.randrange(20))
            said.append((_node(SCHEMA.datePublished), ox.Literal(day.isoformat())))
        said.append((_node(SCHEMA.publisher), _thing(f"organization/{self._chance.randrange(3)}")))
        self._say(f"article/{n}", *said)

    def _come(self) -> None:
        self._event(self._next)
        if self._chance.random() < 0.6:
            self._claim(self._next)
        self._next += 1

    def _event(self, n: int) -> None:
        chance, article = self._chance, n % _ARTICLES
        said: _Said = [(_node(RDF.type), _node(SEM.Event)), (_node(RDF.type), _ply(chance.choice(("Summit", "Visit"))))]
        said += [(_node(RDFS.label), self._words(3)), (_ply("confidence"), ox.Literal(round(chance.random(), 2)))]
        if chance.random() < 0.8:
            day = (date(2018, 1, 1) + timedelta(days=chance.randrange(300))).isoformat()
            said += [(_ply("time"), ox.Literal(day)), (_node(SEM.hasEarliestBeginTimeStamp), ox.Literal(day))]
            said += [(_node(SEM.hasLatestEndTimeStamp), ox.Literal(day))] if chance.random() < 0.8 else []
        for person in chance.sample(range(_PEOPLE), chance.randrange(4)):
            said.append((_node(SEM.hasActor), _thing(f"person/{person}")))
        if chance.random() < 0.3:
            said.append((_node(SEM.hasActor), _thing(f"place/{chance.randrange(_PLACES)}")))
        if chance.random() < 0.6:
            said.append((_node(SEM.hasPlace), _thing(f"place/{chance.randrange(_PLACES)}")))
        report = f"article/{article}/report/{n}"
        self._say(f"event/{n}", *said, (_ply("report"), _thing(report)))
        evidence, quote = f"{report}/evidence", f"{report}/quote"
        told = ((_ply("reportsOn"), _thing(f"event/{n}")), (_node(PROV.wasDerivedFrom), _thing(f"article/{article}")))
        self._say(report, *told, (_ply("evidence"), _thing(evidence)))
        self._say(evidence, (_node(OA.hasSelector), _thing(quote)))
        self._say(quote, (_node(OA.exact), self._words(5)))

    def _claim(self, n: int) -> None:
        chance = self._chance
        said: _Said = [(_node(RDF.type), _node(SCHEMA.Claim)), (_node(SCHEMA.about), _thing(f"event/{n}"))]
        said += [(_node(SCHEMA.text), self._words(4)), (_node(PROV.wasQuotedFrom), _thing(f"article/{n % _ARTICLES}"))]
        for person in chance.sample(range(_PEOPLE), chance.randrange(3)):
            said.append((_node(SCHEMA.author), _thing(f"person/{person}")))
        if chance.random() < 0.4:  # of one that there is, that was, or that may come
            said.append((_ply("repeats"), _claim(chance.randrange(self._next + 9))))
        self._say(f"article/{n % _ARTICLES}/claim/{n}", *said)

    def _go(self, n: int) -> None:
        for key in list(self._said):
            if key == f"event/{n}" or (key.startswith("article/") and f"/{n}" in key.partition("/")[2] and _of(key, n)):
                self._say(key)

    def _words(self, count: int) -> ox.Literal:
        return ox.Literal(" ".join(self._chance.choices(WORDS, k=count)))


def _of(key: str, n: int) -> bool:
    parts = key.split("/")
    return len(parts) > 2 and parts[3] == str(n)


def _claim(n: int) -> ox.NamedNode:
    return _thing(f"article/{n % _ARTICLES}/claim/{n}")


def _thing(key: str) -> ox.NamedNode:
    return _node(f"{BASE}id/{key}")


def _ply(name: str) -> ox.NamedNode:
    return _node(f"{PLY}{name}")


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))
