"""Which things are asked about, how, and which answers are relied on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.curation import Action, Curation
from graph.errors import InputError
from graph.iris import Iris
from graph.reconcile import Outcome, Rule, Schema, State, Thing, decide, open_things, settle
from graph.reconcile.answer import Candidate, Manifest
from graph.reconcile.service import Answer
from graph.vocabulary import OWL, PREFIXES

IRIS = Iris("https://zubrowka.example/")
SPACE = "https://id.zubrowka.example/"
WIKIDATA = Manifest("Wikidata (en)", "http://www.wikidata.org/entity/")
NOW = datetime(2026, 11, 25, tzinfo=UTC)

GRAPH = """
<person/ana-petrova> a schema:Person ; schema:name "Ana Petrova" ; schema:alternateName "Petrova", "Ana M. Petrova" .
<article/a/role/1> org:member <person/ana-petrova> ; org:role <role/president> .
<article/b/role/1> org:member <person/ana-petrova> ; org:role <role/president-of-zubrowka> .
<article/b/role/2> org:member <person/ana-petrova> ; org:role <role/words> .
<role/president> skos:prefLabel "president"@en .
<role/president-of-zubrowka> skos:prefLabel "president of Zubrowka"@en .
<role/words> skos:prefLabel "president who with Prime Minister Tom Harding of Lutzland opened the talks in Varenna"@en .
<article/a/mention/1> ply:entity <person/ana-petrova> ; ply:mentionCount 3 .
<article/b/mention/1> ply:entity <person/ana-petrova> ; ply:mentionCount 4 .

<person/tom-harding> a schema:Person ; schema:name "Tom Harding" .
<record/visit/1> ply:officeHeld "Prime Minister of Lutzland"@en ; ply:reportedActor <person/tom-harding> .
<record/visit/2> ply:officeHeld "President"@en ; ply:reportedActor <person/tom-harding>, <person/ivo-novak> .
<article/a/mention/2> ply:entity <person/tom-harding> ; ply:mentionCount 9 .

<person/ivo-novak> a schema:Person ; schema:name "Ivo Novak" ; owl:sameAs <https://id.zubrowka.example/Z7> .
<person/gone> dct:isReplacedBy <person/ivo-novak> .
<organization/courier> a schema:Organization ; schema:name "Lutz Courier" .
<place/zubrowka> a schema:Place ; schema:name "Zubrowka" ; ply:placeKind ply:country .
<place/lutzland> a schema:Place ; schema:name "Lutzland" ; ply:placeKind ply:country .
<place/varenna> a schema:Place ; schema:name "Varenna" ; ply:placeKind ply:city ;
  owl:sameAs <https://sws.geonames.org/1234567/> .
