"""The table of places that the gazetteer reads."""

from pathlib import Path

from graph.extract.gazetteer import GEONAMES
from graph.training.gazetteer import train
from graph.training.material import Material


def test_the_table_names_each_city_once_and_the_largest_first(tmp_path: Path) -> None:
    figures = train(Material(tmp_path, tmp_path), tmp_path)
    rows = [line.split("\t") for line in (tmp_path / GEONAMES).read_text("utf-8").splitlines()]
    cities = [row for row in rows if row[0] == "city"]
    assert {len(row) for row in rows} == {7}
    assert {kind: sum(row[0] == kind for row in rows) for kind in ("country", "state", "city")} == {
        "country": figures["countries"], "state": figures["states"], "city": figures["cities"],
    }  # fmt: skip
    assert len({row[1] for row in cities}) == len(cities)
    assert [int(row[6]) for row in cities] == sorted((int(row[6]) for row in cities), reverse=True)
    vienna = next(row for row in cities if row[1] == "Vienna")
    assert (vienna[5], round(float(vienna[2]), 1), round(float(vienna[3]), 1)) == ("AT", 48.2, 16.4)
