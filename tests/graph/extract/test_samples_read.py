"""Sample articles are read right: who met whom, where and when; the main event, or else another of the article."""

import pytest

from graph.extract.model import EventType, Report
from graph.extract.pipeline import extract
from graph.files import data_path
from graph.sources import read

#: Article, type of an event, some of its people, some of its places, and its time.
MAIN = [
    ("1972-moscow-summit", "Agreement", "richard-nixon leonid-brezhnev", "moscow", "1972-05-26"),
    ("1972-nixon-in-beijing", "Summit", "richard-nixon mao-zedong", "", "1972-02-21"),
    ("1975-helsinki-final-act", "Agreement", "", "helsinki", "1975-08-01"),
    ("1978-camp-david-accords", "Agreement", "menachem-begin anwar-sadat jimmy-carter", "washington-dc", "1979-03-26"),
    (
        "1978-camp-david-accords",
        "Summit",
        "jimmy-carter anwar-sadat menachem-begin",
        "camp-david",
        "1978-09-05/1978-09-17",
    ),
    ("1985-geneva-summit", "Summit", "ronald-reagan mikhail-gorbachev", "geneva", "1985-11-19"),
    ("2000-camp-david-summit", "Summit", "bill-clinton ehud-barak yasser-arafat", "camp-david", "2000-07-11"),
    ("1987-inf-treaty", "Agreement", "ronald-reagan mikhail-gorbachev", "washington-dc", "1987-12-08"),
    ("2019-hanoi-summit", "Summit", "donald-trump kim-jong-un", "panmunjom", "2019-06-30"),
    ("2023-camp-david-trilateral", "Summit", "joe-biden fumio-kishida yoon-suk-yeol", "camp-david", "2023-08-18"),
    ("1985-geneva-summit", "Visit", "ronald-reagan", "brussels", "1985-11-21"),
    ("1986-reykjavik-summit", "Summit", "ronald-reagan mikhail-gorbachev", "hofdi-house", "1986-10-11/1986-10-12"),
    ("1987-inf-treaty", "Visit", "mikhail-gorbachev", "washington-dc", "1987-12-07"),
    ("1991-start-treaty", "Visit", "george-h-w-bush", "kiev", "1991-08-01"),
    ("1993-oslo-accord", "Meeting", "", "oslo", "1993-01"),
    ("1998-good-friday-agreement", "Agreement", "tony-blair bertie-ahern", "", "1998-04-10"),
    (
        "2000-camp-david-summit",
        "Summit",
        "bill-clinton ehud-barak yasser-arafat",
        "sharm-el-sheikh",
        "2000-10-16/2000-10-17",
    ),
    ("2018-singapore-summit", "Summit", "donald-trump kim-jong-un", "singapore", "2018-06-12"),
    ("2021-geneva-summit", "Summit", "joe-biden vladimir-putin", "geneva", "2021-06-16"),
    ("2023-camp-david-trilateral", "Summit", "bill-clinton ehud-barak yasser-arafat", "", "2000-07"),
    ("2025-alaska-summit", "Summit", "donald-trump vladimir-putin", "anchorage", "2025-08-15"),
    ("2025-alaska-summit", "Summit", "volodymyr-zelenskyy donald-trump", "", "2025-08-18"),
]


def reports(name: str) -> tuple[Report, ...]:
    return extract(read(str(data_path("articles") / f"{name}.md")).article).reports


@pytest.mark.parametrize(("name", "kind", "people", "places", "time"), MAIN, ids=[f"{m[0]}-{m[4]}" for m in MAIN])
def test_an_event_is_read_right(name: str, kind: str, people: str, places: str, time: str) -> None:
    wanted = {f"person/{key}" for key in people.split()}
    assert any(
        r.type == EventType(kind)
        and r.time == time
        and {k for k in r.participants if k.startswith("person/")} == wanted
        and {f"place/{key}" for key in places.split()} <= set(r.places)
        for r in reports(name)
    )


@pytest.mark.parametrize("name", sorted({m[0] for m in MAIN}))
def test_nothing_that_was_told_is_dated_after_it(name: str) -> None:
    assert not [r.label for r in reports(name) if r.time and r.time.startswith("2026")]