"""


def store() -> ox.Store:
    made = ox.Store()
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    made.load((prefixes + GRAPH).encode(), format=ox.RdfFormat.TURTLE, base_iri=IRIS.thing(""))
    return made


def curation(action: Action, target: str, *values: str) -> Curation:
    return Curation(
        ox.NamedNode(IRIS.thing("curation/one")),
        Path("one.ttl"),
        action,
        ox.Literal("Ngozi Okoro"),
        NOW,
        "It is so.",
        (ox.NamedNode(IRIS.thing(target)),),
        prop=ox.NamedNode(str(OWL.sameAs)) if values else None,
        values=tuple(ox.NamedNode(value) for value in values),
    )


def things(*pending: Curation) -> dict[str, Thing]:
    return {thing.key: thing for thing in open_things(store(), IRIS, SPACE, pending).things}


def test_what_has_no_iri_of_the_service_is_asked_about_the_most_named_first() -> None:
    assert list(things()) == [
        "person/tom-harding", "person/ana-petrova",
        "organization/courier", "place/lutzland", "place/varenna", "place/zubrowka",
    ]  # fmt: skip


def test_what_tells_a_person_from_others() -> None:
    petrova = things()["person/ana-petrova"]
    assert petrova.roles == ("president", "president of Zubrowka")
    assert petrova.country == "Zubrowka"
    assert petrova.aliases == ("Ana M. Petrova",)
    assert petrova.mentions == 7
    harding = things()["person/tom-harding"]
    assert harding.roles == ("Prime Minister of Lutzland",), "who of two travellers held an office is not said"
    assert harding.country == "Lutzland"


@pytest.mark.parametrize(
    ("decided", "asked"),
    [
        (curation(Action.ADDITION, "person/ana-petrova", f"{SPACE}Z1"), False),
        (curation(Action.ADDITION, "person/ana-petrova", "https://other.example/1"), True),
        (curation(Action.CORRECTION, "person/ana-petrova", "https://other.example/1"), False),
        (curation(Action.REJECTION, "person/ana-petrova"), False),
        (curation(Action.REJECTION, "person/tom-harding"), True),
    ],
    ids=["added", "added elsewhere", "corrected", "rejected", "another"],
)
def test_what_a_curation_decides_is_not_asked(decided: Curation, asked: bool) -> None:
    assert ("person/ana-petrova" in things(decided)) is asked


def test_questions_to_wikidata_have_its_types_and_properties() -> None:
    schema, all_things = Schema.of(WIKIDATA), things()
    assert schema.question(all_things["person/ana-petrova"]) == {
        "query": "Ana Petrova",
        "limit": 5,
        "type": "Q5",
        "properties": [{"pid": "P39", "v": ["president", "president of Zubrowka"]}, {"pid": "P27", "v": "Zubrowka"}],
    }
    assert schema.question(all_things["place/varenna"])["properties"] == [{"pid": "P1566", "v": "1234567"}]
    types = {schema.question(all_things[f"place/{name}"])["type"] for name in ("varenna", "zubrowka")}
    assert len(types) == 2
    assert schema.iri("Q5") == "http://www.wikidata.org/entity/Q5"


def test_of_a_service_that_nobody_knows_only_the_name_is_asked() -> None:
    schema = Schema.of(Manifest("Register", SPACE))
    assert schema.question(things()["person/ana-petrova"]) == {"query": "Ana Petrova", "limit": 5}
    assert schema.iri("Z 1/ä") == f"{SPACE}Z%201/%C3%A4"
    assert schema.iri("https://other.example/Z1") == "https://other.example/Z1"


def test_a_file_says_what_a_service_has(tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text(
        'entity = "https://register.example/{id}.html"\n'
        '[types]\nperson = "Human"\n[properties.person]\nalias = "called"\n'
    )
    schema = Schema.of(Manifest("Register", "urn-like"), str(file))
    assert schema.iri("Z1") == "https://register.example/Z1.html"
    assert schema.prefix == "https://register.example/"
    question = schema.question(things()["person/ana-petrova"])
    assert question["type"] == "Human"
    assert question["properties"] == [{"pid": "called", "v": "Ana M. Petrova"}]
    assert "type" not in schema.question(things()["place/varenna"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entity = ", "no TOML"),
        ('entity = "https://register.example/"', "'entity' is no IRI with {id} in it"),
        ('[types]\nanimal = "A"', "'types' gives ids for other things"),
        ("[types]\nperson = 5", "'types' gives ids for other things"),
        ('[properties.person]\nheight = "H"', "'properties' gives ids for other facts"),
        ('[property.person]\nalias = "A"', "there is no 'property'"),
    ],
)
def test_a_file_that_is_wrong_says_so(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "register.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=words):
        Schema.of(WIKIDATA, str(file))


def test_iris_are_never_guessed() -> None:
    with pytest.raises(InputError, match=r"does not say how its IRIs are made; .*PARLEY_RECONCILIATION_SCHEMA"):
        Schema.of(Manifest("Register", "https://register.example/people"))
    with pytest.raises(InputError, match="cannot be read"):
        Schema.of(WIKIDATA, "no such file.toml")


def outcome(key: str, *candidates: Candidate) -> Outcome:
    thing = Thing(key, "Ana Petrova", "person")
    schema = Schema(SPACE + "{id}")
    best_first = tuple(sorted(candidates, key=lambda c: -c.score))
    return decide(thing, schema.question(thing), Answer(0, best_first, NOW), schema, Rule(score=80, margin=10))


def z(number: int, score: float, match: bool = False) -> Candidate:
    return Candidate(f"Z{number}", "Ana Petrova", score, match)


@pytest.mark.parametrize(
    ("candidates", "state", "reason"),
    [
        ([], State.UNKNOWN, ""),
        ([z(1, 100, True)], State.ACCEPTED, ""),
        ([z(1, 100, True), z(2, 90)], State.ACCEPTED, ""),
        ([z(1, 80, True)], State.ACCEPTED, ""),
        ([z(1, 79, True)], State.DOUBTFUL, "the score is below 80"),
        ([z(1, 100)], State.DOUBTFUL, "the service is not sure"),
        ([z(1, 100, True), z(2, 91)], State.DOUBTFUL, "another is less than 10 behind"),
        ([z(1, 100, True), z(2, 50, True)], State.DOUBTFUL, "the service is sure of several"),
        (
            [z(1, 85, True), z(2, 99)],
            State.DOUBTFUL,
            "another has a higher score than the one that the service is sure of",
        ),
    ],
)
def test_only_what_is_sure_is_accepted(candidates: Sequence[Candidate], state: State, reason: str) -> None:
    found = outcome("person/ana-petrova", *candidates)
    assert (found.state, found.reason) == (state, reason)


def test_two_things_with_one_iri_are_one_or_one_is_wrong() -> None:
    ana, anna = (outcome(f"person/{name}-petrova", z(1, 100, True)) for name in ("ana", "anna"))
    other = outcome("person/ivo-novak", z(2, 100, True))
    first, second, third = settle([ana, anna, other], {})
    assert (first.state, first.reason) == (State.DOUBTFUL, "the same as person/anna-petrova")
    assert (second.state, second.reason) == (State.DOUBTFUL, "the same as person/ana-petrova")
    assert third.state is State.ACCEPTED
    (taken,) = settle([other], {f"{SPACE}Z2": "person/i-novak"})
    assert (taken.state, taken.reason) == (State.DOUBTFUL, "the same as person/i-novak")
