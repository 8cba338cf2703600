"""Maps, networks and terms of office: what is drawn where."""

import numpy as np

from web.drawing.band import stack
from web.drawing.columns import KINDS, columns_of
from web.drawing.drawings import lanes_of
from web.drawing.map import Pin, draw_map
from web.drawing.network import MOST, draw_network

GENEVA = Pin("place/geneva", "Geneva", 46.2, 6.15)
OSLO = Pin("place/oslo", "Oslo", 59.9, 10.75, 4)


def test_places_are_drawn_where_they_are() -> None:
    drawn = draw_map([GENEVA, OSLO], ["Zubrowka"])
    assert drawn is not None
    geneva, oslo = drawn.pins
    assert geneva.x < oslo.x
    assert geneva.y > oslo.y
    assert geneva.radius < oslo.radius
    assert {geneva.label, oslo.label} <= {"start", "end"}
    assert (geneva.position, geneva.geo) == ("46.20° N, 6.15° E", "geo:46.2000,6.1500")
    assert drawn.missing == ["Zubrowka"]


def test_every_place_is_within_the_map() -> None:
    for pins in (
        [Pin("place/a", "A", -41.3, 174.8), Pin("place/b", "B", 21.3, -157.9)],
        [Pin(f"place/{n}", str(n), 80 - 40 * n, -170 + 85 * n) for n in range(5)],
        [Pin("place/n", "N", 90, 0)], [Pin("place/s", "S", -90, 180)],
        [Pin("place/c", "C", 0, -180), Pin("place/d", "D", 0, 180)],
    ):  # fmt: skip
        drawn = draw_map(pins)
        assert drawn is not None
        assert all(0 <= one.x <= 100 and 0 <= one.y <= 100 for one in drawn.pins), pins


def test_the_date_line_parts_nothing() -> None:
    drawn = draw_map([Pin("place/a", "A", 0, 179), Pin("place/b", "B", 0, -179)])
    assert drawn is not None
    assert 0 < drawn.pins[1].x - drawn.pins[0].x < 5


def test_the_background_is_small_and_has_land() -> None:
    world = draw_map([Pin("place/a", "A", 40, -120), Pin("place/b", "B", 40, 0), Pin("place/c", "C", -30, 140)])
    assert world is not None
    assert 500 < len(world.dots.path) < 15_000


def test_no_place_makes_no_map() -> None:
    assert draw_map([], ["Zubrowka"]) is None


def test_names_cover_no_other() -> None:
    drawn = draw_map([Pin(f"place/{n}", "A rather long name", 46.2, 6.15 + n / 100) for n in range(10)])
    assert drawn is not None
    assert sum(bool(one.label) for one in drawn.pins) <= 2


def others(count: int) -> list[dict[str, object]]:
    return [{"key": f"person/{n}", "name": f"N{n}", "url": f"/person/{n}", "count": 20 - n} for n in range(count)]


def test_a_network_has_a_line_to_each_and_between_those_who_share() -> None:
    drawn = draw_network("Ana Petrova", others(15), {("person/0", "person/5"): 2, ("person/1", "person/2"): 0})
    assert drawn is not None
    assert len(drawn.nodes) == MOST
    assert [line.title for line in drawn.lines[MOST:]] == ["N0, N5: 2"]
    names = [node.link["name"] for node in drawn.nodes]
    assert names[:2] == ["N0", "N5"]
    assert drawn == draw_network("Ana Petrova", others(15), {("person/0", "person/5"): 2})


def test_two_others_are_no_network() -> None:
    assert draw_network("Ana Petrova", others(2), {}) is None


def test_terms_of_office_have_one_scale() -> None:
    office = {"name": "President", "days": ["2010-01-01", "2010-01-11"]}
    later = {"name": "Special envoy", "days": ["2010-01-21"]}
    lanes = lanes_of([office, {"name": "Minister", "days": []}, later])
    assert lanes is not None
    assert [(lane.office["name"], lane.days) for lane in lanes] == [
        ("President", [0.5, 50.0]),
        ("Special envoy", [99.5]),
    ]
    assert (lanes[0].first, lanes[0].last) == ("2010-01-01", "2010-01-21")
    assert lanes_of([office]) is None


def test_few_events_are_seen_in_a_lane_beside_many() -> None:
    columns, counts = columns_of(1, 4), np.zeros((3, len(KINDS)), dtype=np.int64)
    counts[0, 0], counts[1, 0], counts[2, :2] = 400, 4, (2, 2)
    many, few, certain, uncertain = stack(columns, counts, 1, 4, 104, 400, root=True)
    assert (many.height, few.height) == (100, 10)
    assert (certain.height, uncertain.height) == (5, 5)
    assert [bar.height for bar in stack(columns, counts, 1, 4, 104, 400)] == [100, 2, 2, 2]
