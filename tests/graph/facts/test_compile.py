"""From the XML of the source to the CSV."""

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.facts.compile import compile_records, main
from graph.facts.records import COLUMNS, load_records
from graph.files import data_path

TRIP = """<trips><trip role="{role}" who="{who}"><id>{id}</id><role>{role}</role><name>{name}</name>
<start-date>{start}</start-date><end-date>{end}</end-date><country id="{country}">{label}</country>
<locale>{locale}</locale><remarks>{remarks}</remarks></trip></trips>"""
VISIT = """<visits><visit><id>{id}</id><start-date>{start}</start-date><end-date>{end}</end-date>
<visitor>{visitor}</visitor><from id="peru">Peru</from><description>{remarks}</description></visit></visits>"""
DEFAULTS = {
    "role": "president", "who": "petrova-ana", "id": "1", "name": "Ana B. Petrova", "start": "1990-05-01",
    "end": "1990-05-03",
    "country": "peru", "label": "Peru", "locale": "Lima", "remarks": "", "visitor": "President Okoro",
}  # fmt: skip


def source(folder: Path, *, visit: dict[str, str] | None = None, **trip: str) -> Path:
    for part, text in {
        "travels/president-travels": TRIP.format(**DEFAULTS | trip),
        "travels/secretary-travels": TRIP.format(**DEFAULTS | {"role": "secretary", "id": "2"}),
        "visits": VISIT.format(**DEFAULTS | {"id": "3"} | (visit or {})),
    }.items():
        (folder / part).mkdir(parents=True)
        (folder / part / "a.xml").write_text(text, encoding="utf-8")
    return folder


def row(folder: Path, name: str = "president-travel") -> dict[str, str]:
    rows, troubles = compile_records(folder)
    assert not troubles
    return next(dict(zip(COLUMNS, r, strict=True)) for r in rows if r[0] == name)


def test_a_journey(tmp_path: Path) -> None:
    found = row(source(tmp_path, locale="Lima, Cusco", remarks="Met with King Tomas Ivo Varga. Saw a school."))
    assert found == {
        "source": "president-travel", "number": "1", "file": "a.xml", "start": "1990-05-01",
        "end": "1990-05-03", "country": "Peru",
        "places": "lima|Lima|city;cusco|Cusco|city", "travellers": "ana-petrova|President|Ana Petrova|Ana B. Petrova",
        "met": "tomas-ivo-varga|King|Tomas Ivo Varga",
    }  # fmt: skip


def test_customary_names(tmp_path: Path) -> None:
    found = row(source(tmp_path, who="clinton-william-j", name="William J. Clinton"))
    assert found["travellers"] == "bill-clinton|President|Bill Clinton|William J. Clinton"


@pytest.mark.parametrize(
    ("country", "label", "locale", "name", "places"),
    [
        ("russia", "U.S.S.R.", "Moscow", "Soviet Union", "moscow|Moscow|city"),
        ("germany", "Germany, Federal Republic of", "Bonn", "West Germany", "bonn|Bonn|city"),
        ("korea-south", "Korea, Republic of", "Seoul", "South Korea", "seoul|Seoul|city"),
        ("canada", "Canada", "Kingston", "Canada", "kingston-canada|Kingston|city"),
        ("guatemala", "Guatemala", "Antigua", "Guatemala", "antigua-guatemala|Antigua Guatemala|city"),
        (
            "united-kingdom",
            "United Kingdom",
            "Antigua",
            "United Kingdom",
            "antigua-and-barbuda|Antigua and Barbuda|country",
        ),
        ("united-kingdom", "United Kingdom", "Kingston (Jamaica)", "United Kingdom", "kingston|Kingston|city"),
        ("holy-see", "Vatican City", "", "Vatican City", ""),
    ],
)
def test_places(tmp_path: Path, country: str, label: str, locale: str, name: str, places: str) -> None:
    found = row(source(tmp_path, country=country, label=label, locale=locale))
    assert (found["country"], found["places"]) == (name, places)


@pytest.mark.parametrize(
    ("remarks", "places"),
    [
        ("State visit.", "Washington, D.C."),
        ("Attended a conference in Denver, Colorado.", "Denver"),
        ("Official visit. Private visit to Chicago afterwards.", "Washington, D.C."),
        ("Official visit. In U.S. May 1–9, visiting Boston, St. Louis, and Chicago.", "Washington, D.C."),
        ("Met with President Harding at Camp David.", "Camp David"),
        ("Attended the funeral of President Harding.", ""),
        ("Met with President Harding while attending U.N. General Assembly.", "New York City"),
    ],
)
def test_where_a_visitor_was_received(tmp_path: Path, remarks: str, places: str) -> None:
    found = row(source(tmp_path, visit={"remarks": remarks}), "visit")
    assert found["country"] == "United States"
    assert [cell.split("|")[1] for cell in found["places"].split(";") if cell] == ([places] if places else [])


def test_two_visitors(tmp_path: Path) -> None:
    found = row(source(tmp_path, visit={"visitor": "President Ngozi Okoro and Prime Minister Ivo Varga"}), "visit")
    assert found["travellers"] == (
        "ngozi-okoro|President of Peru|Ngozi Okoro;ivo-varga|Prime Minister of Peru|Ivo Varga"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"end": "1990-04-30"}, "before it starts"),
        ({"start": "1990-02-30"}, "day is out of range"),
        ({"start": "May 1990"}, "no date"),
        ({"country": "zubrowka", "label": "Zubrowka"}, "countries.csv"),
        ({"role": "clown"}, "unknown role"),
        ({"id": "one"}, "invalid literal"),
    ],
)
def test_a_broken_row_is_left_out_and_named(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    rows, troubles = compile_records(source(tmp_path, visit=None, **change))
    assert len(rows) == 2
    assert len(troubles) == 1
    assert reason in troubles[0]


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    assert main([str(source(tmp_path / "in")), str(out)]) == 0
    assert "3 records" in capsys.readouterr().err
    assert [r.key for r in load_records(out)] == [
        "record/president-travel/1",
        "record/secretary-travel/2",
        "record/visit/3",
    ]


def test_trouble(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path), str(tmp_path / "out.csv")]) == 1
    assert "no records there" in capsys.readouterr().err
    assert main([str(source(tmp_path / "in")), str(tmp_path / "none" / "out.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    (tmp_path / "in" / "visits" / "a.xml").write_text("<visits><visit>")
    with pytest.raises(InputError, match="not well-formed"):
        compile_records(tmp_path / "in")


@pytest.mark.workplace
def test_the_file_is_what_the_source_gives(tmp_path: Path) -> None:
    folder = Path(__file__).parents[4] / "shared" / "facts"
    if not folder.is_dir():
        pytest.skip("the source is not at ../shared/facts")
    assert main([str(folder), str(tmp_path / "out.csv")]) == 0
    assert (tmp_path / "out.csv").read_bytes() == data_path("facts", "travel.csv").read_bytes()
