"""The records as values and as RDF."""

from collections import Counter
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.edtf import bounds
from graph.errors import InputError
from graph.facts.records import COLUMNS, Record, load_records, record_triples
from graph.iris import Iris
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
